"""Tags of tokens and the spans that they mean: IOB1, IOB2, BILOU, BIOES, or labels alone.

IOB1 (Ramshaw and Marcus 1995) writes B- only where a span touches one of the same label before it, IOB2 at every
span's first token; BILOU and BIOES also mark a span's last token (L, E) and one of a single token (U, S).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_TAG = re.compile(r"([BIMLEUS])-(.+)")
_STARTS, _LASTS = frozenset("BUS"), frozenset("LEUS")


class Scheme(StrEnum):
    """How spans are spelled in tags."""

    IOB1 = "IOB1"
    IOB2 = "IOB2"
    BILOU = "BILOU"
    BIOES = "BIOES"
    LABELS = "labels alone"


class Tag(NamedTuple):
    """A tag in its parts: ("B", "PER"); ("O", "") outside; no letter where labels stand alone."""

    letter: str
    label: str


OUTSIDE = Tag("O", "")


class Marked(NamedTuple):
    """A run of tokens with a label; `last` is inclusive."""

    first: int
    last: int
    label: str


@lru_cache(maxsize=1024)  # the same few values, line after line
def parsed(value: str) -> Tag | None:
    """The parts of a tag; None for what is none."""
    if value == "O":
        return OUTSIDE
    match = _TAG.fullmatch(value)
    return Tag(match[1], match[2]) if match else None


@dataclass(slots=True)
class Evidence:
    """What a column holds, value by value: is it one of tags, and in which scheme?"""

    tags: int = 0
    outside: int = 0
    other: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    begun_with_i: int = 0
    begun_with_b: int = 0
    _before: Tag = OUTSIDE

    def see(self, value: str) -> None:
        """The next token's value."""
        tag = parsed(value)
        if tag is None:
            self.other += 1
            self._before = OUTSIDE
            return
        self.tags += 1
        self.outside += tag is OUTSIDE
        self.letters[tag.letter] += 1
        new = tag.label != self._before.label
        self.begun_with_i += tag.letter == "I" and new
        self.begun_with_b += tag.letter == "B" and new
        self._before = tag

    def end_sentence(self) -> None:
        """The next token begins a sentence."""
        self._before = OUTSIDE

    @property
    def scheme(self) -> Scheme:
        """The scheme that fits the tags best."""
        if not any(self.letters[letter] for letter in "BIMLEUS"):
            return Scheme.LABELS if self.other else Scheme.IOB2
        if any(self.letters[letter] for letter in "LU"):
            return Scheme.BILOU
        if any(self.letters[letter] for letter in "ESM"):
            return Scheme.BIOES
        return Scheme.IOB1 if self.begun_with_i > self.begun_with_b else Scheme.IOB2


def spans_of(tags: Sequence[Tag], scheme: Scheme) -> tuple[list[Marked], list[int]]:
    """The spans of one sentence, and the indices of tags that break the rules of the scheme.

    Every tag with a label belongs to a span: one that may not begin a span begins one all the same.
    """
    found: list[Marked] = []
    broken: set[int] = set()
    first, label = 0, ""  # of the span that is open, "" for none
    for index, tag in enumerate([*tags, OUTSIDE]):
        begins = bool(tag.label) and (tag.letter in _STARTS or tag.label != label)
        if label and (begins or not tag.label):
            found.append(Marked(first, index - 1, label))
            if scheme in (Scheme.BILOU, Scheme.BIOES):
                broken.add(index - 1)
            label = ""
        if begins:
            first, label = index, tag.label
            if tag.letter not in _STARTS and scheme not in (Scheme.IOB1, Scheme.LABELS):
                broken.add(index)
        if label and tag.letter in _LASTS:
            found.append(Marked(first, index, label))
            label = ""
    return found, sorted(broken)
