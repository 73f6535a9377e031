"""The records of a JSON file, whatever holds them: lines, one array, or a single object."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from annotator.importers.base import Problem
from annotator.importers.files import HEAD_BYTES, opened, shown_name
from annotator.importers.json_stream import RECORD_LIMIT, Piece, elements, lines
from annotator.importers.json_values import BadJsonError, parse

SUFFIXES = (".jsonl", ".ndjson", ".json")
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ARRAY = re.compile(rb"\s*\[\s*[\[{\]]")
_SPREAD = re.compile(rb"\s*\{\s*\n")  # one object over many lines
_JSON = re.compile(rb'\s*(?:\[\s*)?[\[{]\s*["\[{]')
_LOOKED_AT = 20  # records in the head by which a file's kind is told


def records(path: Path) -> Iterator[tuple[str, bytes] | Problem]:
    """Each record's place, as "news.jsonl:3", and its bytes; or why it is none.

    :raises KnownError: the file cannot be opened.
    """
    name = shown_name(path)
    with opened(path) as file:
        head = file.read(HEAD_BYTES)
        if head.startswith(_UTF16_MARKS):
            yield Problem(name, "written in UTF-16 or UTF-32; JSON is read in UTF-8")
            return
        file.seek(len(_UTF8_MARK) if head.startswith(_UTF8_MARK) else 0)
        empty = True
        for number, raw in _pieces(path, file, head.removeprefix(_UTF8_MARK)):
            if raw is None or raw.strip():
                empty = False
                yield _record(f"{name}:{number}", raw)
        if empty:
            yield Problem(name, "the file is empty")


def _record(where: str, raw: bytes | None) -> tuple[str, bytes] | Problem:
    if raw is None:
        return Problem(where, f"longer than {RECORD_LIMIT // 1_000_000} MB")
    return where, raw.rstrip(b"\r\n")


def _pieces(path: Path, file: BinaryIO, head: bytes) -> Iterator[Piece]:
    if _ARRAY.match(head):
        return elements(file)
    if path.suffix.lower() == ".json" and _SPREAD.match(head):
        raw = file.read(RECORD_LIMIT + 1)
        return iter([(1, raw if len(raw) <= RECORD_LIMIT else None)])
    return lines(file)


def first_values(path: Path, head: bytes) -> list[Any]:
    """The values of the first records, by which the file's kind is told; none where it is no JSON.

    A record that is longer than the head is read from the file, where there is one.
    """
    head = head.removeprefix(_UTF8_MARK)
    if not _JSON.match(head):
        return []
    return _values(_pieces(path, BytesIO(head), head)) or _first_in(path)


def _first_in(path: Path) -> list[Any]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(len(_UTF8_MARK) if head.startswith(_UTF8_MARK) else 0)
            found = _pieces(path, file, head.removeprefix(_UTF8_MARK))
            return _values(iter([next(found, (0, None))]))
    except OSError:
        return []


def _values(pieces: Iterator[Piece]) -> list[Any]:
    found = []
    for _, (_, raw) in zip(range(_LOOKED_AT), pieces, strict=False):
        try:
            found += [parse(raw)] if raw and raw.strip() else []
        except BadJsonError:
            continue
    return found
