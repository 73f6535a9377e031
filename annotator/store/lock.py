"""One writer a project: a lock that the operating system drops when its holder ends, however it ends."""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from annotator.errors import KnownError


class WriteLock:
    """Held from creation until `release`.

    :param project: the project's file; the lock is a file of its own beside it, because
        closing any handle on the project itself would drop SQLite's locks on POSIX systems.
    :raises KnownError: another process, or another session of this one, writes to the project.
    """

    def __init__(self, project: Path) -> None:
        self._path = project.with_name(project.name + ".lock")
        self._take(project)
        while not self._is_still_there():  # its last holder removed the file while we opened it
            self._file.close()
            self._take(project)
        self._sign()

    def _take(self, project: Path) -> None:
        self._file = self._opened(project)
        try:
            _lock(self._file)
        except OSError as error:
            holder = self._file.read(40).decode("ascii", "replace").strip()
            self._file.close()
            by = f" (process {holder})" if holder else ""
            if holder == str(os.getpid()):
                raise KnownError(f"{project.name} is open in this program already.", "Close that session.") from error
            raise KnownError(f"{project.name} is open in another window{by}.", "Go on there, or close it.") from error

    def _sign(self) -> None:
        """Who holds it, for others to read; on a full disk it is held all the same."""
        with contextlib.suppress(OSError):
            self._file.truncate(0)
            self._file.write(str(os.getpid()).encode())
            self._file.flush()

    def _opened(self, project: Path) -> IO[bytes]:
        try:
            file = self._path.open("a+b")
        except OSError as error:
            raise KnownError(f"The folder of {project.name} cannot be written to.", "Copy it elsewhere.") from error
        file.seek(0)
        return file

    def _is_still_there(self) -> bool:
        try:
            there, ours = self._path.stat(), os.fstat(self._file.fileno())
        except OSError:
            return False
        return os.path.samestat(there, ours)

    def release(self) -> None:
        """Let others write; the file goes too."""
        # Removing first keeps a third process from locking a file that is about to vanish.
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    # Windows locks are mandatory: a byte far behind the number, so that others can read who holds it.
    def _lock(file: IO[bytes]) -> None:
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
