"""An import is one step: taken back and made again, whole; and labels become what the user says."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.exporters import by_name
from annotator.importers import ReadOptions, UnitUndecidedError
from annotator.model.article import ArticleState
from annotator.model.offsets import Unit
from annotator.model.span import Suggestion
from annotator.session import Changed, Session
from annotator.session import importing as importing_module
from annotator.session.importing import UnknownLabelsError
from annotator.suggest import Reading

WIRE = "Alibaba Group said on Monday that it will open research hubs: " + " ".join(f"w{n}" for n in range(60)) + "."
TABLES = ("article", "article_text", "span", "suggestion", "label", "label_tally", "article_tally", "import")
GONE = ("gone_article", "gone_article_text", "gone_span", "gone_suggestion", "uncounted")
OWN_SPAN = {"start": 0, "end": 7, "label": "ORG", "source": "person", "decision": "add", "id": "span-1"}


def own(uid: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": uid, "text": WIRE, "spans": list(spans), "state": "done", "schema": "annotator/1"} | more


RECORDS = [
    {"id": "first", "text": WIRE + "One.", "spans": [[0, 7, "ORG"]], "meta": {"title": "A wire"}},
    own("second", OWN_SPAN, {**OWN_SPAN, "id": "span-2", "label": "LOC"}, flagged=True, comment="look"),
    own("third", rejected=[{**OWN_SPAN, "id": "span-3", "decision": "reject"}], text=WIRE + "Three.", state="open"),
]


def write(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


def rows(path: Path, tables: tuple[str, ...] = TABLES) -> dict[str, list[Any]]:
    """All rows of some tables, but for counts that fell to nothing."""
    with closing(sqlite3.connect(path)) as reader:
        found = {table: sorted(map(repr, reader.execute(f"SELECT * FROM {table}"))) for table in tables}
    found["label_tally"] = [row for row in found.get("label_tally", []) if not row.endswith(", 0)")]
    return found


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Callable[[], Session]]:
    """Opens the same project again and again."""
    opened: list[Session] = []

    def open_() -> Session:
        while opened:
            opened.pop().close()
        path = tmp_path / "news.annot"
        opened.append(Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana"))
        return opened[0]

    yield open_
    while opened:
        opened.pop().close()


@pytest.fixture
def project(tmp_path: Path, new: Callable[[], Session]) -> Session:
    """With one article that somebody decided on."""
    session = new()
    session.add_articles([{"id": "before", "text": "MoneyGram is here."}])
    session.add(1, 0, 9, "ORG")
    return session


# Taken back and made again


def test_an_import_is_taken_back_whole_and_made_again_whole(tmp_path: Path, project: Session) -> None:
    path = project.project.path
    before = rows(path)
    report = project.import_files(write(tmp_path / "in.jsonl", *RECORDS))
    assert (report.ids, report.twins, report.lines) == ([2, 3, 4], 2, [])
    project.keep_reading(2, "blank:en", Reading([(0, 7)], [Suggestion(0, 7, "ORG", 0.5, "made up")]))
    project.order.choose("topics", 30)
    after, texts = rows(path), [project.article(n).text for n in report.ids]
    undone = project.undo()
    assert undone is not None
    assert (undone.of, undone.articles) == ("import", 3)
    assert project.article_ids() == [1]
    assert {table: rows(path)[table] for table in ("span", "label", "label_tally", "article_tally")} == {
        table: before[table] for table in ("span", "label", "label_tally", "article_tally")
    }
    assert project.check() == []
    redone = project.redo()
    assert redone is not None
    assert (redone.verb, redone.of, redone.articles) == ("redo", "import", 3)
    assert rows(path) == after
    assert [project.article(n).text for n in report.ids] == texts
    assert [twin.id for twin in project.twins.group_of(3)] == [2, 3, 4]
    assert all(not rows_ for rows_ in rows(path, GONE).values())
    assert project.check() == []


def test_it_survives_a_restart_either_way(tmp_path: Path, new: Callable[[], Session], project: Session) -> None:
    path = project.project.path
    project.import_files(write(tmp_path / "in.jsonl", *RECORDS))
    after = rows(path)
    session = new()
    assert session.next_step("undo") == "import"
    session.undo()
    session = new()
    assert (session.article_ids(), session.next_step("redo")) == ([1], "import")
    session.redo()
    assert rows(path) == after
    assert session.progress().spans["ORG"] == 2


def test_the_history_holds_no_texts(tmp_path: Path, project: Session) -> None:
    project.import_files(write(tmp_path / "in.jsonl", *RECORDS))
    project.undo()
    (size,) = project.project.connection.execute("SELECT max(length(changes)) FROM step").fetchone()
    assert size < 500


def test_decisions_on_its_articles_come_off_first_and_back_last(tmp_path: Path, project: Session) -> None:
    project.import_files(write(tmp_path / "in.jsonl", *RECORDS))
    project.relabel(2, (0, 7), "LOC")
    project.finish(2)
    after = rows(project.project.path)
    for _ in range(3):
        project.undo()
    assert project.article_ids() == [1]
    for _ in range(3):
        project.redo()
    assert rows(project.project.path) == after


def test_an_id_of_an_article_that_went_is_never_given_again(tmp_path: Path, project: Session) -> None:
    source = write(tmp_path / "in.jsonl", *RECORDS)
    project.import_files(source)
    project.undo()
    assert project.import_files(source).ids == [5, 6, 7]
    assert project.redo() is None
    project.undo()
    assert project.add_articles([{"text": "Another."}]) == [8]
    assert project.check() == []


def test_what_follows_it_in_memory_follows_it(tmp_path: Path, project: Session) -> None:
    project.finish(1)
    project.import_files(write(tmp_path / "in.jsonl", *RECORDS))
    told: list[Changed] = []
    project.subscribe(told.append)
    keys, memory = project.learning.keys(), [entry.surface for entry in project.memory.entries()]
    assert [key.partition(":")[0] for key in keys] == ["1", "3"]
    assert "Alibaba" in memory
    project.undo()
    assert told == [Changed(listing=True)]
    (left,) = project.learning.keys()
    assert left.partition(":")[0] == "1"
    assert "Alibaba" not in [entry.surface for entry in project.memory.entries()]
    assert project.twins.groups() == []
    with pytest.raises(KnownError, match="no article 2"):
        project.article(2)
    project.redo()
    assert project.learning.keys() == keys
    assert [entry.surface for entry in project.memory.entries()] == memory


def test_twins_are_found_after_an_import_was_taken_back(tmp_path: Path, project: Session) -> None:
    project.import_files(write(tmp_path / "in.jsonl", *RECORDS))
    project.undo()
    report = project.import_files(write(tmp_path / "again.jsonl", *RECORDS[:2]))
    assert (report.ids, report.twins) == ([5, 6], 1)
    assert [twin.id for twin in project.twins.group_of(6)] == [5, 6]


def test_labels_that_an_import_made_go_with_it(tmp_path: Path, project: Session) -> None:
    names = [label.name for label in project.labels]
    source = write(tmp_path / "in.jsonl", {"text": WIRE, "spans": [[0, 7, "FIRM"]]})
    report = project.import_files(source, decided=True, new_labels=True)
    assert (report.new_labels, report.accepted) == (["FIRM"], 1)
    (*_, made) = project.labels
    assert (made.name, made.key) == ("FIRM", "5")
    assert made.colour not in {label.colour for label in project.labels[:-1]}
    project.undo()
    assert [label.name for label in project.labels] == names
    project.redo()
    assert [span.label for span in project.article(2).confirmed] == ["FIRM"]
    assert project.check() == []


def test_an_import_that_brings_no_article_is_no_step(tmp_path: Path, project: Session) -> None:
    source = write(tmp_path / "in.jsonl", *RECORDS)
    project.import_files(source)
    project.add(2, 0, 13, "PER")
    before = rows(project.project.path, (*TABLES, "step", "annotator"))
    report = project.import_files(source)
    assert (report.skipped, report.records) == (3, 3)
    assert rows(project.project.path, (*TABLES, "step", "annotator")) == before
    assert project.next_step("undo") == "add"


def test_counts_are_exact_after_many_spans_in_several_batches(tmp_path: Path, project: Session) -> None:
    spans = [{**OWN_SPAN, "start": n, "end": n + 3, "label": "ORG" if n % 3 else "PER"} for n in range(40)]
    records = (own(f"n{n}", *({**s, "id": f"{n}-{s['start']}"} for s in spans), text=f"{n} {WIRE}") for n in range(450))
    report = project.import_files(write(tmp_path / "in.jsonl", *records))
    assert (report.accepted, report.spans) == (450, 18000)
    assert project.progress().spans == {"PER": 6300, "ORG": 11701, "LOC": 0, "MISC": 0}
    assert project.check() == []
    project.undo()
    assert project.progress().spans["ORG"] == 1
    project.redo()
    assert project.progress().spans == {"PER": 6300, "ORG": 11701, "LOC": 0, "MISC": 0}
    assert project.check() == []


def test_an_import_that_fails_leaves_nothing(tmp_path: Path, project: Session) -> None:
    before = rows(project.project.path, (*TABLES, *GONE, "step"))
    source = write(tmp_path / "in.jsonl", *({"text": f"Text {n}"} for n in range(450)))
    seen = iter(range(1000))

    def cancelled(_done: int, _total: int) -> None:
        if next(seen) == 420:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        project.import_files(source, progress=cancelled)
    assert rows(project.project.path, (*TABLES, *GONE, "step")) == before
    project.add(1, 10, 12, "LOC")
    assert project.check() == []


def test_the_tables_for_what_went_have_the_columns_of_what_is_there(project: Session) -> None:
    tables = [name for (name,) in project.project.connection.execute("SELECT name FROM sqlite_schema")]
    gone = [name for name in tables if name.startswith("gone_") and not name.endswith("by_id")]
    assert len(gone) == 5
    for name in gone:
        ours, theirs = (
            [row[1] for row in project.project.connection.execute(f"PRAGMA table_info({table})")]
            for table in (name, name.removeprefix("gone_"))
        )
        assert ours == theirs


# Labels


def spans_of(session: Session, article_id: int) -> list[tuple[int, int, str, str]]:
    return [(*span.range, span.label, str(span.state)) for span in session.article(article_id).spans]


FOREIGN = {"id": "x", "text": WIRE, "spans": [[0, 7, "FIRM"], [22, 28, "DAY"], [8, 13, "FIRM"]]}


def test_labels_are_taken_for_those_that_the_user_names(tmp_path: Path, project: Session) -> None:
    source = write(tmp_path / "in.jsonl", FOREIGN)
    report = project.import_files(source, decided=True, labels={"FIRM": "ORG", "DAY": ""})
    assert spans_of(project, 2) == [(0, 7, "ORG", "confirmed"), (8, 13, "ORG", "confirmed")]
    assert (report.accepted, report.spans, report.spans_left_out, report.left_open) == (1, 2, 1, 0)
    assert project.article(2).state is ArticleState.DONE, "what is left out as told is not missed"
    assert [line.reason for line in report.lines] == ["1 span with the label DAY, as you said"]


def test_unknown_labels_are_left_out_and_told_once_each(tmp_path: Path, project: Session) -> None:
    source = write(tmp_path / "in.jsonl", FOREIGN, {**FOREIGN, "id": "y", "text": "Also " + WIRE})
    report = project.import_files(source, decided=True)
    assert report.unknown_labels == {"FIRM": 4, "DAY": 2}
    assert [line.reason.partition(":")[0] for line in report.lines] == ["4 spans left out", "2 spans left out"]
    assert (report.repaired, report.spans_left_out, report.left_open) == (2, 6, 2)
    assert "The project has no label FIRM (4), DAY (2)." in report.summary()
    assert project.article(2).state is ArticleState.OPEN


def test_whoever_wants_to_be_asked_is_asked_before_anything_is_imported(tmp_path: Path, project: Session) -> None:
    before = rows(project.project.path)
    source = write(tmp_path / "in.jsonl", FOREIGN)
    with pytest.raises(UnknownLabelsError) as raised:
        project.import_files(source, ask=True)
    assert raised.value.counts == {"FIRM": 2, "DAY": 1}
    assert rows(project.project.path) == before
    report = project.import_files(source, ask=True, labels={"FIRM": "ORG", "DAY": ""})
    assert report.accepted == 1


def test_a_wish_for_a_label_that_the_project_has_not(tmp_path: Path, project: Session) -> None:
    source = write(tmp_path / "in.jsonl", FOREIGN)
    with pytest.raises(KnownError, match="no label COMPANY"):
        project.import_files(source, labels={"FIRM": "COMPANY"})
    report = project.import_files(source, labels={"FIRM": "COMPANY", "DAY": ""}, new_labels=True)
    assert report.new_labels == ["COMPANY"]
    assert project.labels[-1].key == "5", "the first digit that no label has"
    assert {span[2] for span in spans_of(project, 2)} == {"COMPANY"}


def test_a_strict_import_takes_no_unknown_labels(tmp_path: Path, project: Session) -> None:
    before = rows(project.project.path)
    with pytest.raises(KnownError, match="no label FIRM"):
        project.import_files(write(tmp_path / "in.jsonl", FOREIGN), strict=True)
    assert rows(project.project.path) == before


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ({"spans": [[0, 7, "ORG"]]}, ArticleState.DONE),
        ({"spans": []}, ArticleState.DONE),
        ({"entities": []}, ArticleState.DONE),
        ({"label": []}, ArticleState.DONE),
        ({}, ArticleState.NEW),
        ({"spans": None}, ArticleState.NEW),
        ({"spans": [[0, 7, "ORG"], [5, 9999, "ORG"]]}, ArticleState.OPEN),
        ({"spans": [[0, 7, "ORG"], [0, 7, "FIRM"]]}, ArticleState.OPEN),
    ],
)
def test_decided_articles_are_done_where_all_was_taken(
    tmp_path: Path, project: Session, record: dict[str, Any], state: ArticleState
) -> None:
    report = project.import_files(write(tmp_path / "in.jsonl", {"text": WIRE} | record), decided=True)
    assert project.article(2).state is state
    assert report.left_open == (state is ArticleState.OPEN)
    assert report.accepted + report.repaired == report.records == 1


@pytest.mark.parametrize(
    "format",
    ["brat", "bilou", "conll", "doccano", "gliner", "huggingface-jsonl", "labelbuddy", "spacy", "webanno", "xmi"],
)
def test_an_article_without_spans_is_decided_where_a_format_lists_them(tmp_path: Path, format: str) -> None:
    if format == "xmi":
        pytest.importorskip("cassis")
    out = tmp_path / f"out{by_name(format).suffix}"
    with Session.open(tmp_path / "one.annot", create=True, labels="conll", model="blank:en", annotator="ana") as one:
        for article_id in one.add_articles([{"id": "a", "text": "Rain."}, {"id": "b", "text": "Oslo is wet."}]):
            one.decide(article_id, [(0, 4, "LOC")] if article_id == 2 else [])
        one.export(out, format=format)
    with Session.open(tmp_path / "two.annot", create=True, labels="conll", model="blank:en", annotator="ana") as two:
        two.import_files(out, decided=True, labels={"location": "LOC"})
        assert [two.article(each).state for each in two.article_ids()] == [ArticleState.DONE] * 2
        assert two.progress().spans["LOC"] == 1


UNDECIDED = {"text": "\U0001f600 Alibaba opened a lab.", "label": [[2, 9, "ORG"]]}  # of doccano, with an emoji before


@pytest.fixture
def undecided(tmp_path: Path) -> Path:
    """A folder in which one file does not say how it counts its offsets, and one says it."""
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.jsonl", {"id": "a", "text": "Oslo is wet.", "spans": [[0, 4, "LOC"]]})
    write(folder / "b.jsonl", UNDECIDED)
    span = {"start": 2, "end": 9, "label": "ORG", "text": "Alibaba"}
    write(folder / "c.jsonl", {"id": 7, "text": f"{UNDECIDED['text']} Twice.", "spans": [span]})
    return folder


def test_a_file_whose_offsets_nobody_understands_stops_no_other(undecided: Path, project: Session) -> None:
    report = project.import_files(undecided)
    assert (len(report.ids), report.rejected) == (2, 1)
    (line,) = [line for line in report.lines if line.kind == "rejected"]
    assert line.where == "b.jsonl"
    assert line.reason.startswith("it does not say how it counts offsets; import it again and say which (--offsets): ")
    assert line.reason.endswith("codepoints: “Alibaba”; utf16: “ Alibab”")


def test_nor_does_it_within_an_archive(undecided: Path, tmp_path: Path, project: Session) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "all"), "zip", undecided))
    report = project.import_files(archive)
    (line,) = [line for line in report.lines if line.kind == "rejected"]
    assert (len(report.ids), line.where) == (2, "all.zip/b.jsonl")
    assert line.reason.startswith("it does not say how it counts offsets; import it again and say which (--offsets): ")


def test_how_such_files_count_is_said_for_them_alone(undecided: Path, project: Session) -> None:
    report = project.import_files(undecided, options=ReadOptions(otherwise=Unit.UTF16))
    assert report.rejected == 0
    articles = [project.article(each) for each in report.ids]
    marked = [each.article.text[span.start : span.end] for each in articles for span in each.suggested]
    assert marked == ["Oslo", " Alibab", "Alibaba"]


@pytest.mark.parametrize(
    ("asks", "error", "says"),
    [
        (
            {"strict": True},
            KnownError,
            "Nothing was imported: b.jsonl: it does not say how it counts offsets; .*--offsets",
        ),
        ({"ask_unit": True}, UnitUndecidedError, "b.jsonl does not say how it counts offsets"),
    ],
    ids=str,
)
def test_strict_and_asking_imports_take_nothing_where_a_file_does_not_say_how_it_counts(
    undecided: Path, project: Session, asks: dict[str, bool], error: type[KnownError], says: str
) -> None:
    before = rows(project.project.path)
    with pytest.raises(error, match=says):
        project.import_files(undecided, **asks)
    assert rows(project.project.path) == before


# Odd input


@pytest.mark.parametrize(
    "records", [None, 5, "text", {"text": "x"}, [None], ["x"], [["text", "x"]], [{"text": 5}], [{}]]
)
def test_what_cannot_be_added_is_a_known_error(project: Session, records: Any) -> None:
    before = rows(project.project.path)
    with pytest.raises(KnownError):
        project.add_articles(records)
    assert rows(project.project.path) == before


@pytest.mark.parametrize(
    "spans", [None, 5, "spans", {"start": 0}, [None], [5], [{}], [{"start": 0, "end": 7}], [("0", 7, "ORG")], ["abc"]]
)
def test_what_cannot_be_decided_is_a_known_error(project: Session, spans: Any) -> None:
    with pytest.raises(KnownError):
        project.decide(1, spans)


@pytest.mark.parametrize("article_id", [None, "1", 1.0, [1], True])
def test_what_is_no_article_is_a_known_error(project: Session, article_id: Any) -> None:
    with pytest.raises(KnownError, match="no article"):
        project.decide(article_id, [])


def test_spans_may_be_objects(project: Session) -> None:
    project.decide(1, [{"start": 0, "end": 9, "label": "ORG", "score": 1}])
    assert spans_of(project, 1) == [(0, 9, "ORG", "confirmed")]


def test_a_report_of_millions_of_lines_ends_with_their_number(
    tmp_path: Path, project: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_module, "_MOST_LINES", 3)
    (tmp_path / "a.jsonl").write_text("x\n" * 10 + '{"text": "Rome is old."}\n', "utf-8")
    report = project.import_files(tmp_path / "a.jsonl")
    assert (report.rejected, report.accepted) == (10, 1)
    assert len(report.lines) == 4
    assert (report.lines[-1].where, report.lines[-1].reason) == ("all files", "7 more remarks of this kind")


@pytest.mark.expects_log
def test_what_breaks_an_importer_costs_its_own_file(
    tmp_path: Path, project: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.importers import brat

    def broken(*_: object) -> None:
        raise TypeError("of an importer's making")

    monkeypatch.setattr(brat, "_lines", broken)
    (tmp_path / "a.ann").write_text("T1\tLOC 0 4\tRome\n", "utf-8")
    (tmp_path / "a.txt").write_text("Rome is old.", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "Paris is old."}\n', "utf-8")
    report = project.import_files([tmp_path / "a.ann", tmp_path / "b.jsonl"])
    assert (report.accepted, report.rejected) == (1, 1)
    assert "TypeError" in report.lines[0].reason
    assert "bug" in report.lines[0].reason
