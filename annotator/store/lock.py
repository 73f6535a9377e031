"""One writer a project: a lock that the operating system drops when its holder ends, however it ends.

The file beside the project also says who holds it. That alone counts where the holder is on another machine: whether
it still runs there cannot be seen from here, so the lock is respected, and the person told.
"""

import contextlib
import errno
import json
import os
import socket
import stat
import sys
from pathlib import Path
from typing import IO, Any, NamedTuple

from annotator.errors import DiskError, InUseError, KnownError
from annotator.store.identity import as_said, now

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)
_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class Holder(NamedTuple):
    """Who holds a lock.

    :param process: its number; None where the file does not say.
    :param host: its machine; "" where the file does not say.
    """

    process: int | None
    host: str
    user: str
    since: str

    @property
    def is_elsewhere(self) -> bool:
        """Is it on another machine?"""
        return bool(self.host) and self.host != this_host()

    @property
    def is_running(self) -> bool:
        """Does a process of this machine hold it? That much can be seen where a disk has no locks."""
        import psutil

        return self.process is not None and not self.is_elsewhere and bool(psutil.pid_exists(self.process))


def this_host() -> str:
    """This machine's name, without the domain, which changes with the network on some systems."""
    return socket.gethostname().split(".")[0]


def lock_file(project: Path) -> Path:
    """The file that the lock is on; of its own, because closing any handle on the project would drop SQLite's."""
    return project.with_name(project.name + ".lock")


def holder_of(project: Path) -> Holder:
    """What the lock beside a project says; nothing where there is none."""
    path = lock_file(project)
    try:
        if path.is_file():
            with path.open("rb") as file:
                return _holder(file)
    except OSError:
        pass
    return Holder(None, "", "", "")


def is_held(project: Path) -> bool:
    """Does a program write to it now? Also true where another machine says so."""
    if not lock_file(project).is_file():
        return False
    try:
        WriteLock(project).release()
    except InUseError:
        return True
    except KnownError:
        return False
    return False


class WriteLock:
    """Held from creation until `release`.

    :param project: the project's file, resolved.
    :param anyway: also where another machine holds it, because somebody knows that this is over.
    :raises InUseError: another process, another session of this one, or another machine writes to the project.
    :raises KnownError: the folder cannot be written to.
    """

    def __init__(self, project: Path, *, anyway: bool = False) -> None:
        self._path = lock_file(project)
        self._take(project)
        while not self._is_still_there():  # its last holder removed the file while we opened it
            self._file.close()
            self._take(project)
        self._respect_others(project, anyway)
        self._sign()

    def _take(self, project: Path) -> None:
        self._file = _opened(self._path, project)
        try:
            _lock(self._file)
        except OSError as error:
            holder = _holder(self._file)
            if error.errno in _HELD or holder.is_running:
                self._file.close()
                raise _in_use(project, holder) from error
            # this disk has no locks: what the file says is all there is

    def _respect_others(self, project: Path, anyway: bool) -> None:
        holder = _holder(self._file)
        if holder.is_elsewhere and not anyway:
            self._file.close()
            raise _in_use(project, holder)

    def _sign(self) -> None:
        """Who holds it, for others to read; on a full disk it is held all the same."""
        from annotator.settings import login_name

        signature = {"process": os.getpid(), "host": this_host(), "user": login_name(), "since": now()}
        with contextlib.suppress(OSError):
            self._file.seek(0)
            self._file.truncate()
            self._file.write(json.dumps(signature).encode())
            self._file.flush()

    def _is_still_there(self) -> bool:
        try:
            there, ours = self._path.stat(), os.fstat(self._file.fileno())
        except OSError:
            return False
        return os.path.samestat(there, ours)

    def release(self) -> None:
        """Let others write; the file goes too, unless another one has taken its place."""
        # Removing first keeps a third process from locking a file that is about to vanish.
        if self._is_still_there():
            with contextlib.suppress(OSError):
                self._path.unlink()
        self._file.close()


def _opened(path: Path, project: Path) -> IO[bytes]:
    try:
        with contextlib.suppress(FileNotFoundError):  # before it is opened: a device may notice that
            _refuse_other(path, path.lstat())
        file = os.fdopen(os.open(path, _FLAGS, 0o666), "r+b")
    except OSError as error:
        raise DiskError(f"The folder of {project.name} cannot be written to.", "Copy it elsewhere.") from error
    try:
        _refuse_other(path, os.fstat(file.fileno()))
    except KnownError:
        file.close()
        raise
    return file


def _refuse_other(path: Path, about: os.stat_result) -> None:
    """A lock is written to: where it has another name as well, or leads elsewhere, that would be another file."""
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        raise KnownError(f"{path.name} is no ordinary file.", "Remove it; it is no lock of ours.")


def _holder(file: IO[bytes]) -> Holder:
    """What the file says, which may be nothing, or anything."""
    file.seek(0)
    try:
        said: Any = json.loads(file.read(1000))
    except (OSError, ValueError, RecursionError):
        said = {}
    said = said if isinstance(said, dict) else {}
    process = said.get("process")
    words = [said.get(key) for key in ("host", "user", "since")]
    host, user, since = ("".join(filter(str.isprintable, word))[:80] if isinstance(word, str) else "" for word in words)
    return Holder(process if type(process) is int and 0 < process < 1 << 31 else None, host, user, since)


def _in_use(project: Path, holder: Holder) -> InUseError:
    name = project.name
    if holder.process == os.getpid() and not holder.is_elsewhere:
        return InUseError(f"{name} is open in this program already.", "Close that session.", holder.process)
    if not holder.is_elsewhere:
        by = f" (process {holder.process})" if holder.process else ""
        return InUseError(
            f"{name} is open in another window or command{by}.", "Go on there, or close it.", holder.process
        )
    by = "".join(
        [f" by {holder.user}" if holder.user else "", f" since {as_said(holder.since)}" if holder.since else ""]
    )
    return InUseError(
        f"{name} is open on the computer {holder.host}{by}.",
        f"Close it there. If it is not open there any more, delete {lock_file(project).name} beside it.",
        holder.process,
        holder.host,
    )


if sys.platform == "win32":
    import msvcrt

    # Windows locks are mandatory: a byte far behind the words, so that others can read who holds it.
    def _lock(file: IO[bytes]) -> None:
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
