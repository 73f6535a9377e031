"""What becomes of labels that files have and the project has not."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from annotator.model.label import Label
from annotator.model.label_guess import guessed_label
from annotator.session.outcome import counted
from annotator.ui.dialogs.frame import Frame
from annotator.ui.plain import plain_label
from annotator.ui.swatch import swatch_icon
from annotator.ui.theme import Theme

_NEW, _LEFT_OUT = "a new label", "left out"
_HOW = "Choose with a label’s key, + or Delete; Ctrl+A marks all rows. Enter imports."

Meaning = str | None  # one of the project's labels; "" leaves the spans out; None makes a new label


class LabelsWish(NamedTuple):
    """What was chosen; as `Session.import_files` takes it."""

    labels: dict[str, str]
    new_labels: bool


class _Table(QTableWidget):
    """Rows of labels; a key says what becomes of those that are marked."""

    meant = Signal(object)

    def __init__(self, keys: Mapping[str, Meaning]) -> None:
        super().__init__(0, 3)
        self._keys = keys
        self.setAccessibleName("Labels of the files that the project has not")
        self.setHorizontalHeaderLabels(["In the files", "Spans", "Becomes"])
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(12, 12))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, mode in enumerate(("Stretch", "ResizeToContents", "Stretch")):
            header.setSectionResizeMode(column, getattr(QHeaderView.ResizeMode, mode))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().lower()
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.meant.emit("")
        elif plain and key in self._keys:
            self.meant.emit(self._keys[key])
        else:
            super().keyPressEvent(event)


class UnknownLabelsDialog(Frame):
    """The files' labels at the left, what they can become at the right.

    :param counts: how many spans each of the labels has.
    :param labels: the project's; retired ones are not offered.
    """

    def __init__(
        self, parent: QWidget | None, counts: Mapping[str, int], labels: Sequence[Label], theme: Theme
    ) -> None:
        super().__init__(parent, "Labels unknown to the project", "Import")
        self._theme = theme
        self._labels = {label.name: label for label in labels if not label.retired}
        self.meanings: dict[str, Meaning] = {theirs: guessed_label(theirs, labels) or None for theirs in counts}
        self.table = _Table(
            {label.key.lower(): name for name, label in self._labels.items() if label.key} | {"+": None}
        )
        self.choices = self._listed()
        self._fill(counts)
        spans = counted(sum(counts.values()), "span")
        what = f"{spans} in these files have a label that the project does not know. Nothing was imported yet."
        self.column.addWidget(plain_label(what, wrap=True))
        self.column.addWidget(plain_label(_HOW, wrap=True, dim=True))
        both = QHBoxLayout()
        both.addWidget(self.table, 3)
        both.addWidget(self.choices, 2)
        self.column.addLayout(both, 1)
        self.table.meant.connect(self._mean)
        self.table.currentCellChanged.connect(lambda *_: self._follow())
        self.choices.currentItemChanged.connect(lambda item, _: self._mean(item.data(0, Qt.ItemDataRole.UserRole)))
        self.choices.itemClicked.connect(lambda item, _: self._mean(item.data(0, Qt.ItemDataRole.UserRole)))
        self.table.setCurrentCell(0, 0)
        self.table.setFocus()
        self._follow()
        self.keep_room(56, 20)
        self.make_room(92, 24)

    def _listed(self) -> QTreeWidget:
        """What a label can become, each with its key."""
        listed = QTreeWidget()
        listed.setAccessibleName("What the marked labels become")
        listed.setColumnCount(2)
        listed.setHeaderHidden(True)
        listed.setRootIsDecorated(False)
        listed.setIconSize(QSize(12, 12))
        own = [(name, label.key.upper(), name) for name, label in self._labels.items()]
        for title, key, meaning in (*own, ("A new label", "+", None), ("Leave out", "Del", "")):
            item = QTreeWidgetItem([title, key])
            item.setData(0, Qt.ItemDataRole.UserRole, meaning)
            if meaning:
                item.setIcon(0, swatch_icon(self._theme.hue(self._labels[meaning].colour).ink))
            listed.addTopLevelItem(item)
        listed.header().setStretchLastSection(False)
        listed.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        listed.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return listed

    def _fill(self, counts: Mapping[str, int]) -> None:
        self.table.setRowCount(len(counts))
        for row, (theirs, count) in enumerate(sorted(counts.items(), key=lambda pair: -pair[1])):
            self.table.setItem(row, 0, QTableWidgetItem(theirs))
            number = QTableWidgetItem(f"{count:,}")
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, 1, number)
            self.table.setItem(row, 2, QTableWidgetItem())
            self._show(row)

    def _theirs(self, row: int) -> str:
        item = self.table.item(row, 0)
        return item.text() if item is not None else ""

    def _show(self, row: int) -> None:
        meaning, item = self.meanings[self._theirs(row)], self.table.item(row, 2)
        assert item is not None
        item.setText(meaning or (_NEW if meaning is None else _LEFT_OUT))
        item.setForeground(self._theme.panel_ink if meaning else self._theme.dim)
        item.setData(
            Qt.ItemDataRole.DecorationRole,
            swatch_icon(self._theme.hue(self._labels[meaning].colour).ink) if meaning else None,
        )

    def _mean(self, meaning: Meaning) -> None:
        """The marked rows become this."""
        for index in self.table.selectionModel().selectedRows():
            self.meanings[self._theirs(index.row())] = meaning
            self._show(index.row())
        self._follow()

    def _follow(self) -> None:
        """The list at the right shows what the current row becomes."""
        meaning = self.meanings[self._theirs(self.table.currentRow())]
        for at in range(self.choices.topLevelItemCount()):
            item = self.choices.topLevelItem(at)
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole) == meaning:
                blocked = self.choices.blockSignals(True)
                self.choices.setCurrentItem(item, 0, QItemSelectionModel.SelectionFlag.ClearAndSelect)
                self.choices.blockSignals(blocked)

    def wish(self) -> LabelsWish:
        """What is chosen now."""
        known = {theirs: meaning for theirs, meaning in self.meanings.items() if meaning is not None}
        return LabelsWish(known, len(known) < len(self.meanings))


def ask_labels(
    parent: QWidget | None, counts: Mapping[str, int], labels: Sequence[Label], theme: Theme
) -> LabelsWish | None:
    """What becomes of the labels, None where it was cancelled."""
    dialog = UnknownLabelsDialog(parent, counts, labels, theme)
    return dialog.wish() if dialog.asked() else None
