"""From probabilities of tags to spans: all that are possible, and those that cost the annotator least."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from annotator.suggest.learner.crf import Lattice, Tags
from annotator.suggest.learner.passage import Passage, Place

_LEAST = 0.02
_WORTH_DRAWING = 0.1
_LONGEST = 12  # words

# By place (first word, one past the last), the probability of each label there.
Table = dict[tuple[int, int], dict[str, float]]


class Chosen(NamedTuple):
    """A place with its best label and that label's probability."""

    first: int
    last: int
    label: str
    probability: float


def possible(lattice: Lattice, tags: Tags, least: float = _LEAST) -> Table:
    """Every span that is an entity with a probability of at least so much."""
    table: Table = {}
    marginals = lattice.marginals
    for label in tags.labels:
        for first in np.flatnonzero(marginals[:, tags.begin(label)] > least).tolist():
            for last, probability in _ends(lattice, first, tags.begin(label), least):
                if probability > least:
                    table.setdefault((first, last), {})[label] = min(probability, 1.0)
    return table


def _ends(lattice: Lattice, first: int, begin: int, least: float) -> Iterable[tuple[int, float]]:
    """One past the last word, and the probability, of each entity that begins at a word."""
    goes_on, tag, inside = lattice.chains.goes_on, begin, begin + 1
    so_far = lattice.forward[first, begin]
    for at in range(first, first + _LONGEST):
        further = 0.0
        if goes_on[at]:
            step = lattice.transition[tag, inside] * lattice.emission[at + 1, inside] / lattice.scale[at + 1]
            further = step * lattice.backward[at + 1, inside]
        yield at + 1, float(so_far * max(lattice.backward[at, tag] - further, 0.0))
        if not goes_on[at] or so_far * further < least:
            return
        so_far *= step
        tag = inside


def agreeing(table: Table, passage: Passage, checked: Sequence[Place] = (), upto: int = 0) -> Table:
    """The same table, each place drawn half-way to what the same words are at all their places: a name seldom
    changes its kind within an article.

    :param checked: the entities among the first words, which are certain.
    :param upto: how many words have been checked; places before it stay as they are.
    """
    certain = {(first, last): label for first, last, label in checked}
    drawn: Table = {}
    for words, places in _by_words(table, passage).items():
        if max(sum(table[place].values()) for place in places) < _WORTH_DRAWING:
            drawn |= {place: table[place] for place in places}
            continue
        everywhere = list(_occurrences(passage, words))
        total: Counter[str] = Counter()
        for place in everywhere:
            if place[1] <= upto:
                total.update({certain[place]: 1.0} if place in certain else {})
            else:
                total.update(table.get(place, {}))
        for place in places:
            own = table[place]
            drawn[place] = own if len(everywhere) < 2 or place[1] <= upto else _mean(own, total, len(everywhere))
    return drawn


def _by_words(table: Table, passage: Passage) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    found: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for first, last in table:
        found.setdefault(passage.words[first:last], []).append((first, last))
    return found


def _occurrences(passage: Passage, words: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    for first in passage.where.get(words[0].lower(), ()):
        if passage.words[first : first + len(words)] == words:
            yield first, first + len(words)


def _mean(own: dict[str, float], total: Counter[str], places: int) -> dict[str, float]:
    return {label: (own.get(label, 0.0) + total[label] / places) / 2 for label in {**own, **total}}


def likely(table: Table) -> list[Chosen]:
    """Places more likely than not, not overlapping."""
    return _best(table, lambda of_label, any_label: of_label - 0.5)


def cheapest(table: Table) -> list[Chosen]:
    """Places that save the annotator work, not overlapping.

    Marking one saves an addition (2) where it is right, costs a rejection (1) where it is none and a
    relabelling (1) where the label is another: it pays above 2 P(any) + P(label) = 1.
    """
    return _best(table, lambda of_label, any_label: 2 * any_label + of_label - 1)


def _best(table: Table, gain: Callable[[float, float], float]) -> list[Chosen]:
    """The places with the highest sum of gains (weighted interval scheduling)."""
    worth = []
    for (first, last), labels in table.items():
        label = max(labels, key=lambda name: labels[name])
        gained = gain(labels[label], min(sum(labels.values()), 1.0))
        if gained > 0:
            worth.append((last, gained, Chosen(first, last, label, labels[label])))
    worth.sort()
    ends = [last for last, _, _ in worth]
    best: list[tuple[float, Chosen | None, int]] = [(0.0, None, 0)]
    for number, (_, gained, chosen) in enumerate(worth):
        before = bisect_right(ends, chosen.first, 0, number)
        taken = best[before][0] + gained
        best.append((taken, chosen, before) if taken > best[-1][0] else (best[-1][0], None, number))
    return _traced(best)


def _traced(best: Sequence[tuple[float, Chosen | None, int]]) -> list[Chosen]:
    found, at = [], len(best) - 1
    while at > 0:
        _, chosen, before = best[at]
        if chosen is not None:
            found.append(chosen)
        at = before
    return found[::-1]


def left_over(table: Table, chosen: Sequence[Chosen], least: float) -> list[Chosen]:
    """Places that were not chosen and touch none that was, each the likeliest of those that touch it.

    :param least: probability that there is an entity, whatever its label.
    """
    found: list[Chosen] = []
    by_chance = sorted(table.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    for (first, last), labels in by_chance:
        if sum(labels.values()) < least:
            break
        if not any(each.first < last and first < each.last for each in (*chosen, *found)):
            label = max(labels, key=lambda name: labels[name])
            found.append(Chosen(first, last, label, labels[label]))
    return sorted(found)
