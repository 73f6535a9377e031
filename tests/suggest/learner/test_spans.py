"""Choosing spans, against all possible choices."""

import re
from itertools import combinations
from random import Random

import pytest

from annotator.suggest.learner.passage import passage
from annotator.suggest.learner.spans import Chosen, Table, agreeing, cheapest, left_over, likely

WORDS = 5


def table_of(random: Random) -> Table:
    """Up to nine places among five words, each with one or two labels."""
    places = [(a, b) for a in range(WORDS) for b in range(a + 1, WORDS + 1)]
    table: Table = {}
    for place in random.sample(places, random.randint(0, 9)):
        first = random.random()
        table[place] = {"ORG": first, "LOC": random.random() * (1 - first)} if random.random() < 0.5 else {"ORG": first}
    return table


def touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def saved(labels: dict[str, float]) -> float:
    """Actions that marking a place with its best label saves: an addition, less rejections and relabellings."""
    anything, best = sum(labels.values()), max(labels.values())
    return 2 * anything - (1 - anything) - (anything - best)


def best_sum(table: Table) -> float:
    best = 0.0
    for count in range(len(table) + 1):
        for some in combinations(table, count):
            if not any(touch(a, b) for a, b in combinations(some, 2)):
                best = max(best, sum(saved(table[place]) for place in some))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_choice_is_the_best_of_all(seed: int) -> None:
    table = table_of(Random(seed))
    chosen = cheapest(table)
    assert chosen == sorted(chosen)
    assert not any(touch(a[:2], b[:2]) for a, b in combinations(chosen, 2))
    assert sum(saved(table[each[:2]]) for each in chosen) == pytest.approx(best_sum(table))
    for first, last, label, probability in chosen:
        assert probability == table[first, last][label] == max(table[first, last].values())
        assert saved(table[first, last]) > 0


def test_what_is_marked_below_one_half() -> None:
    assert cheapest({(0, 1): {"ORG": 0.34}}) == [Chosen(0, 1, "ORG", 0.34)]
    assert cheapest({(0, 1): {"ORG": 0.33}}) == []
    assert cheapest({(0, 1): {"ORG": 0.25, "LOC": 0.2}}) == [Chosen(0, 1, "ORG", 0.25)]
    assert likely({(0, 1): {"ORG": 0.34}, (1, 2): {"LOC": 0.6}}) == [Chosen(1, 2, "LOC", 0.6)]
    assert cheapest({}) == likely({}) == []


def test_the_same_words_are_drawn_together() -> None:
    text = "Bonn won , Bonn Rhein lost , Bonn"
    tokens = [match.span() for match in re.finditer(r"\S+", text)]
    there = passage(text, tokens)
    table: Table = {(0, 1): {"LOC": 0.9}, (3, 4): {"ORG": 0.6, "LOC": 0.3}, (3, 5): {"ORG": 0.1}}
    drawn = agreeing(table, there)
    assert drawn[3, 5] == {"ORG": 0.1}, "stands there once"
    assert drawn[0, 1] == pytest.approx({"LOC": (0.9 + 1.2 / 3) / 2, "ORG": 0.6 / 3 / 2})
    assert drawn[3, 4] == pytest.approx({"LOC": (0.3 + 1.2 / 3) / 2, "ORG": (0.6 + 0.6 / 3) / 2})
    assert agreeing(table, there, [(0, 1, "ORG")], 1)[3, 4]["ORG"] > drawn[3, 4]["ORG"]
    assert sum(agreeing(table, there, [], 1)[3, 4].values()) < sum(drawn[3, 4].values()), "it was passed as none"
    assert agreeing({}, there) == {}


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_over_touches_nothing(seed: int) -> None:
    table = table_of(Random(seed))
    chosen = cheapest(table)
    found = left_over(table, chosen, 0.05)
    assert found == sorted(found)
    assert not any(touch(a[:2], b[:2]) for a, b in combinations([*found, *chosen], 2))
    assert all(sum(table[each[:2]].values()) >= 0.05 for each in found)
    for place, labels in table.items():
        beside = [each for each in (*chosen, *found) if touch(each[:2], place)]
        assert beside or sum(labels.values()) < 0.05, "nothing that could be shown is kept back"
        if not any(each in chosen for each in beside) and beside:
            assert max(sum(table[each[:2]].values()) for each in beside) >= sum(labels.values())
