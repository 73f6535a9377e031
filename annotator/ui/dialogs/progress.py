"""A bar for what takes longer than a moment."""

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget

from annotator.errors import KnownError
from annotator.session.outcome import counted

_SHOWN_AFTER = 0.4  # seconds
_EVERY = 0.05
_NEVER = 2**31 - 1  # milliseconds: Qt's own guess shows nothing while the first of the files is read, however long


class Progress:
    """Shown while a `with` block runs; cancelling it raises KnownError out of `step`.

    :param each: what one step stands for where `done` and `total` count files, as "record"; both are shown then.
    """

    def __init__(self, parent: QWidget, title: str, each: str = "") -> None:
        self._title, self._each, self._steps = title, each, 0
        self._dialog = QProgressDialog(title, "Cancel", 0, 0, parent)
        self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog.setMinimumDuration(_NEVER)
        self._dialog.setAutoReset(False)
        self._began = self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self._dialog.close()
        self._dialog.deleteLater()

    def _let_through(self) -> QEventLoop.ProcessEventsFlag:
        """Until the dialog is there to block the window, its keys and clicks wait."""
        flags = QEventLoop.ProcessEventsFlag
        return flags.AllEvents if self._dialog.isVisible() else flags.ExcludeUserInputEvents

    def step(self, done: int, total: int) -> None:
        """So much is done.

        :raises KnownError: the person cancelled.
        """
        self._steps += 1
        if self._dialog.wasCanceled():
            raise KnownError("Cancelled.", "Nothing was changed.")
        if time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self._show(done, total)
            if self._last - self._began >= _SHOWN_AFTER:
                self._dialog.show()
            QApplication.processEvents(self._let_through())

    def _show(self, done: int, total: int) -> None:
        if self._each:
            file = f"file {min(done + 1, total):,} of {total:,}, " if total > 1 else ""
            self._dialog.setLabelText(f"{self._title}: {file}{counted(self._steps, self._each)}")
        # of a single file nobody knows how far it is: a bar that moves, without an end
        self._dialog.setMaximum(0 if self._each and total == 1 else total)
        self._dialog.setValue(min(done, total))
