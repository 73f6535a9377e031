"""What SQLite complains about, in plain words and as an error of the right kind."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from annotator.errors import DamagedError, DiskError, InUseError, KnownError

_Made = Callable[[str, str], KnownError]

_KINDS: tuple[tuple[str, _Made, str, str], ...] = (
    (
        "SQLITE_FULL",
        partial(DiskError, full=True),
        "The disk is full: this was NOT saved.",
        "Everything before it is. Make room on the disk of {name}, then do it again.",
    ),
    ("SQLITE_BUSY", InUseError, "Another program is using {name}: nothing was saved.", "Close it there, or try again."),
    ("SQLITE_LOCKED", InUseError, "Another program is using {name}: nothing was saved.", "Try again."),
    (
        "SQLITE_READONLY",
        DiskError,
        "{name} cannot be written to: this was NOT saved.",
        "Everything before it is. Copy the project to a folder that you may write to.",
    ),
    ("SQLITE_CANTOPEN", DiskError, "{name} or its folder cannot be opened.", "Check that you may read and write it."),
    ("SQLITE_PERM", DiskError, "{name} cannot be opened: no permission.", "Check that you may read and write it."),
    (
        "SQLITE_IOERR",
        DiskError,
        "The disk of {name} reported an error: this was NOT saved.",
        "Everything before it is. Check the disk, and copy the project to another.",
    ),
    ("SQLITE_PROTOCOL", DiskError, "The disk of {name} cannot lock files.", "Copy the project to another disk."),
    ("SQLITE_CORRUPT", DamagedError, "{name} is damaged.", "{damaged}"),
    ("SQLITE_NOTADB", DamagedError, "{name} is damaged, or no project.", "{damaged}"),
    ("SQLITE_NOMEM", KnownError, "There is not enough memory for this; nothing was saved.", "Close other programs."),
)
DAMAGED = "Go back to a backup (annotator backups), or save what can be read (annotator salvage)."


@contextlib.contextmanager
def known_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about the world into KnownErrors; its complaints about our SQL stay bugs."""
    try:
        yield
    except sqlite3.Error as error:
        told = known_error(error, path)
        if told is None:
            raise
        raise told from error


def known_error(error: sqlite3.Error, path: Path) -> KnownError | None:
    """What is to be said of a complaint; None where it is about our SQL."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if str(error).startswith("Could not decode"):  # sqlite3's own complaint, without a name
        name = "SQLITE_CORRUPT"
    for begins, made, title, advice in _KINDS:
        if name.startswith(begins):
            words = {"name": path.name, "damaged": DAMAGED}
            return made(title.format(**words), advice.format(**words))
    return None
