"""JSON Lines, and JSON files that hold one array of records or a single one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.files import HEAD_BYTES, opened, shown_name
from annotator.importers.json_record import read_record
from annotator.importers.json_stream import RECORD_LIMIT, Piece, elements, lines
from annotator.model.keeping import EVERYTHING

_SUFFIXES = (".jsonl", ".ndjson", ".json")
_UTF8_MARK = b"\xef\xbb\xbf"
_RECORDS = re.compile(rb'\s*\[?\s*\{\s*"')
_ARRAY = re.compile(rb"\s*\[\s*[{\]]")
_SPREAD = re.compile(rb"\s*\{\s*\n")  # one object over many lines


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """Every record of the file, or why it is none; a bad one does not hide the next."""
    file_name = shown_name(path)
    with opened(path) as file:
        head = file.read(HEAD_BYTES)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield Problem(file_name, "written in UTF-16; JSON is read in UTF-8")
            return
        file.seek(len(_UTF8_MARK) if head.startswith(_UTF8_MARK) else 0)
        empty = True
        for number, raw in _pieces(path, file, head.removeprefix(_UTF8_MARK)):
            if raw is None or raw.strip():
                empty = False
                yield _record(raw, f"{file_name}:{number}", file_name)
        if empty:
            yield Problem(file_name, "the file is empty")


def _pieces(path: Path, file: BinaryIO, head: bytes) -> Iterator[Piece]:
    if _ARRAY.match(head):
        return elements(file)
    if path.suffix.lower() == ".json" and _SPREAD.match(head):
        raw = file.read(RECORD_LIMIT + 1)
        return iter([(1, raw if len(raw) <= RECORD_LIMIT else None)])
    return lines(file)


def _record(raw: bytes | None, where: str, file_name: str) -> Record | Problem:
    if raw is None:
        return Problem(where, f"longer than {RECORD_LIMIT // 1_000_000} MB")
    return read_record(raw.rstrip(b"\r\n"), where, file_name)


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in _SUFFIXES or bool(_RECORDS.match(head.removeprefix(_UTF8_MARK)))


IMPORTER = Importer(
    name="jsonl",
    title="JSON Lines",
    suffixes=_SUFFIXES,
    matches=_matches,
    read=read,
    keeps=EVERYTHING,
    remark="Id, text and metadata; spans of this program with their decisions, of Prodigy, doccano and spaCy.",
)
