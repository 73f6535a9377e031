"""An article as the learner reads it: words in sentences, with what the pipeline says of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ENDS = frozenset(".!?。！？।؟…")
_CLOSING = frozenset("\"'”’»)]}›」』")
_LONGEST = 120  # words of a sentence
_NO_ROW_ENDS = _ENDS | _CLOSING
_LONGEST_ROW = 24  # words of a table's row
_LINE_END = re.compile(r"[\r\n]")
_EMPTY_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*[\r\n]")
_FOLLOWED = re.compile(r"^(\S.*)(?:\r\n|\r|\n)(?=\S)", re.MULTILINE)
_WIDEST, _RAGGED = 110, 16  # code points
_SHOUTED = 0.7  # share of upper-case words

Place = tuple[int, int, str]  # first word, one past the last, label


class Surroundings(NamedTuple):
    """Sentences around a word, in numbers of words.

    :param first, last: the first word, and one past the last.
    :param resumed: the first word of the sentence that holds the word.
    :param lengths_before: of the sentences from `first` up to the word.
    :param lengths_behind: of the sentences from `resumed` on.
    """

    first: int
    resumed: int
    last: int
    lengths_before: NDArray[np.int64]
    lengths_behind: NDArray[np.int64]


@dataclass(frozen=True)
class Passage:
    """Words of one article.

    :param words: without white space, in order.
    :param starts, ends: code points of each word in the article's text.
    :param lengths: words of each sentence.
    :param hints: what the pipeline makes of each word, "O" or "B-ORG"; empty where there is none.
    :param leanings: how much it leans to something else, a short text for each word; may be empty.
    """

    words: tuple[str, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lengths: NDArray[np.int64]
    hints: tuple[str, ...] = ()
    leanings: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def sentence(self) -> NDArray[np.int64]:
        """The number of each word's sentence."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def position(self) -> NDArray[np.int64]:
        """The number of each word in its sentence."""
        first = np.cumsum(self.lengths) - self.lengths
        return np.arange(len(self)) - np.repeat(first, self.lengths)

    @cached_property
    def shouted(self) -> NDArray[np.bool_]:
        """Is the word in a sentence of capitals, as a headline?"""
        flags, at = [], 0
        for length in self.lengths.tolist():
            letters = [word for word in self.words[at : at + length] if word.isalpha()]
            flags.append(len(letters) > 1 and sum(w.isupper() for w in letters) > _SHOUTED * len(letters))
            at += length
        return np.repeat(np.array(flags, bool), self.lengths)

    @cached_property
    def lower(self) -> tuple[str, ...]:
        """The words in small letters."""
        return tuple(word.lower() for word in self.words)

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """The places of each word in small letters."""
        where: dict[str, list[int]] = {}
        for number, word in enumerate(self.lower):
            where.setdefault(word, []).append(number)
        return where

    @cached_property
    def slots(self) -> tuple[tuple[str, int], ...]:
        """For each word the pattern of its sentence, and the word's place in it: rows of tables have the same.

        Words in capitals, small words and numbers that follow each other count as one: "C d C d" for
        "AC Milan 3 Inter 1". "" for a sentence that is no row: too long, or with a full stop.
        """
        found: list[tuple[str, int]] = []
        at = 0
        for length in self.lengths.tolist():
            words = self.words[at : at + length]
            kinds = [_kind(word) for word in words] if length <= _LONGEST_ROW and words[-1] not in _NO_ROW_ENDS else []
            runs = [kind for n, kind in enumerate(kinds) if n == 0 or kind != kinds[n - 1]]
            pattern = " ".join(runs)
            slot = -1
            for n in range(length):
                slot += bool(kinds) and (n == 0 or kinds[n] != kinds[n - 1])
                found.append((pattern, slot))
            at += length
        return tuple(found)

    def places(self, spans: Iterable[tuple[int, int, str]]) -> list[Place]:
        """Spans in code points as places in words, widened to word edges; without those that meet no word."""
        found = []
        for start, end, label in spans:
            first = int(np.searchsorted(self.ends, start, "right"))
            last = int(np.searchsorted(self.starts, end, "left"))
            if first < last:
                found.append((first, last, label))
        return found

    def around(self, upto: int, before: int, behind: int) -> "Surroundings":
        """Whole sentences around a word.

        :param before, behind: about how many words at either side.
        """
        ends = np.cumsum(self.lengths)
        begins = ends - self.lengths
        here = int(np.searchsorted(ends, upto, "right"))
        first = int(np.searchsorted(begins, max(upto - before, 0)))
        first = min(first, here)
        last = min(int(np.searchsorted(ends, upto + behind)) + 1, len(ends))
        lengths = np.minimum(self.lengths[first : here + 1], upto - begins[first : here + 1])
        resumed = int(begins[here]) if here < len(begins) else len(self)
        return Surroundings(
            int(begins[first]) if first < len(begins) else len(self),
            resumed,
            int(ends[last - 1]) if last else 0,
            lengths[lengths > 0],
            self.lengths[here:last],
        )

    def words_before(self, position: int) -> int:
        """How many words end at or before a code point."""
        return int(np.searchsorted(self.ends, position, "right"))


def _is_wrapped(text: str) -> bool:
    """Were the lines broken at a width? Then most of those that another line follows are nearly as long as any."""
    followed = [len(match[1]) for match in _FOLLOWED.finditer(text)]
    widest = max(followed, default=0)
    full = sum(widest - _RAGGED <= length for length in followed)
    return len(followed) >= 3 and widest <= _WIDEST and full >= 0.7 * len(followed)


def _kind(word: str) -> str:
    """What kind of word it is, in a sign."""
    first = word[0]
    return "C" if first.isupper() else "l" if first.isalpha() else "d" if first.isdigit() else first


def passage(
    text: str,
    tokens: Sequence[tuple[int, int]],
    hints: Sequence[str] = (),
    leanings: Sequence[str] = (),
) -> Passage:
    """Cut a text into sentences.

    :param tokens: (start, end) in code points of all that is no white space, in order.
    """
    starts = np.fromiter((start for start, _ in tokens), np.int64, len(tokens))
    ends = np.fromiter((end for _, end in tokens), np.int64, len(tokens))
    words = tuple(text[start:end] for start, end in tokens)
    lengths = np.array(list(_sentence_lengths(text, words, tokens)), np.int64)
    return Passage(words, starts, ends, lengths, tuple(hints), tuple(leanings))


def _sentence_lengths(text: str, words: Sequence[str], tokens: Sequence[tuple[int, int]]) -> Iterable[int]:
    """A sentence ends with its line, or with a full stop before a word that may begin one.

    Where lines were broken at a width, as in mails and old wire texts, only an empty line ends it.
    """
    line_end = _EMPTY_LINE if _is_wrapped(text) else _LINE_END
    length, ended = 0, False
    for number, word in enumerate(words):
        if length:
            gap = text[tokens[number - 1][1] : tokens[number][0]]
            begins = ended and word not in _CLOSING | _ENDS and not word[0].islower()
            if begins or line_end.search(gap) or length >= _LONGEST:
                yield length
                length, ended = 0, False
        length += 1
        ended = word in _ENDS or (ended and word in _CLOSING)
    if length:
        yield length
