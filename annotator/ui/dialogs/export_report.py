"""What became of each span of an export."""

from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPlainTextEdit, QWidget

from annotator.exporters.base import Ledger, LedgerLine
from annotator.session import ReportLine
from annotator.session.outcome import ExportReport, counted
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.outside import open_own
from annotator.ui.plain import plain_label, tell_plainly
from annotator.ui.report_lines import ReportModel, ReportTable, as_text


class ExportReportDialog(Frame):
    """The files with what is in each, warnings, why spans were adjusted or left out, and which.

    :param folder: where the files are.
    """

    def __init__(self, parent: QWidget, report: ExportReport, folder: Path) -> None:
        super().__init__(parent, "Exported")
        self._folder = folder
        for name, ledger in report.files.items():
            self.column.addWidget(heading(name))
            self.column.addWidget(plain_label(_account(ledger), wrap=True))
        for warning in report.notes:
            label = plain_label(warning, wrap=True)
            label.setObjectName("warning")
            self.column.addWidget(label)
        self.reasons = QPlainTextEdit(_reasons(report), readOnly=True, tabChangesFocus=True)
        self.reasons.setAccessibleName("Why spans were adjusted or left out")
        self.reasons.setVisible(bool(self.reasons.toPlainText()))
        self.column.addWidget(self.reasons, 1)
        self.table = ReportTable(ReportModel(_lines(report)))
        self.table.setAccessibleName("Spans that were adjusted or left out")
        self.table.setVisible(bool(report.lines))
        self.table.widen()
        self.column.addWidget(self.table, 3)
        copied = self.buttons.addButton("Copy all lines", QDialogButtonBox.ButtonRole.ActionRole)
        copied.clicked.connect(lambda: QApplication.clipboard().setText(as_text(_lines(report))))
        copied.setVisible(bool(report.lines))
        opened = self.buttons.addButton("Open folder", QDialogButtonBox.ButtonRole.ActionRole)
        opened.clicked.connect(self._open)
        self.keep_room(56, 20 if self.reasons.toPlainText() else 0)
        self.make_room(76, 24 if self.reasons.toPlainText() else 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.reasons.isVisible():
            self.accept_button.setFocus()

    def _open(self) -> None:
        if not open_own(self._folder):
            tell_plainly(self, "The folder cannot be opened from here.", str(self._folder))


def _account(ledger: Ledger) -> str:
    """Every span is in exactly one of the numbers."""
    spans = ledger.written + ledger.adjusted + ledger.dropped
    kinds = f"{ledger.written:,} as they are, {ledger.adjusted:,} adjusted, {ledger.dropped:,} left out"
    return f"{counted(ledger.articles, 'article')}, {counted(spans, 'span')}" + (f": {kinds}." if spans else ".")


def _reasons(report: ExportReport) -> str:
    """Each file's notes, the file's name above them where there are several."""
    noted = {name: ledger.notes for name, ledger in report.files.items() if ledger.notes}
    blocks = ["\n".join([f"{name}:", *notes] if len(report.files) > 1 else notes) for name, notes in noted.items()]
    return "\n\n".join(blocks)


_OUTCOMES = {"dropped": "left out"}


def _lines(report: ExportReport) -> list[ReportLine]:
    """Which spans did not leave as they are: the article's id, what became of it, and why."""
    return [
        ReportLine(line.article, _OUTCOMES.get(line.outcome, line.outcome), _why(line)) for _name, line in report.lines
    ]


def _why(line: LedgerLine) -> str:
    return f"“{line.words}” {line.label}: {line.reason}"


def show_export_report(parent: QWidget, report: ExportReport, folder: Path) -> None:
    """Show the report until it is closed."""
    ExportReportDialog(parent, report, folder).asked()
