"""Which places of an article the cursor stops at."""

from dataclasses import dataclass

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span, SpanState


@dataclass(frozen=True, slots=True)
class Visit:
    """What is worth a look.

    :param all: every suggestion; else only those that are unsure.
    :param sure_from: a suggestion with a confidence below is unsure, 0 to 1; so is one without a confidence.
    :param ghosts: places left unmarked that may hide an entity are shown, and visited with the suggestions.
    """

    all: bool = True
    sure_from: float = 0.9
    ghosts: bool = False

    def is_unsure(self, span: Span) -> bool:
        """Is it a suggestion that may well be wrong?"""
        if span.state is not SpanState.SUGGESTED:
            return False
        return span.confidence is None or span.confidence < self.sure_from

    def shown(self, on: AnnotatedArticle) -> tuple[Span, ...]:
        """The spans of an article in reading order, with its ghosts where these are shown."""
        return on.with_ghosts if self.ghosts else on.spans

    def to_check(self, on: AnnotatedArticle, in_full: bool = False) -> tuple[Span, ...]:
        """Where the cursor stops, in reading order.

        :param in_full: all suggestions of this article are to be looked at, whatever was chosen.
        """
        waiting = (span for span in self.shown(on) if span.state is SpanState.SUGGESTED)
        if self.all or in_full:
            return tuple(waiting)
        return tuple(span for span in waiting if span.is_ghost or self.is_unsure(span))
