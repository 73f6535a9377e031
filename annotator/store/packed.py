"""Packed suggestions and tokens, looked at before anything relies on them: few bytes may unpack to very many.

Each text bounds what can be suggested in it, and each file what all of it may unpack to: a look takes no longer than
the file is large, however it was made.
"""

import json
import zlib
from typing import Any

from annotator.store.values import is_confidence, is_number, is_text

# Bytes that one article's suggestions may unpack to, beside so many for each code point of its text.
_LEAST, _A_SIGN, _MOST = 1 << 20, 1000, 1 << 26
_SPANS, _SPANS_A_SIGN = 1000, 4  # and how many of them there may be
_ALL, _A_BYTE = 1 << 26, 50  # bytes that all of a file unpacks to, beside so many for each of its own
_BROKEN = (ValueError, TypeError, RecursionError, OverflowError, MemoryError, zlib.error)


class Unpacking:
    """What one look at a file may unpack.

    :param size: bytes of the file.
    """

    def __init__(self, size: int) -> None:
        self._left = _ALL + _A_BYTE * size

    def problem(self, spans: object, tokens: object, length: int) -> str:
        """What is wrong with the packed suggestions of one article and its tokens; "" where all is well.

        :param length: of the text, in code points.
        """
        found, edges = self._unpacked(spans, length), self._unpacked(tokens, length)
        if not isinstance(found, list) or not all(_is_suggestion(each, length) for each in found):
            return "has suggestions that cannot be read"
        if not isinstance(edges, list) or not _are_edges(edges, length):
            return "has tokens that cannot be read"
        most = _SPANS + _SPANS_A_SIGN * length
        return "has more suggestions than its text has places" if max(len(found), len(edges)) > most else ""

    def _unpacked(self, blob: object, length: int) -> Any:
        """None where it is not packed, or larger than anything that was ever packed for such a text."""
        most = min(_LEAST + _A_SIGN * length, _MOST, self._left)
        try:
            opened = zlib.decompressobj()
            raw = opened.decompress(blob, most + 1)  # type: ignore[arg-type]
            self._left -= len(raw)
            return json.loads(raw) if opened.eof and len(raw) <= most else None
        except _BROKEN:
            return None


def _is_suggestion(each: object, length: int) -> bool:
    if not isinstance(each, list) or not 4 <= len(each) <= 5:
        return False
    start, size, label, sure, *source = each
    return (
        is_number(start)
        and is_number(size, 1)
        and start + size <= length
        and is_text(label)
        and is_confidence(sure)
        and all(map(is_text, source))
    )


def _are_edges(distances: list[object], length: int) -> bool:
    numbers = [each for each in distances if type(each) is int and 0 <= each <= length]
    return len(numbers) == len(distances) and not len(numbers) % 2 and sum(numbers) <= length
