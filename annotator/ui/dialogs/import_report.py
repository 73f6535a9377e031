"""What became of each record of an import."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from annotator.session import ImportReport
from annotator.ui.dialogs.frame import Frame
from annotator.ui.plain import plain_label

_MOST = 5000


class ImportReportDialog(Frame):
    """The summary and a line for each record that was not simply accepted."""

    def __init__(self, parent: QWidget, report: ImportReport) -> None:
        super().__init__(parent, "Import")
        self._report = report
        self.column.addWidget(plain_label(report.summary(), wrap=True))
        self.field = QLineEdit(placeholderText="Filter lines", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter lines")
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels(["Where", "What", "Why"])
        self.table.setAccessibleName("Records with remarks")
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.column.addWidget(self.field)
        self.column.addWidget(self.table, 1)
        copy = self.buttons.addButton("Copy all lines", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.as_text()))
        self.field.textChanged.connect(lambda _text: self._fill())
        self._fill()
        self.resize(720, 420)

    def as_text(self) -> str:
        """All lines, tab-separated."""
        return "\n".join(f"{line.where}\t{line.kind}\t{line.reason}" for line in self._report.lines)

    def _fill(self) -> None:
        wanted = self.field.text().lower()
        lines = [ln for ln in self._report.lines if wanted in f"{ln.where} {ln.kind} {ln.reason}".lower()][:_MOST]
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate((line.where, line.kind, line.reason)):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(row, column, item)
        self.table.resizeColumnToContents(0)
        self.table.resizeColumnToContents(1)


def show_import_report(parent: QWidget, report: ImportReport) -> None:
    """Show the report until it is closed."""
    ImportReportDialog(parent, report).asked()
