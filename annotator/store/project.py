"""Opening, checking and closing the project file, and transactions on it."""

import contextlib
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from annotator.errors import DamagedError, KnownError, MovedError
from annotator.store import gate, known, side_files
from annotator.store.complaints import known_errors
from annotator.store.disk import Disk, disk_of
from annotator.store.lock import WriteLock
from annotator.store.log import Log
from annotator.store.migrating import build, migrate
from annotator.store.migrations import MIGRATIONS
from annotator.store.new_file import new_file
from annotator.store.shadow import Look, Shadow, look
from annotator.store.snapshots import before_migration
from annotator.store.values import meta_problem

_PRAGMAS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA busy_timeout = 5000",
)
_WRITER_PRAGMAS = (
    # FULL: a power cut loses up to 45 seconds of work under NORMAL and nothing under FULL.
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 1000",
    "PRAGMA cache_size = -32000",  # KiB; in an import, pages that do not fit go to the log more than once
)
# macOS: a plain fsync leaves what was written in the disk's own memory; https://sqlite.org/pragma.html#pragma_fullfsync
_MACOS_PRAGMAS = ("PRAGMA fullfsync = ON", "PRAGMA checkpoint_fullfsync = ON")
_COARSE = 20_000_000  # nanoseconds; a disk's clock is that much behind the system's
_PAGES = 1000  # between two beats of a copy


class Project:
    """One open project file.

    :param path: the file; it must exist and be a project.
    :param read_only: never writes, takes no lock, sees a consistent state while another writes.
    :param anyway: also where another machine says that it has it open.
    :param progress: called now and then with (what is done, what there is to do) while a file from elsewhere is
        looked through; what it raises ends that, and nothing has changed.
    :ivar caution: what to know about the disk it is on, in plain words; "" where there is nothing.
    :ivar alone: no other connection can look into it meanwhile, as on a network drive.
    :raises KnownError: not there, not a project, made by a newer version, in use, damaged.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        anyway: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.path, self.read_only = path, read_only
        self._file = path.absolute()  # the current folder may become another one
        self._entry: known.Identity | None = None
        self.caution, self.alone = "", False
        self._shadow: Shadow | None = None
        self._written_away = range(0)  # nanoseconds
        self._log, self._log_noted = Log(self._file), (0, 0)
        self.alarm: int | None = None  # a step that changes more decided spans is refused
        self._copy: TemporaryDirectory[str] | None = None
        gate.look(path, len(MIGRATIONS))
        self._lock = None if read_only else WriteLock(path.resolve(), anyway=anyway)
        try:
            with known_errors(path):
                self.notices = gate.examine(path, MIGRATIONS, read_only=read_only, progress=progress)
                self._entry = None if read_only else known.opened(path)
                self._open()
                self._upgrade()
                self._seen, self._version_seen = look(self._file), self.data_version()
                self._note_log()
        except BaseException:
            self._let_go()
            raise

    @classmethod
    def create(cls, path: Path) -> "Project":
        """Make a new, empty project.

        :raises KnownError: something is there already, or the folder cannot be written to.
        """
        if not path.absolute().parent.is_dir():
            raise KnownError(f"There is no folder {path.absolute().parent}.", "Make it first, or choose another.")
        with new_file(path, "cannot be made here") as part:
            build(part)
        return cls(path)

    # Opening

    def _open(self) -> None:
        if self.read_only:
            self._open_to_look()
        else:
            self._open_to_write(disk_of(self.path))
        self._seen = look(self._file)

    def _open_to_write(self, disk: Disk) -> None:
        """A write-ahead log, or on disks where it cannot be relied on, a rollback journal and the file for us alone."""
        self.caution, self.alone = disk.caution, disk.shared
        self._connect(self.path, "mode=rw")
        if self.alone:
            self.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        gate.recognise(self.path, self.connection, MIGRATIONS)
        if not self.alone:
            self.alone = self.connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal"
        if self.alone:
            self._hold()
        for pragma in _WRITER_PRAGMAS + (_MACOS_PRAGMAS if sys.platform == "darwin" else ()):
            self.connection.execute(pragma)

    def _hold(self) -> None:
        """Nobody else may even read; the lock is taken now, and kept."""
        for statement in (
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA journal_mode = TRUNCATE",
            "BEGIN EXCLUSIVE",
            "COMMIT",
        ):
            self.connection.execute(statement)

    def _connect(self, file: Path, mode: str) -> None:
        # as_uri escapes what would be query syntax in a file name
        self.connection = sqlite3.connect(
            f"{file.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        self.connection.create_function("casefold", 1, str.casefold, deterministic=True)
        self.db = Database(self.connection, execute_plugins=False)
        for pragma in _PRAGMAS:
            self.connection.execute(pragma)

    def _open_to_look(self) -> None:
        """Where the disk itself is read-only, a file that was not closed in order cannot be read beside its log."""
        self._connect(self.path, "mode=ro")
        try:
            gate.recognise(self.path, self.connection, MIGRATIONS)
            is_old = self._version() < len(MIGRATIONS)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "").split("_")[1:2] not in (["CANTOPEN"], ["READONLY"]):
                raise
            is_old = True
        if is_old:
            self.connection.close()
            self._look_at_copy()

    def _look_at_copy(self) -> None:
        """Look at a copy of our own, brought up to date: the file itself is not touched."""
        self._copy = TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True)
        self._connect(side_files.copied(self.path, Path(self._copy.name)), "mode=rw")
        gate.recognise(self.path, self.connection, MIGRATIONS)
        migrate(self.db, self._version())
        self.connection.execute("PRAGMA query_only = ON")

    def _version(self) -> int:
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def _upgrade(self) -> None:
        version = self._version()
        if version == len(MIGRATIONS):
            return
        self.checkpoint()
        before_migration(self.path, len(MIGRATIONS), self.connection)
        migrate(self.db, version)

    # Work

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Begins immediate: a deferred second writer would fail at once, whatever the timeout.

        :raises KnownError: the disk, the rights or another program stood in the way; nothing was written.
        :raises MovedError: the file is not where it was; nothing was written.
        """
        with known_errors(self.path), self._log_emptied_if_moved():
            self.check_identity()
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self._recognise_again()
                yield
                self.commit()
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                    self._note_log()
                raise

    def _recognise_again(self) -> None:
        """Where another program has written to the file meanwhile, it may have put in what would run now."""
        version = self.data_version()
        if version != self._version_seen:
            gate.recognise(self.path, self.connection, MIGRATIONS)
            self._version_seen = version

    @contextlib.contextmanager
    def _log_emptied_if_moved(self) -> Iterator[None]:
        """The log lies at the old name, and the next who opens a file of that name would take it for that file's."""
        try:
            yield
        except MovedError:
            self.checkpoint()  # goes to the file that has gone
            raise

    def commit(self) -> None:
        """End a transaction; when this returns, what it wrote is on the disk, in the file of this name."""
        self.check_identity()
        self.connection.execute("COMMIT")
        self._seen = look(self._file)
        self._note_log()
        if self._log.is_taken:
            self._renew_log()

    def check_identity(self) -> None:
        """Are the file and its log still where they were, and as they were? Else what is written would go to where
        nobody will find it, or into the midst of something else.

        :raises MovedError: it was moved, deleted, replaced, or written over.
        """
        found = look(self._file)
        if found is None or self._seen is None or found[:2] != self._seen[:2]:
            raise self._gone("was moved or deleted" if found is None else "was replaced by another file")
        self.check_readable()
        if self._log.is_taken and not self.connection.in_transaction:
            self._renew_log()

    def check_readable(self) -> None:
        """Is what would be read now still what this program wrote?

        :raises MovedError: another program has written over the file.
        """
        if self._is_written_over(look(self._file)):
            raise self._gone("was written over by another program")
        if self._is_log_spoilt():
            raise self._gone("has a log that was written over by another program")

    def _gone(self, happened: str) -> MovedError:
        return MovedError(
            f"The project file {self.path.name} {happened} while it was open: nothing more is saved there.",
            "Everything before it is safe in memory: save the project under a new name, and go on there.",
        )

    def _is_written_over(self, found: Look | None) -> bool:
        """With a write-ahead log, only a commit or a checkpoint of ours ever writes to the file itself."""
        if self.read_only or found is None or self._seen is None or self.connection.in_transaction:
            return False
        if found[:2] != self._seen[:2] or found == self._seen:
            return False
        if self._came_back(found):
            self._seen = found
            return False
        return bool(self.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")

    def _note_log(self) -> None:
        if not self.read_only and not self.alone:
            self._log.note()
            self._log_noted = self._writes()

    def _is_log_spoilt(self) -> bool:
        """Was it written to, and SQLite knows nothing of that?"""
        if self.connection.in_transaction or not self._log.is_written_over:
            return False
        return self._writes() == self._log_noted

    def _writes(self) -> tuple[int, int]:
        """Other numbers than before, when SQLite has written through another connection, or through this one."""
        return self.data_version(), self.connection.total_changes

    def _renew_log(self) -> None:
        self._log.renew(self.connection)
        self._seen = look(self._file)
        if self._shadow is not None:
            self._shadow.renew(self._seen)

    def guard(self) -> None:
        """Keep what a rescue needs where another program writes over the file; for long sessions."""
        if not self.read_only and not self.alone and self._shadow is None:
            self._shadow = Shadow(self._file)
            # a checkpoint makes the copy old, so it waits for an idle moment; the log may grow to 32 MB meanwhile
            self.connection.execute("PRAGMA wal_autocheckpoint = 8000")
            self.checkpoint()

    def data_version(self) -> int:
        """Another number than before, when another connection has written meanwhile."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def meta(self, key: str, default: str = "") -> str:
        """A fact about the project as a whole; the default where there is none, or what stands there is none."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return default if row is None or meta_problem(key, str(row[0])) else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Write a fact about the project as a whole; inside a transaction."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def rescue(self, to: Path, progress: Callable[[int, int], object] | None = None) -> None:
        """Write all that was committed to a new file, also where the old one is gone from its folder.

        :param progress: called with (pages written, pages in all); what it raises ends it, and leaves no file.
        :raises KnownError: something is there already, or it cannot be written.
        """
        with new_file(to, "cannot be written") as part:
            if self._is_written_over(look(self._file)):
                self._rescue_from_shadow(part)
            else:
                self._copy_to(part, progress)

    def _copy_to(self, part: Path, progress: Callable[[int, int], object] | None) -> None:
        with contextlib.closing(sqlite3.connect(part)) as copy:
            self.connection.backup(copy, pages=_PAGES, progress=_as_done(progress))
            copy.execute("PRAGMA journal_mode = DELETE")

    def _rescue_from_shadow(self, part: Path) -> None:
        whole = None if self._shadow is None else self._shadow.whole(self._seen)
        if whole is None:
            raise DamagedError(
                f"{self.path.name} cannot be saved any more: another program has written over it.",
                "Go back to a backup (File > Backups, or annotator backups).",
            )
        shutil.copyfile(whole, part)

    def checkpoint(self) -> None:
        """Bring the log into the file, so that a copy of the file alone is whole. For idle moments."""
        before, began = look(self._file), time.time_ns()
        if not self.connection.in_transaction and not self._is_written_over(before) and not self._is_log_spoilt():
            with contextlib.suppress(sqlite3.Error):
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._note_log()
            if before is not None and self._seen is not None and before[:2] == self._seen[:2]:
                self._seen = look(self._file)
                if self._shadow is not None:
                    self._shadow.renew(self._seen)
            elif not self.read_only:
                self._written_away = range(began - _COARSE, time.time_ns() + 1)

    def _came_back(self, found: Look) -> bool:
        """Is the file at its name again, and written to last by the checkpoint that went to it while it was away?"""
        return self._seen is not None and found[:2] == self._seen[:2] and found[3] in self._written_away

    def close(self) -> None:
        """Leave one file behind that can be copied, mailed and opened on read-only media. May be repeated."""
        if self._lock is not None:
            self.checkpoint()
            found = look(self._file)
            if self._is_written_over(found) or self._is_log_spoilt():
                self._log.abandon()
                self._log.forget()
            elif found is not None and self._seen is not None and found[:2] == self._seen[:2]:
                self._log.forget()
                # fails while a reader is still there, which then leaves the log to be replayed: nothing is lost
                with contextlib.suppress(sqlite3.Error):
                    self.connection.execute("PRAGMA journal_mode = DELETE")
        self._let_go()

    def _let_go(self) -> None:
        if self._shadow is not None:
            self._shadow.close()
        self._log.forget()
        if hasattr(self, "connection"):
            self.connection.close()
        if self._lock is not None:
            if self._entry is not None:
                known.closed(self.path, self._entry)
            self._lock.release()
            self._lock = None
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None


def _as_done(progress: Callable[[int, int], object] | None) -> Callable[[int, int, int], object] | None:
    """SQLite tells what remains."""
    if progress is None:
        return None
    return lambda _status, remaining, total: progress(total - remaining, total)
