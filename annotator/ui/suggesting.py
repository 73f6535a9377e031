"""Between the desk and the worker process: the article on the desk first, then those that come next."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle
from annotator.session import Changed, Session
from annotator.store.complaints import known_errors
from annotator.suggest import Ask, Reading, Setup, Worker
from annotator.ui import words
from annotator.ui.teaching import Teaching
from annotator.ui.timers import once_after

_log = logging.getLogger(__name__)
_AHEAD = 6
_CALM = 400  # milliseconds after a decision in which nothing is suggested again for the articles that come next
# Code points, about a thousand words: of a long article on the desk the beginning is read first,
# so that its highlights are there within a blink.
_HEAD = 6000


class Suggesting(QObject):
    """Keeps articles read ahead of the annotator, and the one on the desk in step with what is decided;
    the window never waits for it.

    `state_changed` says in one word or two what it does; `failed` (KnownError) when the pipeline
    cannot be used.
    """

    state_changed = Signal(str)
    failed = Signal(object)
    _answered = Signal(int, int, object, str)
    _refused = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._worker: Worker | None = None
        self._made_for: tuple[str, Setup | None] = ("", None)
        self._revision, self._at = 0, 0
        self._asked: dict[int, Ask] = {}
        self._given_up: set[int] = set()  # no use in asking again
        self._all_read = False
        self._is_held = False
        self._kept_back: list[tuple[int, int, Reading, str]] = []
        # the worker answers in its own thread
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._refused.connect(self._on_refused, Qt.ConnectionType.QueuedConnection)
        self._later = once_after(self, 0)
        self._later.timeout.connect(self._read_ahead)
        self._calm = once_after(self, _CALM)  # runs while the annotator decides
        self._calm.timeout.connect(self._later.start)
        self._teaching = Teaching(self)
        self._teaching.learned.connect(self._on_learned)

    def attach(self, session: Session) -> None:
        """Read for this session from now on."""
        if session is not self._session:
            session.subscribe(lambda changed: self._on_changed(session, changed))
        self._session = session
        self._asked.clear()
        self._given_up.clear()
        self._all_read = False
        self._revision += 1
        if session.project.read_only:  # what is found could not be kept
            self._session = None
            self._end_worker()
            self.state_changed.emit("")
        else:
            self.warm_up(session)

    def warm_up(self, session: Session) -> None:
        """A process of its own for each pipeline and set of labels; loading takes a second."""
        learns = session.learning.is_on
        made_for = session.model, session.learning.setup() if learns else None
        if self._worker is None or self._made_for != made_for:
            self._end_worker()
            self._made_for = made_for
            learner = self._teaching.learner(session) if learns else None
            self._worker = Worker(session.model, self._answered.emit, self._refused.emit, learner=learner)
            if learns:
                self._teaching.attach(session, self._worker)

    def come_to(self, article: AnnotatedArticle | None) -> None:
        """This article is on the desk now."""
        self._at = article.id if article is not None else 0
        self._later.start()

    def start_again(self, anew: bool = False) -> None:
        """The session names another pipeline.

        :param anew: also where it is the same: it may be loaded now.
        """
        if anew:
            self._end_worker()
        if self._session is not None:
            self.attach(self._session)
            self._later.start()

    def _on_changed(self, session: Session, changed: Changed) -> None:
        if session is not self._session:
            return
        self._all_read = self._all_read and not changed.listing
        if changed.labels or (session.model, self._learns_for(session)) != self._made_for:
            self.start_again()
        elif session.learning.is_on:
            self._teaching.follow()
            if changed.memory or self._at in changed.articles:
                self._calm.start()
                self._later.start()

    def _learns_for(self, session: Session) -> Setup | None:
        return self._made_for[1] if session.learning.is_on else None

    def _on_learned(self) -> None:
        self._say()
        self._later.start()

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the project is in the midst of an import: answers are kept back until it is through."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            answers, self._kept_back = self._kept_back, []
            for answer in answers:
                self._answered.emit(*answer)
            self._later.start()

    def _read_ahead(self) -> None:
        if self._session is None or self._worker is None or self._is_held:
            return
        try:
            with known_errors(self._session.project.path):
                self._ask_ahead(self._session)
        except KnownError as error:  # the file cannot be read: the next decision finds out as well
            self.failed.emit(error)

    def _ask_ahead(self, session: Session) -> None:
        if session.learning.is_on:
            self._suggest_here()
        if not self._all_read:
            unread = session.unread(_AHEAD, after=self._at)
            self._all_read = not unread
            for article_id, text in unread:
                self._read(article_id, text)
        if session.learning.is_on and not (self._teaching.is_busy or self._asked or self._calm.isActive()):
            self._suggest_ahead()
        self._say()

    def _suggest_ahead(self) -> None:
        """Again for those that come next, one at a time: a correction on the desk never waits for two."""
        assert self._session is not None
        for article_id in self._session.ahead(self._teaching.knows, _AHEAD, self._at):
            if article_id not in self._given_up and self._suggest(article_id, urgent=False):
                return

    def _read(self, article_id: int, text: str) -> None:
        urgent = article_id == self._at
        if article_id in self._given_up or (article_id in self._asked and not urgent):
            return
        if urgent and article_id not in self._asked and len(text) > _HEAD:
            assert self._worker is not None
            self._worker.ask(-article_id, self._revision, _head(text), urgent=True)
            self._asked[article_id] = Ask(text)
        else:
            self._ask_for_whole(article_id)

    def _suggest_here(self) -> None:
        """The article on the desk, where it has been read: what was decided may say something of the rest."""
        assert self._session is not None
        if self._at and self._at not in self._given_up and self._session.is_read(self._at):
            self._suggest(self._at, urgent=True)

    def _suggest(self, article_id: int, urgent: bool) -> bool:
        """Ask what to suggest in an article, unless that is known or asked already."""
        assert self._session is not None
        assert self._worker is not None
        ask = self._session.learning.wants(article_id, self._teaching.knows)
        if ask is None or (not urgent and self._asked.get(article_id) == ask):
            return False
        self._asked[article_id] = ask
        self._worker.suggest(article_id, self._revision, ask, urgent=urgent)
        return True

    def _ask_for_whole(self, article_id: int) -> None:
        """Also when the annotator has left it meanwhile."""
        assert self._session is not None
        if self._worker is None:
            return
        if self._session.learning.is_on:
            self._suggest(article_id, urgent=article_id == self._at)
        else:
            text = self._session.article(article_id).text
            self._asked[article_id] = Ask(text)
            self._worker.ask(article_id, self._revision, text, urgent=article_id == self._at)

    def _say(self) -> None:
        doing = words.LEARNING if self._teaching.is_busy else words.READING_AHEAD if self._asked else ""
        self.state_changed.emit(doing)

    def _on_answered(self, article_id: int, revision: int, reading: Reading, source: str) -> None:
        if self._session is None or revision != self._revision:
            return
        if self._is_held:
            self._kept_back.append((article_id, revision, reading, source))
            return
        if self._session.row(abs(article_id)) is None:  # its import was taken back meanwhile
            self._asked.pop(abs(article_id), None)
            return
        if article_id < 0:
            self._session.preview(-article_id, reading)
            self._ask_for_whole(-article_id)
            return
        if not source:
            # the pipeline is missing: there are only tokens
            self._give_up(article_id)
            self._session.use_tokens(article_id, reading.tokens)
            return
        ask = self._asked.pop(article_id, None)
        try:
            if reading.proposal is None or ask is None:
                self._session.keep_reading(article_id, self._made_for[0], reading)
            else:
                self._session.learning.keep(article_id, self._made_for[0], ask, reading)
        except KnownError as error:
            self.failed.emit(error)
            return
        self._later.start()
        self._say()

    def _give_up(self, article_id: int) -> None:
        self._asked.pop(abs(article_id), None)
        self._given_up.add(abs(article_id))
        self._say()

    def _on_refused(self, article_id: int | None, reason: object) -> None:
        if article_id is not None:
            self._give_up(article_id)
            _log.warning("no suggestions for article %d", article_id)
            return
        self._asked.clear()
        self.state_changed.emit("")
        self.failed.emit(reason if isinstance(reason, KnownError) else KnownError(str(reason)))

    def stop(self) -> None:
        """End the process at once; answers that are under way find no project any more."""
        self._session = None
        self._end_worker()

    def _end_worker(self) -> None:
        self._teaching.detach()
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _head(text: str) -> str:
    """The beginning of a text, up to the end of a paragraph."""
    return text[: text.rfind("\n", 0, _HEAD) + 1 or _HEAD]
