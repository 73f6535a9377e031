"""Copies of a project: whole, checked, named, found again, and never in anybody's way."""

import errno
import os
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotator import paths
from annotator.errors import DiskError, KnownError
from annotator.store import backups, history, labels, restoring, snapshots
from annotator.store.backups import backups_of
from annotator.store.project import Project
from annotator.store.snapshots import Snapshot, StoppedError, before_migration

NONE: dict[str, object] = {"colour": "rose", "key": "", "description": "", "from_model": "[]", "retired": 0}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "news.annot")
    with made.transaction():
        labels.annotator_id(made, "ana")
    decide(made, "ORG")
    yield made
    made.close()


def decide(project: Project, name: str) -> None:
    with history.step(project, "labels", 1) as step:
        step.write("label", None, {"id": None, "uid": name, "name": name, "position": 0, **NONE})


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as reader:
        return [name for (name,) in reader.execute("SELECT name FROM label ORDER BY id")]


def test_a_backup_holds_what_is_in_the_log_and_opens_where_nothing_can_be_written(project: Project) -> None:
    backup = Snapshot(project.path, "by-hand", project.connection).copy()
    assert names(backup.path) == ["ORG"]
    assert names(project.path) == []  # still in the log alone
    assert backup.path.read_bytes()[18:20] == b"\x01\x01"  # https://sqlite.org/fileformat.html: no log needed
    assert [each.name for each in backup.path.parent.iterdir() if each.suffix != ".json"] == [backup.path.name]
    assert backup.facts is not None
    assert (backup.number, backup.reason, backup.facts.seq) == (1, "by-hand", 1)
    assert backup.path.parent == paths.backups_dir() / project.meta("project_uid")


def test_a_state_stays_as_it_was_while_others_decide(project: Project) -> None:
    snapshot = Snapshot(project.path, "before-labels", project.connection)
    decide(project, "PER")
    backup = snapshot.copy(lambda done, total: decide(project, "LOC") if done == total else None, lambda: True)
    assert names(backup.path) == ["ORG"]
    assert backup.facts == snapshot.facts


@pytest.mark.parametrize("mode", ["locking_mode = EXCLUSIVE", "journal_mode = TRUNCATE"])
def test_where_one_connection_has_the_file_the_copy_is_made_through_it(
    project: Project, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_SLICE", 8)
    project.connection.execute(f"PRAGMA {mode}")
    decide(project, "PER")
    snapshot = Snapshot(project.path, "schedule", project.connection)
    assert not snapshot.is_frozen
    backup = snapshot.copy(lambda done, total: decide(project, f"LOC-{done}") if done < total else None)
    assert names(backup.path)[:3] == ["ORG", "PER", f"LOC-{8 * 4096}"]
    decide(project, "MISC")  # the connection is as it was
    assert len(names(backup.path)) == project.connection.execute("SELECT count(*) FROM label").fetchone()[0] - 1


def test_order_is_by_number_whatever_the_clock_says(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Clock":
            return cls(*times.pop(0), tzinfo=UTC)

    times = [(2031, 1, 1), (2031, 1, 1), (2001, 1, 1), (2001, 1, 1)]
    monkeypatch.setattr(snapshots, "datetime", Clock)
    first = Snapshot(project.path, "close", project.connection).copy()
    second = Snapshot(project.path, "close", project.connection).copy()
    assert first.at > second.at
    assert [each.number for each in backups_of(project.path)] == [2, 1]


@pytest.mark.parametrize("damage", [b"", b"nothing of a project" * 1000, None])
def test_a_project_that_cannot_be_read_finds_its_backups_by_its_path(project: Project, damage: bytes | None) -> None:
    backup = Snapshot(project.path, "close", project.connection).copy()
    project.close()
    if damage is None:
        project.path.unlink()
    else:
        project.path.write_bytes(damage)
    assert backups_of(project.path) == [backup]
    assert backups_of(project.path.with_name("other.annot")) == []


def test_a_project_that_was_moved_finds_its_backups_by_who_it_is(project: Project, tmp_path: Path) -> None:
    backup = Snapshot(project.path, "close", project.connection).copy()
    project.close()
    moved = project.path.rename(tmp_path / "elsewhere.annot")
    assert backups_of(moved) == [backup]


@pytest.mark.parametrize("uid", ["../../outside", "/etc", "", "CON", "a" * 5000])
def test_a_stranger_s_uid_is_no_path(project: Project, uid: str) -> None:
    with project.transaction():
        project.set_meta("project_uid", uid)
    backup = Snapshot(project.path, "by-hand", project.connection).copy()
    assert backup.path.parent.parent == paths.backups_dir()


def test_a_full_disk_is_said_and_leaves_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**9, 10**9, 20_000_000))
    with pytest.raises(DiskError, match=f"The backup could not be made: {os.strerror(errno.ENOSPC)}") as error:
        Snapshot(project.path, "close", project.connection).copy()
    assert error.value.full
    assert error.value.advice == "The project itself is untouched. Make room on the disk, or delete old backups."
    assert backups_of(project.path) == []
    decide(project, "PER")


def test_a_folder_that_cannot_be_made_is_said(project: Project) -> None:
    (paths.data_dir() / "backups").write_text("in the way")
    with pytest.raises(KnownError, match="cannot be made"):
        Snapshot(project.path, "close", project.connection).copy()


def test_a_copy_that_is_given_up_leaves_nothing(project: Project) -> None:
    def stop(_done: int, _total: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        Snapshot(project.path, "close", project.connection).copy(stop)
    assert [each.name for each in snapshots.folder_for(project.meta("project_uid")).iterdir()] == []
    project.checkpoint()
    assert names(project.path) == ["ORG"]  # the state was let go of


def test_a_copy_that_is_not_whole_never_gets_a_name(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = snapshots._leave_log_mode

    def spoil(part: Path) -> None:
        inner(part)
        with closing(sqlite3.connect(part)) as connection:
            connection.execute("UPDATE article_tally SET n = 7")
            connection.commit()

    monkeypatch.setattr(snapshots, "_leave_log_mode", spoil)
    with pytest.raises(KnownError, match="The backup is not as the project is"):
        Snapshot(project.path, "close", project.connection).copy()
    assert backups_of(project.path) == []


def test_before_a_migration_one_is_kept_longest(project: Project) -> None:
    project.close()
    backup = before_migration(project.path, 5)
    assert backup.reason == "before-v5"
    assert backup.is_lasting


def test_a_damaged_backup_is_listed_as_such_and_not_restored(project: Project, tmp_path: Path) -> None:
    backup = Snapshot(project.path, "close", project.connection).copy()
    project.close()
    whole = backup.path.read_bytes()
    backup.path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    with pytest.raises(KnownError, match="is damaged"):
        restoring.to_new_file(backup, tmp_path / "new.annot")
    with pytest.raises(KnownError, match="is damaged"):
        restoring.in_place(backup, project.path)
    backup.path.write_bytes(b"x" * 5000)
    assert backups_of(project.path)[0].facts is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "news.annot"]


def test_a_restore_keeps_the_present_file_and_its_log(project: Project) -> None:
    """A log that stayed would be written into the restored file."""
    backup = Snapshot(project.path, "close", project.connection).copy()
    decide(project, "PER")
    log = project.path.with_name("news.annot-wal").read_bytes()
    present = project.path.read_bytes()
    project.close()
    project.path.write_bytes(present)
    project.path.with_name("news.annot-wal").write_bytes(log)  # as a killed program leaves it
    kept = restoring.in_place(backup, project.path)
    assert kept.read_bytes() == present
    assert kept.with_name(kept.name + "-wal").read_bytes() == log
    assert not project.path.with_name("news.annot-wal").exists()
    assert names(project.path) == ["ORG"]
    again = Project(kept)
    assert [name for (name,) in again.connection.execute("SELECT name FROM label")] == ["ORG", "PER"]
    again.close()


def test_nothing_in_use_is_replaced(project: Project) -> None:
    backup = Snapshot(project.path, "close", project.connection).copy()
    before = project.path.read_bytes()
    with pytest.raises(KnownError, match="is open in this program already"):
        restoring.in_place(backup, project.path)
    assert project.path.read_bytes() == before
    assert not list(project.path.parent.glob("*.part"))


def test_nothing_is_written_over(project: Project, tmp_path: Path) -> None:
    backup = Snapshot(project.path, "close", project.connection).copy()
    project.close()
    (tmp_path / "there.annot").write_text("mine")
    with pytest.raises(KnownError, match=r"there.annot is there already\. Choose another name\."):
        restoring.to_new_file(backup, tmp_path / "there.annot")
    with pytest.raises(KnownError, match=r"There is no folder"):
        restoring.to_new_file(backup, tmp_path / "none" / "new.annot")
    assert (tmp_path / "there.annot").read_text() == "mine"


def test_unfinished_copies_of_killed_programs_go(project: Project) -> None:
    folder = Snapshot(project.path, "close", project.connection).copy().path.parent
    old, new = folder / "x.annot.1.part", folder / "y.annot.2.part"
    old.write_text("")
    new.write_text("")
    os.utime(old, (0, 0))
    Snapshot(project.path, "close", project.connection).copy()
    assert (old.exists(), new.exists()) == (False, True)


def test_an_odd_file_in_the_folder_is_nobody_s_backup(project: Project) -> None:
    folder = Snapshot(project.path, "close", project.connection).copy().path.parent
    (folder / "2026-01-31T093000Z.annot").write_text("")
    (folder / "paths.json").write_text("[3, {")
    assert len(backups_of(project.path)) == 1
    assert backups.newest_in(folder) == backups_of(project.path)[0]
    project.close()


def test_a_backup_with_foreign_parts_is_neither_made_nor_restored(project: Project, tmp_path: Path) -> None:
    backup = Snapshot(project.path, "close", project.connection).copy()
    for path in (project.path, backup.path):
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM article; END")
            other.commit()
    with pytest.raises(KnownError, match=r"is damaged.*the trigger t does not belong to a project"):
        Snapshot(project.path, "close", project.connection).copy()
    with pytest.raises(KnownError, match=r"is damaged.*the trigger t does not belong to a project"):
        restoring.to_new_file(backup, tmp_path / "new.annot")
    assert not (tmp_path / "new.annot").exists()


def test_a_name_that_is_too_long_is_what_is_said() -> None:
    with pytest.raises(DiskError) as error, backups.told("The backup could not be made"):
        raise OSError(errno.ENAMETOOLONG, "File name too long")
    assert str(error.value) == (
        "The backup could not be made: its name is too long for this disk. "
        "The project itself is untouched. Give the project a shorter name."
    )
