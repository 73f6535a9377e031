"""`annotator undo` and `redo`: what a script can take back, and what it is told."""

import json
from pathlib import Path
from typing import Any

from annotator.session import Session


def texts(path: Path) -> list[str]:
    with Session.open(path, read_only=True) as session:
        return [session.article(each).article.uid for each in session.article_ids()]


def test_an_import_by_script_can_be_taken_back_and_made_again(run: Any, project: Path, tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text('{"id": "b1", "text": "Rain."}\n{"id": "b2", "text": "Snow."}\n', "utf-8")
    assert run("import", project, tmp_path / "more.jsonl", "--quiet").code == 0
    assert run("undo", project) == (0, "Undid: import (2 articles).\n", "")
    assert texts(project) == ["a1", "a2"]
    assert run("redo", project) == (0, "Did again: import (2 articles).\n", "")
    assert texts(project) == ["a1", "a2", "b1", "b2"]


def test_a_step_in_one_article_names_it(run: Any, project: Path) -> None:
    assert run("undo", project).out == "Undid: finished article, in a1.\n"
    answer = json.loads(run("undo", project, "--json").out)
    assert answer == {"verb": "undo", "of": "reject", "articles": 1, "spans": 1, "article": "a1"}


def test_where_no_step_is_left_a_loop_ends(run: Any, project: Path) -> None:
    assert run("redo", project).failed_plainly()
    while (answer := run("undo", project)).code == 0:
        pass
    assert answer.failed_plainly()
    assert answer.err == "annotator: There is nothing to undo.\n"
    assert texts(project) == []


def test_a_project_that_is_open_elsewhere_is_left_alone(run: Any, project: Path) -> None:
    with Session.open(project, annotator="ana") as session:
        assert run("undo", project).failed_plainly()
        assert session.next_step("undo") == "finish"


def test_advice_after_an_import_with_unknown_labels_names_the_command(run: Any, project: Path, tmp_path: Path) -> None:
    record = {"text": "Oslo.", "spans": [{"start": 0, "end": 4, "label": "CITY"}]}
    (tmp_path / "more.jsonl").write_text(json.dumps(record), "utf-8")
    told = run("import", project, tmp_path / "more.jsonl").err
    assert f"annotator undo {project}" in told
    assert told.endswith("--new-labels or --map CITY=LOC\n")
