"""The write-ahead log of a project that is open for writing: is it still the one that this program writes to?

What was decided since the last checkpoint is in the log alone. SQLite goes on writing to a log that was deleted or
renamed, where nobody will find it; and one that was cut off or written over becomes part of the project at the next
checkpoint, unread.
"""

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

from annotator.errors import MovedError
from annotator.parts import fresh_part
from annotator.store import side_files

_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Log:
    """The log beside an open project. Where there is none, as with a rollback journal, nothing is wrong with it.

    :param project: its file, absolute.
    """

    def __init__(self, project: Path) -> None:
        self._path = project.with_name(f"{project.name}-wal")
        self._file: int | None = None  # a way to it that leads there whatever becomes of its name
        self._seen: tuple[int, int] | None = None

    def note(self) -> None:
        """This program has written to it, or left it as it is now."""
        if self._file is None:
            with contextlib.suppress(OSError):
                self._file = os.open(self._path, _FLAGS)
        self._seen = self._look()

    @property
    def is_taken(self) -> bool:
        """Does its name lead to another file now, or nowhere?"""
        if self._file is None:
            return False
        try:
            return not os.path.samestat(os.stat(self._path), os.fstat(self._file))  # noqa: PTH116 (at every key)
        except OSError:
            return True

    @property
    def is_written_over(self) -> bool:
        """Has another program written to it, or cut it off?"""
        return self._file is not None and self._look() != self._seen

    def _look(self) -> tuple[int, int] | None:
        """Bytes, and when it was written to, in nanoseconds."""
        if self._file is None:
            return None
        about = os.fstat(self._file)
        return about.st_size, about.st_mtime_ns

    def renew(self, connection: sqlite3.Connection) -> None:
        """It was taken away, but SQLite still has it: have it go into the project's file, and begin another one.

        What lies at its name now is set aside. While another program reads, none can begin; then it is for the next
        step to try again.

        :raises MovedError: a program that reads an earlier state keeps it from going into the file.
        """
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            self.forget()  # it was SQLite that put it away
            return
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if is_busy:
            raise MovedError(
                f"The log {self._path.name} was taken away while the project was open, and another program reads it.",
                "Save the project under a new name, or end that program and try again.",
            )
        side_files.set_aside([self._path] if os.path.lexists(self._path) else [])
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("SELECT 1 FROM meta").fetchone()  # which makes it
            self.forget()
        self.note()

    def abandon(self) -> None:
        """Keep what SQLite would write into the project's file on closing apart from it, as `….of-before`."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            if not self.is_taken and os.fstat(self._file).st_size:
                with fresh_part(self._path) as part:
                    shutil.copyfile(self._path, part)
                    part.replace(self._path.with_name(f"{self._path.name}.of-before"))
            os.ftruncate(self._file, 0)  # SQLite finds no page there, and leaves the file as it is

    def forget(self) -> None:
        """It is to be closed, or there will be another one. May be repeated."""
        if self._file is not None:
            os.close(self._file)
            self._file = self._seen = None
