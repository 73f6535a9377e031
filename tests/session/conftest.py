"""A project of made-up articles with made-up suggestions; no pipeline is loaded."""

import hashlib
import importlib.util
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from annotator.session import Session
from annotator.store.history import TRACKED

RANDOM_WORK = Path(__file__).parents[1] / "faults" / "random_work.py"


@pytest.fixture(scope="session")
def random_work() -> ModuleType:
    """Random decisions, as the kill test makes them."""
    spec = importlib.util.spec_from_file_location("random_work", RANDOM_WORK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["random_work"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made(random_work: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a project with three articles, read by a made-up model."""
    path: Path = tmp_path_factory.mktemp("made") / "news.annot"
    with Session.open(path, create=True, labels="conll", annotator="ana") as session:
        session.add_articles(random_work.records(3, Random(1)))
        random_work.Worker(session, Random(2)).read_all()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, made: bytes) -> Path:
    """That project in a file of the test's own."""
    path = tmp_path / "news.annot"
    path.write_bytes(made)
    return path


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    """That project, open."""
    with Session.open(path, annotator="ana") as opened:
        yield opened


@pytest.fixture(scope="session")
def digest() -> Callable[[Path], str]:
    """A hash of all rows that decisions change, read from the file."""

    def digest_of(path: Path) -> str:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
            rows = {
                table: reader.execute(f"SELECT {','.join(map(_quoted, columns))} FROM {table} ORDER BY id").fetchall()
                for table, columns in TRACKED.items()
            }
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    return digest_of


def _quoted(name: str) -> str:
    return f'"{name}"'
