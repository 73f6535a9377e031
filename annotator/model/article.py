"""An article as it was imported, and as it stands with its spans."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from annotator.model.aside import Aside, Range, counting, covers
from annotator.model.span import Span, SpanState, reading_order
from annotator.model.tokens import Tokens

LONGEST_TITLE = 1_000  # code points
META_KEYS = ("title", "source", "url", "published", "file")


class ArticleState(StrEnum):
    """Where the work on an article stands."""

    NEW = "new"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


UNDECIDED = (ArticleState.NEW, ArticleState.OPEN)


def text_sha256(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Article:
    """One news text, immutable after import.

    :param uid: recognises the article on every workstation; the imported id, else derived
        from the text.
    :param text: code point for code point as imported.
    :param meta: title, source, url, published (ISO date), file and whatever else came along;
        only keys that have a value.
    """

    uid: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title's first 1,000 code points, or the beginning of the first line that has words, at most 120.

        All of a longer one stays in `meta`: such a title is a page's mistake, or meant to harm.
        """
        if title := str(self.meta.get("title") or ""):
            return title[:LONGEST_TITLE]
        lines = (line.strip() for line in self.text.splitlines())
        return next((line for line in lines if line), "(empty article)")[:120]


@dataclass(frozen=True)
class AnnotatedArticle:
    """An article with everything known about its spans at one moment.

    :param id: the project's own number of the article.
    :param spans: all that is shown, suggested, confirmed and rejected, sorted by
        (start, -end, label).
    :param tokens: the edges that selections snap to.
    :param ghosts: places left unmarked that may hide an entity, in reading order; no part of `spans`.
    :param asides: passages not to be labelled, the cleared ones too, by start; no suggestion and no ghost is in one
        that counts.
    """

    id: int
    article: Article
    spans: tuple[Span, ...]
    tokens: Tokens
    state: ArticleState = ArticleState.NEW
    flagged: bool = False
    comment: str = ""
    ghosts: tuple[Span, ...] = ()
    asides: tuple[Aside, ...] = ()

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def of_state(self, state: SpanState) -> tuple[Span, ...]:
        """The spans in one state, in reading order."""
        return tuple(span for span in self.spans if span.state is state)

    @cached_property
    def confirmed(self) -> tuple[Span, ...]:
        """What a dataset holds."""
        return self.of_state(SpanState.CONFIRMED)

    @cached_property
    def rejected(self) -> tuple[Span, ...]:
        """What a person said is not an entity."""
        return self.of_state(SpanState.REJECTED)

    @cached_property
    def suggested(self) -> tuple[Span, ...]:
        """What still waits for a decision."""
        return self.of_state(SpanState.SUGGESTED)

    @cached_property
    def with_ghosts(self) -> tuple[Span, ...]:
        """The spans and the ghosts together, in reading order."""
        return tuple(sorted([*self.spans, *self.ghosts], key=reading_order)) if self.ghosts else self.spans

    @cached_property
    def left_out(self) -> tuple[Range, ...]:
        """The code points that are not to be labelled now, as `aside.counting` gives them."""
        return counting(self.asides)

    def is_aside(self, start: int, end: int) -> bool:
        """Is any code point of [start, end) not to be labelled?"""
        return covers(self.left_out, start, end)

    def surface(self, span: Span) -> str:
        """The words of a span."""
        return self.article.text[span.start : span.end]
