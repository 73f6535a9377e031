"""The gate: a project from elsewhere is looked through before SQLite opens it for real.

A file that this program left on this machine passes at once. Any other is read without ever being
written to: with a log beside it a private copy, else the file itself as if nothing could change it
(https://sqlite.org/security.html, "untrusted SQLite database files").
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from annotator.errors import DamagedError, DiskError, ForeignPartsError, KnownError
from annotator.store import known, side_files
from annotator.store.fingerprint import Migrations, foreign_parts
from annotator.store.header import SALVAGE, is_file, read_header, refuse_newer
from annotator.store.lock import holder_of
from annotator.store.renaming import bring_logs
from annotator.store.soundness import problems
from annotator.store.watch import Progress, TookTooLongError, Watch

SECONDS, BYTES_A_SECOND = 8, 4_000_000  # how long a look may take, and longer the larger the file is
_MOST_TOLD = 20  # problems
_QUICK = 1 << 26  # bytes; of a larger file the log is taken for ours where all speaks for it
_ANY_VERSION = 1 << 31
_LEAST, _LONGEST = 1_000_000, (1 << 31) - 1  # bytes that a value may have: of a small file, and of any
_LARGE = ("SELECT max(id) FROM span", "SELECT max(seq) FROM step")
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
    :param progress: called now and then with (what is done, what there is to do); what it raises ends the look.
    :returns: what the person has to be told: side files that were renamed.
    :raises KnownError: as `look`; ForeignPartsError, DiskError.
    """
    path = path.resolve()
    bring_logs(path, read_only=read_only)
    if known.is_open_here(path):
        return ()
    notices = _without_dangerous(path, read_only)
    if not read_only:
        side_files.make_own(path)
    if _is_trusted(path, migrations, read_only):
        return notices + _without_log(path)
    if not side_files.logs(path):
        _checked(path, path, migrations, progress, alone=True)
        known.found_sound(path)
        return notices + _without_log(path)
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
        return _damaged(path, _said(error))
    return None


def _is_trusted(path: Path, migrations: Migrations, read_only: bool) -> bool:
    if known.as_left(path):
        return True
    if not known.was_never_closed(path):
        return False
    return (read_only and _is_held(path)) or (path.stat().st_size > _QUICK and _is_as_killed(path, migrations))


def _is_as_killed(path: Path, migrations: Migrations) -> bool:
    """Is a file of ours that was never closed just as the program left it: its log the newest, and of this state?

    Asked without bringing the log into the file.
    """
    if not side_files.logs(path) or _may_be_mixed(path):
        return False
    alone = identity_at_least(path, alone=True)
    if alone.uid is None or not is_further_on(path, alone, before_is_sound=True, alone=False, mode="ro"):
        return False
    with suppress(sqlite3.Error, KnownError, *UNREADABLE):
        with reading(path, side_files.size_with_logs(path), alone=False, mode="ro") as connection:
            recognise(path, connection, migrations)
        return True
    return False


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
    alone, without = _tried(path, migrations, progress)
    with _private_copy(path) as copy:
        together, wrong = _tried(path, migrations, progress, copy)
        goes_on = wrong is None and _may_have(path, side_files.logs(path))
        goes_on = goes_on and is_further_on(copy, alone, before_is_sound=without is None, alone=False)
        mixed = goes_on and without is None and _may_be_mixed(path) and _is_mixed(path, copy)
    if goes_on and not mixed:
        return ()
    if without is not None:
        raise wrong or without
    logs = side_files.logs(path)
    if read_only:
        raise _not_its_own(path, logs[0])
    tell = _notice_of_state if together.uid == alone.uid else _notice
    return tuple(tell(path, new) for new in side_files.set_aside(logs))


def _may_have(path: Path, logs: list[Path]) -> bool:
    """A file that was closed in order has no write-ahead log; one that lies there is of another state."""
    return read_header(path, _ANY_VERSION).has_log or not any(log.name.endswith("-wal") for log in logs)


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
    path: Path, migrations: Migrations, progress: Progress | None, copy: Path | None = None
) -> tuple[Identity, DamagedError | None]:
    """Which project it is, and why it cannot be opened so.

    :param copy: of it with its logs; None for the file alone.
    """
    try:
        return _checked(path, copy or path, migrations, progress, alone=copy is None), None
    except DamagedError as error:
        return identity_at_least(copy or path, alone=copy is None), error


def is_further_on(file: Path, before: Identity, *, before_is_sound: bool, alone: bool, mode: str = "rw") -> bool:
    """Is a file the project that it was without its logs, only further on?

    :param before_is_sound: what it said of its history then can be relied on: its last step is one of this one, too.
    :param alone: as in `reading`; `mode`, too.
    """
    try:
        with reading(file, side_files.size_with_logs(file), alone=alone, mode=mode) as connection:
            if before.uid not in (None, _identity(connection).uid):
                return False
            if not before_is_sound or before.last_step is None:
                return True
            found = connection.execute("SELECT 1 FROM step WHERE seq = ? AND uid = ?", before.last_step)
            return found.fetchone() is not None
    except (sqlite3.Error, *UNREADABLE):
        return False


def _checked(path: Path, file: Path, migrations: Migrations, progress: Progress | None, *, alone: bool) -> Identity:
    """Look a file through.

    :param path: what the project is called.
    :param alone: read it as if it could not change; else SQLite may bring logs into it.
    :raises KnownError: DamagedError, ForeignPartsError, NewerError; the file's disk failed.
    """
    header = read_header(file, len(migrations))
    if alone and header.is_short:
        raise DamagedError(f"{path.name} is damaged: its end is missing.", SALVAGE, ("The file was cut off",))
    size, room = side_files.size_with_logs(file), side_files.room(file)
    watch = Watch(progress, patience=_patience(size))
    try:
        with reading(file, size, alone=alone) as connection:
            recognise(path, connection, migrations)
            if _bytes_in(connection) > room:
                raise _damaged(path, "it would become far larger than all that there is of it")
            watch.start(_rows(connection))
            connection.set_progress_handler(watch.ask, _EVERY)
            wrong = list(islice(problems(connection, size, watch), _MOST_TOLD))
            if wrong:
                raise _damaged(path, *wrong)
            if not alone:  # what can be read may still be no file that a log of this length could lead to
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return _identity(connection)
    except (sqlite3.Error, TookTooLongError, *UNREADABLE) as error:
        watch.unless_interrupted()
        raise _complaint(path, error) from error


def _rows(connection: sqlite3.Connection) -> int:
    """How many rows will be looked at: what there is most of, as often as it is read."""
    articles = connection.execute("SELECT count(*) FROM article").fetchone()[0]
    spans, steps = (connection.execute(query).fetchone()[0] or 0 for query in _LARGE)
    return int(5 * articles + 2 * (spans + steps))


def _bytes_in(connection: sqlite3.Connection) -> int:
    pages, page_size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * page_size)


def _patience(size: int) -> float:
    return SECONDS + size / BYTES_A_SECOND


@contextmanager
def reading(file: Path, size: int, *, alone: bool, mode: str = "rw", patience: int = 1) -> Iterator[sqlite3.Connection]:
    """A connection that can do little and not for long.

    :param size: bytes; no value can be longer.
    :param alone: as if the file could not change.
    :param mode: else: "rw" brings logs into it, "ro" reads it with a write-ahead log and brings nothing in.
    :param patience: how many times longer than a look may take.
    """
    options = "mode=ro&immutable=1" if alone else f"mode={mode}"
    end = time.monotonic() + patience * _patience(size)
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?{options}", uri=True, isolation_level=None)
    with closing(connection):
        restrict(connection, size)
        connection.set_progress_handler(lambda: time.monotonic() > end, _EVERY)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        yield connection


def restrict(connection: sqlite3.Connection, size: int) -> None:
    """No value is longer than so many bytes, those of the file that it is in; and there is no other file."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(max(size, _LEAST), _LONGEST))
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)


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
        return DiskError(
            f"{path.name} cannot be read.", "Check the disk, and the rights of the file.", detail=str(error)
        )
    if name == "SQLITE_INTERRUPT" or isinstance(error, TookTooLongError):
        said = "it takes too long to read"
        return DamagedError(f"{path.name} is damaged: {said}.", SALVAGE, (said,))
    return _damaged(path, _said(error))


def _damaged(path: Path, *wrong: str) -> DamagedError:
    return DamagedError(f"{path.name} is damaged.", SALVAGE, wrong, detail=wrong[0])


def _said(error: BaseException) -> str:
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        return "a text in it is none"
    return str(error) or "a size in it cannot be"


def _foreign(path: Path, parts: list[str]) -> ForeignPartsError:
    return ForeignPartsError(
        f"{path.name} has parts that a project never has, and was not opened.",
        "Its articles and decisions can be imported into a new project (annotator salvage).",
        tuple(parts[:_MOST_TOLD]),
        detail=parts[0],
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


def _notice_of_state(path: Path, new: Path) -> str:
    return (
        f"The log beside {path.name} is of another state of this project and was not used: what was decided last, "
        f"where that log was written, may not be in this file. The log is kept as {new.name}. "
        "See whether another copy, or a backup, has more."
    )


def _without_log(path: Path) -> tuple[str, ...]:
    """A file that was open for writing has its log beside it, be it an empty one, until it is closed in order."""
    if not read_header(path, _ANY_VERSION).has_log or side_files.has_log(path):
        return ()
    return (
        f"{path.name} was copied or moved while it was open, or after the program was killed, and without its log "
        f"({path.name}-wal): what was decided last may be missing. Close the project here before you bring that file.",
    )
