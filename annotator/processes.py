"""How this program starts processes of its own, and how these behave."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, BinaryIO

from annotator import last_words
from annotator.discretion import discreet

_log = logging.getLogger(__name__)

_ROOT = Path(__file__).parent.parent
_ONE_THREAD = (
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_LESS_URGENT_THAN_THE_WINDOW = 5
_KILLED = -9
_MOST_LAST_WORDS = 65536  # bytes: what a pipe holds
# On Windows, a process started meanwhile by another thread would keep this one's pipes open.
_STARTING = Lock()


def command(module: str, flag: str) -> list[str]:
    """How to start a child: from the packed program, or with this Python and nothing from the current folder.

    :param module: has a `main`, which runs when the module is run.
    :param flag: by which `annotator.cli` knows that it is to run it.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, flag]
    return [sys.executable, "-P", "-m", "annotator.child", module]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, and the way to this package where it is not installed but run from a checkout.

    :param more: variables on top of it.
    """
    own = dict(os.environ)
    if _ROOT.name not in ("site-packages", "dist-packages"):
        own["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), own.get("PYTHONPATH"))))
    return own | dict(more or {})


class Process(subprocess.Popen[bytes]):
    """A child; raises OSError where it cannot be started.

    What it says on its stderr may quote an article, and the window's stderr often ends in a log of the system: it is
    let through only while this program is debugged.

    :param more: as for `environment`.
    :param stderr: where its complaints go instead, as for Popen.
    """

    def __init__(
        self, words: Sequence[str], more: Mapping[str, str] | None = None, stderr: IO[bytes] | int | None = None
    ) -> None:
        own, theirs = (None, None) if sys.platform == "win32" else os.pipe()
        own_variables = {} if theirs is None else {last_words.PIPE: str(theirs)}
        self._last_words, self._is_ours_to_end = own, False
        try:
            super().__init__(
                list(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=_complaints() if stderr is None else stderr,
                env=environment({**(more or {}), **own_variables}),
                pass_fds=() if theirs is None else (theirs,),
                creationflags=_quietly_in_the_background(),
            )
        except OSError:
            self._close_last_words()
            raise
        finally:
            if theirs is not None:
                os.close(theirs)

    def kill(self) -> None:
        """End it at once; nothing happens where it has ended."""
        self._is_ours_to_end = self._is_ours_to_end or self.poll() is None
        super().kill()

    def bury(self, name: str) -> None:
        """End it, and leave nothing of it behind; where it broke down, the log says so, and where in it that was.

        :param name: what it is for the log, as "worker".
        """
        with suppress(OSError):
            self.kill()
        with suppress(subprocess.TimeoutExpired):
            self.wait(timeout=5)
        for pipe in (self.stdin, self.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        said = self._close_last_words()
        how = "" if self._is_ours_to_end and self.returncode == _KILLED else _how_it_ended(self.returncode)
        if how or said:
            _log.info("the %s broke down: %s\n%s", name, how or "an error", said)

    def _close_last_words(self) -> str:
        own, self._last_words = self._last_words, None
        if own is None:
            return ""
        try:
            os.set_blocking(own, False)
            return discreet(os.read(own, _MOST_LAST_WORDS).decode(errors="replace").strip())
        except OSError:  # nothing was said, and somebody holds the other end
            return ""
        finally:
            os.close(own)


def start(
    words: Sequence[str], more: Mapping[str, str] | None = None, stderr: IO[bytes] | int | None = None
) -> Process:
    """The child, with pipes to what it reads and from what it writes; see `Process`."""
    with _STARTING:
        return Process(words, more, stderr)


def _complaints() -> int | None:
    return None if _log.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL


def _how_it_ended(code: int | None) -> str:
    """What ended it from outside or at once; "" for an end of its own."""
    if code is None or code >= 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _quietly_in_the_background() -> int:
    """Windows: no console window, and less urgent than the program's own."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0


# In the process that was started


def incoming_lines() -> Iterator[bytes]:
    """What comes in; a thread reads ahead, so that its end is noticed in the midst of work and ends the process."""
    lines: SimpleQueue[bytes] = SimpleQueue()

    def read() -> None:
        with suppress(OSError), os.fdopen(0, "rb", closefd=False) as pipe:
            for line in pipe:
                lines.put(line)
        os._exit(0)

    Thread(target=read, daemon=True).start()
    while True:
        yield lines.get()


def spare_stdout() -> BinaryIO:
    """The real stdout for answers; whatever else prints, prints to stderr."""
    kept = os.fdopen(os.dup(1), "wb")
    try:
        os.dup2(2, 1)
    except OSError:  # a windowed program on Windows has no stderr
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdout = sys.stderr
    return kept


def behave() -> None:
    """One thread, low priority, and Ctrl+C is the program's to answer. Before numpy is imported."""
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_LESS_URGENT_THAN_THE_WINDOW)
