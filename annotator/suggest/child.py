"""The worker process as the program sees it: started, spoken to, ended."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress

from annotator import processes
from annotator.suggest.wire import Message, decoded, encoded


def command(module: str = "annotator.suggest.worker", flag: str = "--suggest-worker") -> list[str]:
    """How to start a worker; see `processes.command`."""
    return processes.command(module, flag)


class Child:
    """One running worker process; raises OSError where it cannot be started.

    :param first: what it is told first.
    :param words: how to start it; left out for the worker that suggests.
    :param name: what it is for the log.
    """

    def __init__(self, first: Message, words: Sequence[str] = (), name: str = "worker") -> None:
        self._name = name
        self._process = processes.start(list(words) or command())
        self.ready = False  # has it loaded its model?
        self.send(first)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def send(self, message: Message) -> None:
        """Waits where the process is busy and the message long; nothing happens where it has ended."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(encoded(message))
            self._process.stdin.flush()

    def messages(self) -> Iterator[Message]:
        """What it answers, until it ends."""
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):
            for line in self._process.stdout:
                yield decoded(line)

    def kill(self) -> None:
        """End it at once and wait until it is gone; may be called again and from any thread."""
        with suppress(OSError):
            self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)

    def bury(self) -> None:
        """After its last message: nothing of it stays behind."""
        self._process.bury(self._name)
