"""Stretches of one text found again in another that is nearly the same."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.alignment import Alignment

WIRE = (
    "Alibaba opens lab\n\nHANGZHOU (Reuters) - Alibaba opened a lab in Hangzhou on Monday. "
    "The lab will work on chips, Jeff Zhang said.\n\nAlibaba has 86,000 people. It is based in Hangzhou."
)


def carried(text: str, other: str, surface: str, nth: int = 0) -> str | None:
    """What stands in the other text where the nth occurrence of a surface is found again."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    place = Alignment(text, other).find(start, start + len(surface))
    return None if place is None else other[slice(*place)]


def test_another_headline_moves_everything() -> None:
    other = WIRE.replace("Alibaba opens lab", "New research centre for the firm from China 👩\u200d🚀")
    place = Alignment(WIRE, other).find(WIRE.index("Jeff Zhang"), WIRE.index(" said"))
    assert place is not None
    assert other[slice(*place)] == "Jeff Zhang"
    assert carried(WIRE, other, "Alibaba opens") is None


def test_a_name_that_stands_in_many_places_is_found_in_its_own_sentence() -> None:
    other = WIRE.replace(" Alibaba opened a lab in Hangzhou on Monday.", "")
    assert carried(WIRE, other, "Alibaba", 1) is None
    place = Alignment(WIRE, other).find(WIRE.rindex("Alibaba"), WIRE.rindex("Alibaba") + 7)
    assert place == (other.rindex("Alibaba"), other.rindex("Alibaba") + 7)


def test_words_that_changed_are_not_carried_over() -> None:
    other = WIRE.replace("Jeff Zhang", "Jack Zhang")
    assert carried(WIRE, other, "Jeff Zhang") is None
    assert carried(WIRE, other, "Reuters") == "Reuters"


def test_a_name_on_its_own_between_other_words_may_be_another_one() -> None:
    assert carried("He met Jordan there.", "We flew to Jordan again!", "Jordan") is None
    assert carried("He met Jordan there.", "He met Jordan often.", "Jordan") == "Jordan"


def test_line_breaks_may_differ_and_edges_inside_words_hold() -> None:
    other = WIRE.replace(" on ", "\r\non ").replace("Jeff Zhang", "Jeff\nZhang")
    aligned = Alignment(WIRE, other)
    assert aligned.is_equal
    assert carried(WIRE, other, "Jeff Zhang") == "Jeff\nZhang"
    assert carried(WIRE, other, "ibab", 1) == "ibab"
    assert carried(WIRE, other, " Jeff") is None, "white space is not compared"


@pytest.mark.parametrize(("text", "other"), [("", "Oslo"), ("Oslo", ""), ("  ", "  "), ("", "")])
def test_nothing_is_found_where_there_is_nothing(text: str, other: str) -> None:
    assert Alignment(text, other).find(0, len(text)) is None


@settings(deadline=None)
@given(st.text("ab. \n", max_size=40), st.text("ab. \n", max_size=40), st.data())
def test_what_is_found_are_the_same_words(text: str, other: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = Alignment(text, other).find(start, end)
    if place is not None:
        assert other[slice(*place)].split() == text[start:end].split()


@settings(deadline=None)
@given(st.text("ab. \n", min_size=1, max_size=40), st.data())
def test_in_the_same_text_a_range_of_words_is_where_it_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    inner = text[start:end]
    expected = None if inner != inner.strip() else (start, end)
    assert Alignment(text, text).find(start, end) == expected


def test_a_long_text_without_a_full_stop_takes_no_time() -> None:
    one, other = ("word " * 30_000, "term " * 30_000)
    began = time.perf_counter()
    assert Alignment(one, other).find(0, 4) is None
    assert time.perf_counter() - began < 5
