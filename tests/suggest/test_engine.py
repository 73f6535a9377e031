"""All sources of one project at work, without a project."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from annotator.model.span import Suggestion
from annotator.suggest import NOTHING_LEARNED, Ask, Decided, Engine, Known, Reading, Setup
from tests.decided import PEOPLE, PLACES, record
from tests.made_up_source import MadeUpSource

LABEL_OF = {"PERSON": "PER", "GPE": "LOC"}
SOURCE = MadeUpSource({**dict.fromkeys(PEOPLE[:4], "PERSON"), **dict.fromkeys(PLACES[:4], "GPE"), "Monday": "DATE"})
BLANK = MadeUpSource({}, "blank:en")
TEXT = "Anna went to Oslo by train. Zoltan went to Bergen by train. Monday went to Ulm by train."


def engine_of(
    source: MadeUpSource = BLANK, state: Path | None = None, labels: Sequence[str] = ("PER", "LOC")
) -> Engine:
    return Engine(source, Setup(tuple(labels), LABEL_OF, state))


def decided(number: int, version: str = "a", swapped: bool = False) -> Decided:
    """An article of tests/decided.py; swapped: with the labels the wrong way round."""
    made, other = record(number), {"PER": "LOC", "LOC": "PER"}
    spans = [(s["start"], s["end"], other[s["label"]] if swapped else s["label"]) for s in made["spans"]]
    return Decided(f"{number}:{version}", made["text"], tuple(spans))


def teach(engine: Engine, *numbers: int) -> Engine:
    for number in numbers:
        engine.learn(decided(number))
    return engine


def keys(*numbers: int) -> list[str]:
    return [f"{number}:a" for number in numbers]


def suggested(engine: Engine, ask: Ask | str = TEXT) -> list[Suggestion]:
    proposal = engine.suggest(ask if isinstance(ask, Ask) else Ask(ask)).proposal
    assert proposal is not None
    return proposal.suggestions


def told(engine: Engine, ask: Ask | str = TEXT) -> list[tuple[str, str]]:
    text = ask.text if isinstance(ask, Ask) else ask
    return [(text[s.start : s.end], s.label) for s in suggested(engine, ask)]


# What to unlearn, and what is still to be learned


def test_more_is_wanted() -> None:
    engine = engine_of()
    assert engine.come_to(keys(1, 2)) == keys(1, 2)
    teach(engine, 1, 2)
    assert engine.come_to(keys(1, 2)) == []
    assert engine.come_to(keys(1, 2, 3, 4)) == keys(3, 4)


@pytest.mark.parametrize("undone", [1, 2, 3])
def test_the_last_ones_were_undone(undone: int) -> None:
    engine, before = teach(engine_of(), 0, 1, 2), []
    for number in range(3, 3 + undone):
        before.append((suggested(engine), engine.revision))
        teach(engine, number)
    while before:
        was = before.pop()
        assert engine.come_to(keys(*range(3 + len(before)))) == []
        assert (suggested(engine), engine.revision) == was


def test_several_were_undone_at_once_and_others_came() -> None:
    engine = teach(engine_of(), 0, 1, 2)
    before = suggested(engine)
    teach(engine, 3, 4)
    assert engine.come_to(keys(0, 1, 2, 5)) == keys(5)
    assert suggested(engine) == before
    assert engine.come_to([]) == []
    assert engine.revision == NOTHING_LEARNED[0]
    assert suggested(engine) == []


def test_an_older_one_is_gone() -> None:
    engine = teach(engine_of(), *range(8))
    rest = keys(1, 2, 3, 4, 5, 6, 7)
    missing = engine.come_to(rest)
    assert missing == rest, "all is learned again"
    teach(engine, *range(1, 8))
    assert suggested(engine) == suggested(teach(engine_of(), *range(1, 8)))


def test_an_older_one_was_corrected() -> None:
    engine = teach(engine_of(), *range(8))
    before = suggested(engine)
    wanted = [*keys(0), "1:b", *keys(*range(2, 8))]
    assert engine.come_to(wanted) == ["1:b"]
    engine.learn(decided(1, "b", swapped=True))
    assert engine.come_to(wanted) == []
    assert suggested(engine) != before
    assert engine.come_to(keys(*range(8))) == []
    assert suggested(engine) == before


def test_the_last_one_was_corrected() -> None:
    engine = teach(engine_of(), 0, 1)
    before = suggested(engine)
    teach(engine, 2)
    assert engine.come_to([*keys(0, 1), "2:b"]) == ["2:b"]
    assert suggested(engine) == before


def test_whatever_was_learned_of_an_article() -> None:
    engine = teach(engine_of(), 0, 1, 2)
    revision = engine.revision
    assert engine.come_to(["0:a", "1:*", "2:a", "3:*"]) == ["3:*"]
    assert engine.revision == revision
    engine.learn(decided(3, "*"))
    assert engine.come_to(["0:a", "1:*", "2:a", "3:*"]) == []
    assert engine.come_to(["0:a", "1:*", "2:a", "3:b"]) == ["3:b"], "what it is now known to be is learned"
    assert engine.revision == revision


def test_the_revision_is_another_as_soon_as_something_else_was_learned() -> None:
    engine = engine_of()
    seen = [engine.revision]
    for number in (0, 1, 2):
        teach(engine, number)
        seen.append(engine.revision)
        suggested(engine)
        suggested(engine, Ask(TEXT, ((0, 4, "PER"),), 4))
        engine.come_to(keys(*range(number + 1)))
        assert engine.revision == seen[-1]
    engine.come_to(["0:a", "1:b", "2:a"])
    engine.learn(decided(1, "b", swapped=True))
    teach(engine, 2)
    seen.append(engine.revision)
    assert len(set(seen)) == len(seen)
    assert teach(engine_of(), 1, 0).revision != teach(engine_of(), 0, 1).revision


def test_what_was_looked_at_before_is_not_shown_again() -> None:
    """Both times three lessons, both times article 2 last: the engine must notice that they differ."""
    engine = teach(engine_of(), 0, 1, 2)
    suggested(engine)
    engine.come_to(["0:a", "1:b", "2:a"])
    engine.learn(decided(1, "b", swapped=True))
    teach(engine, 2)
    fresh = teach(engine_of(), 0)
    fresh.learn(decided(1, "b", swapped=True))
    assert suggested(engine) == suggested(teach(fresh, 2))


# A beginning


def test_hints_once_and_only_where_a_pipeline_says_something() -> None:
    assert not engine_of().wants_hints
    assert not engine_of(MadeUpSource({"x": "DATE"})).wants_hints, "no label of it is one of the project's"
    engine = engine_of(SOURCE)
    assert engine.wants_hints
    for number in range(6):
        engine.take_hint(record(number)["text"])
    engine.learn_hints()
    assert (engine.wants_hints, engine.revision) == (False, NOTHING_LEARNED[1])
    before = suggested(engine, Ask(TEXT, ((0, 4, "PER"),), 4))
    engine.take_hint(record(7)["text"])
    engine.learn_hints()
    assert suggested(engine, Ask(TEXT, ((0, 4, "PER"),), 4)) == before
    teach(engine, 1)
    assert not engine.wants_hints
    engine.come_to([])
    assert engine.revision == NOTHING_LEARNED[1]


@pytest.mark.parametrize("hints", [0, 6])
def test_the_pipelines_suggestions_stand_while_nothing_was_learned(hints: int) -> None:
    engine = engine_of(SOURCE)
    for number in range(hints):
        engine.take_hint(record(number)["text"])
    engine.learn_hints()
    assert suggested(engine) == [
        Suggestion(0, 4, "PER", 0.6, SOURCE.name),
        Suggestion(13, 17, "LOC", 0.6, SOURCE.name),
    ]
    assert told(engine, Ask(TEXT, known=(Known("Oslo", "PER", 0.9, "memory"),))) == [
        *(("Anna", "PER"), ("Oslo", "PER")),
    ]


def test_before_any_decision_a_blank_pipeline_suggests_nothing() -> None:
    engine = engine_of()
    assert suggested(engine) == []
    assert engine.suggest(Ask(TEXT)).proposal.ghosts == []  # type: ignore[union-attr]
    for text in ("", " \n"):
        assert suggested(teach(engine_of(), 0), text) == []


# What it suggests


def test_what_was_learned_is_suggested_with_all_who_agree() -> None:
    engine = engine_of(SOURCE)
    for number in range(6):
        engine.take_hint(record(number)["text"])
    engine.learn_hints()
    teach(engine, *range(6))
    assert told(engine)[:4] == [("Anna", "PER"), ("Oslo", "LOC"), ("Zoltan", "PER"), ("Bergen", "LOC")]
    by_words = {TEXT[s.start : s.end]: s for s in suggested(engine)}
    assert by_words["Anna"].source == f"learner + {SOURCE.name} + memory"
    assert by_words["Ulm"].source == "learner + memory"
    assert by_words["Bergen"].source == "learner"
    assert all(0 < (s.confidence or 0) < 1 for s in by_words.values())


def test_the_reading_is_the_pipelines_own() -> None:
    reading = teach(engine_of(SOURCE), 0, 1).suggest(Ask(TEXT))
    assert reading._replace(proposal=None) == SOURCE.read(TEXT)


@pytest.mark.parametrize("taught", [1, 2, 5])
@pytest.mark.parametrize("upto", [0, 4, 27])
def test_suggestions_and_ghosts_are_in_order_and_touch_nothing(taught: int, upto: int) -> None:
    engine = teach(engine_of(SOURCE), *range(taught))
    texts = [TEXT, record(11)["text"], "Oslo Oslo Anna, Bergen of Zoltan and Ulm.\n\nANNA IN OSLO\n" + TEXT]
    for text in texts:
        ask = Ask(text, (), upto, (Known("Ulm", None, 0.9, "memory"), Known("Bergen of", "LOC", 0.9, "x")))
        reading: Reading = engine.suggest(ask)
        assert reading.proposal is not None
        everything = sorted([*reading.proposal.suggestions, *reading.proposal.ghosts])
        assert reading.proposal.suggestions == sorted(reading.proposal.suggestions)
        assert reading.proposal.ghosts == sorted(reading.proposal.ghosts)
        assert all(a.end <= b.start for a, b in pairwise(everything))
        assert all(upto <= s.start < s.end <= len(text) and s.label in ("PER", "LOC") for s in everything)


def test_what_was_checked_teaches_the_rest_and_nothing_else() -> None:
    engine = teach(engine_of(), *range(4))
    text = "Cargo went to Oslo by train. " * 6
    before = told(engine, text)
    assert ("Cargo", "PER") in before
    checked = tuple((at, at + 4, "LOC") for at in (14, 43, 72))
    after = told(engine, Ask(text, checked, 78))
    assert {label for words, label in after if words == "Cargo"} == set()
    assert [words for words, _ in after] == ["Oslo"] * 3
    assert told(engine, text) == before
    assert told(engine, Ask(text, checked, 78)) == after


def test_after_one_lesson_its_names_are_found_wherever_they_stand() -> None:
    """A learner that knows one article may believe the pipeline more; the memory does not."""
    engine = engine_of(MadeUpSource({"Alibaba": "GPE", "Bonn": "GPE"}))
    for text in ("Alibaba won in Bonn.", "In Bonn we met. Bonn won.", "Bonn and Bonn and Alibaba"):
        engine.take_hint(text)
    engine.learn_hints()
    engine.learn(
        Decided("1:a", "Alibaba paid. Bonn lost to Alibaba", ((0, 7, "PER"), (14, 18, "LOC"), (27, 34, "PER")))
    )
    text = "Shares of Alibaba fell. Alibaba, near Bonn, and Alibaba Cloud won."
    assert [label for words, label in told(engine, text) if words == "Alibaba"].count("PER") >= 2
    assert ("Alibaba", "LOC") not in told(engine, text)
    engine.learn(Decided("2:a", "Alibaba and Alibaba and Alibaba", ((0, 7, "LOC"),)))
    sources = {s.source.split(" + ")[0] for s in suggested(engine, text) if text[s.start : s.end] == "Alibaba"}
    assert "memory" not in sources, "the decisions do not agree any more"


def test_two_spans_at_one_word_are_no_trouble() -> None:
    engine = engine_of()
    engine.learn(Decided("1:a", "Bonn-based Anna", ((0, 4, "LOC"), (0, 10, "PER"), (5, 10, "PER"), (11, 15, "PER"))))
    assert suggested(engine, Ask("Bonn-based Anna", ((0, 4, "LOC"), (2, 10, "PER")), 10)) is not None


# Kept in a file


def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    engine = teach(engine_of(SOURCE, tmp_path / "state"), 0, 1, 2)
    expected = suggested(engine)
    engine.save()
    again = engine_of(SOURCE, tmp_path / "state")
    assert (again.revision, again.come_to(keys(0, 1, 2, 3))) == (engine.revision, keys(3))
    assert suggested(again) == expected
    assert again.come_to(keys(0, 1)) == keys(0, 1), "what was learned before the start cannot be taken back: anew"
    other = engine_of(SOURCE, tmp_path / "state", ("LOC", "PER"))
    assert other.revision == NOTHING_LEARNED[0]


def test_a_text_is_read_once() -> None:
    source = MadeUpSource({})
    engine = teach(engine_of(source), 0)
    for _ in range(3):
        suggested(engine)
    assert source.reads == 2


# Asides

PROMPT = "\nSign up, Zoltan!"


def with_prompt(number: int, asides: bool) -> Decided:
    """An article with a prompt below, in which nothing is an entity."""
    key, text, spans, _ = decided(number)
    below = ((len(text) + 1, len(text) + len(PROMPT)),) if asides else ()
    return Decided(key, text + PROMPT, spans, below)


def test_words_in_an_aside_teach_nothing() -> None:
    without, aside = teach(engine_of(), *range(8)), engine_of()
    for number in range(8):
        aside.learn(with_prompt(number, asides=True))
    assert suggested(aside) == suggested(without)
    assert aside.revision == without.revision
    other = engine_of()
    for number in range(8):
        other.learn(with_prompt(number, asides=False))
    assert suggested(other) != suggested(without), "else the test shows nothing"


def test_the_rest_is_suggested_as_if_an_aside_were_not_there() -> None:
    engine = teach(engine_of(SOURCE), *range(8))
    text = TEXT + "\nFollow Anna and Zoltan in Oslo."
    ask = Ask(text, asides=((len(TEXT) + 1, len(text)),))
    outside = [each for each in suggested(engine, ask) if each.end <= len(TEXT)]
    assert outside == suggested(engine)
    inside = [each for each in suggested(engine, ask) if each.start > len(TEXT)]
    assert [(text[each.start : each.end], each.source) for each in inside] == [
        ("Anna", "made up 1.0"),
        ("Oslo", "made up 1.0"),
    ], "the pipeline's word alone, for whoever clears it"


def test_what_was_checked_in_an_aside_says_nothing_of_the_rest() -> None:
    engine = teach(engine_of(), *range(8))
    text = "Share with Zoltan.\n" + TEXT
    place = (0, 18)
    with_it = engine.suggest(Ask(text, (), 20, (), (place,))).proposal
    alone = engine.suggest(Ask(text.replace("Share with Zoltan.", " " * 18), (), 20)).proposal
    assert with_it == alone


def test_a_text_is_read_once_whatever_is_set_aside() -> None:
    source = MadeUpSource({"Anna": "PERSON"})
    engine = teach(engine_of(source), 0)
    reads = source.reads
    for asides in ((), ((0, 4),), ((0, 4), (10, 14)), ()):
        engine.suggest(Ask(TEXT, asides=asides))
    assert source.reads == reads + 1


def test_an_article_that_is_an_aside_as_a_whole() -> None:
    engine, whole = teach(engine_of(SOURCE), *range(3)), ((0, len(TEXT)),)
    assert [s.source for s in suggested(engine, Ask(TEXT, asides=whole))] == ["made up 1.0"] * 2
    before = suggested(engine)
    engine.learn(Decided("9:a", TEXT, (), whole))
    assert [each[:3] for each in suggested(engine)] == [each[:3] for each in before]
    assert engine.come_to(keys(0, 1, 2)) == []
    assert suggested(engine) == before
    ask = Ask(TEXT, (), len(TEXT), (), whole)
    assert suggested(engine, ask) == []
