"""Ranges that may cross, as elements that only nest: a range that reaches out of another is cut at its edge."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple


class Piece(NamedTuple):
    """A part of a range that lies within all pieces that are open where it begins.

    :param of: the number of the range.
    :param is_first: does it begin where the range begins?
    :param is_last: does it end where the range ends?
    """

    start: int
    end: int
    of: int
    is_first: bool
    is_last: bool


def nested(ranges: Sequence[tuple[int, int]]) -> list[Piece]:
    """The pieces of all ranges in reading order, the outer before the inner; empty ranges have none.

    :param ranges: (start, end), end exclusive; of two with the same range the earlier is the outer.
    """
    rest = [(start, -end, index) for index, (start, end) in enumerate(ranges) if start < end]
    heapify(rest)
    ends: list[int] = []
    pieces = []
    while rest:
        start, minus_end, index = heappop(rest)
        end = -minus_end
        while ends and ends[-1] <= start:
            ends.pop()
        if ends and end > ends[-1]:
            heappush(rest, (ends[-1], -end, index))
            end = ends[-1]
        ends.append(end)
        pieces.append(Piece(start, end, index, start == ranges[index][0], end == ranges[index][1]))
    return pieces
