"""Starting this program again as a child process that does one thing."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import Popen
from threading import Lock
from typing import IO

_ROOT = Path(__file__).parent.parent
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


def start(words: Sequence[str], more: Mapping[str, str] | None = None, stderr: IO[bytes] | None = None) -> Popen[bytes]:
    """The child, with pipes to what it reads and from what it writes; raises OSError where it cannot be started.

    :param more: as for `environment`.
    :param stderr: where its complaints go; ours if left out.
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
