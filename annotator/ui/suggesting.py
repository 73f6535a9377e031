"""Between the desk and the worker process: the article on the desk first, then those that come next."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle
from annotator.session import Session
from annotator.suggest import Reading, Worker

_log = logging.getLogger(__name__)
_AHEAD = 6
# Code points, about a thousand words: of a long article on the desk the beginning is read first,
# so that its highlights are there within a blink.
_HEAD = 6000


class Suggesting(QObject):
    """Keeps articles read ahead of the annotator; the window never waits for it.

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
        self._model, self._revision, self._at = "", 0, 0
        self._asked: set[int] = set()
        self._given_up: set[int] = set()  # no use in asking again
        self._is_held = False
        self._kept_back: list[tuple[int, int, Reading, str]] = []
        # the worker answers in its own thread
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._refused.connect(self._on_refused, Qt.ConnectionType.QueuedConnection)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._read_ahead)

    def warm_up(self, model: str) -> None:
        """Start the process for a pipeline; loading it takes seconds, so the earlier the better."""
        if self._worker is None or self._model != model:
            self._end_worker()
            self._model = model
            self._worker = Worker(model, self._answered.emit, self._refused.emit)

    def attach(self, session: Session) -> None:
        """Read for this session from now on."""
        self._session = session
        self._asked.clear()
        self._given_up.clear()
        self._revision += 1
        self.warm_up(session.model)

    def come_to(self, article: AnnotatedArticle | None) -> None:
        """This article is on the desk now."""
        self._at = article.id if article is not None else 0
        self._later.start()

    def start_again(self) -> None:
        """The session names another pipeline."""
        if self._session is not None:
            self.attach(self._session)
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
        for article_id, text in self._session.unread(_AHEAD, after=self._at):
            urgent = article_id == self._at
            if article_id in self._given_up or (article_id in self._asked and not urgent):
                continue
            if urgent and article_id not in self._asked and len(text) > _HEAD:
                self._worker.ask(-article_id, self._revision, _head(text), urgent=True)
            else:
                self._worker.ask(article_id, self._revision, text, urgent=urgent)
            self._asked.add(article_id)
        self._say()

    def _ask_for_whole(self, article_id: int) -> None:
        """Its beginning was read; the rest is asked for also when the annotator has left it meanwhile."""
        assert self._session is not None
        if self._worker is not None:
            text = self._session.article(article_id).text
            self._worker.ask(article_id, self._revision, text, urgent=article_id == self._at)

    def _say(self) -> None:
        self.state_changed.emit("Reading ahead…" if self._asked else "")

    def _on_answered(self, article_id: int, revision: int, reading: Reading, source: str) -> None:
        if self._session is None or revision != self._revision:
            return
        if self._is_held:
            self._kept_back.append((article_id, revision, reading, source))
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
        self._asked.discard(article_id)
        try:
            self._session.keep_reading(article_id, self._model, reading)
        except KnownError as error:
            self.failed.emit(error)
            return
        self._later.start()
        self._say()

    def _give_up(self, article_id: int) -> None:
        self._asked.discard(abs(article_id))
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
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _head(text: str) -> str:
    """The beginning of a text, up to the end of a paragraph."""
    return text[: text.rfind("\n", 0, _HEAD) + 1 or _HEAD]
