"""Words and features as 64-bit codes, and codes as rows of a table of weights."""

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]

_SHIFT_HIGH, _SHIFT_LOW = np.uint64(31), np.uint64(29)
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_GOLDEN, _ALL = 0x9E3779B97F4A7C15, (1 << 64) - 1


@lru_cache(maxsize=1 << 16)
def code(text: str) -> int:
    """A number for a text, the same in every process: CRC-32 and the length."""
    data = text.encode("utf-8", "replace")
    return zlib.crc32(data) | (len(data) & 0xFF) << 32


def codes(texts: Sequence[str]) -> Codes:
    """A number for each text."""
    return np.fromiter((code(text) for text in texts), np.uint64, len(texts))


def mixed(values: Codes, salt: int) -> Codes:
    """The values spread evenly over 64 bits, differently for each salt (as the finaliser of SplitMix64)."""
    return _spread(values + np.uint64(salt * _GOLDEN & _ALL))


def mixed_rows(values: Codes, salts: Sequence[int]) -> Codes:
    """Many columns at once, one a row, each with a salt of its own."""
    return _spread(values + np.array([salt * _GOLDEN & _ALL for salt in salts], np.uint64)[:, None])


def _spread(spread: Codes) -> Codes:
    spread ^= spread >> _SHIFT_HIGH
    spread *= _FACTOR
    spread ^= spread >> _SHIFT_LOW
    return spread


def crossed(*columns: Codes) -> Codes:
    """One code for each combination of codes; each column may be a row of several."""
    combined = np.zeros_like(columns[0])
    for place, column in enumerate(columns):
        combined = mixed(combined + column, 77 + place)
    return combined
