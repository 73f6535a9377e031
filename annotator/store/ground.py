"""What an open project stands on: its file and its log. Are they where they were, and as this program left them?

Another program may move, delete, replace or write over either at any moment. Then nothing more may be written there,
and nothing of it may reach the file where what was decided still lies whole.
"""

import contextlib
import os
import sqlite3
from pathlib import Path

from annotator.errors import MovedError
from annotator.store import known
from annotator.store.complaints import known_errors
from annotator.store.log import Log
from annotator.store.shadow import Look, Shadow, look, look_at_open


class Ground:
    """The file of one open project, and its log.

    :param file: absolute.
    :param connection: what the project is read and written by.
    :param read_only: nothing is written; that others write is nothing special.
    :param has_log: it is a write-ahead log.
    :ivar shadow: another base for the log, where there is to be one.
    """

    def __init__(self, file: Path, connection: sqlite3.Connection, *, read_only: bool, has_log: bool) -> None:
        self._file, self._connection = file, connection
        self._read_only, self._has_log = read_only, has_log
        self._log, self._log_noted = Log(file), (0, 0)
        self._own: int | None = None  # a way to the file that leads there whatever becomes of its name
        if not read_only:
            with contextlib.suppress(OSError):  # it has just gone, which the first step will find out
                self._own = os.open(file, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        self._was_away = False
        self.shadow: Shadow | None = None
        self.note()

    def note(self) -> None:
        """This program has written there, or left it as it is now."""
        self._seen = self._look()
        self._note_log()

    def _look(self) -> Look | None:
        return look(self._file) if self._own is None else look_at_open(self._own)

    def _note_log(self) -> None:
        if self._has_log and not self._read_only:
            self._log.note()
            self._log_noted = self._writes()

    def _writes(self) -> tuple[int, int]:
        """Other numbers than before, when SQLite has written through another connection, or through this one."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return int(version), self._connection.total_changes

    # Is all as it was?

    def check(self) -> None:
        """May something be written there? Else it would go to where nobody finds it, or into the midst of something.

        :raises MovedError: it was moved, deleted, replaced, or written over.
        """
        self._was_away = self._was_away or not self.is_there
        if not self.is_there:
            gone = look(self._file) is None
            raise self._gone("was moved or deleted" if gone else "was replaced by another file")
        self.check_readable()
        self._was_away = False
        if self._log.is_taken and not self._connection.in_transaction:
            self._renew_log()

    def check_readable(self) -> None:
        """Is what would be read now still what this program wrote?

        :raises MovedError: another program has written over it.
        """
        if self.is_file_spoilt:
            away = "was moved away, changed there, and brought back"
            raise self._gone(away if self._was_away else "was written over by another program")
        if self.is_log_spoilt:
            raise self._gone("has a log that was written over by another program")

    def _gone(self, happened: str) -> MovedError:
        return MovedError(
            f"The project file {self._file.name} {happened} while it was open: nothing more is saved there.",
            "Everything before it is safe in memory: save the project under a new name, and go on there.",
        )

    @property
    def is_there(self) -> bool:
        """Does its name lead to the file, whatever was done to that?"""
        found = look(self._file)
        return found is not None and self._seen is not None and found[:2] == self._seen[:2]

    @property
    def is_file_spoilt(self) -> bool:
        """With a write-ahead log, only a commit or a checkpoint of ours ever writes to the file itself."""
        if self._read_only or self._connection.in_transaction or self._look() == self._seen:
            return False
        return bool(self._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")

    @property
    def is_log_spoilt(self) -> bool:
        """Was the log written to, and SQLite knows nothing of that?"""
        if self._connection.in_transaction or not self._log.is_written_over:
            return False
        return self._writes() == self._log_noted

    # What is written there

    def on_commit(self) -> None:
        """A transaction was committed: when this returns, it is where it will be found.

        :raises MovedError: it is not.
        """
        self.note()
        if self._log.is_taken:
            self._renew_log()

    def on_rollback(self) -> None:
        """What a transaction wrote before it was taken back lies in the log as well."""
        self._note_log()

    def _renew_log(self) -> None:
        with known_errors(self._file):
            self._log.renew(self._connection)
        self._seen = self._look()
        self._renew_shadow()

    def _renew_shadow(self) -> None:
        if self.shadow is not None and self.is_there:
            self.shadow.renew(self._seen)

    def guard(self) -> None:
        """Keep what a rescue needs where another program writes over the file."""
        if self._has_log and not self._read_only and self.shadow is None:
            self.shadow = Shadow(self._file)
            # a checkpoint makes the copy old, so it waits for an idle moment; the log may grow to 32 MB meanwhile
            self._connection.execute("PRAGMA wal_autocheckpoint = 8000")
            self.checkpoint()

    def checkpoint(self) -> None:
        """Bring the log into the file, also where that was moved; not where either was written over."""
        if self._connection.in_transaction or self.is_file_spoilt or self.is_log_spoilt:
            return
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.note()
        self._renew_shadow()

    def whole(self) -> Path | None:
        """All that was decided, in a file of its own, where another program has written over this one; None without."""
        return None if self.shadow is None else self.shadow.whole(self._seen)

    # The end

    def leave(self) -> None:
        """Before the connection is closed: have SQLite leave one file, or what is there now as it is."""
        self.checkpoint()
        if self.is_file_spoilt or self.is_log_spoilt:
            self._log.abandon()
        elif self.is_there:
            self._log.forget()
            # fails while a reader is still there, which then leaves the log to be replayed: nothing is lost
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA journal_mode = DELETE")

    def let_go(self) -> None:
        """Away with what is held beside the connection, which is closed next. May be repeated."""
        if self.shadow is not None:
            self.shadow.close()
        self._log.forget()

    def let_go_of_file(self) -> None:
        """At the very end: closing a file ends the locks on it of all that this process has open there.

        Where a session has it open under another name, it stays open. May be repeated.
        """
        if self._own is not None and not known.is_held_here(look_at_open(self._own)[:2]):
            os.close(self._own)
            self._own = None
