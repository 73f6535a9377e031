"""One loaded pipeline for all tests, and workers that are ended whatever happens."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.suggest import DEFAULT_MODEL, Reading, Source, Worker, child, load_source

Answer = tuple[int, int, Reading, str]


@pytest.fixture(scope="session")
def source() -> Source:
    return load_source(DEFAULT_MODEL)


class Heard:
    """What a worker has told, in order."""

    def __init__(self) -> None:
        self.readings: list[Answer] = []
        self.failures: list[tuple[int | None, KnownError]] = []
        self.threads: set[str] = set()
        self._more = threading.Condition()

    def on_reading(self, job: int, revision: int, reading: Reading, source: str) -> None:
        with self._more:
            self.threads.add(threading.current_thread().name)
            self.readings.append((job, revision, reading, source))
            self._more.notify_all()

    def on_failure(self, job: int | None, error: KnownError) -> None:
        with self._more:
            self.failures.append((job, error))
            self._more.notify_all()

    def wait(self, readings: int = 0, failures: int = 0, seconds: float = 30) -> None:
        with self._more:
            assert self._more.wait_for(
                lambda: len(self.readings) >= readings and len(self.failures) >= failures, seconds
            ), f"{len(self.readings)} readings, {len(self.failures)} failures"

    @property
    def jobs(self) -> list[int]:
        return [job for job, *_ in self.readings]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def start(heard: Heard) -> Iterator[Callable[..., Worker]]:
    """Starts a worker that tells `heard`."""
    started: list[Worker] = []

    def one(model: str = DEFAULT_MODEL, timeout: float = 60.0) -> Worker:
        started.append(Worker(model, heard.on_reading, heard.on_failure, timeout))
        return started[-1]

    yield one
    for each in started:
        each.close()


@pytest.fixture
def obedient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker processes are `fake_worker` from now on."""
    script = str(Path(__file__).with_name("fake_worker.py"))
    monkeypatch.setattr(child, "command", lambda: [sys.executable, "-P", script])
