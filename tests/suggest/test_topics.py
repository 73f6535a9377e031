"""Orders of texts by what they are about."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.suggest.topics import by_topics, by_worth, interleaved

SUBJECTS = {
    "sport": [
        "match",
        "goal",
        "team",
        "coach",
        "league",
        "striker",
        "penalty",
        "stadium",
        "season",
        "referee",
        "keeper",
        "cup",
    ],
    "money": [
        "shares",
        "profit",
        "bank",
        "market",
        "investor",
        "quarter",
        "bond",
        "rate",
        "dividend",
        "trading",
        "index",
        "fund",
    ],
    "law": [
        "court",
        "judge",
        "trial",
        "jury",
        "appeal",
        "lawyer",
        "sentence",
        "verdict",
        "prosecutor",
        "witness",
        "plea",
        "bail",
    ],
}
FILLER = ["the", "of", "and", "to", "in", "that", "on", "for", "with", "said"]


def about(random: Random, subject: str) -> str:
    return " ".join(random.choices(SUBJECTS[subject], k=30) + random.choices(FILLER, k=30))


def texts(counts: dict[str, int]) -> tuple[list[tuple[int, str]], list[str]]:
    """Shuffled (number, text) pairs, and the subject of each number."""
    random = Random(5)
    subjects = [subject for subject, count in counts.items() for _ in range(count)]
    pairs = [(number, about(random, subject)) for number, subject in enumerate(subjects)]
    random.shuffle(pairs)
    return pairs, subjects


def test_every_beginning_is_like_the_whole() -> None:
    pairs, subjects = texts({"sport": 60, "money": 30, "law": 30})
    order = by_topics(pairs, seed=1)
    assert sorted(order) == list(range(120))
    for length in (20, 40, 60):
        met = Counter(subjects[number] for number in order[:length])
        assert abs(met["sport"] - length / 2) <= 3, met
        assert abs(met["law"] - length / 4) <= 3, met


def test_the_same_seed_gives_the_same_order_and_another_need_not() -> None:
    pairs, _ = texts({"sport": 20, "money": 20, "law": 20})
    assert by_topics(pairs, seed=4) == by_topics(pairs, seed=4)


@pytest.mark.parametrize("number", range(8))
def test_few_and_empty_texts_have_an_order_too(number: int) -> None:
    pairs = [(each, "" if each % 2 else "one word") for each in range(number)]
    assert sorted(by_topics(iter(pairs), seed=1)) == list(range(number))
    assert sorted(by_worth(iter(pairs), dict.fromkeys(range(number), 1.0))) == list(range(number))


def test_doubt_for_each_word_read_comes_first() -> None:
    pairs = [(1, "goal " * 50), (2, "court " * 400), (3, "bond " * 50)]
    assert by_worth(pairs, {1: 2.0, 2: 8.0, 3: 1.5}) == [1, 3, 2]


def test_two_about_the_same_do_not_follow_each_other() -> None:
    random = Random(2)
    pairs = [(1, about(random, "law")), (2, about(random, "law")), (3, about(random, "sport"))]
    assert by_worth(pairs, {1: 10.0, 2: 9.9, 3: 7.0}) == [1, 3, 2]


def test_a_text_without_doubt_comes_last() -> None:
    assert by_worth([(1, "court " * 9), (2, "goal " * 9)], {1: 0.0, 2: 0.1}) == [2, 1]


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=4))
def test_rows_are_spread_evenly_and_keep_their_order(lengths: list[int]) -> None:
    rows = [[(n, at) for at in range(length)] for n, length in enumerate(lengths)]
    merged = interleaved(*rows)
    assert len(merged) == sum(lengths)
    for n, row in enumerate(rows):
        assert [each for each in merged if each[0] == n] == row
        for cut in range(len(merged)):
            met = sum(1 for each in merged[:cut] if each[0] == n)
            assert abs(met - cut * len(row) / len(merged)) <= len(rows)
