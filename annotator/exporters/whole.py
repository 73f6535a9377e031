"""Files and folders that appear whole or not at all."""

import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.errors import KnownError

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold: the same files give the same bytes


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """A place to write to, which becomes the file when the block ends; where it raises, nothing changes.

    :raises KnownError: the folder is missing or full, or may not be written to.
    """
    target = Path(path).resolve()  # a link stays a link
    part = _beside(target)
    try:
        yield part
        _flush(part)
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """An empty folder, which becomes the one at `path` when the block ends; where it raises, nothing changes.

    :raises KnownError: something is there already, unless it is an empty folder; or it cannot be written.
    """
    target = Path(path).resolve()
    part = _beside(target)
    try:
        if target.is_file() or (target.is_dir() and any(target.iterdir())):
            raise KnownError(f"“{target}” is there already.", "Name a folder that is not there yet.")
        part.mkdir()
        yield part
        for file in sorted(part.rglob("*")):
            if file.is_file():
                _flush(file)
        if target.is_dir():
            target.rmdir()
        part.replace(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def zipped_folder(path: str | Path) -> Iterator[Path]:
    """An empty folder, whose files become the zip file at `path` when the block ends.

    :raises KnownError: as `whole_file`.
    """
    with whole_file(path) as part:
        folder = part.with_suffix(".folder")
        try:
            folder.mkdir()
            yield folder
            _zip(folder, part)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with archive.open(entry, "w") as into, file.open("rb") as content:
                    shutil.copyfileobj(content, into)


def _beside(target: Path) -> Path:
    return target.with_name(f".export-{secrets.token_hex(8)}.tmp")


def _cannot_write(target: Path, error: OSError) -> KnownError:
    return KnownError(f"“{target}” cannot be written: {error.strerror or error}.", "Choose another folder.")


def _flush(path: Path) -> None:
    """Onto the disk, so that a power cut after the rename does not leave an empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
