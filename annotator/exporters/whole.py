"""Files and folders that appear whole or not at all, several of them together."""

import ctypes
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from annotator.errors import KnownError
from annotator.parts import beside, remove, remove_left_over

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold: the same files give the same bytes
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE: https://man7.org/linux/man-pages/man2/rename.2.html


class Kind(Enum):
    """What stands at a target in the end."""

    FILE = "a file"
    FOLDER = "a folder"
    ZIP = "a folder's files in a zip file"


class Target(NamedTuple):
    """Something that is to appear.

    :param replaces: a folder that is there already goes; a file always does.
    """

    path: Path
    kind: Kind = Kind.FILE
    replaces: bool = False


class Staged:
    """A target and the place where it is made; `part` is what is written to."""

    def __init__(self, target: Target) -> None:
        self.target, self.path = target, target.path.resolve()  # a link stays a link
        self._ready = beside(self.path, "export", "tmp")
        self.part = self._ready.with_suffix(".tmp.folder") if target.kind is Kind.ZIP else self._ready
        self._is_finished = False

    def begin(self) -> None:
        """Make room for it; raises KnownError where something is in the way, OSError."""
        if self.target.kind is not Kind.FOLDER and self.path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        if self.target.kind is Kind.FOLDER and not self.target.replaces and _is_taken(self.path):
            raise KnownError(f"“{self.path}” is there already.", "Name a folder that is not there yet.")
        remove_left_over(self.path.parent)
        if self.target.kind is not Kind.FILE:
            self.part.mkdir()

    def finish(self) -> Path:
        """Bring it into its last shape and onto the disk; returns where it lies until `appear`. May be repeated."""
        if not self._is_finished:
            if self.target.kind is Kind.ZIP:
                _zip(self.part, self._ready)
            for file in [self._ready] if self._ready.is_file() else [self._ready, *sorted(self._ready.rglob("*"))]:
                (_flush if file.is_file() else _flush_folder)(file)
            if self._ready.is_file() and self.path.exists():
                self._ready.chmod(self.path.stat().st_mode & 0o777)
            self._is_finished = True
        return self._ready

    def appear(self) -> None:
        """Take its place."""
        if self.target.kind is Kind.FOLDER and self.path.exists():
            self._trade_places()
        else:
            self._ready.replace(self.path)

    def _trade_places(self) -> None:
        if _exchanged(self._ready, self.path):  # `clear` removes what was there
            return
        old = beside(self.path, "export", "tmp")
        self.path.replace(old)
        try:
            self._ready.replace(self.path)
        except OSError:
            old.replace(self.path)
            raise
        remove(old)

    def clear(self) -> None:
        """Nothing is left of it but what has appeared."""
        remove(self.part)
        remove(self._ready)


@contextmanager
def staged(targets: Sequence[Target]) -> Iterator[list[Staged]]:
    """Places to write to, which all become their targets when the block ends; where it raises, nothing changes.

    All that needs room on the disk is done before the first of them appears.

    :raises KnownError: a folder is missing or full, or may not be written to; a folder is there already.
    """
    places: list[Staged] = []
    try:
        for target in targets:
            at = target.path
            places.append(Staged(target))
            places[-1].begin()
        at = targets[0].path
        yield places
        for place in places:
            at = place.path
            place.finish()
        for place in places:
            at = place.path
            place.appear()
        for folder in {place.path.parent for place in places}:
            _flush_folder(folder)
    except OSError as error:
        raise KnownError(f"“{at}” cannot be written: {error.strerror or error}.", "Choose another folder.") from error
    finally:
        for place in places:
            place.clear()


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """A place to write to, which becomes the file when the block ends; raises and restores as `staged`."""
    with staged([Target(Path(path))]) as (place,):
        yield place.part


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with archive.open(entry, "w") as into, file.open("rb") as content:
                    shutil.copyfileobj(content, into)


def _is_taken(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _exchanged(one: Path, other: Path) -> bool:
    """Two paths trade places at one moment, so that a kill never finds neither; False where that cannot be done."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return rename is not None and not rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)


def _flush_folder(folder: Path) -> None:
    """The new names onto the disk; Windows keeps them without being asked, and some shared disks know no such thing."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _flush(path: Path) -> None:
    """Onto the disk, so that a power cut after the rename does not leave an empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
