"""Plain text: one file, one article, its text kept code point for code point."""

from collections.abc import Iterator
from pathlib import Path

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import replaced_note
from annotator.importers.decoding import Decoded, NotTextError, decode
from annotator.importers.files import opened, shown_name
from annotator.importers.headings import published_in, title_in
from annotator.model.article import Article
from annotator.model.text import storable

LARGEST = 50_000_000  # bytes; forty times the longest book, so it is not one article


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of a text file, or why it is none."""
    where = shown_name(path)
    with opened(path) as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        yield Problem(where, f"larger than {LARGEST // 1_000_000} MB, too large for one article")
        return
    try:
        decoded = decode(raw)
    except NotTextError as error:
        yield Problem(where, str(error))
        return
    yield _record(where, decoded)


def _record(where: str, decoded: Decoded) -> Record | Problem:
    text, replaced = storable(decoded.text)
    if not text.strip("\ufeff \t\r\n"):
        return Problem(where, "the file is empty")
    meta = {"title": title_in(text), "published": published_in(text), "file": where}
    article = Article("", text, {key: value for key, value in meta.items() if value})
    notes = (decoded.note, replaced_note(replaced) if replaced else "")
    return Record(where, article, notes=tuple(filter(None, notes)))


def _matches(_path: Path, _head: bytes) -> bool:
    return True  # what no other importer knows is read as text, or refused by `decode`


IMPORTER = Importer(
    name="text",
    title="Plain text",
    suffixes=(".txt", ".text"),
    matches=_matches,
    read=read,
    keeps=None,
    remark="One article a file, its text character for character; title and date from the first lines.",
)
