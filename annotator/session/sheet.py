"""One article in memory: what is read once, and what is read again after each step."""

from collections.abc import Iterable, Sequence

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.span import Span, SpanState, Suggestion, shown_spans
from annotator.model.tokens import Tokens, rough_tokens, whole_graphemes
from annotator.store import articles as article_rows
from annotator.store import spans as span_rows
from annotator.store import suggestions as suggestion_rows
from annotator.store.project import Project


class Sheet:
    """An article's text, tokens, suggestions and decided spans, in step with the file.

    :raises KnownError: there is no such article.
    """

    def __init__(self, project: Project, article_id: int, known: span_rows.Names) -> None:
        article = article_rows.article(project, article_id)
        if article is None:
            raise KnownError(f"There is no article {article_id} in the project.")
        self._project, self._known = project, known
        self.id, self.article = article_id, article
        self.stored = suggestion_rows.reading(project, article_id)
        self.tokens = whole_graphemes(article.text, self.stored.tokens or rough_tokens(article.text))
        self._decided = {span.id: span for span in span_rows.decided_spans(project, article_id, known)}
        self.standing = article_rows.standing(project, article_id)
        self._annotated: AnnotatedArticle | None = None

    def use_tokens(self, tokens: Tokens) -> None:
        """Snap to these tokens instead."""
        self.tokens, self._annotated = tokens, None

    def preview(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these for now, if nothing was read yet."""
        if not self.stored.model:
            self.stored, self._annotated = self.stored._replace(suggestions=tuple(suggestions)), None

    def reread(self, span_ids: Iterable[int]) -> None:
        """What a step changed, as it now stands in the file."""
        self._annotated = None
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
        waiting = [] if state is ArticleState.DONE else self.stored.suggestions
        suggested = [_span(s, label_of[s.label]) for s in waiting if s.label in label_of]
        spans = shown_spans(self._decided.values(), suggested)
        return AnnotatedArticle(
            self.id, self.article, spans, self.tokens, state, self.standing.flagged, self.standing.comment
        )


def _span(suggestion: Suggestion, label: str) -> Span:
    return Span(
        suggestion.start,
        suggestion.end,
        label,
        SpanState.SUGGESTED,
        suggestion.source,
        suggestion.confidence,
    )
