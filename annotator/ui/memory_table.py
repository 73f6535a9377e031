"""The memory as a table: words, label, for, against, how sure, where from."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from annotator.session import Entry
from annotator.ui import words
from annotator.ui.plain import plain_tooltip
from annotator.ui.swatch import swatch_icon
from annotator.ui.theme import Theme

COLUMNS = ("Words", "Label", "For", "Against", "Sure", "From")
WORDS, LABEL, FOR, AGAINST, SURE, FROM = range(len(COLUMNS))
_ENTRY = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class MemoryModel(QAbstractTableModel):
    """What the memory found for a search; cells are made when they are looked at.

    After an edit the rows keep their places until another search, so that the hand keeps its own.
    """

    def __init__(self, theme: Theme, hues: dict[str, str]) -> None:
        super().__init__()
        self._theme, self._hues = theme, hues
        self._entries: list[Entry] = []
        self._icons: dict[str, QIcon] = {}

    def show(self, found: list[Entry], *, anew: bool) -> bool:
        """Show these; returns whether rows came, went or moved.

        :param anew: in this order; else rows that are still there keep their places where all are.
        """
        before, now = set(map(id, self._entries)), set(map(id, found))
        gone = {entry.key: row for row, entry in enumerate(self._entries) if id(entry) not in now}
        came = {entry.key: entry for entry in found if id(entry) not in before}
        if not anew and gone.keys() == came.keys():
            for key, row in gone.items():
                self._entries[row] = came[key]
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
            return False
        self.beginResetModel()
        self._entries = list(found)
        self.endResetModel()
        return True

    def entry(self, row: int) -> Entry:
        """What stands in a row."""
        return self._entries[row]

    def row_of(self, surface: str) -> int:
        """The row of these words, -1 for none."""
        return next((row for row, entry in enumerate(self._entries) if entry.surface == surface), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (FOR, AGAINST) else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, column = self._entries[index.row()], index.column()
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return None if column == SURE else _text(entry, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _text(entry, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in (FOR, AGAINST) else _LEFT
        if role == Qt.ItemDataRole.DecorationRole and column == LABEL and entry.label is not None:
            return self._icon(self._hues.get(entry.label, "slate"))
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.dim if column == FROM or (column == LABEL and entry.label is None) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(words.remembered(entry))
        return None

    def _icon(self, colour: str) -> QIcon:
        if colour not in self._icons:
            self._icons[colour] = swatch_icon(self._theme.hue(colour).ink, 11)
        return self._icons[colour]


def _text(entry: Entry, column: int) -> str:
    made_by = words.made_by(entry) + (", any case" if entry.any_case else "")
    counts = f"{entry.confirmed:,}" if entry.confirmed else "", f"{entry.against:,}" if entry.against else ""
    cells = words.shortened(entry.surface), entry.label or words.NEVER_AN_ENTITY, *counts, f"{entry.confidence:.0%}"
    return (*cells, made_by)[column]


class SureDelegate(QStyledItemDelegate):
    """A small bar and the per cent."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        entry: Entry = index.data(_ENTRY)
        rect, metrics = option.rect.adjusted(8, 0, -8, 0), option.fontMetrics
        number = metrics.horizontalAdvance("100%")
        track = QRectF(rect.left(), rect.center().y() - 1.5, max(rect.width() - number - 8, 8), 5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.line)
        painter.drawRoundedRect(track, 2.5, 2.5)
        track.setWidth(max(track.width() * entry.confidence, 5))
        painter.setBrush(self._theme.accent)
        painter.drawRoundedRect(track, 2.5, 2.5)
        painter.setPen(self._theme.panel_ink)
        painter.drawText(rect, _RIGHT, f"{entry.confidence:.0%}")
        painter.restore()


class MemoryTable(QTableView):
    """The table; `typed` (text) when a letter that is no key of it was pressed: somebody searches."""

    typed = Signal(str)

    def __init__(self, model: MemoryModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._sure = SureDelegate(theme)
        self.setModel(model)
        self.setItemDelegateForColumn(SURE, self._sure)
        self.setAccessibleName("Words that the memory knows")
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(11, 11))
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_sizes()

    def _set_sizes(self) -> None:
        """Rows of one height: Qt measures none of thousands."""
        metrics = self.fontMetrics()
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.lineSpacing() + 11)
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(metrics.averageCharWidth() * 6)
        columns.setSectionResizeMode(WORDS, QHeaderView.ResizeMode.Stretch)
        for column, letters in ((LABEL, 18), (FOR, 9), (AGAINST, 10), (SURE, 19), (FROM, 21)):
            columns.resizeSection(column, metrics.averageCharWidth() * letters)
        self._from_width = columns.sectionSize(FROM)
        self._least = sum(columns.sectionSize(c) for c in (LABEL, FOR, AGAINST, SURE)) + metrics.averageCharWidth() * 18
        self.setMinimumWidth(self._least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the words have it."""
        self.setColumnHidden(FROM, self.viewport().width() < self._least + self._from_width)
        super().resizeEvent(event)

    def chosen(self) -> list[Entry]:
        """The entries of the rows that are selected, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.entry(row) for row in rows]

    def choose(self, row: int) -> None:
        """Select one row, the nearest there is."""
        last = self._model.rowCount() - 1
        if last >= 0:
            index = self._model.index(min(max(row, 0), last), WORDS)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.text().isprintable() and event.text().strip() and not held:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)
