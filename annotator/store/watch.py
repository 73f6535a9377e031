"""The clock of a check: tells how far it is, and ends what does not end."""

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]

_TURN = 0.1  # seconds between two calls of `progress`
_PATIENCE = 60.0  # seconds, and so many more for each megabyte of the file:
_A_MEGABYTE = 2.0
_OPERATIONS = 20_000  # of SQLite's virtual machine between two looks at the clock


class TookTooLongError(Exception):
    """A check gave up: in a damaged file one may be led in circles."""


class Watch:
    """The clock of a check; it gives up after a time that no sound project takes.

    :param patience: seconds, before it is known how large the file is; None for what a check takes.
    """

    def __init__(self, progress: Progress | None, patience: float | None = None) -> None:
        self._progress = progress
        self._raised: BaseException | None = None
        self._next, self._end = 0.0, time.monotonic() + (_PATIENCE if patience is None else patience)
        self._done = self._total = 0

    def start(self, total: int, size: int = 0) -> None:
        """There is so much to do, in a file of so many bytes where it may take the longer the larger that is."""
        self._total = total
        self._end += size / 1_000_000 * _A_MEGABYTE

    def beat(self, done: int = 0) -> None:
        """So much more is done.

        :raises TookTooLongError: that was enough.
        """
        self._done += done
        now = time.monotonic()
        if now > self._end:
            raise TookTooLongError
        if now > self._next and self._total and self._progress is not None:
            self._next = now + _TURN
            self._progress(min(self._done, self._total), self._total)

    def ask(self) -> int:
        """Called by SQLite in the middle of its work; what is not 0 ends that."""
        try:
            if self._raised is None:
                self.beat()
                return 0
        except TookTooLongError:
            pass
        except BaseException as error:  # SQLite would swallow it, Ctrl+C too
            self._raised = error
        return 1

    def unless_interrupted(self) -> None:
        """:raises BaseException: what was raised while SQLite was at work."""
        if self._raised is not None:
            raise self._raised


@contextmanager
def telling(connection: sqlite3.Connection, tell: Callable[[], None]) -> Iterator[None]:
    """Have `tell` called now and then while a connection is at work; what it raises ends that."""
    watch = Watch(lambda _done, _total: tell(), patience=math.inf)
    watch.start(total=1)
    connection.set_progress_handler(watch.ask, _OPERATIONS)
    try:
        yield
    except sqlite3.OperationalError:
        watch.unless_interrupted()
        raise
    finally:
        connection.set_progress_handler(None, 0)
    watch.unless_interrupted()
