"""Orders of texts by what they are about: topics in turn, and what teaches most.

A text is the set of words of its beginning, which is where news says what it is about. Words are
weighted by how few texts have them (tf-idf without tf), and projected at random to 128 numbers;
texts whose numbers point the same way are of one topic (k-means on the sphere: Dhillon and Modha
2001). The same texts in the same order, with the same seed, give the same answer.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

T = TypeVar("T")
Texts = Iterable[tuple[int, str]]

_HEAD = 2000  # code points
_BUCKETS, _SIDES = 2**16, 128
_MOST_TOPICS, _ROUNDS = 50, 12
_CHOSEN = 2000  # texts that are chosen one by one for what they add to those before; nobody trains on more by hand
_WORD = re.compile(r"\w\w+")


def interleaved(*rows: Sequence[T]) -> list[T]:
    """Several rows as one, each spread evenly over the whole and in its own order."""
    places = [((at + 0.5) / len(row), n, each) for n, row in enumerate(rows) for at, each in enumerate(row)]
    return [each for _, _, each in sorted(places, key=lambda place: place[:2])]


def by_topics(texts: Texts, seed: int) -> list[int]:
    """The texts' numbers so that each topic is spread evenly: what comes first is like the whole.

    :param texts: (number, text), shuffled: within a topic they keep their order.
    """
    bags = _Bags(texts)
    topics = _topics(bags.vectors(seed), seed)
    rows: dict[int, list[int]] = {}
    for number, topic in zip(bags.numbers, topics, strict=True):
        rows.setdefault(topic, []).append(number)
    return interleaved(*(rows[topic] for topic in sorted(rows)))


def by_worth(texts: Texts, doubts: Mapping[int, float]) -> list[int]:
    """The texts' numbers, those first that teach most for each word that has to be read.

    A text is worth its doubts a word, times how new its words are: each counts the less, the more of the
    texts before have it. So two articles about the same do not follow each other.

    :param texts: (number, text), shuffled: of equal ones the earlier comes first.
    :param doubts: how much in doubt are the suggestions of each, as a sum.
    """
    import numpy as np

    bags, seen = _Bags(texts), np.ones(_BUCKETS, dtype=np.float32)
    worth = [doubts[number] / max(length, 1) for number, length in zip(bags.numbers, bags.lengths, strict=True)]
    heap = [(-each, at) for at, each in enumerate(worth)]
    heapify(heap)
    chosen: list[int] = []
    while heap and len(chosen) < _CHOSEN:
        promised, at = heap[0]
        words = bags.words[at]
        # novelty only falls, so that a text which still beats what the others promised is the best
        now = -worth[at] * float((1 / seen[words]).mean()) if len(words) else 0.0
        if now > promised + 1e-12 and len(heap) > 1:
            heapreplace(heap, (now, at))
            if heap[0][1] != at:
                continue
        heappop(heap)
        seen[words] += 1
        chosen.append(at)
    return [bags.numbers[at] for at in [*chosen, *(at for _, at in sorted(heap))]]


class _Bags:
    """The words of texts, as numbers of buckets that they are hashed into."""

    def __init__(self, texts: Texts) -> None:
        import numpy as np

        self.numbers: list[int] = []
        self.lengths: list[int] = []  # words of the whole text, roughly
        self.words: list[Numbers] = []
        buckets = _Buckets()
        for number, text in texts:
            words = set(_WORD.findall(text[:_HEAD].lower()))
            self.numbers.append(number)
            self.lengths.append(len(text) // 6)
            self.words.append(np.array(sorted({buckets[word] for word in words}), dtype=np.int64))

    def vectors(self, seed: int) -> "Floats":
        """A direction for each text."""
        import numpy as np

        met = np.bincount(np.concatenate([*self.words, np.empty(0, np.int64)]), minlength=_BUCKETS)
        weights = np.where(met > 1, np.log(max(len(self.words), 2) / np.maximum(met, 1)), 0).astype(np.float32)
        table = np.random.default_rng(seed).standard_normal((_BUCKETS, _SIDES), dtype=np.float32)
        vectors = np.empty((len(self.words), _SIDES), dtype=np.float32)
        for at, words in enumerate(self.words):
            vectors[at] = weights[words] @ table[words]
        return _directions(vectors)


class _Buckets(dict[str, int]):
    """The bucket of each word, the same in every run of the program."""

    def __missing__(self, word: str) -> int:
        bucket = self[word] = crc32(word.encode("utf-8", "replace")) % _BUCKETS
        return bucket


def _directions(vectors: "Floats") -> "Floats":
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _topics(vectors: "Floats", seed: int) -> list[int]:
    """The number of each vector's topic."""
    import numpy as np

    count = min(_MOST_TOPICS, int((len(vectors) / 2) ** 0.5))
    if count < 2:
        return [0] * len(vectors)
    centres = vectors[np.sort(np.random.default_rng(seed).choice(len(vectors), count, replace=False))]
    topics = np.zeros(len(vectors), dtype=np.int64)
    for _ in range(_ROUNDS):
        topics = (vectors @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, topics, vectors)
        centres = np.where(sums.any(axis=1, keepdims=True), _directions(sums), centres)
    return [int(topic) for topic in topics]
