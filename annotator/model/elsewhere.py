"""A correction as it can be made in other articles. Pure: an article goes in, places and edits come out."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from annotator.model import deciding
from annotator.model.article import AnnotatedArticle
from annotator.model.deciding import Edit
from annotator.model.span import Span, SpanState
from annotator.model.tokens import occurrences

_SURE = 0.9  # a source that is so sure of another label may be right in that article


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person changed, as a change of words wherever they stand.

    :param surface: the words to look for, whole and in the same casing.
    :param label: what they are now; None for no entity.
    :param instead_of: what they were taken for; None where nothing stood there.
    :param before: the (start, end) inside `surface` that was proposed; None for all of it.
    :param after: the (start, end) inside `surface` that is right; None for all of it.
    """

    surface: str
    label: str | None
    instead_of: str | None = None
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None

    @property
    def moves(self) -> bool:
        """Did an edge move?"""
        return self.before != self.after

    @property
    def words(self) -> str:
        """The words that are right now."""
        return self.surface[slice(*(self.after or (None, None)))]


class Spot(NamedTuple):
    """A place where the correction would change something.

    :param start: with end, the range that the correction is about, in code points.
    :param shown: the span that stands there now, suggested or confirmed; None for none.
    :param doubtful: something speaks for what stands there now.
    """

    start: int
    end: int
    shown: Span | None
    doubtful: bool


def spots(on: AnnotatedArticle, correction: Correction) -> list[Spot]:
    """Where the correction would change an article, in reading order, not overlapping.

    Left out is what a person decided (but for a confirmed span with the same mistake, which is
    doubtful), what lies inside a longer span or crosses one, what stands there already, and asides.
    """
    found: list[Spot] = []
    for at in _starts(on, correction):
        spot = _spot(on, correction, at)
        if spot is not None and not (found and spot.start < found[-1].end):
            found.append(spot)
    return found


def edits(on: AnnotatedArticle, correction: Correction, chosen: Container[tuple[int, int]]) -> list[Edit]:
    """The correction made at those of its spots whose range is chosen."""
    made: list[Edit] = []
    for spot in spots(on, correction):
        if (spot.start, spot.end) in chosen:
            made += _made(on, correction, spot)
    return made


def _starts(on: AnnotatedArticle, correction: Correction) -> list[int]:
    starts = {start for start, _ in occurrences(on.text, correction.surface)}
    starts |= {span.start for span in on.spans if on.surface(span) == correction.surface}
    length = len(correction.surface)
    return sorted(start for start in starts if not on.is_aside(start, start + length))


def _shifted(part: tuple[int, int] | None, at: int, length: int) -> tuple[int, int]:
    start, end = part or (0, length)
    return at + start, at + end


def _spot(on: AnnotatedArticle, correction: Correction, at: int) -> Spot | None:
    length = len(correction.surface)
    before, after = (_shifted(part, at, length) for part in (correction.before, correction.after))
    touching = [span for span in on.spans if span.overlaps(at, at + length)]
    same = next(_same_mistake(touching, correction, before), None)
    if same is not None and (correction.label is None or correction.moves):
        crossed = any(s.state is SpanState.CONFIRMED and s is not same and s.overlaps(*after) for s in touching)
        return None if crossed else Spot(*after, same, same.state is SpanState.CONFIRMED)
    if correction.label is None or correction.after is not None:
        return None
    return _spot_for_label(touching, correction, after)


def _same_mistake(touching: list[Span], correction: Correction, place: tuple[int, int]) -> Iterator[Span]:
    for span in touching:
        if span.range == place and span.label == correction.instead_of and span.state is not SpanState.REJECTED:
            yield span


def _spot_for_label(touching: list[Span], correction: Correction, place: tuple[int, int]) -> Spot | None:
    exact = [span for span in touching if span.range == place]
    shown = next(iter(exact), None)
    if any(span.state is SpanState.REJECTED or span.label == correction.label for span in exact):
        return None
    if shown is None:
        others = [span for span in touching if span.state is not SpanState.REJECTED]
        if any(span.state is SpanState.CONFIRMED or not _inside(span, place) for span in others):
            return None
        return Spot(*place, next(iter(others), None), doubtful=False)  # a shorter suggestion gives way
    if shown.state is SpanState.CONFIRMED:
        return Spot(*place, shown, doubtful=True) if shown.label == correction.instead_of else None
    return Spot(*place, shown, shown.label != correction.instead_of and (shown.confidence or 0.0) >= _SURE)


def _inside(span: Span, place: tuple[int, int]) -> bool:
    return place[0] <= span.start and span.end <= place[1]


def _made(on: AnnotatedArticle, correction: Correction, spot: Spot) -> list[Edit]:
    place, shown = (spot.start, spot.end), spot.shown
    if correction.label is None:
        return deciding.reject(on, shown) if shown is not None else []
    if correction.moves and shown is not None and shown.label == correction.instead_of and shown.range != place:
        return deciding.resize(on, shown, *place)
    return deciding.add(on, *place, correction.label)
