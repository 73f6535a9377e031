"""A line over everything: what stands in the way of the work, why, and what can be done about it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from annotator.ui.plain import PlainLabel, WrappedLabel, plain_tooltip, short_menu_text

ERROR, CAUTION, NEWS = "error", "caution", "news"  # in this order of weight
_LONGEST = 60  # letters of an answer
_WEIGHTS = (ERROR, CAUTION, NEWS)


class Notice(NamedTuple):
    """What is said.

    :param level: ERROR, CAUTION or NEWS.
    :param answers: a button each; what it says and what it does.
    :param can_go: the person may close it.
    """

    level: str
    title: str
    advice: str = ""
    answers: tuple[tuple[str, Callable[[], object]], ...] = ()
    can_go: bool = True


class NoticeBar(QFrame):
    """Several notices may stand, each under a name of its own; the gravest is seen.

    Signals: `left()`, by Escape; the keyboard should go back to where it was.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._notices: dict[str, Notice] = {}
        self._shown: Notice | None = None
        self.title, self.advice = WrappedLabel(), WrappedLabel()
        self.title.setObjectName("notice_title")
        self._answers = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.addLayout(words, 1)
        row.addLayout(self._answers)
        self.hide()

    @property
    def shown(self) -> Notice | None:
        """What is seen now."""
        return self._shown

    def take_keyboard(self) -> bool:
        """Put the keyboard on the first answer; False where there is none."""
        item = self._answers.itemAt(0) if self.isVisible() else None
        button = item.widget() if item is not None else None
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return button is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def has(self, name: str) -> bool:
        """Does something stand under this name?"""
        return name in self._notices

    def put(self, name: str, notice: Notice) -> None:
        """Say something, in place of what was said under the same name."""
        if self._notices.get(name) != notice:
            self._notices[name] = notice
            self._refresh()

    def take(self, name: str) -> None:
        """What was said under this name holds no more."""
        if self._notices.pop(name, None) is not None:
            self._refresh()

    def clear(self) -> None:
        """Nothing holds any more."""
        self._notices.clear()
        self._refresh()

    def _refresh(self) -> None:
        ranked = sorted(self._notices.items(), key=lambda each: _WEIGHTS.index(each[1].level))
        name, notice = ranked[0] if ranked else ("", None)
        if notice is self._shown:
            return
        self._shown = notice
        if self.isAncestorOf(self.window().focusWidget() or self):
            self.left.emit()  # the answer that has the keyboard goes
        _empty(self._answers)
        if notice is not None:
            self._fill(name, notice)
        self.setVisible(notice is not None)

    def _fill(self, name: str, notice: Notice) -> None:
        _say(self.title, notice.title)
        _say(self.advice, notice.advice)
        for title, answer in notice.answers:
            self._offer(title, answer)
        if notice.can_go:
            self._offer("Hide", lambda: self.take(name))
        self.setProperty("level", notice.level)
        for widget in (self, self.title, self.advice):  # the style sheet is read again
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.setAccessibleName(f"{notice.title} {notice.advice}".strip())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _offer(self, title: str, answer: Callable[[], object]) -> None:
        button = QPushButton(short_menu_text(title, self.fontMetrics(), _LONGEST), self)
        button.setToolTip(plain_tooltip(title if len(title) > _LONGEST else ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the text
        button.clicked.connect(lambda: answer())
        self._answers.addWidget(button)
        button.show()


def _say(label: PlainLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _empty(row: QHBoxLayout) -> None:
    while (item := row.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
