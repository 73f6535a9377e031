"""Writing labelled datasets.

To add one: write a module with an `EXPORTER` (see `base.Exporter`) and append it to EXPORTERS.
The tests in tests/exporters hold every entry; give it a golden file there.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.errors import KnownError
from annotator.exporters import conll, jsonl, spacy_docbin
from annotator.exporters.base import Exporter, Ledger, Options
from annotator.model.article import AnnotatedArticle

EXPORTERS: tuple[Exporter, ...] = (
    jsonl.EXPORTER,
    spacy_docbin.EXPORTER,
    conll.EXPORTER,
)


def by_name(name: str) -> Exporter:
    """The exporter of that name; raises KnownError for an unknown one."""
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    known = ", ".join(exporter.name for exporter in EXPORTERS)
    raise KnownError(f"There is no export format “{name}”.", f"Choose one of {known}.")


def export(exporter: Exporter, articles: Iterable[AnnotatedArticle], path: str | Path, options: Options) -> Ledger:
    """Write all articles to a file, or leave what was there before untouched.

    :param articles: read once, in order, and not held.
    :raises KnownError: the folder is missing or full, or may not be written to.
    """
    with whole_file(path) as part:
        return exporter.write(articles, part, options)


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """A place to write to, which becomes the file when the block ends; where it raises, nothing changes.

    :raises KnownError: the folder is missing or full, or may not be written to.
    """
    target = Path(path).resolve()  # a link stays a link
    part = target.with_name(f".export-{secrets.token_hex(8)}.tmp")
    try:
        yield part
        _flush(part)
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise KnownError(f"“{target}” cannot be written: {reason}.", "Choose another folder.") from error
    finally:
        with suppress(OSError):
            part.unlink()


def _flush(path: Path) -> None:
    """Onto the disk, so that a power cut after the rename does not leave an empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


__all__ = ["EXPORTERS", "Exporter", "Ledger", "Options", "by_name", "export", "whole_file"]
