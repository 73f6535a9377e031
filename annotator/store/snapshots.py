"""Making a backup: the state of one moment is held fast, copied in slices, checked, and only then given its name."""

import contextlib
import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from annotator.errors import KnownError
from annotator.parts import fresh_part
from annotator.store import gate, known, origins, thinning
from annotator.store.backups import (
    MIGRATION,
    PART,
    TIME,
    Backup,
    Facts,
    check,
    checksum,
    connected,
    facts_of,
    files,
    folder_for,
    in_folder,
    named,
    newest_in,
    remember_path,
    told,
    uid_of,
)
from annotator.store.disk import put_in_place
from annotator.store.migrations import MIGRATIONS

_ROOM, _SHARE = 2_000_000_000, 10  # bytes for the backups of one project, and at most this part of the free ones
_SPARE = 32_000_000  # bytes that a backup leaves for decisions
_SLICE = 64  # pages copied at once
_GENTLE = 0.002  # seconds of rest after each slice, at least, so that whoever decides has disk and processor
_SYNC_EVERY = 4  # slices: little is written at once, or a decision would wait for all of it
_STALE = 86_400  # seconds after which an unfinished copy is a killed program's

OnProgress = Callable[[int, int], None]


class StoppedError(Exception):
    """Whoever watches a copy being made wants no more of it."""


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
        self._was_looked_through = writer is not None  # by the gate, when it was opened
        if writer is None:  # no gate stood before it
            gate.look(project, len(MIGRATIONS))
            gate.refuse_dangerous(project.resolve())
        with told("The backup could not be made"):
            self._source = connected(project, "mode=ro") if self.is_frozen or writer is None else writer
            try:
                if self.is_frozen:
                    self._source.execute("BEGIN")
                if writer is None:
                    gate.recognise(project, self._source, MIGRATIONS)
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
        return folder_for(self.uid)

    @property
    def newest(self) -> Backup | None:
        """The last backup that was made."""
        return newest_in(self.folder)

    @property
    def size(self) -> int:
        """Bytes that a copy takes."""
        count, size = (self._source.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size"))
        return int(count * size)

    def copy(self, progress: OnProgress | None = None, gently: Callable[[], bool] = lambda: False) -> Backup:
        """Write it, look whether it is whole, and let go of the state; thins the older ones.

        :param progress: called with (bytes written, bytes in all); may raise StoppedError.
        :param gently: asked again and again whether to go slowly, as somebody decides meanwhile.
        :raises KnownError: the disk stood in the way, or the copy is not whole; there is none then.
        :raises StoppedError: `progress` did; there is none then.
        """
        with contextlib.closing(self), told("The backup could not be made"):
            folder = self.folder
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            _need_room(folder, self.size)
            path = folder / _next_name(folder, self.reason)
            with fresh_part(path) as part:
                self._write(part, progress or (lambda _done, _all: None), gently)
                put_in_place(part, path)
            origins.remember(path, self.project)
            if self._was_looked_through:  # so who looks into the backup need not wait for that again
                known.found_sound(path)
            remember_path(folder, self.project)
            _thin(folder)
            return next(each for each in in_folder(folder) if each.path == path)

    def _write(self, part: Path, progress: OnProgress, gently: Callable[[], bool]) -> None:
        _copy_pages(self._source, part, progress, gently)
        _leave_log_mode(part)
        if not self._is_mine(check(part)):
            raise KnownError("The backup is not as the project is.", "It was thrown away; the project is untouched.")

    def _is_mine(self, copied: Facts) -> bool:
        if self.is_frozen:
            return copied == self.facts
        row = self._source.execute("SELECT * FROM step WHERE seq = ?", [copied.seq]).fetchone()
        is_later = copied.version == self.facts.version and copied.seq >= self.facts.seq
        return is_later and copied.step == checksum(row)


def _is_shared(writer: sqlite3.Connection) -> bool:
    """May others read a state of their own while it writes?"""
    modes = [writer.execute(f"PRAGMA {of}").fetchone()[0] for of in ("journal_mode", "locking_mode")]
    return modes == ["wal", "normal"]


def _copy_pages(source: sqlite3.Connection, part: Path, progress: OnProgress, gently: Callable[[], bool]) -> None:
    page_size, slices = int(source.execute("PRAGMA page_size").fetchone()[0]), 0
    target = sqlite3.connect(part, isolation_level=None, check_same_thread=False)
    with contextlib.closing(target), part.open("rb+") as file:
        # a copy that is interrupted is thrown away, so it needs no way back
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")

        def on_slice(_status: int, left: int, total: int) -> None:
            nonlocal slices
            slices += 1
            if gently():
                began = time.perf_counter()
                if slices % _SYNC_EVERY == 0:
                    os.fsync(file.fileno())
                time.sleep(max(_GENTLE, 2 * (time.perf_counter() - began)))  # a slow disk gets longer rests
            progress((total - left) * page_size, total * page_size)

        source.backup(target, pages=_SLICE, progress=on_slice, sleep=_GENTLE)


def _leave_log_mode(part: Path) -> None:
    connection = sqlite3.connect(part, isolation_level=None, check_same_thread=False)
    with contextlib.closing(connection):
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = DELETE")


def _next_name(folder: Path, reason: str) -> str:
    number = max((int(match[2]) for _, match in named(folder)), default=0) + 1
    return f"{datetime.now(UTC).strftime(TIME)}.{number:06}.{reason}.annot"


def _need_room(folder: Path, size: int) -> None:
    """A backup never takes the room that decisions need."""
    if shutil.disk_usage(folder).free < size + size // 10 + _SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sweep(folder: Path) -> None:
    """Take away what killed programs left unfinished."""
    for each in files(folder):
        with contextlib.suppress(OSError):
            is_left = PART in each.name or origins.is_left_over(each)
            if is_left and time.time() - each.stat().st_mtime > _STALE:
                each.unlink()


def _thin(folder: Path) -> None:
    room = min(_ROOM, shutil.disk_usage(folder).free // _SHARE)
    for each in thinning.spare(in_folder(folder), datetime.now(UTC), room):
        with contextlib.suppress(OSError):  # open in another program: it goes the next time
            each.path.unlink()
            origins.beside(each.path).unlink(missing_ok=True)


def before_migration(project: Path, version: int, writer: sqlite3.Connection | None = None) -> Backup:
    """Keep the project as an older version of the program left it; such a backup is kept longest.

    :param version: of the schema that comes.
    :param writer: the connection that has the file; None where it is not open.
    :raises KnownError: there is no room, or the folder cannot be written to: then it is better not to migrate.
    """
    return Snapshot(project, f"{MIGRATION}{version}", writer).copy()
