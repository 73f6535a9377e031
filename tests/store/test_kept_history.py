"""What of a damaged history is kept: who decided what and when; undo goes no further than it fits the rows."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from annotator.session import Session, salvage
from annotator.store import lessons
from tests.store.test_salvage import ARTICLES, SPANS, behind, content, made, pages_of, path, spoil

__all__ = ["made", "path"]  # fixtures
LAST = 63  # step: the import, 60 decisions, a flag, a comment
STEP = 'seq, uid, verb, target, article_id, start, "end", annotator_id, at, changes'
LOOSE = (
    *("PRAGMA ignore_check_constraints = ON", "PRAGMA foreign_keys = OFF"),
    *("DROP TRIGGER step_is_never_changed", "DROP TRIGGER step_is_never_deleted"),
)


def steps(path: Path) -> list[tuple[object, ...]]:
    """All that is known of each step, but for the piles of undo and redo."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {STEP} FROM step WHERE verb <> 'salvage' ORDER BY seq").fetchall()


def shown(path: Path) -> list[object]:
    with Session.open(path, read_only=True) as session:
        return content(session)


def taken_back_and_done_again(path: Path) -> int:
    """How many steps undo takes back; all of them can be done again, and then all is as it was."""
    with Session.open(path) as session:
        before, number = content(session), 0
        assert session.check() == []
        while session.undo():
            number += 1
        assert session.check() == []
        for _ in range(number):
            assert session.redo() is not None
        assert content(session) == before
        session.comment(1, "again")
        assert session.undo() is not None
        assert session.check() == []
    return number


@pytest.mark.parametrize(
    ("damage", "lost", "back"),
    [
        ("UPDATE step SET changes = 'x' WHERE seq = 5", [5], LAST - 5),
        ("DELETE FROM step WHERE seq = 5", [5], LAST - 5),
        ("DELETE FROM step WHERE seq IN (7, 9)", [7, 9], LAST - 9),
        ("UPDATE step SET at = 'never' WHERE seq = 62", [62], 1),
        ("UPDATE step SET annotator_id = 99 WHERE seq = 62", [62], 1),
        ("DELETE FROM step WHERE seq = 1", [1], LAST - 1),
        ("DELETE FROM step WHERE seq = 63", [63], 0),
        ("UPDATE step SET changes = '[]', uid = '' WHERE seq = 63", [63], 0),
    ],
)
def test_the_steps_around_a_bad_one_are_kept_and_those_behind_it_can_be_undone(
    path: Path, tmp_path: Path, damage: str, lost: list[int], back: int
) -> None:
    before, there = steps(path), shown(path)
    assert before[-1][0] == LAST
    behind(path, *LOOSE, damage)
    saved = salvage(path, new := tmp_path / "new.annot")
    assert (saved.has_history, saved.kept["step"]) == (True, LAST - len(lost))
    assert saved.lines()[-1] == (
        f"Of the history {LAST - len(lost)} steps are kept: who decided what, and when."
        f" Undo goes back {back} of them, as far as the damage."
    )
    assert steps(new) == [step for step in before if step[0] not in lost]
    assert shown(new) == there
    assert taken_back_and_done_again(new) == back


def test_around_a_lost_page_too(path: Path, tmp_path: Path) -> None:
    before = steps(path)
    spoil(path, pages_of(path, "step")[1])
    saved = salvage(path, new := tmp_path / "new.annot")
    kept = steps(new)
    assert set(kept) < set(before)
    assert LAST / 2 < len(kept) == saved.kept["step"]
    assert saved.shown is not None
    assert taken_back_and_done_again(new) == len(kept) - saved.shown > 0


def test_the_history_outlives_rows_that_it_tells_of_and_is_only_shown(path: Path, tmp_path: Path) -> None:
    before = steps(path)
    spoil(path, pages_of(path, "span")[1])
    saved = salvage(path, new := tmp_path / "new.annot")
    assert saved.kept["span"] < ARTICLES * SPANS
    assert steps(new) == before
    assert saved.shown == LAST
    assert taken_back_and_done_again(new) == 0


def test_the_history_outlives_an_article_that_it_tells_of(path: Path, tmp_path: Path) -> None:
    before = steps(path)
    raw = path.read_bytes()
    at = raw.index(b"Oslo. 17")
    path.write_bytes(raw[:at] + b"Osla" + raw[at + 4 :])
    saved = salvage(path, new := tmp_path / "new.annot")
    assert (saved.kept["article"], saved.lost["article"], saved.lost["step"]) == (ARTICLES - 1, 1, 1)
    assert [(row[0], row[7:9]) for row in steps(new)] == [(row[0], row[7:9]) for row in before if row[4] != 18]
    assert taken_back_and_done_again(new) == 0


def test_an_undo_that_reached_over_the_damage_is_only_shown(path: Path, tmp_path: Path) -> None:
    with Session.open(path) as session:
        session.flag(5)
        for _ in range(3):
            session.undo()
        session.flag(6)
    before = steps(path)
    behind(path, *LOOSE, "DELETE FROM step WHERE seq = 64")
    saved = salvage(path, new := tmp_path / "new.annot")
    assert steps(new) == [step for step in before if step[0] not in (64, 65)]  # the undo of what is lost goes with it
    assert saved.shown == len(steps(new))
    assert taken_back_and_done_again(new) == 0


def test_statistics_and_learning_read_what_came_before_the_damage(path: Path, tmp_path: Path) -> None:
    with Session.open(path) as session:
        for article_id in (7, 8, 9):
            session.finish(article_id)
        session.curves.read()
        turns, works = lessons.turns(session.project), session.curves.works
        assert (len(turns), len(works)) == (ARTICLES, ARTICLES)
    behind(path, *LOOSE, "UPDATE step SET changes = '!' WHERE seq = 62")
    salvage(path, new := tmp_path / "new.annot")
    with Session.open(new) as session:
        session.curves.read()
        assert lessons.turns(session.project) == turns
        assert [work.article_id for work in session.curves.works] == [work.article_id for work in works]
        assert session.next_step("undo") == "comment"


@pytest.mark.parametrize("seed", range(8))
def test_whatever_steps_are_lost_undo_fits_the_rows(path: Path, tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with Session.open(path) as session:
        for _ in range(40):
            article_id = chance.randint(1, 4)
            verbs = (
                lambda each=article_id: session.flag(each, chance.random() < 0.5),
                lambda each=article_id: session.comment(each, str(chance.random())),
                lambda each=article_id: session.decide(each, [(0, 7, chance.choice(["ORG", "LOC"]))]),
                lambda: session.memory.set(chance.choice(["Oslo", "Alibaba"]), chance.choice(["ORG", "LOC"])),
                *(session.undo, session.redo, session.undo),
            )
            chance.choice(verbs)()
    before, there = steps(path), shown(path)
    lost = chance.sample(range(2, len(before) + 1), chance.randint(1, 3))
    behind(path, *LOOSE, f"DELETE FROM step WHERE seq IN ({','.join(map(str, lost))})")
    saved = salvage(path, new := tmp_path / "new.annot")
    kept = steps(new)
    assert set(kept) < set(before)
    assert shown(new) == there
    assert saved.shown is not None
    assert taken_back_and_done_again(new) <= len(kept) - saved.shown
    again = salvage(new, tmp_path / "again.annot")
    assert again.is_whole
    assert steps(tmp_path / "again.annot") == steps(new)
