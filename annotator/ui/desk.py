"""The desk: what the annotator does to the article that is on it.

Views listen to the desk and ask it; it asks the session. Nothing else in `ui` changes a project.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from annotator.errors import DiskError, KnownError, MassChangeError
from annotator.model.article import UNDECIDED, ArticleState
from annotator.model.span import Span, SpanState, reading_order
from annotator.session import Outcome, Session
from annotator.ui import words
from annotator.ui.dialogs.progress import CancelledError
from annotator.ui.place import Place


class Desk(Place):
    """A place where decisions are made; each is one step of the session."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.everywhere = True
        self.permits: Callable[[MassChangeError], bool] = lambda _error: False  # asks whoever decides
        self._alone: Callable[[], Outcome] | None = None  # the last decision, for one place only
        self._refused: list[tuple[Callable[[], Outcome | None], str]] = []  # by the disk, and what they were
        self.opened.connect(lambda _article: self._forget_copies())

    def use(self, session: Session) -> None:
        """Work on another project from now on; what was refused in the one before is not tried again in this one."""
        self._refused.clear()
        super().use(session)

    def _forget_copies(self) -> None:
        self._alone = None

    # What the annotator decides

    def attempt(self, verb: Callable[[], Outcome | None], alone: bool = False) -> Outcome | None:
        """Do a verb of the session; what stands in its way is shown, and nothing has changed.

        :param alone: it is about one place and says nothing of others; nobody is told that it was `decided`.
        """
        self._alone = None
        try:
            outcome = self._done(verb)
        except KnownError as error:
            if isinstance(error, DiskError):
                self._refused.append((verb, self._named(error)))
            self.fail(error)
            return None
        if outcome is not None:
            self._refused.clear()
            self.committed.emit()
            self.said.emit(words.outcome(outcome))
            if not alone:
                self.decided.emit(outcome)
        return outcome

    def _done(self, verb: Callable[[], Outcome | None]) -> Outcome | None:
        """Do it; where more decisions would change than the settings let through, ask, and do it again."""
        try:
            return verb()
        except MassChangeError as error:
            if not self.permits(error):
                raise CancelledError from error
        self.session.backups.before("before-alarm")
        with self.session.alarm.allowed():
            return verb()

    def may_change(self) -> bool:
        """False where the project is open to look at only, which is then said."""
        if self.session.project.read_only:
            self.fail(KnownError("The project is open to look at only."))
        return not self.session.project.read_only

    @property
    def refused(self) -> int:
        """How many decisions the disk stood in the way of since the last one that was saved."""
        return len(self._refused)

    @property
    def refused_steps(self) -> list[str]:
        """What they were, in a few words each."""
        return [said for _, said in self._refused]

    def _named(self, error: DiskError) -> str:
        article = self.article if self.article is not None and self.article.id == error.article_id else None
        about = "" if article is None else article.text[slice(*error.place)] if error.place else article.article.title
        return words.step(error.verb, about)

    def try_again(self) -> None:
        """The decision that the disk stood in the way of; nothing where it was more than one, or others came since."""
        if self.refused == 1:
            verb, _ = self._refused.pop()
            self.attempt(verb)

    def fail(self, error: KnownError) -> None:
        """Something stood in the way; what the person cancelled is no more than said."""
        if isinstance(error, CancelledError):
            self.said.emit(error.plain)
        else:
            self.failed.emit(error)

    def confirm(self, everywhere: bool = False) -> None:
        """The current span is right; go on to the next to check."""
        article, span = self.article, self.current
        if article is None or span is None:
            self.go(1, to_check=True)
        elif span.is_ghost:
            self._accept(span, span.label, everywhere or self.everywhere)
        elif (span.state is SpanState.CONFIRMED and not everywhere) or self.attempt(
            lambda: self.session.confirm(article.id, span, everywhere=everywhere)
        ):
            self._go_on(span)

    def reject(self, everywhere: bool) -> None:
        """The current span is no entity; go on."""
        article, span = self.article, self.current
        if article is None or span is None or span.state is SpanState.REJECTED:
            return
        verb = self.session.ghosts.dismiss if span.is_ghost else self.session.reject
        if self._spread(partial(verb, article.id, span), everywhere, alone=span.is_ghost):
            self._go_on(span)

    def _accept(self, ghost: Span, label: str, everywhere: bool) -> None:
        """An entity stands where none was suggested; go on."""
        assert self.article is not None
        if self._spread(partial(self.session.ghosts.accept, self.article.id, ghost, label), everywhere):
            self._go_on(ghost)

    def apply_label(self, label: str, everywhere: bool) -> None:
        """The selection becomes a span with this label, or else the current span gets it."""
        article, span, chosen = self.article, self.current, self.selection()
        if article is None or not self.may_change():
            return
        if chosen is not None:
            if self._spread(self._labelling(article.id, chosen, label), everywhere):
                self._choose(self._at(*chosen))
        elif span is not None and span.is_ghost:
            self._accept(span, label, everywhere)
        elif span is not None and self._spread(partial(self.session.relabel, article.id, span, label), everywhere):
            self._go_on(span)

    def _labelling(self, article_id: int, chosen: tuple[int, int], label: str) -> Callable[..., Outcome]:
        """Words become a span; where they are one already, as a suggestion, it gets the label."""
        there = self._at(*chosen)
        if there is None or there.is_ghost or there.state is SpanState.REJECTED:
            return partial(self.session.add, article_id, *chosen, label)
        return partial(self.session.relabel, article_id, there, label)

    def _spread(self, verb: Callable[..., Outcome], everywhere: bool, alone: bool = False) -> Outcome | None:
        """Decide, for all same occurrences or one; what went to several can be kept to one afterwards.

        :param alone: it says nothing of other articles; as where one place alone is meant against the habit.
        """
        alone = alone or (self.everywhere and not everywhere)
        outcome = self.attempt(partial(verb, everywhere=everywhere), alone=alone)
        if outcome is not None:
            self._alone = verb if outcome.count > 1 else None
        return outcome

    def only_this(self) -> None:
        """The last decision reached its copies too: take these back."""
        if self._alone is None:
            self.said.emit(words.NO_COPIES)
            return
        alone, self._alone = self._alone, None
        if self.attempt(self.session.undo) and (outcome := self.attempt(alone, alone=True)) and outcome.place:
            self._choose(self._at(*outcome.place))

    def _go_on(self, span: Span) -> None:
        """To the next span to check behind this one; where none is left, stay."""
        at, to_check = reading_order(span), self.to_check
        ahead = [other for other in to_check if reading_order(other) > at]
        if ahead:
            self._choose(ahead[0])
        elif not to_check and self.article is not None:
            self.said.emit(words.all_checked(len(self.article.suggested)))

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
        if start >= end:
            self.said.emit(words.NOTHING_LEFT)
        elif start < 0 or end > len(article.text) or (start, end) == span.range:
            self.said.emit(words.TEXT_ENDS)
        else:
            self.resize(span, start, end)

    def toggle_aside(self) -> None:
        """The paragraphs of the selection, or that of the current span, are not, or again, to be labelled."""
        place = self.selection() or (self.current.range if self.current is not None else None)
        if self.article is None or place is None:
            self.said.emit(words.NO_PLACE)
            return
        article_id = self.article.id
        if self.attempt(lambda: self.session.asides.toggle(article_id, place), alone=True):
            self.come_to(*place)

    def finish(self) -> None:
        """Confirm what is left and put the next undecided article on the desk."""
        article, sees_all = self.article, self.sees_all
        if article is not None and self.attempt(lambda: self.session.finish(article.id, sees_all)):
            self._next_undecided()

    def skip(self) -> None:
        """Leave the article out and go on."""
        article = self.article
        if article is not None and article.state is ArticleState.DONE:
            self.said.emit(words.DONE_ALREADY)
        elif article is not None and self.attempt(lambda: self.session.skip(article.id)):
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
        answers: list[Outcome | None] = []

        def take() -> Outcome | None:
            answers.append(verb())
            return answers[-1]

        outcome = self.attempt(take)
        if outcome is None:
            if answers:  # else it was refused, and that is said
                self.said.emit(nothing)
            return
        if outcome.article_id is not None and (self.article is None or self.article.id != outcome.article_id):
            self.open_article(outcome.article_id, current=False)
        if outcome.place is not None and self.article is not None:
            touching = [span for span in self.shown if span.overlaps(*outcome.place)]
            if touching:
                self._choose(touching[0])
            else:
                self.come_to(*outcome.place)
        elif self.article is not None and self.current is None:
            self._choose(self._first())
