"""Files of more than 2 GiB, and logs that would make a file that large."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import DamagedError
from annotator.session import Session, salvage
from annotator.store import backups, side_files
from annotator.store.checking import check_file
from annotator.store.debris import Debris
from annotator.store.migrations import MIGRATIONS
from tests.faults.crafted_projects import journal_of
from tests.faults.test_gate import fill

PAGE = 4096
LARGE = 540_000 * PAGE  # bytes: more than a number of 32 bits with a sign


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "project" / "news.annot"
    path.parent.mkdir()
    fill(path, "Alibaba")
    return path


def make_longer(path: Path, size: int) -> None:
    """By bytes that take no room on the disk."""
    os.truncate(path, size)
    if getattr(path.stat(), "st_blocks", size) * 512 > size // 2:
        pytest.skip("this disk has no holes in files")


def write(path: Path, at: int, new: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(new)


def asking_for(journal: bytes, pages: int) -> bytes:
    """A journal that says that the file was so long."""
    return journal[:16] + pages.to_bytes(4, "big") + journal[20:]


def test_more_than_2_gib_can_be_opened_checked_and_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_longer(path, LARGE)
    with Session.open(path) as session:
        assert len(session.article_ids()) == 4
    assert backups.check(path).articles == 4
    assert check_file(path).problems[0].startswith("The file has 2,211,840,000 bytes")
    monkeypatch.setattr(side_files.shutil, "copyfile", os.link)  # a copy would have no holes
    with Debris(path, MIGRATIONS) as debris:
        assert len(list(debris.rows("article"))) == 4


def test_a_journal_that_would_fill_the_disk_is_not_replayed(path: Path, tmp_path: Path) -> None:
    journal = path.with_name("news.annot-journal")
    journal.write_bytes(asking_for(journal_of(path.read_bytes()), 1 << 30))
    assert side_files.dangerous(path) == [journal]
    with pytest.raises(DamagedError, match=r"news\.annot-journal lies beside news\.annot and does not belong to it"):
        Session.open(path, read_only=True)
    assert salvage(path, tmp_path / "new.annot").is_whole
    with Session.open(path) as session:
        assert session.project.notices
        assert len(session.article_ids()) == 4
    assert path.stat().st_size < 1_000_000


def test_a_journal_that_asks_for_no_more_than_there_was_is_replayed(path: Path) -> None:
    before = path.read_bytes()
    path.with_name("news.annot-journal").write_bytes(journal_of(before))
    os.truncate(path, len(before) - PAGE)  # as in the middle of a step
    with Session.open(path) as session:
        assert not session.project.notices
        assert len(session.article_ids()) == 4


@pytest.mark.parametrize("statements", [(), (f"PRAGMA user_version = {len(MIGRATIONS)}",)])  # which writes page 1
def test_a_log_that_would_fill_the_disk_is_not_brought_in(
    path: Path, tmp_path: Path, statements: tuple[str, ...]
) -> None:
    wide = tmp_path / "wide.annot"
    wide.write_bytes(path.read_bytes())
    make_longer(wide, 100_000 * PAGE)
    write(wide, 28, (100_000).to_bytes(4, "big"))  # its header counts them
    write(path, 18, b"\2\2")  # it was open
    path.with_name("news.annot-wal").write_bytes(log_of_wide(wide, *statements))
    salvage(path, tmp_path / "new.annot")
    with Session.open(tmp_path / "new.annot") as session:
        assert session.article(1).comment == ""
    with Session.open(path) as session:
        assert session.project.notices
        assert session.article(1).comment == ""
    assert path.stat().st_size < 1_000_000


def log_of_wide(wide: Path, *statements: str) -> bytes:
    with closing(sqlite3.connect(wide, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        for statement in ("UPDATE article SET comment = 'more' WHERE id = 1", *statements):
            connection.execute(statement)
        return wide.with_name(wide.name + "-wal").read_bytes()


def test_a_text_that_is_only_in_the_log_may_be_longer_than_the_file(path: Path, tmp_path: Path) -> None:
    """As after the program was killed in its first minutes, on another machine."""
    with Session.open(path) as session:
        session.add_articles([{"id": "long", "text": "Ⓐ rained. " * 90_000}])
        copy = tmp_path / "copy.annot"
        for suffix in ("", "-wal"):
            copy.with_name(copy.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    assert copy.stat().st_size < 1_000_000
    with Session.open(copy, read_only=True) as session:
        assert len(session.article_ids()) == 5
