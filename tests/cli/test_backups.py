"""Backups on the command line: listed, made, made before much changes, and gone back to."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from annotator.model.label import Label
from annotator.session import Session
from annotator.settings import Settings


@pytest.fixture
def backed_up(run: Any, project: Path) -> Path:
    """The project with one backup; then everything was decided otherwise."""
    assert run("backups", project, "--make", "--quiet").code == 0
    with Session.open(project, annotator="ana") as session:
        session.decide(1, [(16, 19, "MISC")])
        session.decide(2, [(20, 24, "LOC")])
    return project


def spans(project: Path, article_id: int = 1) -> list[tuple[int, int, str, str]]:
    with Session.open(project, read_only=True) as session:
        return [(s.start, s.end, s.label, str(s.state)) for s in session.article(article_id).spans if s.id]


THEN = [(0, 7, "ORG", "confirmed"), (24, 32, "LOC", "rejected")]


def listed(run: Any, project: Path) -> list[dict[str, Any]]:
    backups: list[dict[str, Any]] = json.loads(run("backups", project, "--json").out)["backups"]
    return backups


def test_they_are_listed(run: Any, backed_up: Path) -> None:
    (backup,) = listed(run, backed_up)
    assert backup["bytes"] == Path(backup.pop("path")).stat().st_size
    assert {key: backup[key] for key in ("number", "reason", "articles", "decisions")} == {
        "number": 1,
        "reason": "by-hand",
        "articles": 2,
        "decisions": 2,
    }
    answer = run("backups", backed_up)
    assert f"1  {backup['at']}  Asked for  2 articles  2 decisions" in answer.out
    assert run("backups", backed_up, "--make").err.startswith("annotator: Backup 2 holds the project as it is: ")
    assert [each["number"] for each in listed(run, backed_up)] == [2, 1]


def test_those_of_a_copy_are_told_apart(run: Any, backed_up: Path) -> None:
    assert "from" not in run("backups", backed_up).out
    copy = Path(shutil.copy(backed_up, backed_up.with_name("copy.annot")))
    assert run("backups", copy, "--make").code == 0
    theirs, own = listed(run, backed_up)
    assert (theirs["made_from"], own["made_from"]) == (str(copy.resolve()), str(backed_up.resolve()))
    lines = run("backups", backed_up).out.splitlines()
    assert [line.rpartition("  ")[2] for line in lines] == ["from copy.annot", "from news.annot"]
    answer = run("restore", backed_up, theirs["number"])
    assert answer.err.startswith(f"annotator: The backup was not made from news.annot, but from {copy.resolve()}.")


def test_there_may_be_none(run: Any, project: Path, tmp_path: Path) -> None:
    answer = run("backups", project)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "annotator: There are no backups yet. Make one with --make.\n"
    answer = run("backups", tmp_path / "none.annot")
    assert answer.failed_plainly()
    assert "no backup of one that was there" in answer.err


def test_an_article_comes_back_as_one_step(run: Any, backed_up: Path) -> None:
    other = spans(backed_up, 2)
    answer = run("restore", backed_up, "1", "--article", "a1", "--json")
    assert json.loads(answer.out) == {"backup": 1, "articles": 1, "spans": 2}
    assert answer.err == "annotator: 1 article restored; annotator undo takes it back.\n"
    assert (spans(backed_up), spans(backed_up, 2)) == (THEN, other)
    assert [each["reason"] for each in listed(run, backed_up)] == ["before-restore", "by-hand"]
    assert run("undo", backed_up).out == "Undid: restored articles (2 spans).\n"
    assert (16, 19, "MISC", "confirmed") in spans(backed_up)


def test_a_whole_project_comes_back(run: Any, backed_up: Path) -> None:
    answer = json.loads(run("restore", backed_up, "1", "--json").out)
    assert spans(backed_up) == THEN
    assert (16, 19, "MISC", "confirmed") in spans(Path(answer["kept"]))
    assert Path(answer["kept"]).parent == backed_up.parent
    assert run("check", backed_up).out.startswith("All holds: ")


def test_to_a_new_file(run: Any, backed_up: Path, tmp_path: Path) -> None:
    new, before = tmp_path / "new.annot", backed_up.read_bytes()
    at = listed(run, backed_up)[0]["at"]
    assert run("restore", backed_up, at, "--to", new).err == f"annotator: {new} is the project as of {at}.\n"
    assert (spans(new), backed_up.read_bytes()) == (THEN, before)
    again = run("restore", backed_up, at[:10], "--to", new)
    assert again.failed_plainly()
    assert "new.annot is there already. Choose another name." in again.err


@pytest.mark.parametrize("damage", [b"", b"\xff" * 50_000, None])
def test_a_project_too_damaged_to_open_comes_back(run: Any, backed_up: Path, damage: bytes | None) -> None:
    if damage is None:
        backed_up.unlink()
    else:
        backed_up.write_bytes(damage)
    assert len(listed(run, backed_up)) == 1
    answer = json.loads(run("restore", backed_up, "1", "--json").out)
    assert spans(backed_up) == THEN
    assert (Path(answer["kept"]).read_bytes() if answer["kept"] else None) == damage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("9",), "There is no backup 9. Type: annotator backups PROJECT"),
        (("1", "--article", "nowhere"), "The backup has no article nowhere. Nothing was changed."),
        (("2",), "2 backups are from 2."),
        (("1", "--to", "x", "--article", "a1"), "not allowed with argument"),
    ],
)
def test_what_is_not_there_is_said(run: Any, backed_up: Path, words: tuple[str, ...], said: str) -> None:
    if said.startswith("2 "):
        run("backups", backed_up, "--make")
        run("undo", backed_up)
        run("backups", backed_up, "--make")
        run("restore", backed_up, "2", "--to", backed_up.with_name("x"))  # a number is exact
        words = ("20",)
        said = "3 backups are from 20."
    answer = run("restore", backed_up, *words)
    assert answer.failed_plainly()
    assert said in answer.err


def test_a_project_in_use_is_not_replaced(run: Any, backed_up: Path) -> None:
    with Session.open(backed_up):
        before = backed_up.read_bytes()
        answer = run("restore", backed_up, "1")
        assert answer.failed_plainly()
        assert "is open in this program already" in answer.err
        assert backed_up.read_bytes() == before


def test_undo_of_an_import_keeps_one_and_asks_for_many(run: Any, project: Path, tmp_path: Path) -> None:
    span = {"start": 0, "end": 4, "label": "ORG"}
    records = [{"id": f"d{n}", "text": f"Damo is here, {n}.", "spans": [span]} for n in range(3)]
    (tmp_path / "late.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    assert run("import", project, tmp_path / "late.jsonl", "--decided").code == 0
    Settings().set("alarm", 2)
    answer = run("undo", project)
    assert answer.failed_plainly()
    assert answer.err == (
        "annotator: This would take away 3 imported articles, and 3 spans that were decided, in 3 articles."
        " Nothing was changed. (Option: --yes)\n"
    )
    assert run("undo", project, "--yes").out == "Undid: import (3 articles).\n"
    assert listed(run, project)[0]["reason"] == "before-undo"
    assert listed(run, project)[0]["articles"] == 5
    assert run("redo", project).code == 0
    Settings().set("alarm", 3)
    assert run("undo", project).code == 0


def test_that_there_can_be_no_backup_is_said_and_stops_nothing(
    run: Any, project: Path, tmp_path: Path, home: Path
) -> None:
    (home / "data").mkdir(parents=True, exist_ok=True)
    (home / "data" / "backups").write_text("in the way")
    with Session.open(project) as session:
        session.set_labels([*session.labels, Label("NEW")])
    (tmp_path / "late.jsonl").write_text('{"id": "x", "text": "Damo."}\n')
    run("import", project, tmp_path / "late.jsonl")
    answer = run("undo", project)
    assert answer.code == 0
    assert answer.out == "Undid: import (1 article).\n"
    assert "backups cannot be made" in answer.err
