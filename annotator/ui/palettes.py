"""What pops up to choose from: the label palette, the command palette, the shortcut sheet."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize

from annotator.ui.actions import ACTIONS, CHANGES, MENUS
from annotator.ui.chooser import Choice, Chooser
from annotator.ui.dialogs.shortcuts import ShortcutSheet

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Palettes:
    """Popups of one window."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.chooser = Chooser(window)

    def choose_label(self) -> None:
        """The label palette at the selection or the current span."""
        desk, view = self._window.desk, self._window.view
        place = view.selection or (desk.current.range if desk.current else None)
        if place is not None and desk.may_change():
            choices = [
                Choice(label.name, label.name, label.key.upper(), label.colour, key=label.key)
                for label in desk.session.labels
            ]
            self.chooser.ask(choices, self._at(place), lambda label: desk.apply_label(label, desk.everywhere))

    def _at(self, place: tuple[int, int]) -> QRect:
        viewport = self._window.view.viewport()
        rects = self._window.view.rects_of(*place)
        rect = rects[-1] if rects else viewport.rect()
        return QRect(viewport.mapToGlobal(rect.topLeft()), rect.size())

    def choose_command(self) -> None:
        """The command palette."""
        window = self._window
        choices = [Choice(a.id, a.title, self._keys_of(a.id), None, a.menu) for a in ACTIONS]
        top = window.mapToGlobal(QPoint(window.width() // 2, 60))
        self.chooser.ask(choices, QRect(top, QSize(0, 0)), self._run, wide=True)

    def _run(self, chosen: str) -> None:
        if chosen not in CHANGES or self._window.desk.may_change():
            next(action for action in ACTIONS if action.id == chosen).run(self._window)

    def _keys_of(self, action_id: str) -> str:
        return ", ".join(self._window.keys[action_id])

    def show_keys(self) -> None:
        """The shortcut sheet."""
        groups = [(menu, [(a.title, self._keys_of(a.id)) for a in ACTIONS if a.menu == menu]) for menu in MENUS]
        ShortcutSheet(self._window, groups, self._window.desk.session.labels).exec()
