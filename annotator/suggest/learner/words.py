"""What a word looks like."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from annotator.suggest.learner.codes import Codes, code

_RUN = re.compile(r"(.)\1+")
_LONGEST_SHAPE = 12

FORMS = ("lower", "exact", "shape", "outline", *(f"{end}{n}" for end in ("prefix", "suffix") for n in (1, 2, 3, 4)))


def shape(word: str) -> str:
    """Each sign's kind: "Xxxx-dd" for "Bonn-99"."""
    return "".join(
        "X" if sign.isupper() else "x" if sign.islower() else "d" if sign.isdigit() else sign for sign in word
    )


class Words:
    """The codes of the forms of each word that was met, computed once."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._rows: list[list[int]] = []
        self._table: Codes = np.empty((len(FORMS), 0), np.uint64)

    def forms(self, words: Sequence[str]) -> dict[str, Codes]:
        """By form, a code for each of the words."""
        numbers = np.fromiter((self._known(word) for word in words), np.int64, len(words))
        if self._table.shape[1] != len(self._rows):
            self._table = np.ascontiguousarray(np.array(self._rows, np.uint64).T)
        return dict(zip(FORMS, self._table[:, numbers], strict=True)) if len(words) else _NO_FORMS

    def _known(self, word: str) -> int:
        number = self._number.get(word)
        if number is None:
            number = self._number[word] = len(self._rows)
            self._rows.append(list(_codes_of(word)))
        return number


_NO_FORMS = dict.fromkeys(FORMS, np.empty(0, np.uint64))


def _codes_of(word: str) -> Iterable[int]:
    lower, outer = word.lower(), shape(word)
    yield code("l" + lower)
    yield code("w" + word)
    yield code("s" + outer[:_LONGEST_SHAPE])
    yield code("o" + _RUN.sub(r"\1", outer))
    for length in (1, 2, 3, 4):
        yield code(f"p{length}{lower[:length]}")
    for length in (1, 2, 3, 4):
        yield code(f"q{length}{lower[-length:]}")
