"""The files that SQLite keeps beside a project while it is open: NAME-wal, NAME-journal, NAME-shm.

SQLite uses whatever lies there under these names. A rollback journal can name another file to be
deleted (https://sqlite.org/fileformat.html, section 3: the super-journal; SQLite 3.40.1 deletes it),
and a link in place of a log would have SQLite write where it points.
"""

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from annotator.errors import DiskError
from annotator.parts import fresh_part

_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_SUFFIXES = ("-journal", "-wal", "-shm")
_TRIES = 5  # to copy a file that somebody writes to
_SPARE = 1 << 26  # bytes: pages that were free again before they were written are in no log


def logs(project: Path) -> list[Path]:
    """The logs beside a project that hold something and are not dangerous: SQLite would replay them."""
    there = [path for path in (_beside(project, "-journal"), _beside(project, "-wal")) if _size(path)]
    return [path for path in there if _is_file(path) and not _is_harmful(path)]


def size_with_logs(project: Path) -> int:
    """Bytes of a project and of the logs that SQLite would bring into it."""
    return project.stat().st_size + sum(map(_size, logs(project)))


def room(project: Path) -> int:
    """Bytes that a project cannot have once its logs are brought in: far more than all that is there."""
    return 2 * size_with_logs(project) + _SPARE


def has_log(project: Path) -> bool:
    """Does a write-ahead log lie beside a project, be it an empty one?"""
    return os.path.lexists(_beside(project, "-wal"))


def dangerous(project: Path) -> list[Path]:
    """What SQLite must never get: a link or a pipe, shared memory of another name, a journal that does harm."""
    there = (path for suffix in _SUFFIXES if os.path.lexists(path := _beside(project, suffix)))
    return [path for path in there if not _is_file(path) or _is_harmful(path) or _is_shared_memory(path)]


def make_own(project: Path) -> None:
    """Put a copy in the place of a log that has another name as well: what is written to it reaches nothing else.

    :raises DiskError: there is no room for it, or the folder does not allow it.
    """
    for log in logs(project):
        if log.lstat().st_nlink > 1:
            try:
                with fresh_part(log) as part:
                    shutil.copyfile(log, part)
                    part.replace(log)
            except OSError as error:
                raise DiskError(
                    f"{log.name} cannot be copied: {error.strerror}.", "Make room; nothing was changed."
                ) from error


def set_aside(paths: Iterable[Path]) -> list[Path]:
    """Rename files so that nobody takes them for side files; returns their new names. Nothing is deleted.

    :raises DiskError: the folder does not allow it.
    """
    return [_renamed(path) for path in paths]


def copied(project: Path, folder: Path) -> Path:
    """A copy of a project with its logs as of one moment, also while somebody writes to it.

    :raises DiskError: there is no room for it.
    """
    copy = folder / "project"
    try:
        for _ in range(_TRIES):
            before = _moment(project)
            for path in (project, *logs(project)):
                target = copy.with_name(path.name.replace(project.name, copy.name, 1))
                shutil.copyfile(path, target)
            if _moment(project) == before:
                break
            for left in folder.iterdir():
                left.unlink()
    except OSError as error:
        raise DiskError(
            f"{project.name} cannot be checked: its copy in {folder.parent} failed: {error.strerror}.",
            "Make room there; nothing was changed.",
            full=True,
        ) from error
    return copy


def _beside(project: Path, suffix: str) -> Path:
    return project.with_name(project.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)


def _is_shared_memory(path: Path) -> bool:
    """Has it, which holds nothing of worth, another name as well?"""
    return path.name.endswith("-shm") and path.lstat().st_nlink > 1


def _is_harmful(path: Path) -> bool:
    """Is it a journal that ends as one of several, or would make its project a file that fills the disk?"""
    if not path.name.endswith("-journal") or path.lstat().st_size < len(_JOURNAL_MAGIC):
        return False
    try:
        with path.open("rb") as file:
            header = file.read(28)
            file.seek(-len(_JOURNAL_MAGIC), os.SEEK_END)
            return file.read() == _JOURNAL_MAGIC or _is_too_wide(path, header)
    except OSError:
        return True


def _is_too_wide(journal: Path, header: bytes) -> bool:
    """A file is made as long as it was when the journal began: no longer than it is, and so much it may be wrong.

    :param header: its first 28 bytes (https://sqlite.org/fileformat.html, section 3).
    """
    if not header.startswith(_JOURNAL_MAGIC):  # SQLite makes nothing of it
        return False
    pages, page_size = (int.from_bytes(header[at : at + 4], "big") for at in (16, 24))
    project = journal.with_name(journal.name.removesuffix("-journal"))
    return pages * page_size > 2 * (_size(project) + _size(journal)) + _SPARE


def _renamed(path: Path) -> Path:
    new, number = path.with_name(f"{path.name}.not-used"), 2
    while os.path.lexists(new):
        new, number = path.with_name(f"{path.name}.not-used-{number}"), number + 1
    try:
        path.rename(new)
    except OSError as error:
        raise DiskError(
            f"{path.name} does not belong to the project beside it, and cannot be renamed: {error.strerror}.",
            "Move it elsewhere; the project was not opened.",
        ) from error
    return new


def _moment(project: Path) -> tuple[object, ...]:
    """What is the same as long as a log was only appended to, and nothing of it reached the project."""
    about = project.stat()
    beginnings = []
    for log in logs(project):
        with log.open("rb") as file:
            beginnings.append((log.name, file.read(32)))
    return about.st_size, about.st_mtime_ns, about.st_ino, beginnings
