"""Opening, checking and closing the project file, and transactions on it."""

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from annotator.errors import DamagedError, MovedError
from annotator.places import absolute
from annotator.store import gate, known, side_files
from annotator.store.complaints import known_errors
from annotator.store.disk import Disk, disk_of
from annotator.store.ground import Ground
from annotator.store.lock import WriteLock
from annotator.store.migrating import build, migrate
from annotator.store.migrations import MIGRATIONS
from annotator.store.new_file import new_file
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
        self._file = absolute(path)  # the current folder may become another one
        self._entry: known.Identity | None = None
        self.caution, self.alone = "", False
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
                self.ground = Ground(self._file, self.connection, read_only=read_only, has_log=not self.alone)
                self._version_seen = self.data_version()
        except BaseException:
            self._let_go()
            raise

    @classmethod
    def create(cls, path: Path) -> "Project":
        """Make a new, empty project.

        :raises KnownError: something is there already, or the folder cannot be written to.
        """
        with new_file(path, "cannot be made here") as part:
            build(part)
        return cls(path)

    # Opening

    def _open(self) -> None:
        if self.read_only:
            self._open_to_look()
        else:
            self._open_to_write(disk_of(self.path))

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
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
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
                    self.ground.on_rollback()
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
        self.ground.on_commit()

    def check_identity(self) -> None:
        """Are the file and its log still where they were, and as they were? Else what is written would go to where
        nobody will find it, or into the midst of something else.

        :raises MovedError: it was moved, deleted, replaced, or written over.
        """
        self.ground.check()

    def check_readable(self) -> None:
        """Is what would be read now still what this program wrote?

        :raises MovedError: another program has written over the file.
        """
        self.ground.check_readable()

    def guard(self) -> None:
        """Keep what a rescue needs where another program writes over the file; for long sessions."""
        self.ground.guard()

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
            if self.ground.is_file_spoilt:
                self._rescue_from_shadow(part)
            else:
                self._copy_to(part, progress)

    def _copy_to(self, part: Path, progress: Callable[[int, int], object] | None) -> None:
        with contextlib.closing(sqlite3.connect(part)) as copy:
            self.connection.backup(copy, pages=_PAGES, progress=_as_done(progress))
            copy.execute("PRAGMA journal_mode = DELETE")

    def _rescue_from_shadow(self, part: Path) -> None:
        whole = self.ground.whole()
        if whole is None:
            raise DamagedError(
                f"{self.path.name} cannot be saved any more: another program has written over it.",
                "Go back to a backup (File > Backups, or annotator backups).",
            )
        shutil.copyfile(whole, part)

    def checkpoint(self) -> None:
        """Bring the log into the file, so that a copy of the file alone is whole. For idle moments."""
        self.ground.checkpoint()

    def close(self) -> None:
        """Leave one file behind that can be copied, mailed and opened on read-only media. May be repeated."""
        if self._lock is not None:
            self.ground.leave()
        self._let_go()

    def _let_go(self) -> None:
        if hasattr(self, "ground"):
            self.ground.let_go()
        if hasattr(self, "connection"):
            self.connection.close()
        if self._lock is not None:
            if self._entry is not None:
                known.closed(self.path, self._entry)
            self._lock.release()
            self._lock = None
        if hasattr(self, "ground"):
            self.ground.let_go_of_file()
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None


def _as_done(progress: Callable[[int, int], object] | None) -> Callable[[int, int, int], object] | None:
    """SQLite tells what remains."""
    if progress is None:
        return None
    return lambda _status, remaining, total: progress(total - remaining, total)
