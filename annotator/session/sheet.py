"""One article in memory: what is read once, and what is read again after each step."""

from collections.abc import Iterable, Iterator, Sequence

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.aside import Range, counting, covers
from annotator.model.span import UNMARKED, Span, SpanState, Suggestion, shown_spans
from annotator.model.tokens import Tokens, rough_tokens, whole_graphemes
from annotator.store import articles as article_rows
from annotator.store import asides as aside_rows
from annotator.store import lessons
from annotator.store import spans as span_rows
from annotator.store import suggestions as suggestion_rows
from annotator.store.lessons import Fix
from annotator.store.project import Project
from annotator.suggest import Ask, Proposal


class Sheet:
    """An article's text, tokens, suggestions, decided spans and asides, in step with the file.

    Suggestions and ghosts in asides are kept, and left out here of what is shown and decided: so they are back
    as soon as an aside is cleared.

    :raises KnownError: there is no such article.
    """

    def __init__(self, project: Project, article_id: int, known: span_rows.Names) -> None:
        article = article_rows.article(project, article_id)
        if article is None:
            raise KnownError(
                "This article is not in the project any more.",
                "Go to another one.",
                detail=f"There is no article {article_id}.",
            )
        self._project, self._known = project, known
        self.id, self.article = article_id, article
        self.stored = suggestion_rows.reading(project, article_id)
        self.tokens = whole_graphemes(article.text, self.stored.tokens or rough_tokens(article.text))
        self._decided = {span.id: span for span in span_rows.decided_spans(project, article_id, known)}
        self.asides = aside_rows.asides(project, article_id, known)
        self.standing = article_rows.standing(project, article_id)
        self._annotated: AnnotatedArticle | None = None
        self._spans: tuple[suggestion_rows.Stored, tuple[Range, ...], tuple[Span, ...]] | None = None
        self._fixes: list[Fix] | None = None
        self.answered: tuple[str, Ask] | None = None  # the learner's revision and what it was asked

    @property
    def fixes(self) -> list[Fix]:
        """The decisions on its places that stand, in order."""
        if self._fixes is None:
            self._fixes = lessons.fixes(self._project, self.id)
        return self._fixes

    def propose(self, ask: Ask, proposal: Proposal, made_with: str) -> None:
        """Suggest this behind what has been checked, and what was suggested before in front of it.

        :param made_with: as `Stored.revision`.
        """
        before = tuple(s for s in self.stored.proposed if s.start < ask.upto)
        hidden = tuple(g for g in self.stored.ghosts if g.start < ask.upto)
        self.stored = self.stored._replace(
            proposed=before + tuple(proposal.suggestions),
            ghosts=hidden + tuple(proposal.ghosts),
            revision=made_with,
        )
        self.answered, self._annotated = (proposal.revision, ask), None

    def use_tokens(self, tokens: Tokens) -> None:
        """Snap to these tokens instead."""
        self.tokens, self._annotated = tokens, None

    def preview(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these for now, if nothing was read yet."""
        if not self.stored.model:
            self.stored, self._annotated = self.stored._replace(proposed=tuple(suggestions)), None

    def reread(self, span_ids: Iterable[int], asides: bool = False) -> None:
        """What a step changed, as it now stands in the file.

        :param asides: some of these, too.
        """
        self._annotated = self._fixes = None
        if asides:
            self.asides = aside_rows.asides(self._project, self.id, self._known)
        ids = list(span_ids)
        for span_id in ids:
            self._decided.pop(span_id, None)
        if ids:
            self._decided |= {span.id: span for span in span_rows.spans_by_id(self._project, ids, self._known)}
        self.standing = article_rows.standing(self._project, self.id)

    def annotated(self, label_of: dict[str, str]) -> AnnotatedArticle:
        """The article as it is shown; a finished one waits for no more decisions.

        :param label_of: from a source's label to the project's, the same at every call; suggestions
            with others are not shown.
        """
        if self._annotated is None:
            self._annotated = self._made(label_of)
        return self._annotated

    def _made(self, label_of: dict[str, str]) -> AnnotatedArticle:
        state = self.standing.state
        waiting = () if state is ArticleState.DONE else self._suggested(label_of)
        spans = shown_spans(self._decided.values(), waiting)
        ghosts = self._ghosts(spans, label_of) if waiting or self.stored.ghosts else ()
        standing = self.standing.flagged, self.standing.comment
        return AnnotatedArticle(self.id, self.article, spans, self.tokens, state, *standing, ghosts, self.asides)

    def _suggested(self, label_of: dict[str, str]) -> tuple[Span, ...]:
        """The stored suggestions as spans, made once: an article has hundreds, and every key asks for them."""
        left_out = counting(self.asides)
        if self._spans is None or self._spans[0] is not self.stored or self._spans[1] != left_out:
            self._spans = self.stored, left_out, tuple(_spans(self.stored.suggestions, label_of, left_out))
        return self._spans[2]

    def offered(self, label_of: dict[str, str]) -> int:
        """How many suggestions the list of articles counts: the newest reading's, without those in asides."""
        counted = self.stored.proposed if self.stored.model else self.stored.imported
        return sum(1 for _ in _spans(counted, label_of, counting(self.asides)))

    def _ghosts(self, spans: Sequence[Span], label_of: dict[str, str]) -> tuple[Span, ...]:
        """Those that touch nothing that is shown, nor what a person rejected."""
        if self.standing.state is ArticleState.DONE:
            return ()
        offered = (s._replace(source=s.source + UNMARKED) for s in self.stored.ghosts)
        ghosts = _spans(offered, label_of, counting(self.asides))
        return tuple(g for g in ghosts if not any(span.overlaps(*g.range) for span in spans))


def _spans(suggestions: Iterable[Suggestion], label_of: dict[str, str], left_out: Sequence[Range]) -> Iterator[Span]:
    """Suggestions under the project's labels, without those that have none and those in asides."""
    for suggestion in suggestions:
        if suggestion.label in label_of and not covers(left_out, suggestion.start, suggestion.end):
            yield _span(suggestion, label_of[suggestion.label])


def _span(suggestion: Suggestion, label: str) -> Span:
    return Span(
        suggestion.start,
        suggestion.end,
        label,
        SpanState.SUGGESTED,
        suggestion.source,
        suggestion.confidence,
    )
