"""The memory: how often the same words were which entity, or none, in the articles learned so far."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.suggest.learner.passage import Passage, Place

Surface = tuple[str, ...]

_LONGEST = 8  # words
_PRIOR = 0.25  # of a label; of all, twice as much


class Recalled(NamedTuple):
    """What the memory says of one place.

    :param share: how much of the evidence speaks for the label, 0 to 1.
    :param seen: how often the words were met.
    """

    first: int
    last: int
    label: str
    share: float
    seen: int


@dataclass
class Evidence:
    """Of one surface: how often it was met outside longer entities, and as what."""

    seen: int = 0
    labels: Counter[str] = field(default_factory=Counter)

    def add(self, label: str | None, times: int = 1) -> None:
        """It was met again, as an entity or (None) as none."""
        self.seen += times
        if label is not None:
            self.labels[label] += times

    def without(self, other: "Evidence | None") -> "Evidence":
        """What is left when the other is taken away."""
        if other is None:
            return self
        return Evidence(self.seen - other.seen, self.labels - other.labels)


Own = dict[Surface, Evidence]


class Memory:
    """Evidence by surface; each article's own part can be left out, or taken back.

    :param form: what makes words the same: `str` for their exact form, `str.lower` for any case.
    """

    def __init__(self, form: Callable[[str], str] = str) -> None:
        self._form = form
        self._evidence: dict[Surface, Evidence] = {}
        self._lengths: dict[str, set[int]] = {}  # of the surfaces that begin with a word
        self._articles: dict[int, tuple[Passage, dict[tuple[int, int], str]]] = {}
        self._where: dict[str, list[tuple[int, int]]] = {}  # word -> (article, place)
        self._own: dict[int, Own] = {}

    def _words(self, passage: Passage) -> Sequence[str]:
        return passage.words if self._form is str else passage.lower

    def add(self, key: int, passage: Passage, places: Sequence[Place]) -> None:
        """Learn an article: its entities, and where the words of known entities are none."""
        words = self._words(passage)
        entities = {(first, last): label for first, last, label in places}
        new = {
            tuple(words[first:last])
            for first, last in entities
            if last - first <= _LONGEST and tuple(words[first:last]) not in self._evidence
        }
        for surface in new:
            self._evidence[surface] = Evidence()
            self._lengths.setdefault(surface[0], set()).add(len(surface))
            self._count_in_older(surface)
        self._articles[key], self._own[key] = (passage, entities), {}
        for number, word in enumerate(words):
            self._where.setdefault(word, []).append((key, number))
        for first, last, surface in self._matches(passage):
            self._count(key, surface, first, last)

    def remove(self, key: int) -> None:
        """Forget an article that was learned."""
        for surface, own in self._own.pop(key).items():
            self._evidence[surface] = self._evidence[surface].without(own)
        passage, _ = self._articles.pop(key)
        for word in set(self._words(passage)):
            self._where[word] = [each for each in self._where[word] if each[0] != key]

    def _count_in_older(self, surface: Surface) -> None:
        """Until now nobody counted these words: where they stand in older articles they were no entity."""
        for key, first in self._where.get(surface[0], ()):
            passage, _ = self._articles[key]
            last = first + len(surface)
            if tuple(self._words(passage)[first:last]) == surface and _same_sentence(passage, first, last):
                self._count(key, surface, first, last)

    def _count(self, key: int, surface: Surface, first: int, last: int) -> None:
        _, entities = self._articles[key]
        label = entities.get((first, last))
        if label is None and any(a <= first and last <= b for a, b in entities):
            return  # inside a longer entity: neither for nor against
        self._evidence[surface].add(label)
        self._own[key].setdefault(surface, Evidence()).add(label)

    def _matches(self, passage: Passage) -> Iterator[tuple[int, int, Surface]]:
        """Every place where known words stand, shorter ones first."""
        words = self._words(passage)
        for first, word in enumerate(words):
            for length in sorted(self._lengths.get(word, ())):
                last = first + length
                surface = tuple(words[first:last])
                if surface in self._evidence and _same_sentence(passage, first, last):
                    yield first, last, surface

    def recall(self, passage: Passage, leave_out: int | None = None) -> list[Recalled]:
        """What is known of a passage's words, the longest first, not overlapping.

        :param leave_out: an article whose own evidence does not count.
        """
        own = self._own.get(leave_out, {}) if leave_out is not None else {}
        longest: dict[int, Recalled] = {}
        for first, last, surface in self._matches(passage):
            left = self._evidence[surface].without(own.get(surface))
            if left.labels:
                # of two as frequent the name decides, not which article was learned first
                label, times = min(left.labels.items(), key=lambda counted: (-counted[1], counted[0]))
                seen = max(left.seen, left.labels.total())
                share = (times + _PRIOR) / (seen + 2 * _PRIOR)
                longest[first] = Recalled(first, last, label, share, left.seen)
        return list(_not_overlapping(longest))


def _same_sentence(passage: Passage, first: int, last: int) -> bool:
    return last <= len(passage) and bool(passage.sentence[first] == passage.sentence[last - 1])


def _not_overlapping(longest: Mapping[int, Recalled]) -> Iterator[Recalled]:
    end = 0
    for first in sorted(longest):
        if first >= end:
            end = longest[first].last
            yield longest[first]
