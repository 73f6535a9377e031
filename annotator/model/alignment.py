"""Where stretches of one text stand in another, nearly the same text.

Compared are words and single signs, so that line breaks and spaces may differ. Sentences that are
equal are matched first, then the words between them: that is quick, and a name that stands in
many sentences is found in the right one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from difflib import SequenceMatcher

_WORD_OR_SIGN = re.compile(r"\w+|[^\w\s]")
_ENDS = frozenset(".!?")
_CONTEXT = 2  # words: a name on its own between other words may be another one of that name
_MOST = 2000  # words between equal sentences; comparing takes their product, and little would be found

Block = tuple[int, int, int]  # first word in one text, first word in the other, how many are the same


class Alignment:
    """What two texts have in common.

    :param text: the text that the asked-for ranges are of.
    :param other: the text that the answers are of.
    """

    def __init__(self, text: str, other: str) -> None:
        ours, theirs = _words(text), _words(other)
        self._starts, self._ends = [m.start() for m in ours], [m.end() for m in ours]
        self._there = [m.span() for m in theirs]
        a, b = [m.group() for m in ours], [m.group() for m in theirs]
        self.is_equal = a == b
        self._blocks = [(0, 0, len(a))] if self.is_equal else _joined(_blocks(a, b))
        self._firsts = [block[0] for block in self._blocks]

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        """Where [start, end) stands in the other text: the same words, with some of the same words around them.

        :returns: a range of the other text; None where it does not stand there, or might be something else.
        """
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end) - 1
        at = bisect_right(self._firsts, first) - 1
        if first > last or at < 0:
            return None
        here, there, size = self._blocks[at]
        if last >= here + size or not (self.is_equal or size >= last - first + 1 + _CONTEXT):
            return None
        into, out_of = start - self._starts[first], end - self._ends[last]
        if into < 0 or out_of > 0:  # it begins or ends with white space, which may differ
            return None
        return self._there[there + first - here][0] + into, self._there[there + last - here][1] + out_of


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD_OR_SIGN.finditer(text))


def _blocks(a: list[str], b: list[str]) -> Iterator[Block]:
    """The longest runs of words that both have, in order."""
    one, other = _sentences(a), _sentences(b)
    matcher = SequenceMatcher(None, [tuple(a[i:j]) for i, j in one], [tuple(b[i:j]) for i, j in other], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield one[i1][0], other[j1][0], one[i2 - 1][1] - one[i1][0]
        elif kind == "replace":
            yield from _inner(a, b, (one[i1][0], one[i2 - 1][1]), (other[j1][0], other[j2 - 1][1]))


def _inner(a: list[str], b: list[str], here: tuple[int, int], there: tuple[int, int]) -> Iterator[Block]:
    if here[1] - here[0] > _MOST or there[1] - there[0] > _MOST:
        return
    matcher = SequenceMatcher(None, a[slice(*here)], b[slice(*there)], autojunk=False)
    for i, j, size in matcher.get_matching_blocks():
        if size:
            yield here[0] + i, there[0] + j, size


def _sentences(words: list[str]) -> list[tuple[int, int]]:
    """Ranges of words up to a full stop or the like; rough, and the same for the same words."""
    ends = [n for n, word in enumerate(words, 1) if word in _ENDS]
    if not ends or ends[-1] < len(words):
        ends.append(len(words))
    return [(start, end) for start, end in zip([0, *ends], ends, strict=False) if start < end]


def _joined(blocks: Iterator[Block]) -> list[Block]:
    """Blocks that follow each other in both texts are one."""
    joined: list[Block] = []
    for here, there, size in blocks:
        if joined and joined[-1][0] + joined[-1][2] == here and joined[-1][1] + joined[-1][2] == there:
            joined[-1] = (*joined[-1][:2], joined[-1][2] + size)
        else:
            joined.append((here, there, size))
    return joined
