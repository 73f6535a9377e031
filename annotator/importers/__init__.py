"""Reading articles from files. Formats are found by content; a file's ending only helps.

To add one: write a module with an `IMPORTER` (see `base.Importer`) and append it to IMPORTERS,
before `plain_text`, which takes what no other wants. The tests in tests/importers hold every entry.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.errors import KnownError
from annotator.importers import (
    brat,
    conll,
    doccano,
    docx,
    eml,
    feed,
    gliner,
    huggingface,
    jsonl,
    label_studio,
    labelbuddy,
    markdown,
    newsml,
    own_page,
    parquet,
    pdf,
    plain_text,
    prodigy,
    spacy_docbin,
    spacy_json,
    table,
    warc,
    web_page,
    webanno,
    xmi,
)
from annotator.importers.archive import SUFFIXES as ARCHIVES
from annotator.importers.base import AS_FOUND, Importer, Problem, ReadOptions, Record, UnitUndecidedError
from annotator.importers.files import files_of, head_of, names_of
from annotator.importers.json_record import record_of
from annotator.importers.reading import Reader

IMPORTERS: tuple[Importer, ...] = (
    brat.IMPORTER,
    webanno.IMPORTER,
    xmi.IMPORTER,
    spacy_docbin.IMPORTER,
    conll.IMPORTER,
    # Each of these knows its own records; `jsonl` takes what is left of JSON.
    *(module.SHAPE.importer() for module in (gliner, labelbuddy, label_studio, prodigy, doccano, spacy_json)),
    huggingface.IMPORTER,
    jsonl.IMPORTER,
    feed.IMPORTER,
    newsml.IMPORTER,
    own_page.IMPORTER,
    web_page.IMPORTER,
    warc.IMPORTER,
    pdf.IMPORTER,
    docx.IMPORTER,
    eml.IMPORTER,
    markdown.IMPORTER,
    parquet.IMPORTER,
    table.IMPORTER,
    plain_text.IMPORTER,
)


def by_name(name: str) -> Importer:
    """The importer of that name; raises KnownError for an unknown one."""
    for importer in IMPORTERS:
        if importer.name == name:
            return importer
    known = ", ".join(importer.name for importer in IMPORTERS)
    raise KnownError(f"There is no import format “{name}”.", f"Choose one of {known}.")


def importer_of(path: Path) -> Importer:
    """The importer that fits the file's content; raises KnownError where it cannot be read."""
    head = head_of(path)
    return next(importer for importer in IMPORTERS if importer.matches(path, head))


def read(path: str | Path, format: str | None = None, options: ReadOptions = AS_FOUND) -> Iterator[Record | Problem]:
    """Every record or problem of one file, in order; those of an archive are named "archive.zip/inner.html".

    :param format: an importer's name; None finds it by content.
    :raises KnownError: at once for an unknown format and a file that cannot be read.
    :raises UnitUndecidedError: before the first record that needs it, where the file does not say how it counts.
    """
    reader = Reader(by_name, importer_of)
    return _to_the_end(reader, reader.read(path, format, options))


def reader(beat: Callable[[], object] = lambda: None) -> Reader:
    """Reads many files as `read` does one; a context manager.

    :param beat: called again and again while a file keeps us waiting; what it raises ends the reading.
    """
    return Reader(by_name, importer_of, beat)


def _to_the_end(reader: Reader, items: Iterator[Record | Problem]) -> Iterator[Record | Problem]:
    with reader:
        yield from items


__all__ = [
    "ARCHIVES",
    "IMPORTERS",
    "Importer",
    "Problem",
    "ReadOptions",
    "Reader",
    "Record",
    "UnitUndecidedError",
    "by_name",
    "files_of",
    "importer_of",
    "names_of",
    "read",
    "reader",
    "record_of",
]
