"""The first hundred bytes of a project, read before SQLite touches the file.

Offsets and allowed values as in https://sqlite.org/fileformat.html, section 1.3.
"""

import os
import stat
from pathlib import Path
from typing import NamedTuple

from annotator.errors import DamagedError, KnownError, NewerError
from annotator.store.migrations import APPLICATION_ID

MAGIC = b"SQLite format 3\x00"
SIZE = 100  # bytes
SALVAGE = "Go back to a backup (annotator backups), or save what can be read (annotator salvage)."
_UTF8 = 1
_FRACTIONS = bytes((0, 64, 32, 32))  # no room left in a page, and the only values there are
_WITH_LOG = 2
_JOURNALS = {1, _WITH_LOG}  # 1: with a rollback journal; SQLite only reads files with higher numbers


class Header(NamedTuple):
    """What the header says, and how large the file is.

    :param page_size: bytes.
    :param pages: how many there should be; as many as fit where the header does not know.
    :param counter: changes with every transaction that reaches the file.
    :param version: `user_version`, the number of migrations.
    :param size: bytes of the file.
    :param has_log: it may have a write-ahead log; a project that was closed in order has none.
    """

    page_size: int
    pages: int
    counter: int
    version: int
    size: int
    has_log: bool

    @property
    def is_short(self) -> bool:
        """Does the file end before its last page?"""
        return self.size < self.pages * self.page_size


def read_header(path: Path, newest: int) -> Header:
    """The header of a project of this version or an older one; only reads.

    :param newest: the version that this program makes.
    :raises KnownError: not there, not to be opened, not a project; NewerError, DamagedError.
    """
    raw, size = first_bytes(path)
    if len(raw) < SIZE or raw[:16] != MAGIC or _number(raw, 68) != APPLICATION_ID:
        raise KnownError(f"{path.name} is not an Annotator project.", "Import it instead, if it holds articles.")
    version = _number(raw, 60)
    refuse_newer(path, version, newest)
    page_size = _page_size(raw)
    makes_sense = page_size and version and _number(raw, 56) == _UTF8 and raw[20:24] == _FRACTIONS
    if not makes_sense or not {raw[18], raw[19]} <= _JOURNALS:
        raise DamagedError(f"{path.name} is damaged: its header makes no sense.", SALVAGE, ("The header is damaged",))
    counter, pages = _number(raw, 24), _number(raw, 28)
    if not pages or counter != _number(raw, 92):  # where the two differ, the number of pages is not up to date
        pages = size // page_size
    return Header(page_size, pages, counter, version, size, _WITH_LOG in (raw[18], raw[19]))


def refuse_newer(path: Path, version: int, newest: int) -> None:
    """:raises NewerError: a newer program made the file."""
    if version > newest:
        raise NewerError(
            f"{path.name} was made by a newer version of Annotator (format {version}, not {newest}).",
            "Update this one to open it. The file was not touched.",
        )


def change_counter(path: Path) -> int:
    """The header's change counter; 0 where there is no header."""
    with path.open("rb") as file:
        return _number(file.read(SIZE), 24)


def is_file(path: Path) -> bool:
    """Is there a regular file? Names that are too long for the disk are none, too."""
    return os.path.isfile(path)  # noqa: PTH113 (the other one raises there)


def first_bytes(path: Path) -> tuple[bytes, int]:
    """The beginning of a regular file and its size; a pipe would never end, a device is nobody's project.

    :raises KnownError: it is not there, no regular file, or cannot be opened.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise KnownError(f"{path} cannot be opened: it is no file.", "Choose a project's file.")
        with path.open("rb") as file:
            return file.read(SIZE), about.st_size
    except FileNotFoundError:
        raise KnownError(
            f"There is no project {path}.", "Look for it elsewhere, or make a new one.", detail="annotator new PROJECT"
        ) from None
    except OSError as error:
        raise KnownError(f"{path} cannot be opened: {error.strerror}.", "Check the name and its rights.") from error


def _page_size(raw: bytes) -> int:
    """0 where it is none of the allowed ones; 1 stands for 65,536."""
    size = int.from_bytes(raw[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536) else 0


def _number(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
