"""Importing in the window by real keys: what is asked, what the session is told, what the project file holds."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QProgressDialog, QWidget

from annotator import importers
from annotator.importers import IMPORTERS, Importer, Problem, ReadOptions, Record, UnitUndecidedError, jsonl
from annotator.importers.looking import Found
from annotator.model.article import Article, ArticleState
from annotator.model.offsets import Unit
from annotator.model.span import Span, SpanState
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui import importing, words
from annotator.ui.dialogs import progress
from annotator.ui.dialogs.import_options import ImportDialog, ImportWish, described
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.offset_unit import TITLES, UnitDialog
from annotator.ui.dialogs.progress import Progress
from annotator.ui.dialogs.unknown_labels import UnknownLabelsDialog
from tests.ui.conftest import Open
from tests.ui.hands import activate, eventually, kept, press

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
TEXT = "Ana met Acme in Oslo about measles."
WORDS = {"Ana": "Person", "Acme": "Company", "Oslo": "LOC", "measles": "Disease"}
Asked = Callable[..., None]


@pytest.fixture
def asked(qt_app: Any) -> Iterator[Asked]:
    """Has the next modal dialogs answered by functions, one after the other; each must have come by the end."""
    waiting: list[Callable[[Any], object]] = []

    def go() -> None:
        dialog = QApplication.activeModalWidget()
        if waiting and dialog is not None and QApplication.activeWindow() is dialog:
            answer = waiting.pop(0)
            try:
                answer(dialog)
            finally:
                dialog.close()

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(go)
    timer.start()

    yield lambda *answers: waiting.extend(answers)
    timer.stop()
    assert not waiting, "a dialog did not come"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the session was told at each import."""
    calls: list[dict[str, Any]] = []
    really = Session.import_files

    def note(self: Session, paths: Any, **choice: Any) -> Any:
        calls.append({key: value for key, value in choice.items() if key != "progress"})
        return really(self, paths, **choice)

    monkeypatch.setattr(Session, "import_files", note)
    return calls


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """One article with four spans, three of whose labels the project lacks."""
    spans = [[TEXT.index(word), TEXT.index(word) + len(word), label] for word, label in WORDS.items()]
    file = tmp_path / "data.jsonl"
    file.write_text(json.dumps({"id": "d1", "text": TEXT, "entities": spans}) + "\n", "utf-8")
    return file


def typed(*keys: Key | tuple[Key, Qt.KeyboardModifier]) -> Callable[[Any], None]:
    """Presses keys on whatever has the keyboard in the dialog."""

    def answer(dialog: Any) -> None:
        for key in keys:
            press(dialog, *(key if isinstance(key, tuple) else (key,)))

    return answer


ENTER = typed(Key.Key_Return)
ESCAPE = typed(Key.Key_Escape)


def spans_of(window: Any, article_id: int = 3) -> list[tuple[str, str, str]]:
    """(surface, label, state) of all spans, read anew from the file."""
    with Session.open(window.desk.session.project.path, read_only=True) as reader:
        article = reader.article(article_id)
        return [(article.surface(span), span.label, str(span.state)) for span in article.spans]


def articles_in(window: Any) -> int:
    """How many there are."""
    return len(window.desk.session.article_ids())


# How files are read


def test_bare_articles_come_in_without_a_question(
    open_window: Open, project: Path, tmp_path: Path, told: list[dict[str, Any]]
) -> None:
    window = open_window(project)
    (tmp_path / "one.txt").write_text("Oslo is cold.", "utf-8")
    window.files.import_paths([tmp_path / "one.txt"])
    assert articles_in(window) == 3
    assert told[0]["options"] == ReadOptions()
    assert not told[0]["decided"]


def test_a_folder_without_files_says_so(open_window: Open, project: Path, tmp_path: Path) -> None:
    window = open_window(project)
    (tmp_path / "empty").mkdir()
    window.files.import_paths([tmp_path / "empty"])
    assert window.status.hint.text() == words.NOTHING_TO_IMPORT


def test_a_file_that_cannot_be_read_stops_no_other(
    open_window: Open, project: Path, tmp_path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    (tmp_path / "one.txt").write_text("Oslo is cold.", "utf-8")
    (tmp_path / "shut.txt").write_text("Rome is warm.", "utf-8")
    opened = os.open

    def refuse(path: Any, *how: Any, **more: Any) -> int:
        if str(path).endswith("shut.txt"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    monkeypatch.setattr(os, "open", refuse)
    asked(ENTER)  # the report
    window.files.import_paths([tmp_path / "one.txt", tmp_path / "shut.txt"])
    assert articles_in(window) == 3


def test_enter_twice_brings_spans_as_suggestions(
    open_window: Open, project: Path, dataset: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(dataset)], ""))
    asked(ENTER, ENTER)
    press(window, Key.Key_I, CTRL)
    assert spans_of(window)[:3] == [
        ("Ana", "PER", "suggested"),
        ("Acme", "ORG", "suggested"),
        ("Oslo", "LOC", "suggested"),
    ]
    assert window.desk.session.article(3).state is ArticleState.NEW


def test_the_next_files_are_looked_for_where_the_last_ones_were(
    open_window: Open, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    (tmp_path / "wire" / "may").mkdir(parents=True)
    (tmp_path / "wire" / "may" / "one.txt").write_text("Oslo is cold.", "utf-8")
    begun: list[str] = []

    def chosen(folder: str, name: str) -> str:
        begun.append(folder)
        return str(tmp_path / "wire" / name)

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda _p, _t, at, *_: ([chosen(at, "may/one.txt")], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda _p, _t, at: chosen(at, "may"))
    window.files.import_()
    monkeypatch.setattr(importing, "show_import_report", lambda *_: None)
    window.files.import_folder()
    window.files.import_folder()
    assert begun[1:] == [str(tmp_path / "wire" / "may"), str(tmp_path / "wire")]


def test_an_arrow_makes_them_decisions(open_window: Open, project: Path, dataset: Path, asked: Asked) -> None:
    window = open_window(project)
    asked(typed(Key.Key_Down, Key.Key_Return), ENTER)
    window.files.import_paths([dataset])
    assert kept(window, 3)[:2] == [("Ana", "PER", "confirmed"), ("Acme", "ORG", "confirmed")]
    assert window.desk.session.article(3).state is ArticleState.DONE


def test_the_question_comes_for_dropped_files_and_folders_too(
    open_window: Open, project: Path, dataset: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(dataset.parent / "sets"))
    (dataset.parent / "sets").mkdir()
    dataset.rename(dataset.parent / "sets" / "data.jsonl")
    asked(ESCAPE)
    window.files.import_folder()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(dataset.parent / "sets"))])
    asked(ESCAPE)
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier))
    assert articles_in(window) == 2


def test_all_that_is_said_reaches_the_session(
    open_window: Open, project: Path, dataset: Path, asked: Asked, told: list[dict[str, Any]]
) -> None:
    window = open_window(project)

    def answer(dialog: ImportDialog) -> None:
        dialog.format.setFocus()
        for _ in range(dialog.format.findData("jsonl")):
            press(dialog, Key.Key_Down)
        dialog.strict.setFocus()
        press(dialog, Key.Key_Space)
        dialog.headline.setFocus()
        press(dialog, Key.Key_Space)
        press(dialog, Key.Key_Return)

    asked(answer, ENTER)
    window.files.import_paths([dataset])
    first, second = told
    assert (first["format"], first["strict"], first["options"]) == ("jsonl", True, ReadOptions(headline=True))
    assert (first["ask"], first["labels"], first["new_labels"]) == (True, None, False)
    assert (second["ask"], second["new_labels"]) == (False, True)
    assert second["labels"] == {"Person": "PER", "Company": "ORG"}
    assert second["options"] == first["options"]
    assert Settings().get("headline"), "the next import of pages does the same"


def test_the_headline_is_kept_for_bare_articles(
    open_window: Open, project: Path, tmp_path: Path, told: list[dict[str, Any]]
) -> None:
    window = open_window(project)
    window.looks.settings.set("headline", True)
    (tmp_path / "one.txt").write_text("Oslo is cold.", "utf-8")
    window.files.import_paths([tmp_path / "one.txt"])
    assert told[0]["options"] == ReadOptions(headline=True)


def test_bare_articles_can_be_imported_with_options(
    open_window: Open, project: Path, tmp_path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    (tmp_path / "one.txt").write_text("Oslo is cold.", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(tmp_path / "one.txt")], ""))
    asked(ESCAPE)
    window.files.import_(asks=True)
    assert articles_in(window) == 2


def test_the_column_of_the_text_is_named(
    open_window: Open, project: Path, tmp_path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    table = tmp_path / "table.csv"
    table.write_text("id,teaser,story\n1,Oslo is cold and dark in winter.,Rome is warm.\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(table)], ""))

    def answer(dialog: ImportDialog) -> None:
        dialog.text_column.setFocus()
        QTest.keyClicks(dialog.text_column, "story")
        press(dialog, Key.Key_Return)

    asked(answer)
    window.files.import_(asks=True)
    assert window.desk.session.article(3).text == "Rome is warm."


def test_each_format_says_what_comes_in(qt_app: Any) -> None:
    parent = QWidget()
    dialog = ImportDialog(parent, Found(1, Counter({IMPORTERS[0]: 1})), IMPORTERS, False)
    for at, importer in enumerate(IMPORTERS, 1):
        dialog.format.setCurrentIndex(at)
        assert importer.remark in [label.text() for label in dialog.findChildren(QLabel)]
        assert dialog.wish() == ImportWish(format=importer.name)


def test_what_was_found_is_one_sentence() -> None:
    first, last = replace(IMPORTERS[0], title="doccano"), replace(IMPORTERS[-1], title="Plain text")
    assert described(Found(3, Counter({first: 2, last: 1}))) == "3 files: doccano (2), Plain text (1)."
    assert described(Found(1, Counter({first: 1}))) == "1 file: doccano."
    assert described(Found(0, Counter())) == "There are no files."
    assert described(Found(900, Counter({first: 200}))) == "900 files. The 200 that were looked at: doccano (200)."


# Labels that the project does not know


def labels_after(open_window: Open, project: Path, dataset: Path, asked: Asked, *keys: Any) -> tuple[Any, Any]:
    """The window and the imported spans by their words, after these keys in the dialog for labels."""
    window = open_window(project)
    asked(ENTER, typed(*keys))
    window.files.import_paths([dataset])
    return window, {surface: label for surface, label, _ in spans_of(window)}


def test_enter_takes_the_guesses_and_makes_the_rest_new(
    open_window: Open, project: Path, dataset: Path, asked: Asked
) -> None:
    window, spans = labels_after(open_window, project, dataset, asked, Key.Key_Return)
    assert spans == {"Ana": "PER", "Acme": "ORG", "Oslo": "LOC", "measles": "Disease"}
    assert [label.name for label in window.desk.session.labels] == ["PER", "ORG", "LOC", "MISC", "Disease"]


def test_label_keys_choose_and_arrows_move(open_window: Open, project: Path, dataset: Path, asked: Asked) -> None:
    keys = (Key.Key_4, Key.Key_Down, Key.Key_Delete, Key.Key_Down, Key.Key_1, Key.Key_Return)
    window = open_window(project)
    asked(ENTER, typed(*keys), ENTER)  # what was left out is in the report
    window.files.import_paths([dataset])
    assert {surface: label for surface, label, _ in spans_of(window)} == {
        "Ana": "MISC",
        "Oslo": "LOC",
        "measles": "PER",
    }
    assert [label.name for label in window.desk.session.labels] == ["PER", "ORG", "LOC", "MISC"]


def test_plus_makes_a_new_label_of_what_was_guessed(
    open_window: Open, project: Path, dataset: Path, asked: Asked
) -> None:
    window, spans = labels_after(open_window, project, dataset, asked, Key.Key_Plus, Key.Key_Return)
    assert spans["Ana"] == "Person"
    assert {"Person", "Disease"} <= {label.name for label in window.desk.session.labels}


def test_all_rows_at_once(open_window: Open, project: Path, dataset: Path, asked: Asked) -> None:
    window = open_window(project)
    asked(ENTER, typed((Key.Key_A, CTRL), Key.Key_Delete, Key.Key_Return), ENTER)
    window.files.import_paths([dataset])
    assert spans_of(window) == [("Oslo", "LOC", "suggested")]


def test_escape_imports_nothing(open_window: Open, project: Path, dataset: Path, asked: Asked) -> None:
    window = open_window(project)
    asked(ENTER, ESCAPE)
    window.files.import_paths([dataset])
    assert articles_in(window) == 2
    activate(window)
    press(window, Key.Key_Space)
    assert len(kept(window)) == 1


@pytest.fixture
def unknown(open_window: Open, project: Path) -> Iterator[UnknownLabelsDialog]:
    """The dialog for labels on the screen."""
    window = open_window(project)
    session = window.desk.session
    made = UnknownLabelsDialog(window, {"Law": 2, "Person": 7}, session.labels, window.looks.theme)
    made.show()
    activate(made)
    yield made
    made.close()


def test_the_most_frequent_label_stands_first_with_its_guess(unknown: UnknownLabelsDialog) -> None:
    rows = [[unknown.table.item(row, column).text() for column in range(3)] for row in range(2)]
    assert rows == [["Person", "7", "PER"], ["Law", "2", "MISC"]]
    assert unknown.wish() == ({"Person": "PER", "Law": "MISC"}, False)


def test_the_mouse_chooses_from_the_list(unknown: UnknownLabelsDialog) -> None:
    item = unknown.choices.topLevelItem(4)
    QTest.mouseClick(unknown.choices.viewport(), LEFT, pos=unknown.choices.visualItemRect(item).center())
    assert unknown.wish() == ({"Law": "MISC"}, True)
    QTest.mouseClick(
        unknown.table.viewport(), LEFT, pos=unknown.table.visualItemRect(unknown.table.item(1, 0)).center()
    )
    assert unknown.choices.currentItem().text(0) == "MISC"
    assert unknown.wish() == ({"Law": "MISC"}, True), "following a row changes nothing"


def test_arrows_choose_in_the_list(unknown: UnknownLabelsDialog) -> None:
    unknown.choices.setFocus()
    press(unknown, Key.Key_Down)
    assert unknown.wish().labels["Person"] == "ORG"
    press(unknown, Key.Key_Return)
    assert not unknown.isVisible()


# How offsets are counted


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> Importer:
    """A format whose files do not say how they count."""

    def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
        if options.unit is None:
            raise UnitUndecidedError(path.name, {Unit.UTF16: ("Ana", "Oslo"), Unit.UTF8: ("na ", "slo ")})
        start = {Unit.UTF16: 0, Unit.UTF8: 1}[options.unit]
        span = Span(start, start + 3, "Person", SpanState.SUGGESTED, "import")
        yield Record(path.name, Article("u1", TEXT), (span,))

    made = replace(jsonl.IMPORTER, name="undecided", read=read)
    monkeypatch.setattr(importers, "IMPORTERS", (made,))
    monkeypatch.setattr(importers, "importer_of", lambda _path: made)
    return made


@pytest.mark.parametrize(("keys", "words"), [((), "Ana"), ((Key.Key_Down,), "na ")])
def test_the_words_that_are_meant_decide_how_offsets_count(
    open_window: Open, project: Path, dataset: Path, asked: Asked, undecided: Importer, keys: Any, words: str
) -> None:
    window = open_window(project)
    seen: list[list[str]] = []

    def choose(dialog: UnitDialog) -> None:
        seen.append([label.text() for label in dialog.findChildren(QLabel)])
        typed(*keys, Key.Key_Return)(dialog)

    asked(ENTER, choose, ENTER)  # then the label
    window.files.import_paths([dataset])
    assert "“Ana”  “Oslo”" in seen[0]
    assert spans_of(window) == [(words, "PER", "suggested")]


def test_files_that_do_not_say_how_they_count_can_be_left_out_and_are_named(
    open_window: Open, project: Path, dataset: Path, tmp_path: Path, asked: Asked, undecided: Importer
) -> None:
    window = open_window(project)
    told: list[str] = []
    (other := tmp_path / "other.jsonl").write_text("x", "utf-8")

    def leave_out(dialog: UnitDialog) -> None:
        dialog.choices.buttons()[-1].click()
        ENTER(dialog)

    def read(dialog: ImportReportDialog) -> None:
        told.append(dialog.as_text())
        dialog.reject()

    asked(ENTER, leave_out, read)
    window.files.import_paths([dataset, other])
    assert articles_in(window) == 2
    assert [line.split("\t")[0] for line in told[0].splitlines()] == [dataset.name, other.name]
    assert told[0].count("import it again and say which") == 2


def test_a_strict_import_asks_once_and_takes_nothing_where_such_files_are_left_out(
    open_window: Open, project: Path, dataset: Path, asked: Asked, undecided: Importer
) -> None:
    window = open_window(project)
    said: list[str] = []

    def strictly(dialog: ImportDialog) -> None:
        dialog.strict.setChecked(True)
        ENTER(dialog)

    def leave_out(dialog: UnitDialog) -> None:
        dialog.choices.buttons()[-1].click()
        ENTER(dialog)

    asked(strictly, leave_out, lambda dialog: said.extend(label.text() for label in dialog.findChildren(QLabel)))
    window.files.import_paths([dataset])
    assert articles_in(window) == 2
    assert "Nothing was imported: data.jsonl: it does not say how it counts offsets" in " ".join(said)


def test_not_knowing_how_offsets_count_imports_nothing(
    open_window: Open, project: Path, dataset: Path, asked: Asked, undecided: Importer
) -> None:
    window = open_window(project)
    asked(ENTER, ESCAPE)
    window.files.import_paths([dataset])
    assert articles_in(window) == 2


def test_the_words_are_heard_with_the_way_of_counting(qt_app: Any) -> None:
    parent = QWidget()
    dialog = UnitDialog(parent, "a.json", {Unit.UTF16: ("Ana",), Unit.UTF8: ("na ",)})
    assert dialog.choices.button(1).accessibleDescription() == "“na ”"


def test_every_unit_has_a_plain_name() -> None:
    assert set(TITLES) == set(Unit)


# On the way


def test_files_are_counted_while_it_runs(qt_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0)
    parent = QWidget()
    with Progress(parent, "Importing articles", "record") as shown:
        dialog = parent.findChild(QProgressDialog)
        shown.step(0, 3)
        assert dialog.labelText() == "Importing articles: file 1 of 3"
        shown.step(1, 3)
        assert dialog.labelText() == "Importing articles: file 2 of 3"
        assert (dialog.value(), dialog.maximum()) == (1, 3)
        shown.step(3, 3)
        assert "comparing" in dialog.labelText(), "all files are read"
    parent.deleteLater()


def test_of_one_file_only_the_records_are_counted(qt_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0)
    parent = QWidget()
    with Progress(parent, "Importing articles", "record") as shown:
        shown.step(0, 1)
        dialog = parent.findChild(QProgressDialog)
        assert (dialog.labelText(), dialog.maximum()) == ("Importing articles: 1 record", 0)
    parent.deleteLater()


def test_the_session_says_each_record(tmp_path: Path, project: Path) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text("".join(f'{{"text": "Article {n}"}}\n' for n in range(5)))
    steps: list[tuple[int, int]] = []
    with Session.open(project) as session:
        session.import_files([file], progress=lambda *step: steps.append(step))
    assert steps[:5] == [(0, 1)] * 5


def test_the_window_answers_after_an_import(open_window: Open, project: Path, dataset: Path, asked: Asked) -> None:
    window = open_window(project)
    asked(ENTER, ENTER)
    window.files.import_paths([dataset])
    eventually(lambda: "1 of 1 article imported" in window.status.hint.text())
