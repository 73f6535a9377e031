"""A project that is open to look at only: the keys of what would change it say why nothing happens."""

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from annotator.ui.desk import Desk


class Looking(QObject):
    """Switches actions off; for each, one that stands in no menu answers its keys meanwhile.

    :param actions: those that change the project.
    """

    def __init__(self, desk: Desk, actions: Iterable[QAction]) -> None:
        super().__init__(desk)
        self._desk = desk
        self._pairs = [(action, self._stand_in(action)) for action in actions]

    def _stand_in(self, action: QAction) -> QAction:
        made = QAction(action.text(), self)
        made.setShortcuts(action.shortcuts())
        made.setShortcutContext(action.shortcutContext())
        for owner in action.associatedObjects():
            if isinstance(owner, QWidget) and not isinstance(owner, QMenu):
                owner.addAction(made)
        made.triggered.connect(self._desk.may_change)
        return made

    def switch(self, is_on: bool) -> None:
        """Is the project open to look at only?"""
        for action, stand_in in self._pairs:
            action.setEnabled(not is_on)
            stand_in.setEnabled(is_on)
