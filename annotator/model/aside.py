"""Asides: passages of an article that are not to be labelled, as comment prompts and boxes about the author."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Range = tuple[int, int]


class AsideState(StrEnum):
    """Who says so: nobody yet, a person, or a person said the contrary."""

    SUGGESTED = "suggested"
    MARKED = "marked"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Aside:
    """One passage of an article.

    :param start: first code point.
    :param end: one past the last code point.
    :param annotator: who marked or cleared it; None while it is only suggested.
    :param at: when, ISO 8601 in UTC.
    :param id: the project's row.
    :param uid: recognises it on every workstation.
    """

    start: int
    end: int
    state: AsideState = AsideState.SUGGESTED
    annotator: str | None = None
    at: str | None = None
    id: int | None = None
    uid: str | None = None

    @property
    def range(self) -> Range:
        """(start, end)."""
        return self.start, self.end

    @property
    def counts(self) -> bool:
        """Is it left out now? One that is only suggested is, too."""
        return self.state is not AsideState.CLEARED


def counting(asides: Iterable[Aside]) -> tuple[Range, ...]:
    """The code points that are left out now: sorted ranges of which no two touch."""
    merged: list[Range] = []
    for start, end in sorted(aside.range for aside in asides if aside.counts):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def covers(ranges: Sequence[Range], start: int, end: int) -> bool:
    """Is any code point of [start, end) in one of these ranges?

    :param ranges: as `counting` gives them.
    """
    behind = bisect_left(ranges, (end,))
    return behind > 0 and ranges[behind - 1][1] > start


def outside(text: str, ranges: Sequence[Range]) -> str:
    """The text without these ranges."""
    edges = [0, *(edge for each in ranges for edge in each), len(text)]
    return "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def paragraphs_at(text: str, start: int, end: int) -> list[Range]:
    """The paragraphs that have a code point in [start, end), without outer white space; empty ones are none."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        first = at + len(line) - len(line.lstrip())
        if words and first < end and start < first + len(words):
            found.append((first, first + len(words)))
        at += len(line)
    return found
