"""Places where something is to be written: found once, before anybody asks what is there, and then kept to.

`missing/../x` is no file for who asks whether it is there, and `x` for who resolves it; a link is another file to
who writes. And a project has names of its own beside it, whose content SQLite obeys (https://sqlite.org/wal.html).
"""

import os
from pathlib import Path

from annotator.errors import KnownError

# SQLite's own files, and ours; see store/lock.py
_BESIDE_A_PROJECT = ("-wal", "-shm", "-journal", ".lock", ".learned")
_ADVICE = "Choose another name."


def absolute(path: Path) -> Path:
    """The path from the root on, its links as they are.

    :raises KnownError: it begins in the current folder, and that was removed.
    """
    try:
        return path.absolute()
    except FileNotFoundError:
        raise KnownError("The current folder is not there any more.", "Change to another one, and try again.") from None


def settled(path: Path) -> Path:
    """The same name in its folder as the disk knows that; the name itself may be a link.

    :raises KnownError: there is no such folder, or no name.
    """
    if path.name in ("", ".."):
        raise KnownError(f"{path} names no file.", "Say which file, or which folder, is to be written.")
    try:
        return path.parent.resolve(strict=True) / path.name
    except (OSError, RuntimeError):  # the latter for links that lead in a circle
        raise KnownError(f"There is no folder {path.parent}.", "Make it first, or choose another.") from None


def settled_new(path: Path) -> Path:
    """The place of a file or a folder that is to be made where nothing is; raises as `settled` and `refuse_own`."""
    place = settled(path)
    refuse_own(place)
    return place


def refuse_own(path: Path) -> None:
    """A file that lies beside another under the name that a project gives to a log or a lock is one of these.

    :raises KnownError: it has such a name, whether anything is there or not.
    """
    name = path.name
    for ending in _BESIDE_A_PROJECT:
        project = name[: -len(ending)]
        if name.casefold().endswith(ending) and project and os.path.lexists(path.with_name(project)):
            raise KnownError(f"{name} belongs to the project {project}: the program keeps its own there.", _ADVICE)


def refuse_link(path: Path) -> None:
    """What nobody named is not written where a link of that name leads.

    :raises KnownError: it is one.
    """
    if os.path.islink(path):  # noqa: PTH114 (the other one raises where the name is too long)
        raise KnownError(f"{path.name} is a link to another file.", "Remove it, or choose another name.")
