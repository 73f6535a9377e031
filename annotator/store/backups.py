"""Copies of a project as it was at some moment, in a folder of the program's own.

    DATA/backups/PROJECT-UID/2026-01-31T093000Z.000042.before-labels.annot
                             2026-01-31T093000Z.000042.before-labels.annot.json

The number gives the order; the time is only a label, since clocks go wrong. A copy is a project file of its own, in
rollback mode, so that it can be opened where nothing can be written. It comes under its name only when it is whole,
checked and on the disk. Nothing here needs the project to be open, so that a damaged one finds its copies, too.
"""

import contextlib
import errno
import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from annotator import paths, regular
from annotator.errors import DiskError, KnownError
from annotator.parts import fresh_part
from annotator.store import origins
from annotator.store.fingerprint import foreign_parts, has_our_tables
from annotator.store.gate import BYTES_A_SECOND, SECONDS, restrict
from annotator.store.header import is_file
from annotator.store.migrations import MIGRATIONS
from annotator.store.side_files import size_with_logs

MIGRATION = "before-v"  # with the number of the schema that came

_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}Z)\.(\d{6,})\.([a-z0-9-]+)\.annot")
TIME = "%Y-%m-%dT%H%M%SZ"
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PART = ".part"
_PATHS_KEPT = 10
_EVERY = 10_000  # of SQLite's instructions between two looks at the clock


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
    :param origin: the file that it was made from; None where that is not known. Copies of a project share backups.
    """

    path: Path
    number: int
    at: datetime
    reason: str
    size: int
    facts: Facts | None
    origin: Path | None = None

    @property
    def articles(self) -> int | None:
        """How many there are; None where it cannot be read any more."""
        return self.facts.articles if self.facts else None

    @property
    def decisions(self) -> int | None:
        """How many spans were decided; None where it cannot be read any more."""
        return self.facts.decisions if self.facts else None

    @property
    def is_lasting(self) -> bool:
        """Made before a migration: kept longest."""
        return self.reason.startswith(MIGRATION)


# Where they are


def backups_of(project: Path) -> list[Backup]:
    """All backups of a project, the newest first; by its path where its file is gone or too damaged to say who it is.

    :raises KnownError: the folder cannot be read.
    """
    with told("The backups cannot be listed"):
        uid = _uid_in(project)
        found = in_folder(folder_for(uid)) if uid else []
        return found or next((in_folder(folder) for folder in _folders_of(project)), [])


def in_folder(folder: Path) -> list[Backup]:
    """The backups in a folder, the newest first."""
    return [_backup(path, match) for path, match in named(folder)]


def newest_in(folder: Path) -> Backup | None:
    """The last one that was made."""
    return next((_backup(path, match) for path, match in named(folder)), None)


def named(folder: Path) -> list[tuple[Path, re.Match[str]]]:
    """The files that are backups, the newest first."""
    made = [(each, match) for each in files(folder) if (match := _NAME.fullmatch(each.name))]
    return sorted(made, key=lambda each: -int(each[1][2]))


def folder_for(uid: str) -> Path:
    """The folder of a project; a uid from a stranger's file is never taken for a path."""
    name = uid if _UID.fullmatch(uid) else hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()
    return paths.backups_dir() / name


def files(folder: Path) -> list[Path]:
    """The files in a folder; none where it is not there."""
    return [each for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []


def _backup(path: Path, match: re.Match[str]) -> Backup:
    at = datetime.strptime(match[1], TIME).replace(tzinfo=UTC)
    return Backup(path, int(match[2]), at, match[3], path.stat().st_size, _facts_in(path), origins.origin_of(path))


def _facts_in(path: Path) -> Facts | None:
    with contextlib.suppress(sqlite3.Error), _reading(path) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if has_our_tables(connection, MIGRATIONS[:version]):
            return facts_of(connection)
    return None


def _uid_in(project: Path) -> str | None:
    """Read from the file alone, whatever lies beside it; it was written when the project was made."""
    with contextlib.suppress(sqlite3.Error), _reading(project) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if has_our_tables(connection, MIGRATIONS[:version]):
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
        with regular.opened(folder / "paths.json") as file:
            listed = json.loads(file.read())
    except (OSError, ValueError):
        return []
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def remember_path(folder: Path, project: Path) -> None:
    """A project that cannot be read any more is found by where it was."""
    path, known = str(project.resolve()), _paths_in(folder)
    if known[:1] != [path]:
        listed = [path, *(each for each in known if each != path)][:_PATHS_KEPT]
        with fresh_part(folder / "paths.json") as part:
            part.write_text(json.dumps(listed), "utf-8")
            part.replace(folder / "paths.json")


# What is in them


def facts_of(connection: sqlite3.Connection) -> Facts:
    """Of the state that the connection sees; raises sqlite3.Error where it is no project."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    row = connection.execute("SELECT * FROM step ORDER BY seq DESC LIMIT 1").fetchone()
    articles = connection.execute("SELECT CAST(coalesce(sum(n), 0) AS INTEGER) FROM article_tally").fetchone()[0]
    decisions = connection.execute("SELECT CAST(coalesce(sum(n), 0) AS INTEGER) FROM label_tally").fetchone()[0]
    return Facts(version, row[0] if row else 0, checksum(row), articles, decisions)


def checksum(row: tuple[object, ...] | None) -> str:
    """Of a row as SQLite gives it; None for none."""
    return hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).hexdigest()


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The file alone, for as long as looking at a file of its size may take; raises sqlite3.Error."""
    with contextlib.closing(connected(path, "mode=ro&immutable=1")) as connection:
        end = time.monotonic() + SECONDS + path.stat().st_size / BYTES_A_SECOND
        connection.set_progress_handler(lambda: time.monotonic() > end, _EVERY)
        yield connection


def connected(path: Path, query: str) -> sqlite3.Connection:
    """A connection that runs nothing of what a file may bring, and reads no value larger than all of it.

    :param query: as in SQLite's URIs, "mode=ro".
    :raises sqlite3.Error: it cannot be opened, or is no regular file.
    """
    if not is_file(path):
        raise sqlite3.OperationalError("it is no file")
    uri = f"{path.resolve().as_uri()}?{query}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    restrict(connection, size_with_logs(path))
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def check(path: Path) -> Facts:
    """What a copy holds.

    :raises KnownError: it is damaged, or has parts that a project never has.
    """
    try:
        with _reading(path) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            foreign = foreign_parts(connection, MIGRATIONS[:version])
            answer = foreign[0] if foreign else connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if answer == "ok":
                return facts_of(connection)
    except sqlite3.Error as error:
        answer = str(error)
    raise KnownError(
        f"The backup {path.name} is damaged.", "Nothing was changed. Take another one.", detail=str(answer)
    )


# The disk


@contextlib.contextmanager
def told(title: str) -> Iterator[None]:
    """Turn what the disk and SQLite complain about into a KnownError.

    :param title: what could not be done, without a full stop.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            advice = "The project itself is untouched. Give the project a shorter name."
            raise DiskError(f"{title}: its name is too long for this disk.", advice) from error
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise _disk_error(f"{title}: {error.strerror or error}.", full) from error
    except sqlite3.Error as error:
        full = (getattr(error, "sqlite_errorname", "") or "") == "SQLITE_FULL"
        raise _disk_error(f"{title}.", full, str(error)) from error


def _disk_error(title: str, full: bool, detail: str = "") -> DiskError:
    advice = "Make room on the disk, or delete old backups." if full else "Look at the disk and the backup folder."
    return DiskError(title, f"The project itself is untouched. {advice}", full, detail)
