"""What finished articles took, counted from the project alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from annotator.model.effort import Agreement
from annotator.model.span import Suggestion
from annotator.session import Session
from annotator.session.curves import LONGEST_GAP, Curves, moving
from annotator.store import history
from annotator.suggest import Reading

TEXT = "Alibaba Group met Alibaba Group in China. Alibaba Group and the Bank of China."
GUESSED = (("Alibaba Group", 0, "LOC"), ("Alibaba Group", 18, "LOC"), ("China", 35, "LOC"), ("Bank", 64, "ORG"))


class Clock:
    """The time that steps are stamped with."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)

    def __call__(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def wait(self, seconds: int) -> None:
        """So much later."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(history, "now", made)
    return made


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Five articles with the same text and the same suggestions."""
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as made:
        for article_id in made.add_articles({"id": f"a{n}", "text": TEXT} for n in range(1, 6)):
            found = [Suggestion(at, at + len(words), label, 0.8, "made-up 1.0") for words, at, label in GUESSED]
            made.keep_reading(article_id, "blank:en", Reading([], found))
        yield made


def taken(session: Session) -> list[tuple[int, int, int]]:
    """Article, entities and corrections, in the order in which they were finished."""
    assert session.curves.read()
    return [(work.article_id, work.entities, work.corrections) for work in session.curves.works]


def test_nothing_is_finished_at_first(session: Session) -> None:
    session.relabel(1, (0, 13), "ORG")
    assert taken(session) == []
    assert session.curves.blocks == ()
    assert session.curves.agreement() == {}


def test_an_article_that_needed_only_the_one_key(session: Session) -> None:
    session.finish(1)
    assert taken(session) == [(1, 4, 0)]
    [block] = session.curves.blocks
    assert (block.one_key_share, block.actions_an_entity, block.corrections_an_entity) == (1.0, 0.25, 0.0)


def test_actions_are_counted_as_they_reach(session: Session) -> None:
    session.relabel(1, (0, 13), "ORG", everywhere=True)  # 1, with a copy that was not suggested
    session.reject(1, (35, 40))  # 1
    session.resize(1, (64, 68), 64, 71)
    session.resize(1, (64, 71), 64, 77)  # 2 with the one before
    session.finish(1)
    assert taken(session) == [(1, 4, 4)]
    assert session.curves.works[0].actions == 5


def test_new_spans_count_two_and_confirming_nothing(session: Session) -> None:
    session.confirm(1, (35, 40))
    session.add(1, 42, 55, "ORG")
    session.finish(1)
    assert taken(session) == [(1, 5, 2)]


def test_what_was_taken_back_costs_nothing(session: Session) -> None:
    session.relabel(1, (35, 40), "ORG")
    session.undo()
    session.finish(1)
    assert taken(session) == [(1, 4, 0)]
    session.undo()
    assert taken(session) == []
    session.redo()
    assert taken(session) == [(1, 4, 0)]


def test_articles_stand_in_the_order_in_which_they_were_finished(session: Session) -> None:
    for article_id in (3, 1, 2):
        session.finish(article_id)
    session.reopen(3)
    assert [work[0] for work in taken(session)] == [1, 2]
    session.add(3, 42, 55, "ORG")
    session.finish(3)
    assert taken(session) == [(1, 4, 0), (2, 4, 0), (3, 5, 2)]


def test_decide_is_counted_like_the_single_verbs(session: Session) -> None:
    spans = [(0, 13, "ORG"), (18, 31, "ORG"), (42, 55, "ORG"), (64, 77, "ORG")]
    session.decide(1, spans)  # as above: relabel 1, reject 1, two words 2
    assert taken(session) == [(1, 4, 4)]


def test_what_was_decided_from_another_article_is_free_there(session: Session) -> None:
    outcome = session.relabel(1, (0, 13), "ORG", everywhere=True)
    session.elsewhere.apply(session.elsewhere.of(outcome), outcome)
    session.finish(1)
    session.finish(2)
    assert taken(session) == [(1, 5, 1), (2, 5, 0)]
    assert session.curves.agreement()["ORG"] == Agreement(right=2, suggested=2, decided=8)


def test_articles_that_came_as_done_do_not_count(session: Session) -> None:
    record = {"id": "done", "text": "China won.", "state": "done", "schema": "annotator/1", "offsets": "codepoint"}
    session.add_articles([record])
    session.finish(1)
    assert [work[0] for work in taken(session)] == [1]


def test_agreement_of_suggestions_with_decisions(session: Session) -> None:
    session.relabel(1, (0, 13), "ORG", everywhere=True)
    session.finish(1)
    session.finish(2)
    taken(session)
    assert session.curves.agreement() == {
        "ORG": Agreement(right=2, suggested=2, decided=5),
        "LOC": Agreement(right=4, suggested=6, decided=4),
    }
    assert session.curves.agreement(newest=1) == {"ORG": Agreement(1, 1, 1), "LOC": Agreement(3, 3, 3)}
    assert session.curves.blocks[0].agreement == Agreement(right=6, suggested=8, decided=9)


def test_time_is_from_step_to_step_and_a_long_pause_is_none(session: Session, clock: Clock) -> None:
    session.confirm(1, (35, 40))  # nobody knows when this began
    clock.wait(20)
    session.finish(1)
    clock.wait(3600)
    session.relabel(2, (35, 40), "ORG")
    clock.wait(5)
    session.finish(2)
    clock.wait(-500)
    session.finish(3)
    taken(session)
    assert [work.seconds for work in session.curves.works] == [20, LONGEST_GAP + 5, 0]
    assert session.curves.blocks[0].seconds_an_article == pytest.approx(85 / 3)


def test_reading_a_little_at_a_time_comes_to_the_same(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.session.curves._STEPS_AT_A_TIME", 2)
    monkeypatch.setattr("annotator.session.curves._ARTICLES_AT_A_TIME", 1)
    for article_id in range(1, 6):
        session.relabel(article_id, (0, 13), "ORG")
        session.finish(article_id)
    session.curves.read()
    bit_by_bit = Curves(session._opened)
    turns = 1
    while not bit_by_bit.read(0.0):
        turns += 1
    assert turns >= 5
    assert bit_by_bit.works == session.curves.works
    assert len(bit_by_bit.works) == 5


def test_a_reader_and_the_next_start_count_the_same(session: Session) -> None:
    session.relabel(1, (0, 13), "ORG")
    session.finish(1)
    expected = taken(session)
    with Session.open(session.project.path, read_only=True) as reader:
        assert taken(reader) == expected


def test_blocks_grow(session: Session) -> None:
    ids = session.add_articles({"id": f"b{n}", "text": f"Number {n} is Berlin."} for n in range(60))
    for article_id in ids:
        session.finish(article_id)
    taken(session)
    assert [(block.first, block.last, len(block.works)) for block in session.curves.blocks] == [
        (1, 10, 10),
        (11, 25, 15),
        (26, 50, 25),
        (51, 100, 10),
    ]
    assert session.curves.blocks[0].actions_an_entity is None


def test_a_renamed_label_takes_its_agreement_along(session: Session) -> None:
    session.finish(1)
    labels = [replace(each, name="FIRM") if each.name == "ORG" else each for each in session.labels]
    session.set_labels(labels)
    taken(session)
    assert session.curves.agreement() == {"FIRM": Agreement(1, 1, 1), "LOC": Agreement(3, 3, 3)}


def test_moving_means() -> None:
    assert moving([1, 1, 2, 0], [4, 0, 2, 0], 2) == [4.0, 2.0, pytest.approx(2 / 3), 1.0]
    assert moving([1, 1, 2, 0], [4, 0, 2, 0], 2, every=2) == [2.0, 1.0]
    assert moving([0], [0], 10) == [0.0]
    assert moving([], [], 10) == []
