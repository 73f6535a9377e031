"""What became of each record of an import."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QHBoxLayout, QLineEdit, QWidget

from annotator.session import ImportReport, ListReport
from annotator.ui.dialogs.frame import Frame
from annotator.ui.fields import ChoiceBox
from annotator.ui.plain import plain_label
from annotator.ui.report_lines import ReportModel, ReportTable, as_text
from annotator.ui.soon import soon


class ImportReportDialog(Frame):
    """The summary, the sum, and a line for each record that was not simply accepted."""

    def __init__(self, parent: QWidget, report: ImportReport | ListReport) -> None:
        super().__init__(parent, "Import")
        self._report = report
        self.model = ReportModel(report.lines)
        self.table = ReportTable(self.model)
        self.field = QLineEdit(placeholderText="Filter lines", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter lines")
        self.kind = _kinds(self.model)
        self.column.addWidget(plain_label(report.summary(), wrap=True))
        self.column.addWidget(plain_label(_sum(report), wrap=True, dim=True))
        row = QHBoxLayout()
        row.addWidget(self.kind)
        row.addWidget(self.field, 1)
        self.column.addLayout(row)
        self.column.addWidget(self.table, 1)
        self.copy_button = self.buttons.addButton("Copy all lines", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(lambda: QApplication.clipboard().setText(self.as_text()))
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: QApplication.clipboard().setText(self.chosen_as_text()))
        for widget in (self.kind, self.field, self.table, self.copy_button):
            widget.setVisible(bool(report.lines))
        filtered = soon(self, self._filter)
        self.field.textChanged.connect(lambda _text: filtered())
        self.kind.currentIndexChanged.connect(lambda _at: self._filter())
        self.table.widen()
        self.field.setFocus()
        self.keep_room(56, 18 if report.lines else 0)
        self.make_room(110, 26 if report.lines else 0)

    def _filter(self) -> None:
        self.model.filter(self.kind.currentData(), self.field.text())

    def as_text(self) -> str:
        """All lines, tab-separated."""
        return as_text(self._report.lines)

    def chosen_as_text(self) -> str:
        """The chosen lines, tab-separated."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return as_text([self.model.shown[row] for row in rows])


def _kinds(model: ReportModel) -> ChoiceBox:
    box = ChoiceBox()
    box.setAccessibleName("Kind of lines")
    kinds = model.kinds()
    box.addItem(f"All {kinds.total():,} lines" if kinds.total() != 1 else "1 line", "")
    for kind, count in sorted(kinds.items()):
        box.addItem(f"{count:,} {kind}", kind)
    return box


def _sum(report: ImportReport | ListReport) -> str:
    """Every record is in exactly one of the numbers."""
    if isinstance(report, ImportReport):
        names = ("accepted", "repaired", "skipped", "rejected")
    else:
        names = ("added", "replaced", "skipped", "rejected")
    parts = " + ".join(f"{getattr(report, name):,} {name}" for name in names)
    return f"{parts} = {report.records:,} {'record' if report.records == 1 else 'records'}"


def show_import_report(parent: QWidget, report: ImportReport | ListReport) -> None:
    """Show the report until it is closed."""
    ImportReportDialog(parent, report).asked()
