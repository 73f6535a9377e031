"""A second base for the log: where somebody writes over the project's file, what was decided can still be had.

With a write-ahead log, the file itself is only written to at checkpoints; every decision since is in the log. So a
copy of the file as it was at the last checkpoint, and the log, are all of the project, whatever another program puts
into the file meanwhile. The copy is made in the background, again after each checkpoint, of files that are not huge.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from threading import Thread

from annotator import paths
from annotator.errors import KnownError
from annotator.store import side_files

LARGEST = 256_000_000  # bytes
_PREFIX = "shadow-"

Look = tuple[int, int, int, int]  # device, inode, bytes, and when it was written to, in nanoseconds


def look(path: Path) -> Look | None:
    """What tells a file from another of its name, and from itself once somebody wrote to it; None without one."""
    try:
        found = os.stat(path)  # noqa: PTH116 (at every key: half the time of Path's)
    except OSError:
        return None
    return _told_of(found)


def look_at_open(descriptor: int) -> Look:
    """The same of a file that is open, wherever it is by now."""
    return _told_of(os.fstat(descriptor))


def _told_of(found: os.stat_result) -> Look:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class Shadow:
    """The copy beside one open project.

    :param file: the project's, absolute.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._of: Look | None = None  # what the file was when it was copied
        self._copying: Thread | None = None
        with contextlib.suppress(KnownError, OSError):
            _sweep(paths.data_dir())
            self._folder = tempfile.TemporaryDirectory(
                prefix=f"{_PREFIX}{os.getpid()}-", dir=paths.data_dir(), ignore_cleanup_errors=True
            )

    def renew(self, seen: Look | None) -> None:
        """Copy the file, which was just seen to be like this, in the background."""
        if self._folder is None or seen is None or seen == self._of or seen[2] > LARGEST or self._is_copying:
            return
        self._copying = Thread(target=self._copy, args=[Path(self._folder.name), seen], name="shadow", daemon=True)
        self._copying.start()

    @property
    def _is_copying(self) -> bool:
        return self._copying is not None and self._copying.is_alive()

    def _copy(self, folder: Path, seen: Look) -> None:
        self._of = None
        with contextlib.suppress(OSError):
            shutil.copyfile(self._file, folder / "next")
            if look(self._file) == seen:
                (folder / "project").unlink(missing_ok=True)
                (folder / "next").replace(folder / "project")
                self._of = seen

    def whole(self, seen: Look | None) -> Path | None:
        """The project as of the last decision, in a file of its own; None where that cannot be had.

        :param seen: what the file was when this program wrote to it last.
        """
        if self._copying is not None:
            self._copying.join()
        if self._folder is None or self._of is None or self._of != seen:
            return None
        whole = Path(self._folder.name) / "whole"
        try:
            for source, ending in ((Path(self._folder.name) / "project", ""), *_logs(self._file)):
                shutil.copyfile(source, whole.with_name(f"{whole.name}{ending}"))
            with contextlib.closing(sqlite3.connect(whole)) as connection:
                sound = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
                connection.execute("PRAGMA journal_mode = DELETE")
        except (OSError, sqlite3.Error):
            return None
        return whole if sound else None

    def close(self) -> None:
        """Away with it. May be repeated."""
        if self._copying is not None:
            self._copying.join()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _logs(file: Path) -> list[tuple[Path, str]]:
    return [(log, "-wal") for log in side_files.logs(file) if log.name.endswith("-wal")]


def _sweep(folder: Path) -> None:
    """What programs that were killed left there."""
    import psutil

    for left in folder.glob(f"{_PREFIX}*"):
        process = left.name.removeprefix(_PREFIX).partition("-")[0]
        if left.is_dir() and not left.is_symlink() and process.isdecimal() and not psutil.pid_exists(int(process)):
            shutil.rmtree(left, ignore_errors=True)
