"""The export dialog's options, its destination and the report, by real keys; what the session is told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget

from annotator.errors import KnownError
from annotator.exporters import EXPORTERS
from annotator.exporters.base import Exporter, Ledger, LedgerLine
from annotator.session import Session
from annotator.session.outcome import ExportReport
from annotator.ui import exporting
from annotator.ui.dialogs.export import ExportDialog, ExportWish
from annotator.ui.dialogs.export_report import ExportReportDialog
from tests.ui.conftest import Open
from tests.ui.hands import activate, press

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
JSONL = next(each for each in EXPORTERS if each.name == "jsonl")
CONLL = next(each for each in EXPORTERS if each.name == "conll")
FOLDER = replace(JSONL, name="folder", title="A folder", suffix=".data", is_folder=True)
LONG = replace(JSONL, name="long", title="A long ending", suffix=".tool.jsonl")


@pytest.fixture
def dialog(qt_app: Any, tmp_path: Path) -> Iterator[ExportDialog]:
    """The export dialog on the screen, with a format that is a folder and one with a long ending."""
    parent = QWidget()
    made = ExportDialog(parent, (JSONL, CONLL, FOLDER, LONG), tmp_path, "my.news")
    made.show()
    activate(made)
    yield made
    made.close()
    parent.deleteLater()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of message boxes, none of which waits."""
    words: list[str] = []

    def note(box: QMessageBox) -> int:
        words.append(box.text())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", note)
    return words


def down(field: QWidget, times: int = 1) -> None:
    """Choose by the arrow key."""
    field.setFocus()
    for _ in range(times):
        QTest.keyClick(field, Key.Key_Down)


def tick(box: QWidget) -> None:
    """Choose by the space bar."""
    box.setFocus()
    QTest.keyClick(box, Key.Key_Space)


def write(field: QLineEdit, words: str) -> None:
    """Type in place of what is there."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def test_enter_exports_what_is_usual(dialog: ExportDialog, tmp_path: Path) -> None:
    press(dialog, Key.Key_Return)
    assert dialog.result()
    assert dialog.wish() == ExportWish(tmp_path / "my.news.jsonl", "jsonl")


def test_everything_can_be_said(dialog: ExportDialog, tmp_path: Path) -> None:
    options = dialog.options
    down(options.states)
    down(options.picked, 2)
    down(options.parts)
    write(options.shares, "70 / 20 / 10")
    for box in (options.same_source, options.same_day, options.negatives, options.strict):
        tick(box)
    assert dialog.wish() == ExportWish(
        tmp_path / "my.news.jsonl", "jsonl", "all", "rest", True, "70/20/10", True, ("source", "day")
    )


def test_what_concerns_parts_is_shown_only_with_them(dialog: ExportDialog) -> None:
    of_parts = (dialog.options.shares, dialog.options.same_source, dialog.options.same_day)
    height = dialog.height()
    assert not any(field.isVisible() for field in of_parts)
    down(dialog.options.parts)
    assert all(field.isVisible() for field in of_parts)
    assert dialog.height() > height
    for box in (dialog.options.same_source, dialog.options.same_day):
        tick(box)
    QTest.keyClick(dialog.options.parts, Key.Key_Up)
    assert (dialog.wish().split, dialog.wish().group) == (None, ())
    assert dialog.height() == height


def test_on_a_small_screen_the_buttons_stay_in_sight(dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    small = QRect(0, 0, 1000, 660)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: small)
    dialog.move(100, 60)
    down(dialog.options.parts)
    dialog.format.choose(FOLDER.name)
    assert small.contains(dialog.geometry())
    assert dialog.height() >= dialog.minimumSizeHint().height(), "nothing is squeezed"
    assert dialog.format.height() > dialog.fontMetrics().lineSpacing() * 3, "a format is still seen"


@pytest.mark.parametrize("shares", ["", "80/10", "80/10/20", "a/b/c", "80-10-10"])
def test_shares_that_are_none_keep_the_dialog_open(dialog: ExportDialog, said: list[str], shares: str) -> None:
    down(dialog.options.parts)
    dialog.options.shares.clear()
    write(dialog.options.shares, shares)
    press(dialog, Key.Key_Return)
    assert dialog.isVisible()
    assert "80/10/10" in said[0]


# Where to


def chosen(dialog: ExportDialog, exporter: Exporter) -> str:
    """The destination's name once the format is this one."""
    dialog.format.choose(exporter.name)
    return dialog.destination.path.name


def test_every_ending_gives_way_to_the_next(dialog: ExportDialog) -> None:
    for exporter in (LONG, CONLL, FOLDER, LONG, FOLDER, JSONL):
        assert chosen(dialog, exporter) == f"my.news{exporter.suffix}"


def test_a_folder_says_how_it_becomes_a_zip_file(dialog: ExportDialog, tmp_path: Path) -> None:
    shown = [label for label in dialog.findChildren(QLabel) if ".zip" in label.text()]
    assert not shown[0].isVisible()
    chosen(dialog, FOLDER)
    assert shown[0].isVisible()
    write(dialog.destination.field, str(tmp_path / "my.data.zip"))
    press(dialog, Key.Key_Return)
    assert dialog.wish().path == tmp_path / "my.data.zip"
    assert chosen(dialog, CONLL) == "my.conll"


def test_a_folder_that_is_taken_is_left_to_the_session(
    open_window: Open, project: Path, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    (tmp_path / "my.data").mkdir()
    (tmp_path / "my.data" / "precious").touch()

    def refuse(*_: Any, **__: Any) -> None:
        raise KnownError("my.data is there already.")

    monkeypatch.setattr(Session, "export", refuse)
    wish = ExportWish(tmp_path / "my.data", "jsonl")
    answers, shown = iter([wish, None]), []
    monkeypatch.setattr(exporting, "ask_export", lambda *asked: (shown.append(asked[-1]), next(answers))[1])
    window.files.export()
    assert said == ["my.data is there already."]
    assert shown == [None, wish], "asked again as it was answered"


@pytest.mark.parametrize("is_split", [False, True])
def test_only_what_is_no_earlier_export_is_asked_about(
    open_window: Open, project: Path, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch, is_split: bool
) -> None:
    window = open_window(project)
    out = tmp_path / ("my-train.jsonl" if is_split else "my.jsonl")
    wish = ExportWish(tmp_path / "my.jsonl", "jsonl", "all", split="50/50/0" if is_split else None)
    monkeypatch.setattr(exporting, "show_export_report", lambda *_: None)
    answers = iter([wish, wish, wish, None])
    monkeypatch.setattr(exporting, "ask_export", lambda *_: next(answers))
    window.files.export()
    window.files.export()
    assert said == []
    out.write_text("precious", "utf-8")
    window.files.export()
    assert said[0].startswith(f"{out.name} is there already")
    assert "--" not in said[0]
    assert out.read_text("utf-8") == "precious"


@pytest.mark.parametrize(("keys", "is_replaced"), [((Key.Key_Return,), False), ((Key.Key_Tab, Key.Key_Space), True)])
def test_enter_replaces_nothing(
    open_window: Open,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[Key],
    is_replaced: bool,
) -> None:
    window = open_window(project)
    out = tmp_path / "my.jsonl"
    out.write_text("precious", "utf-8")
    answers = iter([ExportWish(out, "jsonl", "all"), None])
    monkeypatch.setattr(exporting, "ask_export", lambda *_: next(answers))
    monkeypatch.setattr(exporting, "show_export_report", lambda *_: None)

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        activate(box)
        for key in keys:
            press(box, key)

    QTimer.singleShot(300, answer)
    window.files.export()
    assert (out.read_text("utf-8") != "precious") is is_replaced


def test_work_is_seen_to_begin(
    open_window: Open, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    seen: list[object] = []

    def work(*_: Any, **__: Any) -> ExportReport:
        cursor = QApplication.overrideCursor()
        seen.extend((window.status.hint.text(), cursor is not None and cursor.shape()))
        raise KnownError("The disk is full.")

    monkeypatch.setattr(Session, "export", work)
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: seen.append(QApplication.overrideCursor()))
    answers = iter([ExportWish(tmp_path / "my.jsonl", "jsonl"), None])
    monkeypatch.setattr(exporting, "ask_export", lambda *_: next(answers))
    window.files.export()
    assert seen == ["Exporting the dataset…", Qt.CursorShape.BusyCursor, None]


def test_the_dialog_comes_up_as_it_was_left(dialog: ExportDialog, tmp_path: Path) -> None:
    wish = ExportWish(tmp_path / "other.conll", "conll", "all", "rest", True, "70/20/10", True, ("day",))
    dialog.show_wish(wish)
    assert dialog.wish() == wish
    usual = ExportWish(tmp_path / "other.jsonl", "jsonl")
    dialog.show_wish(usual)
    assert dialog.wish() == usual


def test_a_place_is_chosen(dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles: list[str] = []

    def answer(_dialog: QWidget, title: str, *_: Any, **__: Any) -> tuple[str, str]:
        titles.append(title)
        return str(tmp_path / "other.jsonl"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    browse = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Choose…")
    QTest.mouseClick(browse, LEFT)
    assert dialog.wish().path == tmp_path / "other.jsonl"
    chosen(dialog, FOLDER)
    QTest.mouseClick(browse, LEFT)
    assert "folder" in titles[1]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    QTest.mouseClick(browse, LEFT)
    assert dialog.wish().path == tmp_path / "other.jsonl"


# What the session is told, and what it answers


def test_the_session_is_told_all_of_it(
    open_window: Open, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    calls: list[tuple[Path, dict[str, Any]]] = []

    def note(_session: Session, out: Path, **choice: Any) -> ExportReport:
        calls.append((out, choice))
        return ExportReport({"out.jsonl": Ledger()})

    wish = ExportWish(tmp_path / "out.jsonl", "jsonl", "all", "rest", True, "70/20/10", True, ("day",))
    monkeypatch.setattr(Session, "export", note)
    monkeypatch.setattr(exporting, "ask_export", lambda *_: wish)
    monkeypatch.setattr(exporting, "show_export_report", lambda *_: None)
    window.files.export()
    ((out, choice),) = calls
    del choice["progress"]
    assert not choice.pop("replace"), "nobody said so"
    assert ExportWish(out, **choice) == wish


REPORT = ExportReport(
    {
        "news-train.conll": Ledger(8, 100, 7, 3, ["a widened span", "a nested one"]),
        "news-dev.conll": Ledger(1, 9),
        "news-test.conll": Ledger(1, 0, 0, 1, ["another"]),
    },
    ("3 articles were not picked at random",),
)


@pytest.fixture
def shown(qt_app: Any, tmp_path: Path) -> Iterator[Callable[[ExportReport], ExportReportDialog]]:
    """Shows the report of an export."""
    parent = QWidget()

    def show(report: ExportReport) -> ExportReportDialog:
        made = ExportReportDialog(parent, report, tmp_path)
        made.show()
        activate(made)
        return made

    yield show
    parent.deleteLater()


def test_the_report_says_what_became_of_each_span(shown: Callable[[ExportReport], ExportReportDialog]) -> None:
    dialog = shown(REPORT)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "8 articles, 110 spans: 100 as they are, 7 adjusted, 3 left out." in said
    assert "3 articles were not picked at random" in said
    assert dialog.reasons.toPlainText().splitlines() == [
        "news-train.conll:",
        "a widened span",
        "a nested one",
        "",
        "news-test.conll:",
        "another",
    ]
    press(dialog, Key.Key_Return)
    assert not dialog.isVisible()


def test_the_report_names_each_span_that_did_not_leave_as_it_is(
    shown: Callable[[ExportReport], ExportReportDialog],
) -> None:
    lines = [
        LedgerLine("a1", 0, 3, "ORG", "adjusted", "it was moved to token edges", "AT&"),
        LedgerLine("a2", 5, 9, "PER", "dropped", "it overlaps a longer one", "Mary"),
    ]
    dialog = shown(ExportReport({"news.conll": Ledger(2, 0, 1, 1, ["two reasons"], lines)}))
    assert dialog.table.isVisible()
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Copy all lines")
    QTest.mouseClick(button, LEFT)
    assert QApplication.clipboard().text().splitlines() == [
        "a1\tadjusted\t“AT&” ORG: it was moved to token edges",
        "a2\tleft out\t“Mary” PER: it overlaps a longer one",
    ]


def test_a_report_without_reasons_shows_none(shown: Callable[[ExportReport], ExportReportDialog]) -> None:
    dialog = shown(ExportReport({"news.jsonl": Ledger(2, 0)}))
    assert not dialog.reasons.isVisible()
    assert not dialog.table.isVisible()
    assert dialog.accept_button.hasFocus()
    assert "2 articles, 0 spans." in [label.text() for label in dialog.findChildren(QLabel)]


def test_the_folder_is_opened(
    shown: Callable[[ExportReport], ExportReportDialog],
    tmp_path: Path,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[QUrl] = []
    answers = iter([True, False])
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: (opened.append(url), next(answers))[1])
    button = next(each for each in shown(REPORT).findChildren(QPushButton) if each.text() == "Open folder")
    QTest.mouseClick(button, LEFT)
    assert (opened, said) == ([QUrl.fromLocalFile(str(tmp_path))], [])
    QTest.mouseClick(button, LEFT)
    assert str(tmp_path) in said[0]
