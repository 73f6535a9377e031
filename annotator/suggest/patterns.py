"""Where the words of hand-made entries stand in a text. Fast enough to run at every key: no entry is tried in turn.

As spaCy's EntityRuler: of matches that touch each other the longest stays, then the first.
"""

from collections.abc import Iterable, Iterator

from annotator.model.pattern import Pattern, folded
from annotator.model.span import Suggestion
from annotator.model.tokens import is_edge, pieces

SOURCE = "patterns"  # as it stands in suggestions
CONFIDENCE = 0.95  # a person said so; only the place may still be an exception

Match = tuple[int, int, str | None]


class Patterns:
    """Finds all of many entries at once.

    :param patterns: of two entries with the same words the one in exact casing is taken, then the later one.
    """

    def __init__(self, patterns: Iterable[Pattern] = ()) -> None:
        listed = list(patterns)
        self._exact = _Words([(each.surface, each.label) for each in listed if not each.any_case])
        self._any_case = _Words([(folded(each.surface), each.label) for each in listed if each.any_case])

    def read(self, text: str) -> tuple[list[Suggestion], list[tuple[int, int]]]:
        """Suggestions, and the ranges that are never an entity; both in reading order."""
        found = self.find(text)
        suggestions = [Suggestion(a, b, label, CONFIDENCE, SOURCE) for a, b, label in found if label is not None]
        return suggestions, [(start, end) for start, end, label in found if label is None]

    def find(self, text: str) -> list[Match]:
        """(start, end, label) of every place where an entry stands as whole words, in reading order.

        None for a label: that range is never an entity. Ranges do not touch each other.
        """
        cuts = list(pieces(text))
        matches = {match[:2]: match for match in self._any_case.matches(text, folded(text), cuts)}
        matches |= {match[:2]: match for match in self._exact.matches(text, text, cuts)}
        return _longest_first(matches.values())


class _Words:
    """Words by their first piece; of entries that begin alike only their lengths are tried."""

    def __init__(self, words: Iterable[tuple[str, str | None]]) -> None:
        self._labels = {surface: label for surface, label in words if surface}
        self._lengths: dict[str, set[int]] = {}
        for surface in self._labels:
            start, end = next(pieces(surface))
            self._lengths.setdefault(surface[start:end], set()).add(len(surface))

    def matches(self, text: str, reading: str, cuts: list[tuple[int, int]]) -> Iterator[Match]:
        """:param reading: the text as its words are compared, position for position."""
        if not self._labels:
            return
        for start, end in cuts:
            for length in self._lengths.get(reading[start:end], ()):
                words = reading[start : start + length]
                stop = start + len(words)  # the text may end before
                if words in self._labels and is_edge(text, start) and is_edge(text, stop):
                    yield start, stop, self._labels[words]


def _longest_first(matches: Iterable[Match]) -> list[Match]:
    kept: list[Match] = []
    taken: set[int] = set()
    for match in sorted(matches, key=lambda match: (match[0] - match[1], match[0])):
        points = range(match[0], match[1])
        if taken.isdisjoint(points):
            taken.update(points)
            kept.append(match)
    return sorted(kept, key=lambda match: match[0])
