"""Find in the article: plain words, no query syntax."""

import re
from itertools import islice

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from annotator.ui.plain import plain_label

_MOST = 10_000


def matches(text: str, wanted: str, case: bool = False, whole: bool = False) -> list[tuple[int, int]]:
    """Ranges of the text, in code points, that read as wanted, not overlapping."""
    if not wanted:
        return []
    pattern = re.escape(wanted)
    if whole:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    flags = re.NOFLAG if case else re.IGNORECASE
    return [match.span() for match in islice(re.finditer(pattern, text, flags), _MOST)]


class FindBar(QWidget):
    """`found` (ranges, at or None) whenever what is looked for changes; `closed`."""

    found = Signal(list, object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("find_bar")
        self._text = ""
        self._ranges: list[tuple[int, int]] = []
        self._at: int | None = None
        self._from = 0
        self.field = QLineEdit(placeholderText="Find in article", clearButtonEnabled=True)
        self.field.setAccessibleName("Find in article")
        self.count = plain_label("", dim=True)
        self.case = QToolButton(text="Aa", checkable=True, toolTip="Match case")
        self.whole = QToolButton(text="W", checkable=True, toolTip="Whole words")
        before = QToolButton(text="‹", toolTip="Previous (Shift+F3)")
        after = QToolButton(text="›", toolTip="Next (F3)")
        close = QToolButton(text="×", toolTip="Close (Esc)")
        for button in (self.case, self.whole, before, after, close):
            button.setAccessibleName(button.toolTip())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance("9999 of 9999"))
        for widget in (self.field, self.count, self.case, self.whole, before, after, close):
            layout.addWidget(widget)
        layout.setStretch(0, 1)
        self.field.textChanged.connect(lambda _text: self._look())
        self.case.toggled.connect(lambda _on: self._look())
        self.whole.toggled.connect(lambda _on: self._look())
        before.clicked.connect(lambda: self.step(-1))
        after.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.closed.emit)
        self.field.installEventFilter(self)

    def start(self, text: str, at: int = 0) -> None:
        """Ready for typing, with a first text to look for, from a code point on."""
        self._from = at
        if text and "\n" not in text:
            self.field.setText(text)
        self.field.setFocus()
        self.field.selectAll()
        self._look()

    def set_text(self, text: str) -> None:
        """Look in another article."""
        self._text, self._from = text, 0
        if self.isVisible():
            self._look()

    def _look(self) -> None:
        self._ranges = matches(self._text, self.field.text(), self.case.isChecked(), self.whole.isChecked())
        ahead = next((n for n, (start, _) in enumerate(self._ranges) if start >= self._from), 0)
        self._at = ahead if self._ranges else None
        self._show()

    def _show(self) -> None:
        of = f"{self._at + 1} of {len(self._ranges)}" if self._at is not None else "none" if self.field.text() else ""
        self.count.setText(of)
        self.found.emit(self._ranges, self._at)

    def step(self, by: int) -> None:
        """The next or previous match, round the end."""
        if self._at is not None:
            self._at = (self._at + by) % len(self._ranges)
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the buttons do not take."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
        return False
