"""Passages not to be labelled: which code points they are, held to sets of code points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model import deciding, elsewhere
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.aside import Aside, AsideState, counting, covers, outside, paragraphs_at
from annotator.model.elsewhere import Correction
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import rough_tokens

ranges = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
asides = st.lists(st.builds(lambda place, state: Aside(*place, state), ranges, st.sampled_from(AsideState)))
texts = st.text(st.sampled_from("ab \t\n\r\u2028🚀"), max_size=40)


def points(of: list[Aside]) -> set[int]:
    return {point for aside in of if aside.state is not AsideState.CLEARED for point in range(*aside.range)}


@given(asides)
def test_what_counts_is_all_but_what_was_cleared(drawn: list[Aside]) -> None:
    found = counting(drawn)
    assert {point for each in found for point in range(*each)} == points(drawn)
    edges = [edge for each in found for edge in each]
    assert edges == sorted(set(edges)), "in order, and no two touch"


@given(asides, ranges)
def test_covers_one_code_point_or_more(drawn: list[Aside], place: tuple[int, int]) -> None:
    assert covers(counting(drawn), *place) == bool(points(drawn) & set(range(*place)))


@given(asides)
def test_outside_is_the_rest(drawn: list[Aside]) -> None:
    text = "".join(chr(ord("A") + n) for n in range(40))
    assert outside(text, counting(drawn)) == "".join(c for n, c in enumerate(text) if n not in points(drawn))


@given(texts, ranges)
def test_paragraphs_are_lines_without_outer_white_space(text: str, place: tuple[int, int]) -> None:
    every = paragraphs_at(text, 0, len(text))
    assert [text[a:b] for a, b in every] == [line.strip() for line in text.splitlines() if line.strip()]
    touched = [(a, b) for a, b in every if set(range(a, b)) & set(range(*place))]
    assert paragraphs_at(text, *place) == touched


TEXT = "Alibaba opens.\nAlibaba said so.\nRead more: Alibaba"


def article(*spans: Span) -> AnnotatedArticle:
    asides = (Aside(32, 50), Aside(0, 14, AsideState.CLEARED))
    return AnnotatedArticle(1, Article("a", TEXT), spans, rough_tokens(TEXT), asides=asides)


def test_copies_are_not_made_in_an_aside() -> None:
    edits = deciding.add(article(), 0, 7, "ORG", everywhere=True)
    assert [edit.after.range for edit in edits if edit.after] == [(0, 7), (15, 22)]


@pytest.mark.parametrize("verb", ["confirm", "reject", "relabel", "resize"])
def test_what_was_decided_in_an_aside_is_no_copy(verb: str) -> None:
    first, inside = (
        Span(at, at + 7, "ORG", SpanState.CONFIRMED, "model", decision=Decision.CONFIRM, id=at, uid=f"{at}")
        for at in (0, 43)
    )
    on = article(first, inside)
    made = {
        "confirm": lambda: deciding.confirm(on, first, True),
        "reject": lambda: deciding.reject(on, first, True),
        "relabel": lambda: deciding.relabel(on, first, "LOC", True),
        "resize": lambda: deciding.resize(on, first, 0, 5, True),
    }[verb]()
    assert not any(edit.before == inside or (edit.after and edit.after.start >= 32) for edit in made)


def test_decisions_are_not_taken_over_into_an_aside() -> None:
    span = Span(0, 7, "ORG", SpanState.CONFIRMED, decision=Decision.ADD)
    edits = deciding.take_over(article(), [(span, (0, 7)), (span, (43, 50))], "twin")
    assert [edit.after.range for edit in edits if edit.after] == [(0, 7)]


def test_a_correction_elsewhere_has_no_spot_in_an_aside() -> None:
    assert [spot.start for spot in elsewhere.spots(article(), Correction("Alibaba", "ORG"))] == [0, 15]
