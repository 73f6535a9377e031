"""Tokens, and the places where words occur: properties of any text."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.tokens import Tokens, occurrences, packed, rough_tokens, trimmed, unpacked, whole_graphemes

settings.register_profile("model", deadline=None, max_examples=150)
quick = settings.get_profile("model")

gaps_and_lengths = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=12)


@st.composite
def tokens_of_some_text(draw: st.DrawFn) -> Tokens:
    at, ranges = 0, []
    for gap, length in draw(gaps_and_lengths):
        ranges.append((at + gap, at + gap + length))
        at += gap + length
    return Tokens(ranges)


def ranges_of(tokens: Tokens) -> list[tuple[int, int]]:
    return [tokens[index] for index in range(len(tokens))]


position = st.integers(0, 60)


@quick
@given(tokens_of_some_text(), position, position)
def test_snap_covers_just_the_tokens_that_are_touched(tokens: Tokens, start: int, end: int) -> None:
    start, end = sorted((start, end))
    touched = [(a, b) for a, b in ranges_of(tokens) if a < max(end, start + 1) and b > start]
    expected = (touched[0][0], touched[-1][1]) if touched else None
    assert tokens.snap(start, end) == expected
    if expected is not None:
        assert tokens.snap(*expected) == expected


@quick
@given(tokens_of_some_text(), position)
def test_index_at_finds_the_token_here_else_the_next_else_the_last(tokens: Tokens, at: int) -> None:
    behind = [index for index, (_, end) in enumerate(ranges_of(tokens)) if end > at]
    expected = behind[0] if behind else len(tokens) - 1
    assert tokens.index_at(at) == (expected if len(tokens) else None)


@quick
@given(tokens_of_some_text(), position, position)
def test_covering_names_first_and_last_token_only_of_whole_tokens(tokens: Tokens, start: int, end: int) -> None:
    ranges = ranges_of(tokens)
    expected = [
        (first, last)
        for first, (a, _) in enumerate(ranges)
        for last, (_, b) in enumerate(ranges)
        if (a, b) == (start, end) and first <= last
    ]
    assert tokens.covering(start, end) == (expected[0] if expected else None)


@quick
@given(tokens_of_some_text(), st.data())
def test_covering_is_found_for_every_run_of_tokens(tokens: Tokens, data: st.DataObject) -> None:
    if not len(tokens):
        return
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    assert tokens.covering(tokens[first][0], tokens[last][1]) == (first, last)


def one_further(edges: list[int], at: int, step: int) -> int:
    """The next edge on that side; the outermost one where there is none."""
    if step > 0:
        return next((edge for edge in edges if edge > at), edges[-1])
    return next((edge for edge in reversed(edges) if edge < at), edges[0])


@quick
@given(tokens_of_some_text(), position, st.integers(-4, 4).filter(bool))
def test_edges_move_from_token_to_token(tokens: Tokens, at: int, by: int) -> None:
    for edges, move in ((tokens.starts, tokens.moved_start), (tokens.ends, tokens.moved_end)):
        expected = at
        for _ in range(abs(by) if edges else 0):
            expected = one_further(edges, expected, by)
        assert move(at, by) == expected


def test_edges_stay_in_a_text_without_tokens() -> None:
    assert (Tokens([]).moved_start(3, 1), Tokens([]).moved_end(3, -1)) == (3, 3)


@quick
@given(tokens_of_some_text())
def test_packed_tokens_come_back(tokens: Tokens) -> None:
    assert ranges_of(unpacked(packed(ranges_of(tokens)))) == ranges_of(tokens)
    assert all(distance >= 0 for distance in packed(ranges_of(tokens)))


@quick
@given(st.text())
def test_rough_tokens_hold_all_that_is_no_white_space(text: str) -> None:
    ranges = ranges_of(rough_tokens(text))
    assert all(start < end for start, end in ranges)
    assert ranges == sorted(ranges)
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))
    held = {point for start, end in ranges for point in range(start, end)}
    assert held == {point for point, character in enumerate(text) if not re.match(r"\s", character)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.N. met", ["The", "U", ".", "N", ".", "met"]),
        ("Jose\u0301 Mu\u0308ller", ["Jose\u0301", "Mu\u0308ller"]),
        ("don't", ["don", "'", "t"]),
        ("\ufeffAlibaba", ["\ufeff", "Alibaba"]),
    ],
)
def test_rough_tokens_of(text: str, words: list[str]) -> None:
    assert [text[a:b] for a, b in ranges_of(rough_tokens(text))] == words


@quick
@given(st.text(st.sampled_from("ab \t\n\u00a0\"'«»„“”"), max_size=12), st.data())
def test_trimmed_drops_only_outer_white_space_and_quotes(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    a, b = trimmed(text, start, end)
    if not set(text[start:end]) & set("ab"):
        assert (a, b) == (start, end)
    else:
        assert text[a] in "ab"
        assert text[b - 1] in "ab"
        assert not set(text[start:a] + text[b:end]) & set("ab")


# Occurrences


def goes_on(character: str) -> bool:
    """Letters, digits, the low line and combining marks."""
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"


def has_no_spaces(character: str) -> bool:
    """Han, kana, Thai, Lao, Burmese and Khmer are written without them."""
    name = unicodedata.name(character, "")
    return name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI ", "LAO ", "MYANMAR", "KHMER"))


def is_whole(text: str, start: int, end: int) -> bool:
    """By the definition: no letter, digit or mark goes on at either edge, unless the script has no spaces."""
    for edge in (start, end):
        if 0 < edge < len(text):
            before, after = text[edge - 1], text[edge]
            if unicodedata.category(after)[0] == "M" or "\u200d" in (before, after):
                return False
            if not (has_no_spaces(before) or has_no_spaces(after)) and goes_on(before) and goes_on(after):
                return False
    return True


def places(text: str, surface: str) -> list[tuple[int, int]]:
    """By brute force: every place from left to right, none that touches the one before."""
    found: list[tuple[int, int]] = []
    for at in range(len(text) - len(surface) + 1 if surface else 0):
        end = at + len(surface)
        free = not found or found[-1][1] <= at
        if free and text[at:end] == surface and is_whole(text, at, end):
            found.append((at, end))
    return found


alphabet = st.sampled_from([*"abAé -_7'阿里の👩🚀ب", "e\u0301", "\u0301", "\u200d"])


@settings(quick, max_examples=400)
@given(st.lists(alphabet, max_size=20).map("".join), st.lists(alphabet, min_size=1, max_size=3).map("".join))
def test_occurrences_are_those_of_the_definition(text: str, surface: str) -> None:
    assert list(occurrences(text, surface)) == places(text, surface)


@pytest.mark.parametrize(
    ("text", "surface", "found"),
    [
        ("Reuters-owned, REUTERS, Reutersville, Reuters' ", "Reuters", [0, 38]),
        ("Jose\u0301 and Jose", "Jose", [10]),
        ("Jose\u0301 and Jose\u0301s", "Jose\u0301", [0]),
        ("阿里巴巴集团和阿里巴巴。", "阿里巴巴", [0, 7]),
        ("タイのバンコクで", "バンコク", [3]),
        ("👩\u200d🚀 und 🚀", "🚀", [8]),
        ("AT&T, AT&T's", "AT&T", [0, 6]),
        ("New York New York New York", "New York New York", [0]),
        ("anything", "", []),
        ("", "Reuters", []),
    ],
)
def test_whole_words(text: str, surface: str, found: list[int]) -> None:
    assert [start for start, _ in occurrences(text, surface)] == found


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("👩‍👩‍👧 ok", [(0, 5), (6, 7), (7, 8)]),
        ("🇺🇸🇫🇷", [(0, 2), (2, 4)]),
        ("👍🏽!", [(0, 2), (2, 3)]),
        ("e\u0301a", [(0, 2), (2, 3)]),
        ("ab", [(0, 1), (1, 2)]),
    ],
)
def test_tokens_share_no_sign(text: str, joined: list[tuple[int, int]]) -> None:
    each = Tokens((n, n + 1) for n, character in enumerate(text) if not character.isspace())
    merged = whole_graphemes(text, each)
    assert [merged[n] for n in range(len(merged))] == joined
