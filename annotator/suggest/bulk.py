"""Many texts at once, for the command line."""

import logging
from collections.abc import Iterable, Iterator
from queue import SimpleQueue

from annotator.errors import KnownError
from annotator.suggest.base import Reading
from annotator.suggest.client import Worker
from annotator.suggest.sources import load_source

_log = logging.getLogger(__name__)

_WAITING_FOR_EACH = 4

Read = tuple[int, Reading, str]


def suggest_all(model: str, texts: Iterable[tuple[int, str]], workers: int = 1) -> Iterator[Read]:
    """Read texts; one that cannot be read is logged and left out.

    :param model: as for `load_source`.
    :param texts: (id, text), taken only a few ahead, so that memory does not grow with their number.
    :param workers: how many processes; 1 reads in this one.
    :returns: (id, reading, source's name), in any order.
    :raises KnownError: the model cannot be loaded.
    """
    return _read_here(model, texts) if workers <= 1 else _read_in_processes(model, texts, workers)


def _read_here(model: str, texts: Iterable[tuple[int, str]]) -> Iterator[Read]:
    source = load_source(model)
    for article, text in texts:
        try:
            reading = source.read(text)
        except Exception as error:
            _log.warning("article %d could not be read: %s", article, type(error).__name__)
        else:
            yield article, reading, source.name


def _read_in_processes(model: str, texts: Iterable[tuple[int, str]], workers: int) -> Iterator[Read]:
    team = _Team(model, workers)
    try:
        for article, text in texts:
            team.ask(article, text)
            if team.waiting >= workers * _WAITING_FOR_EACH:
                yield from team.answer()
        while team.waiting:
            yield from team.answer()
    finally:
        team.close()


class _Team:
    """Workers that share texts; one thread asks and takes the answers."""

    def __init__(self, model: str, size: int) -> None:
        self.waiting = 0
        self._articles: dict[int, int] = {}  # by job: the same article may come twice
        self._next_job = 0
        self._answers: SimpleQueue[tuple[int | None, tuple[Reading, str] | KnownError]] = SimpleQueue()
        self._workers = [Worker(model, self._on_reading, self._on_failure) for _ in range(size)]

    def ask(self, article: int, text: str) -> None:
        """Give the text to the worker that has least to do."""
        self._articles[self._next_job] = article
        min(self._workers, key=lambda worker: worker.waiting).ask(self._next_job, 0, text)
        self._next_job += 1
        self.waiting += 1

    def answer(self) -> Iterator[Read]:
        """Wait for one answer; gives nothing for a text that could not be read."""
        job, answer = self._answers.get()
        if job is None and isinstance(answer, KnownError):
            raise answer
        assert job is not None
        self.waiting -= 1
        article = self._articles.pop(job)
        if isinstance(answer, KnownError):
            _log.warning("article %d could not be read", article)
        else:
            yield article, *answer

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.close()

    def _on_reading(self, job: int, _revision: int, reading: Reading, source: str) -> None:
        self._answers.put((job, (reading, source)))

    def _on_failure(self, job: int | None, error: KnownError) -> None:
        self._answers.put((job, error))
