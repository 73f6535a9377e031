"""What the window says, in its own words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.article import ArticleState
from annotator.model.span import Decision, Span, SpanState, Was
from annotator.session import Outcome
from annotator.ui import words
from annotator.ui.direction import isolated


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Outcome("add", 1, 7), "Added 7 places. U keeps only this one."),
        (Outcome("add", 1, 1), "Added."),
        (Outcome("confirm", 1, 3), "Confirmed 3 places."),
        (Outcome("labels", None, 12), "Labels changed."),
        (Outcome("finish", 1, 23), "Article done; 23 spans confirmed with it."),
        (Outcome("finish", 1, 1), "Article done; 1 span confirmed with it."),
        (Outcome("finish", 1, 0), "Article done."),
        (Outcome("finish_sure", 1, 4), "Article done; 4 spans confirmed with it."),
        (Outcome("decide", 1, 4), "Article done; 4 spans decided with it."),
        (Outcome("undo", 1, 7, of="relabel"), "Undid: relabel (7 spans)."),
        (
            Outcome("redo", None, 7, of="elsewhere", articles=3),
            "Did again: same change in other articles (7 spans in 3 articles).",
        ),
        (Outcome("undo", None, 0, of="skip_twins", articles=3), "Undid: skipped near-duplicates (3 articles)."),
        (Outcome("redo", 1, 1, of="flag"), "Did again: flag."),
    ],
)
def test_what_was_done_is_said_in_one_line(done: Outcome, said: str) -> None:
    assert words.outcome(done) == said


def test_every_decision_and_state_has_its_words() -> None:
    span = Span(0, 7, "ORG", SpanState.CONFIRMED, "made-up 1.0", 0.93, annotator="ana", at="2026-01-31T09:30:00Z")
    for decision in Decision:
        assert "by ana" in words.describe(replace(span, decision=decision), "Alibaba")
    assert len({words.article_state_title(state) for state in ArticleState}) == len(ArticleState)


def test_a_description_says_where_a_span_came_from() -> None:
    span = Span(0, 7, "ORG", SpanState.CONFIRMED, "made-up 1.0", 0.93, Decision.RELABEL, "ana", "2026-01-31T09:30:00Z")
    said = words.describe(replace(span, was=Was(0, 7, "GPE")), "Alibaba")
    assert said.startswith("“Alibaba”  ORG\nrelabelled by ana, ")
    assert said.endswith("was GPE\nproposed by made-up 1.0, 93% sure")
    assert "2026" in said
    moved = words.describe(replace(span, was=Was(0, 12, "ORG")), "Alibaba")
    assert "had other edges" in moved
    assert "was ORG" not in moved


@pytest.mark.parametrize(
    ("source", "confidence", "said"),
    [
        ("learner + memory + en_core_web_sm 3.8.0", 0.93, "93% sure: the learner, the memory and en_core_web_sm agree"),
        ("learner + memory", 0.5, "50% sure: the learner and the memory agree"),
        ("en_core_web_sm 3.8.0", 0.93, "93% sure: en_core_web_sm"),
        ("patterns", 0.95, "95% sure: the memory (by hand)"),
        ("en_core_web_sm 3.8.0", None, "proposed by en_core_web_sm 3.8.0"),
        ("", None, "proposed by an unnamed source"),
        ("learner, unmarked", 0.12, "left unmarked by the learner, 12% sure that it is one"),
        ("person", None, ""),
    ],
)
def test_a_suggestion_says_who_agrees(source: str, confidence: float | None, said: str) -> None:
    span = Span(0, 7, "ORG", source=source, confidence=confidence)
    assert words.proposed(span) == said
    assert said in words.describe(span, "Alibaba")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((3, 0, False), "3 to check"),
        ((3, 12, False), "3 to check, 12 sure"),
        ((0, 12, False), "nothing to check, 12 sure"),
        ((0, 0, False), "all checked"),
        ((3, 0, True), "3 to check, picked at random"),
        ((0, 0, True), "all checked"),
    ],
)
def test_what_is_left_is_said(counts: tuple[int, int, bool], said: str) -> None:
    assert words.what_is_left(*counts) == said


@given(st.text())
def test_shortened_words_are_one_short_line(surface: str) -> None:
    short = words.shortened(surface)
    assert len(short) <= 120
    assert len(short.splitlines()) <= 1


def test_a_title_that_turns_round_what_follows_is_set_apart() -> None:
    assert words.twin_is_done("abc\u202edef") == (
        "Nearly the same as “\u2068abc\u202edef\u2069”, which is done. Ctrl+Shift+T takes over its decisions."
    )
    assert isolated("a\u2069\u202eb") == "\u2068a\u202eb\u2069"
    assert isolated("Alibaba – 北京市") == "Alibaba – 北京市"
