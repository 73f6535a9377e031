"""Where commands may write: not over a project or what belongs to one, by whatever way that is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator import parts
from annotator.errors import KnownError
from annotator.session import Session, salvage
from tests.cli.conftest import Run

AWAY = "missing/.."
BESIDE = ("-wal", "-journal", "-shm", ".lock", ".learned")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Somebody's own file beside the project."""
    path = tmp_path / "notes.txt"
    path.write_text("precious", "utf-8")
    return path


@pytest.fixture
def folder(project: Path, notes: Path) -> Path:
    """Where both lie, with a second project."""
    project.with_name("other.annot").write_bytes(project.read_bytes())
    return notes.parent


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("target", ["news.annot", "other.annot", "notes.txt"])
@pytest.mark.parametrize(
    "words",
    [
        ("export", "{}", "--format", "jsonl"),
        ("export", "{}", "--format", "spacy", "--replace"),
        ("export", "out.jsonl", "--ledger", "{}"),
        ("memory", "--export", "{}"),
        ("salvage", "{}"),
        ("restore", "1", "--to", "{}"),
    ],
)
def test_no_way_through_a_missing_folder(
    run: Run, project: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, target: str, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    run("backups", project, "--make")
    before = contents(folder)
    answer = run(words[0], project, *(word.format(f"{AWAY}/{target}") for word in words[1:]))
    assert answer.failed_plainly(), answer
    assert answer.err == "annotator: There is no folder missing/... Make it first, or choose another.\n"
    assert contents(folder) == before


def test_a_split_goes_through_no_missing_folder(run: Run, project: Path, folder: Path) -> None:
    before = contents(folder).keys()
    assert run("export", project, folder / AWAY / "out.jsonl", "--split", "50/0/50").failed_plainly()
    assert contents(folder).keys() == before


@pytest.mark.parametrize(
    ("name", "ending"), [*(("news.annot", each) for each in (*BESIDE, "-WAL")), ("other.annot", "-wal")]
)
def test_no_command_makes_what_belongs_to_a_project(
    run: Run, project: Path, folder: Path, tmp_path: Path, name: str, ending: str
) -> None:
    run("backups", project, "--make")
    before, taken = contents(folder), tmp_path / f"{name}{ending}"
    for words in (
        ("export", project, taken, "--format", "jsonl", "--replace"),
        ("export", project, tmp_path / "o.jsonl", "--ledger", taken),
        ("memory", project, "--export", taken),
        ("new", taken),
        ("salvage", project, taken),
        ("restore", project, "1", "--to", taken),
        ("train", project, taken),
    ):
        answer = run(*words)
        assert answer.code == 2
        assert f"{name}{ending} belongs to the project {name}" in answer.err
    assert contents(folder) == before
    with (
        Session.open(project, read_only=True) as session,
        pytest.raises(KnownError, match=r"belongs to|is there already"),
    ):
        session.rescue(taken)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("more", [(), ("--replace",)])
@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("o.jsonl", "news.annot-wal"),
        ("o.jsonl", "other.annot.lock"),
        ("o.jsonl", "missing/../news.annot"),
        ("o.jsonl.manifest.json", "notes.txt"),
        ("o.jsonl.manifest.json", "nothing.txt"),
        ("ledger.csv", "notes.txt"),
        ("ledger.csv", "nothing.txt"),
    ],
)
def test_no_export_goes_where_links_lead(
    run: Run, project: Path, folder: Path, link: str, target: str, more: tuple[str, ...]
) -> None:
    (folder / link).symlink_to(target)
    before = contents(folder)
    answer = run("export", project, folder / "o.jsonl", "--ledger", folder / "ledger.csv", *more)
    assert answer.failed_plainly(), answer
    assert contents(folder) == before
    assert (folder / link).is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_part_of_a_split_goes_where_no_link_leads(run: Run, project: Path, folder: Path, notes: Path) -> None:
    with Session.open(project) as session:
        session.finish(2)
    (folder / "o-train.jsonl").symlink_to(notes)
    answer = run("export", project, folder / "o.jsonl", "--split", "50/0/50", "--replace")
    assert answer.failed_plainly()
    assert "o-train.jsonl is a link to another file. Remove it, or choose another name." in answer.err
    assert notes.read_text("utf-8") == "precious"


def test_salvage_takes_names_as_text(project: Path, tmp_path: Path) -> None:
    assert salvage(str(project), str(tmp_path / "new.annot")).is_whole


@pytest.mark.skipif(os.name != "posix", reason="whether a process runs is not asked elsewhere")
def test_what_a_killed_salvage_left_goes_with_the_next(project: Path, tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, project, tmp_path / "new.annot"], check=False)
    left = list(tmp_path.glob(".annotator-*"))
    assert (killed.returncode, len(left)) == (9, 1)
    assert list(left[0].iterdir())
    salvage(project, tmp_path / "new.annot")
    assert not list(tmp_path.glob(".annotator-*"))


_KILLED = """
import os, sys
from annotator.store import salvage
salvage._problems = lambda *_: os._exit(9)
salvage.salvage(*sys.argv[1:])
"""


def test_a_folder_in_the_making_is_ours_alone(tmp_path: Path) -> None:
    with parts.fresh_folder(tmp_path / "new.annot") as folder:
        assert folder.parent == tmp_path
        assert os.name != "posix" or folder.stat().st_mode & 0o777 == 0o700
        (folder / "new").touch()
    assert not list(tmp_path.glob(".annotator-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
def test_a_current_folder_that_was_removed(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for words in (("stats", "x.annot"), ("backups", "x.annot"), ("new", "x.annot"), ("export", project, "o.jsonl")):
        answer = run(*words)
        assert answer.failed_plainly()
        assert (
            answer.err == "annotator: The current folder is not there any more. Change to another one, and try again.\n"
        )
    assert run("stats", project).code == 0
    for create in (False, True):
        with pytest.raises(KnownError):
            Session.open("x.annot", create=create)
    with pytest.raises(KnownError):
        salvage("x.annot", "y.annot")
    with Session.open(project) as session:
        for write in (session.rescue, session.export, session.memory.export_patterns):
            with pytest.raises(KnownError):
                write("y.jsonl")  # type: ignore[operator]


def test_names_in_a_message_turn_no_writing() -> None:
    error = KnownError("a\u202eb", "\u2066c", detail="\u202ad")
    assert (error.title, str(error)) == ("a\\u202eb", "a\\u202eb \\u2066c (\\u202ad)")
    assert KnownError("می\u200cخواهم").title == "می\u200cخواهم"
