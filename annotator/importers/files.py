"""From what a person names to the files that are read."""

import glob
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from annotator import regular
from annotator.errors import KnownError
from annotator.importers.companions import is_manifest, without_companions
from annotator.model.text import storable

HEAD_BYTES = 64 * 1024


def files_of(paths: Iterable[str | Path]) -> list[Path]:
    """The files that the paths name, each once, in the order given.

    A folder stands for all files below it, sorted, without hidden ones and manifests; a path that does not
    exist but holds `*`, `?` or `[` is a pattern (`**` goes through folders). Raises KnownError
    for a path that does not exist, a pattern without matches, or a folder that may not be read.
    Files that are read with another one that is named too are left out: `companions`.
    """
    return list(names_of(paths))


def names_of(paths: Iterable[str | Path]) -> dict[Path, str]:
    """`files_of` the paths, each with what reports call it: its name.

    Files that share theirs have the folders before it, below the folder that was named, or the whole path.
    """
    found = [(file, Path(path)) for path in paths for file in _expanded(Path(path))]
    below = {file: _below(file, named) for file, named in reversed(found)}
    files = without_companions(file for file, _ in found)
    names = Counter(file.name for file in files)
    places = Counter(below.values())
    return {
        file: storable(
            file.name if names[file.name] == 1 else below[file] if places[below[file]] == 1 else file.as_posix()
        )[0]
        for file in files
    }


def _below(file: Path, named: Path) -> str:
    """The file's place below the folder that was named; its whole path where a file or a pattern was."""
    return file.relative_to(named).as_posix() if named.is_dir() else file.as_posix()


def shown_name(path: Path) -> str:
    """The file name as it may stand in messages and metadata, whatever bytes it is made of."""
    return storable(path.name)[0]


def head_of(path: Path) -> bytes:
    """The first 64 KiB; raises KnownError where the file cannot be read."""
    with opened(path) as file:
        return file.read(HEAD_BYTES)


def unzipped(head: bytes) -> bytes:
    """What the beginning of a gzip file unpacks to, at most as long as a head; other bytes as they are."""
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file for reading bytes; an OSError from it becomes a KnownError."""
    try:
        with regular.opened(path) as file:
            yield file
    except OSError as error:
        _cannot_read(path, error)


def _expanded(path: Path) -> list[Path]:
    try:
        return _found(path)
    except OSError as error:  # the folder above may not be entered, or the name is too long
        _cannot_read(path, error)


def _found(path: Path) -> list[Path]:
    if path.is_dir():
        return _files_below(path)
    if path.is_file():
        return [path]
    if path.exists():
        raise KnownError(f"“{storable(str(path))[0]}” is not a file.", "Name a file or a folder.")
    return _matching(path)


def _matching(pattern: Path) -> list[Path]:
    found = sorted(Path(name) for name in glob.glob(str(pattern), recursive=True))  # noqa: PTH207
    if not found:
        raise KnownError(f"“{storable(str(pattern))[0]}” does not exist.", "Check the path's spelling.")
    return [file for path in found if path.exists() for file in _expanded(path)]


def _files_below(folder: Path) -> list[Path]:
    def refuse(error: OSError) -> NoReturn:
        _cannot_read(Path(error.filename or folder), error)

    found = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        visible = (Path(parent, name) for name in names if not name.startswith(".") and not is_manifest(name))
        found += [path for path in visible if path.is_file()]
    return sorted(found)


def _cannot_read(path: Path, error: OSError) -> NoReturn:
    title = f"“{storable(str(path))[0]}” cannot be read: {error.strerror or error}."
    raise KnownError(title, "Check that it exists and that you may read it.") from error
