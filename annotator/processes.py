"""How this program starts processes of its own, and how these behave."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from subprocess import Popen
from threading import Lock, Thread
from typing import IO, BinaryIO

_ROOT = Path(__file__).parent.parent
_ONE_THREAD = (
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_LESS_URGENT_THAN_THE_WINDOW = 5
# On Windows, a process started meanwhile by another thread would keep this one's pipes open.
_STARTING = Lock()


def command(module: str, flag: str) -> list[str]:
    """How to start a child: from the packed program, or with this Python and nothing from the current folder.

    :param module: has a `main`, which runs when the module is run.
    :param flag: by which `annotator.cli` knows that it is to run it.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, flag]
    return [sys.executable, "-P", "-m", module]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, and the way to this package where it is not installed but run from a checkout.

    :param more: variables on top of it.
    """
    own = dict(os.environ)
    if _ROOT.name not in ("site-packages", "dist-packages"):
        own["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), own.get("PYTHONPATH"))))
    return own | dict(more or {})


def start(
    words: Sequence[str], more: Mapping[str, str] | None = None, stderr: IO[bytes] | int | None = None
) -> Popen[bytes]:
    """The child, with pipes to what it reads and from what it writes; raises OSError where it cannot be started.

    :param more: as for `environment`.
    :param stderr: where its complaints go, as for Popen; ours if left out.
    """
    with _STARTING:
        return Popen(
            list(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment(more),
            creationflags=_quietly_in_the_background(),
        )


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
