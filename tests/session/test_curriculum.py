"""What should have been learned: kept in step with every step, as if it were read anew."""

from random import Random
from types import ModuleType

import pytest

from annotator.session import Session
from annotator.session.curriculum import Curriculum


def articles(keys: list[str]) -> list[int]:
    return [int(key.partition(":")[0]) for key in keys]


@pytest.mark.parametrize("seed", range(4))
def test_it_is_in_step_with_the_project(session: Session, random_work: ModuleType, seed: int) -> None:
    random = Random(seed)
    worker = random_work.Worker(session, random)
    verbs = [worker.finish, worker.decide, worker.reopen, worker.undo, worker.undo, worker.redo, worker.relabel]
    assert session.learning.keys() == []
    seen: dict[int, list[str]] = {}
    for _ in range(80):
        if random.random() < 0.6:
            random.choice(verbs)(random.choice(session.article_ids()))
        else:
            worker.work()
        kept, fresh = session.learning.keys(), Curriculum(session.project).keys()
        assert articles(kept) == articles(fresh)
        for mine, anew in zip(kept, fresh, strict=True):
            assert anew in (mine, f"{articles([mine])[0]}:*"), "of an article that is open again nobody knows any more"
        assert seen.setdefault(session.learning.version, kept) == kept, "another version for other keys"


def test_articles_stand_in_the_order_in_which_they_were_finished(session: Session) -> None:
    for article_id in (3, 1, 2):
        session.finish(article_id)
    assert articles(session.learning.keys()) == [3, 1, 2]
    session.reopen(3)
    assert articles(session.learning.keys()) == [3, 1, 2]
    session.finish(3)
    assert articles(session.learning.keys()) == [1, 2, 3]
    session.undo()
    session.undo()
    assert articles(session.learning.keys()) == [3, 1, 2]


def test_a_name_stands_for_what_was_decided(session: Session) -> None:
    session.decide(1, [(0, 5, "ORG")])
    (first,) = session.learning.keys()
    (span,) = session.article(1).confirmed
    session.relabel(1, span, "LOC")
    (second,) = session.learning.keys()
    assert second != first
    session.undo()
    assert session.learning.keys() == [first]
    session.comment(1, "why?")
    assert session.learning.keys() == [first]


def test_a_lesson_is_what_stands_in_the_article(session: Session) -> None:
    session.decide(1, [(0, 5, "ORG")])
    (key,) = session.learning.keys()
    lesson = session.learning.lesson(key)
    assert (lesson.key, lesson.text, lesson.spans) == (key, session.article(1).text, ((0, 5, "ORG"),))
