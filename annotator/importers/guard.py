"""Guarded formats are read in a process of their own, and nothing that a file does to it stays.

A page that keeps a parser busy for ever, or that makes it ask for all memory or crash, costs its own record alone: the
process is ended, the record becomes a Problem, and a new process reads on behind it.

A folder full of such files takes no day: each halves the time that the next record of its format may take, down to a
second, and behind twenty in a row the rest of that format is refused.
"""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic

from annotator import processes
from annotator.errors import KnownError
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.files import shown_name
from annotator.importers.wire import Message, decoded, encoded, item_of, of_options, undecided_of

_READ_AHEAD = 4  # answers
_BEAT = 0.1  # seconds
_CLOCK = 3  # times as long on the clock as a record may work
_END = 5.0  # seconds
_LEAST_PATIENCE = 1.0  # seconds for a record, however many before it never ended
_MOST_STUCK = 20  # records of one format in a row
_GIVEN_UP = f"not read: {_MOST_STUCK} of this kind before it took too long"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    :param memory: bytes: of address space where the system limits that, else of memory in use, looked at again and
        again.
    :param answer: bytes of one record.
    :param start: seconds until the process is ready.
    :param seconds, seconds_a_mb: for the whole file, whatever it holds.
    :param output, output_a_byte: bytes of all its records.
    """

    memory: int = 2_000_000_000
    answer: int = 100_000_000
    start: float = 60.0
    seconds: float = 60.0
    seconds_a_mb: float = 20.0
    output: int = 200_000_000
    output_a_byte: int = 100

    @property
    def too_much_memory(self) -> str:
        """What is said where there is not enough."""
        return f"needed more than {self.memory / 1e9:.3g} GB of memory"


class _BreachError(Exception):
    """A limit was not kept; the message says which."""


class _StuckError(_BreachError):
    """A record took too long."""


class _Patience:
    """How long records of a format may take, in one import."""

    def __init__(self) -> None:
        self._stuck, self._in_a_row = Counter[str](), Counter[str]()

    def seconds(self, importer: Importer) -> float:
        """What its next record may take."""
        shrunk = importer.patience * 0.5 ** self._stuck[importer.name]
        return min(importer.patience, max(shrunk, _LEAST_PATIENCE))

    def is_lost(self, importer: Importer) -> bool:
        """Did so many records in a row take too long that no more are tried?"""
        return self._in_a_row[importer.name] >= _MOST_STUCK

    def was_read(self, importer: Importer) -> None:
        """A record came in time."""
        self._in_a_row[importer.name] = 0

    def was_stuck(self, importer: Importer) -> None:
        """A record did not."""
        self._stuck[importer.name] += 1
        self._in_a_row[importer.name] += 1


class Guard:
    """Reads files of guarded formats; its one process is started by the first file and serves all until `close`.

    :param words: how to start the process; left out for the program's own.
    :param beat: called again and again while an answer is waited for; what it raises ends the reading.
    """

    def __init__(
        self, limits: Limits | None = None, words: Sequence[str] = (), beat: Callable[[], object] = lambda: None
    ) -> None:
        self._limits, self._beat = limits or Limits(), beat
        self._words = list(words) or processes.command("annotator.importers.guarded", "--import-worker")
        self._process: _Process | None = None
        self._patience = _Patience()

    def read(self, importer: Importer, path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
        """What `importer.read` yields, and a Problem for each record that broke a limit.

        :raises KnownError: as `importer.read`, and where no process can be started.
        """
        reading = _Reading(importer, path, options, self._limits)
        while not self._patience.is_lost(importer):
            try:
                for item in self._items(reading):
                    self._patience.was_read(importer)
                    yield item
                return
            except _BreachError as breach:
                if isinstance(breach, _StuckError):
                    self._patience.was_stuck(importer)
                yield Problem(reading.where or shown_name(path), str(breach))
                if not reading.where or reading.is_spent:  # nobody knows where to go on, or there is no time left
                    return
                reading.where = ""
        yield Problem(shown_name(path), _GIVEN_UP)

    def close(self) -> None:
        """End the process, wherever it is; the next file starts another."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _items(self, reading: "_Reading") -> Iterator[Record | Problem]:
        if self._process is None:
            self._process = _Process(self._words, self._limits)
        self._process.send(reading.ask())
        finished = False
        try:
            while not finished:
                message = reading.next_of(self._process, self._patience.seconds(reading.importer), self._beat)
                finished = not {"end", "known", "undecided"}.isdisjoint(message)
                if (item := reading.taken(message)) is not None:
                    yield item
        finally:
            if not finished:
                self.close()


class _Reading:
    """How far one file is read, and what it has cost.

    :ivar where: the piece that is being read; "" between two of them, and where a format has none.
    """

    def __init__(self, importer: Importer, path: Path, options: ReadOptions, limits: Limits) -> None:
        self.importer, self._path, self._options, self._limits = importer, path, options, limits
        self.where, self._skip, self._waited, self._output = "", 0, 0.0, 0
        size = path.stat().st_size if path.is_file() else 0
        self._seconds = limits.seconds + limits.seconds_a_mb * size / 1e6
        self._most_output = limits.output + limits.output_a_byte * size

    @property
    def is_spent(self) -> bool:
        """Has the file taken all the time that it may?"""
        return self._waited >= self._seconds

    def ask(self) -> Message:
        """What the process is told."""
        return {
            "path": str(self._path.absolute()),
            "format": self.importer.name,
            "options": of_options(self._options),
            "skip": self._skip,
        }

    def next_of(self, process: "_Process", patience: float, beat: Callable[[], object]) -> Message:
        """The process's next message; raises _BreachError where it comes too late or is too much.

        :param patience: seconds for one record.
        """
        begun = monotonic()
        try:
            line = process.line(min(patience, max(self._seconds - self._waited, 0.1)), beat)
        finally:
            self._waited += monotonic() - begun
        self._output += len(line)
        if self._output > self._most_output:
            raise _BreachError(f"gave more than {self._most_output // 1_000_000} MB of text")
        return decoded(line)

    def taken(self, message: Message) -> Record | Problem | None:
        """The message's record or problem; raises the error that it tells of."""
        if "memory" in message:
            raise _BreachError(self._limits.too_much_memory)
        if "undecided" in message:
            raise undecided_of(message)
        if "known" in message:
            raise KnownError(*message["known"])
        if "piece" in message:
            self._skip, self.where = message["piece"] + 1, message["where"]
        elif "record" in message or "problem" in message:
            self.where = ""
            return item_of(message)
        return None


class _Process:
    """One running process, its answers read ahead; raises KnownError where it cannot be started."""

    def __init__(self, words: Sequence[str], limits: Limits) -> None:
        self._limits = limits
        try:
            self._process = processes.start(words, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise KnownError(f"The process that reads files cannot be started: {error.strerror}.") from error
        self._lines: Queue[bytes] = Queue(_READ_AHEAD)
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.send({"memory": limits.memory})
        self._wait_until_ready()

    def send(self, message: Message) -> None:
        """Nothing happens where the process has ended: the next answer tells."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(encoded(message))
            self._process.stdin.flush()

    def line(self, seconds: float, beat: Callable[[], object] = lambda: None) -> bytes:
        """The next answer; raises _BreachError where there is none in time, or it is too long.

        :param seconds: of the process's own work, so that a busy computer costs no record; of three times as many on
            the clock it gets no more, for it may wait for something for ever.
        """
        line, begun, worked = None, monotonic(), self._worked()
        while line is None:
            try:
                line = self._lines.get(timeout=min(_BEAT, seconds))
            except Empty:
                waited = monotonic() - begun
                if waited >= _CLOCK * seconds or (waited >= seconds and self._worked() - worked >= seconds):
                    raise _StuckError(f"took longer than {seconds:.3g} seconds") from None
                self._look_at_memory()
                beat()
        if len(line) > self._limits.answer:
            raise _BreachError(f"gave more than {self._limits.answer // 1_000_000} MB of text")
        if not line.endswith(b"\n"):
            raise _BreachError("made the program that reads it break down")
        return line

    def _worked(self) -> float:
        """Seconds of processor time that it has had; endless where it has ended."""
        import psutil

        with suppress(psutil.Error):
            times = psutil.Process(self._process.pid).cpu_times()
            return float(times.user + times.system)
        return float("inf")

    def _look_at_memory(self) -> None:
        """Raises _BreachError where it has more than it may: not every system has a limit that it would meet."""
        import psutil

        with suppress(psutil.Error):  # it has ended, which the next answer tells
            if psutil.Process(self._process.pid).memory_info().rss > self._limits.memory:
                raise _BreachError(self._limits.too_much_memory)

    def end(self) -> None:
        """Kill it, and leave nothing of it behind."""
        self._process.kill()
        self._process.wait()
        until = monotonic() + _END
        while self._listener.is_alive() and monotonic() < until:  # it may wait for room for one more answer
            with suppress(Empty):
                self._lines.get(timeout=0.05)
        self._process.bury("reader of files")

    def _listen(self) -> None:
        """Every line, and at the end an empty one."""
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):
            while line := self._process.stdout.readline(self._limits.answer + 1):
                self._lines.put(line)
        self._lines.put(b"")

    def _wait_until_ready(self) -> None:
        try:
            self.line(self._limits.start)
        except _BreachError as breach:
            self.end()
            raise KnownError(f"The process that reads files does not start: it {breach}.") from breach
