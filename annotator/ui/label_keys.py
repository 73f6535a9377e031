"""The labels' own keys: alone for all same occurrences, with Shift for only this one."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from annotator.ui.article_view import ArticleView
from annotator.ui.desk import Desk


class LabelKeys(QObject):
    """Shortcuts of the article view, made anew whenever the labels change."""

    def __init__(self, desk: Desk, view: ArticleView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._shortcuts: list[QShortcut] = []
        desk.labels_changed.connect(self._make)
        self._make()

    def _make(self) -> None:
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = []
        for label in self._desk.session.labels:
            if label.key:
                self._add(label.key.upper(), label.name, alone=False)
                self._add(f"Shift+{label.key.upper()}", label.name, alone=True)

    def _add(self, key: str, label: str, alone: bool) -> None:
        shortcut = QShortcut(QKeySequence(key), self._view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: self._desk.apply_label(label, self._desk.everywhere and not alone))
        self._shortcuts.append(shortcut)
