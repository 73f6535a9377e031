"""The conditional random field against sums over all paths, written out."""

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from annotator.suggest.learner.crf import Chain, Chains, Journal, Lesson, Local, Tags, Weights, compact, walk
from annotator.suggest.learner.features import BITS
from annotator.suggest.learner.spans import possible

TAGS = Tags(["PER", "LOC"])
Path = tuple[int, ...]


def paths(length: int) -> Iterator[Path]:
    """All legal taggings: nothing goes on that has not begun."""
    for path in product(range(TAGS.size), repeat=length):
        before = (0, *path)
        if all(tag == 0 or tag % 2 or before[at] in (tag - 1, tag) for at, tag in enumerate(path)):
            yield path


def weighed(scores: np.ndarray, chain: Chain) -> dict[Path, float]:
    """The probability of each path, summed up without any shortcut."""
    weights = {}
    for path in paths(len(scores)):
        score = chain.first[path[0]] + sum(scores[at, tag] for at, tag in enumerate(path))
        weights[path] = np.exp(score + sum(chain.between[a, b] for a, b in pairwise(path)))
    total = sum(weights.values())
    return {path: weight / total for path, weight in weights.items()}


def entities(path: Path) -> set[tuple[int, int, str]]:
    found = set()
    for first in (at for at, tag in enumerate(path) if tag % 2):
        last = first + 1
        while last < len(path) and path[last] == path[first] + 1:
            last += 1
        found.add((first, last, TAGS.labels[(path[first] - 1) // 2]))
    return found


def chain_of(random: np.random.Generator) -> Chain:
    return Chain(random.normal(size=(TAGS.size, TAGS.size)), random.normal(size=TAGS.size))


@pytest.mark.parametrize("seed", range(6))
def test_marginals_and_transitions_are_sums_over_all_paths(seed: int) -> None:
    random = np.random.default_rng(seed)
    length = 1 + seed % 4
    scores, chain = random.normal(scale=2, size=(length, TAGS.size)), chain_of(random)
    lattice = walk(scores, Chains(np.array([length])), chain, TAGS)
    marginals, between = np.zeros((length, TAGS.size)), np.zeros((TAGS.size, TAGS.size))
    for path, probability in weighed(scores, chain).items():
        marginals[np.arange(length), path] += probability
        for a, b in pairwise(path):
            between[a, b] += probability
    assert lattice.marginals == pytest.approx(marginals)
    assert lattice.expected_transitions() == pytest.approx(between)


@pytest.mark.parametrize("seed", range(6))
def test_possible_spans_are_sums_over_all_paths(seed: int) -> None:
    random = np.random.default_rng(100 + seed)
    scores, chain = random.normal(scale=2, size=(4, TAGS.size)), chain_of(random)
    lattice = walk(scores, Chains(np.array([4])), chain, TAGS)
    expected: dict[tuple[int, int, str], float] = {}
    for path, probability in weighed(scores, chain).items():
        for entity in entities(path):
            expected[entity] = expected.get(entity, 0) + probability
    for least in (1e-9, 0.1):
        table = possible(lattice, TAGS, least)
        found = {(*place, label): p for place, labels in table.items() for label, p in labels.items()}
        assert found == pytest.approx({entity: p for entity, p in expected.items() if p > least})


@settings(deadline=None)
@given(
    arrays.arrays(float, (7, TAGS.size), elements=st.floats(-300, 300)),
    st.lists(st.integers(1, 3), min_size=2, max_size=2),
)
def test_tags_are_legal_and_probabilities_whatever_the_scores(scores: np.ndarray, lengths: list[int]) -> None:
    lengths = [*lengths, len(scores) - sum(lengths)]
    lattice = walk(scores, Chains(np.array(lengths)), chain_of(np.random.default_rng(1)), TAGS)
    assert lattice.marginals.sum(axis=1) == pytest.approx(1)
    firsts = np.cumsum(lengths) - lengths
    assert (lattice.marginals[firsts][:, 2::2] == 0).all(), "a sentence begins with no word inside"
    expected = lattice.expected_transitions()
    assert (expected[TAGS.allowed == 0] == 0).all()
    assert expected.sum() == pytest.approx(len(lattice.marginals) - len(lengths))


def test_sentences_of_different_lengths_are_as_one_at_a_time() -> None:
    random = np.random.default_rng(7)
    lengths, chain = np.array([3, 1, 5, 2, 5]), chain_of(random)
    scores = random.normal(size=(int(lengths.sum()), TAGS.size))
    together, at, between = walk(scores, Chains(lengths), chain, TAGS), 0, np.zeros((TAGS.size, TAGS.size))
    for length in lengths.tolist():
        alone = walk(scores[at : at + length], Chains(np.array([length])), chain, TAGS)
        assert together.marginals[at : at + length] == pytest.approx(alone.marginals)
        between += alone.expected_transitions()
        at += length
    assert together.expected_transitions() == pytest.approx(between)


def test_no_words_at_all() -> None:
    nothing = Chains(np.empty(0, np.int64))
    lattice = walk(np.empty((0, TAGS.size)), nothing, Weights(TAGS).chain, TAGS)
    assert possible(lattice, TAGS) == {}


def test_compact_keeps_every_feature() -> None:
    rows = np.random.default_rng(2).integers(0, 1 << BITS, (5, 7)).astype(np.int32)
    rows[3, 1] = rows[3, 0] = rows[0, 2]  # the same number twice in a row counts twice
    used, table = compact(rows)
    again = np.zeros((5, 1 << BITS), np.float32)
    np.add.at(again, (np.arange(5)[:, None], rows), 1)
    assert (np.diff(used) > 0).all()
    assert set(used.tolist()) == set(rows.ravel().tolist())
    assert (table.toarray() == again[:, used]).all()


def test_tags_of_places() -> None:
    assert TAGS.of(6, [(0, 1, "LOC"), (1, 4, "PER"), (4, 5, "PER"), (5, 6, "SHIP")]).tolist() == [3, 1, 2, 2, 1, 0]


def likelihood(local: Local, lesson: Lesson, tags: np.ndarray, lengths: np.ndarray) -> float:
    """Of a lesson's tags, by all paths of each sentence."""
    scores, at, total = lesson.table @ local.table.astype(float), 0, 0.0
    for length in lengths.tolist():
        probability = weighed(scores[at : at + length], local.chain)
        total += float(np.log(probability[tuple(tags[at : at + length].tolist())]))
        at += length
    return total * lesson.weight


@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_a_step_goes_up_the_slope_of_the_likelihood(weight: float) -> None:
    """Where nothing has moved yet, AdaGrad tells the slope by what it notes; finite differences tell it too."""
    random = np.random.default_rng(3)
    rows = random.integers(0, 6, (5, 3)).astype(np.int32)
    used, table = compact(rows)
    tags, lengths = np.array([1, 2, 0, 3, 1]), np.array([3, 2])
    lesson = Lesson(used, table, tags, lengths, TAGS.size, weight)
    values = random.normal(scale=0.5, size=(len(used), TAGS.size)).astype(np.float32)
    rate = 1e-3

    def local() -> Local:
        moved = np.zeros_like(values), Chain(np.zeros((TAGS.size, TAGS.size)), np.zeros(TAGS.size))
        chain = chain_of(np.random.default_rng(4))
        return Local(TAGS, values.astype(np.float64), moved[0].astype(np.float64), chain, moved[1])

    before, stepped = local(), local()
    with np.errstate(invalid="ignore"):  # a forbidden transition has no slope, and here nothing to divide by
        stepped.step(lesson, rate)
    checked = 0
    for name in ("table", "between", "first"):
        now, old = _values(stepped, name), _values(before, name)
        moved = stepped.moved if name == "table" else getattr(stepped.chain_moved, name)
        for at in np.ndindex(old.shape):
            higher, lower = local(), local()
            _values(higher, name)[at] += 1e-5
            _values(lower, name)[at] -= 1e-5
            slope = (likelihood(higher, lesson, tags, lengths) - likelihood(lower, lesson, tags, lengths)) / 2e-5
            assert np.sqrt(moved[at]) == pytest.approx(abs(slope), abs=1e-4)
            if abs(slope) > 1e-3:
                assert now[at] - old[at] == pytest.approx(rate * np.sign(slope), rel=1e-3)
                checked += 1
    assert checked > 30


def _values(local: Local, name: str) -> np.ndarray:
    return local.table if name == "table" else getattr(local.chain, name)


def test_learning_makes_the_lesson_likelier_and_touches_nothing_else() -> None:
    rows = np.random.default_rng(5).integers(0, 1 << BITS, (4, 6)).astype(np.int32)
    used, table = compact(rows)
    tags, lengths = np.array([0, 1, 2, 0]), np.array([4])
    weights = Weights(TAGS)
    lesson = Lesson(used, table, tags, lengths, TAGS.size)
    seen = []
    for _ in range(4):
        seen.append(likelihood(weights.local(used), lesson, tags, lengths))
        weights.learn(lesson)
    assert seen == sorted(seen)
    assert seen[-1] > seen[0] + 1
    assert set(weights.used().tolist()) <= set(used.tolist())
    assert (np.delete(weights.table, used, axis=0) == 0).all()


def test_the_smallest_step_is_known_of() -> None:
    weights = Weights(TAGS)
    weights.table[3, 1] = 12.0  # nearly certain already
    used, table = compact(np.array([[3, 5]], np.int32))
    weights.learn(Lesson(used, table, np.array([1]), np.array([1]), TAGS.size))
    assert 0 < abs(weights.table[5]).max() < 1e-4
    assert weights.used().tolist() == [3, 5]


def test_a_local_copy_leaves_no_trace() -> None:
    used, table = compact(np.arange(12, dtype=np.int32).reshape(4, 3))
    weights = Weights(TAGS)
    local = weights.local(used)
    local.step(Lesson(used, table, np.array([1, 2, 0, 3]), np.array([4]), TAGS.size), 0.5)
    assert not weights.table.any()
    assert not weights.chain.between.any()
    assert (weights.chain_moved.first == 1).all()
    assert weights.used().size == 0
    assert local.table.any()


def test_a_journal_puts_every_number_back() -> None:
    random = np.random.default_rng(6)
    weights = Weights(TAGS)
    lessons = []
    for _ in range(4):
        used, table = compact(random.integers(0, 40, (5, 4)).astype(np.int32))
        lessons.append(Lesson(used, table, random.integers(0, 2, 5), np.array([2, 3]), TAGS.size))
    weights.learn(lessons[0])
    before = weights.table.copy(), weights.moved.copy(), weights.chain.copy(), weights.chain_moved.copy()
    journal = weights.journal = Journal()
    for lesson in lessons:
        weights.learn(lesson, 2)
    journal.seal()
    assert (weights.table != before[0]).any()
    journal.restore(weights)
    assert (weights.table == before[0]).all()
    assert (weights.moved == before[1]).all()
    for chain, old in ((weights.chain, before[2]), (weights.chain_moved, before[3])):
        assert (chain.between == old.between).all()
        assert (chain.first == old.first).all()
