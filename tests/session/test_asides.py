"""Passages not to be labelled: marked, cleared, taken back; left out of what is decided, learned and counted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.model.aside import AsideState
from annotator.model.span import SpanState, Suggestion
from annotator.session import Session
from annotator.store import memory as memory_rows
from annotator.store import suggestions as suggestion_rows
from annotator.suggest import Reading
from tests.decided import PEOPLE, PLACES, record
from tests.made_up_source import MadeUpSource
from tests.offered import SUGGESTED, TEXT, add_articles, offer, place

FIRST = (0, len("Alibaba invests in research hubs"))
SECOND = place("Alibaba Group")[0], TEXT.index("met Alibaba Group.") + len("met Alibaba Group.")
PAGE = """<html><head><title>Ferries</title></head><body><article><h1>Linnet opens a crossing</h1>
<p>The ferry company Linnet said on Tuesday that it would open a second crossing between Oban and Larne in June,
after three years of talks with both harbours and with the ministry in Belfast, which had asked for a subsidy.</p>
<p>Its chief executive, Moira Baird, expects four hundred thousand passengers a year, half of them with a car, and
says that the fares will not rise before the second ship is there.</p>
<p>Sign up for our daily newsletter and get the best of Larne delivered to your inbox.</p></article></body></html>"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Three articles with suggestions and ghosts in their second paragraph."""
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as made:
        add_articles(made, 3)
        yield made


def marked(session: Session, article_id: int = 1) -> list[tuple[tuple[int, int], str, str | None]]:
    return [(aside.range, aside.state.value, aside.annotator) for aside in session.asides.of(article_id)]


def waiting(session: Session, article_id: int = 1) -> int:
    on = session.article(article_id)
    return len(on.suggested) + len(on.ghosts)


# Marking and clearing


def test_the_paragraph_at_a_place_is_marked_and_cleared(session: Session) -> None:
    outcome = session.asides.toggle(1, place("China"))
    assert (outcome.verb, outcome.article_id, outcome.count, outcome.place) == ("aside", 1, 1, place("China"))
    assert marked(session) == [(SECOND, "marked", "ana")]
    assert session.article(1).left_out == (SECOND,)
    outcome = session.asides.toggle(1, place("BNN"))
    assert (outcome.verb, outcome.count) == ("no_aside", 1)
    assert marked(session) == [(SECOND, "cleared", "ana")]
    assert session.article(1).left_out == ()
    session.asides.toggle(1, place("BNN"))
    assert marked(session) == [(SECOND, "marked", "ana")]


def test_all_paragraphs_of_a_selection_are_one_step(session: Session) -> None:
    both = 3, place("China")[1]
    assert session.asides.toggle(1, both).count == 2
    assert session.article(1).left_out == (FIRST, SECOND)
    session.undo()
    assert marked(session) == []
    session.asides.mark(1, place("China"))
    assert session.asides.toggle(1, both).count == 1, "what is marked in part is marked whole"
    assert session.asides.toggle(1, both).verb == "no_aside"
    assert session.article(1).left_out == ()


def test_steps_are_taken_back_and_done_again(session: Session) -> None:
    session.asides.mark(1, place("China"))
    session.asides.clear(1, place("China"))
    outcome = session.undo()
    assert outcome is not None
    assert (outcome.of, outcome.article_id, outcome.place) == ("no_aside", 1, place("China"))
    assert marked(session) == [(SECOND, "marked", "ana")]
    session.undo()
    assert marked(session) == []
    assert session.redo() is not None
    assert session.redo() is not None
    assert marked(session) == [(SECOND, "cleared", "ana")]
    assert session.check() == []


def test_marking_twice_and_clearing_nothing_are_no_steps(session: Session) -> None:
    session.asides.mark(1, FIRST)
    before = session.next_step("undo")
    assert session.asides.mark(1, FIRST).count == 0
    assert session.asides.clear(1, place("China")).count == 0
    assert session.asides.toggle(1, (FIRST[1], FIRST[1] + 2)).count == 0
    assert session.next_step("undo") == before
    session.undo()
    assert session.next_step("undo") == "import"


def test_a_reader_marks_nothing(session: Session) -> None:
    session.asides.mark(1, FIRST)
    session.close()
    with Session.open(session.project.path, read_only=True) as reader:
        assert [aside.state for aside in reader.asides.of(1)] == [AsideState.MARKED]
        with pytest.raises(KnownError, match="reading only"):
            reader.asides.toggle(1, FIRST)


# Suggestions


def test_suggestions_and_ghosts_there_are_hidden_and_back_at_once(session: Session) -> None:
    before = session.article(1)
    assert waiting(session) == 9
    session.asides.mark(1, place("China"))
    assert waiting(session) == 0
    assert session.ghosts.of(1) == ()
    session.asides.clear(1, place("China"))
    after = session.article(1)
    assert (after.spans, after.ghosts) == (before.spans, before.ghosts)


def test_one_that_comes_later_is_hidden_too(session: Session) -> None:
    session.asides.mark(1, FIRST)
    offer(session, 1, [*SUGGESTED, ("Alibaba", 0, "ORG", 0.9, "learner")])
    assert place("Alibaba") not in [span.range for span in session.article(1).suggested]


def test_the_rest_is_confirmed_without_them(session: Session) -> None:
    session.asides.mark(1, place("China"))
    session.finish(1)
    assert session.article(1).spans == ()
    session.finish(2)
    assert len(session.article(2).confirmed) == len(SUGGESTED)


def test_what_was_decided_there_stays_and_is_seen(session: Session) -> None:
    session.confirm(1, place("China"))
    session.reject(1, place("Israel"))
    session.asides.mark(1, place("China"))
    assert [(span.range, span.state) for span in session.article(1).spans] == [
        (place("China"), SpanState.CONFIRMED),
        (place("Israel"), SpanState.REJECTED),
    ]
    session.reject(1, place("China"))
    assert session.article(1).confirmed == ()


def test_copies_and_corrections_elsewhere_stay_out(session: Session) -> None:
    session.asides.mark(1, place("China"))
    assert session.add(1, *place("Alibaba"), "ORG", everywhere=True).count == 1
    session.asides.mark(2, FIRST)
    found = session.elsewhere.of(("Alibaba", "ORG"))
    assert {each.article_id for each in found if each.start == 0} == {3}
    assert {each.article_id for each in found if each.start > 0} == {2, 3}


def test_a_decision_in_an_aside_says_nothing_of_other_articles(session: Session) -> None:
    outcome = session.relabel(1, place("China"), "ORG")
    assert session.elsewhere.of(outcome)
    session.asides.mark(1, place("China"))
    outcome = session.relabel(1, place("China"), "MISC")
    assert session.elsewhere.correction(outcome) is None


def test_the_list_counts_what_is_offered(session: Session) -> None:
    def counted() -> int:
        row = session.row(1)
        assert row is not None
        return row.suggested

    found = [Suggestion(*place(words), "ORG", 0.9, "made-up 1.0") for words in ("Alibaba", "China", "Israel")]
    with session.project.transaction():
        session.project.connection.execute("DELETE FROM suggestion WHERE article_id = 1")
    session.keep_reading(1, "blank:en", Reading([], found))
    assert counted() == 3
    session.asides.mark(1, place("China"))
    assert counted() == 1
    session.undo()
    assert counted() == 3
    session.redo()
    session.keep_reading(1, "blank:en", Reading([], found))
    assert counted() == 1
    session.asides.clear(1, place("China"))
    assert counted() == 3


# What counts


def test_the_memory_and_the_statistics_leave_them_out(session: Session) -> None:
    session.confirm(1, place("China"))
    session.confirm(2, place("China"))
    session.reject(2, place("Israel"))

    def decided() -> list[tuple[str, int]]:
        return [(entry.surface, entry.decisions) for entry in session.memory.entries()]

    assert decided() == [("China", 2), ("Israel", 1)]
    session.asides.mark(2, place("China"))
    assert decided() == [("China", 1)]
    assert set(memory_rows.evidence(session.project.path).tallies) == {"China"}
    session.undo()
    assert decided() == [("China", 2), ("Israel", 1)]


def test_curves_and_missed_leave_them_out(session: Session) -> None:
    session.relabel(1, place("China"), "MISC")
    session.add(1, *place("Alibaba"), "ORG")
    session.asides.mark(1, place("China"))
    session.finish(1)
    assert session.curves.read()
    (work,) = session.curves.works
    assert (work.entities, work.corrections) == (1, 2)
    assert session.missed.read()
    found = session.missed.estimate(0, ghosts=True)
    assert (found.articles, found.suggestions, found.entities, found.added, found.ghost_looks) == (1, 0, 1, 1, 0)
    session.asides.clear(1, place("China"))
    session.curves.read()
    assert [(work.entities, work.corrections) for work in session.curves.works] == [(2, 3)]
    session.missed.read()
    assert session.missed.estimate(0, ghosts=True).suggestions == 1


def test_doubts_count_only_what_is_offered(session: Session) -> None:
    whole = suggestion_rows.doubts(session.project)
    session.asides.mark(1, place("China"))
    assert suggestion_rows.doubts(session.project) == whole | {1: 0}


# Learning


@pytest.fixture
def taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Twelve articles with a prompt below; in the prompt of each, a name that stands nowhere else is decided."""
    source = MadeUpSource(dict.fromkeys(PEOPLE, "PERSON"))
    monkeypatch.setattr("annotator.session.learning.load_source", lambda model: source)
    monkeypatch.setattr("annotator.session.session.load_source", lambda model: source)
    with Session.open(tmp_path / "taught.annot", create=True, labels="conll", annotator="ana") as made:
        made.add_articles(
            {"id": f"p{n}", "text": f"{record(n)['text']}\nZoltan shares. Anna shares."} for n in range(12)
        )
        yield made


def decide_all(session: Session, asides: bool) -> None:
    for article_id in range(1, 12):
        text = session.article(article_id).text
        below = text.index("Zoltan")
        spans = [(s["start"], s["end"], s["label"]) for s in record(article_id - 1)["spans"]]
        session.decide(article_id, [*spans, (below, below + 6, "LOC")])
        if asides:
            session.asides.mark(article_id, (below, below + 6))


def told(session: Session, article_id: int) -> set[tuple[str, str]]:
    session.suggest(article_id)
    on = session.article(article_id)
    return {(on.surface(span), span.label) for span in on.suggested}


def test_lessons_are_without_them(taught: Session) -> None:
    decide_all(taught, asides=True)
    keys = taught.learning.keys()
    assert len(keys) == 11
    for lesson in map(taught.learning.lesson, keys):
        assert lesson.asides == (((below := lesson.text.index("Zoltan")), len(lesson.text)),)
        assert lesson.spans
        assert all(end <= below for _, end, _ in lesson.spans)


def test_what_stands_there_is_not_learned(taught: Session) -> None:
    decide_all(taught, asides=True)
    taught.learn()
    assert ("Zoltan", "LOC") not in told(taught, 12)
    assert {words for words, _ in told(taught, 12)} & {*PEOPLE, *PLACES}


def test_it_is_learned_as_soon_as_they_are_cleared(taught: Session) -> None:
    decide_all(taught, asides=True)
    taught.learn()
    before = taught.learning.keys()
    for article_id in range(1, 12):
        taught.asides.clear(article_id, (0, len(taught.article(article_id).text)))
    assert not set(before) & set(taught.learning.keys())
    taught.learn()
    assert ("Zoltan", "LOC") in told(taught, 12)


def test_marking_names_no_other_lesson_where_there_was_none(taught: Session) -> None:
    decide_all(taught, asides=False)
    before = taught.learning.keys()
    taught.asides.mark(12, (0, 1))
    assert taught.learning.keys() == before
    taught.asides.mark(3, (0, 1))
    assert len(set(taught.learning.keys()) - set(before)) == 1
    taught.undo()
    assert taught.learning.keys() == before


def test_an_article_is_asked_about_without_them(taught: Session) -> None:
    text = taught.article(1).text
    below = text.index("Zoltan")
    taught.add(1, below, below + 6, "LOC")
    assert taught.learning.ask(1).upto == below + 6
    taught.add(2, below_2 := taught.article(2).text.index("Zoltan"), below_2 + 6, "LOC")
    assert ("Zoltan", "LOC") in [(each.words, each.label) for each in taught.learning.ask(1).known]
    taught.asides.mark(1, (below, below + 1))
    taught.asides.mark(2, (below_2, below_2 + 1))
    ask = taught.learning.ask(1)
    assert (ask.upto, ask.checked, ask.known) == (0, (), ())
    assert ask.asides == ((below, len(text)),)


def test_the_pipelines_word_is_back_before_anything_is_asked(taught: Session) -> None:
    decide_all(taught, asides=False)
    taught.learn()
    text = taught.article(12).text
    below = text.index("Zoltan")
    taught.asides.mark(12, (below, below + 1))
    taught.suggest(12)
    assert all(span.end <= below for span in taught.article(12).suggested)
    taught.asides.clear(12, (below, below + 1))
    assert ("Anna", "PER") in {
        (text[s.start : s.end], s.label) for s in taught.article(12).suggested if s.start > below
    }


def test_hints_are_without_them(taught: Session) -> None:
    text = taught.article(1).text
    taught.asides.mark(1, (text.index("Zoltan"), len(text)))
    assert "Zoltan" not in taught.learning.hints()[0]
    assert "Zoltan" in taught.learning.hints()[1]


def test_a_pipeline_is_trained_without_them(taught: Session) -> None:
    decide_all(taught, asides=True)
    (gold,) = taught.training.articles([1])
    assert gold.asides == ((gold.text.index("Zoltan"), len(gold.text)),)
    assert all(end <= gold.asides[0][0] for _, end, _ in gold.spans)
    assert gold.retired == gold.overlapping == 0


# In and out


def test_a_page_comes_with_suggested_ones(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    with Session.open(tmp_path / "a.annot", create=True, model="blank:en", annotator="ana") as session:
        (article_id,) = session.import_files(tmp_path / "page.html").ids
        on = session.article(article_id)
        (aside,) = session.asides.of(article_id)
        assert on.text[aside.start : aside.end].startswith("Sign up for our daily newsletter")
        assert (aside.state, aside.annotator) == (AsideState.SUGGESTED, None)
        assert session.check() == []
        session.asides.toggle(article_id, aside.range)
        assert session.article(article_id).left_out == ()
        assert [each.uid for each in session.asides.of(article_id)] == [aside.uid]
        session.undo()
        assert session.asides.of(article_id) == (aside,)


def test_they_leave_and_come_back_as_they_were(session: Session, tmp_path: Path) -> None:
    session.asides.mark(1, FIRST)
    session.asides.mark(1, place("China"))
    session.asides.clear(1, FIRST)
    session.export(tmp_path / "out.jsonl", state="all")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert ["asides" in line for line in lines] == [True, False, False]
    with Session.open(tmp_path / "b.annot", create=True, labels="conll", model="blank:en", annotator="bo") as other:
        assert not other.import_files(tmp_path / "out.jsonl").lines
        theirs, ours = session.asides.of(1), other.asides.of(1)
        assert [replace(aside, id=None) for aside in ours] == [replace(aside, id=None) for aside in theirs]


def test_imported_ones_without_a_name_are_the_importers(tmp_path: Path) -> None:
    asides = [{"start": 0, "end": 3, "state": "marked"}, {"start": 4, "end": 8, "state": "suggested"}]
    fields = {"text": "Ana lives here.", "schema": "annotator/1", "asides": asides}
    with Session.open(tmp_path / "a.annot", create=True, model="blank:en", annotator="ana") as session:
        session.add_articles([fields | {"id": "1"}, fields | {"id": "2"}])
        assert marked(session, 2) == [((0, 3), "marked", "ana"), ((4, 8), "suggested", None)]
        assert all(aside.at for aside in session.asides.of(1) if aside.state is AsideState.MARKED)


def test_nothing_is_taken_over_from_or_into_an_aside(session: Session) -> None:
    session.add(1, *place("Alibaba"), "ORG")
    session.confirm(1, place("China"))
    session.asides.mark(1, place("China"))
    session.finish(1)
    session.asides.mark(2, FIRST)
    with session.project.transaction():
        session.twins.find()
    session.twins.take_over([2, 3])
    assert session.article(2).confirmed == ()
    assert [span.range for span in session.article(3).confirmed] == [place("Alibaba")]
