"""Between the session and the learner in the worker process: what was decided goes there, one lesson at a time."""

import logging
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from annotator.session import Session
from annotator.suggest import Learner, Worker
from annotator.suggest.wire import Message, of_decided
from annotator.ui.timers import once_after

_log = logging.getLogger(__name__)
_REST = 3000  # milliseconds without a lesson; then what was learned is written down


class Teaching(QObject):
    """Keeps the learner in step with the project.

    `learned` when it knows something else than before; `knows` says what.
    """

    learned = Signal()
    _ready = Signal(object)
    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.knows = ""
        self._session: Session | None = None
        self._worker: Worker | None = None
        self._wanted: list[str] = []
        self._missing: deque[str] = deque()
        self._current: str | None = None  # the lesson that is being learned
        self._learned: set[str] = set()
        self._is_beginning = False  # were hints sent that it has not learned yet?
        self._asking = 0  # questions of what is missing that were not answered yet
        self._version = -1
        # the worker answers in its own thread; what an older one said is told by its mark
        self._mark = object()
        self._ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        self._rest = once_after(self, _REST)
        self._rest.timeout.connect(self._save)

    def learner(self, session: Session) -> Learner:
        """What a worker is started with to learn for a session; the answers of one before count no more."""
        mark = self._mark = object()
        self.knows, self._worker = "", None
        return Learner(
            session.learning.setup(),
            lambda: self._ready.emit(mark),
            lambda message: self._answered.emit(mark, message),
        )

    def attach(self, session: Session, worker: Worker) -> None:
        """Teach this worker what is decided in this session."""
        self._session, self._worker = session, worker
        self._forget()

    def detach(self) -> None:
        """Teach nobody."""
        self._session = self._worker = None
        self._forget()
        self._rest.stop()

    def _forget(self) -> None:
        """What was asked of a process that has ended, or was never told."""
        self._missing.clear()
        self._current, self._asking, self._is_beginning = None, 0, False
        self._learned = set()

    @property
    def is_busy(self) -> bool:
        """Is there something that it has not learned?"""
        return bool(self._missing) or self._current is not None or self._asking > 0 or self._is_beginning

    def follow(self) -> None:
        """Something was decided: have it learned, or unlearned."""
        if self._session is not None and self._session.learning.version != self._version:
            self._ask()

    def _ask(self) -> None:
        if self._session is None or self._worker is None:
            return
        learning = self._session.learning
        self._version = learning.version
        self._asking += 1
        self._wanted = learning.keys()
        self._wait()
        self._worker.teach({"come_to": self._wanted})

    def _on_ready(self, mark: object) -> None:
        if mark is self._mark:
            self._forget()
            self._ask()

    def _on_answer(self, mark: object, message: Message) -> None:
        if mark is not self._mark or self._session is None or self._worker is None:
            return
        if "missing" in message:
            self._on_missing(message["missing"], message["hints"])
        elif "learned" in message:
            self._learned.add(message["learned"])
            self._current = None
        elif "left" in message:
            self._worker.teach({"begin": True})
            return
        elif "knows" in message:
            self._is_beginning = False
        elif "error" in message:
            _log.warning("a lesson could not be learned: %s", message["error"])
            self._current = None
        else:
            return
        self._wait()
        self._take(message.get("knows", self.knows))
        self._teach_next()

    def _on_missing(self, missing: list[str], wants_hints: bool) -> None:
        self._asking = max(self._asking - 1, 0)
        self._missing, self._current = deque(missing), None
        self._learned = set(self._wanted) - set(missing)
        if wants_hints:
            self._give_hints()

    def _wait(self) -> None:
        """Until its lesson is learned, an article's decisions are suggested elsewhere as they stand."""
        if self._session is not None:
            self._session.learning.wait_for([key for key in self._wanted if key not in self._learned])

    def _give_hints(self) -> None:
        assert self._session is not None
        assert self._worker is not None
        for text in self._session.learning.hints():
            self._worker.teach({"hint": text}, text)
        self._worker.teach({"begin": True})
        self._is_beginning = True

    def _take(self, knows: str) -> None:
        if knows != self.knows:
            self.knows = knows
            self._rest.start()
        if not self.is_busy:
            self.learned.emit()

    def _teach_next(self) -> None:
        if self._missing and not self._asking and self._session is not None and self._worker is not None:
            self._current = self._missing.popleft()
            decided = self._session.learning.lesson(self._current)
            self._worker.teach(of_decided(decided), decided.text)

    def _save(self) -> None:
        if self._worker is None or self._session is None or self.is_busy:
            return
        if self._session.learning.may_save():
            self._worker.teach({"save": True})
