"""What the learner is taught from, read from histories with undo and redo."""

from random import Random
from typing import Any

import pytest

from annotator.store import history, lessons
from annotator.store.history import Row
from annotator.store.identity import new_uid
from annotator.store.lessons import Fix, Turn
from annotator.store.project import Project

ANNOTATOR = 1
ORG, LOC = 1, 2


def span(article_id: int, start: int, end: int, label: int = ORG, state: str = "confirmed") -> Row:
    decision = {"confirmed": "add", "rejected": "reject"}[state]
    return {
        **{"id": None, "uid": new_uid(), "article_id": article_id, "start": start, "end": end, "label_id": label},
        **{"state": state, "decision": decision, "source": "person", "confidence": None},
        **{"annotator_id": ANNOTATOR, "at": "2026-01-31T09:30:00Z"},
        **{"was_start": None, "was_end": None, "was_label_id": None},
    }


def step(
    project: Project,
    article_id: int,
    state: str | None = None,
    spans: tuple[Row, ...] = (),
    verb: str = "verb",
    place: tuple[int, int] | None = None,
    spread: bool = True,
) -> int:
    """One step on an article: its state, and new spans; returns its number."""
    with history.step(project, verb, ANNOTATOR, article_id) as writing:
        writing.place, writing.spread = place, spread
        for each in spans:
            writing.write("span", None, each)
        if state is not None:
            before = history.tracked_row(project.connection, "article", article_id)
            assert before is not None
            writing.write("article", before, before | {"state": state})
    assert writing.seq is not None
    return writing.seq


def undo(project: Project) -> None:
    history.undo(project, ANNOTATOR)


def redo(project: Project) -> None:
    history.redo(project, ANNOTATOR)


def test_turns_are_those_that_stand(project: Project) -> None:
    assert lessons.turns(project) == []
    first = step(project, 1, "done", (span(1, 0, 7),))
    step(project, 2, "open")
    second = step(project, 2, "done")
    again = step(project, 1, "open")
    everything = [Turn(first, 1, True), Turn(second, 2, True), Turn(again, 1, False)]
    assert lessons.turns(project) == everything
    undo(project)
    assert lessons.turns(project) == everything[:2]
    undo(project)
    assert lessons.turns(project) == everything[:1]
    redo(project)
    redo(project)
    assert lessons.turns(project) == everything
    for _ in range(3):
        undo(project)
    skipped = step(project, 1, "skipped")
    assert lessons.turns(project) == [Turn(first, 1, True), Turn(skipped, 1, False)], "what was undone never was"
    undo(project)
    undo(project)
    assert lessons.turns(project) == []


def test_a_step_may_finish_several_articles(project: Project) -> None:
    with history.step(project, "take_over", ANNOTATOR) as writing:
        for article_id in (2, 1):
            before = history.tracked_row(project.connection, "article", article_id)
            assert before is not None
            writing.write("article", before, before | {"state": "done"})
    assert writing.seq is not None
    assert lessons.turns(project) == [Turn(writing.seq, 2, True), Turn(writing.seq, 1, True)]
    assert list(lessons.turns_in(writing.seq, writing.changes)) == lessons.turns(project)


def test_what_looks_like_a_turn_and_is_none(project: Project) -> None:
    step(project, 1, "done")
    before = history.tracked_row(project.connection, "article", 1)
    assert before is not None
    with history.step(project, "comment", ANNOTATOR, 1) as writing:
        writing.write("article", before, before | {"comment": '"state":"done"', "flagged": 1})
    step(project, 2, "skipped")
    assert len(lessons.turns(project)) == 1


def test_finished_articles_and_their_entities(project: Project) -> None:
    assert lessons.finished(project) == {}
    assert lessons.entities(project) == {}
    step(project, 1, "done", (span(1, 8, 10, LOC), span(1, 0, 7), span(1, 3, 5, state="rejected")))
    step(project, 2, "open", (span(2, 0, 7),))
    assert list(lessons.finished(project)) == [1]
    assert lessons.entities(project) == {1: [(0, 7, "ORG"), (8, 10, "LOC")]}
    assert lessons.entities(project, [2]) == {2: [(0, 7, "ORG")]}
    assert lessons.entities(project, []) == {}
    undo(project)
    undo(project)
    assert lessons.entities(project, [1, 2]) == {}


def test_fixes_are_the_decisions_on_places_that_stand(project: Project) -> None:
    first = step(project, 1, "open", (span(1, 0, 7),), "add", (0, 7))
    step(project, 1, None, (span(1, 8, 10),), "decide")
    second = step(project, 1, None, (span(1, 11, 12, LOC),), "relabel", (11, 12), spread=False)
    step(project, 2, "open", (span(2, 0, 7),), "add", (0, 7))
    both = [Fix(first, "add", 0, 7, True), Fix(second, "relabel", 11, 12, False)]
    assert lessons.fixes(project, 1) == both
    undo(project)
    undo(project)
    assert lessons.fixes(project, 1) == both[:1]
    assert lessons.fixes(project, 2) == []
    redo(project)
    assert lessons.fixes(project, 1) == both
    undo(project)
    redo(project)
    undo(project)
    undo(project)
    undo(project)
    assert lessons.fixes(project, 1) == []
    redo(project)
    assert lessons.fixes(project, 1) == both[:1]
    third = step(project, 1, None, (span(1, 1, 3),), "add", (1, 3))
    assert lessons.fixes(project, 1) == [both[0], Fix(third, "add", 1, 3, True)]


def test_decisions_of_open_articles(project: Project) -> None:
    step(project, 1, "open", (span(1, 0, 7), span(1, 8, 10, LOC, "rejected")))
    step(project, 2, "done", (span(2, 0, 7, LOC),))
    assert lessons.decisions(project) == {1: [("Alibaba", "ORG", True), ("is", "LOC", False)]}
    assert lessons.decisions(project, [2]) == {**lessons.decisions(project), 2: [("Alibaba", "LOC", True)]}
    assert lessons.decisions(project, [2], 2) == {2: [("Alibaba", "LOC", True)]}
    assert lessons.decisions(project, (), 2) == {}
    step(project, 2, "skipped")
    assert 2 not in lessons.decisions(project, [2]), "what is left out says nothing"
    undo(project)
    undo(project)
    undo(project)
    assert lessons.decisions(project, [1, 2]) == {}
    redo(project)
    assert set(lessons.decisions(project)) == {1}


def test_the_first_texts(project: Project) -> None:
    assert lessons.first_texts(project, 1) == ["Alibaba is 1."]
    assert lessons.first_texts(project, 9) == ["Alibaba is 1.", "Alibaba is 2."]
    assert lessons.first_texts(project, 0) == []


@pytest.mark.parametrize("seed", range(5))
def test_any_history_of_turns(project: Project, seed: int) -> None:
    """Against two plain lists: what was done, and what was undone of it."""
    random = Random(seed)
    done: list[tuple[Any, ...]] = []
    undone: list[tuple[Any, ...]] = []
    for _ in range(40):
        if random.random() < 0.5:
            article_id, state = random.choice([1, 2]), random.choice(["open", "done", "done", "skipped"])
            old = project.connection.execute("SELECT state FROM article WHERE id = ?", [article_id]).fetchone()[0]
            if old != state:
                seq = step(project, article_id, state, place=(0, 7))
                done.append((seq, article_id, {old, state}, state))
                undone.clear()
        else:
            undoing = random.random() < 0.5
            (undo if undoing else redo)(project)
            source, target = (done, undone) if undoing else (undone, done)
            if source:
                target.append(source.pop())
        turns = [Turn(seq, a, state == "done") for seq, a, states, state in done if "done" in states]
        assert lessons.turns(project) == turns
        for article_id in (1, 2):
            assert [fix.seq for fix in lessons.fixes(project, article_id)] == [d[0] for d in done if d[1] == article_id]
