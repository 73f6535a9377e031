"""Which backups are kept: all of the last days, then one a day, one a week, one a month, as far as there is room.

The order of backups is that of their numbers, never that of their times: clocks go wrong.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

FEWEST = 3  # the newest, whatever else holds
FRESH = timedelta(days=2)
Period = tuple[int, ...]
PERIODS: tuple[tuple[Callable[[datetime], Period], int], ...] = (
    (lambda at: (at.year, at.month, at.day), 12),
    (lambda at: tuple(at.isocalendar()[:2]), 10),
    (lambda at: (at.year, at.month), 9),
)


class Thinned(Protocol):
    """What is to be known of a backup: its number, when it was made, its bytes, and whether it is kept longest."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def size(self) -> int: ...
    @property
    def is_lasting(self) -> bool: ...


T = TypeVar("T", bound=Thinned)


def spare(backups: Sequence[T], now: datetime, room: int) -> list[T]:
    """Those that may go, the oldest first.

    :param room: bytes for all that stay; the newest three stay even where they need more.
    """
    newest_first = sorted(backups, key=lambda each: -each.number)
    last = newest_first[:FEWEST]
    older = [each for each in newest_first if each.at <= now - FRESH]
    kept = [each for each in newest_first if each.at > now - FRESH or each.is_lasting]
    kept += [each for each in (*last, *_of_periods(older)) if each not in kept]
    going = [each for each in newest_first if each not in kept]
    needed = sum(each.size for each in kept)
    for each in sorted(kept, key=lambda each: (each.is_lasting, each.number)):
        if needed > room and each not in last:
            going.append(each)
            needed -= each.size
    return sorted(going, key=lambda each: each.number)


def _of_periods(newest_first: Sequence[T]) -> list[T]:
    """The newest of each of the last 12 days that have one, of the 10 weeks before, of the 9 months before these."""
    kept, left = list[T](), list(newest_first)
    for period_of, most in PERIODS:
        seen = set[Period]()
        while left and (len(seen) < most or period_of(left[0].at) in seen):
            each = left.pop(0)
            if period_of(each.at) not in seen:
                seen.add(period_of(each.at))
                kept.append(each)
    return kept
