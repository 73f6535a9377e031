"""From paths to files."""

import os
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.importers import files_of, names_of, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "news"
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", ".git/d.txt", "sub/.e/f.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return root


def names(folder: Path, *paths: str | Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in files_of(paths)]


def test_a_folder_is_all_below_it_sorted_without_hidden_ones(folder: Path) -> None:
    assert names(folder, folder) == ["a.txt", "b.txt", "sub/c.txt"]


def test_a_file_stands_once_and_in_the_order_given(folder: Path) -> None:
    assert names(folder, folder / "b.txt", folder, str(folder / "b.txt")) == ["b.txt", "a.txt", "sub/c.txt"]


def test_the_manifest_of_a_dataset_in_a_folder_is_no_article(folder: Path) -> None:
    before = names(folder, folder)
    (folder / "a.jsonl.manifest.json").write_text("{}", encoding="utf-8")
    assert names(folder, folder) == before


def test_a_hidden_file_that_is_named_is_taken(folder: Path) -> None:
    assert names(folder, folder / ".hidden.txt") == [".hidden.txt"]


def test_patterns(folder: Path) -> None:
    assert names(folder, folder / "*.txt") == ["a.txt", "b.txt"]
    assert names(folder, folder / "**" / "*.txt") == ["a.txt", "b.txt", "sub/c.txt"]


def test_a_file_whose_name_looks_like_a_pattern(folder: Path) -> None:
    odd = folder / "[1]?.txt"
    odd.write_text("x", encoding="utf-8")
    assert files_of([odd]) == [odd]


@pytest.mark.parametrize("path", ["missing.txt", "*.docx", "missing/*.txt"])
def test_what_does_not_exist_is_a_known_error(folder: Path, path: str) -> None:
    with pytest.raises(KnownError, match="does not exist"):
        files_of([folder / path])


def test_a_folder_without_rights_is_a_known_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(KnownError, match=r"sub.*Permission denied"):
        files_of([folder])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_instead_of_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert "pipe" not in names(folder, folder)
    with pytest.raises(KnownError, match="not a file"):
        files_of([folder / "pipe"])


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes only on POSIX")
def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        path.write_text("Words.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    (record,) = read(path)
    assert record.where == record.article.meta["file"] == "caf\ufffd.txt"


def test_reports_call_files_by_their_names_as_long_as_these_tell_them_apart(folder: Path) -> None:
    for name in ("2017/a.txt", "sub/a.txt"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", "utf-8")
    assert list(names_of([folder]).values()) == ["2017/a.txt", "a.txt", "b.txt", "sub/a.txt", "c.txt"]
    assert list(names_of([folder / "sub"]).values()) == ["a.txt", "c.txt"]


def test_files_below_several_folders_with_the_same_places_have_their_whole_paths(tmp_path: Path) -> None:
    for name in ("one/a.txt", "two/a.txt"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("x", "utf-8")
    whole = [(tmp_path / name).as_posix() for name in ("one/a.txt", "two/a.txt")]
    assert list(names_of([tmp_path / "one", tmp_path / "two"]).values()) == whole
    assert list(names_of([tmp_path / "*" / "a.txt"]).values()) == whole
    assert list(names_of([tmp_path]).values()) == ["one/a.txt", "two/a.txt"]
