"""A span: a stretch of one article with one label."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import NamedTuple

UNMARKED = ", unmarked"  # behind the name of a source that left a place unmarked, as it may be an entity all the same


class SpanState(StrEnum):
    """What a person said of a span."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What a person did to a span."""

    CONFIRM = "confirm"
    REJECT = "reject"
    RELABEL = "relabel"
    RESIZE = "resize"
    ADD = "add"


class Was(NamedTuple):
    """What a span replaced: the suggestion as it was before the person changed it."""

    start: int
    end: int
    label: str


class Suggestion(NamedTuple):
    """A span proposed by a source; start and end in code points, confidence 0 to 1 or None."""

    start: int
    end: int
    label: str
    confidence: float | None
    source: str


@dataclass(frozen=True, slots=True, init=False)
class Span:
    """One span of an article, suggested or decided.

    :param start: first code point.
    :param end: one past the last code point.
    :param label: the label's present name.
    :param source: what proposed it, as "en_core_web_sm 3.8.0", or "person".
    :param confidence: the source's, 0 to 1; None where it gave none.
    :param decision: None while it is only suggested.
    :param annotator: who decided.
    :param at: when, ISO 8601 in UTC.
    :param was: what the person changed it from.
    :param id: the project's row, None while it is only suggested.
    :param uid: recognises the decided span on every workstation.
    """

    start: int
    end: int
    label: str
    state: SpanState = SpanState.SUGGESTED
    source: str = "person"
    confidence: float | None = None
    decision: Decision | None = None
    annotator: str | None = None
    at: str | None = None
    was: Was | None = None
    id: int | None = None
    uid: str | None = None

    def __init__(
        self,
        start: int,
        end: int,
        label: str,
        state: SpanState = SpanState.SUGGESTED,
        source: str = "person",
        confidence: float | None = None,
        decision: Decision | None = None,
        annotator: str | None = None,
        at: str | None = None,
        was: Was | None = None,
        id: int | None = None,
        uid: str | None = None,
    ) -> None:
        # Hundreds of thousands are made at a time, in half the time that the usual way of frozen classes takes.
        _start(self, start)
        _end(self, end)
        _label(self, label)
        _state(self, state)
        _source(self, source)
        _confidence(self, confidence)
        _decision(self, decision)
        _annotator(self, annotator)
        _at(self, at)
        _was(self, was)
        _id(self, id)
        _uid(self, uid)

    @property
    def range(self) -> tuple[int, int]:
        """(start, end)."""
        return self.start, self.end

    @property
    def was_unmarked(self) -> bool:
        """Did its source suggest nothing there, and only say that there may be an entity?"""
        return self.source.endswith(UNMARKED)

    @property
    def is_ghost(self) -> bool:
        """Is it such a place, and nobody decided?"""
        return self.state is SpanState.SUGGESTED and self.was_unmarked

    def overlaps(self, start: int, end: int) -> bool:
        """Does any code point of [start, end) belong to this span?"""
        return self.start < end and start < self.end


_start, _end, _label, _state, _source, _confidence, _decision, _annotator, _at, _was, _id, _uid = (
    getattr(Span, each.name).__set__ for each in fields(Span)
)


def reading_order(span: Span) -> tuple[int, int, str]:
    """Sort key: by start, the longer first, then by label."""
    return span.start, -span.end, span.label


def shown_spans(decided: Iterable[Span], suggested: Iterable[Span]) -> tuple[Span, ...]:
    """The one list that the window shows: a person's decision beats every suggestion.

    A suggestion is left out where it touches a confirmed span, or where a person rejected, or
    moved away, what was proposed for exactly its range, whatever its label; of suggestions that
    touch each other the earlier in `suggested` stays.
    """
    kept = sorted(decided, key=reading_order)
    taken = _Ranges([s.range for s in kept if s.state is SpanState.CONFIRMED])
    settled = {s.range for s in kept if s.state is SpanState.REJECTED}
    settled |= {(s.was.start, s.was.end) for s in kept if s.was}
    for span in suggested:
        if span.range not in settled and not taken.touch(*span.range):
            taken.add(*span.range)
            kept.append(span)
    return tuple(sorted(kept, key=reading_order))


class _Ranges:
    """Which code points are taken; a set of them is fast enough for spans of a few words."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._points: set[int] = set()
        for start, end in ranges:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        self._points.update(range(start, end))

    def touch(self, start: int, end: int) -> bool:
        return not self._points.isdisjoint(range(start, end))
