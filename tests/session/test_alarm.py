"""The alarm: many decided spans never change at once without somebody who says that it is meant."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import MassChangeError
from annotator.model.deciding import relabel_all
from annotator.session import Session

TEXT = "Damo and Bar. " * 20


@pytest.fixture
def many(session: Session) -> list[int]:
    """Three articles with twenty decided places each."""
    ids = session.add_articles([{"id": f"m{n}", "text": TEXT + str(n)} for n in range(3)])
    for article_id in ids:
        session.add(article_id, 0, 4, "ORG", everywhere=True)
    return ids


def test_without_a_limit_everything_is_let_through(session: Session, many: list[int]) -> None:
    assert session.alarm.limit is None
    assert session.decide(many[0], []).count == 20


def test_a_step_on_too_many_decisions_changes_nothing(
    session: Session, many: list[int], digest: Callable[[Path], str]
) -> None:
    session.alarm.limit = 19
    before, shown = digest(session.project.path), session.article(many[0])
    with pytest.raises(MassChangeError, match="This would change 20 spans that were decided, in 1 article") as error:
        session.relabel(many[0], (0, 4, "ORG"), "PER", everywhere=True)
    assert (error.value.spans, error.value.advice) == (20, "Nothing was changed.")
    assert digest(session.project.path) == before
    assert session.article(many[0]) == shown
    with session.alarm.allowed():
        session.relabel(many[0], (0, 4, "ORG"), "PER", everywhere=True)
    assert session.alarm.limit == 19
    assert {span.label for span in session.article(many[0]).spans} == {"PER"}


def test_as_many_as_the_limit_are_let_through(session: Session, many: list[int]) -> None:
    session.alarm.limit = 20
    assert session.relabel(many[0], (0, 4, "ORG"), "PER", everywhere=True).count == 20


def test_new_decisions_and_a_second_look_are_no_change(session: Session, many: list[int]) -> None:
    session.alarm.limit = 0
    assert session.add(many[0], 9, 12, "LOC", everywhere=True).count == 20
    session.finish(many[0])
    session.comment(many[1], "why?")


def test_undo_and_redo_count(session: Session, many: list[int], digest: Callable[[Path], str]) -> None:
    everywhere = [(each, relabel_all(a := session.article(each), a.confirmed, "PER"), {}) for each in many]
    session._opened.write_many("elsewhere", everywhere)
    session.alarm.limit = 10
    before = digest(session.project.path)
    with pytest.raises(MassChangeError, match="60 spans"):
        session.undo()
    assert digest(session.project.path) == before
    with session.alarm.allowed():
        session.undo()
    with pytest.raises(MassChangeError, match="60 spans"):
        session.redo()


def test_what_is_undone_in_one_article_is_seen_and_not_asked_for(session: Session, many: list[int]) -> None:
    session.alarm.limit = 10
    assert session.undo() is not None
    assert session.redo() is not None
    assert len(session.article(many[2]).confirmed) == 20


def test_an_import_that_goes_counts_the_decisions_in_its_articles(session: Session) -> None:
    spans = [{"start": 0, "end": 4, "label": "ORG"}, {"start": 9, "end": 12, "label": "LOC"}]
    path = session.project.path.with_name("late.jsonl")
    path.write_text("".join(json.dumps({"id": f"d{n}", "text": TEXT + f"d{n}", "spans": spans}) + "\n" for n in (1, 2)))
    session.import_files(path, decided=True)
    session.alarm.limit = 3
    with pytest.raises(
        MassChangeError, match="This would take away 2 imported articles, and 4 spans that were decided, in 2 art"
    ):
        session.undo()
    session.alarm.limit = 4
    outcome = session.undo()
    assert outcome is not None
    assert outcome.of == "import"
