"""A linear-chain conditional random field over binary features, trained one article at a time."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from annotator.suggest.learner.features import BITS, Rows
from annotator.suggest.learner.passage import Place

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Used = NDArray[np.int32]
Matrix = Any  # scipy.sparse.csr_matrix: words by weights; scipy carries no types

# Tags and bits of the numbers of weights: about 160 MB at most for both passes, and colliding features cost little
# (18 bits instead of 20 at nine tags: 0.1 F1 on WikiGold and re3d).
_ROOM = ((12, BITS), (24, BITS - 1), (10**9, BITS - 2))
_RATE = 0.05
_START = 0.01  # what AdaGrad divides by at first, squared; smaller for bolder first steps


class Tags:
    """ "O", and begin and inside for each label (BIO).

    :param labels: in the order of their tags.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.size = 2 * len(self.labels) + 1
        self._number = {label: number for number, label in enumerate(self.labels)}
        self.allowed = np.ones((self.size, self.size))
        self.may_begin = np.ones(self.size)
        for inside in range(2, self.size, 2):
            self.allowed[:, inside] = 0
            self.allowed[[inside - 1, inside], inside] = 1
            self.may_begin[inside] = 0

    def begin(self, label: str) -> int:
        """The tag of an entity's first word; the next one is that of its others."""
        return 2 * self._number[label] + 1

    def of(self, size: int, places: Sequence[Place]) -> Numbers:
        """A tag for each word; places with other labels count as none."""
        tags = np.zeros(size, np.int64)
        for first, last, label in places:
            if label in self._number:
                tags[first:last] = self.begin(label) + 1
                tags[first] = self.begin(label)
        return tags


class Chains:
    """Sentences laid side by side, the longest first, so that one step computes a word of each.

    `turns` are the words' numbers in the order of computing: all first words, then all second ones ...;
    `steps` says which part of it each step is.

    :param lengths: words of each sentence; together all words.
    """

    def __init__(self, lengths: Numbers) -> None:
        first = np.cumsum(lengths) - lengths
        order = np.argsort(-lengths, kind="stable")
        self.firsts, self._lengths = first[order], lengths[order]
        self.lasts = self.firsts + self._lengths - 1
        longest = int(self._lengths[0]) if len(lengths) else 0
        turns = [self.firsts[: int((self._lengths > step).sum())] + step for step in range(longest)]
        self.turns = np.concatenate(turns) if turns else np.zeros(0, np.int64)
        ends = list(accumulate(map(len, turns)))
        self.steps = list(zip([0, *ends], ends, strict=False))
        goes_on = np.ones(int(lengths.sum()), bool)
        goes_on[self.lasts] = False
        self.goes_on = goes_on
        self.inner = np.flatnonzero(goes_on)


@dataclass(frozen=True)
class Lattice:
    """What a forward and a backward walk over all words give; see `Weights.walk`.

    :param forward, backward: for each word and tag, scaled so that their product is the tag's probability.
    :param emission: exp of the words' scores, the largest of each word taken out.
    :param scale: of each word's forward step.
    :param transition: exp of the transitions' scores, 0 where forbidden.
    """

    chains: Chains
    forward: Floats
    backward: Floats
    emission: Floats
    scale: Floats
    transition: Floats

    @property
    def marginals(self) -> Floats:
        """The probability of each tag of each word."""
        return self.forward * self.backward

    def expected_transitions(self) -> Floats:
        """How often each tag follows each, on average."""
        inner = self.chains.inner
        after = self.emission[inner + 1] * self.backward[inner + 1] / self.scale[inner + 1, None]
        expected: Floats = self.transition * (self.forward[inner].T @ after)
        return expected


class Lesson:
    """Words to learn: their features as a small table, and their tags.

    :param used: the numbers of weights that the table's columns stand for.
    :param tags: of each word, below `size`.
    :param weight: how much it counts.
    """

    def __init__(
        self, used: Used, table: Matrix, tags: Numbers, lengths: Numbers, size: int, weight: float = 1.0
    ) -> None:
        self.used, self.table = used, table
        self.transposed = self.table.T.tocsr()
        self.chains, self.weight = Chains(lengths), weight
        self.target = np.zeros((len(tags), size))
        self.target[np.arange(len(tags)), tags] = 1
        self.transitions = np.zeros((size, size))
        inner = self.chains.inner
        np.add.at(self.transitions, (tags[inner], tags[inner + 1]), 1)


class _Scratch(threading.local):
    """Room for `compact`, made once for each thread: making it anew would take longer than the work."""

    def __init__(self) -> None:
        self.is_used = np.zeros(1 << BITS, bool)
        self.place = np.empty(1 << BITS, np.int32)


_SCRATCH = _Scratch()


def compact(rows: Rows) -> tuple[Used, Matrix]:
    """The numbers of weights that are used, and a table of words by these."""
    words, each = rows.shape
    is_used, place = _SCRATCH.is_used, _SCRATCH.place
    is_used[rows] = True
    used = np.flatnonzero(is_used).astype(np.int32)
    is_used[used] = False
    place[used] = np.arange(len(used), dtype=np.int32)
    pointers = np.arange(0, words * each + 1, each, dtype=np.int32)
    ones = np.ones(words * each, np.float32)
    return used, sparse.csr_matrix((ones, place[rows].ravel(), pointers), shape=(words, len(used)))


@dataclass
class Chain:
    """The few weights that are about tags only: of transitions and of a sentence's first tag."""

    between: Floats
    first: Floats

    def copy(self) -> "Chain":
        """Another one with the same numbers."""
        return Chain(self.between.copy(), self.first.copy())


def walk(scores: Floats, chains: Chains, chain: Chain, tags: Tags) -> Lattice:
    """Forward and backward over all sentences at once, in the space of probabilities.

    :param scores: of each word and tag.
    """
    transition = np.exp(chain.between) * tags.allowed
    begins = np.exp(chain.first) * tags.may_begin
    emission = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    turned = emission[chains.turns]
    ahead, scales = _ahead(turned, chains, begins, transition)
    back = _back(turned, scales, chains, transition)
    forward, backward, scale = np.empty_like(ahead), np.empty_like(back), np.empty_like(scales)
    forward[chains.turns], backward[chains.turns], scale[chains.turns] = ahead, back, scales
    return Lattice(chains, forward, backward, emission, scale, transition)


def _ahead(emission: Floats, chains: Chains, begins: Floats, transition: Floats) -> tuple[Floats, Floats]:
    """The forward walk and its scales, in turns."""
    forward, scale = np.empty_like(emission), np.empty(len(emission))
    before = 0
    for start, end in chains.steps:
        so_far = begins if start == 0 else forward[before : before + end - start] @ transition
        reached = emission[start:end] * so_far
        total = scale[start:end] = reached.sum(axis=1)
        np.divide(reached, total[:, None], out=forward[start:end])
        before = start
    return forward, scale


def _back(emission: Floats, scale: Floats, chains: Chains, transition: Floats) -> Floats:
    """The backward walk, in turns."""
    backward = np.ones_like(emission)
    weighted = emission / scale[:, None]
    turned = transition.T
    for (before, _), (start, end) in reversed(list(pairwise(chains.steps))):
        backward[before : before + end - start] = (weighted[start:end] * backward[start:end]) @ turned
    return backward


class Weights:
    """The weights of one pass, and how much each has moved already.

    :param journal: notes what learning is about to change, so that it can be taken back.
    """

    def __init__(self, tags: Tags) -> None:
        self.tags = tags
        rows = 1 << next(bits for most, bits in _ROOM if tags.size <= most)
        self.table = np.zeros((rows, tags.size), np.float32)
        self.moved = np.full((rows, tags.size), _START, np.float32)
        self.chain = Chain(np.zeros((tags.size, tags.size)), np.zeros(tags.size))
        self.chain_moved = Chain(np.ones((tags.size, tags.size)), np.ones(tags.size))
        self.journal = Journal()

    def learn(self, lesson: Lesson, times: int = 1) -> None:
        """Take steps towards a lesson's tags."""
        self.journal.note(self, lesson.used)
        local = self.local(lesson.used)
        for _ in range(times):
            local.step(lesson, _RATE)
        self.table[lesson.used], self.moved[lesson.used] = local.table, local.moved
        self.chain, self.chain_moved = local.chain, local.chain_moved

    def read(self, used: Used, table: Matrix, chains: Chains, more: Rows | None = None) -> Lattice:
        """What the weights say of words; see `compact`.

        :param more: further features of each word, beside those in the table.
        """
        scores = table @ self.table[used]
        if more is not None:
            scores = scores + self.table[more].sum(axis=1)
        return walk(scores.astype(np.float64), chains, self.chain, self.tags)

    def local(self, used: Used) -> "Local":
        """A copy of those weights that an article uses; what it learns is lost with it."""
        return Local(self.tags, self.table[used], self.moved[used], self.chain.copy(), self.chain_moved.copy())

    def used(self) -> NDArray[np.int64]:
        """The rows that any lesson has changed."""
        moved = (self.moved != np.float32(_START)).any(axis=1)  # too small a step is not seen here, only in the table
        return np.flatnonzero(moved | self.table.any(axis=1))


class Journal:
    """What stood in the weights that were changed since it was begun."""

    def __init__(self) -> None:
        self._noted: NDArray[np.bool_] | None = None
        self._rows: list[tuple[Used, NDArray[np.float32], NDArray[np.float32]]] = []
        self._chains: tuple[Chain, Chain] | None = None

    def note(self, weights: Weights, used: Used) -> None:
        """These rows are about to change."""
        if self._noted is None:
            self._noted = np.zeros(len(weights.table), bool)
            self._chains = weights.chain, weights.chain_moved
        new = used[~self._noted[used]]
        self._noted[new] = True
        self._rows.append((new, weights.table[new], weights.moved[new]))

    def seal(self) -> None:
        """Nothing more is noted."""
        self._noted = None

    def restore(self, weights: Weights) -> None:
        """Every number as it was when this was begun."""
        for used, table, moved in self._rows:
            weights.table[used], weights.moved[used] = table, moved
        if self._chains is not None:
            weights.chain, weights.chain_moved = self._chains


class Local:
    """A few of the weights, to learn with and to look through."""

    def __init__(
        self, tags: Tags, table: NDArray[np.float32], moved: NDArray[np.float32], chain: Chain, chain_moved: Chain
    ) -> None:
        self.tags, self.table, self.moved, self.chain, self.chain_moved = tags, table, moved, chain, chain_moved

    def read(self, table: Matrix, chains: Chains) -> Lattice:
        """What the weights say of words."""
        return walk((table @ self.table).astype(np.float64), chains, self.chain, self.tags)

    def step(self, lesson: Lesson, rate: float) -> None:
        """One step of AdaGrad towards a lesson's tags."""
        lattice = self.read(lesson.table, lesson.chains)
        wrong = (lattice.marginals - lesson.target) * lesson.weight
        slope = lesson.transposed @ wrong.astype(np.float32)
        self.moved += slope * slope
        self.table -= rate * slope / np.sqrt(self.moved)
        between = (lattice.expected_transitions() - lesson.transitions) * lesson.weight
        first = wrong[lesson.chains.firsts].sum(axis=0)
        for values, moved, by in (
            (self.chain.between, self.chain_moved.between, between),
            (self.chain.first, self.chain_moved.first, first),
        ):
            moved += by * by
            values -= rate * by / np.sqrt(moved)
