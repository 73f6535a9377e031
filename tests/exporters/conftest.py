"""One small dataset in which everything that exporters stumble over occurs."""

from typing import Protocol

import pytest

from annotator.model.article import AnnotatedArticle, Article, ArticleState
from annotator.model.span import Decision, Span, SpanState, Was, reading_order
from annotator.model.tokens import rough_tokens

TEXT = (
    "😀 Alibaba hires in Tel Aviv\r\n\r\n"
    "Jack\u00a0Ma said so.\u2028 The New York Times\u2029asked “why?” Zoe\u0301 Smith did not.\n"
)


def spans_of(text: str, *surfaces: tuple[str, str], state: SpanState = SpanState.CONFIRMED) -> tuple[Span, ...]:
    """A decided span at the first occurrence of each surface."""
    decision = Decision.ADD if state is SpanState.CONFIRMED else Decision.REJECT
    found = [(text.index(surface), surface, label) for surface, label in surfaces]
    spans = [Span(at, at + len(s), label, state, decision=decision, uid=f"u-{s}") for at, s, label in found]
    return tuple(sorted(spans, key=reading_order))


class Make(Protocol):
    """A finished article with rough tokens and a confirmed span at the first place of each surface."""

    def __call__(self, text: str, *surfaces: tuple[str, str]) -> AnnotatedArticle: ...


@pytest.fixture
def make() -> Make:
    """Makes articles."""

    def made(text: str, *surfaces: tuple[str, str]) -> AnnotatedArticle:
        spans = spans_of(text, *surfaces)
        return AnnotatedArticle(1, Article("a1", text), spans, rough_tokens(text), ArticleState.DONE)

    return made


@pytest.fixture
def articles() -> list[AnnotatedArticle]:
    """Emoji, CRLF, a no-break space, separators, quotes, a combining mark, overlaps, edges off the tokens."""
    model = Span(
        *(2, 9, "ORG", SpanState.CONFIRMED, "en_core_web_sm 3.8.0", 0.93, Decision.RELABEL, "ana"),
        *("2026-01-31T09:30:00Z", Was(2, 9, "GPE")),
        uid="u-1",
    )
    added = spans_of(TEXT, ("Tel Aviv", "LOC"), ("Jack\u00a0Ma", "PER"), ("The New York Times", "ORG"))
    inner = spans_of(TEXT, ("New York", "LOC"), ("Zoe\u0301 Smi", "PER"), ("\r\n\r\n", "MISC"))
    rejected = spans_of(TEXT, ("why", "MISC"), ("Smit", "PER"), state=SpanState.REJECTED)
    waiting = (Span(10, 15, "PER", SpanState.SUGGESTED, "memory", 0.5),)
    spans = tuple(sorted((model, *added, *inner, *rejected, *waiting), key=reading_order))
    meta = {"section": "World", "file": "a.txt", "title": "Labs", "empty": "", "none": None, "n": 0, "big": 2**70}
    full = Article("a1", TEXT, meta)
    return [
        AnnotatedArticle(1, full, spans, rough_tokens(TEXT), ArticleState.DONE, True, "look again"),
        AnnotatedArticle(
            2, Article("a2", "No entity here."), (), rough_tokens("No entity here."), ArticleState.SKIPPED
        ),
        AnnotatedArticle(3, Article("a3", " \n"), (), rough_tokens(" \n"), ArticleState.OPEN),
    ]
