"""The lines of a text file that is gone through more than once."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.importers.decoding import Decoded, NotTextError, decode
from annotator.importers.files import opened

LARGEST = 50_000_000  # bytes: what is read at once to find an encoding
_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 20  # bytes; what is longer is no line but a mistake


@dataclass(frozen=True, slots=True)
class TextLines:
    """Each iteration reads the file anew: UTF-8 line by line; a file in another encoding is held in memory.

    Lines end with a line feed and come without it, and without a carriage return before it.

    :param note: one sentence on how the file was decoded, "" where nothing was in doubt.
    """

    path: Path
    text: str | None = None
    note: str = ""

    @classmethod
    def of(cls, path: Path) -> "TextLines":
        """The file's lines; raises KnownError where it cannot be read, NotTextError where it is no text."""
        if is_utf8(path):
            return cls(path)
        with opened(path) as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise NotTextError(f"not in UTF-8, and larger than {LARGEST // 1_000_000} MB")
        return cls(path, *_decoded(raw))

    def __iter__(self) -> Iterator[str]:
        if self.text is not None:
            yield from (line.removesuffix("\r") for line in self.text.split("\n"))
            return
        with opened(self.path) as file:
            file.seek(len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0)
            while raw := file.readline(_LONGEST_LINE):
                yield raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def whole_text(path: Path) -> tuple[str, str]:
    """The text of a file that is one article, code point for code point, and a note as in TextLines.

    :raises NotTextError: it is no text, or too large for one article.
    """
    with opened(path) as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise NotTextError(f"larger than {LARGEST // 1_000_000} MB, too large for one article")
    return _decoded(raw)


def _decoded(raw: bytes) -> Decoded:
    """What is UTF-8 without NUL is taken for text, however many control characters it has."""
    try:
        return decode(raw) if b"\0" in raw else Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return decode(raw)


def is_utf8(path: Path) -> bool:
    """Is all of the file UTF-8, without NUL? Raises KnownError where it cannot be read."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(path) as file:
        try:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
