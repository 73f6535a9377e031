"""The record: its schema, its lines, and the way back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator.exporters import Options, by_name, export
from annotator.exporters.jsonl import line, record
from annotator.importers import Record, read
from annotator.model.article import AnnotatedArticle, Article, ArticleState
from annotator.model.aside import Aside, AsideState
from annotator.model.span import Decision, Span, SpanState, Was, reading_order
from annotator.model.tokens import rough_tokens

SCHEMA_FILE = Path(__file__).parents[2] / "resources" / "record.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_record_follows_the_schema(articles: list[AnnotatedArticle]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for annotated in articles:
        VALIDATOR.validate(record(annotated, with_rejected=True))


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"answer": "ignore"},
        {"state": "open"},
        {"schema": "annotator/2"},
        {"asides": []},
        {"asides": [{"start": 0, "end": 1, "state": "confirmed"}]},
        {"asides": [{"start": 0, "end": 1, "state": "marked", "label": "X"}]},
        {"text_sha256": "x"},
        {"spans": [{"start": 0, "end": 1, "label": "X"}]},
        {"spans": [{"start": 0, "end": 1, "label": "X", "text": "a", "source": "person", "score": 1}]},
        {"spans": [{"start": 0.5, "end": 1, "label": "X", "text": "a", "source": "person"}]},
        {"spans": [{"start": 0, "end": 1, "label": "X", "text": "a", "source": "person", "token_start": 0}]},
    ],
)
def test_the_schema_refuses(articles: list[AnnotatedArticle], change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(record(articles[0]) | change)


def test_every_reader_sees_one_record_a_line(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    export(by_name("jsonl"), articles, tmp_path / "out", Options())
    lines = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["id"] for each in lines] == ["a1", "a2", "a3"]
    assert "😀" in lines[0]


def test_only_decided_spans_leave_and_rejected_ones_when_asked_for(articles: list[AnnotatedArticle]) -> None:
    fields = record(articles[0])
    assert fields["rejected"] == []
    assert len(fields["spans"]) == len(articles[0].confirmed)
    assert [span["text"] for span in record(articles[0], with_rejected=True)["rejected"]] == ["why", "Smit"]


ALPHABET = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    st.sampled_from("\r\n\u2028\u2029\u0085\u00a0\ufeff\u0301\u200dא😀👨‍👩‍👧"),
)
WORDS = st.text(ALPHABET, min_size=1).filter(lambda words: bool(words.strip()))
VALUES = st.one_of(
    WORDS, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.just([1, {}])
)


@st.composite
def decided(draw: st.DrawFn, text: str) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return tuple(draw(decided_span(start, end)) for start, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def decided_span(draw: st.DrawFn, start: int, end: int) -> Span:
    state = draw(st.sampled_from([SpanState.CONFIRMED, SpanState.REJECTED]))
    decisions = [Decision.REJECT] if state is SpanState.REJECTED else [d for d in Decision if d != "reject"]
    return Span(
        *(start, end, draw(WORDS), state, draw(WORDS), draw(st.none() | st.floats(0, 1))),
        *(draw(st.sampled_from(decisions)), draw(st.none() | WORDS)),
        draw(st.none() | st.datetimes().map(lambda moment: moment.isoformat() + "Z")),
        draw(st.none() | st.builds(Was, st.integers(0, 5), st.integers(6, 9), WORDS)),
        uid=draw(st.none() | WORDS),
    )


@st.composite
def annotated_articles(draw: st.DrawFn) -> AnnotatedArticle:
    text = draw(st.text(ALPHABET, min_size=1))
    article = Article(draw(WORDS), text, draw(st.dictionaries(WORDS, VALUES, max_size=3)))
    spans = tuple(sorted(draw(decided(text)), key=reading_order))
    standing = (draw(st.sampled_from(ArticleState)), draw(st.booleans()), draw(st.just("") | WORDS))
    asides = tuple(sorted(draw(asides_of(text)), key=lambda aside: aside.range))
    return AnnotatedArticle(1, article, spans, rough_tokens(text), *standing, asides=asides)


@st.composite
def asides_of(draw: st.DrawFn, text: str) -> list[Aside]:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    who = st.tuples(st.just("ana"), st.just("2026-01-31T09:30:00Z"))
    return [
        Aside(a, b, state, *(draw(who) if state is not AsideState.SUGGESTED else (None, None)), uid=draw(WORDS))
        for a, b in zip(edges[::2], edges[1::2], strict=False)
        for state in [draw(st.sampled_from(AsideState))]
    ]


@given(annotated=annotated_articles())
def test_what_leaves_comes_back_equal(annotated: AnnotatedArticle, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("round") / "out.jsonl"
    export(by_name("jsonl"), [annotated], path, Options(with_rejected=True))
    (back,) = read(path)
    assert isinstance(back, Record), back
    assert back.article == annotated.article
    assert back.spans == annotated.spans
    assert back.asides == annotated.asides
    assert (back.state, back.flagged, back.comment) == (annotated.state, annotated.flagged, annotated.comment)
    assert back.notes == back.problems == ()
    fields = record(annotated, with_rejected=True)
    VALIDATOR.validate(fields)
    assert all(span["text"] == annotated.text[span["start"] : span["end"]] for span in fields["spans"])
    assert len(line(annotated).splitlines()) == 1
