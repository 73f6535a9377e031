"""The order of work: who comes next, why, and what of it lasts."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from annotator.errors import KnownError
from annotator.model.article import UNDECIDED
from annotator.model.order import ORDERS
from annotator.model.span import Suggestion
from annotator.session import Changed, Session, ordering
from annotator.store.articles import ArticleFilter
from annotator.suggest import Reading

NAMES = [order.name for order in ORDERS]
WORDS = [f"word{number}" for number in range(300)]


def record(number: int) -> dict[str, object]:
    """The higher the number, the older the article."""
    text = " ".join(Random(number).choices(WORDS, k=60))
    return {
        "id": f"a{number}",
        "text": text,
        "meta": {"published": f"2020-{12 - number // 28:02}-{28 - number % 28:02}"},
    }


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A project of a hundred articles; the ids are those of the records, counted from 1."""
    with Session.open(tmp_path / "a.annot", create=True, labels="conll", model="blank:en", annotator="ana") as opened:
        opened.add_articles(record(number) for number in range(100))
        yield opened


def listed(session: Session) -> list[int]:
    """The list of articles as it is shown, in small pages."""
    rows = session.rows(ArticleFilter(), limit=7)
    while page := session.rows(ArticleFilter(), after=rows[-1].id, limit=7):
        rows += page
    return [row.id for row in rows]


def walked(session: Session) -> list[int]:
    """From neighbour to neighbour."""
    ids, at = [], session.neighbour(0, 1)
    while at is not None:
        ids.append(at)
        at = session.neighbour(at, 1)
    return ids


def picked(session: Session, reason: str = "random") -> set[int]:
    return {row.id for row in session.rows(ArticleFilter(), limit=1000) if row.picked == reason}


def test_a_new_project_has_the_given_order_with_a_fifth_marked(session: Session) -> None:
    assert (session.order.name, session.order.share) == ("given", 20)
    assert session.article_ids() == listed(session) == walked(session) == list(range(1, 101))
    assert 3 <= len(picked(session)) <= 45
    assert session.order.reasons() == {"given": 100 - len(picked(session)), "random": len(picked(session))}


@pytest.mark.parametrize("name", NAMES)
def test_all_ways_through_the_articles_agree(session: Session, name: str) -> None:
    session.order.choose(name)
    ids = session.article_ids()
    assert sorted(ids) == list(range(1, 101))
    assert listed(session) == walked(session) == ids
    assert [session.neighbour(at, -1) for at in ids] == [None, *ids[:-1]]
    assert session.neighbour(ids[-1], 1) is None
    assert session.first_to_do() == ids[0]
    assert [each for each, _ in session.unread(100, after=ids[60])] == ids[60:] + ids[:60]
    assert [each for each, _ in session.unread(5, after=ids[98])] == [ids[98], ids[99], *ids[:3]]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_order_again_is_the_same(session: Session, name: str) -> None:
    session.order.choose(name)
    before = session.article_ids()
    for other in NAMES:
        session.order.choose(other, 50)
    session.order.choose(name, 20)
    assert session.article_ids() == before


def test_given_without_a_share_is_as_if_nothing_had_been(session: Session) -> None:
    session.order.choose("topics")
    session.order.choose("given", 0)
    assert session.article_ids() == list(range(1, 101))
    assert session.order.reasons() == {"given": 100}


def test_the_same_are_picked_at_random_under_every_order(session: Session) -> None:
    fifth = picked(session)
    session.order.choose("topics")
    assert picked(session) == fifth
    session.order.choose("date", 40)
    assert picked(session) > fifth
    session.order.choose("date", 100)
    assert len(picked(session)) == 100


def test_another_project_picks_others(session: Session, tmp_path: Path) -> None:
    with Session.open(tmp_path / "b.annot", create=True, labels="conll", model="blank:en") as other:
        other.add_articles(record(number) for number in range(100))
        assert picked(other) != picked(session)


@pytest.mark.parametrize("name", ["date", "topics", "teaches"])
def test_those_picked_at_random_are_evenly_spread(session: Session, name: str) -> None:
    session.order.choose(name)
    ids, random = session.article_ids(), picked(session)
    for done in range(0, 100, 10):
        assert abs(len(random.intersection(ids[:done])) - done * len(random) / 100) <= 1


def test_by_date_the_oldest_comes_first_and_what_has_no_date_last(session: Session) -> None:
    session.add_articles([{"id": "x", "text": "No date."}, {"id": "y", "text": "Odd.", "meta": {"published": "May"}}])
    session.order.choose("date", 0)
    assert session.article_ids() == [*range(100, 0, -1), 101, 102]
    assert session.order.reasons() == {"date": 102}


def test_what_is_in_doubt_comes_first_and_what_nothing_read_behind(session: Session) -> None:
    for article_id, sure in ((30, 0.9), (40, 0.1), (50, 0.5)):
        found = [Suggestion(0, 4, "ORG", sure, "made-up 1.0"), Suggestion(6, 9, "ORG", None, "made-up 1.0")]
        session.keep_reading(article_id, "blank:en", Reading([(0, 4)], found))
    session.order.choose("teaches", 0)
    assert session.article_ids()[:3] == [40, 50, 30]
    assert picked(session, "teaches") == {30, 40, 50}
    assert session.order.reasons() == {"teaches": 3, "topics": 97}


def test_decided_articles_keep_their_place_and_their_reason(session: Session) -> None:
    session.order.choose("topics")
    ids = session.article_ids()
    done = [ids[0], ids[1], ids[5], ids[40]]
    for article_id in done[:3]:
        session.finish(article_id)
    session.skip(done[3])
    before = {row.id: (row.rank, row.picked) for row in session.rows(ArticleFilter(), limit=1000) if row.id in done}
    session.order.choose("date")
    after = {row.id: (row.rank, row.picked) for row in session.rows(ArticleFilter(), limit=1000) if row.id in done}
    assert after == before
    assert session.article_ids()[:4] == done
    assert session.first_to_do() not in done


def test_what_is_decided_under_the_given_order_does_not_move(session: Session) -> None:
    session.finish(7)
    session.order.choose("given", 30)
    assert session.article_ids() == list(range(1, 101))


@pytest.mark.parametrize("name", NAMES)
def test_new_articles_come_behind_in_the_chosen_order(session: Session, name: str) -> None:
    session.order.choose(name)
    before = session.article_ids()
    new = session.add_articles(record(number) for number in range(100, 160))
    ids = session.article_ids()
    assert ids[:100] == before
    assert sorted(ids[100:]) == new
    assert (ids[100:] == new) is (name == "given")
    assert 1 <= len(picked(session).intersection(new)) <= 35
    if name == "date":
        dated = [each for each in ids[100:] if each not in picked(session)]
        assert dated == sorted(dated, reverse=True)


def test_decided_articles_that_come_in_are_not_marked(session: Session) -> None:
    session.order.choose("topics", 100)
    ids = session.add_articles({**record(n), "state": "done", "schema": "annotator/1"} for n in range(100, 110))
    assert {session.row(each).picked for each in ids} == {"given"}  # type: ignore[union-attr]
    assert session.article_ids()[-10:] == ids


def test_choosing_is_no_step_and_loses_none(session: Session) -> None:
    session.add(5, 0, 4, "ORG")
    session.order.choose("topics")
    undone = session.undo()
    assert undone is not None
    assert undone.of == "add"
    session.redo()
    assert session.article(5).confirmed[0].label == "ORG"
    assert session.check() == []


def test_a_reopened_article_stays_where_it_is_until_the_next_choice(session: Session) -> None:
    session.order.choose("topics")
    first = session.article_ids()[0]
    session.finish(first)
    session.undo()
    assert session.first_to_do() == first
    assert session.neighbour(0, 1, UNDECIDED) == first


def test_exports_keep_the_order_of_import(session: Session, tmp_path: Path) -> None:
    session.export(tmp_path / "before.jsonl", state="all")
    session.order.choose("topics", 30)
    session.export(tmp_path / "after.jsonl", state="all")
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()


def test_an_export_can_hold_those_picked_at_random_alone(session: Session, tmp_path: Path) -> None:
    report = session.export(tmp_path / "out.jsonl", state="all", picked="random")
    assert report.files["out.jsonl"].articles == len(picked(session))
    random = (tmp_path / "out.jsonl").read_bytes().splitlines()
    session.export(tmp_path / "rest.jsonl", state="all", picked="rest")
    rest = (tmp_path / "rest.jsonl").read_bytes().splitlines()
    session.export(tmp_path / "all.jsonl", state="all")
    assert sorted(random + rest) == sorted((tmp_path / "all.jsonl").read_bytes().splitlines())
    assert random
    assert rest
    with pytest.raises(KnownError, match="no choice of articles"):
        session.export(tmp_path / "none.jsonl", picked="some")
    assert not (tmp_path / "none.jsonl").exists()


def test_a_test_part_of_articles_that_were_picked_is_noted(session: Session, tmp_path: Path) -> None:
    def notes(**choice: str) -> tuple[str, ...]:
        return session.export(tmp_path / "out.jsonl", state="all", **choice).notes  # type: ignore[arg-type]

    session.order.choose("topics", 0)
    (note,) = notes(split="80/10/10")
    assert "not picked at random" in note
    assert notes() == notes(split="100/0/0") == ()
    session.order.choose("topics", 100)
    assert notes(split="50/25/25", picked="random") == ()


def test_listeners_are_told_once(session: Session) -> None:
    told: list[Changed] = []
    session.subscribe(told.append)
    session.order.choose("date")
    assert told == [Changed(listing=True)]


def test_progress_is_told_and_can_stop_it(session: Session) -> None:
    seen: list[tuple[int, int]] = []

    def cancelled(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 10:
            raise KnownError("Cancelled.")

    with pytest.raises(KnownError, match="Cancelled"):
        session.order.choose("topics", 0, cancelled)
    assert seen == [(done, 100) for done in range(1, 11)]
    assert (session.order.name, session.order.share) == ("given", 20)
    assert session.article_ids() == list(range(1, 101))


@pytest.mark.parametrize(("name", "share", "says"), [("best", 20, "no order best"), ("topics", 101, "101 %")])
def test_what_there_is_not_changes_nothing(session: Session, name: str, share: int, says: str) -> None:
    with pytest.raises(KnownError, match=says):
        session.order.choose(name, share)
    assert (session.order.name, session.order.share) == ("given", 20)


def test_a_reader_sees_it_and_cannot_choose(session: Session) -> None:
    session.order.choose("topics", 30)
    with Session.open(session.project.path, read_only=True) as reader:
        assert (reader.order.name, reader.order.share) == ("topics", 30)
        assert reader.article_ids() == session.article_ids()
        with pytest.raises(KnownError, match="reading only"):
            reader.order.choose("given")


def test_an_empty_project_can_be_put_in_order(tmp_path: Path) -> None:
    with Session.open(tmp_path / "e.annot", create=True, labels="conll", model="blank:en") as empty:
        for name in NAMES:
            empty.order.choose(name)
        assert empty.order.reasons() == {}
        assert empty.add_articles([record(1)]) == [1]


def test_every_order_can_be_chosen_and_is_allowed_as_a_reason() -> None:
    assert list(ordering._ARRANGE) == NAMES


def test_going_back_to_the_given_order_after_some_work(session: Session) -> None:
    session.order.choose("topics")
    done = session.article_ids()[:3]
    for article_id in done:
        session.finish(article_id)
    session.order.choose("given", 0)
    rest = [number for number in range(1, 101) if number not in done]
    (new,) = session.add_articles([record(100)])
    assert session.article_ids() == listed(session) == [*done, *rest, new]
