"""A bar for what takes longer than a moment."""

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from annotator.errors import KnownError
from annotator.session.outcome import counted
from annotator.ui.plain import progress_dialog

_SHOWN_AFTER = 0.4  # seconds
_EVERY = 0.05
_LAST = "comparing them with each other"  # when all files are read, their articles' twins are looked for
_NEVER = 2**31 - 1  # milliseconds: Qt's own guess shows nothing while the first of the files is read, however long


class CancelledError(KnownError):
    """The person cancelled: nothing to warn of."""

    def __init__(self) -> None:
        super().__init__("Cancelled.", "Nothing was changed.")


class Progress:
    """Shown while a `with` block runs; cancelling it raises CancelledError out of `step`.

    Escape and the button cancel. Enter and Space do not: pressed for whatever was there a moment ago, they would
    stop the work.

    :param each: what one step stands for where `done` and `total` count files, as "record".
    :param cancel: the word on the button.
    """

    def __init__(self, parent: QWidget | None, title: str, each: str = "", cancel: str = "Cancel") -> None:
        self._title, self._each, self._steps = title, each, 0
        self._dialog = progress_dialog(parent, title, cancel)
        self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog.setMinimumDuration(_NEVER)
        self._dialog.setAutoReset(False)
        for button in self._dialog.findChildren(QPushButton):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._began = self._last = time.monotonic()

    def __enter__(self) -> Self:
        """A busy cursor from the start; the dialog that was answered leaves the screen before the work begins."""
        QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        QApplication.restoreOverrideCursor()
        self._dialog.close()
        self._dialog.deleteLater()

    def step_bytes(self, done: int, total: int) -> None:
        """The same in bytes, of which there may be more than Qt counts."""
        self.step(done >> 10, total >> 10)

    def _let_through(self) -> QEventLoop.ProcessEventsFlag:
        """Until the dialog is there to block the window, its keys and clicks wait."""
        flags = QEventLoop.ProcessEventsFlag
        return flags.AllEvents if self._dialog.isVisible() else flags.ExcludeUserInputEvents

    def step(self, done: int, total: int) -> None:
        """So much is done.

        :raises CancelledError: the person cancelled.
        """
        self._steps += 1
        if self._dialog.wasCanceled():
            raise CancelledError
        if time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self._show(done, total)
            if self._last - self._began >= _SHOWN_AFTER:
                self._dialog.show()
            QApplication.processEvents(self._let_through())

    def _place(self, done: int, total: int) -> str:
        """Which file it is; of a single one, how many steps were made in it."""
        if done >= total:
            return _LAST
        return f"file {done + 1:,} of {total:,}" if total > 1 else counted(self._steps, self._each)

    def _show(self, done: int, total: int) -> None:
        if self._each:
            self._dialog.setLabelText(f"{self._title}: {self._place(done, total)}")
        # of a single file nobody knows how far it is: a bar that moves, without an end
        self._dialog.setMaximum(0 if self._each and total == 1 else total)
        self._dialog.setValue(min(done, total))
