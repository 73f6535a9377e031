"""The gate: a project from elsewhere is looked through before SQLite opens it for real.

A file that this program left on this machine passes at once. Any other is read without ever being
written to: with a log beside it a private copy, else the file itself as if nothing could change it
(https://sqlite.org/security.html, "untrusted SQLite database files").
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from annotator.errors import DamagedError, DiskError, ForeignPartsError, KnownError
from annotator.store import known, side_files
from annotator.store.fingerprint import Migrations, foreign_parts
from annotator.store.header import SALVAGE, is_file, read_header, refuse_newer
from annotator.store.lock import holder_of
from annotator.store.soundness import problems, rows_to_look_at
from annotator.store.watch import Progress, TookTooLongError, Watch

SECONDS, BYTES_A_SECOND = 8, 4_000_000  # how long a look may take, and longer the larger the file is
_MOST_TOLD = 20  # problems
_QUICK = 1 << 26  # bytes; of a larger file the log is taken for ours where we never closed it
_ANY_VERSION = 1 << 31
_EVERY = 10_000  # of SQLite's instructions: less than a millisecond
_PRAGMAS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
)
# What reading a damaged file raises beside SQLite's own errors: a text that is none, a size that cannot be.
UNREADABLE = (UnicodeDecodeError, MemoryError, OverflowError, RecursionError)
_NOT_DAMAGE = ("SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_NOMEM", "SQLITE_PERM")


class Identity(NamedTuple):
    """Which project it is, and how far its history goes; None for what cannot be read."""

    uid: str | None
    last_step: tuple[int, str] | None


def look(path: Path, newest: int) -> None:
    """The first look, before anything is made beside the file; a file that this process writes to needs none.

    :param newest: the version that this program makes.
    :raises KnownError: not there, not a project; NewerError, DamagedError.
    """
    if not (is_file(path) and known.is_open_here(path)):
        read_header(path, newest)


def examine(
    path: Path, migrations: Migrations, *, read_only: bool, progress: Progress | None = None
) -> tuple[str, ...]:
    """The whole look, behind the lock that a writer holds; changes no byte of the project.

    :param migrations: those of this program.
    :param progress: called now and then with (what is done, what there is to do) where it takes longer; what it raises
        ends the look.
    :returns: what the person has to be told: side files that were renamed.
    :raises KnownError: as `look`; ForeignPartsError, DiskError.
    """
    path = path.resolve()
    if known.is_open_here(path):
        return ()
    notices = _without_dangerous(path, read_only)
    if not read_only:
        side_files.make_own(path)
    if _is_trusted(path, read_only):
        return notices
    if not side_files.logs(path):
        _checked(path, path, migrations, alone=True, progress=progress)
        known.found_sound(path)
        return notices
    return notices + _with_logs(path, migrations, read_only, progress)


def recognise(path: Path, connection: sqlite3.Connection, migrations: Migrations) -> None:
    """Are the parts of a project that SQLite has just opened a project's? Asked at every opening, before a write.

    :raises ForeignPartsError: no; NewerError.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    refuse_newer(path, version, len(migrations))
    if foreign := foreign_parts(connection, migrations[:version]):
        raise _foreign(path, foreign)


def as_known_error(path: Path, error: BaseException) -> KnownError | None:
    """What an error out of reading a file says of the file; None where it says nothing of damage."""
    name = getattr(error, "sqlite_errorname", "") or ""
    decoding = str(error).startswith("Could not decode")  # sqlite3's own complaint, without a name
    if isinstance(error, UNREADABLE) or decoding or name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedError(f"{path.name} is damaged: {_said(error)}.", SALVAGE, (_said(error),))
    return None


def _is_trusted(path: Path, read_only: bool) -> bool:
    if known.as_left(path):
        return True
    ours = known.was_never_closed(path)
    return ours and (path.stat().st_size > _QUICK or (read_only and _is_held(path)))


def _is_held(path: Path) -> bool:
    """Does another process write to it?"""
    return holder_of(path).is_running


def _without_dangerous(path: Path, read_only: bool) -> tuple[str, ...]:
    if read_only:
        refuse_dangerous(path)
    return tuple(_notice(path, new) for new in side_files.set_aside(side_files.dangerous(path)))


def refuse_dangerous(path: Path) -> None:
    """:raises DamagedError: beside the project lies what SQLite must not get."""
    if found := side_files.dangerous(path):
        raise _not_its_own(path, found[0])


def _with_logs(path: Path, migrations: Migrations, read_only: bool, progress: Progress | None) -> tuple[str, ...]:
    """With the logs where they are the project's own, else without them where it is whole without."""
    alone, without = _tried(path, migrations, progress=progress)
    with _private_copy(path) as copy:
        together, wrong = _tried(path, migrations, copy, progress)
        mixed = wrong is None and without is None and _may_be_mixed(path) and _is_mixed(path, copy)
    if wrong is None and not mixed and is_further_on(together, alone, without is None):
        return ()
    if without is not None:
        raise wrong or without
    logs = side_files.logs(path)
    if read_only:
        raise _not_its_own(path, logs[0])
    return tuple(_notice(path, new) for new in side_files.set_aside(logs))


def _may_be_mixed(path: Path) -> bool:
    """Beside a file of ours that was never closed, the log was written to last, unless somebody wrote to the file."""
    newest = max((log.stat().st_mtime_ns for log in side_files.logs(path)), default=0)
    return not known.was_never_closed(path) or path.stat().st_ctime_ns > newest


def _is_mixed(path: Path, copy: Path) -> bool:
    """Does the file hold all that its seals and its history say, and with its logs no more? Two states were mixed."""
    return not _holds(copy) and _holds(path)


def _holds(path: Path) -> bool:
    from annotator.store.checking import checked  # which stands on what stands on this

    header = read_header(path, _ANY_VERSION)
    with reading(path, header.size, alone=True, patience=5) as connection:
        return checked(connection).holds


def _tried(
    path: Path, migrations: Migrations, copy: Path | None = None, progress: Progress | None = None
) -> tuple[Identity, DamagedError | None]:
    """Which project it is, and why it cannot be opened so.

    :param copy: of it with its logs; None for the file alone.
    """
    try:
        return _checked(path, copy or path, migrations, alone=copy is None, progress=progress), None
    except DamagedError as error:
        return identity_at_least(copy or path, alone=copy is None), error


def is_further_on(together: Identity, alone: Identity, alone_is_sound: bool) -> bool:
    """Is a file with its logs the project that it is without them, only further on?

    :param alone_is_sound: what it says of its history without them can be relied on.
    """
    if together.uid != alone.uid and alone.uid is not None:
        return False
    if not alone_is_sound or alone.last_step is None:
        return True
    return together.last_step is not None and together.last_step[0] >= alone.last_step[0]


def _checked(
    path: Path, file: Path, migrations: Migrations, *, alone: bool, progress: Progress | None = None
) -> Identity:
    """Look a file through.

    :param path: what the project is called.
    :param alone: read it as if it could not change; else SQLite may bring logs into it.
    :raises KnownError: DamagedError, ForeignPartsError, NewerError; the file's disk failed.
    """
    header = read_header(file, len(migrations))
    if alone and header.is_short:
        raise DamagedError(f"{path.name} is damaged: its end is missing.", SALVAGE, ("The file was cut off",))
    try:
        with reading(file, header.size, alone=alone) as connection:
            recognise(path, connection, migrations)
            watch = Watch(progress, patience=_patience(header.size))
            watch.expect(rows_to_look_at(connection) if progress is not None else 0)
            wrong = list(islice(problems(connection, header.size, watch), _MOST_TOLD))
            if wrong:
                raise DamagedError(f"{path.name} is damaged: {wrong[0]}.", SALVAGE, tuple(wrong))
            return _identity(connection)
    except (sqlite3.Error, TookTooLongError, *UNREADABLE) as error:
        raise _complaint(path, error) from error


def _patience(size: int) -> float:
    return SECONDS + size / BYTES_A_SECOND


@contextmanager
def reading(file: Path, size: int, *, alone: bool, patience: int = 1) -> Iterator[sqlite3.Connection]:
    """A connection that can do little and not for long.

    :param size: bytes; no value can be longer.
    :param alone: as if the file could not change.
    :param patience: how many times longer than a look may take.
    """
    options = "mode=ro&immutable=1" if alone else "mode=rw"
    end = time.monotonic() + patience * _patience(size)
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?{options}", uri=True, isolation_level=None)
    with closing(connection):
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(size, 1_000_000))
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(lambda: time.monotonic() > end, _EVERY)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        yield connection


def _identity(connection: sqlite3.Connection) -> Identity:
    uid = connection.execute("SELECT value FROM meta WHERE key = 'project_uid'").fetchone()
    step = connection.execute("SELECT seq, uid FROM step ORDER BY seq DESC LIMIT 1").fetchone()
    return Identity(uid and uid[0], step)


def identity_at_least(file: Path, *, alone: bool) -> Identity:
    """Which project a damaged file is, where that much can be read; `alone` as in `reading`."""
    try:
        with reading(file, file.stat().st_size, alone=alone) as connection:
            return _identity(connection)
    except (sqlite3.Error, *UNREADABLE):
        return Identity(None, None)


@contextmanager
def _private_copy(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True) as folder:
        yield side_files.copied(path, Path(folder))


def _complaint(path: Path, error: BaseException) -> KnownError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(_NOT_DAMAGE):
        return DiskError(f"{path.name} cannot be read: {error}.", "Check the disk, and the rights of the file.")
    is_slow = name == "SQLITE_INTERRUPT" or isinstance(error, TookTooLongError)
    said = "it takes too long to read" if is_slow else _said(error)
    return DamagedError(f"{path.name} is damaged: {said}.", SALVAGE, (said,))


def _said(error: BaseException) -> str:
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        return "a text in it is none"
    return str(error) or "a size in it cannot be"


def _foreign(path: Path, parts: list[str]) -> ForeignPartsError:
    return ForeignPartsError(
        f"{path.name} has parts that a project never has, and was not opened: {parts[0]}.",
        "Its articles and decisions can be imported into a new project (annotator salvage).",
        tuple(parts[:_MOST_TOLD]),
    )


def _not_its_own(path: Path, side_file: Path) -> DamagedError:
    return DamagedError(
        f"{side_file.name} lies beside {path.name} and does not belong to it; nothing was opened.",
        "Open the project for writing, which puts that file aside, or move it away.",
        (f"{side_file.name} is not the project's",),
    )


def _notice(path: Path, new: Path) -> str:
    return (
        f"A file beside {path.name} did not belong to it and was not used. It is kept as {new.name}; "
        "the project holds all that it held without it."
    )
