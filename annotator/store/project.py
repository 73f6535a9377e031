"""Opening, checking and closing the project file, and transactions on it."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from annotator.errors import KnownError
from annotator.store.identity import new_uid
from annotator.store.lock import WriteLock
from annotator.store.migrations import APPLICATION_ID, MIGRATIONS

_MAGIC = b"SQLite format 3\x00"
_PRAGMAS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA busy_timeout = 5000",
)
# FULL: a power cut loses up to 45 seconds of work under NORMAL and nothing under FULL.
_WRITER_PRAGMAS = (
    *("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 1000"),
    "PRAGMA cache_size = -32000",  # KiB; in an import, pages that do not fit go to the log more than once
)
_ADVICE = {
    "SQLITE_FULL": "The disk is full. Make room; nothing of this step was saved, all before it was.",
    "SQLITE_BUSY": "Another program is using the project. Try again.",
    "SQLITE_READONLY": "The project cannot be written to. Copy it to a folder of yours.",
    "SQLITE_CANTOPEN": "The file or its folder cannot be opened. Check its rights.",
    "SQLITE_CORRUPT": "The file is damaged. Go back to a copy of it.",
    "SQLITE_NOTADB": "The file is damaged or something else. Go back to a copy of it.",
    "SQLITE_IOERR": "The disk reported an error. Check it, and copy the project to another.",
}


class Project:
    """One open project file.

    :param path: the file; it must exist and be a project.
    :param read_only: never writes, takes no lock, sees a consistent state while another writes.
    :raises KnownError: not there, not a project, made by a newer version, in use, damaged.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.read_only = path, read_only
        self.alarm: int | None = None  # a step that changes more decided spans is refused
        _check_header(path)
        self._lock = None if read_only else WriteLock(path.resolve())
        try:
            with known_errors(path):
                self._connect()
                self._upgrade()
        except BaseException:
            self._let_go()
            raise

    @classmethod
    def create(cls, path: Path) -> "Project":
        """Make a new, empty project.

        :raises KnownError: something is there already, or the folder cannot be written to.
        """
        part = path.with_name(path.name + ".part")
        try:
            if path.exists():
                raise KnownError(f"{path.name} is there already.", "Choose another name.")
            if not path.absolute().parent.is_dir():
                raise KnownError(f"There is no folder {path.absolute().parent}.", "Make it first, or choose another.")
            part.unlink(missing_ok=True)
            with known_errors(path):
                _build(part)
            part.replace(path)
        except OSError as error:
            raise KnownError(f"{path.name} cannot be made here: {error.strerror}.", "Choose another folder.") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        return cls(path)

    def _connect(self) -> None:
        mode = "ro" if self.read_only else "rw"
        # as_uri escapes what would be query syntax in a file name
        self.connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        self.connection.create_function("casefold", 1, str.casefold, deterministic=True)
        self.db = Database(self.connection, execute_plugins=False)
        for pragma in _PRAGMAS + (() if self.read_only else _WRITER_PRAGMAS):
            self.connection.execute(pragma)

    def _upgrade(self) -> None:
        # a killed program may have left a newer version in the log than the header says
        version = int(self.connection.execute("PRAGMA user_version").fetchone()[0])
        _refuse_newer(self.path, version)
        if version == len(MIGRATIONS):
            return
        if self.read_only:
            raise KnownError(f"{self.path.name} was made by an older version.", "Open it in the window once.")
        self.checkpoint()
        shutil.copy2(self.path, self.path.with_name(f"{self.path.name}.before-v{len(MIGRATIONS)}"))
        _migrate(self.db, version)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Begins immediate: a deferred second writer would fail at once, whatever the timeout.

        :raises KnownError: the disk, the rights or another program stood in the way; nothing was written.
        """
        with known_errors(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.commit()
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def commit(self) -> None:
        """End a transaction; when this returns, what it wrote is on the disk."""
        self.connection.execute("COMMIT")

    def meta(self, key: str, default: str = "") -> str:
        """A fact about the project as a whole."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else default

    def set_meta(self, key: str, value: str) -> None:
        """Write a fact about the project as a whole; inside a transaction."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def checkpoint(self) -> None:
        """Bring the log into the file, so that a copy of the file alone is whole. For idle moments."""
        if not self.connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Leave one file behind that can be copied, mailed and opened on read-only media. May be repeated."""
        if self._lock is not None:
            self.checkpoint()
            # fails while a reader is still there, which then leaves the log to be replayed: nothing is lost
            with contextlib.suppress(sqlite3.Error):
                self.connection.execute("PRAGMA journal_mode = DELETE")
        self._let_go()

    def _let_go(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


@contextlib.contextmanager
def known_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about the world into KnownErrors; its complaints about our SQL stay bugs."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if str(error).startswith("Could not decode"):  # sqlite3's own complaint, without a name
            name = "SQLITE_CORRUPT"
        advice = next((text for key, text in _ADVICE.items() if name.startswith(key)), None)
        if advice is None:
            raise
        raise KnownError(f"{path.name}: {error}.", advice) from error


def _check_header(path: Path) -> None:
    """Is it a project of this version or an older one? Read from 100 bytes before SQLite touches the file.

    Offsets 60 and 68 as in https://sqlite.org/fileformat.html section 1.3.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        raise KnownError(f"There is no project {path}.", "Make one with: annotator new PROJECT") from None
    except OSError as error:
        raise KnownError(f"{path} cannot be opened: {error.strerror}.", "Check the name and its rights.") from error
    if len(header) < 100 or header[:16] != _MAGIC or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise KnownError(f"{path.name} is not an Annotator project.", "Import it instead, if it holds articles.")
    _refuse_newer(path, int.from_bytes(header[60:64], "big"))


def _refuse_newer(path: Path, version: int) -> None:
    if version > len(MIGRATIONS):
        raise KnownError(f"{path.name} was made by a newer version of Annotator.", "Update this one to open it.")


def _build(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db = Database(connection, execute_plugins=False)
        _migrate(db, 0)
        db.table("meta").insert({"key": "project_uid", "value": new_uid()})
    finally:
        connection.close()


def _migrate(db: Database, version: int) -> None:
    connection = db.conn
    assert connection is not None
    for number, migration in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            migration(db)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
