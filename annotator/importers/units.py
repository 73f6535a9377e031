"""How a file counts its offsets: found from the words that it states for its spans, and turned into code points.

A file seldom says its unit. Its spans' surfaces tell it, wherever the text holds something that
units count differently: an emoji, an accent, a Windows line end.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from annotator.importers.base import UnitUndecidedError
from annotator.importers.json_values import whole_number
from annotator.model.offsets import Unit
from annotator.model.tokens import is_edge

# What programs count in where no surface says it; UTF-8, the CRLF units and inclusive ends need a surface as a witness.
PLAUSIBLE = (Unit.CODEPOINTS, Unit.UTF16)

_INCLUSIVE = {
    Unit.CODEPOINTS_INCLUSIVE: Unit.CODEPOINTS,
    Unit.UTF16_INCLUSIVE: Unit.UTF16,
    Unit.UTF8_INCLUSIVE: Unit.UTF8,
}
_ODD = {  # what counts otherwise than its code points do
    Unit.UTF16: re.compile("[\U00010000-\U0010ffff]"),
    Unit.UTF8: re.compile("[^\x00-\x7f]"),
    Unit.CODEPOINTS_CRLF: re.compile("\r\n"),
    Unit.UTF16_CRLF: re.compile("\r\n|[\U00010000-\U0010ffff]"),
}
_NAMES = {
    Unit.CODEPOINTS: "in code points",
    Unit.UTF16: "in UTF-16",
    Unit.UTF8: "in bytes of UTF-8",
    Unit.GRAPHEMES: "in signs on the screen",
    Unit.CODEPOINTS_INCLUSIVE: "with the last code point named",
    Unit.UTF16_INCLUSIVE: "in UTF-16 with the last unit named",
    Unit.UTF8_INCLUSIVE: "in bytes of UTF-8 with the last byte named",
    Unit.CODEPOINTS_CRLF: "with a Windows line end as one",
    Unit.UTF16_CRLF: "in UTF-16 with a Windows line end as one",
}
Place = tuple[int, int]
_SHOWN = 3  # examples for each unit
_LONGEST_EXAMPLE = 40


class Claim(NamedTuple):
    """A span as a file states it, in the file's own unit.

    :param surface: the words that the file says stand there; None where it says none.
    """

    start: Any
    end: Any
    surface: str | None = None


class Decided(NamedTuple):
    """The unit of a file.

    :param is_assumed: no surface told it, and another would mean other places: the format's own was taken.
    """

    unit: Unit
    is_assumed: bool = False


IN_CODE_POINTS = Decided(Unit.CODEPOINTS)


class Ruler:
    """A text with the marks of a unit.

    :param text: in code points.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        self._length = len(text)
        self._further = 1 if unit in _INCLUSIVE else 0
        self._starts: list[int] = []  # in the unit, of each odd sign
        self._ends: list[int] = []
        self._points: list[int] = []  # the code point behind it
        at, behind = 0, 0
        for start, end, width in _odd_signs(text, _INCLUSIVE.get(unit, unit)):
            at += start - behind + width
            self._starts.append(at - width)
            self._ends.append(at)
            self._points.append(end)
            behind = end

    @property
    def is_plain(self) -> bool:
        """Does the unit count this text as code points do, but for what `end` means?"""
        return not self._ends

    @property
    def counts_code_points(self) -> bool:
        """Does the unit count this text as we do?"""
        return self.is_plain and not self._further

    def range(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) of the unit in code points, end exclusive.

        :raises ValueError: outside the text, or inside what the unit or a code point holds together.
        """
        return self.point(start), self.point(end + self._further)

    def point(self, offset: int) -> int:
        """The code point at an offset of the unit; raises ValueError as `range` does."""
        index = bisect_right(self._ends, offset)
        if index < len(self._starts) and offset > self._starts[index]:
            raise ValueError(f"{offset} is inside a character")
        point = offset - self._ends[index - 1] + self._points[index - 1] if index else offset
        if not 0 <= point <= self._length:
            raise ValueError(f"{offset} is outside the text")
        return point


def _odd_signs(text: str, unit: Unit) -> Iterator[tuple[int, int, int]]:
    """(start, end) in code points of what counts otherwise in the unit, and for how much it counts there."""
    if unit is Unit.CODEPOINTS or (text.isascii() and "\r" not in text):
        return
    if unit is Unit.GRAPHEMES:
        yield from ((start, end, 1) for start, end in _graphemes(text) if end - start > 1)
        return
    for match in _ODD[unit].finditer(text):
        yield *match.span(), _width(match[0], unit)


def _width(sign: str, unit: Unit) -> int:
    if sign == "\r\n":
        return 1
    return len(sign.encode("utf-8", "surrogatepass")) if unit is Unit.UTF8 else 2


def _graphemes(text: str) -> Iterator[tuple[int, int]]:
    r"""What a reader takes for one sign: extended grapheme clusters (Unicode Annex 29), \r\n among them."""
    import regex

    if not regex.search(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}]", text):
        return iter(())  # nothing in it joins another sign
    return (match.span() for match in regex.finditer(r"\X", text))


def same_words(one: str, other: str) -> bool:
    """Are these the same but for runs of white space inside, which many programs write as one space?"""
    return one == other or _SPACES.sub(" ", one) == _SPACES.sub(" ", other)


_SPACES = re.compile(r"\s+|\\[nrt]")


def decide(
    file: str,
    texts: Iterable[tuple[str, Sequence[Claim]]],
    default: Unit | None = None,
    plausible: Sequence[Unit] = PLAUSIBLE,
) -> Decided:
    """The unit of a file: the one in which the most stated surfaces stand where the file says.

    Of units that fit equally well and mean the same places throughout the file, code points are taken.
    Memory does not grow with the file.

    :param file: its name, for the error.
    :param texts: every text of the file with its spans; read once.
    :param default: what the format's specification says; None where it says nothing.
    :param plausible: what is thought of without a surface that speaks for it, the likeliest first.
    :raises UnitUndecidedError: several units fit, mean different places, and the format has no default.
    """
    tally = Tally(plausible if default is None or default in plausible else (*plausible, default))
    for text, claims in texts:
        tally.add(text, claims)
    return tally.decided(file, default)


@dataclass(slots=True)
class _Fit:
    """How well one unit fits: a surface that agrees, or does without blanks around it; a place that does not exist."""

    agreeing: int = 0
    nearly: int = 0
    impossible: int = 0
    edges: int = 0
    places: int = 0  # of all spans, as one number: the same for units that mean the same
    words: list[str] = field(default_factory=list)


class Tally:
    """The evidence for each unit, gathered text by text; see `decide`."""

    def __init__(self, plausible: Sequence[Unit] = PLAUSIBLE) -> None:
        self._plausible = tuple(plausible)
        self._fits = {unit: _Fit() for unit in (*plausible, *(u for u in Unit if u not in plausible))}

    def add(self, text: str, claims: Sequence[Claim]) -> None:
        """One text with its spans; what is no pair of whole numbers says nothing."""
        usable = [claim for claim in claims if whole_number(claim.start) and whole_number(claim.end)]
        has_surfaces = any(claim.surface is not None for claim in usable)
        groups = _alike(text, self._fits if has_surfaces else self._plausible) if usable else []
        asked = [group for group in groups if group.units & set(self._plausible)]
        if len(asked) == 1 and not has_surfaces:
            return  # all that is plausible means the same here
        for group in groups:
            places = [_place(group.ruler, claim) for claim in usable]
            agreeing = sum(_agrees(text, place, claim) for place, claim in zip(places, usable, strict=True))
            nearly = (
                0
                if not has_surfaces or agreeing == len(usable)
                else sum(map(partial(_nearly_agrees, text), places, usable))
            )
            for unit in group.units:
                fit = self._fits[unit]
                fit.agreeing += agreeing
                fit.nearly += nearly
                fit.impossible += places.count(None)
                fit.places = hash((fit.places, tuple(places)))
        self._note_differences(text, [(group, [_place(group.ruler, claim) for claim in usable]) for group in asked])

    def _note_differences(self, text: str, asked: Sequence[tuple["_Alike", list[Place | None]]]) -> None:
        """Where plausible units mean different places: do words end there, and which are they?"""
        if len(asked) == 1:
            return
        differ = [len(set(places)) > 1 for places in zip(*(places for _, places in asked), strict=True)]
        for group, places in asked:
            there = [place for place, differs in zip(places, differ, strict=True) if differs and place]
            edges = sum(is_edge(text, start) + is_edge(text, end) for start, end in there)
            words = [_shortened(text[start:end]) for start, end in there[:_SHOWN]]
            for unit in group.units:
                fit = self._fits[unit]
                fit.edges += edges
                fit.words += words[: _SHOWN - len(fit.words)]

    def decided(self, file: str, default: Unit | None = None) -> Decided:
        """The unit that the evidence speaks for; raises UnitUndecidedError as `decide` does."""
        best = self._best()
        if len({self._fits[unit].places for unit in best}) == 1:
            return Decided(Unit.CODEPOINTS if Unit.CODEPOINTS in best else best[0])
        if default in best:
            return Decided(default, is_assumed=True)
        raise UnitUndecidedError(file, self._examples(best))

    def _best(self) -> list[Unit]:
        """Those that fit equally well; one that is not plausible only where more surfaces agree with it."""
        most = max(self._fits[unit].agreeing for unit in self._plausible)
        others = [unit for unit in self._fits if unit not in self._plausible and self._fits[unit].agreeing > most]
        rivals = others or self._plausible

        def rank(unit: Unit) -> tuple[int, int, int]:
            fit = self._fits[unit]
            return fit.agreeing, fit.nearly, -fit.impossible

        top = max(map(rank, rivals))
        return [unit for unit in rivals if rank(unit) == top]

    def _examples(self, units: list[Unit]) -> dict[Unit, tuple[str, ...]]:
        """One unit for each reading of the file, the one first whose spans end with words."""
        readings: dict[int, Unit] = {}
        for unit in units:
            readings.setdefault(self._fits[unit].places, unit)
        likely = sorted(readings.values(), key=lambda unit: -self._fits[unit].edges)
        return {unit: tuple(self._fits[unit].words) for unit in likely}


class _Alike(NamedTuple):
    """Units that count a text in the same way."""

    ruler: Ruler
    units: set[Unit]


def _alike(text: str, units: Iterable[Unit]) -> list[_Alike]:
    """The units by how they count the text: most of them as code points, in most texts."""
    groups: dict[Any, _Alike] = {}
    for unit in units:
        ruler = Ruler(text, unit)
        kind = (unit in _INCLUSIVE) if ruler.is_plain else unit
        groups.setdefault(kind, _Alike(ruler, set())).units.add(unit)
    return list(groups.values())


def _agrees(text: str, place: Place | None, claim: Claim) -> bool:
    return place is not None and claim.surface is not None and same_words(text[slice(*place)], claim.surface)


def _nearly_agrees(text: str, place: Place | None, claim: Claim) -> bool:
    return place is not None and claim.surface is not None and same_words(text[slice(*place)].strip(), claim.surface)


def _place(ruler: Ruler, claim: Claim) -> Place | None:
    try:
        start, end = ruler.range(claim.start, claim.end)
    except ValueError:
        return None
    return (start, end) if start < end else None


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_EXAMPLE else f"{words[: _LONGEST_EXAMPLE - 1]}…"


def repaired_note(unit: Unit) -> str:
    """One sentence on a record whose offsets were turned into code points."""
    return f"offsets counted {_NAMES[unit]} became code points"


ASSUMED_NOTE = "offsets read as the format's specification says; no words in the file tell otherwise"
