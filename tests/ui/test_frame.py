"""What all dialogs have in common, and the fields that they are made of."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator import exporters, resources
from annotator.exporters.base import Ledger
from annotator.importers import IMPORTERS
from annotator.importers.looking import Found
from annotator.model.article import ArticleState
from annotator.model.label import Label
from annotator.model.offsets import Unit
from annotator.model.order import ORDERS
from annotator.session import ImportReport
from annotator.session.outcome import ExportReport, ReportLine
from annotator.settings import Settings
from annotator.store.twins import Twin
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.export_report import ExportReportDialog
from annotator.ui.dialogs.frame import Frame
from annotator.ui.dialogs.import_options import ImportDialog
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.labels import LabelEditor
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.offset_unit import UnitDialog
from annotator.ui.dialogs.order import OrderDialog
from annotator.ui.dialogs.progress import Progress
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.dialogs.shortcuts import ShortcutSheet
from annotator.ui.dialogs.twins import TwinsDialog
from annotator.ui.dialogs.unknown_labels import UnknownLabelsDialog
from annotator.ui.fields import NumberField
from annotator.ui.theme import Theme
from tests.ui.hands import eventually

Key = Qt.Key
LABELS = (Label("PER", "blue", "1"), Label("ORG", "orange", "2"))
REPORT = ImportReport(rejected=1, lines=[ReportLine("a.jsonl:3", "rejected", "not JSON")])
FOUND = Found(2, Counter({IMPORTERS[0]: 1, IMPORTERS[-1]: 1}))
EXPORTED = ExportReport({"a.conll": Ledger(1, 1, 1, 1, ["a note"])}, ("a warning",))
TWINS = tuple(Twin(number, f"a{number}", "A title <b>", ArticleState.NEW) for number in (1, 2))

MAKERS: dict[str, Callable[[QWidget, Path], Frame]] = {
    "labels": lambda parent, _: LabelEditor(parent, LABELS, Theme(), frozenset()),
    "keys": lambda parent, _: ShortcutSheet(parent, [("File", [("Open…", "Ctrl+O")])], LABELS),
    "new project": lambda parent, folder: NewProjectDialog(parent, resources.schemes(), [], folder),
    "import report": lambda parent, _: ImportReportDialog(parent, REPORT),
    "import": lambda parent, _: ImportDialog(parent, FOUND, IMPORTERS, False),
    "unknown labels": lambda parent, _: UnknownLabelsDialog(parent, {"Person": 3, "Law": 1}, LABELS, Theme()),
    "unit": lambda parent, _: UnitDialog(parent, "a.jsonl", {Unit.CODEPOINTS: ("Oslo",), Unit.UTF16: ("slo ",)}),
    "export report": lambda parent, folder: ExportReportDialog(parent, EXPORTED, folder),
    "export": lambda parent, folder: ExportDialog(parent, exporters.EXPORTERS, folder, "news"),
    "settings": lambda parent, _: SettingsDialog(parent, Settings()),
    "order": lambda parent, _: OrderDialog(parent, ORDERS, "topics", 20),
    "twins": lambda parent, _: TwinsDialog(parent, [TWINS], 1, 0),
}


@pytest.fixture
def parent(qt_app: Any) -> Iterator[QWidget]:
    """What the dialogs stand before; takes them along when it goes."""
    parent = QWidget()
    parent.show()
    yield parent
    parent.close()
    parent.deleteLater()
    qt_app.sendPostedEvents(parent, QEvent.Type.DeferredDelete)  # its timers go too, before the project closes


def shown(dialog: Any) -> Any:
    """The dialog on the screen, without waiting for its answer."""
    dialog.show()
    dialog.activateWindow()
    QTest.qWaitForWindowActive(dialog)
    return dialog


@pytest.fixture(params=MAKERS)
def any_dialog(request: pytest.FixtureRequest, parent: QWidget, tmp_path: Path) -> Any:
    """Each dialog in turn."""
    return shown(MAKERS[request.param](parent, tmp_path))


def test_all_words_on_the_main_button_can_be_read(any_dialog: Any) -> None:
    button = any_dialog.accept_button
    assert button.width() > button.fontMetrics().horizontalAdvance(button.text())
    assert button.isDefault()


def test_tab_comes_to_the_rows_before_the_buttons(any_dialog: Any) -> None:
    focused = any_dialog.focusWidget()
    assert focused is not None
    assert not any_dialog.buttons.isAncestorOf(focused)
    QTest.keyClick(focused, Key.Key_Tab)
    QTest.keyClick(any_dialog.focusWidget(), Key.Key_Backtab)
    assert any_dialog.accept_button.isDefault()


def test_escape_closes_it(any_dialog: Any) -> None:
    QTest.keyClick(any_dialog, Key.Key_Escape)
    assert not any_dialog.isVisible()


def test_enter_accepts_wherever_the_focus_is(any_dialog: Any) -> None:
    fields = [field for field in any_dialog.findChildren(QLineEdit) if field.isVisible()] or [any_dialog.focusWidget()]
    any_dialog.accept_button.setFocus()  # a default button that loses the focus may stop being the default
    fields[0].setFocus()
    QTest.keyClick(fields[0], Key.Key_Return)
    assert not any_dialog.isVisible()


def test_chips_take_the_lines_they_need(parent: QWidget, tmp_path: Path) -> None:
    chips = shown(NewProjectDialog(parent, resources.schemes(), [], tmp_path))._chips
    assert chips.heightForWidth(150) > chips.heightForWidth(400) > chips.heightForWidth(5000) > 0
    chips.show_labels(())
    assert chips.heightForWidth(400) == 0


def test_long_reasons_are_shown_whole(parent: QWidget) -> None:
    lines = [ReportLine("a", "repaired", "short"), ReportLine("b", "repaired", "many words " * 60)]
    dialog = shown(ImportReportDialog(parent, ImportReport(repaired=2, lines=lines)))
    eventually(lambda: dialog.table.rowHeight(1) > 3 * dialog.table.rowHeight(0))


def test_a_report_without_lines_is_one_sentence(parent: QWidget) -> None:
    dialog = shown(ImportReportDialog(parent, ImportReport(accepted=3)))
    assert not dialog.table.isVisible()
    assert not dialog.copy_button.isVisible()


def test_a_number_stays_within_its_bounds(qt_app: Any) -> None:
    field = NumberField(99, 10, 48)
    assert field.value() == 48
    QTest.keyClick(field, Key.Key_Up)
    assert field.value() == 48
    QTest.keyClick(field, Key.Key_Down)
    assert field.value() == 47
    field.clear()
    assert field.value() == 10


def test_progress_shows_itself_when_it_takes_long_even_in_the_first_file(parent: QWidget) -> None:
    with Progress(parent, "Importing") as progress:
        for _ in range(12):
            time.sleep(0.01)
            progress.step(0, 1)
        assert not progress._dialog.isVisible()
        for _ in range(50):
            time.sleep(0.01)
            progress.step(0, 1)
        assert progress._dialog.isVisible()
