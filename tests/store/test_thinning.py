"""Which backups stay, for any history of making them."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from annotator.store.thinning import FEWEST, FRESH, spare

NOW = datetime(2026, 11, 26, 17, tzinfo=UTC)
ROOM = 10**12


class Made(NamedTuple):
    number: int
    at: datetime
    size: int = 1
    is_lasting: bool = False


def made_every(step: timedelta, count: int) -> list[Made]:
    """The newest, now, has the highest number."""
    return [Made(count - n, NOW - n * step) for n in range(count)]


def kept(backups: list[Made], room: int = ROOM) -> list[Made]:
    gone = spare(backups, NOW, room)
    return [each for each in backups if each not in gone]


def test_all_of_the_last_two_days_stay() -> None:
    half_hours = made_every(timedelta(minutes=30), 95)
    assert kept(half_hours) == half_hours


def test_then_one_a_day_one_a_week_and_one_a_month_stay() -> None:
    hours = made_every(timedelta(hours=6), 4 * 800)
    older = [each.at for each in kept(hours) if each.at <= NOW - FRESH]
    assert len(older) == 12 + 10 + 9
    days, weeks, months = older[:12], older[12:22], older[22:]
    assert len({at.date() for at in days}) == 12
    assert len({at.isocalendar()[:2] for at in weeks}) == 10
    assert len({(at.year, at.month) for at in months}) == 9
    assert older == sorted(older, reverse=True)


def test_what_stays_is_the_same_when_it_is_thinned_every_day_or_only_in_the_end() -> None:
    """A backup that will be the month's is not thrown away while it is only one of many."""
    stays: list[Made] = []
    for day in range(500):
        at = NOW - timedelta(days=499 - day)
        stays.append(Made(day + 1, at))
        gone = spare(stays, at, ROOM)
        stays = [each for each in stays if each not in gone]
    older = [each for each in stays if each.at <= NOW - FRESH]
    assert len(older) == 12 + 10 + 9
    assert NOW - older[0].at > timedelta(days=300)


def test_one_made_before_a_migration_stays_longest() -> None:
    old = Made(1, NOW - timedelta(days=3000), is_lasting=True)
    backups = [old, *(each._replace(number=each.number + 1) for each in made_every(timedelta(days=1), 900))]
    assert old in kept(backups)
    assert old in kept(backups, room=10)
    assert old not in kept(backups, room=2)


def test_the_oldest_go_where_there_is_no_room() -> None:
    days = made_every(timedelta(hours=4), 10)
    assert kept(days, room=5) == days[:5]
    assert kept(days, room=0) == days[:FEWEST]


histories = st.lists(
    st.tuples(st.integers(-2_000, 2_000), st.integers(0, 100), st.booleans()), min_size=1, max_size=60
).map(lambda rows: [Made(n, NOW + timedelta(hours=7 * at), *rest) for n, (at, *rest) in enumerate(rows, 1)])


@given(histories, st.integers(0, 3_000))
def test_whatever_the_clock_did_the_newest_stay(backups: list[Made], room: int) -> None:
    gone = spare(backups, NOW, room)
    stays = [each for each in backups if each not in gone]
    assert {each.number for each in backups[-FEWEST:]} <= {each.number for each in stays}
    assert len(stays) + len(gone) == len(backups)
    assert sum(each.size for each in stays) <= max(room, sum(each.size for each in backups[-FEWEST:]))


@given(histories)
def test_with_room_nothing_fresh_and_nothing_lasting_goes(backups: list[Made]) -> None:
    gone = spare(backups, NOW, ROOM)
    assert all(each.at <= NOW - FRESH and not each.is_lasting for each in gone)
    assert spare([each for each in backups if each not in gone], NOW, ROOM) == []
