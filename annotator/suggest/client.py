"""The program's side of the worker process: a queue that survives whatever happens to the process."""

import logging
import time
from collections.abc import Callable
from threading import Condition, Thread, current_thread
from typing import Any, NamedTuple

from annotator.errors import KnownError
from annotator.suggest.base import Ask, Reading
from annotator.suggest.child import Child
from annotator.suggest.engine import Setup
from annotator.suggest.jobs import AHEAD, Job, Jobs
from annotator.suggest.pipelines import guessed_language
from annotator.suggest.wire import Message, of_ask, of_setup, reading_of

_log = logging.getLogger(__name__)

OnReading = Callable[[int, int, Reading, str], object]
OnFailure = Callable[[int | None, KnownError], object]

_FALSE_STARTS = 2
_LOADING_SECONDS = 300.0
_SLOWEST_CODE_POINTS_A_SECOND = 500


class Learner(NamedTuple):
    """What a process is to learn for.

    :param on_ready: a process has started and knows what was kept; what waits to be learned is forgotten.
    :param on_answer: gets each answer to `Worker.teach`.
    """

    setup: Setup
    on_ready: Callable[[], object]
    on_answer: Callable[[Message], object]


class Worker:
    """Reads texts in a process of its own. No method waits for the process.

    The process starts at once and, when it ends without being asked to, again with the next text; what
    it was reading is asked once more. Both callbacks are called from a thread of the worker's, never
    after `close` has returned; what they raise is logged.

    :param model: as for `load_source`.
    :param on_reading: gets the job, the revision it was asked with, its reading, and the source's name.
        Where the model cannot be loaded, readings hold tokens only and the name is "".
    :param on_failure: gets the job that could not be read, or None once where the model cannot be
        loaded; and why.
    :param timeout: seconds for a text, beside those that its length takes, before the process counts as hung.
    :param learner: what the process learns for; None to read only.
    """

    def __init__(
        self,
        model: str,
        on_reading: OnReading,
        on_failure: OnFailure,
        timeout: float = 60.0,
        learner: "Learner | None" = None,
    ) -> None:
        self._model, self._on_reading, self._on_failure, self._timeout = model, on_reading, on_failure, timeout
        self._learner = learner
        self._changed = Condition()  # holds all that follows
        self._jobs = Jobs(AHEAD if learner is None else 1)
        self._child: Child | None = None
        self._source = ""
        self._deadline: float | None = None
        self._false_starts = 0
        self._failed = self._closed = False
        self._listener: Thread | None = None
        self._feeder = Thread(target=self._feed, name="suggest-feeder", daemon=True)
        self._feeder.start()

    def ask(self, job: int, revision: int, text: str, urgent: bool = False) -> None:
        """Queue a text. A job that waits already is replaced; an urgent one goes before all others."""
        with self._changed:
            if not self._closed:
                self._jobs.add(Job(job, revision, text), urgent)
                self._changed.notify_all()

    def suggest(self, job: int, revision: int, ask: Ask, urgent: bool = False) -> None:
        """Queue an article to suggest in; otherwise as `ask`."""
        with self._changed:
            if not self._closed:
                self._jobs.add(Job(job, revision, ask.text, of_ask(ask)), urgent)
                self._changed.notify_all()

    def teach(self, message: Message, text: str = "") -> None:
        """Queue something to learn; see `wire`. Forgotten when the process ends.

        :param text: what takes the time.
        """
        with self._changed:
            if not self._closed:
                self._jobs.add(Job(None, 0, text, message), urgent=False)
                self._changed.notify_all()

    def forget(self, job: int) -> None:
        """Nothing is told of this job any more."""
        with self._changed:
            self._jobs.forget(job)

    @property
    def waiting(self) -> int:
        """How many jobs are asked and not yet answered."""
        with self._changed:
            return len(self._jobs)

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is no process."""
        with self._changed:
            return self._child.pid if self._child else None

    def close(self) -> None:
        """End the process at once and forget every job; may be called again."""
        with self._changed:
            self._give_up()
            child = self._child
        if child is not None:
            child.kill()
        _join(self._feeder)
        _join(self._listener)

    def _give_up(self) -> None:
        self._closed = True
        self._jobs.clear()
        self._changed.notify_all()

    # In the feeder's thread: start the process, send it texts, end it when it hangs

    def _feed(self) -> None:
        while not self._closed:
            try:
                if self._child is None:
                    self._start()
                while following := self._next():
                    child, job = following
                    child.send(job.sent)
            except Exception:
                _log.exception("feeding the worker failed")
                time.sleep(1)

    def _start(self) -> None:
        try:
            child = Child(self._first_message())
        except OSError as error:
            _log.warning("the worker cannot be started: %s", error.strerror)
            self._count_false_start()
            return
        with self._changed:
            self._child, self._deadline = child, time.monotonic() + _LOADING_SECONDS
            if self._closed:
                child.kill()
            self._listener = Thread(target=self._listen, args=[child], name="suggest-listener", daemon=True)
            self._listener.start()

    def _first_message(self) -> Message:
        if self._failed:
            return {"model": f"blank:{guessed_language(self._model)}"}
        return {"model": self._model} | ({} if self._learner is None else {"setup": of_setup(self._learner.setup)})

    def _next(self) -> tuple[Child, Job] | None:
        """The next text and where to send it, as soon as may be; None when the process must be started first."""
        with self._changed:
            while not self._closed and (self._child or not self._jobs.queued):
                if self._child and (job := self._jobs.send()):
                    if job is self._jobs.being_read:
                        self._set_deadline()
                    return self._child, job
                self._changed.wait(self._seconds_left())
                self._end_what_hangs()
        return None

    def _seconds_left(self) -> float | None:
        return None if self._deadline is None else max(self._deadline - time.monotonic(), 0.0)

    def _end_what_hangs(self) -> None:
        if self._child is not None and self._seconds_left() == 0.0:
            _log.warning("the worker does not answer and is ended")
            self._deadline = None
            self._child.kill()

    def _set_deadline(self) -> None:
        """The process begins to read now, or has nothing to read; while it loads, the deadline is another."""
        if self._child is None or not self._child.ready:
            return
        job = self._jobs.being_read
        seconds = None if job is None else self._timeout + len(job.text) / _SLOWEST_CODE_POINTS_A_SECOND
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._changed.notify_all()

    # In the listener's thread: take the answers of one process until it ends

    def _listen(self, child: Child) -> None:
        try:
            for message in child.messages():
                if child.ready:
                    self._take_answer(message)
                else:
                    self._take_ready(child, message)
        except Exception:
            _log.exception("listening to the worker failed")
        child.bury()
        self._after_its_end(child)

    def _take_ready(self, child: Child, message: Message) -> None:
        with self._changed:
            child.ready = True
            self._false_starts = 0
            self._source = "" if self._failed else message["ready"]
            self._set_deadline()
        if "title" in message:
            self._model_failed(KnownError(message["title"], message["advice"]))
        elif self._learner is not None and not self._failed:
            self._tell(self._learner.on_ready)

    def _take_answer(self, message: Message) -> None:
        with self._changed:
            job, source = self._jobs.answered(), self._source
            self._set_deadline()
        if job is None or not job.wanted:
            return
        if job.id is None:
            if self._learner is not None:
                self._tell(self._learner.on_answer, message)
        elif "error" in message:
            _log.info("job %d could not be read: %s", job.id, message["error"])
            self._tell(self._on_failure, job.id, self._unreadable())
        else:
            self._tell(self._on_reading, job.id, job.revision, reading_of(message, source), source)

    def _after_its_end(self, child: Child) -> None:
        with self._changed:
            if self._closed:
                return
            self._child = self._deadline = None
            given_up = self._jobs.lost(was_reading=child.ready)
            self._changed.notify_all()
        _log.info("the worker has ended")
        if given_up is not None and given_up.id is not None:
            self._tell(self._on_failure, given_up.id, self._unreadable())
        if not child.ready:
            self._count_false_start()

    def _count_false_start(self) -> None:
        """A process that ends while it loads is started once more, then without the model, then not at all."""
        with self._changed:
            self._false_starts += 1
            if self._false_starts % _FALSE_STARTS:
                return
            if self._failed:
                self._give_up()
        self._model_failed(KnownError(f"The pipeline {self._model} ends while it is loaded.", "Choose another one."))

    def _model_failed(self, error: KnownError) -> None:
        known, self._failed = self._failed, True
        if not known:
            self._tell(self._on_failure, None, error)

    def _unreadable(self) -> KnownError:
        return KnownError(f"The pipeline {self._model} cannot read this article.", "It stays without suggestions.")

    def _tell(self, callback: Callable[..., object], *args: Any) -> None:
        if self._closed:
            return
        try:
            callback(*args)
        except Exception:
            _log.exception("a callback of the worker failed")


def _join(thread: Thread | None) -> None:
    """Wait for the end of a thread; not for one's own, as when a callback closes the worker."""
    if thread is not None and thread is not current_thread():
        thread.join(timeout=5)
