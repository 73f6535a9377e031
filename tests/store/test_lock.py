"""The lock beside a project: who holds it, on this machine or another."""

import json
import os
import socket
import time
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import InUseError, KnownError
from annotator.store import lock as lock_module
from annotator.store.identity import as_said
from annotator.store.lock import WriteLock, lock_file
from annotator.store.project import Project


def left_behind(path: Path, **said: object) -> Path:
    """A lock file that nobody holds, as a killed program leaves it."""
    file = lock_file(path)
    file.write_text(json.dumps(said), "utf-8")
    return file


def test_a_lock_of_another_machine_is_respected_and_explained(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    file = left_behind(path, process=12, host="elsewhere", user="bo", since="2026-01-31T09:30:00Z")
    with pytest.raises(InUseError) as refused:
        Project(path)
    assert refused.value.host == "elsewhere"
    assert str(refused.value) == (
        f"news.annot is open on the computer elsewhere by bo since {as_said('2026-01-31T09:30:00Z')}. Close it there. "
        "If it is not open there any more, delete news.annot.lock beside it."
    )
    assert "elsewhere" in file.read_text("utf-8")
    with closing(Project(path, anyway=True)):
        assert json.loads(file.read_text("utf-8"))["host"] == lock_module.this_host()
    assert not file.exists()


def test_the_domain_is_no_part_of_a_machines_name(path: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(filled)
    host = lock_module.this_host()
    left_behind(path, process=1, host=host)
    monkeypatch.setattr(socket, "gethostname", lambda: f"{host}.fritz.box")
    Project(path).close()


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"process": -1, "host": 7}', "[" * 900, "\0" * 50, '{"process": true}']
)
def test_whatever_the_file_says_a_free_lock_is_taken(path: Path, filled: bytes, said: str) -> None:
    path.write_bytes(filled)
    lock_file(path).write_text(said, "utf-8")
    Project(path).close()
    assert not lock_file(path).exists()


def test_words_of_a_stranger_are_shortened_and_cannot_steer_a_terminal(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    left_behind(path, process=1, host="\x1b[31m" + "h" * 200, user="\u202eana")
    with pytest.raises(InUseError) as refused:
        Project(path)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


def test_a_link_in_place_of_the_lock_is_not_followed(path: Path, filled: bytes, tmp_path: Path) -> None:
    path.write_bytes(filled)
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", "utf-8")
    lock_file(path).symlink_to(mine)
    with pytest.raises(KnownError, match=r"news\.annot\.lock is no ordinary file"):
        Project(path)
    assert mine.read_text("utf-8") == "mine"


def test_on_a_disk_without_locks_the_file_counts(path: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_file: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(lock_module, "_lock", no_locks)
    path.write_bytes(filled)
    with closing(Project(path)), pytest.raises(InUseError):
        Project(path)
    left_behind(path, process=(1 << 31) - 2, host=lock_module.this_host())  # no such process
    Project(path).close()


def test_a_lock_that_another_one_took_the_place_of_is_not_removed(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    held = WriteLock(path)
    lock_file(path).unlink()
    lock_file(path).write_text("another", "utf-8")
    held.release()
    assert lock_file(path).read_text("utf-8") == "another"


@pytest.mark.parametrize("late", [False, True])
def test_another_file_s_second_name_in_place_of_the_lock_is_not_written_to(
    path: Path, filled: bytes, tmp_path: Path, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(filled)
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", "utf-8")
    if late:  # it appears after the first look
        opening = os.open

        def planting(file: Path, *how: int) -> int:
            monkeypatch.setattr(os, "open", opening)
            lock_file(path).hardlink_to(mine)
            return opening(file, *how)

        monkeypatch.setattr(os, "open", planting)
    else:
        lock_file(path).hardlink_to(mine)
    with pytest.raises(KnownError, match=r"news\.annot\.lock is no ordinary file"):
        WriteLock(path)
    assert mine.read_text("utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_in_place_of_the_lock_is_not_waited_for(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    os.mkfifo(lock_file(path))
    with pytest.raises(KnownError, match=r"news\.annot\.lock is no ordinary file"):
        Project(path)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be changed")
def test_a_moment_is_said_as_people_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "HERE-1")  # an hour ahead of UTC
    time.tzset()
    try:
        assert as_said("2026-01-31T09:30:00Z") == "31 Jan 2026, 10:30"
        assert as_said("a while") == "a while"
    finally:
        monkeypatch.undo()
        time.tzset()
