"""What every dialog looks like: a column of rows over its buttons."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from annotator.ui.plain import PlainLabel, ask, plain_label, window_title

_BORDER = 8  # pixels that a window manager may put around, before the window is there to ask it


def typed_path(text: str) -> Path:
    """The file that was typed, ~ standing for the home folder; its `name` is "" where none was typed."""
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError:  # ~somebody whom this machine does not know
        return path


class Frame(QDialog):
    """A dialog with an accepting and a cancelling button.

    :param accept: the words on the accepting button; "" for a dialog that is only closed.
    """

    def __init__(self, parent: QWidget | None, title: str, accept: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title(title))
        self._snug = False
        self.is_changed: Callable[[], bool] = lambda: False  # is there what would be lost on leaving?
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(14)
        layout.addLayout(self.column, 1)
        kind = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kind.Cancel | kind.Ok if accept else kind.Close)
        self.accept_button = self.buttons.button(kind.Ok if accept else kind.Close)
        self.accept_button.setText(accept or "Close")
        self._widen(self.accept_button)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self._cancel)

    @staticmethod
    def _widen(button: QPushButton) -> None:
        """The style sheet makes the words semibold, and Qt measures them as they were before."""
        font = button.font()
        font.setWeight(QFont.Weight.Bold)
        metrics = QFontMetrics(font)
        button.setMinimumWidth(metrics.horizontalAdvance(button.text()) + 5 * metrics.averageCharWidth())

    def make_room(self, letters: int, lines: int = 0) -> None:
        """Be so many letters wide and lines high at first; 0 lines: as high as the rows need."""
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * letters, metrics.lineSpacing() * lines)
        self._snug = not lines

    def keep_room(self, letters: int, lines: int) -> None:
        """Never be smaller: wrapped words and tables would give way until nothing can be read."""
        metrics = self.fontMetrics()
        self.setMinimumSize(metrics.averageCharWidth() * letters, metrics.lineSpacing() * lines)

    def _make_snug(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        wanted = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else 1
        self.resize(self.width(), min(wanted, self._room().height()))
        if self.isVisible():
            self._come_back()

    def _room(self) -> QRect:
        """Where the dialog may be on its screen, its title bar and border taken off."""
        room = self.screen().availableGeometry()
        frame, inner = self.frameGeometry(), self.geometry()
        above = max(inner.top() - frame.top(), self.fontMetrics().lineSpacing() * 2)
        return room.adjusted(0, above, 0, -max(frame.bottom() - inner.bottom(), _BORDER))

    def _come_back(self) -> None:
        """Move up as far as the buttons would be below the screen."""
        room, inner = self._room(), self.geometry()
        if inner.bottom() > room.bottom():
            inner.moveBottom(room.bottom())
            self.setGeometry(inner)

    def showEvent(self, event: QShowEvent) -> None:
        """Enter accepts, wherever the focus is; other buttons never take its place."""
        layout = self.layout()
        if layout is not None and layout.indexOf(self.buttons) < 0:
            layout.addWidget(self.buttons)  # last, so that Tab comes to the rows first
            self.buttons.show()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.accept_button)
        self.accept_button.setDefault(True)
        if self._snug:
            self._make_snug()
        else:
            self.resize(self.size().boundedTo(self._room().size()))
        super().showEvent(event)

    def _cancel(self) -> None:
        """Who presses the button means it."""
        self.is_changed = lambda: False
        self.reject()

    def reject(self) -> None:
        """Leave, as by Escape, which asks first where something was changed."""
        if not self.is_changed() or ask(self, "Leave without keeping what was changed here?", "", "Leave", "Stay"):
            super().reject()

    def asked(self) -> bool:
        """Show it; was it accepted?"""
        try:
            return self.exec() == QDialog.DialogCode.Accepted
        finally:
            self.deleteLater()


def heading(text: str) -> PlainLabel:
    """The heading of a group of rows."""
    label = plain_label(text)
    label.setObjectName("heading")
    label.setIndent(0)
    return label
