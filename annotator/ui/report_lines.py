"""The lines of a report in a table: as many as there are, sorted and filtered without waiting."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from annotator.session import ReportLine
from annotator.ui.soon import soon

TITLES = ("Where", "What", "Why")
_LONGEST = 18  # digits: what is longer is no number that anybody sorts by

Index = QModelIndex | QPersistentModelIndex


class ReportModel(QAbstractTableModel):
    """Those of the lines that are wanted, in the order that is wanted."""

    def __init__(self, lines: Sequence[ReportLine]) -> None:
        super().__init__()
        self._lines = list(lines)
        self._kind, self._words = "", ""
        self.shown = self._lines

    def kinds(self) -> Counter[str]:
        """How many lines there are of each kind."""
        return Counter(line.kind for line in self._lines)

    def filter(self, kind: str, words: str) -> None:
        """Show lines of a kind, "" for all, that hold these words in any casing."""
        self._kind, self._words = kind, words.lower()
        self._show()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; lines of a file by their numbers."""
        if 0 <= column < len(TITLES):
            self._lines.sort(key=_ORDERS[column], reverse=order == Qt.SortOrder.DescendingOrder)
            self._show()

    def _show(self) -> None:
        self.beginResetModel()
        of_kind = [line for line in self._lines if self._kind in ("", line.kind)]
        self.shown = [line for line in of_kind if self._words in " ".join(_cells(line)).lower()]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or index.row() >= len(self.shown):
            return None
        return _cells(self.shown[index.row()])[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        across = orientation == Qt.Orientation.Horizontal
        return TITLES[section] if across and role == Qt.ItemDataRole.DisplayRole else None


def as_text(lines: Sequence[ReportLine]) -> str:
    """The lines, tab-separated."""
    return "\n".join("\t".join(_cells(line)) for line in lines)


def _cells(line: ReportLine) -> tuple[str, str, str]:
    return line.where, line.kind, line.reason


def _place(line: ReportLine) -> tuple[str, int]:
    """ "a:9" before "a:10"."""
    file, _, number = line.where.rpartition(":")
    is_number = number.isdecimal() and len(number) <= _LONGEST
    return (file, int(number)) if is_number else (line.where, -1)


_ORDERS: tuple[Callable[[ReportLine], Any], ...] = (_place, lambda line: line.kind, lambda line: line.reason)


class ReportTable(QTableView):
    """Rows as high as their words need; only those in sight are measured."""

    def __init__(self, model: ReportModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._soon = soon(self, self._fit)
        self.setModel(model)
        self.setAccessibleName("Records that were not simply accepted")
        self.verticalHeader().hide()
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setWordWrap(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # at first as they stand in the files
        self.setSortingEnabled(True)
        header.sectionResized.connect(lambda *_: self._soon())
        self.verticalScrollBar().valueChanged.connect(lambda _at: self._soon())
        model.modelReset.connect(self._soon)
        self._soon()

    def widen(self) -> None:
        """The first two columns as wide as what is in sight needs, but never the whole table."""
        for column in (0, 1):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, min(self.columnWidth(column), self.fontMetrics().averageCharWidth() * 40))

    def _fit(self) -> None:
        bar = self.verticalScrollBar()
        at_end = bar.maximum() > 0 and bar.value() == bar.maximum()
        row, height = max(self.rowAt(0), 0), self.viewport().height()
        while row < self.model().rowCount() and self.rowViewportPosition(row) < height:
            self.resizeRowToContents(row)
            row += 1
        if at_end:  # rows that grew pushed the last one out of sight
            self.updateGeometries()
            bar.setValue(bar.maximum())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon()
