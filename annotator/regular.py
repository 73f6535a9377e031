"""Reading files that may lie in anybody's folder: a pipe would never end, and a device is nobody's file."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_ONLY_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def opened(path: Path) -> BinaryIO:
    """A regular file for reading bytes, or a link to one.

    :raises OSError: it is none, not there, or may not be read.
    """
    refuse_other(path.stat().st_mode)  # before it is opened: a device may notice that
    file = os.fdopen(os.open(path, _ONLY_READ), "rb")
    try:
        refuse_other(os.fstat(file.fileno()).st_mode)
    except OSError:
        file.close()
        raise
    return file


def refuse_other(mode: int) -> None:
    """:raises OSError: by its mode it is no regular file, nor a folder, of which the system itself says so."""
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is no regular file")
