"""The most used actions as buttons under the article, each with its key."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from annotator.ui import words
from annotator.ui.desk import Desk
from annotator.ui.plain import CutLabel, plain_tooltip
from annotator.ui.soon import soon

LEFT = ("previous", "next", "confirm", "reject", "undo")
RIGHT = ("skip", "finish")
_TITLES = {"previous": "‹", "next": "›", "confirm": "Confirm", "skip": "Skip", "finish": "Finish article"}


class ActionBar(QWidget):
    """Buttons for the mouse; they never take the keyboard from the text.

    :param actions: the window's, by id.
    """

    def __init__(self, desk: Desk, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("action_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self.left = CutLabel()
        self.left.setProperty("dim", True)
        self.left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(4)
        for name in LEFT:
            layout.addWidget(_button(actions[name], _TITLES.get(name, "")))
        layout.addStretch()
        layout.addWidget(self.left)
        for name in RIGHT:
            layout.addWidget(_button(actions[name], _TITLES[name]))
        count = soon(self, self._count)
        desk.opened.connect(lambda _article: self._count())
        desk.updated.connect(lambda _article: count())

    def _count(self) -> None:
        self.left.setText(what_is_left(self._desk))


def what_is_left(desk: Desk) -> str:
    """How many places wait for a look in the article on the desk."""
    article = desk.article
    if article is None or not desk.shown:
        return ""
    to_check = desk.to_check
    sure = len(article.suggested) - sum(not span.is_ghost for span in to_check)
    return words.what_is_left(len(to_check), sure, desk.sees_all and not desk.visit.all)


def _button(action: QAction, title: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"do_{action.objectName()}")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    key = action.shortcut().toString()
    words = title or action.text()
    button.setText(words)
    button.setToolTip(plain_tooltip(f"{action.text()} ({key})" if key else action.text()))
    button.setAccessibleName(action.text())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
