"""The projects that this program wrote on this machine, and how it left them.

A project as it was left needs no second look; what lies beside one that was never closed is our own.
The list is a convenience: where it is lost, files are looked through again.
"""

import json
import logging
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from annotator import paths
from annotator.errors import KnownError
from annotator.parts import fresh_part
from annotator.store.header import change_counter
from annotator.store.side_files import logs

_MOST = 1000  # projects and backups
_log = logging.getLogger(__name__)
_here: Counter["Identity"] = Counter()  # by how many sessions of this process a project is written to
_lock = threading.Lock()


Identity = tuple[int, int]  # device, inode


class Stamp(NamedTuple):
    """A file at one moment.

    :param modified: nanoseconds.
    :param counter: the header's change counter.
    :param is_open: it was opened for writing and never closed.
    """

    device: int
    inode: int
    size: int = 0
    modified: int = 0
    counter: int = 0
    is_open: bool = False


def is_open_here(project: Path) -> bool:
    """Does this process write to it? Then nothing else may open it: closing that would drop SQLite's locks."""
    return is_held_here(_identity(project))


def is_held_here(identity: "Identity") -> bool:
    """The same of a file that may have another name by now."""
    return _here[identity] > 0


def as_left(project: Path) -> bool:
    """Is the file just as this program left it when it was closed or checked last?"""
    stamp = _recorded(project)
    return stamp is not None and not stamp.is_open and not logs(project) and stamp == _stamp(project)


def was_never_closed(project: Path) -> bool:
    """Did this program open this very file for writing, and not close it?"""
    stamp = _recorded(project)
    return stamp is not None and stamp.is_open and stamp[:2] == _identity(project)


def left_open_as(project: Path) -> list[Path]:
    """Other names under which this program had this very file open for writing, and did not close it."""
    identity, name = _identity(project), str(project.resolve())
    others = ((other, _as_stamp(stamp)) for other, stamp in _read().items() if other != name)
    return [Path(other) for other, stamp in others if stamp is not None and stamp.is_open and stamp[:2] == identity]


def opened(project: Path) -> Identity:
    """This process is about to write to it; returns what `closed` wants to know."""
    identity = _identity(project)
    _here[identity] += 1
    _record(project, Stamp(*identity, is_open=True))
    return identity


def closed(project: Path, identity: Identity) -> None:
    """It was closed; with a log left behind, as beside a reader, it counts as open.

    :param identity: what it was when it was opened; another file may have taken its place.
    """
    _here[identity] -= 1
    if is_held_here(identity):  # under another name: reading the file would drop that one's locks
        return
    with suppress(OSError):
        if _identity(project) == identity:
            _record(project, Stamp(*identity, is_open=True) if logs(project) else _stamp(project))


def found_sound(project: Path) -> None:
    """It was looked through, and has no log beside it."""
    with suppress(OSError):
        _record(project, _stamp(project))


def _identity(project: Path) -> Identity:
    about = project.stat()
    return about.st_dev, about.st_ino


def _stamp(project: Path) -> Stamp:
    about = project.stat()
    return Stamp(about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, change_counter(project))


def _recorded(project: Path) -> Stamp | None:
    try:
        return _as_stamp(_read()[str(project.resolve())])
    except (KeyError, OSError):
        return None


def _as_stamp(stored: Any) -> Stamp | None:
    try:
        return Stamp(*stored)
    except TypeError:
        return None


def forget(project: Path) -> None:
    """No such file is there any more."""
    _record(project, None)


def _record(project: Path, stamp: Stamp | None) -> None:
    """Remember one more, the latest last; another process may do the same, and then one of the two is forgotten."""
    try:
        with _lock:
            known = _read()
            name = str(project.resolve())
            known.pop(name, None)
            if stamp is not None:
                known[name] = list(stamp)
            file = _file()
            with fresh_part(file) as part:
                part.write_text(json.dumps(dict(list(known.items())[-_MOST:])), "ascii")
                part.replace(file)
    except (OSError, KnownError) as error:
        _log.info("The list of known projects cannot be written: %s", error)


def _read() -> dict[str, Any]:
    try:
        known = json.loads(_file().read_text("ascii"))
    except (OSError, ValueError, RecursionError, KnownError):
        return {}
    return known if isinstance(known, dict) else {}


def _file() -> Path:
    return paths.data_dir() / "known.json"
