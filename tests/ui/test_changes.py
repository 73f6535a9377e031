"""A project that was changed outside the program: one calm notice, once for each damage, and what can be done."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.session import Session
from annotator.ui import changes
from tests.ui.hands import eventually, kept, press
from tests.ui.test_safety import Key, answer, bar_text


def behind(path: Path, *statements: str) -> None:
    """Change rows behind the program's back; triggers are as before afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for statement in (
            *(f"DROP TRIGGER {name}" for name, _ in triggers),
            *statements,
            *(sql for _, sql in triggers),
        ):
            connection.execute(statement)


@pytest.fixture
def worked(project: Path) -> Path:
    """With some steps."""
    with Session.open(project, annotator="ana") as session:
        for article_id in (1, 2, 1, 2):
            session.flag(article_id, not session.article(article_id).flagged)
    return project


def looked(window: Any) -> str:
    """What the bar says once all has been looked at."""
    window.safety.changes.look_at_article()
    for _ in range(20):
        window.safety.changes.look_further()
    return bar_text(window)


def test_of_a_project_as_it_was_left_nothing_is_said(open_window: Any, worked: Path) -> None:
    window = open_window(worked)
    press(window, Key.Key_Space)
    assert looked(window) == ""
    assert len(kept(window)) == 1


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM step WHERE seq = (SELECT max(seq) FROM step)", "the history does not end where it did."),
        ("UPDATE label SET name = 'LOCO' WHERE name = 'LOC'", "the labels are not as they were left."),
        ("UPDATE step SET verb = 'skip' WHERE seq = 2", "step 2 of its history is not the one that was written."),
        ("UPDATE article SET comment = 'x' WHERE id = 1", "the article “"),
    ],
)
def test_what_was_changed_outside_is_told_once_and_stops_nothing(
    open_window: Any, worked: Path, statement: str, says: str
) -> None:
    behind(worked, statement)
    window = open_window(worked)
    told = looked(window)
    assert told.startswith(f"Somebody or something changed this project outside the program: {says}")
    assert told.endswith("Work can go on. Check what is as it was left; earlier states of it are among the backups.")
    press(window, Key.Key_Space)
    assert len(kept(window)) == 1
    answer(window, "Hide")
    assert looked(window) == ""
    window.close()
    assert looked(open_window(worked)) == ""


def test_another_damage_is_told_of_again(open_window: Any, worked: Path) -> None:
    behind(worked, "UPDATE article SET comment = 'x' WHERE id = 1")
    window = open_window(worked)
    assert "the article “" in looked(window)
    window.close()
    behind(worked, "UPDATE annotator SET name = 'anna'")
    assert "the annotator anna had another name." in looked(open_window(worked))


def test_look_checks_the_whole_project_and_says_what_is_safe(
    open_window: Any, worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(changes, "tell_plainly", lambda _parent, title, text: said.append((title, text)))
    behind(worked, "UPDATE article SET comment = 'x' WHERE id = 1")
    window = open_window(worked)
    looked(window)
    answer(window, "Look…")
    ((title, text),) = said
    assert title.startswith("Damage in 1 of 2 articles;")
    assert "Article 1 (" in text
    assert text.endswith("A backup can bring back single articles, and all of the project.")


def test_it_is_looked_at_without_being_asked(open_window: Any, worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_HAND_RESTS", 1)
    behind(worked, "UPDATE article SET comment = 'x' WHERE id = 1", "UPDATE step SET verb = 'skip' WHERE seq = 2")
    window = open_window(worked)
    eventually(lambda: not window.safety.changes._walk.isActive())
    assert "Somebody or something changed this project" in bar_text(window)
