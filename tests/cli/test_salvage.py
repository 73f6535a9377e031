"""annotator check and annotator salvage on projects that are not opened."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.session import Session
from tests.cli.conftest import Run


def with_trigger(project: Path) -> None:
    with closing(sqlite3.connect(project, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM span; END")


def test_check_says_why_a_project_is_not_opened(run: Run, project: Path) -> None:
    with_trigger(project)
    answer = run("check", project)
    assert answer.code == 2
    assert "Schema: the trigger t does not belong to a project\n" in answer.out
    answer = run("check", project, "--json")
    assert json.loads(answer.out)["problems"] == ["Schema: the trigger t does not belong to a project"]


def test_other_commands_say_so_in_one_line(run: Run, project: Path) -> None:
    with_trigger(project)
    before = project.read_bytes()
    answer = run("stats", project)
    assert answer.failed_plainly()
    assert "annotator salvage" in answer.err
    assert project.read_bytes() == before


def test_salvage_makes_a_new_project(run: Run, project: Path, tmp_path: Path) -> None:
    with_trigger(project)
    new = tmp_path / "new.annot"
    answer = run("salvage", project, new)
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "2 articles and 2 decided spans were saved.",
        "Nothing was lost.",
        f"The new project is {new}; {project} was not changed.",
    ]
    with Session.open(new) as session:
        assert len(session.article_ids()) == 2
    answer = run("salvage", project, new)
    assert answer.failed_plainly()
    assert "is there already" in answer.err


def test_salvage_answers_programs(run: Run, project: Path, tmp_path: Path) -> None:
    told = json.loads(run("salvage", project, tmp_path / "new.annot", "--json").out)
    assert (told["whole"], told["history"], told["lost"], told["unread"]) == (True, True, {}, [])
    assert told["kept"]["article"] == 2


def test_a_file_that_was_not_used_is_told_of(run: Run, project: Path) -> None:
    project.with_name("news.annot-wal").symlink_to("elsewhere")
    answer = run("undo", project)
    assert answer.code == 0
    assert "kept as news.annot-wal.not-used" in answer.err
