"""Something happens to the log of an open project: what was acknowledged is on the disk all the same."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import MovedError
from annotator.store import checking
from annotator.store.project import Project


def deleted(log: Path) -> None:
    log.unlink()


def deleted_with_its_memory(log: Path) -> None:
    log.unlink()
    log.with_name("news.annot-shm").unlink()


def renamed(log: Path) -> None:
    log.rename(log.with_name("elsewhere"))


def replaced_by_a_copy(log: Path) -> None:
    """As programs do that synchronise folders."""
    shutil.copyfile(log, log.with_name("copy"))
    log.with_name("copy").replace(log)


def replaced_by_something_else(log: Path) -> None:
    log.with_name("other").write_bytes(b"something else" * 1000)
    log.with_name("other").replace(log)


def emptied(log: Path) -> None:
    os.truncate(log, 0)


def cut(log: Path) -> None:
    os.truncate(log, log.stat().st_size - 100)


def written_over(log: Path) -> None:
    with log.open("rb+") as file:
        file.seek(100)
        file.write(b"\0" * 1000)
    later = log.stat().st_mtime_ns + 1_000_000
    os.utime(log, ns=(later, later))


TAKEN = (deleted, deleted_with_its_memory, renamed, replaced_by_a_copy, replaced_by_something_else)
SPOILT = (emptied, cut, written_over)


def decide(project: Project, place: int) -> None:
    with project.transaction():
        project.set_meta("place", str(place))


def as_after_a_kill(path: Path, folder: Path) -> str:
    """What the disk holds at this moment under the project's names."""
    folder.mkdir()
    for each in (path, path.with_name(f"{path.name}-wal")):
        if each.exists():
            shutil.copy(each, folder)
    with closing(Project(folder / path.name)) as left:
        assert not list(checking.problems(left))
        return left.meta("place")


@pytest.mark.parametrize("happens", TAKEN, ids=lambda way: way.__name__)
@pytest.mark.parametrize("guarded", [False, True], ids=["", "guarded"])
def test_where_the_log_is_taken_away_another_one_begins(
    happens: Callable[[Path], None], guarded: bool, project: Project, path: Path, tmp_path: Path
) -> None:
    if guarded:
        project.guard()
    log = path.with_name(f"{path.name}-wal")
    for place in (1, 2):
        decide(project, place)
        happens(log)
        decide(project, place + 10)
        assert as_after_a_kill(path, tmp_path / f"killed-{place}") == str(place + 10)
    happens(log)
    project.close()
    with closing(Project(path)) as again:
        assert again.meta("place") == "12"


@pytest.mark.parametrize("happens", TAKEN, ids=lambda way: way.__name__)
def test_also_where_it_happens_at_the_moment_of_the_commit(
    happens: Callable[[Path], None], project: Project, path: Path, tmp_path: Path
) -> None:
    decide(project, 1)
    inner = project.check_identity

    def too_early() -> None:
        inner()
        if project.connection.in_transaction:
            happens(path.with_name(f"{path.name}-wal"))

    project.check_identity = too_early  # type: ignore[method-assign]
    decide(project, 2)
    assert as_after_a_kill(path, tmp_path / "killed") == "2"


def test_also_in_the_midst_of_a_step(project: Project, path: Path, tmp_path: Path) -> None:
    decide(project, 1)
    with project.transaction():
        deleted(path.with_name(f"{path.name}-wal"))
        project.set_meta("place", "2")
    assert as_after_a_kill(path, tmp_path / "killed") == "2"


@pytest.mark.parametrize("happens", SPOILT, ids=lambda way: way.__name__)
def test_a_log_that_is_written_over_never_reaches_the_file(
    happens: Callable[[Path], None], project: Project, path: Path, tmp_path: Path
) -> None:
    decide(project, 1)
    project.checkpoint()
    decide(project, 2)
    happens(path.with_name(f"{path.name}-wal"))
    for _ in range(2):
        with pytest.raises(MovedError, match="has a log that was written over by another program"):
            decide(project, 3)
        project.checkpoint()
    assert project.meta("place") == "2"
    project.rescue(tmp_path / "rescued.annot")
    project.close()
    with closing(Project(tmp_path / "rescued.annot")) as rescued:
        assert not list(checking.problems(rescued))
        assert rescued.meta("place") == "2"
    with closing(Project(path)) as again:
        assert not list(checking.problems(again))
        assert again.meta("place") == "1"


def test_while_somebody_reads_nothing_is_acknowledged_that_is_not_in_the_file(
    project: Project, path: Path, tmp_path: Path
) -> None:
    decide(project, 1)
    with closing(Project(path, read_only=True)) as reader:
        reader.connection.execute("BEGIN")
        assert reader.meta("place") == "1"
        project.connection.execute("PRAGMA busy_timeout = 50")
        deleted(path.with_name(f"{path.name}-wal"))
        with pytest.raises(MovedError, match=r"news\.annot-wal was taken away .* and another program reads it"):
            decide(project, 3)
        reader.connection.execute("COMMIT")
        decide(project, 4)
        assert as_after_a_kill(path, tmp_path / "beside") == "4"
    decide(project, 5)
    assert path.with_name(f"{path.name}-wal").exists()
    assert as_after_a_kill(path, tmp_path / "alone") == "5"


def test_what_sqlite_writes_there_for_another_program_is_no_damage(project: Project, path: Path) -> None:
    import sqlite3

    decide(project, 1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE meta SET value = '7' WHERE key = 'place'")
        other.commit()
    assert project.meta("place") == "7"
    decide(project, 2)
    assert project.meta("place") == "2"
