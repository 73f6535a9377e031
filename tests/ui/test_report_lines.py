"""The report of an import: sorted, filtered, copied, and quick with very many lines."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from annotator.session import ImportReport, ListReport
from annotator.session.outcome import ReportLine
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.report_lines import ReportModel
from tests.ui.hands import MARKUP, activate, eventually

CTRL = Qt.KeyboardModifier.ControlModifier
LINES = [
    ReportLine("a.jsonl:10", "rejected", "not JSON"),
    ReportLine("a.jsonl:9", "repaired", "span 3–4 left out"),
    ReportLine("b.txt", "skipped", MARKUP),
    ReportLine("a.jsonl:10", "repaired", "answer left out"),
]
REPORT = ImportReport(accepted=5, repaired=2, skipped=1, rejected=1, lines=LINES)


@pytest.fixture
def dialog(qt_app: Any) -> Iterator[ImportReportDialog]:
    """A report on the screen."""
    parent = QWidget()
    made = ImportReportDialog(parent, REPORT)
    made.show()
    activate(made)
    yield made
    made.close()
    parent.deleteLater()


def shown(model: ReportModel) -> list[str]:
    """What the rows say first and second."""
    return [" ".join(str(model.data(model.index(row, column))) for column in (0, 1)) for row in range(model.rowCount())]


def test_every_record_is_in_the_sum(dialog: ImportReportDialog) -> None:
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "5 accepted + 2 repaired + 1 skipped + 1 rejected = 9 records" in said


def test_a_list_has_its_own_sum(qt_app: Any) -> None:
    parent = QWidget()
    dialog = ImportReportDialog(parent, ListReport(added=1, lines=LINES[:1]))
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "1 added + 0 replaced + 0 skipped + 0 rejected = 1 record" in said


def test_the_lines_stand_as_in_the_files_until_a_column_sorts_them(dialog: ImportReportDialog) -> None:
    assert shown(dialog.model) == ["a.jsonl:10 rejected", "a.jsonl:9 repaired", "b.txt skipped", "a.jsonl:10 repaired"]
    header = dialog.table.horizontalHeader()
    at = header.viewport().rect().center()
    for column, first, last in (
        (0, "a.jsonl:9 repaired", "b.txt skipped"),
        (1, "a.jsonl:10 rejected", "b.txt skipped"),
    ):
        at.setX(header.sectionViewportPosition(column) + 5)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        ordered = shown(dialog.model)
        if dialog.table.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder:
            ordered.reverse()
        assert ordered[-1] == last
        assert {ordered[0]} <= {first, "a.jsonl:9 repaired", "a.jsonl:10 repaired"}


def test_a_files_lines_are_sorted_by_number(dialog: ImportReportDialog) -> None:
    dialog.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert shown(dialog.model) == ["a.jsonl:9 repaired", "a.jsonl:10 rejected", "a.jsonl:10 repaired", "b.txt skipped"]


def test_a_kind_is_chosen_with_the_keyboard(dialog: ImportReportDialog) -> None:
    assert [dialog.kind.itemText(n) for n in range(4)] == ["All 4 lines", "1 rejected", "2 repaired", "1 skipped"][:4]
    dialog.kind.setFocus()
    for _ in range(2):
        QTest.keyClick(dialog.kind, Qt.Key.Key_Down)
    assert shown(dialog.model) == ["a.jsonl:9 repaired", "a.jsonl:10 repaired"]


def test_words_filter_and_lines_are_copied(dialog: ImportReportDialog) -> None:
    QTest.keyClicks(dialog.field, "NOT json")
    eventually(lambda: shown(dialog.model) == ["a.jsonl:10 rejected"])
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy all lines")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().splitlines()[0] == "a.jsonl:10\trejected\tnot JSON"
    assert QApplication.clipboard().text().splitlines()[2] == f"b.txt\tskipped\t{MARKUP}"
    assert len(QApplication.clipboard().text().splitlines()) == 4
    dialog.table.selectRow(0)
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "a.jsonl:10\trejected\tnot JSON"


def test_of_very_many_lines_only_those_in_sight_are_measured(qt_app: Any) -> None:
    parent = QWidget()
    long = "many words " * 60
    lines = [ReportLine(f"a:{n}", "repaired", long) for n in range(50_000)]
    dialog = ImportReportDialog(parent, ImportReport(repaired=50_000, lines=lines))
    dialog.show()
    usual = dialog.table.rowHeight(40_000)
    eventually(lambda: dialog.table.rowHeight(0) > 2 * usual)
    assert dialog.table.rowHeight(40_000) == usual
    dialog.table.scrollToBottom()
    eventually(lambda: dialog.table.rowHeight(49_999) > 2 * usual)
    assert dialog.table.rowHeight(40_000) == usual
    dialog.close()
    parent.deleteLater()
