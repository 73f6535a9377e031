"""Copies of a project as it was at some moment, in a folder of the program's own.

    DATA/backups/PROJECT-UID/2026-01-31T093000Z.000042.before-labels.annot

The number gives the order; the time is only a label, since clocks go wrong. A copy is a project file of its own, in
rollback mode, so that it can be opened where nothing can be written. It comes under its name only when it is whole,
checked and on the disk. Nothing here needs the project to be open, so that a damaged one finds its copies, too.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from annotator import paths
from annotator.errors import DiskError, KnownError
from annotator.store import thinning

MIGRATION = "before-v"  # with the number of the schema that came

_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}Z)\.(\d{6,})\.([a-z0-9-]+)\.annot")
_TIME = "%Y-%m-%dT%H%M%SZ"
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PART = ".part"
_ROOM, _SHARE = 2_000_000_000, 10  # bytes for the backups of one project, and at most this part of the free ones
_SPARE = 32_000_000  # bytes that a backup leaves for decisions
_SLICE = 64  # pages copied at once
_GENTLE = 0.002  # seconds of rest after each slice, so that whoever decides has disk and processor
_SYNC_EVERY = 4  # slices: little is written at once, or a decision would wait for all of it
_STALE = 86_400  # seconds after which an unfinished copy is a killed program's
_PATHS_KEPT = 10

OnProgress = Callable[[int, int], None]


class Facts(NamedTuple):
    """What tells two states of a project apart, as far as a person changed them.

    :param version: of the schema.
    :param seq: the newest step, 0 before the first.
    :param step: a checksum of its row.
    """

    version: int
    seq: int
    step: str
    articles: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy.

    :param number: from 1 on, in the order in which they were made.
    :param at: when, in UTC, as the clock had it.
    :param reason: why, as "close" or "before-labels".
    :param size: bytes.
    :param facts: what it holds; None where it cannot be read any more.
    """

    path: Path
    number: int
    at: datetime
    reason: str
    size: int
    facts: Facts | None

    @property
    def is_lasting(self) -> bool:
        """Made before a migration: kept longest."""
        return self.reason.startswith(MIGRATION)


class StoppedError(Exception):
    """Whoever watches a copy being made wants no more of it."""


# Where they are


def backups_of(project: Path) -> list[Backup]:
    """All backups of a project, the newest first; by its path where its file is gone or too damaged to say who it is.

    :raises KnownError: the folder cannot be read.
    """
    with told("The backups cannot be listed"):
        uid = _uid_in(project)
        found = in_folder(_folder(uid)) if uid else []
        return found or next((in_folder(folder) for folder in _folders_of(project)), [])


def in_folder(folder: Path) -> list[Backup]:
    """The backups in a folder, the newest first."""
    return [_backup(path, match) for path, match in _named(folder)]


def newest_in(folder: Path) -> Backup | None:
    """The last one that was made."""
    return next((_backup(path, match) for path, match in _named(folder)), None)


def _named(folder: Path) -> list[tuple[Path, re.Match[str]]]:
    """The files that are backups, the newest first."""
    made = [(each, match) for each in _files(folder) if (match := _NAME.fullmatch(each.name))]
    return sorted(made, key=lambda each: -int(each[1][2]))


def folder_of(project: Path) -> Path:
    """Where the backups of a project are; raises KnownError where its file does not say who it is."""
    found = backups_of(project)
    if found:
        return found[0].path.parent
    with told("The backups cannot be found"):
        uid = _uid_in(project)
        if uid is None:
            raise KnownError(f"{project.name} has no backups.", "It may be one of the others in the backup folder.")
        return _folder(uid)


def _folder(uid: str) -> Path:
    """A uid from a stranger's file is never taken for a path."""
    name = uid if _UID.fullmatch(uid) else hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()
    return paths.backups_dir() / name


def _files(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []


def _backup(path: Path, match: re.Match[str]) -> Backup:
    at = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC)
    return Backup(path, int(match[2]), at, match[3], path.stat().st_size, _facts_in(path))


def _facts_in(path: Path) -> Facts | None:
    with contextlib.suppress(sqlite3.Error), _reading(path, "immutable=1") as connection:
        return facts_of(connection)
    return None


def _uid_in(project: Path) -> str | None:
    """Read from the file alone, whatever lies beside it; it was written when the project was made."""
    with contextlib.suppress(sqlite3.Error), _reading(project, "immutable=1") as connection:
        return uid_of(connection)
    return None


def uid_of(connection: sqlite3.Connection) -> str:
    """Who the project is."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'project_uid'").fetchone()
    return str(row[0]) if row else ""


def _folders_of(project: Path) -> Iterator[Path]:
    """Folders of projects that were at this path, the one used last first."""
    wanted = str(project.resolve())
    folders = [each for each in paths.backups_dir().iterdir() if each.is_dir()]
    for folder in sorted(folders, key=lambda each: each.stat().st_mtime, reverse=True):
        if wanted in _paths_in(folder):
            yield folder


def _paths_in(folder: Path) -> list[str]:
    try:
        listed = json.loads((folder / "paths.json").read_bytes())
    except (OSError, ValueError):
        return []
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def _remember_path(folder: Path, project: Path) -> None:
    path, known = str(project.resolve()), _paths_in(folder)
    if known[:1] != [path]:
        listed = [path, *(each for each in known if each != path)][:_PATHS_KEPT]
        part = folder / f"paths.json{_PART}"
        part.write_text(json.dumps(listed), "utf-8")
        part.replace(folder / "paths.json")


# What is in them


def facts_of(connection: sqlite3.Connection) -> Facts:
    """Of the state that the connection sees; raises sqlite3.Error where it is no project."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    row = connection.execute("SELECT * FROM step ORDER BY seq DESC LIMIT 1").fetchone()
    articles = connection.execute("SELECT coalesce(sum(n), 0) FROM article_tally").fetchone()[0]
    decisions = connection.execute("SELECT coalesce(sum(n), 0) FROM label_tally").fetchone()[0]
    return Facts(version, row[0] if row else 0, _checksum(row), articles, decisions)


def _checksum(row: tuple[object, ...] | None) -> str:
    return hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).hexdigest()


@contextlib.contextmanager
def _reading(path: Path, how: str) -> Iterator[sqlite3.Connection]:
    connection = _connected(path, f"mode=ro&{how}")
    try:
        yield connection
    finally:
        connection.close()


def _connected(path: Path, query: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?{query}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA mmap_size = 0")
    return connection


def check(path: Path) -> Facts:
    """What a copy holds.

    :raises KnownError: it is damaged.
    """
    try:
        with _reading(path, "immutable=1") as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if answer == "ok":
                return facts_of(connection)
    except sqlite3.Error as error:
        answer = str(error)
    raise KnownError(f"The backup {path.name} is damaged: {answer}.", "Nothing was changed. Take another one.")


# Making one


class Snapshot:
    """The state of a project at this moment; `copy` writes it, then or later, in this thread or another.

    Where the writer's log allows it, the state stays as it is while others go on deciding, and nobody waits. Else
    (on a network disk, where a single connection has the file) the copy is made through that connection, and holds
    what was decided until it ended.

    `is_frozen` says which of both it is; `facts` what was there at the beginning.

    :param project: the file.
    :param reason: small letters, digits and "-".
    :param writer: the connection that writes to it; None where nobody does.
    :raises KnownError: the project cannot be read.
    """

    def __init__(self, project: Path, reason: str, writer: sqlite3.Connection | None = None) -> None:
        self.project, self.reason = project, reason
        self.is_frozen = writer is None or _is_shared(writer)
        with told("The backup could not be made"):
            self._source = _connected(project, "mode=ro") if self.is_frozen or writer is None else writer
            try:
                if self.is_frozen:
                    self._source.execute("BEGIN")
                self.facts = facts_of(self._source)
                self.uid = uid_of(self._source)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let go of the state. May be repeated."""
        if self.is_frozen:
            self._source.close()

    @property
    def folder(self) -> Path:
        """Where it is to be copied to."""
        return _folder(self.uid)

    @property
    def newest(self) -> Backup | None:
        """The last backup that was made."""
        return newest_in(self.folder)

    @property
    def size(self) -> int:
        """Bytes that a copy takes."""
        count, size = (self._source.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size"))
        return int(count * size)

    def copy(self, progress: OnProgress | None = None, *, gently: bool = False) -> Backup:
        """Write it, look whether it is whole, and let go of the state; thins the older ones.

        :param progress: called with (bytes written, bytes in all); may raise StoppedError.
        :param gently: slower, for a moment at which somebody decides.
        :raises KnownError: the disk stood in the way, or the copy is not whole; there is none then.
        :raises StoppedError: `progress` did; there is none then.
        """
        with contextlib.closing(self), told("The backup could not be made"):
            folder = self.folder
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            _need_room(folder, self.size)
            path = folder / _next_name(folder, self.reason)
            part = path.with_name(f"{path.name}.{os.getpid()}{_PART}")
            try:
                self._write(part, progress or (lambda _done, _all: None), gently)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            sync_folder(folder)
            _remember_path(folder, self.project)
            _thin(folder)
            match = _NAME.fullmatch(path.name)
            assert match is not None
            return _backup(path, match)

    def _write(self, part: Path, progress: OnProgress, gently: bool) -> None:
        part.unlink(missing_ok=True)
        _copy_pages(self._source, part, progress, gently)
        _leave_log_mode(part)
        if not self._is_mine(check(part)):
            raise KnownError("The backup is not as the project is.", "It was thrown away; the project is untouched.")
        with part.open("rb+") as file:
            os.fsync(file.fileno())

    def _is_mine(self, copied: Facts) -> bool:
        if self.is_frozen:
            return copied == self.facts
        row = self._source.execute("SELECT * FROM step WHERE seq = ?", [copied.seq]).fetchone()
        is_later = copied.version == self.facts.version and copied.seq >= self.facts.seq
        return is_later and copied.step == _checksum(row)


def _is_shared(writer: sqlite3.Connection) -> bool:
    """May others read a state of their own while it writes?"""
    modes = [writer.execute(f"PRAGMA {of}").fetchone()[0] for of in ("journal_mode", "locking_mode")]
    return modes == ["wal", "normal"]


def _copy_pages(source: sqlite3.Connection, part: Path, progress: OnProgress, gently: bool) -> None:
    page_size, slices = int(source.execute("PRAGMA page_size").fetchone()[0]), 0
    target = sqlite3.connect(part, isolation_level=None, check_same_thread=False)
    with contextlib.closing(target), part.open("rb+") as file:
        # a copy that is interrupted is thrown away, so it needs no way back
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")

        def on_slice(_status: int, left: int, total: int) -> None:
            nonlocal slices
            slices += 1
            if gently:
                if slices % _SYNC_EVERY == 0:
                    os.fsync(file.fileno())
                time.sleep(_GENTLE)
            progress((total - left) * page_size, total * page_size)

        source.backup(target, pages=_SLICE, progress=on_slice, sleep=_GENTLE)


def _leave_log_mode(part: Path) -> None:
    connection = sqlite3.connect(part, isolation_level=None, check_same_thread=False)
    with contextlib.closing(connection):
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = DELETE")


def _next_name(folder: Path, reason: str) -> str:
    number = max((int(match[2]) for _, match in _named(folder)), default=0) + 1
    return f"{datetime.now(UTC).strftime(_TIME)}.{number:06}.{reason}.annot"


def _need_room(folder: Path, size: int) -> None:
    """A backup never takes the room that decisions need."""
    if shutil.disk_usage(folder).free < size + size // 10 + _SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sweep(folder: Path) -> None:
    """Take away what killed programs left unfinished."""
    for each in _files(folder):
        with contextlib.suppress(OSError):
            if _PART in each.name and time.time() - each.stat().st_mtime > _STALE:
                each.unlink()


def _thin(folder: Path) -> None:
    room = min(_ROOM, shutil.disk_usage(folder).free // _SHARE)
    for each in thinning.spare(in_folder(folder), datetime.now(UTC), room):
        with contextlib.suppress(OSError):  # open in another program: it goes the next time
            each.path.unlink()


def sync_folder(folder: Path) -> None:
    """Have the names in it on the disk; Windows has no such thing."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def before_migration(project: Path, version: int, writer: sqlite3.Connection | None = None) -> Backup:
    """Keep the project as an older version of the program left it; such a backup is kept longest.

    :param version: of the schema that comes.
    :param writer: the connection that has the file; None where it is not open.
    :raises KnownError: there is no room, or the folder cannot be written to: then it is better not to migrate.
    """
    return Snapshot(project, f"{MIGRATION}{version}", writer).copy()


@contextlib.contextmanager
def told(title: str) -> Iterator[None]:
    """Turn what the disk and SQLite complain about into a KnownError.

    :param title: what could not be done, without a full stop.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise _disk_error(title, str(error.strerror or error), full) from error
    except sqlite3.Error as error:
        full = (getattr(error, "sqlite_errorname", "") or "") == "SQLITE_FULL"
        raise _disk_error(title, str(error), full) from error


def _disk_error(title: str, what: str, full: bool) -> DiskError:
    advice = "Make room on the disk, or delete old backups." if full else "Look at the disk and the backup folder."
    return DiskError(f"{title}: {what}.", f"The project itself is untouched. {advice}", full)
