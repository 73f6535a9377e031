"""What SQLite complains about, in plain words and as an error of the right kind."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from annotator.errors import DiskError, InUseError, KnownError
from annotator.store import gate

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
    ("SQLITE_NOMEM", KnownError, "There is not enough memory for this; nothing was saved.", "Close other programs."),
)


@contextlib.contextmanager
def known_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about the world into KnownErrors; its complaints about our SQL stay bugs.

    What else reading a damaged file raises is DamagedError as well.
    """
    try:
        yield
    except (sqlite3.Error, *gate.UNREADABLE) as error:
        told = known_error(error, path)
        if told is None:
            raise
        raise told from error


def known_error(error: BaseException, path: Path) -> KnownError | None:
    """What is to be said of a complaint; None where it is about our SQL."""
    if damage := gate.as_known_error(path, error):
        return damage
    name = getattr(error, "sqlite_errorname", "") or ""
    for begins, made, title, advice in _KINDS:
        if name.startswith(begins):
            return made(title.format(name=path.name), advice.format(name=path.name))
    return None
