"""The file is moved, deleted or replaced while it is open: nothing is written where nobody would find it."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import DamagedError, KnownError, MovedError
from annotator.store import checking
from annotator.store.project import Project
from annotator.store.shadow import Shadow


def deleted(path: Path) -> None:
    path.unlink()


def renamed(path: Path) -> None:
    path.rename(path.with_name("other.annot"))


def folder_renamed(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.mkdir()


def by_a_copy(path: Path) -> None:
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def by_something_else(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"something else")
    other.replace(path)


WAYS = (deleted, renamed, folder_renamed, by_a_copy, by_something_else)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work" / "news.annot"


@pytest.mark.parametrize("happens", WAYS, ids=lambda way: way.__name__)
def test_the_next_step_is_refused_and_all_before_it_is_rescued(
    happens: Callable[[Path], None], project: Project, path: Path, tmp_path: Path
) -> None:
    with project.transaction():
        project.set_meta("place", "1")
    happens(path)
    beside = path.read_bytes() if path.exists() else None
    why = r"(moved or deleted|replaced by another file) while it was open: nothing more is saved there"
    with pytest.raises(MovedError, match=why), project.transaction():
        project.set_meta("place", "2")
    assert project.meta("place") == "1"
    project.rescue(tmp_path / "rescued.annot")
    project.close()
    assert (path.read_bytes() if path.exists() else None) == beside
    with closing(Project(tmp_path / "rescued.annot")) as rescued:
        assert rescued.meta("place") == "1"
        assert not list(checking.problems(rescued))


def test_what_moves_between_the_beginning_and_the_end_of_a_step_is_noticed(project: Project, path: Path) -> None:
    with pytest.raises(MovedError), project.transaction():  # noqa: PT012
        project.set_meta("place", "2")
        renamed(path)
    assert project.meta("place") == ""


def test_what_was_decided_is_in_the_file_that_was_moved(project: Project, path: Path) -> None:
    with project.transaction():
        project.set_meta("place", "1")
    renamed(path)
    with pytest.raises(MovedError), project.transaction():
        project.set_meta("place", "2")
    shutil.copy(path.with_name("other.annot"), path.with_name("copy.annot"))  # alone, without any log
    with closing(Project(path.with_name("copy.annot"), read_only=True)) as copy:
        assert copy.meta("place") == "1"


def test_a_file_that_comes_back_goes_on_unless_somebody_wrote_to_it(project: Project, path: Path) -> None:
    for place in ("1", "2"):
        with project.transaction():
            project.set_meta("place", place)
        renamed(path)
        with pytest.raises(MovedError, match="moved or deleted"):
            project.check_identity()
        project.checkpoint()
        path.with_name("other.annot").rename(path)
        assert project.meta("place") == place
        project.check_identity()
    renamed(path)
    project.checkpoint()
    with path.with_name("other.annot").open("rb+") as file:
        file.write(file.read(16))
    later = time.time_ns() + 1_000_000_000
    os.utime(path.with_name("other.annot"), ns=(later, later))
    path.with_name("other.annot").rename(path)
    with pytest.raises(MovedError, match="written over"):
        project.check_identity()


def test_no_log_stays_to_be_taken_for_that_of_the_other_file(project: Project, path: Path) -> None:
    with project.transaction():
        project.set_meta("place", "1")
    by_a_copy(path)
    with pytest.raises(MovedError), project.transaction():
        project.set_meta("place", "2")
    log = path.with_name("news.annot-wal")
    assert not log.exists() or not log.stat().st_size


def test_a_rescue_replaces_nothing(project: Project, path: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.annot"
    there.write_text("mine", "utf-8")
    with pytest.raises(KnownError, match=r"there\.annot is there already"):
        project.rescue(there)
    with pytest.raises(KnownError, match="There is no folder"):
        project.rescue(tmp_path / "no" / "folder.annot")
    assert there.read_text("utf-8") == "mine"
    assert not list(tmp_path.glob("*.part"))


def test_another_current_folder_moves_no_project(
    path: Path, filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(filled)
    monkeypatch.chdir(path.parent)
    with closing(Project(Path(path.name))) as project:
        monkeypatch.chdir(tmp_path)
        with project.transaction():
            project.set_meta("place", "1")


def brought_back(path: Path) -> None:
    path.with_name("other.annot").rename(path)


def test_a_file_that_is_brought_back_as_it_was_is_worked_on_again(guarded: Project, path: Path) -> None:
    """Its log went into it meanwhile, so it is another one than when it was seen last."""
    with guarded.transaction():
        guarded.set_meta("place", "1")
    for place in ("2", "3"):
        renamed(path)
        with pytest.raises(MovedError, match="moved or deleted"), guarded.transaction():
            guarded.set_meta("place", "lost")
        guarded.checkpoint()
        brought_back(path)
        with guarded.transaction():
            guarded.set_meta("place", place)
    guarded.close()
    with closing(Project(path)) as again:
        assert again.meta("place") == "3"
        assert not list(checking.problems(again))


def test_a_file_that_was_changed_while_it_was_away_is_left_as_it_is(guarded: Project, path: Path) -> None:
    renamed(path)
    with pytest.raises(MovedError, match="moved or deleted"):
        guarded.check_identity()
    path.with_name("other.annot").write_bytes(b"something else")
    guarded.checkpoint()
    brought_back(path)
    why = "was moved away, changed there, and brought back while it was open"
    with pytest.raises(MovedError, match=why), guarded.transaction():
        guarded.set_meta("place", "2")
    guarded.close()
    assert path.read_bytes() == b"something else"


def test_a_file_that_is_written_over_is_left_as_it_is(path: Path, project: Project, filled: bytes) -> None:
    """As by `cp`: it has the same inode as before, and our log would be written into the midst of it."""
    with project.transaction():
        project.set_meta("place", "2")
    path.write_bytes(filled + bytes(4096))
    why = "was written over by another program while it was open"
    with pytest.raises(MovedError, match=why), project.transaction():
        project.set_meta("place", "3")
    project.checkpoint()
    project.close()
    assert path.read_bytes() == filled + bytes(4096)
    log = path.with_name(f"{path.name}-wal")
    assert not log.exists() or not log.stat().st_size


def test_what_the_program_writes_itself_is_no_alarm(project: Project) -> None:
    for number in range(3):
        with project.transaction():
            project.set_meta("place", f"{number} " * 2_000_000)  # so much that the log goes into the file on its own
        project.check_identity()
        project.checkpoint()
        project.check_identity()


@pytest.fixture
def guarded(project: Project) -> Project:
    project.guard()
    return project


def wait_for(shadow: Shadow | None) -> None:
    assert shadow is not None
    assert shadow._copying is not None
    shadow._copying.join()


@pytest.mark.parametrize("by", [b"something else", bytes(1 << 20)], ids=["shorter", "longer"])
@pytest.mark.parametrize("idle", [False, True], ids=["since it was opened", "since an idle moment"])
def test_what_was_decided_outlives_a_file_that_is_written_over(
    guarded: Project, path: Path, tmp_path: Path, by: bytes, idle: bool
) -> None:
    with guarded.transaction():
        guarded.set_meta("place", "1")
    if idle:
        wait_for(guarded.ground.shadow)
        guarded.checkpoint()
        with guarded.transaction():
            guarded.set_meta("model", "blank:en")
    wait_for(guarded.ground.shadow)
    path.write_bytes(by)
    with pytest.raises(MovedError, match="written over"), guarded.transaction():
        guarded.set_meta("place", "2")
    guarded.rescue(tmp_path / "rescued.annot")
    guarded.close()
    assert path.read_bytes() == by
    with closing(Project(tmp_path / "rescued.annot")) as rescued:
        assert rescued.meta("place") == "1"
        assert rescued.meta("model") == ("blank:en" if idle else "")
        assert not list(checking.problems(rescued))


def test_a_base_that_is_out_of_date_is_not_used(guarded: Project, path: Path, tmp_path: Path) -> None:
    wait_for(guarded.ground.shadow)
    guarded.connection.execute("PRAGMA wal_autocheckpoint = 10")
    with guarded.transaction():
        guarded.set_meta("place", "x" * 2_000_000)
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(DamagedError, match="another program has written over it"):
        guarded.rescue(tmp_path / "rescued.annot")
    assert not (tmp_path / "rescued.annot").exists()


def test_shadows_of_killed_programs_are_swept_away(project: Project, home: Path) -> None:
    left = home / "data" / f"shadow-{(1 << 22) + 7}-abc"
    left.mkdir(parents=True)
    project.guard()
    wait_for(project.ground.shadow)
    assert [each.name for each in (home / "data").glob("shadow-*")] != [left.name]
    assert not left.exists()
    project.close()
    assert not list((home / "data").glob("shadow-*"))
