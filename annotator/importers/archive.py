"""Archives of files (ZIP, TAR, gzip), unpacked into a folder of our own: never beyond it, and never without end."""

import gzip
import lzma
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Self

from annotator.importers.base import Problem
from annotator.importers.docx import is_document
from annotator.importers.files import opened, unzipped
from annotator.importers.gzip_stream import CUT_OFF, MAGIC, GzipStream
from annotator.model.text import storable

SUFFIXES = (".zip", ".tar", ".tgz", ".gz")
MOST_FILES = 100_000
MOST_BYTES = 4_000_000_000  # unpacked, of all files together
MOST_BYTES_A_BYTE = 200  # and no more than this for each byte of the archive
FREE_BYTES = 100_000_000  # whatever the archive's size

_CHUNK = 1 << 20
_OFFICE = {"[Content_Types].xml", "mimetype"}  # what documents have that are ZIP files inside
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, *CUT_OFF),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, struct.error),  # which the libraries let through
)
_NO_FILE = "a link or a device, not a file"
_ON_WINDOWS = os.name == "nt"
# There these are no files, whatever folder and ending they have: learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = frozenset(("CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))))
_DEEPEST = 50  # folders in each other
_LONGEST_HEADER = 1 << 20  # bytes
_ENDS = ("EOFHeaderError", "EmptyHeaderError")  # what stands behind the last file
_LONG_HEADERS = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)


class Member(NamedTuple):
    """A file of an archive.

    :param path: where it lies unpacked.
    :param name: its name in the archive; "" for the one file that a gzip file is.
    """

    path: Path
    name: str


class _TarHeader(tarfile.TarInfo):
    """A header that is damaged is no end of the archive, and none is read whole that has many megabytes."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """As `TarInfo.frombuf`, but for tarfile.ReadError, which nobody passes over."""
        try:
            found = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if type(error).__name__ in _ENDS:
                raise
            raise tarfile.ReadError(str(error)) from error
        if found.type in _LONG_HEADERS and found.size > _LONGEST_HEADER:
            raise tarfile.ReadError("a name of many megabytes")
        return found


class _TooMuchError(Exception):
    """The archive holds more than it may; the message says what."""


def kind_of(path: Path, head: bytes) -> str:
    """ "zip", "tar" or "gzip"; "" for what is no archive, as a Word document or a compressed web archive.

    :param head: the file's first 64 KiB.
    """
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "" if is_document(path) or _is_office(path) else "zip"
    inner = unzipped(head)
    if (inner[257:262] == b"ustar" and b"\0" in inner[:257]) or path.suffix.lower() == ".tar":
        return "tar"
    return "gzip" if head.startswith(MAGIC) and not inner.startswith(b"WARC/") else ""


def unpack(path: Path, kind: str, folder: Path) -> Iterator[Member | Problem]:
    """Every file of the archive, unpacked below the folder, or why it is not; links and hidden files are no articles.

    A Problem's `where` is the name in the archive, "" where the archive itself is broken: then nothing follows.
    """
    unpacking = _Unpacking(folder, path.stat().st_size)
    try:
        yield from {"zip": _of_zip, "tar": _of_tar, "gzip": _of_gzip}[kind](path, unpacking)
    except _TooMuchError as error:
        yield Problem("", str(error))
    except _BROKEN as error:
        yield Problem("", f"cut off or damaged ({type(error).__name__})")


def _of_zip(path: Path, unpacking: "_Unpacking") -> Iterator[Member | Problem]:
    with opened(path) as file, zipfile.ZipFile(file) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        unpacking.declared(sum(info.file_size for info in infos), len(infos))
        for info in infos:
            if info.flag_bits & 1:
                yield Problem(_shown(info.filename), "locked with a password")
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Problem(_shown(info.filename), _NO_FILE)
                continue
            try:
                with archive.open(info) as source:
                    yield from unpacking.take(info.filename, source)
            except _BROKEN as error:  # of this file; the next has its own place in the list
                yield Problem(_shown(info.filename), f"damaged ({type(error).__name__})")


def _of_tar(path: Path, unpacking: "_Unpacking") -> Iterator[Member | Problem]:
    with _plain(path) as stream, tarfile.open(fileobj=stream, mode="r|", tarinfo=_TarHeader) as archive:
        for info in archive:
            unpacking.declared(info.size, 1)
            if info.isreg():
                source = archive.extractfile(info)
                assert source is not None
                yield from unpacking.take(info.name, source)
            elif not info.isdir():
                yield Problem(_shown(info.name), _NO_FILE)


def _of_gzip(path: Path, unpacking: "_Unpacking") -> Iterator[Member | Problem]:
    """What there is of a file that is cut off is unpacked, too, before the Problem."""
    name = path.name[: -len(".gz")] if path.name.lower().endswith(".gz") else path.name
    target = unpacking.folder / (name or "unpacked")
    try:
        with _plain(path) as source, target.open("wb") as file:
            unpacking.copy(source, file)
    finally:
        if target.stat().st_size:
            yield Member(target, "")


@contextmanager
def _plain(path: Path) -> Iterator[IO[bytes]]:
    """The file, uncompressed where it is compressed."""
    with opened(path) as file:
        compressed = file.read(2) == MAGIC
        file.seek(0)
        yield GzipStream(file) if compressed else file  # type: ignore[misc]


@dataclass
class _Unpacking:
    """Takes files into a folder as long as they are not too many or too large.

    :param size: bytes of the archive.
    """

    folder: Path
    size: int
    files: int = 0
    unpacked: int = 0

    @property
    def most(self) -> int:
        """Bytes that may come out."""
        return min(MOST_BYTES, FREE_BYTES + MOST_BYTES_A_BYTE * self.size)

    def declared(self, size: int, files: int) -> None:
        """Raises _TooMuchError where so much more would be too much."""
        if self.files + files > MOST_FILES:
            raise _TooMuchError(f"more than {MOST_FILES:,} files in one archive")
        if self.unpacked + size > self.most:
            raise _TooMuchError(f"unpacks to more than {self.most // 1_000_000:,} MB")

    def take(self, name: str, source: IO[bytes]) -> Iterator[Member | Problem]:
        """Unpack one file; nothing where it is a hidden one."""
        self.files += 1
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0] or "\0" in name:
            yield Problem(_shown(name), "its name leads out of the archive")
            return
        parts = [part for part in parts if part not in (".", "")]
        if _ON_WINDOWS and any(map(_is_device, parts)):
            yield Problem(_shown(name), _NO_FILE)
            return
        if len(parts) > _DEEPEST:
            yield Problem(_shown(name), f"more than {_DEEPEST} folders in each other")
            return
        if not parts or any(part.startswith(".") for part in parts) or parts[0] == "__MACOSX":
            return
        inner, target = _shown("/".join(parts)), self.folder.joinpath(*parts)
        reason = self._written(target, source)
        yield Problem(inner, reason) if reason else Member(target, inner)

    def _written(self, target: Path, source: IO[bytes]) -> str:
        """Why the file could not be written; "" where it was."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                self.copy(source, file)
        except FileExistsError:  # also where names differ by case alone, on systems that do not see it
            return "there are two files of this name"
        except gzip.BadGzipFile:  # of the whole archive, though an OSError
            raise
        except OSError as error:
            return f"cannot be unpacked: {error.strerror or error}"
        return ""

    def copy(self, source: IO[bytes], target: IO[bytes]) -> None:
        """All bytes; raises _TooMuchError where they are more than may come out."""
        while chunk := source.read(_CHUNK):
            self.unpacked += len(chunk)
            self.declared(0, 0)
            target.write(chunk)


def _is_device(part: str) -> bool:
    """A device on Windows, or a second stream of a file."""
    return part.partition(".")[0].rstrip().upper() in _DEVICES or ":" in part


def _is_office(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return not _OFFICE.isdisjoint(package.namelist())
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def _shown(name: str) -> str:
    return storable(name)[0]
