"""The learner as a whole: it learns, takes back exactly, and proposes anew without a trace."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from annotator.suggest.learner.learner import Learner
from annotator.suggest.learner.passage import Passage, Place
from annotator.suggest.learner.spans import Table, cheapest

LABELS = ("PER", "LOC")
Article = tuple[Passage, list[Place]]
Teach = Callable[..., None]


def numbers(learner: Learner) -> list[np.ndarray]:
    """Every number that it has learned."""
    found = [np.array([learner.calibration.slope, learner.calibration.offset])]
    for weights in learner.passes:
        found += [weights.table.copy(), weights.moved.copy()]
        for chain in (weights.chain, weights.chain_moved):
            found += [chain.between.copy(), chain.first.copy()]
    return found


def equal(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def tables(learner: Learner, articles: list[Article]) -> list[Table]:
    """All that it would say of these, bit for bit."""
    return [learner.look(words).table for words, _ in articles]


def places(table: Table) -> list[Place]:
    return [(first, last, label) for first, last, label, _ in cheapest(table)]


@pytest.fixture
def learner(articles: list[Article], teach: Teach) -> Learner:
    """It has learned six articles."""
    made = Learner(LABELS)
    for number in range(6):
        teach(made, f"{number}:a", articles[number])
    return made


def test_it_learns_a_scheme_from_a_few_articles(articles: list[Article], teach: Teach) -> None:
    learner, unseen = Learner(LABELS), articles[8:]
    assert not learner.knows_something
    assert not any(places(learner.look(words).table) == gold for words, gold in unseen)
    for number in range(8):
        teach(learner, f"{number}:a", articles[number])
    assert learner.knows_something
    assert sum(places(learner.look(words).table) == gold for words, gold in unseen) >= len(unseen) - 1


def test_names_that_it_never_met_are_found_between_the_same_words(learner: Learner, read: Callable[..., Any]) -> None:
    words = read("Zoltan went to Bergen by train. Zoltan went to Oslo by train.")
    assert places(learner.look(words).table) == [(0, 1, "PER"), (3, 4, "LOC"), (7, 8, "PER"), (10, 11, "LOC")]


def test_the_same_lessons_make_the_same_learner(learner: Learner, articles: list[Article], teach: Teach) -> None:
    again = Learner(LABELS)
    for number in range(6):
        teach(again, f"{number}:a", articles[number])
        again.look(articles[9][0])  # looking changes nothing
    assert equal(numbers(learner), numbers(again))
    assert tables(learner, articles[6:8]) == tables(again, articles[6:8])


def test_taking_back_gives_exactly_what_was_there(articles: list[Article], teach: Teach) -> None:
    learner, before = Learner(LABELS), []
    for number in range(7):
        before.append((numbers(learner), tables(learner, articles[6:8]), learner.keys))
        teach(learner, f"{number}:a", articles[number])
    assert list(learner.past_keys())[:3] == [learner.keys, learner.keys[:-1], learner.keys[:-2]]
    taken = 0
    for _ in list(learner.past_keys())[1:]:
        assert learner.take_back()
        was, looked, keys = before.pop()
        assert equal(numbers(learner), was)
        assert tables(learner, articles[6:8]) == looked
        assert learner.keys == keys
        taken += 1
    assert taken >= 3
    now = numbers(learner)
    assert not learner.take_back(), "older ones are not known any more"
    assert equal(numbers(learner), now)


def test_what_was_taken_back_can_be_learned_again(learner: Learner, articles: list[Article], teach: Teach) -> None:
    teach(learner, "6:a", articles[6])
    teach(learner, "7:a", articles[7])
    after = numbers(learner)
    learner.take_back()
    learner.take_back()
    teach(learner, "6:a", articles[6])
    teach(learner, "7:a", articles[7])
    assert equal(numbers(learner), after)


@pytest.mark.parametrize("corrected", [0, 3, 5])
def test_a_correction_is_learned_instead_and_taken_back(
    learner: Learner, articles: list[Article], teach: Teach, corrected: int
) -> None:
    before, looked, keys = numbers(learner), tables(learner, articles[:8]), learner.keys
    words, gold = articles[corrected]
    swapped = [(first, last, "LOC" if label == "PER" else "PER") for first, last, label in gold]
    teach(learner, f"{corrected}:b", (words, swapped), f"{corrected}:a")
    assert learner.keys == [*(key for key in keys if key != f"{corrected}:a"), f"{corrected}:b"]
    teach(learner, "6:a", articles[6])
    assert tables(learner, articles[:8]) != looked
    learner.take_back()
    learner.take_back()
    assert learner.keys == keys
    assert equal(numbers(learner), before)
    assert tables(learner, articles[:8]) == looked


def test_only_an_article_that_is_new_to_it_measures_how_often_it_is_right(
    learner: Learner, articles: list[Article], teach: Teach
) -> None:
    before = learner.calibration.slope, learner.calibration.offset
    for corrected in (0, 3, 0):
        teach(learner, f"{corrected}:a", articles[corrected], f"{corrected}:a")
    assert (learner.calibration.slope, learner.calibration.offset) == before
    teach(learner, "6:a", articles[6])
    assert (learner.calibration.slope, learner.calibration.offset) != before


def test_revising_leaves_no_trace_and_depends_on_nothing_before(learner: Learner, articles: list[Article]) -> None:
    words, gold = articles[9]
    before, look = numbers(learner), learner.look(words)
    wrong = [(first, last, "LOC") for first, last, _ in gold[:2]]
    first = learner.revise(look, wrong, 5)
    longer = learner.revise(look, gold[:4], 12)
    assert first != longer
    assert learner.revise(look, wrong, 5) == first
    assert learner.revise(learner.look(words), gold[:4], 12) == longer
    assert equal(numbers(learner), before)
    assert learner.look(words).table == look.table
    assert learner.keys == [f"{number}:a" for number in range(6)]


def test_a_fix_teaches_the_rest_of_the_article(read: Callable[..., Any]) -> None:
    """Nothing was learned before: all that is known is what was fixed."""
    learner = Learner(LABELS)
    words = read("Zora sang. " + "Zora sang. Otto wept. " * 6)
    look = learner.look(words)
    checked = [(0, 1, "PER"), (3, 4, "PER"), (6, 7, "PER"), (9, 10, "PER")]
    table = learner.revise(look, checked, 12)
    assert {place for place in places(table) if place[0] >= 12} == {
        (at, at + 1, "PER") for at in range(12, len(words), 3)
    }


@pytest.mark.parametrize("upto", [0, 1, 3, 7, 8])
def test_any_part_can_be_the_checked_one(learner: Learner, read: Callable[..., Any], upto: int) -> None:
    words = read("Anna went\nto Oslo.\nYes. Anna")
    table = learner.revise(learner.look(words), [(0, 1, "PER")] if upto else [], upto)
    assert all(0 <= first < last <= len(words) for first, last in table)
    assert all(0 <= p <= 1 for labels in table.values() for p in labels.values())


@pytest.mark.parametrize("upto", [0, 1, 1300, 2700, 2799, 2800])
def test_of_a_long_article_only_what_is_near_is_read_again(
    learner: Learner, read: Callable[..., Any], upto: int
) -> None:
    words = read("Anna went to Oslo by train. " * 400)
    assert len(words) == 2800
    look, before = learner.look(words), numbers(learner)
    checked = [(at, at + 1, "PER") for at in range(0, upto, 7)]
    table = learner.revise(look, checked, upto)
    assert learner.revise(look, checked, upto) == table
    assert equal(numbers(learner), before)
    behind = [(at, at + 1, "PER") for at in range(-(-upto // 7) * 7, 2800, 7)]
    found = {place for place in places(table) if place[0] >= upto}
    assert found >= set(behind), "near and far"
    assert all(0 <= first < last <= 2800 for first, last in table)


@pytest.mark.parametrize("text", ["", "Oslo", "\n\n", "👩\u200d🚀"])
def test_texts_of_nothing_or_little(learner: Learner, read: Callable[..., Any], teach: Teach, text: str) -> None:
    words = read(text)
    assert all(last <= len(words) for _, last in learner.look(words).table)
    before = numbers(learner)
    teach(learner, "9:a", (words, [(0, 1, "LOC")] if len(words) else []))
    learner.revise(learner.look(words), [], len(words))
    learner.take_back()
    assert equal(numbers(learner), before)


def test_a_name_that_goes_on_in_the_next_line_and_strange_labels_break_nothing(
    learner: Learner, articles: list[Article], read: Callable[..., Any], teach: Teach
) -> None:
    words = read("Anna went to New\nYork by train.")
    for number in range(12):
        teach(learner, f"{number}0:a", (words, [(0, 1, "PER"), (3, 5, "LOC"), (6, 7, "SHIP")]))
    assert all(np.isfinite(each).all() for each in numbers(learner))
    right = sum(places(learner.look(words).table) == gold for words, gold in articles[8:])
    assert right >= len(articles[8:]) - 2, "what was known before is known still"


def test_hints_are_a_beginning(articles: list[Article]) -> None:
    learner = Learner(LABELS)
    learner.hint([])
    assert not learner.knows_something
    learner.hint(articles[:6])
    assert learner.knows_something
    assert learner.keys == []
    table = learner.look(articles[9][0]).table
    assert sum(place in articles[9][1] for place in places(table)) >= 4
    assert not learner.take_back()
