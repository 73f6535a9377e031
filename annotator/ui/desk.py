"""The desk: the article that is being worked on, and where on it the annotator is.

Views listen to the desk and ask it; it asks the session. Nothing else in `ui` changes a project.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.span import Span, SpanState, reading_order
from annotator.session import Changed, Outcome, Session
from annotator.ui import words

UNDECIDED = (ArticleState.NEW, ArticleState.OPEN)


class Desk(QObject):
    """One session, one article on the desk, one current span or selection.

    `opened` another article (AnnotatedArticle or None); `updated` the same one, other spans;
    `current_changed` (Span or None); `labels_changed`; `rows_changed` (frozenset of article ids;
    empty: articles came or went); `said` one line for the status bar; `failed` (KnownError).
    """

    opened = Signal(object)
    updated = Signal(object)
    current_changed = Signal(object)
    labels_changed = Signal()
    rows_changed = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.article: AnnotatedArticle | None = None
        self.current: Span | None = None
        self.selection: Callable[[], tuple[int, int] | None] = lambda: None  # the view's
        self.select: Callable[[int, int], None] = lambda start, end: None  # the view's
        self.everywhere = True
        self._alone: Callable[[], Outcome] | None = None  # the last decision, for one place only
        session.subscribe(self._on_changed)

    def use(self, session: Session) -> None:
        """Work on another project from now on; the caller closes the old one."""
        self.session = session
        self.article = self.current = self._alone = None
        session.subscribe(self._on_changed)
        self.labels_changed.emit()
        self.rows_changed.emit(frozenset())
        self.opened.emit(None)

    @property
    def hues(self) -> dict[str, str]:
        """The colour of each label, the retired ones too."""
        return {label.name: label.colour for label in self.session.all_labels}

    def _on_changed(self, changed: Changed) -> None:
        if changed.labels:
            self.labels_changed.emit()
        if changed.articles or changed.listing:
            self.rows_changed.emit(frozenset() if changed.listing else changed.articles)
        if self.article is not None and (changed.labels or self.article.id in changed.articles):
            self._refresh()

    def _refresh(self) -> None:
        assert self.article is not None
        before, had_spans = self.current, bool(self.article.spans)
        self.article = self.session.article(self.article.id)
        self.updated.emit(self.article)
        if before is not None:
            self._choose(self._same_place(before))
        elif not had_spans and self.selection() is None:
            self._choose(self._first())  # the suggestions came after the article was opened

    def _same_place(self, before: Span) -> Span | None:
        assert self.article is not None
        exact = [span for span in self.article.spans if span.range == before.range]
        by_id = [span for span in self.article.spans if before.id is not None and span.id == before.id]
        return next(iter(by_id + exact), None)

    # Where the annotator is

    def open_article(self, article_id: int, current: bool = True) -> None:
        """Put an article on the desk, at its first span to check."""
        self.article = self.session.article(article_id)
        self.current = self._alone = None
        self.opened.emit(self.article)
        self._choose(self._first() if current else None)

    def _first(self) -> Span | None:
        assert self.article is not None
        return next(iter(self.article.suggested or self.article.spans), None)

    def open_neighbour(self, step: int, states: tuple[ArticleState, ...] = ()) -> bool:
        """Go to the next or previous article in one of these states; False where there is none."""
        at = self.article.id if self.article is not None else 0
        found = self.session.neighbour(at, step, states)
        if found is not None:
            self.open_article(found)
        return found is not None

    def go_to(self, span: Span | None) -> None:
        """Make a span the current one."""
        self._choose(span)

    def _choose(self, span: Span | None) -> None:
        self.current = span
        self.current_changed.emit(span)

    def come_to(self, start: int, end: int) -> None:
        """Make what stands at a place current: the span with that range, else the words."""
        span = self._at(start, end)
        self._choose(span)
        if span is None:
            self.select(start, end)

    def go(self, step: int, to_check: bool = False) -> None:
        """The next (1) or previous (-1) span from here; with `to_check` only suggested ones, round the end."""
        if self.article is None:
            return
        spans = self.article.suggested if to_check else self.article.spans
        at = self._place()
        behind = [span for span in spans if reading_order(span) > at]
        before = [span for span in spans if reading_order(span) < at]
        found = next(iter(behind), None) if step > 0 else next(reversed(before), None)
        if found is None and to_check and spans:
            found = spans[0] if step > 0 else spans[-1]
        if found is not None:
            self._choose(found)
        elif to_check:
            self.said.emit(words.NOTHING_LEFT)

    def _place(self) -> tuple[int, int, str]:
        """Where the annotator is, as a place in the reading order."""
        if self.current is not None:
            return reading_order(self.current)
        start, end = self.selection() or (-1, 0)
        return start, -end, ""

    # What the annotator decides

    def attempt(self, verb: Callable[[], Outcome | None]) -> Outcome | None:
        """Do a verb of the session; what stands in its way is shown, and nothing has changed."""
        try:
            outcome = verb()
        except KnownError as error:
            self.failed.emit(error)
            return None
        if outcome is not None:
            self.said.emit(words.outcome(outcome))
        return outcome

    def confirm(self, everywhere: bool = False) -> None:
        """The current span is right; go on to the next to check."""
        article, span = self.article, self.current
        if article is None or span is None:
            self.go(1, to_check=True)
        elif (span.state is SpanState.CONFIRMED and not everywhere) or self.attempt(
            lambda: self.session.confirm(article.id, span, everywhere=everywhere)
        ):
            self._go_on(span)

    def reject(self, everywhere: bool) -> None:
        """The current span is no entity; go on."""
        article, span = self.article, self.current
        if article is None or span is None or span.state is SpanState.REJECTED:
            return
        if self._spread(partial(self.session.reject, article.id, span), everywhere):
            self._go_on(span)

    def apply_label(self, label: str, everywhere: bool) -> None:
        """The selection becomes a span with this label, or else the current span gets it."""
        article, span, chosen = self.article, self.current, self.selection()
        if article is None:
            return
        if chosen is not None:
            if self._spread(partial(self.session.add, article.id, *chosen, label), everywhere):
                self._choose(self._at(*chosen))
        elif span is not None and self._spread(partial(self.session.relabel, article.id, span, label), everywhere):
            self._go_on(span)

    def _spread(self, verb: Callable[..., Outcome], everywhere: bool) -> Outcome | None:
        """Decide, for all same occurrences or one; what went to several can be kept to one afterwards."""
        outcome = self.attempt(partial(verb, everywhere=everywhere))
        if outcome is not None:
            self._alone = verb if outcome.count > 1 else None
        return outcome

    def only_this(self) -> None:
        """The last decision reached its copies too: take these back."""
        if self._alone is None:
            self.said.emit(words.NO_COPIES)
            return
        alone, self._alone = self._alone, None
        if self.attempt(self.session.undo) and (outcome := self.attempt(alone)) and outcome.place:
            self._choose(self._at(*outcome.place))

    def _at(self, start: int, end: int) -> Span | None:
        assert self.article is not None
        return next((span for span in self.article.spans if span.range == (start, end)), None)

    def _go_on(self, span: Span) -> None:
        """To the next span to check behind this one; where none is left, stay."""
        assert self.article is not None
        at = reading_order(span)
        ahead = [other for other in self.article.suggested if reading_order(other) > at]
        if ahead:
            self._choose(ahead[0])
        elif not self.article.suggested:
            self.said.emit(words.ALL_CHECKED)

    def resize(self, span: Span, start: int, end: int) -> None:
        """The span reaches from start to end."""
        article = self.article
        if article is None or start >= end:
            return
        if self.attempt(lambda: self.session.resize(article.id, span, start, end)):
            self._choose(self._at(start, end))

    def move_edge(self, edge: str, by: int, exact: bool = False) -> None:
        """Move the current span's "start" or "end" by tokens, or exactly by code points."""
        article, span = self.article, self.current
        if article is None or span is None:
            return
        start, end = span.range
        tokens = article.tokens
        if edge == "start":
            start = start + by if exact else tokens.moved_start(start, by)
        else:
            end = end + by if exact else tokens.moved_end(end, by)
        if 0 <= start < end <= len(article.text) and (start, end) != span.range:
            self.resize(span, start, end)

    def finish(self) -> None:
        """Confirm what is left and put the next undecided article on the desk."""
        article = self.article
        if article is not None and self.attempt(lambda: self.session.finish(article.id)):
            self._next_undecided()

    def skip(self) -> None:
        """Leave the article out and go on."""
        article = self.article
        if article is not None and self.attempt(lambda: self.session.skip(article.id)):
            self._next_undecided()

    def reopen(self) -> None:
        """The article on the desk is not done after all."""
        article = self.article
        if article is not None and self.attempt(lambda: self.session.reopen(article.id)):
            self._choose(self._first())

    def flag(self) -> None:
        """Mark the article for somebody to look at, or take the mark away."""
        article = self.article
        if article is not None:
            self.attempt(lambda: self.session.flag(article.id, not article.flagged))

    def _next_undecided(self) -> None:
        assert self.article is not None
        if self.open_neighbour(1, UNDECIDED):
            return
        first = self.session.neighbour(0, 1, UNDECIDED)
        if first is not None:
            self.open_article(first)
        else:
            self._choose(None)
            self.said.emit(words.ALL_DONE)

    def replay(self, verb: Callable[[], Outcome | None], nothing: str) -> None:
        """Undo or redo, and show the place that it changed."""
        outcome, self._alone = self.attempt(verb), None
        if outcome is None:
            self.said.emit(nothing)
            return
        if outcome.article_id is not None and (self.article is None or self.article.id != outcome.article_id):
            self.open_article(outcome.article_id, current=False)
        if outcome.place is not None and self.article is not None:
            touching = [span for span in self.article.spans if span.overlaps(*outcome.place)]
            self._choose(next(iter(touching), None))
