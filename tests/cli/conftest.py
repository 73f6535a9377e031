"""A project to run commands on, and what a command answered."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from annotator.cli import main
from annotator.session import Session

TEXT = "Alibaba opened a lab in Hangzhou."


class Answer(NamedTuple):
    """What a command returned and wrote."""

    code: int
    out: str
    err: str

    def failed_plainly(self) -> bool:
        """A known error: exit code 2 and one line on stderr."""
        lines = self.err.splitlines()
        return self.code == 2 and len(lines) == 1 and lines[0].startswith("annotator: ")


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command in this process."""

    def answer(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Answer(code, *capsys.readouterr())

    yield answer
    logger = logging.getLogger("annotator")
    for handler in logger.handlers[:]:  # they write to a stderr that ends with the test
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two articles: one done, with a confirmed and a rejected span, and one new."""
    path = tmp_path / "news.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        suggested = {"start": 24, "end": 32, "label": "LOC"}
        records = [{"id": "a1", "text": TEXT, "spans": [suggested]}, {"id": "a2", "text": "Nothing happened in Oslo."}]
        done, _ = session.add_articles(records)
        session.add(done, 0, 7, "ORG")
        session.reject(done, (24, 32))
        session.finish(done)
    return path


@pytest.fixture
def rows() -> Callable[[Path], dict[str, list[Any]]]:
    """All that a project holds, to compare before and after."""

    def read(path: Path) -> dict[str, list[Any]]:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}
        finally:
            connection.close()

    return read
