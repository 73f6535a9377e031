"""The page of highlighted articles that this program writes, read back: texts exact, spans as they were.

Each article's element has its record without the text; see `exporters.page`.
"""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.files import opened, shown_name
from annotator.importers.json_record import record_of
from annotator.importers.json_stream import RECORD_LIMIT
from annotator.importers.json_values import BadJsonError, parse
from annotator.model.keeping import EVERYTHING

_OURS = re.compile(rb'\s*<!doctype html>.{,2000}<meta name="generator" content="Annotator"', re.DOTALL | re.IGNORECASE)
_CHUNK = 64 * 1024


class _Articles(HTMLParser):
    """Gathers each article's record and text; `complete` holds those that have ended."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.complete: list[tuple[str, str]] = []
        self.length = 0  # of the text that is being gathered
        self._record: str | None = None
        self._text: list[str] = []
        self._is_text = False

    @property
    def is_open(self) -> bool:
        """Has an article begun and not ended?"""
        return self._record is not None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "article":
            self._record, self._text, self.length = values.get("data-record"), [], 0
        self._is_text = self._is_text or (tag == "div" and values.get("class") == "text")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._is_text = False
        elif tag == "article" and self._record is not None:
            self.complete.append((self._record, "".join(self._text)))
            self._record = None

    def handle_data(self, data: str) -> None:
        if self._is_text and self.is_open:
            self._text.append(data)
            self.length += len(data)


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """Every article of the page, or why it is none."""
    name = shown_name(path)
    number = 0
    try:
        for number, (record, text) in enumerate(_pairs(path), 1):
            yield _record(record, text, f"{name}:{number}")
    except (UnicodeDecodeError, _BrokenPageError) as error:
        reason = "not in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        yield Problem(f"{name}:{number + 1}", reason)
    else:
        if not number:
            yield Problem(name, "no article is on the page")


class _BrokenPageError(ValueError):
    """The page does not go on as it should; the message says how."""


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    """(record, text) of each article."""
    page = _Articles()
    with opened(path) as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
        while chunk := text.read(_CHUNK):
            page.feed(chunk)
            yield from page.complete
            page.complete.clear()
            if page.length > RECORD_LIMIT:
                raise _BrokenPageError(f"longer than {RECORD_LIMIT // 1_000_000} MB")
    if page.is_open:
        raise _BrokenPageError("the page ends within an article")


def _record(record: str, text: str, where: str) -> Record | Problem:
    try:
        fields = parse(record.encode())
    except BadJsonError as error:
        return Problem(where, str(error))
    if not isinstance(fields, dict) or not str(fields.get("schema")).startswith("annotator/"):
        return Problem(where, "its record is not one of this program")
    return record_of(fields | {"text": text}, where)


def _matches(_path: Path, head: bytes) -> bool:
    return bool(_OURS.match(head))


IMPORTER = Importer(
    name="annotator-page",
    title="Page of this program",
    suffixes=(),
    matches=_matches,
    read=read,
    keeps=EVERYTHING,
    remark="What the export “html” wrote: articles with metadata, spans and decisions.",
    guarded=True,
)
