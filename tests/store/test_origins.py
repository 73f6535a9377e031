"""From which file a backup was made: copies of a project share its backups, and nobody mixes them up."""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from annotator.store import origins, snapshots
from annotator.store.backups import Backup, backups_of
from annotator.store.project import Project
from annotator.store.snapshots import Snapshot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Project.create(tmp_path / "news.annot").close()
    return tmp_path / "news.annot"


def backed_up(path: Path) -> Backup:
    with closing(Project(path)) as project:
        return Snapshot(path, "by-hand", project.connection).copy()


def test_a_copy_shares_the_backups_and_each_says_whose_it_is(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "copy.annot"))
    backed_up(path)
    assert origins.titles([each.origin for each in backups_of(path)], path) == {}
    backed_up(copy)
    assert [each.origin for each in backups_of(path)] == [copy.resolve(), path.resolve()]
    assert backups_of(copy) == backups_of(path)
    titles = origins.titles([each.origin for each in backups_of(path)], path)
    assert titles == {path.resolve(): "news.annot", copy.resolve(): "copy.annot", None: "not known"}
    assert origins.is_other(copy.resolve(), path)
    assert not origins.is_other(path.resolve(), path)
    assert not origins.is_other(None, path)


def test_of_the_same_name_the_folder_tells_them_apart(path: Path, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    copy = Path(shutil.copy(path, tmp_path / "old" / "news.annot")).resolve()
    assert origins.titles([copy], path)[copy] == f"news.annot in {copy.parent}"


@pytest.mark.parametrize(
    "held", [b"", b"[]", b"\xff", b'{"made_from": 7}', b'{"made_from": "a\\u0000b"}', b"[" * 99_000]
)
def test_what_makes_no_sense_is_not_known(path: Path, held: bytes) -> None:
    backup = backed_up(path)
    origins.beside(backup.path).write_bytes(held)
    assert backups_of(path)[0].origin is None
    origins.beside(backup.path).unlink()
    assert backups_of(path)[0].origin is None


def test_it_goes_with_its_backup(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = backed_up(path), backed_up(path)
    left = origins.beside(first.path.with_name("2020-01-01T000000Z.000001.close.annot"))
    left.write_text("{}", "utf-8")
    os.utime(left, (1, 1))
    os.utime(origins.beside(second.path), (1, 1))
    monkeypatch.setattr(snapshots.thinning, "spare", lambda found, *_: [each for each in found if each.number == 1])
    third = backed_up(path)
    kept = {each.name for each in third.path.parent.iterdir()}
    assert {each.path.name for each in (second, third)} == {name for name in kept if name.endswith(".annot")}
    assert {name for name in kept if name.endswith(".annot.json")} == {
        origins.beside(each.path).name for each in (second, third)
    }
