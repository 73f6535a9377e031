"""Tables as text (RFC 4180 and what programs make of it): CSV and TSV with a column of articles."""

import codecs
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Literal, NamedTuple, TextIO

from annotator.importers.bare import UnreadableError, piece
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.columns import record_of_row, text_column
from annotator.importers.decoding import NotTextError, decode
from annotator.importers.files import opened, shown_name
from annotator.importers.text_lines import is_utf8

LARGEST_FIELD = 50_000_000  # code points
GUESSED_UP_TO = 50_000_000  # bytes of a file whose encoding is guessed; a larger one is UTF-8

_SAMPLE = 200_000  # code points that tell the dialect
_SAMPLE_ROWS = 50
_NO_DELIMITER = "\x1f"
_Dialect = tuple[str, Literal[0, 3]]  # the delimiter, and QUOTE_MINIMAL or QUOTE_NONE
_DIALECTS: tuple[_Dialect, ...] = ((",", 0), (";", 0), ("\t", 0), ("|", 0), ("\t", 3))


class _Row(NamedTuple):
    """A row's fields and the line where it begins; `error` where it cannot be told into fields."""

    line: int
    fields: list[str]
    error: str = ""


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """Every row of the table as an article, or why it is none."""
    file = shown_name(path)
    try:
        with _lines(path) as (stream, note):
            yield from _read(stream, file, options, note)
    except (UnreadableError, NotTextError) as error:
        yield Problem(file, str(error))


def _read(stream: TextIO, file: str, options: ReadOptions, note: str) -> Iterator[Record | Problem]:
    rows = _rows(stream)
    first = next(rows, None)
    if first is None:
        raise UnreadableError("the file is empty")
    if first.error:
        raise UnreadableError(first.error)
    sample = list(islice(rows, _SAMPLE_ROWS))
    names = [name.strip() for name in first.fields]
    if not options.text_column and not sample and len(names) < 2:
        raise UnreadableError("one row alone; a table has a row of names and rows of articles")
    text = text_column(names, [dict(zip(names, row.fields, strict=False)) for row in sample], options.text_column)
    for row in chain(sample, rows):
        where = f"{file}:{row.line}"
        item = piece(partial(_record, row, names, text, where, file, options, note), where)
        if item is not None:
            yield item


def _record(
    row: _Row, names: list[str], text: str, where: str, file: str, options: ReadOptions, note: str
) -> Record | None:
    if row.error:
        raise UnreadableError(row.error)
    if not any(field.strip() for field in row.fields):
        return None
    if any(field.strip() for field in row.fields[len(names) :]):
        raise UnreadableError(f"{len(row.fields)} fields where there are {len(names)} columns")
    return record_of_row(dict(zip(names, row.fields, strict=False)), text, where, file, options, [note])


def _rows(stream: TextIO) -> Iterator[_Row]:
    """The rows that have fields, and those that cannot be read; behind these it goes on with the next line."""
    sample = stream.read(_SAMPLE)
    delimiter, quoting, strict = _dialect(sample)
    csv.field_size_limit(min(LARGEST_FIELD, sys.maxsize))
    lines = chain(_split(sample, stream), stream)
    rows = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=strict)
    while True:
        line = rows.line_num + 1
        try:
            fields = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(line, [], f"not as tables are written: {error}")
            continue
        if fields:
            yield _Row(line, fields)


def _split(sample: str, stream: TextIO) -> Iterator[str]:
    """The sample's lines, the last one completed from the stream."""
    lines = io.StringIO(sample, newline="").readlines()
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += stream.readline()
    return iter(lines)


def _dialect(sample: str) -> tuple[str, Literal[0, 3], bool]:
    """The delimiter and quoting under which the first rows have most evenly several fields; are all quotes in order?"""
    header = sample.partition("\n")[0]
    likely = [(mark, quoting) for mark, quoting in _DIALECTS if mark in header] or [(_NO_DELIMITER, _DIALECTS[0][1])]
    best = max(likely, key=lambda each: _evenness(sample, *each))
    return *best, _evenness(sample, *best)[1]


def _evenness(sample: str, delimiter: str, quoting: Literal[0, 3]) -> tuple[float, bool, int]:
    """The share of rows with as many fields as the first, whether all quotes are in order, and how many fields."""
    for strict in (True, False):
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quoting=quoting, strict=strict)
        counts: list[int] = []
        try:
            counts.extend(len(row) for row in islice(reader, _SAMPLE_ROWS) if row)
        except csv.Error:
            is_sample_s_end = len(sample) == _SAMPLE and reader.line_num >= sample.count("\n")
            if strict and not is_sample_s_end:
                continue
        if counts:
            return Counter(counts)[counts[0]] / len(counts), strict, counts[0]
    return 0.0, False, 0


@contextmanager
def _lines(path: Path) -> Iterator[tuple[TextIO, str]]:
    """The file's text with its line ends as they are, and a sentence on how it was read."""
    if is_utf8(path):
        with opened(path) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            yield text, ""
        return
    with opened(path) as file:
        raw = file.read(GUESSED_UP_TO + 1)
        if len(raw) <= GUESSED_UP_TO:
            decoded = decode(raw)
            yield io.StringIO(decoded.text.removeprefix("\ufeff"), newline=""), decoded.note
            return
        file.seek(len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0)
        del raw
        yield io.TextIOWrapper(file, "utf-8", "surrogateescape", newline=""), ""


def _matches(path: Path, _head: bytes) -> bool:
    return path.suffix.lower() in (".csv", ".tsv")


IMPORTER = Importer(
    name="csv",
    title="Table (CSV, TSV)",
    suffixes=(".csv", ".tsv"),
    matches=_matches,
    read=read,
    keeps=None,
    remark="Each row an article: the column text, body, content or article, else the longest; others are metadata.",
)
