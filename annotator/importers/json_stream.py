"""One record of a JSON file at a time, in memory bounded by the longest record, not by the file."""

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

RECORD_LIMIT = 50_000_000  # bytes
_CHUNK = 1 << 20
_OUTSIDE = re.compile(rb'[",]|[{\[]+|[}\]]+')
_IN_STRING = re.compile(rb'["\\]')
# Passed over in one go: the rest of a string; whole strings and more between elements; within one all but brackets.
_REST_OF_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_BETWEEN = re.compile(rb'(?:[^",{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_WITHIN = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)

Piece = tuple[int, bytes | None]  # its number from 1; its bytes, None where they are over the limit


def lines(file: BinaryIO) -> Iterator[Piece]:
    r"""The lines, ended by \n alone, with their numbers."""
    number = 0
    while line := file.readline(RECORD_LIMIT + 1):
        number += 1
        whole = line.endswith(b"\n") or len(line) <= RECORD_LIMIT
        yield number, line if whole else None
        while not whole:
            rest = file.readline(RECORD_LIMIT)
            whole = not rest or rest.endswith(b"\n")


def elements(file: BinaryIO) -> Iterator[Piece]:
    """The elements of the one array that the file holds, and what stands unfinished at its end.

    Found by their brackets, so that an element that is no valid JSON does not hide the next.
    """
    splitter = _Splitter()
    for chunk in iter(partial(file.read, _CHUNK), b""):
        yield from splitter.feed(chunk)
    yield from splitter.rest()


class _Splitter:
    """Where the elements of an array end, however the bytes are cut."""

    def __init__(self) -> None:
        self._number = 0
        self._depth = 0
        self._in_string = False
        self._escaped = 0  # bytes of the next chunk that a backslash covers
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        kept, at, self._escaped = 0, self._escaped, 0
        while match := self._next_sign(chunk, at):
            at = match.end()
            if match[0] == b"\\":
                at += 1
            elif not self._is_within(match[0]):
                for number, end in enumerate(self._ends(match[0]), match.start()):
                    if end:
                        self._keep(chunk[kept:number])
                        yield from self.rest()
                        kept = number + 1
        self._escaped = max(at - len(chunk), 0)
        self._keep(chunk[kept:])

    def _next_sign(self, chunk: bytes, at: int) -> re.Match[bytes] | None:
        if self._in_string:
            return _IN_STRING.search(chunk, _end(_REST_OF_STRING.match(chunk, at)))
        passed_over = _WITHIN if self._depth > 1 else _BETWEEN
        return _OUTSIDE.search(chunk, _end(passed_over.match(chunk, at)))

    def rest(self) -> Iterator[Piece]:
        """The element gathered so far, where it is more than white space."""
        piece = b"".join(self._parts).strip()
        if piece or self._size > RECORD_LIMIT:
            self._number += 1
            yield self._number, piece if self._size <= RECORD_LIMIT else None
        self._parts, self._size = [], 0

    def _is_within(self, brackets: bytes) -> bool:
        """Follow all of them at once, where none can begin or end the array or one of its elements."""
        if len(brackets) < 2:
            return False
        deeper = len(brackets) if brackets[0] in b"{[" else -len(brackets)
        if self._depth < 1 or self._depth + deeper < 1:
            return False
        self._depth += deeper
        return True

    def _ends(self, signs: bytes) -> Iterator[bool]:
        """For each of the signs whether the array or one of its elements begins or ends with it."""
        return (self._ends_at(signs[at : at + 1]) for at in range(len(signs)))

    def _ends_at(self, sign: bytes) -> bool:
        """Follow one sign; does the array or one of its elements begin or end with it?"""
        if sign == b'"':
            self._in_string = not self._in_string
        elif sign == b",":
            return self._depth == 1
        elif sign in b"{[":
            self._depth += 1
            return self._depth == 1
        else:
            self._depth -= 1
            return self._depth == 0
        return False

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= RECORD_LIMIT:
            self._parts.append(part)
        else:
            self._parts.clear()


def _end(match: re.Match[bytes] | None) -> int:
    assert match is not None  # it matches nothing, too
    return match.end()
