"""What became of each record of an import."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from annotator.session import ImportReport, ListReport
from annotator.ui.dialogs.frame import Frame
from annotator.ui.plain import plain_label
from annotator.ui.soon import soon

_MOST = 5000


class ImportReportDialog(Frame):
    """The summary and a line for each record that was not simply accepted."""

    def __init__(self, parent: QWidget, report: ImportReport | ListReport) -> None:
        super().__init__(parent, "Import")
        self._report = report
        self.column.addWidget(plain_label(report.summary(), wrap=True))
        self.field = QLineEdit(placeholderText="Filter lines", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter lines")
        self.table = QTableWidget(0, 3)
        self._soon = soon(self, self.table.resizeRowsToContents)
        self.table.setHorizontalHeaderLabels(["Where", "What", "Why"])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName("Records that were not simply accepted")
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.sectionResized.connect(lambda *_: self._soon())
        self.column.addWidget(self.field)
        self.column.addWidget(self.table, 1)
        self.copy_button = self.buttons.addButton("Copy all lines", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(lambda: QApplication.clipboard().setText(self.as_text()))
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: QApplication.clipboard().setText(self.chosen_as_text()))
        for widget in (self.field, self.table, self.copy_button):
            widget.setVisible(bool(report.lines))
        self.field.textChanged.connect(lambda _text: self._fill())
        self._fill()
        self.make_room(110, 26 if report.lines else 0)

    def as_text(self) -> str:
        """All lines, tab-separated."""
        return "\n".join(f"{line.where}\t{line.kind}\t{line.reason}" for line in self._report.lines)

    def chosen_as_text(self) -> str:
        """The chosen lines, tab-separated."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return "\n".join("\t".join(self._cell(row, column) for column in range(3)) for row in rows)

    def _cell(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return "" if item is None else item.text()

    def _fill(self) -> None:
        wanted = self.field.text().lower()
        lines = [ln for ln in self._report.lines if wanted in f"{ln.where} {ln.kind} {ln.reason}".lower()][:_MOST]
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate((line.where, line.kind, line.reason)):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(row, column, item)
        for column in (0, 1):
            self.table.resizeColumnToContents(column)
        self._soon()


def show_import_report(parent: QWidget, report: ImportReport | ListReport) -> None:
    """Show the report until it is closed."""
    ImportReportDialog(parent, report).asked()
