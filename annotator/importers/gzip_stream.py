"""A gzip file (RFC 1952) read as a stream that gives all it has before it says that it is cut off."""

import gzip
import zlib
from typing import BinaryIO

CUT_OFF = (EOFError, gzip.BadGzipFile, zlib.error)
MAGIC = b"\x1f\x8b"


class GzipStream:
    """Unpacks a file as it is read.

    :ivar cut_off: the end came too early, or was damaged; `read` has said so, too, with one of CUT_OFF.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._stream = gzip.GzipFile(fileobj=file)
        self.cut_off = False

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end alone."""
        try:
            return self._stream.read1(size)
        except CUT_OFF:
            self.cut_off = True
            raise

    def tell(self) -> int:
        """How many bytes were read, unpacked."""
        return self._stream.tell()
