"""What can be done to entries of the memory, as a menu."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from annotator.session import Entry
from annotator.ui.desk import Desk
from annotator.ui.span_menu import add_labels
from annotator.ui.theme import Theme

Choose = Callable[[str | None], object]


class MemoryMenu:
    """Menus over a widget; what is chosen becomes a step of the desk's session.

    :param relabel: gives chosen entries a label; None: they are never an entity.
    :param forget: takes back what was said of chosen entries by hand.
    """

    def __init__(
        self, parent: QWidget, desk: Desk, theme: Theme, relabel: Choose, forget: Callable[[], object]
    ) -> None:
        self._parent, self._desk, self._theme = parent, desk, theme
        self._relabel, self._forget = relabel, forget

    def ask_label(self, at: QPoint, choose: Choose) -> None:
        """Have a label chosen, or None for words that are never an entity; at a global position."""
        self._run(self._with_labels(choose), at)

    def open(self, at: QPoint, chosen: Sequence[Entry]) -> None:
        """All that can be done to the chosen entries; at a global position."""
        menu = self._with_labels(self._relabel)
        menu.addSeparator()
        if len(chosen) == 1:
            self._add_casing(menu, chosen[0])
        forget = menu.addAction("Forget what was said by hand\tBackspace", self._forget)
        forget.setEnabled(any(entry.pattern is not None for entry in chosen))
        self._run(menu, at)

    def _with_labels(self, choose: Choose) -> QMenu:
        menu = QMenu(self._parent)
        add_labels(menu, self._desk.session.labels, self._theme, choose)
        menu.addAction("Never an entity\tDel", lambda: choose(None))
        return menu

    def _add_casing(self, menu: QMenu, entry: Entry) -> None:
        memory = self._desk.session.memory
        casing = menu.addAction("In any casing")
        casing.setCheckable(True)
        casing.setChecked(entry.any_case)
        casing.setEnabled(entry.pattern is not None)
        casing.triggered.connect(lambda on: self._desk.attempt(lambda: memory.recase(entry.surface, on)))

    @staticmethod
    def _run(menu: QMenu, at: QPoint) -> None:
        menu.setActiveAction(menu.actions()[0])
        menu.exec(at)
        menu.deleteLater()
