"""What the command line says of labels that a project has not, and its answers for programs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.session import Session

RECORDS = (
    {"id": "x", "text": "Alibaba is here.", "spans": [[0, 7, "FIRM"], [11, 15, "PLACE"]]},
    {"id": "y", "text": "Nothing is there.", "spans": []},
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), "utf-8")
    return path


def labels_in(project: Path) -> list[str]:
    with Session.open(project, read_only=True) as session:
        (new,) = [n for n in session.article_ids() if session.article(n).article.uid == "x"]
        return [span.label for span in session.article(new).spans]


def test_unknown_labels_are_named_with_what_to_do(run: Any, project: Path, source: Path) -> None:
    answer = run("import", project, source)
    assert answer.code == 0
    assert "The project has no label FIRM (1), PLACE (1)." in answer.out
    assert "--new-labels" in answer.err
    assert "--map PLACE=LOC" in answer.err
    assert labels_in(project) == []


def test_labels_are_mapped_left_out_and_added(run: Any, project: Path, source: Path) -> None:
    answer = run("import", project, source, "--decided", "--map", "FIRM=ORG", "--map", "PLACE=", "--json")
    report = json.loads(answer.out)
    assert (report["accepted"], report["spans"], report["spans_left_out"]) == (2, 1, 1)
    assert labels_in(project) == ["ORG"]


def test_new_labels(run: Any, project: Path, source: Path) -> None:
    answer = run("import", project, source, "--decided", "--strict", "--new-labels")
    assert "New labels: FIRM, PLACE." in answer.out
    assert labels_in(project) == ["FIRM", "PLACE"]


@pytest.mark.parametrize(
    "words",
    [("--strict",), ("--map", "FIRM=NOBODY"), ("--map", "FIRM"), ("--map", "=ORG"), ("--offsets", "inches")],
)
def test_what_is_wrong_changes_nothing(
    run: Any, project: Path, source: Path, rows: Callable[[Path], Any], words: tuple[str, ...]
) -> None:
    run("import", project, source, "--strict")  # signs in
    before = rows(project)
    answer = run("import", project, source, *words)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
    assert rows(project) == before


def test_answers_for_programs(run: Any, project: Path, tmp_path: Path) -> None:
    made = json.loads(run("new", tmp_path / "other.annot", "--labels", "conll", "--model", "blank:en", "--json").out)
    assert (made["labels"], made["model"], made["installed"]) == (["PER", "ORG", "LOC", "MISC"], "blank:en", True)
    read = json.loads(run("suggest", project, "--json").out)
    assert (read["model"], read["waiting"]) == ("blank:en", 1)
    exported = json.loads(run("export", project, tmp_path / "out.jsonl", "--json").out)
    assert exported["files"]["out.jsonl"]["articles"] == 1
