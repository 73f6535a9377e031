"""A process of ours that works and tells what it did, to be killed or stopped at any moment.

The parent imports everything once; each victim is a fork of it and begins within milliseconds. SQLite is opened in
the victim only: a connection must never go through a fork.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Message = dict[str, Any]
Tell = Callable[[Message], None]
MOST_SECONDS = 60.0  # without a word

CAN_FORK = hasattr(os, "fork")


class Victim:
    """A fork that runs `work`, which tells messages through a pipe.

    :param work: ends the process when it returns; what it raises is told as {"at": "failed"}.
    """

    def __init__(self, work: Callable[[Tell], object]) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(reading)
            _work(work, writing)
        os.close(writing)
        self._pipe, self._rest = reading, b""
        self._is_over = False
        self.told: list[Message] = []

    def next(self, until: float = float("inf")) -> Message | None:
        """What it tells next; None where it has ended, or at a moment of `time.monotonic`.

        :raises TimeoutError: it said nothing for a long time.
        """
        limit = min(until, time.monotonic() + MOST_SECONDS)
        while b"\n" not in self._rest:
            if self._is_over:
                return None
            ready, _, _ = select.select([self._pipe], [], [], max(limit - time.monotonic(), 0))
            if not ready:
                if limit < until:
                    raise TimeoutError(f"the victim said nothing for {MOST_SECONDS:.0f} seconds")
                return None
            self._read()
        line, _, self._rest = self._rest.partition(b"\n")
        message: Message = json.loads(line)
        self.told.append(message)
        return message

    def _read(self) -> None:
        block = os.read(self._pipe, 1 << 16)
        self._rest += block
        self._is_over = not block

    def hear(self) -> None:
        """Take in what it has told so far, without waiting."""
        while self.next(time.monotonic()) is not None:
            pass

    def kill(self) -> None:
        """SIGKILL; then all that it told before is in `told`. What stands behind the last line break does not count."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        while self.next() is not None:
            pass
        os.close(self._pipe)

    def stop(self) -> None:
        """SIGSTOP; returns when it stands still."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)


def _work(work: Callable[[Tell], object], writing: int) -> None:
    """In the fork: whatever happens, nothing of the parent's code runs behind it."""

    def tell(message: Message) -> None:
        os.write(writing, json.dumps(message).encode() + b"\n")

    try:
        work(tell)
    except BaseException:
        tell({"at": "failed", "why": traceback.format_exc()})
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(0)
