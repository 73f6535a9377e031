"""`annotator memory`: look, put lists in, take patterns out."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.session import Session


def test_what_it_knows(run: Any, project: Path) -> None:
    with Session.open(project) as session:
        session.memory.set("may", None, any_case=True)
    answer = run("memory", project)
    assert answer.code == 0
    assert [line.split() for line in answer.out.splitlines()] == [
        ["ORG", "1", "0", "83%", "Alibaba"],
        ["LOC", "0", "1", "17%", "Hangzhou"],
        ["never", "0", "0", "83%", "may", "by", "hand,", "any", "case"],
    ]
    assert run("memory", project, "--search", "ALI", "--label", "ORG").out.split()[-1] == "Alibaba"
    assert run("memory", project, "--never").out.split()[0] == "never"
    assert run("memory", project, "--search", "zzz").err == "annotator: The memory knows no such words.\n"
    assert run("memory", project, "--label", "NONE").failed_plainly()


def test_for_programs(run: Any, project: Path) -> None:
    first, second = json.loads(run("memory", project, "--json").out)
    assert first["words"] == "Alibaba"
    assert (first["label"], first["confirmed"], first["confidence"], first["by"]) == ("ORG", 1, 0.8333, "ana")
    assert (second["rejected"], second["by_hand"], second["origin"]) == (1, False, None)
    assert json.loads(run("memory", project, "--json", "--search", "zzz").out) == []


def test_a_list_in_and_patterns_out(run: Any, project: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("BNN\nOslo\tLOC\nAcme\tFIRM\n")
    answer = run("memory", project, "--import", tmp_path / "words.txt", "--label", "ORG", "--any-case")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "words.txt:3: left out: the project has no label FIRM",
        "2 of 3 entries put into the memory, 1 left out.",
    ]
    out = tmp_path / "patterns.jsonl"
    answer = run("memory", project, "--export", out, "--count", "1", "--sure", "80")
    assert (answer.code, answer.out) == (0, "")
    assert [json.loads(line)["label"] for line in out.read_text().splitlines()] == ["ORG", "ORG", "LOC"]
    assert json.loads(run("memory", project, "--export", out, "--json").out) == {"written": 3, "below": 1, "never": 0}
    report = json.loads(run("memory", project, "--import", out, "--json").out)
    assert (report["records"], report["added"], report["skipped"]) == (3, 1, 2)


def test_nothing_comes_in(run: Any, rows: Any, project: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("BNN\n")
    before = rows(project)["pattern"], rows(project)["step"]
    answer = run("memory", project, "--import", tmp_path / "words.txt")
    assert answer.failed_plainly()
    assert answer.out == "words.txt:1: left out: no label stands there, and none was chosen\n"
    assert run("memory", project, "--import", tmp_path / "words.txt", "--label", "FIRM").failed_plainly()
    assert run("memory", project, "--import", tmp_path / "no.txt").failed_plainly()
    assert (rows(project)["pattern"], rows(project)["step"]) == before
    assert run("memory", project, "--import", tmp_path / "words.txt", "--never").code == 0
    assert len(rows(project)["pattern"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--import", "a", "--export", "b"),
        ("--label", "ORG", "--never"),
        ("--search", "a", "--export", "b"),
        ("--any-case",),
        ("--sure", "50"),
        ("--count", "2"),
        ("--sure", "120", "--export", "b"),
        ("--count", "0", "--export", "b"),
    ],
)
def test_options_that_say_nothing_together(run: Any, project: Path, words: tuple[str, ...]) -> None:
    answer = run("memory", project, *words)
    assert answer.failed_plainly()
    assert "Wrong usage" in answer.err
