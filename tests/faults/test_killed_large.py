"""A large project whose program was killed: looked through again only where something else may lie there now."""

import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import DamagedError
from annotator.session import Session
from annotator.store import gate
from tests.faults.crafted_projects import log_of
from tests.faults.test_renamed import TEXT, killed

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill")


@pytest.fixture(autouse=True)
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_QUICK", 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "news.annot"
    path.parent.mkdir()
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"id": "a", "text": TEXT}])
    return path


def decided(path: Path) -> int:
    with Session.open(path, annotator="ana", read_only=True) as session:
        assert session.check() == []
        return len(session.article(1).confirmed)


def overwritten(path: Path, other: Path) -> None:
    """As `cp` does: the file stays the same one for the disk, and the log lies there still."""
    number = path.stat().st_ino
    shutil.copyfile(other, path)
    assert path.stat().st_ino == number


def test_as_it_was_left_it_is_not_looked_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(path, 0, 5)
    monkeypatch.setattr(gate, "problems", lambda *_: pytest.fail("it was looked through"))
    before = {each: each.read_bytes() for each in path.parent.iterdir() if not each.name.endswith("-shm")}
    assert decided(path) == 5
    assert all(each.read_bytes() == raw for each, raw in before.items())


@pytest.mark.parametrize("with_log", [True, False])
def test_a_file_that_took_its_place_is_looked_through(path: Path, tmp_path: Path, with_log: bool) -> None:
    hostile = tmp_path / "hostile.annot"
    shutil.copyfile(path, hostile)
    with closing(sqlite3.connect(hostile, isolation_level=None)) as connection:
        connection.execute("UPDATE article SET meta = '['")
    killed(path, 0, 5)
    overwritten(path, hostile)
    if not with_log:
        path.with_name("news.annot-wal").unlink()
    for read_only in (True, False):
        with pytest.raises(DamagedError):
            Session.open(path, read_only=read_only)


def test_a_log_is_not_mixed_into_another_copy_of_its_project(path: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.annot"
    shutil.copyfile(path, later)
    with Session.open(later, annotator="ana") as session:
        session.add_articles([{"id": str(n), "text": TEXT * 20 + str(n)} for n in range(30)])
        for at in range(8):
            session.add(1, at * 15 + 9, at * 15 + 13, "LOC", everywhere=False)
    killed(path, 0, 5)
    overwritten(path, later)
    with Session.open(path) as session:
        assert session.project.notices
        assert session.check() == []
        assert len(session.article_ids()) == 31
    assert decided(path) == 8


def test_a_log_with_a_trigger_in_it_never_reaches_the_file(path: Path, tmp_path: Path) -> None:
    killed(path, 0, 5)
    before, copy = path.read_bytes(), tmp_path / "copy.annot"
    shutil.copyfile(path, copy)
    log = log_of(copy, "CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM span; END")
    path.with_name("news.annot-wal").write_bytes(log)
    with pytest.raises(DamagedError, match="does not belong to it"):
        Session.open(path, read_only=True)
    assert path.read_bytes() == before
    with Session.open(path) as session:
        assert session.project.notices
        assert session.check() == []


def test_a_log_that_is_newer_than_a_file_of_another_state_is_not_used(path: Path, tmp_path: Path) -> None:
    """As after a program that copies files between machines, one after the other."""
    later = tmp_path / "later.annot"
    shutil.copyfile(path, later)
    with Session.open(later, annotator="ana") as session:
        session.comment(1, "later")
    killed(path, 0, 5)
    overwritten(path, later)
    log = path.with_name("news.annot-wal")
    log.write_bytes(log.read_bytes())
    with Session.open(path) as session:
        assert session.project.notices
        assert session.article(1).comment == "later"
