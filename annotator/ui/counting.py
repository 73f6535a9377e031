"""Counting for the memory, beside the window's thread."""

import time

from PySide6.QtCore import QObject, QThread, Signal

from annotator.errors import KnownError
from annotator.session.book import Book
from annotator.session.memory import Memory
from annotator.store.memory import StoppedError

_REST = 0.0001  # seconds


class Counting(QThread):
    """`counted` when the memory has its counts; `failed` (KnownError) when the file cannot be read."""

    counted = Signal()
    failed = Signal(object)

    def __init__(self, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self._memory = memory
        self._count = memory.counting()
        self._answer: Book | Exception | None = None
        self.finished.connect(self._on_finished)

    def run(self) -> None:
        """An exception would end the thread without a word, so it is carried over."""
        try:
            self._answer = self._count(self._asked_to_stop)
        except Exception as error:
            self._answer = error

    def _asked_to_stop(self) -> bool:
        """Asked every half millisecond of work; without a rest the window would wait five for the interpreter."""
        time.sleep(_REST)
        return self.isInterruptionRequested()

    def _on_finished(self) -> None:
        answer, self._answer = self._answer, None
        if isinstance(answer, Book):
            self._memory.take(answer)
            self.counted.emit()
        elif isinstance(answer, KnownError):
            self.failed.emit(answer)
        elif answer is not None and not isinstance(answer, StoppedError):
            raise answer

    def stop(self) -> None:
        """Give up; returns when nothing runs any more."""
        self.finished.disconnect(self._on_finished)
        self.requestInterruption()
        self.wait()
        self._answer = None  # Qt may have posted the end of it already
