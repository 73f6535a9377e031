"""Copies being written in a thread of their own, while others decide."""

import threading
from collections import deque
from collections.abc import Callable

from annotator.errors import KnownError
from annotator.store.backups import Backup, Facts
from annotator.store.snapshots import Snapshot, StoppedError

Ended = Callable[[Backup | None, KnownError | None], None]


class Copying:
    """Writes one snapshot after another.

    :param ended: told of each backup, or of why there is none; called in the thread.
    """

    def __init__(self, ended: Ended) -> None:
        self._ended = ended
        self._waiting: deque[Snapshot] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_stopped = self._is_hurried = False
        self.done = (0, 0)  # bytes written and bytes in all, of the present one

    @property
    def is_busy(self) -> bool:
        """Is one being written?"""
        return self._thread is not None

    @property
    def last(self) -> Facts | None:
        """What the newest of those that wait or are being written holds."""
        with self._lock:
            return self._waiting[-1].facts if self._waiting else None

    def add(self, snapshot: Snapshot) -> None:
        """Write it as soon as those before are written."""
        with self._lock:
            self._is_stopped = self._is_hurried = False
            self._waiting.append(snapshot)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="backup", daemon=True)
                self._thread.start()

    def hurry(self) -> None:
        """Nobody decides any more: write as fast as the disk does."""
        self._is_hurried = True

    def stop(self) -> None:
        """Give up what is not finished; returns when nothing is written any more."""
        thread, self._is_stopped = self._thread, True
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (snapshot := self._next()) is not None:
            backup, trouble = None, None
            try:
                backup = snapshot.copy(self._on_progress, lambda: not self._is_hurried)
            except StoppedError:
                snapshot.close()
            except KnownError as error:
                trouble = error
            except Exception as error:  # nobody else would hear of it
                trouble = KnownError(
                    "The backup could not be made.", "The project itself is untouched.", detail=repr(error)
                )
            finally:
                with self._lock:
                    self._waiting.popleft()
            if backup is not None or trouble is not None:
                self._ended(backup, trouble)

    def _next(self) -> Snapshot | None:
        with self._lock:
            while self._waiting and self._is_stopped:
                self._waiting.popleft().close()
            if not self._waiting:
                self._thread = None
                return None
            return self._waiting[0]

    def _on_progress(self, done: int, total: int) -> None:
        self.done = done, total
        if self._is_stopped:
            raise StoppedError
