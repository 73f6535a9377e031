"""Records out of files, for an import: what stops one file stops no other."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from annotator import importers
from annotator.errors import KnownError
from annotator.importers.base import Problem, ReadOptions, Record, UnitUndecidedError
from annotator.session.importing import Import

_log = logging.getLogger(__name__)

OnProgress = Callable[[int, int], None]


def take_files(
    taking: Import,
    files: Mapping[Path, str],
    format: str | None,
    strict: bool,
    options: ReadOptions,
    progress: OnProgress | None,
) -> None:
    """Take all records of these files, each with what reports call it."""
    number = 0

    def beat() -> None:
        if progress is not None:
            progress(number, len(files))

    with importers.reader(beat) as reader:
        for number, (file, name) in enumerate(files.items()):  # noqa: B007 (the beat tells it)
            taking.files.append(name)
            for item in _records(partial(reader.read, file, format, options, name), name, taking.asks_unit):
                beat()
                taking.take(item)
    taking.unless_unknown_labels()
    if strict:
        taking.unless_all_accepted()


def _records(read: Callable[[], Iterator[Record | Problem]], name: str, asks_unit: bool) -> Iterator[Record | Problem]:
    """What a file holds; one that cannot be read is a problem of its own and stops no other."""
    try:
        yield from read()
    except UnitUndecidedError as error:
        if asks_unit:
            raise
        yield Problem(name, error.reason)
    except KnownError as error:
        yield Problem(name, f"{error.title} {error.advice}".strip())
    except (MemoryError, OSError) as error:
        reason = getattr(error, "strerror", None) or "it needs more memory than there is"
        yield Problem(name, f"could not be read to its end: {reason}")
    except Exception as error:  # a file that an importer has no answer to costs no other file
        _log.exception("an importer broke down")
        yield Problem(name, f"could not be read to its end ({type(error).__name__}); this is a bug in Annotator")
