"""The place: the article on the desk, and where on it the annotator is.

Changes nothing in a project; `Desk` adds the decisions.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.span import Span, SpanState, reading_order
from annotator.model.visiting import Visit
from annotator.session import Changed, Session
from annotator.ui import words


class Place(QObject):
    """One session, one article on the desk, one current span or selection.

    `opened` another article (AnnotatedArticle or None); `updated` the same one, other spans;
    `current_changed` (Span or None) the annotator went there; `current_updated` (Span or None) what
    was current is another now, without anybody going anywhere; `labels_changed`; `rows_changed`
    (frozenset of article ids; empty: articles came or went); `memory_changed` (entries made by hand);
    `said` one line for the status bar; `decided` what a verb did (Outcome); `committed` a step is on the disk; `failed`
    (KnownError); `asks_for_text` a panel hands the keyboard back.
    """

    opened = Signal(object)
    updated = Signal(object)
    current_changed = Signal(object)
    current_updated = Signal(object)
    labels_changed = Signal()
    memory_changed = Signal()
    rows_changed = Signal(object)
    said = Signal(str)
    decided = Signal(object)
    committed = Signal()
    failed = Signal(object)
    asks_for_text = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.article: AnnotatedArticle | None = None
        self.current: Span | None = None
        self.shows_rejected = False  # does the view?
        self.visit = Visit()
        self._in_full = False  # all suggestions of this article are to be looked at, whatever was chosen
        self._left_at: tuple[int, int, str] | None = None  # where the current span was when it went
        self.selection: Callable[[], tuple[int, int] | None] = lambda: None  # the view's
        self.select: Callable[[int, int], None] = lambda start, end: None  # the view's
        session.subscribe(self._on_changed)

    def use(self, session: Session) -> None:
        """Work on another project from now on; the caller closes the old one."""
        self.session = session
        self.article = self.current = None
        session.subscribe(self._on_changed)
        self.labels_changed.emit()
        self.rows_changed.emit(frozenset())
        self.opened.emit(None)
        self._choose(None)

    @property
    def hues(self) -> dict[str, str]:
        """The colour of each label, the retired ones too."""
        return {label.name: label.colour for label in self.session.all_labels}

    # What there is to see

    def set_visit(self, visit: Visit) -> None:
        """Stop at other places from now on."""
        if visit == self.visit:
            return
        self.visit = visit
        if self.article is not None:
            self.updated.emit(self.article)
            self._settle(self.current)

    @property
    def shown(self) -> tuple[Span, ...]:
        """The article's spans in reading order, with its ghosts where these are shown."""
        return self.visit.shown(self.article) if self.article is not None else ()

    @property
    def to_check(self) -> tuple[Span, ...]:
        """Where the cursor stops, in reading order."""
        return self.visit.to_check(self.article, self._in_full) if self.article is not None else ()

    @property
    def sees_all(self) -> bool:
        """Does the cursor stop at every suggestion of this article?"""
        return self.visit.all or self._in_full

    def _is_random(self) -> bool:
        row = self.session.row(self.article.id) if self.article is not None else None
        return row is not None and row.is_random

    def _on_changed(self, changed: Changed) -> None:
        if changed.listing:
            self._leave_what_went()
            self._in_full = self._is_random()  # another order may have picked it
        if changed.labels:
            self.labels_changed.emit()
        if changed.memory:
            self.memory_changed.emit()
        if changed.articles or changed.listing:
            self.rows_changed.emit(frozenset() if changed.listing else changed.articles)
        if self.article is not None and (changed.labels or self.article.id in changed.articles):
            self._refresh(bool(changed.labels))

    def _leave_what_went(self) -> None:
        """An import was taken back: where the article on the desk went with it, another takes its place."""
        if self.article is None or self.session.row(self.article.id) is not None:
            return
        self.article = self.current = self._left_at = None
        first = self.session.first_to_do()
        if first is not None:
            self.open_article(first)
        else:
            self.opened.emit(None)
            self._choose(None)

    def _refresh(self, repaint: bool) -> None:
        """Read the article again; where it is as it was, nobody hears of it.

        :param repaint: labels may have other colours.
        """
        assert self.article is not None
        before, had_spans = self.current, bool(self.article.spans)
        fresh = self.session.article(self.article.id)
        if fresh == self.article and not repaint:
            return
        self.article = fresh
        self.updated.emit(fresh)
        if before is None and not had_spans and self.selection() is None:
            self._choose(self._first())  # the suggestions came after the article was opened
        else:
            self._settle(before)

    def _settle(self, before: Span | None) -> None:
        """What was current stays so. Where it is gone, what is to check there or next behind takes its place,
        as soon as there is such a span; nothing before it ever does.
        """
        now = None if before is None else self._same_place(before)
        if now is None and before is not None:
            self._left_at = reading_order(before)
        if now is None and self._left_at is not None and self.selection() is None:
            start = self._left_at[0]
            now = next((span for span in self.to_check if span.end > start), None)
        if now is not None:
            self._left_at = None
        if now != self.current:
            self.current = now
            self.current_updated.emit(now)

    def _same_place(self, before: Span) -> Span | None:
        shown = self.shown
        exact = [span for span in shown if span.range == before.range]
        by_id = [span for span in shown if before.id is not None and span.id == before.id]
        return next(iter(by_id + exact), None)

    # Where the annotator is

    def open_article(self, article_id: int, current: bool = True) -> None:
        """Put an article on the desk, at its first span to check."""
        self.article = self.session.article(article_id)
        self._in_full = self._is_random()
        self.current = self._left_at = None
        self.opened.emit(self.article)
        self._choose(self._first() if current else None)

    def _first(self) -> Span | None:
        assert self.article is not None
        to_check = self.to_check
        if to_check or self.article.suggested:
            return next(iter(to_check), None)
        return next(iter(self.article.spans), None)

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
        self.current, self._left_at = span, None
        self.current_changed.emit(span)

    def come_back(self, at: int) -> None:
        """Make the span at a code point current again, or the next one behind it."""
        if self.article is not None and at:
            self._choose(next((span for span in self.shown if span.start >= at), self.current))

    @property
    def at(self) -> int:
        """The code point where the annotator is."""
        return max(self._place()[0], 0)

    def come_to(self, start: int, end: int) -> None:
        """Make what stands at a place current: the span with that range, else the words."""
        span = self._at(start, end)
        self._choose(span)
        if span is None:
            self.select(start, end)

    def go(self, step: int, to_check: bool = False) -> None:
        """The next (1) or previous (-1) span from here; with `to_check` only those, round the end."""
        if self.article is None:
            return
        spans = self.to_check if to_check else tuple(span for span in self.shown if self._is_seen(span))
        at = self._place()
        behind = [span for span in spans if reading_order(span) > at]
        before = [span for span in spans if reading_order(span) < at]
        found = next(iter(behind), None) if step > 0 else next(reversed(before), None)
        if found is None and to_check and spans:
            found = spans[0] if step > 0 else spans[-1]
        if found is not None:
            self._choose(found)
        elif to_check:
            self.said.emit(words.nothing_left(len(self.article.suggested)))

    def _is_seen(self, span: Span) -> bool:
        return self.shows_rejected or span.state is not SpanState.REJECTED

    def _place(self) -> tuple[int, int, str]:
        """Where the annotator is, as a place in the reading order."""
        if self.current is not None:
            return reading_order(self.current)
        chosen = self.selection()
        if chosen is None and self._left_at is not None:
            return self._left_at
        start, end = chosen or (-1, 0)
        return start, -end, ""

    def _at(self, start: int, end: int) -> Span | None:
        return next((span for span in self.shown if span.range == (start, end)), None)
