"""A backup becomes a project again: a new file, or in the place of the present one."""

import contextlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from annotator.errors import KnownError
from annotator.parts import fresh_part, new_part
from annotator.places import settled_new
from annotator.store.backups import Backup, check, told
from annotator.store.disk import put_in_new_place, put_in_place
from annotator.store.lock import WriteLock

_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite may have left beside a project


def to_new_file(backup: Backup, path: Path) -> None:
    """Copy a backup to a file that is not there yet.

    :raises KnownError: it is there, cannot be written, or the backup is damaged.
    """
    if os.path.lexists(path):
        raise _is_there(path)
    path = settled_new(path)
    with told(f"{path.name} cannot be written"):
        check(backup.path)
        try:
            with fresh_part(path) as part:
                shutil.copyfile(backup.path, part)
                put_in_new_place(part, path)
        except FileExistsError:
            raise _is_there(path) from None


def _is_there(path: Path) -> KnownError:
    return KnownError(f"{path.name} is there already.", "Choose another name.")


def in_place(backup: Backup, project: Path) -> Path:
    """Put a backup in the place of a project that nobody has open; it is there at every moment, old or new.

    :returns: where the present file is kept, with all that lay beside it; where there was none, it is not there.
    :raises KnownError: the project is in use, the disk stands in the way, or the backup is damaged.
    """
    return exchanged(prepared(backup, project), project)


def prepared(backup: Backup, project: Path) -> Path:
    """The slow half of `in_place`, which may be done while the project is open: a copy that is ready beside it.

    :raises KnownError: the disk stands in the way, or the backup is damaged.
    """
    project = project.resolve()
    check(backup.path)
    with told(f"{project.name} cannot be replaced"):
        part = new_part(project)
        try:
            shutil.copyfile(backup.path, part)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return part


def exchanged(part: Path, project: Path) -> Path:
    """The quick half: what was prepared takes the project's place; see `in_place`."""
    project = project.resolve()
    now = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    kept = _free(project.with_name(f"{project.stem}.before-restore-{now}{project.suffix}"))
    lock = None
    try:
        lock = WriteLock(project)
        with told(f"{project.name} cannot be replaced"):
            _keep(project, kept)
            put_in_place(part, project)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if lock is not None:
            lock.release()
    return kept


def _free(path: Path) -> Path:
    """The name, or one with a number where it is taken."""
    names = (path if not n else path.with_name(f"{path.name}-{n}") for n in range(1_000))
    return next(name for name in names if not os.path.lexists(name))


def _keep(project: Path, kept: Path) -> None:
    """The present file under another name too; its log goes along: it would be written into the restored file."""
    if project.exists():
        try:
            os.link(project, kept)
        except OSError:  # a disk without hard links
            shutil.copy2(project, kept)
    for ending in _BESIDE:
        beside = project.with_name(project.name + ending)
        with contextlib.suppress(FileNotFoundError):
            beside.replace(kept.with_name(kept.name + ending))
