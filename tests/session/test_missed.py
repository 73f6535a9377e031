"""What visiting only the less sure suggestions would have missed, counted from decisions."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.session import Session
from annotator.session.missed import LEAST_ARTICLES, Estimate, Missed, share
from tests.offered import add_articles, offer, place

SURE = ["Alibaba Group", "China", "BNN", "Hangzhou"]  # at 0.9 and more


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Twelve articles, each with four sure suggestions, two less sure ones and three ghosts."""
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as made:
        add_articles(made, 12)
        yield made


def estimate(session: Session, below: int = 90, ghosts: bool = False) -> Estimate:
    assert session.missed.read()
    found = session.missed.estimate(below, ghosts)
    fresh = Missed(session._opened)
    assert fresh.read()
    assert fresh.estimate(below, ghosts) == found, "what is kept and what is counted anew differ"
    return found


def test_nothing_is_known_at_first(session: Session) -> None:
    found = estimate(session)
    assert (found.articles, found.suggestions, found.is_enough) == (0, 0, False)
    assert found.wrong_share is None
    assert found.added_share is None


def test_wrong_ones_count_by_how_sure_they_were(session: Session) -> None:
    session.relabel(1, place("Alibaba Group"), "MISC")  # 0.97
    session.reject(1, place("Jeff Zhang"))  # 0.4
    session.resize(1, place("Hangzhou"), place("Hangzhou")[0] - 3, place("Hangzhou")[1])  # 0.93
    session.finish(1)
    counts = {
        below: (found.unvisited, found.wrong)
        for below in (40, 41, 62, 63, 90, 94, 98, 99)
        for found in [estimate(session, below)]
    }
    assert counts == {40: (6, 3), 41: (5, 2), 62: (5, 2), 63: (4, 2), 90: (4, 2), 94: (3, 1), 98: (1, 0), 99: (1, 0)}
    assert estimate(session).suggestions == 6
    assert estimate(session).entities == 5


def test_only_articles_count_in_which_everything_was_looked_at(session: Session) -> None:
    session.finish(1)
    session.finish(2, looked_at_all=False)
    session.decide(3, [(*place("China"), "LOC")])
    session.confirm(4, place("China"))
    session.skip(5)
    assert estimate(session).articles == 2
    assert session.next_step("undo") == "skip"


def test_the_last_finishing_that_stands_says_what_was_looked_at(session: Session) -> None:
    session.finish(1, looked_at_all=False)
    session.reopen(1)
    assert estimate(session).articles == 0
    session.reject(1, place("China"))
    session.finish(1)
    assert (estimate(session).articles, estimate(session).wrong) == (1, 1)
    session.undo()
    assert estimate(session).articles == 0
    session.undo()
    session.undo()
    assert session.row(1).state == "done"  # type: ignore[union-attr]
    assert session.next_step("undo") == "finish_sure"
    assert estimate(session).articles == 0


def test_undo_and_redo_of_a_finish_are_followed(session: Session) -> None:
    session.finish(1)
    before = estimate(session)
    session.undo()
    assert estimate(session).articles == 0
    session.redo()
    assert estimate(session) == before


def test_corrections_in_a_finished_article_count(session: Session) -> None:
    session.finish(1)
    assert estimate(session).wrong == 0
    session.relabel(1, place("China"), "ORG")
    assert estimate(session).wrong == 1


def test_articles_imported_as_done_do_not_count(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"text": "China is far.", "spans": [{"start": 0, "end": 5, "label": "LOC"}]}\n')
    session.import_files(file, decided=True)
    assert estimate(session).articles == 0


def test_suggestions_without_a_confidence_are_always_visited(session: Session) -> None:
    offer(session, 1, [("China", 0, "LOC", None, "made up")], [])  # type: ignore[list-item]
    session.reject(1, place("China"))
    session.finish(1)
    found = estimate(session, 50)
    assert (found.suggestions, found.unvisited, found.wrong) == (1, 0, 0)


def test_added_entities_are_missed_unless_a_ghost_offers_them(session: Session) -> None:
    session.ghosts.accept(1, session.ghosts.of(1)[0])  # May
    session.add(1, *place("City Council"), "ORG")  # where a ghost stood, without seeing it
    session.add(1, *place("hubs"), "MISC")
    session.ghosts.dismiss(1, session.ghosts.of(1)[0])
    session.finish(1)
    without, with_ghosts = estimate(session), estimate(session, ghosts=True)
    assert (without.added, without.offered, without.ghost_looks) == (3, 2, 0)
    assert (with_ghosts.added, with_ghosts.offered, with_ghosts.ghost_looks) == (1, 2, 3)
    assert without.suggestions == 6, "ghosts are no suggestions"
    assert with_ghosts.saved == without.saved - 3
    assert without.entities == 9


def test_too_few_data_give_no_share(session: Session) -> None:
    for article_id in range(1, LEAST_ARTICLES):
        session.finish(article_id)
    assert not estimate(session).is_enough
    session.reject(10, place("China"))
    session.finish(10)
    found = estimate(session)
    assert found.is_enough
    assert found.wrong_share == share(1, 40)
    assert found.added_share == share(0, 59)
    assert estimate(session, 99).wrong_share is None, "ten suggestions are too few"


def test_it_is_read_a_little_at_a_time(session: Session) -> None:
    for article_id in session.article_ids():
        session.finish(article_id)
    session.missed.read(0.0)
    while not session.missed.read(0.0):
        pass
    assert session.missed.estimate(90).articles == 12


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (15, 30, 0.3315, 0.6685), (10, 10, 0.7225, 1.0)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert math.isclose(found.low, low, abs_tol=5e-5)
    assert math.isclose(found.high, high, abs_tol=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_holds_the_share(of: tuple[int, int]) -> None:
    found = share(*of)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
