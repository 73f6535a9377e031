"""Parts: files in the making, beside the file that they become.

A folder that somebody sent may hold anything under a name that can be foreseen: a link, another name of a file of
worth, a pipe. So a part has a name that nobody can foresee, is made where nothing was, and is never one that was there.
"""

import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

_HOST = sha256(platform.node().encode("utf-8", "replace")).hexdigest()[:8]
_NAME = re.compile(r"\.(?:annotator|export)-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.(?:part|tmp(?:\.folder)?)")
_DAY = 24 * 3600  # seconds
_ONLY_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def fresh_part(path: Path) -> Iterator[Path]:
    """An empty file beside another, for this block; what has not been renamed when it ends goes. Raises OSError."""
    part = new_part(path)
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def new_part(path: Path) -> Path:
    """Make an empty file beside another, which whoever asked renames or removes; raises OSError."""
    remove_left_over(path.parent)
    part = beside(path, "annotator", "part")
    os.close(os.open(part, _ONLY_NEW, 0o666))
    return part


@contextmanager
def fresh_folder(path: Path) -> Iterator[Path]:
    """A folder beside a file that is to be made, for this block and for us alone; it goes with all in it.

    :raises OSError: it cannot be made.
    """
    remove_left_over(path.parent)
    folder = beside(path, "annotator", "tmp.folder")
    folder.mkdir(0o700)
    try:
        yield folder
    finally:
        remove(folder)


def beside(path: Path, kind: str, ending: str) -> Path:
    """A name in the same folder that nobody can foresee, short enough for every disk; `kind` as `_NAME` knows them."""
    return path.with_name(f".{kind}-{_HOST}-{os.getpid()}-{secrets.token_hex(8)}.{ending}")


def give_new_name(part: Path, path: Path) -> None:
    """Rename a finished file where nothing is under the new name, also not since a moment ago.

    :raises FileExistsError: there is something; OSError.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        os.close(os.open(path, _ONLY_NEW, 0o666))
        part.replace(path)
    else:
        part.unlink()


def remove_left_over(folder: Path) -> None:
    """What killed programs left in a folder: of this machine at once, of others on a shared disk after a day."""
    with suppress(OSError):
        for path in [*folder.glob(".annotator-*"), *folder.glob(".export-*")]:
            found = _NAME.fullmatch(path.name)
            if found and (not _runs(int(found[2])) if found[1] == _HOST else _is_old(path)):
                remove(path)


def remove(path: Path) -> None:
    """Away with a file or a folder, as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _runs(process: int) -> bool:
    if os.name != "posix":  # asking there would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _is_old(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime > _DAY
    return False
