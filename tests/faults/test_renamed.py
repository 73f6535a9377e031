"""A project gets another name after the program was killed, or a second one: no decision is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import DiskError, InUseError, KnownError
from annotator.session import Session
from annotator.store import known
from annotator.store.checking import check_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be renamed there")

TEXT = "Rome met Oslo. " * 20
KILLED = """
import os, signal, sys
from annotator.session import Session
session = Session.open(sys.argv[1], annotator="ana")
for at in range(int(sys.argv[2]), int(sys.argv[3])):
    session.add(1, at * 15, at * 15 + 4, "LOC", everywhere=False)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "work" / "news.annot"
    path.parent.mkdir()
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"id": "a", "text": TEXT}])
    return path


def killed(path: Path, first: int, last: int) -> None:
    """The program decides, and is killed before the log comes into the file."""
    done = subprocess.run([sys.executable, "-c", KILLED, path, str(first), str(last)], check=False)
    assert done.returncode == -signal.SIGKILL


def decided(path: Path, *, read_only: bool = False) -> int:
    with Session.open(path, annotator="ana", read_only=read_only) as session:
        assert session.project.notices == ()
        assert session.check() == []
        return len(session.article(1).confirmed)


@pytest.mark.parametrize("new", ["work/other.annot", "elsewhere/news.annot"])
def test_decisions_follow_a_file_that_is_renamed_after_a_kill(path: Path, tmp_path: Path, new: str) -> None:
    killed(path, 0, 5)
    (tmp_path / "elsewhere").mkdir()
    moved = path.rename(tmp_path / new)
    assert decided(moved) == 5
    killed(moved, 5, 7)
    assert decided(moved.rename(path)) == 7
    assert list(tmp_path.glob("**/*-wal")) == []


def test_a_renamed_file_is_not_looked_at_without_its_last_decisions(path: Path) -> None:
    killed(path, 0, 5)
    moved = path.rename(path.with_name("other.annot"))
    why = r"The last decisions of other\.annot are not in it: they lie in .*news\.annot-wal"
    with pytest.raises(KnownError, match=why):
        Session.open(moved, read_only=True)
    assert any("news.annot-wal" in line for line in check_file(moved).problems)
    assert decided(moved) == 5
    assert check_file(moved).problems == ()
    assert decided(moved, read_only=True) == 5


def test_a_log_is_left_where_another_file_has_the_old_name(path: Path) -> None:
    killed(path, 0, 5)
    moved = path.rename(path.with_name("other.annot"))
    path.write_bytes(moved.read_bytes())
    with Session.open(moved) as session:
        (notice,) = session.project.notices
        assert notice.startswith("other.annot was copied or moved while it was open, or after the program was killed")
    assert decided(path) == 5


def test_what_lies_at_the_new_name_is_not_replaced(path: Path) -> None:
    killed(path, 0, 5)
    moved = path.rename(path.with_name("other.annot"))
    path.with_name("other.annot-wal").write_bytes(b"mine")
    with pytest.raises(DiskError, match=r"last decisions of other\.annot lie in .*news\.annot-wal"):
        Session.open(moved)
    assert path.with_name("other.annot-wal").read_bytes() == b"mine"


def test_an_old_log_that_comes_back_to_a_file_that_went_on_is_not_used(path: Path, home: Path) -> None:
    """Where it is not known that the two belonged together, as on another machine."""
    killed(path, 0, 5)
    log = path.with_name("news.annot-wal")
    apart = log.rename(path.with_name("apart"))
    (home / "data" / "known.json").unlink()
    with Session.open(path) as session:
        session.add(1, 9, 13, "LOC", everywhere=False)
    apart.rename(log)
    with Session.open(path) as session:
        (notice,) = session.project.notices
        assert notice.startswith("The log beside news.annot is of another state of this project and was not used")
        assert len(session.article(1).confirmed) == 1


def test_nor_where_that_one_was_killed_as_well(path: Path, home: Path) -> None:
    killed(path, 0, 5)
    log = path.with_name("news.annot-wal")
    apart = log.rename(path.with_name("apart"))
    (home / "data" / "known.json").unlink()
    with Session.open(path, annotator="ana") as session:
        session.add(1, 9, 13, "LOC", everywhere=False)
        session.project.checkpoint()
        halted = path.read_bytes()
    path.write_bytes(halted)
    apart.rename(log)
    with Session.open(path) as session:
        assert [notice[:50] for notice in session.project.notices] == [
            "The log beside news.annot is of another state of t"
        ]
        assert len(session.article(1).confirmed) == 1


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_with_two_names_is_open_under_one(path: Path, read_only: bool) -> None:
    other = path.with_name("other.annot")
    os.link(path, other)
    with Session.open(path, annotator="ana") as session:
        session.add(1, 0, 4, "LOC", everywhere=False)
        with pytest.raises(InUseError, match=r"other\.annot is open under another name: .*news\.annot") as error:
            Session.open(other, read_only=read_only)
        assert error.value.name == path
        session.add(1, 15, 19, "LOC", everywhere=False)
    assert decided(other) == 2
    killed(other, 2, 4)
    assert decided(path) == 4


def test_a_file_that_was_moved_while_it_was_open_is_whole_as_soon_as_that_was_seen(path: Path) -> None:
    with closing(Session.open(path, annotator="ana")) as session:
        session.add(1, 0, 4, "LOC", everywhere=False)
        moved = path.rename(path.with_name("other.annot"))
        with pytest.raises(InUseError, match="under another name"):
            Session.open(moved)
        session.project.checkpoint()
        assert decided(moved) == 1
    assert decided(moved) == 1


def test_a_file_whose_log_was_deleted_says_so(path: Path) -> None:
    killed(path, 0, 5)
    path.with_name("news.annot-wal").unlink()
    with Session.open(path) as session:
        assert ["what was decided last may be missing" in notice for notice in session.project.notices] == [True]
    assert decided(path) == 0
    assert known.as_left(path)
