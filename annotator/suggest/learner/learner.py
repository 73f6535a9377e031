"""The learner of one project: suggests, learns, proposes the rest of an article anew, takes back."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annotator.suggest.learner.calibration import Calibration
from annotator.suggest.learner.codes import Codes
from annotator.suggest.learner.crf import Chains, Journal, Lesson, Numbers, Tags, Weights, compact
from annotator.suggest.learner.features import Rows, features, more_features, second_pass
from annotator.suggest.learner.memory import Memory, Recalled
from annotator.suggest.learner.passage import Passage, Place
from annotator.suggest.learner.spans import Table, agreeing, cheapest, likely, possible
from annotator.suggest.learner.words import Words

# Chosen on WikiGold and re3d with tests/benchmarks/effort.py: steps on a new article, older articles that are
# learned again with it; steps and rate on the checked part of an article.
_STEPS, _AGAIN = 2, 8
_FIX_STEPS, _FIX_RATE = 6, 0.1
_PIECE = 30  # words
_BEFORE, _BEHIND = 400, 800  # words around a decision that matter to it
_HINTED_STEPS, _HINTED_WEIGHT = 2, 0.3
_KEPT_JOURNALS = 4


@dataclass
class Look:
    """What the learner makes of an article before anybody decides.

    :param first: places of the first pass, which the second one builds on.
    :param table: all places that are possible.
    """

    passage: Passage
    recalled: list[list[Recalled]]
    rows: Rows
    first: list[Place]
    second_rows: Rows
    table: Table


@dataclass
class Taught:
    """An article that was learned.

    :param key: names the article and what was decided; see `Learner.learn`.
    :param hints: codes of the second pass as the first one saw the article before it was learned.
    """

    key: str
    number: int
    passage: Passage
    places: list[Place]
    hints: tuple[Codes, ...]


@dataclass
class _Undo:
    """What takes back one lesson."""

    journals: tuple[Journal, Journal]
    older: list[Taught]
    learned: Taught
    dropped: Taught | None


class Learner:
    """Learns labels; knows nothing of projects or texts.

    The same lessons in the same order make the same learner.

    :param labels: what it may suggest.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.taught: list[Taught] = []
        self.hinted = False  # has it learned from the pipeline's own suggestions?
        self.calibration = Calibration()
        self.tags = Tags(self.labels)
        self.passes = (Weights(self.tags), Weights(self.tags))
        self._mask = np.int32(len(self.passes[0].table) - 1)  # many labels leave room for fewer features
        self._words = Words()
        self._memories = (Memory(), Memory(str.lower))
        self._next_number = 0
        self._undo: deque[_Undo] = deque(maxlen=_KEPT_JOURNALS)

    @property
    def keys(self) -> list[str]:
        """What it has learned, in order."""
        return [each.key for each in self.taught]

    def past_keys(self) -> Iterator[list[str]]:
        """What it has learned now, before the last lesson, before the one before, as far as it can take back."""
        yield self.keys
        for undo in reversed(self._undo):
            yield [each.key for each in undo.older]

    @property
    def knows_something(self) -> bool:
        """Before that it would mark everything."""
        return self.hinted or bool(self.taught)

    def restore(self, hinted: bool, calibration: list[list[tuple[float, bool]]], taught: list[Taught]) -> None:
        """Know again what was learned before; the weights are for the caller to fill."""
        self.hinted = hinted
        self.calibration.restore(calibration)
        for each in taught:
            self._take_in(each)

    # Suggesting

    def look(self, passage: Passage) -> Look:
        """Read an article in two passes."""
        recalled = [memory.recall(passage) for memory in self._memories]
        rows = self._features(passage, recalled)
        used, table = compact(rows)
        chains = Chains(passage.lengths)
        seen = likely(possible(self.passes[0].read(used, table, chains), self.tags))
        first = [(first, last, label) for first, last, label, _ in seen]
        more = self._more(second_pass(passage, first))
        found = possible(self.passes[1].read(used, table, chains, more), self.tags)
        return Look(passage, recalled, rows, first, np.hstack([rows, more]), agreeing(found, passage))

    def _table(self, weights: Weights, rows: Rows, passage: Passage) -> Table:
        used, table = compact(rows)
        return possible(weights.read(used, table, Chains(passage.lengths)), self.tags)

    def _features(self, passage: Passage, recalled: Sequence[list[Recalled]]) -> Rows:
        return features(passage, self._words, recalled) & self._mask

    def _more(self, codes: Sequence[Codes]) -> Rows:
        return more_features(codes) & self._mask

    def _with(self, rows: Rows, codes: Sequence[Codes]) -> Rows:
        return np.hstack([rows, self._more(codes)])

    def revise(self, look: Look, checked: Sequence[Place], upto: int) -> Table:
        """The places that are possible behind the first words, once these have been checked: what was decided
        there is learned for this article only. The same decisions give the same table, whatever was tried before.

        :param checked: the entities among the first words.
        :param upto: how many words have been checked.
        """
        passage = look.passage
        known = [*checked, *(place for place in look.first if place[0] >= upto)]
        near = passage.around(upto, _BEFORE, _BEHIND)
        used, table = compact(self._with(look.rows, second_pass(passage, known))[near.first : near.last])
        local = self.passes[1].local(used)
        if upto > near.first:
            tags = self.tags.of(len(passage), checked)[near.first : upto]
            lengths = _shorter(near.lengths_before.tolist(), tags.tolist())
            lesson = Lesson(used, table[: upto - near.first], tags, lengths, self.tags.size)
            for _ in range(_FIX_STEPS):
                local.step(lesson, _FIX_RATE)
        lattice = local.read(table[near.resumed - near.first :], Chains(near.lengths_behind))
        revised = {(a + near.resumed, b + near.resumed): c for (a, b), c in possible(lattice, self.tags).items()}
        beyond = {place: labels for place, labels in look.table.items() if place[0] >= near.last}
        return agreeing(revised | beyond, passage, checked, upto)

    # Learning

    def hint(self, suggested: Iterable[tuple[Passage, list[Place]]]) -> None:
        """Begin with what a pipeline suggests in a few articles, lightly and once; before any lesson."""
        for _ in self.hinting(suggested):
            pass

    def hinting(self, suggested: Iterable[tuple[Passage, list[Place]]]) -> Iterator[None]:
        """The same, a small piece at a time."""
        articles = list(suggested)
        for number in (0, 1):
            for passage, places in articles:
                self._learn_hint(number, passage, places)
                yield
        self.hinted = self.hinted or bool(articles)

    def _learn_hint(self, number: int, passage: Passage, places: list[Place]) -> None:
        rows = self._features(passage, [[], []])
        if number:
            first = likely(self._table(self.passes[0], rows, passage))
            rows = self._with(rows, second_pass(passage, [(a, b, label) for a, b, label, _ in first]))
        lesson = self._lesson(rows, passage, places, _HINTED_WEIGHT)
        self.passes[number].learn(lesson, _HINTED_STEPS)

    def learn(self, key: str, look: Look, places: list[Place], instead_of: str | None = None) -> None:
        """Learn an article that was decided, and a few of the older ones again.

        :param key: names the article and what was decided.
        :param look: as `look` gives it now, before the lesson.
        :param instead_of: an older lesson of the same article, which this one corrects.
        """
        older = list(self.taught)
        journals = self._begin_journals()
        dropped = self._drop(instead_of)
        taught = Taught(key, self._next_number, look.passage, places, second_pass(look.passage, look.first))
        # what it says of an article that it has learned before tells nothing of others
        self.calibration.add([] if dropped else _judged(look.table, places))
        for weights, rows in zip(self.passes, (look.rows, look.second_rows), strict=True):
            weights.learn(self._lesson(rows, look.passage, places), _STEPS)
        self._learn_again(taught.number)
        self._take_in(taught)
        for journal in journals:
            journal.seal()
        self._undo.append(_Undo(journals, older, taught, dropped))

    def _take_in(self, taught: Taught) -> None:
        for memory in self._memories:
            memory.add(taught.number, taught.passage, taught.places)
        self.taught.append(taught)
        self._next_number = taught.number + 1

    def _drop(self, key: str | None) -> Taught | None:
        dropped = next((each for each in self.taught if each.key == key), None)
        if dropped is not None:
            self.taught = [each for each in self.taught if each is not dropped]
            for memory in self._memories:
                memory.remove(dropped.number)
        return dropped

    def _learn_again(self, seed: int) -> None:
        """A few of the older articles, without what the memory knows from them."""
        older = len(self.taught)
        chance = np.random.default_rng(seed)
        for number in chance.choice(older, min(_AGAIN, older), replace=False).tolist():
            each = self.taught[number]
            recalled = [memory.recall(each.passage, each.number) for memory in self._memories]
            rows = self._features(each.passage, recalled)
            for weights, seen in zip(self.passes, (rows, self._with(rows, each.hints)), strict=True):
                weights.learn(self._lesson(seen, each.passage, each.places))

    def _lesson(self, rows: Rows, passage: Passage, places: Sequence[Place], weight: float = 1.0) -> Lesson:
        used, table = compact(rows)
        return Lesson(used, table, self.tags.of(len(passage), places), passage.lengths, self.tags.size, weight)

    # Taking back

    def _begin_journals(self) -> tuple[Journal, Journal]:
        journals = Journal(), Journal()
        for weights, journal in zip(self.passes, journals, strict=True):
            weights.journal = journal
        return journals

    def take_back(self) -> bool:
        """Be as before the last lesson; False where that is not known any more."""
        if not self._undo:
            return False
        undo = self._undo.pop()
        for weights, journal in zip(self.passes, undo.journals, strict=True):
            journal.restore(weights)
        for memory in self._memories:
            memory.remove(undo.learned.number)
            if undo.dropped is not None:
                memory.add(undo.dropped.number, undo.dropped.passage, undo.dropped.places)
        self.calibration.take_back()
        self.taught, self._next_number = undo.older, undo.learned.number
        return True


def _shorter(lengths: Sequence[int], tags: Sequence[int]) -> Numbers:
    """Long sentences cut between entities: a step takes as long as the longest one, and these are many steps."""
    pieces, at = [], 0
    for length in lengths:
        end = at + length
        while end - at > _PIECE:
            cut = next((n for n in range(at + _PIECE, end) if tags[n] % 2 or not tags[n]), end)
            pieces.append(cut - at)
            at = cut
        pieces.append(end - at)
        at = end
    return np.array([piece for piece in pieces if piece], np.int64)


def _judged(table: Table, places: Sequence[Place]) -> list[tuple[float, bool]]:
    """What would have been suggested: belief, and was it right?"""
    right = set(places)
    return [(each.probability, (each.first, each.last, each.label) in right) for each in cheapest(table)]
