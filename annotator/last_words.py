"""What a process leaves behind when it ends as it should not: found by the next start, never sent anywhere.

The window and each command have a file of their own while they run, so that two windows do not write over each other.
A process that one of them started has a pipe to it instead, which works for one that may write no file, too. Into
either, Python's faulthandler writes the place of what ends a process at once, as a fault in a library's C code does.
"""

import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple

from annotator import __version__, paths
from annotator.discretion import discreet, kind_and_place
from annotator.errors import KnownError

PIPE = "ANNOTATOR_LAST_WORDS"  # the number of the pipe's end, in the environment of a process that was started
WINDOW, COMMAND = "window", "command"

_log = logging.getLogger(__name__)


def begin() -> None:
    """To be called before anything is imported that could break down; what does is told on stderr, or to the parent."""
    _to_stderr()
    pipe = os.environ.pop(PIPE, "")
    if pipe.isdecimal():
        with suppress(OSError, ValueError):
            _tell_parent(int(pipe))


def _to_stderr() -> None:
    with suppress(OSError, ValueError, RuntimeError, AttributeError):  # there is none, or it is no file
        faulthandler.enable()


def _tell_parent(pipe: int) -> None:
    os.set_inheritable(pipe, False)
    faulthandler.enable(pipe, all_threads=False)  # as much as a pipe holds while nobody reads it

    def tell(report: str) -> None:
        with suppress(OSError):
            os.write(pipe, f"{report}\n".encode(errors="replace"))

    watch_errors(tell)


def watch_errors(tell: Callable[[str], object]) -> None:
    """Have the kind and place of whatever nobody caught told, before it is handled as it was."""
    before, in_thread, unraisable = sys.excepthook, threading.excepthook, sys.unraisablehook

    def on_error(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
        tell(kind_and_place(kind, place))
        before(kind, error, place)

    def on_error_in_thread(args: threading.ExceptHookArgs) -> None:
        tell(kind_and_place(args.exc_type, args.exc_traceback))
        in_thread(args)

    def on_unraisable(args: "sys.UnraisableHookArgs") -> None:
        tell(kind_and_place(args.exc_type, args.exc_traceback))
        unraisable(args)

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_error, on_error_in_thread, on_unraisable


class Left(NamedTuple):
    """What a process has left behind.

    :param role: WINDOW or COMMAND.
    :param process: its number.
    :param words: where it broke down; "" where it was ended from outside, as by a power cut or for want of memory.
    """

    role: str
    process: int
    words: str


class LastWords:
    """One process's file, from its making to `close`; raises OSError or KnownError where it cannot be made.

    :ivar from_before: what windows before this one said as they broke down; of a command there is none.
    """

    def __init__(self, role: str) -> None:
        left = list(_left_behind(takes_windows=role == WINDOW))
        for each in left:
            _note(each)
        self.from_before = [each.words for each in left if each.role == WINDOW and each.words]
        self.path = _folder() / f"{role}-{os.getpid()}-{time.time_ns()}.txt"
        self._file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b", buffering=0)
        _hold(self._file)
        self._file.write(f"Annotator {__version__}, {sys.platform}, started {_moment(time.time())}\n".encode())
        self._begin = self._file.tell()
        faulthandler.enable(self._file)

    def write(self, report: str) -> None:
        """Keep a report for the next start; a full disk keeps none."""
        with suppress(OSError):
            self._file.write(f"{report}\n".encode(errors="replace"))

    def close(self) -> None:
        """An orderly end: the file goes, but where something was reported."""
        _to_stderr()
        written = self._file.seek(0, os.SEEK_END) > self._begin
        self._file.close()
        if not written:
            with suppress(OSError):
                self.path.unlink()


def keep(role: str) -> LastWords | None:
    """A file for this process; None where none can be made, which the log is told."""
    try:
        return LastWords(role)
    except (KnownError, OSError) as error:
        _log.info("no crash report is kept: %s", type(error).__name__)
        return None


def _folder() -> Path:
    folder = paths.crash_dir()
    folder.mkdir(exist_ok=True)
    return folder


def _left_behind(*, takes_windows: bool) -> Iterator[Left]:
    """What ended processes left, each told once; a window's report waits for the next window."""
    for path in sorted(_folder().glob("*-*-*.txt")):
        with suppress(OSError, ValueError):
            left = _read(path)
            if left is not None and (takes_windows or left.role != WINDOW or not left.words):
                path.unlink()  # fails on Windows while the process runs
                yield left


def _read(path: Path) -> Left | None:
    """None where the process runs; raises OSError or ValueError for a file that is not ours or cannot be read."""
    role, process, _ = path.name.split("-", 2)
    with path.open("r+b") as file:
        _hold(file)
        first, _, words = file.read().decode(errors="replace").partition("\n")
        last = _moment(os.fstat(file.fileno()).st_mtime)
    if not first:  # it is only just being made
        return None
    return Left(role, int(process), discreet(f"{first}, broke down {last}\n{words}".strip()) if words.strip() else "")


def _moment(seconds: float) -> str:
    """By the clock on the wall, from seconds since 1970."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def _note(left: Left) -> None:
    if left.words:
        _log.info("the %s that was process %d broke down:\n%s", left.role, left.process, left.words)
    else:
        _log.info("the %s that was process %d did not end orderly", left.role, left.process)


if sys.platform == "win32":

    def _hold(file: BinaryIO) -> None:
        """Nothing to do: a file that a process has open cannot be removed."""
else:
    import fcntl

    def _hold(file: BinaryIO) -> None:
        """Raises OSError where the process whose file it is still runs."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
