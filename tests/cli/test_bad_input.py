"""What is wrong outside the program: one line or a report line each, no traceback, nothing half done."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from annotator.cli import COMMANDS
from annotator.session import Session

FIVE = [{"id": f"r{number}", "text": f"Article {number} from Oslo."} for number in range(1, 6)]


def lines(*records: Any) -> bytes:
    """Records as JSON Lines; bytes stand as they are."""
    return b"".join(r + b"\n" if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in records)


class BadFile(NamedTuple):
    """A file, and what its import has to answer.

    :param imported: how many articles came in all the same.
    :param reported: what a line of the report says; None where it is an error instead.
    """

    name: str
    content: bytes
    code: int
    imported: int
    reported: str | None


BAD_FILES = (
    BadFile(
        "binary.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00", 2, 0, "binary.txt: rejected: not a text file"
    ),
    BadFile("noise.jsonl", bytes(range(256)) * 20, 2, 0, "noise.jsonl:1: rejected: "),
    BadFile("empty.txt", b"", 2, 0, "empty.txt: rejected: "),
    BadFile("empty.jsonl", b"", 2, 0, "empty.jsonl: rejected: the file is empty"),
    BadFile("third.jsonl", lines(*FIVE[:2], b'{"text": "unfinished', *FIVE[3:]), 0, 4, "third.jsonl:3: rejected: "),
    BadFile("no_text.jsonl", lines({"id": "x"}), 2, 0, "no_text.jsonl:1: rejected: "),
    BadFile("outside.jsonl", lines({"text": "Oslo.", "spans": [[0, 99, "LOC"]]}), 0, 1, "outside.jsonl:1: repaired: "),
    BadFile(
        "backwards.jsonl", lines({"text": "Oslo.", "spans": [[4, 0, "LOC"]]}), 0, 1, "backwards.jsonl:1: repaired: "
    ),
    BadFile("label.jsonl", lines({"text": "Oslo.", "spans": [[0, 4, "CITY"]]}), 0, 1, "no label CITY"),
    BadFile("clash.jsonl", lines({"id": "a1", "text": "Another text."}), 2, 0, "clash.jsonl:1: rejected: "),
    BadFile("newer.jsonl", lines({"text": "Oslo.", "schema": "annotator/9"}), 2, 0, "newer.jsonl:1: rejected: "),
)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_accounted_for(run: Any, rows: Any, project: Path, tmp_path: Path, bad: BadFile) -> None:
    file = tmp_path / bad.name
    file.write_bytes(bad.content)
    before = rows(project)
    answer = run("import", project, file)
    assert answer.code == bad.code
    assert any(str(bad.reported) in line for line in answer.out.splitlines()), answer.out
    assert len(rows(project)["article"]) == len(before["article"]) + bad.imported
    if bad.code == 2:
        assert answer.failed_plainly()
        assert content(rows(project)) == content(before)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_strict_import_takes_all_or_nothing(run: Any, rows: Any, project: Path, tmp_path: Path, bad: BadFile) -> None:
    good, file = tmp_path / "a_good.jsonl", tmp_path / bad.name
    good.write_bytes(lines(*FIVE))
    file.write_bytes(bad.content)
    before = content(rows(project))
    answer = run("import", project, good, file, "--strict")
    assert answer.failed_plainly()
    assert bad.name in answer.err
    assert content(rows(project)) == before


def test_a_good_file_beside_a_bad_one_comes_in(run: Any, project: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (tmp_path / "good.txt").write_text("Oslo.", "utf-8")
    answer = run("import", project, tmp_path / "bad.txt", tmp_path / "good.txt")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[-1] == "1 of 2 articles imported, 1 rejected."


def test_an_empty_folder_holds_nothing_to_import(run: Any, project: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("import", project, tmp_path / "empty").failed_plainly()


@pytest.mark.parametrize("words", [("nowhere.txt",), ("*.nothing",), (".", "--format", "odt"), ()])
def test_imports_that_cannot_begin(run: Any, rows: Any, project: Path, words: tuple[str, ...]) -> None:
    before = content(rows(project))
    assert run("import", project, *words).failed_plainly()
    assert content(rows(project)) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do everything")
def test_folders_without_rights(run: Any, project: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.txt").write_text("Oslo.", "utf-8")
    closed.chmod(0)
    try:
        for words in (
            ("import", project, closed),
            ("import", project, closed / "a.txt"),
            ("export", project, closed / "out.jsonl"),
            ("export", project, closed / "out.jsonl", "--split", "80/10/10"),
            ("new", closed / "b.annot"),
            ("new", tmp_path / "b.annot", "--labels", closed / "labels.json"),
            ("new", tmp_path / "c.annot", "--model", closed / "pipeline", "--quiet"),
            ("stats", closed / "b.annot"),
            (closed / "b.annot",),
        ):
            assert run(*words).failed_plainly() or "--model" in words, words
    finally:
        closed.chmod(0o700)


# Files that are no project


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


def another_database(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE article (id)")
    connection.close()


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


BAD_PROJECTS: dict[str, Callable[[Path], object]] = {
    "made by a newer version": newer,
    "a text": lambda path: path.write_text("Oslo.", "utf-8"),
    "empty": lambda path: path.write_bytes(b""),
    "missing": Path.unlink,
    "another program's database": another_database,
    "cut off": cut_off,
    "overwritten": overwritten,
    "a folder": a_folder,
}
ON_A_PROJECT = {
    "import": ("in.txt",),
    "suggest": (),
    "export": ("out.jsonl",),
    "train": ("out",),
    "order": (),
    "twins": (),
    "stats": (),
    "check": (),
    "guidelines": (),
    "undo": (),
    "redo": (),
    "backups": ("--make",),
    "restore": ("1",),
    "labels": (),
    "memory": (),
}


@pytest.mark.parametrize("command", ON_A_PROJECT)
@pytest.mark.parametrize("spoil", BAD_PROJECTS.values(), ids=BAD_PROJECTS)
def test_what_is_no_whole_project_is_left_alone(
    run: Any, project: Path, monkeypatch: pytest.MonkeyPatch, command: str, spoil: Callable[[Path], object]
) -> None:
    monkeypatch.chdir(project.parent)
    Path("in.txt").write_text("Bergen.", "utf-8")
    spoil(project)
    before = project.read_bytes() if project.is_file() else None
    answer = run(command, project, *ON_A_PROJECT[command])
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert answer.failed_plainly() or (command == "check" and answer.out)
    assert (project.read_bytes() if project.is_file() else None) == before
    assert not list(project.parent.glob("out*"))


def test_the_table_above_has_every_command_on_a_project() -> None:
    elsewhere = {"new", "formats", "models", "salvage"}
    assert set(ON_A_PROJECT) == {command.name for command in COMMANDS} - elsewhere


def test_a_project_that_is_open_elsewhere(run: Any, rows: Any, project: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Bergen.", "utf-8")
    with Session.open(project):
        before = content(rows(project))
        for words in (("import", project, tmp_path / "in.txt"), ("suggest", project)):
            answer = run(*words)
            assert answer.failed_plainly()
            assert "open in this program already" in answer.err
        assert content(rows(project)) == before


def test_damage_that_check_finds(run: Any, project: Path) -> None:
    connection = sqlite3.connect(project)
    connection.execute("UPDATE article SET confirmed = 7 WHERE id = 1")
    connection.execute("UPDATE article SET sha256 = replace(sha256, substr(sha256, 1, 1), 'g') WHERE id = 2")
    connection.commit()
    connection.close()
    answer = run("check", project)
    assert (answer.code, answer.err) == (2, "")
    *problems, summary, advice = answer.out.splitlines()
    assert problems == [
        "Article 2 (Nothing happened in Oslo.): its text is not the one that was imported",
        "Counts: 1 counts of spans of an article are wrong",
    ]
    assert summary == (
        "Damage in 1 of 2 articles; 2 decisions verified."
        " Safe: 1 article with 2 decisions, the labels, the whole history."
    )
    assert advice.startswith("Nothing was changed. Keep the file as it is; go back to a backup (annotator backups")
    told = json.loads(run("check", project, "--json").out)
    assert (told["holds"], told["problems"], told["summary"]) == (False, problems, summary)
    assert told["damaged"] == {"count": 1, "articles": [{"id": 2, "title": "Nothing happened in Oslo."}]}
    assert (told["articles"], told["decisions"], told["unreadable"]) == (2, 2, [])
    assert told["steps"] == {"all": 4, "verified": 4}


# Exports that cannot be


def test_exports_that_cannot_be_written(run: Any, project: Path, tmp_path: Path) -> None:
    before = project.read_bytes()
    other = tmp_path / "other.annot"
    other.write_bytes(before)
    link = tmp_path / "link.jsonl"
    link.symlink_to(project)
    for out in (project, other, link, tmp_path / "nowhere" / "out.jsonl", tmp_path, ".", tmp_path / ("x" * 250)):
        assert run("export", project, out).failed_plainly(), out
    assert project.read_bytes() == other.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == [
        "link.jsonl",
        "news.annot",
        "other.annot",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "docx"),
        ("--state", "new"),
        ("--picked", "new"),
        ("--split", "80/20"),
        ("--split", "90/20/-10"),
        ("--split", ""),
        ("--group", "source"),
        ("--split=80/10/10", "--group=author"),
    ],
)
def test_exports_that_nobody_can_mean(run: Any, project: Path, tmp_path: Path, words: tuple[str, str]) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("the last export\n", "utf-8")
    assert run("export", project, out, *words).failed_plainly()
    assert out.read_text("utf-8") == "the last export\n"


@pytest.mark.parametrize("words", [("--labels", "nolabels"), ("--labels", "nowhere.json")])
def test_projects_that_cannot_be_made(run: Any, tmp_path: Path, words: tuple[str, str]) -> None:
    assert run("new", tmp_path / "a.annot", *words).failed_plainly()
    assert run("new", tmp_path / "nowhere" / "a.annot").failed_plainly()
    assert not (tmp_path / "a.annot").exists()


@pytest.mark.parametrize("words", [("stats",), ("stats", "--nonsense"), ("import", "a.annot"), ("export", "a.annot")])
def test_wrong_usage_points_to_the_help(run: Any, words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert answer.failed_plainly()
    assert f"annotator {words[0]} --help" in answer.err or "annotator --help" in answer.err


def content(held: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """All but who has ever opened the project."""
    return {table: values for table, values in held.items() if table not in ("annotator", "sqlite_sequence")}
