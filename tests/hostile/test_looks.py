"""Commands that look into a project's file without opening it to work: nothing beside it is touched, nothing hangs."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import InUseError, KnownError
from annotator.session import Session
from annotator.session.backups import keep_present
from annotator.store.backups import backups_of, connected
from annotator.store.backups import check as check_backup
from annotator.store.checking import check_file
from annotator.store.salvage import salvage
from annotator.store.snapshots import Snapshot

WORTH = b"precious words\n" * 500
_ENDLESS = "WITH RECURSIVE n(key, value) AS (SELECT 'a', 'b' UNION ALL SELECT key, value FROM n) SELECT * FROM n"
_ENDLESS_COUNT = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n FROM n) SELECT n FROM n"
PRETENDERS = {
    "endless meta": f"DROP TABLE meta; CREATE VIEW meta AS {_ENDLESS}",
    "endless tally": f"DROP TABLE article_tally; CREATE VIEW article_tally AS {_ENDLESS_COUNT}",
    "huge meta": "DROP TABLE meta; CREATE VIEW meta AS SELECT 'project_uid' AS key, hex(zeroblob(500000000)) AS value",
    "endless steps": f"DROP TABLE step; CREATE VIEW step AS {_ENDLESS_COUNT}",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("made") / "news.annot"
    Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana").close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, made: bytes) -> Path:
    path = tmp_path / "folder" / "news.annot"
    path.parent.mkdir()
    path.write_bytes(made)
    return path


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    victim = tmp_path / "victim"
    victim.write_bytes(WORTH)
    return victim


def say_log_mode(path: Path) -> None:
    """As if it had been written to with a write-ahead log, and not closed in order."""
    raw = bytearray(path.read_bytes())
    raw[18:20] = b"\2\2"
    path.write_bytes(raw)


def listed(folder: Path) -> dict[str, int]:
    return {each.name: each.lstat().st_ino for each in folder.iterdir()}


@pytest.mark.parametrize("log_mode", [False, True])
@pytest.mark.parametrize("side", ["-shm", "-wal", "-journal"])
@pytest.mark.parametrize("plant", [Path.symlink_to, Path.hardlink_to])
def test_what_lies_beside_a_project_is_not_written_to(
    path: Path, victim: Path, log_mode: bool, side: str, plant: Callable[[Path, Path], None]
) -> None:
    if log_mode:
        say_log_mode(path)
    plant(path.with_name(path.name + side), victim)
    before = listed(path.parent)
    try:
        assert check_file(path).holds
    except KnownError as error:
        assert error.title == (  # noqa: PT017 (some are refused, some are read from a copy)
            f"{path.name}{side} lies beside {path.name} and does not belong to it; nothing was opened."
        )
    assert listed(path.parent) == before
    keep_present(path)
    assert victim.read_bytes() == WORTH
    assert before.items() <= listed(path.parent).items()


def test_a_check_makes_nothing_beside_a_file_that_was_not_closed(path: Path) -> None:
    say_log_mode(path)
    assert check_file(path).holds
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_project_that_another_program_keeps_for_itself_is_in_use_and_not_damaged(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(InUseError) as refused:
            check_file(path)
        assert time.monotonic() - began < 7
    assert str(refused.value) == "news.annot is in use by another program. Nothing was changed. Check it later."
    assert check_file(path).holds


@pytest.mark.parametrize("script", PRETENDERS.values(), ids=PRETENDERS.keys())
def test_a_view_in_place_of_a_table_is_not_read(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript(script)
    began = time.monotonic()
    problems = check_file(path).problems
    assert problems[-1] == "Schema: so what the tables hold was not looked at"
    assert any("is not as the program makes it" in each for each in problems)
    assert backups_of(path) == []
    with pytest.raises(KnownError, match="has parts that a project never has"):
        Snapshot(path, "close")
    with pytest.raises(KnownError, match=r"The backup news\.annot is damaged\..*the .* is not as the program makes it"):
        check_backup(path)
    assert time.monotonic() - began < 5


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")
    pipe = tmp_path / "pipe.annot"  # whoever opens it waits for ever
    os.mkfifo(pipe)
    return pipe


def test_a_pipe_in_place_of_a_project_is_not_waited_for(pipe: Path) -> None:
    for looking in (check_file, lambda path: Snapshot(path, "close")):
        with pytest.raises(KnownError, match="it is no file"):
            looking(pipe)
    with pytest.raises(sqlite3.OperationalError, match="it is no file"):
        connected(pipe, "mode=ro")
    assert backups_of(pipe) == []


def test_a_value_larger_than_the_file_is_not_made(path: Path) -> None:
    with closing(connected(path, "mode=ro")) as connection, pytest.raises(sqlite3.Error, match="too big"):
        connection.execute("SELECT hex(zeroblob(500000000))").fetchone()


def test_a_name_as_long_as_the_disk_allows_is_checked_listed_and_salvaged(path: Path) -> None:
    long = path.with_name("x" * 249 + ".annot")
    shutil.copy(path, long)
    assert check_file(long).holds
    assert backups_of(long) == []
    longer = path.with_name("x" * 300 + ".annot")
    for looking in (check_file, lambda path: Snapshot(path, "close")):
        with pytest.raises(KnownError, match="cannot be opened: File name too long"):
            looking(longer)
    assert backups_of(longer) == []
    saved = path.with_name("y" * 249 + ".annot")
    assert salvage(long, saved).is_whole
    assert check_file(saved).holds
    with pytest.raises(KnownError, match="There is no project"):
        salvage(longer, path.with_name("new.annot"))
    with pytest.raises(KnownError, match="cannot be made: File name too long"):
        salvage(path, longer)
