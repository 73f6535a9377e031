"""What a project lies on: which journal it gets, and what the person is told."""

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from annotator.errors import InUseError
from annotator.store.disk import disk_of
from annotator.store.project import Project


class Mount(NamedTuple):
    mountpoint: str
    fstype: str
    opts: str = "rw"


def mounted(monkeypatch: pytest.MonkeyPatch, *mounts: Mount) -> None:
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: [Mount("/", "ext4"), *mounts])


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs", "", "neverheardof"])
def test_on_a_network_or_an_unknown_disk_the_project_is_held_alone(
    kind: str, path: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted(monkeypatch, Mount(str(path.parent), kind))
    path.write_bytes(filled)
    with closing(Project(path)) as project:
        assert project.alone
        assert project.caution.startswith(("The project is on a network drive", "The project is on a disk of an unkn"))
        assert "A copy on a disk of this computer is safer." in project.caution
        assert project.connection.execute("PRAGMA journal_mode").fetchone() == ("truncate",)
        assert project.connection.execute("PRAGMA locking_mode").fetchone() == ("exclusive",)
        with pytest.raises(InUseError, match="Another program is using news"):
            Project(path, read_only=True)
        with project.transaction():
            project.set_meta("place", "1")
    assert not path.with_name("news.annot-shm").exists()
    with closing(Project(path, read_only=True)) as again:
        assert again.meta("place") == "1"


def test_a_project_that_was_killed_on_a_local_disk_goes_on_on_a_network_drive(
    path: Path, filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(filled)
    with closing(Project(path)) as project:
        with project.transaction():
            project.set_meta("place", "1")
        moved = tmp_path / "moved.annot"
        for ending in ("", "-wal"):
            moved.with_name(moved.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())
    mounted(monkeypatch, Mount(str(tmp_path), "nfs"))
    with closing(Project(moved)) as there:
        assert there.meta("place") == "1"


def test_of_two_mounts_the_nearer_and_the_later_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch, Mount("/srv", "nfs"), Mount("/srv/local", "nfs"), Mount("/srv/local", "xfs"))
    assert disk_of(Path("/srv/news.annot")).shared
    assert not disk_of(Path("/srv/local/deep/news.annot")).shared
    assert not disk_of(Path("/srv2/news.annot")).shared


def test_windows_says_itself_what_is_remote(monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch, Mount("/srv", "ntfs", "rw,remote"))
    assert disk_of(Path("/srv/news.annot")).shared


@pytest.mark.parametrize(
    ("folder", "client"),
    [("Dropbox", "Dropbox"), ("OneDrive - Gazette", "OneDrive"), ("Mobile Documents", "a sync program")],
)
def test_a_synchronized_folder_is_told_of(folder: str, client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch)
    disk = disk_of(Path("/home/ana") / folder / "news.annot")
    assert not disk.shared
    assert disk.caution.startswith(f"The project is in a folder that {client} synchronizes: close it before opening")
    assert not disk_of(Path("/home/ana/Dropboxes/news.annot")).caution


def test_syncthing_is_known_by_what_it_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch)
    (tmp_path / ".stfolder").mkdir()
    assert "that Syncthing synchronizes" in disk_of(tmp_path / "deep" / "news.annot").caution
