"""Which texts are nearly the same: the same wire story in several papers.

A text is the set of its runs of five words. Two texts are twins where the shorter one has most of
its runs in common with the other, and both have enough of them in common: another headline, another
byline and a paragraph cut leave a wire of a hundred words with three quarters and 0.46 (Jaccard),
daily reports written by one pattern come to 0.70 and 0.5 (*measured* on re3d).

Candidates are found by MinHash with banding (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of
Massive Datasets, chapter 3). One hash function is enough: its values are cut into 120 bins, each keeps
its least value, and an empty one takes that of the next (Shrivastava and Li 2014, densification by
rotation). Texts that agree in a band of three bins are compared: of pairs with Jaccard 0.6 all are
met, with 0.46 98 %, with 0.05 0.5 %. Only the beginnings of texts are looked at for this: a wire is
cut from its end, and a long text costs no more than a short one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]

_IN_COMMON, _OF_ALL = 0.73, 0.4
_RUN = 5  # words
_HEAD = 800  # code points of a text that candidates are found by
_BANDS, _ROWS = 40, 3
_SHORT = 20  # runs; of shorter texts only equal ones are twins, since a template fills them
_AT_A_TIME = 1000  # texts
_LOOKED_AT = 3  # candidates that are compared word for word
_WORD = re.compile(r"\w+")
_ODD = 0x9E3779B97F4A7C15


def _runs(texts: Sequence[str]) -> "list[Numbers]":
    """The hashes of the runs of each text, in its order; of all together, since each step in numpy has its price."""
    import numpy as np

    found = [_WORD.findall(text.lower()) for text in texts]
    padded = [words + [""] * (_RUN - len(words)) if words else words for words in found]
    counts = [len(words) for words in padded]
    hashed = np.fromiter(map(_hashes.__getitem__, chain.from_iterable(padded)), np.uint64, sum(counts))
    mixed = np.zeros(max(len(hashed) - _RUN + 1, 0), dtype=np.uint64)
    for at in range(_RUN):
        mixed = (mixed + hashed[at : at + len(mixed)]) * np.uint64(_ODD)
        mixed ^= mixed >> np.uint64(29)
    ends = list(accumulate(counts))
    return [mixed[end - n : max(end - _RUN + 1, end - n)] for end, n in zip(ends, counts, strict=True)]


class _Hashes(dict[str, int]):
    """CRC-32 of words, each computed once: the same in every run of the program."""

    def __missing__(self, word: str) -> int:
        hashed = self[word] = crc32(word.encode("utf-8", "replace"))
        return hashed


_hashes = _Hashes()


def runs_of(text: str) -> "Numbers":
    """The hashes of the text's runs of five words, sorted, each once; casing and signs do not count."""
    import numpy as np

    return np.unique(_runs([text])[0])


def are_twins(one: "Numbers", other: "Numbers") -> bool:
    """Are two texts, given by their runs, nearly the same?"""
    import numpy as np

    shorter, longer = sorted((len(one), len(other)))
    both = len(np.intersect1d(one, other, assume_unique=True))
    if shorter < _SHORT:
        return both == longer
    return both >= _IN_COMMON * shorter and both >= _OF_ALL * (shorter + longer - both)


class Sketches:
    """The bands of all texts of a project, to find the earliest ones that share some with a text.

    Takes 640 bytes a text.
    """

    def __init__(self) -> None:
        import numpy as np

        random, bins = np.random.default_rng(75), _BANDS * _ROWS
        self._folds = random.integers(1, 2**63, (_BANDS, _ROWS), dtype=np.uint64) | np.uint64(1)
        # where each bin begins; neighbours, which may have the same value, are not put into one band
        self._begins = random.permutation(np.arange(bins, dtype=np.uint64) * np.uint64(2**64 // bins))
        self._keys = np.empty(0, dtype=np.uint64)  # sorted
        self._owners = np.empty(0, dtype=np.int64)  # the texts' numbers; of an equal key the earliest first

    def bands(self, texts: Sequence[str]) -> "list[Numbers | None]":
        """What `add` and `candidates` want of each text; None where it has no words. Many at once are faster."""
        return [self._bands(runs) if len(runs) else None for runs in _runs([text[:_HEAD] for text in texts])]

    def _bands(self, runs: "Numbers") -> "Numbers":
        runs.sort()
        least = runs.take(runs.searchsorted(self._begins), mode="wrap").reshape(_BANDS, _ROWS)
        folded: Numbers = (least * self._folds).sum(axis=1)
        return folded

    def add(self, numbers: Sequence[int], bands: Sequence["Numbers"]) -> None:
        """More texts; each number is higher than all before."""
        import numpy as np

        if not numbers:
            return
        keys, owners = np.concatenate(bands), np.repeat(np.array(numbers, dtype=np.int64), _BANDS)
        order = np.argsort(keys, kind="stable")
        keys, owners = keys[order], owners[order]
        at = np.searchsorted(self._keys, keys, side="right")
        self._keys, self._owners = np.insert(self._keys, at, keys), np.insert(self._owners, at, owners)

    def candidates(self, numbers: Sequence[int], bands: Sequence["Numbers"]) -> Iterator[tuple[int, list[int]]]:
        """The earliest texts that share a band with one that was added, those that share most first.

        :returns: only texts that have some, with these.
        """
        import numpy as np

        for at in range(0, len(numbers), _AT_A_TIME):
            some, keys = np.array(numbers[at : at + _AT_A_TIME]), np.array(bands[at : at + _AT_A_TIME])
            first = self._owners[np.searchsorted(self._keys, keys, side="left")]
            for row in np.flatnonzero((first < some[:, None]).any(axis=1)):
                owners, votes = np.unique(first[row][first[row] < some[row]], return_counts=True)
                best: Iterable[int] = np.argsort(-votes, kind="stable")[:_LOOKED_AT]
                yield int(some[row]), [int(owners[each]) for each in best]
