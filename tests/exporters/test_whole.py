"""What appears is on the disk, and is never missing on the way."""

import os
import sys
from pathlib import Path

import pytest

from annotator.exporters import Kind, Target, staged, whole

OVER_AN_OLD_ONE = pytest.mark.parametrize("at_once", [True, False])


def replace_folder(out: Path, word: str) -> None:
    with staged([Target(out, Kind.FOLDER, replaces=True)]) as (place,):
        (place.part / "word.txt").write_text(word, "utf-8")


@OVER_AN_OLD_ONE
def test_a_folder_takes_the_place_of_an_old_one(tmp_path: Path, at_once: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the system cannot let two folders trade places at once."""
    if not at_once:
        monkeypatch.setattr(whole, "_exchanged", lambda _one, _other: False)
    for word in ("old", "new"):
        replace_folder(tmp_path / "out", word)
    assert (tmp_path / "out" / "word.txt").read_text("utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2")
def test_a_folder_is_there_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_folder(tmp_path / "out", "old")
    moved = []
    monkeypatch.setattr(Path, "replace", lambda self, to: moved.append((self, to)))
    replace_folder(tmp_path / "out", "new")
    assert (tmp_path / "out" / "word.txt").read_text("utf-8") == "new"
    assert not moved, "between two renames there would be neither"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not opened there")
def test_the_name_is_on_the_disk_as_well_as_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut right after an export would bring the old file back."""
    flushed: list[tuple[int, bool]] = []
    fsync = os.fsync

    def watched(file: int) -> None:
        flushed.append((os.fstat(file).st_ino, (tmp_path / "out.txt").exists()))
        fsync(file)

    monkeypatch.setattr(os, "fsync", watched)
    with staged([Target(tmp_path / "out.txt")]) as (place,):
        place.part.write_text("x", "utf-8")
    assert flushed == [((tmp_path / "out.txt").stat().st_ino, False), (tmp_path.stat().st_ino, True)]
