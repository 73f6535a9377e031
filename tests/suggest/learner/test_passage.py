"""Sentences of a text, and places in words."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.tokens import rough_tokens
from annotator.suggest import tokenizer
from annotator.suggest.learner.passage import Passage, passage


def read(text: str) -> Passage:
    tokens = rough_tokens(text)
    return passage(text, [tokens[number] for number in range(len(tokens))])


def sentences(there: Passage) -> list[str]:
    edges = np.cumsum(there.lengths).tolist()
    return [" ".join(there.words[first:last]) for first, last in zip([0, *edges], edges, strict=False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\r\n ", []),
        ("Bonn", ["Bonn"]),
        ("BONN WINS\nIt rained. Anna left", ["BONN WINS", "It rained .", "Anna left"]),
        ("One\r\nTwo\rThree\n\n\nFour", ["One", "Two", "Three", "Four"]),
        ("“Go.” Anna left.", ["“ Go . ”", "Anna left ."]),
        ("He said “go.” and left", ["He said “ go . ” and left"]),
        ("It cost 3 . 5 was more", ["It cost 3 .", "5 was more"]),
        ("Why?! No! Yes", ["Why ? !", "No !", "Yes"]),
        ("the end. then it went on", ["the end . then it went on"]),
        ("👩\u200d🚀 flew. 🚀 rose", ["👩\u200d🚀 flew .", "🚀 rose"]),
    ],
)
def test_sentences_end_with_their_line_or_full_stop(text: str, expected: list[str]) -> None:
    assert [each.replace(" \u200d ", "\u200d") for each in sentences(read(text))] == expected


def test_a_language_without_spaces() -> None:
    text = "阿里巴巴在杭州。马云离开了。"
    tokens = [(number, number + 1) for number in range(len(text))]
    assert [len(each.replace(" ", "")) for each in sentences(passage(text, tokens))] == [8, 6]


def test_no_sentence_is_endless() -> None:
    there = read("word " * 500)
    assert int(there.lengths.max()) <= 200
    assert int(there.lengths.sum()) == 500


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_cut_whole(text: str) -> None:
    tokens = tokenizer("blank:en")(text)
    there = passage(text, [tokens[number] for number in range(len(tokens))])
    assert int(there.lengths.sum()) == len(there) == len(there.sentence) == len(there.position) == len(there.shouted)
    assert (there.lengths > 0).all()
    firsts = np.flatnonzero(there.position == 0)
    assert len(firsts) == len(there.lengths)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 4, "LOC")], [(0, 1, "LOC")]),
        ([(1, 3, "LOC")], [(0, 1, "LOC")]),
        ([(0, 9, "LOC")], [(0, 2, "LOC")]),
        ([(4, 5, "LOC")], []),
        ([(3, 6, "LOC")], [(0, 2, "LOC")]),
        ([(0, 4, "A"), (5, 9, "B")], [(0, 1, "A"), (1, 2, "B")]),
    ],
)
def test_spans_are_widened_to_words(spans: Sequence[tuple[int, int, str]], expected: object) -> None:
    assert read("Bonn Rhein").places(spans) == expected


def test_words_before_a_position() -> None:
    there = read("Bonn am Rhein")
    assert [there.words_before(position) for position in (0, 3, 4, 5, 7, 13, 99)] == [0, 0, 1, 1, 2, 3, 3]


def test_headlines_are_shouted_and_short_names_are_not() -> None:
    there = read("BONN WINS IN FINAL\nUN troops left\nUN")
    assert there.shouted.tolist() == [True] * 4 + [False] * 3 + [False]


def test_whole_sentences_around_a_word() -> None:
    there = read("a b c. D e f g. H i. J k l. M n.")
    assert there.lengths.tolist() == [4, 5, 3, 4, 3]
    near = there.around(6, 100, 100)
    assert (near.first, near.resumed, near.last) == (0, 4, 19)
    assert near.lengths_before.tolist() == [4, 2], "up to the word"
    assert near.lengths_behind.tolist() == [5, 3, 4, 3]
    near = there.around(9, 2, 2)
    assert (near.first, near.resumed, near.last) == (9, 9, 12)
    assert near.lengths_before.tolist() == []


@given(st.lists(st.integers(1, 6), max_size=8), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9))
def test_around_any_word(lengths: list[int], upto: int, before: int, behind: int) -> None:
    there = read(" ".join("word " * (length - 1) + "." for length in lengths).replace(". word", ". Word"))
    upto = min(upto, len(there))
    near = there.around(upto, before, behind)
    edges = {0, *np.cumsum(there.lengths).tolist()}
    assert {near.first, near.resumed, near.last} <= edges
    assert 0 <= near.first <= near.resumed <= upto or upto == near.first == near.resumed
    assert near.resumed + int(near.lengths_behind.sum()) == near.last <= len(there)
    assert near.first + int(near.lengths_before.sum()) == max(upto, near.first)
    assert near.last >= min(upto + behind, len(there))


def test_rows_of_tables_have_the_same_pattern() -> None:
    there = read("AC Milan 3 Inter 1\nBari 2 Roma 0\nBari won it.")
    assert there.slots[:5] == (("C d C d", 0), ("C d C d", 0), ("C d C d", 1), ("C d C d", 2), ("C d C d", 3))
    assert there.slots[5:9] == tuple(("C d C d", number) for number in range(4))
    assert {pattern for pattern, _ in there.slots[9:]} == {""}
    assert len(there.slots) == len(there)
    assert read("").slots == ()
