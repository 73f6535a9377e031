"""Reading articles from files. Formats are found by content; a file's ending only helps.

To add one: write a module with an `IMPORTER` (see `base.Importer`) and append it to IMPORTERS,
before `plain_text`, which takes what no other wants. The tests in tests/importers hold every entry.
"""

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import KnownError
from annotator.importers import jsonl, own_page, plain_text, web_page
from annotator.importers.base import AS_FOUND, Importer, Problem, ReadOptions, Record, UnitUndecidedError
from annotator.importers.files import files_of, head_of
from annotator.importers.json_record import record_of

IMPORTERS: tuple[Importer, ...] = (
    jsonl.IMPORTER,
    own_page.IMPORTER,
    web_page.IMPORTER,
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
    """Every record or problem of one file, in order.

    :param format: an importer's name; None finds it by content.
    :raises KnownError: at once for an unknown format and a file that cannot be read.
    :raises UnitUndecidedError: before the first record, where the file does not say how it counts offsets.
    """
    path = Path(path)
    return (by_name(format) if format else importer_of(path)).read(path, options)


__all__ = [
    "IMPORTERS",
    "Importer",
    "Problem",
    "ReadOptions",
    "Record",
    "UnitUndecidedError",
    "by_name",
    "files_of",
    "importer_of",
    "read",
    "record_of",
]
