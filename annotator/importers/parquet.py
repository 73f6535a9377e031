"""Parquet files with a column of articles (Apache Parquet, https://parquet.apache.org/docs/file-format/)."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from annotator.importers.bare import UnreadableError, library, piece
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.columns import record_of_row, text_column
from annotator.importers.files import shown_name

_MAGIC = b"PAR1"  # at both ends; before the last one, four bytes say how long the footer is
_LONGEST_FOOTER = 16_000_000
_BATCH = 64  # rows


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """Every row as an article, or why it is none."""
    file = shown_name(path)
    if not path.stat().st_size:
        yield Problem(file, "the file is empty")
        return
    error = library("pyarrow", "datasets").ArrowException
    number = 0
    try:
        for number, (row, text) in enumerate(_rows(path, options), 1):
            where = f"{file}:{number}"
            item = piece(partial(record_of_row, row, text, where, file, options), where)
            if item is not None:
                yield item
    except (error, UnreadableError, OSError) as reason:
        behind = f" behind row {number}" if number else ""
        yield Problem(file, f"cannot be read{behind}: {' '.join(str(reason).split())[:200]}")


def _rows(path: Path, options: ReadOptions) -> Iterator[tuple[dict[str, Any], str]]:
    """Each row with the name of the column that holds its text."""
    text = ""
    with library("pyarrow.parquet", "datasets").ParquetFile(path, pre_buffer=False, memory_map=False) as table:
        names = list(table.schema_arrow.names)
        for batch in table.iter_batches(_BATCH, use_threads=False):
            rows = batch.to_pylist()
            text = text or text_column(names, rows, options.text_column)
            yield from ((row, text) for row in rows)
        if not text:
            raise UnreadableError("the table has no rows")


def _matches(path: Path, head: bytes) -> bool:
    if head.startswith(_MAGIC):
        return not holds_annotations(path)
    return path.suffix.lower() == ".parquet"


def holds_annotations(path: Path) -> bool:
    """Does the footer of a Parquet file name columns of tokens and tags, or of spans? It is more than texts then."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 8, 0))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(size - 8 - min(length, _LONGEST_FOOTER), 0))
        footer = file.read(min(length, _LONGEST_FOOTER))
    return (b"ner_tags" in footer and b"tokens" in footer) or b"spans" in footer or b"entities" in footer


IMPORTER = Importer(
    name="parquet",
    title="Parquet table",
    suffixes=(".parquet",),
    matches=_matches,
    read=read,
    keeps=None,
    remark="Each row an article: the column text, body, content or article, else the longest; others are metadata.",
    guarded=True,
)
