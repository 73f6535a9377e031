"""Markdown (CommonMark with tables): its words in plain paragraphs, and what its front matter says of it."""

import re
import tomllib
from pathlib import Path
from typing import Any

from annotator.importers.bare import UnreadableError, bare_record, one_article
from annotator.importers.base import Importer, ReadOptions, Record
from annotator.importers.days import day_of
from annotator.importers.decoding import decode
from annotator.importers.markup import paragraphs, words

LARGEST = 10_000_000  # bytes

_FRONT = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*(.*)")
_ITEM = re.compile(r"\s*-[ \t]+(.+)")
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_NAMES = {  # ours, and what static sites call it
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "published": ("date", "published", "pubdate"),
    "source": ("source", "publication", "site"),
    "url": ("url", "link", "permalink", "canonical_url"),
    "language": ("language", "lang"),
}


def _record(raw: bytes, where: str, options: ReadOptions) -> Record:
    decoded = decode(raw)
    front = _FRONT.match(decoded.text)
    if not decoded.text.strip("\ufeff \t\r\n"):
        raise UnreadableError("the file is empty")
    html = _rendered(decoded.text[front.end() :] if front else decoded.text)
    heading = _HEADING.search(html)
    fields = _fields(front[1], front[2]) if front else {}
    found = {key: next((fields[name] for name in names if fields.get(name)), "") for key, names in _NAMES.items()}
    found["title"] = found["title"] or (words(heading[1]) if heading else "")
    found["published"] = day_of(found["published"]) or found["published"]
    return bare_record(where, paragraphs(html), found | {"file": where}, options, [decoded.note])


def _rendered(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text.removeprefix("\ufeff")))


def _fields(mark: str, front: str) -> dict[str, str]:
    """The front matter's names in lower case, and their values as words; several joined by commas."""
    if mark == "+++":
        try:
            return {key.lower(): _joined(value) for key, value in tomllib.loads(front).items()}
        except tomllib.TOMLDecodeError:
            return {}
    return {key: ", ".join(values) for key, values in _yaml(front).items()}


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _yaml(front: str) -> dict[str, list[str]]:
    """The flat part of YAML that front matter is written in: `name: value`, lists in brackets or one item a line."""
    found: dict[str, list[str]] = {}
    values: list[str] = []
    for line in front.splitlines():
        if field := _FIELD.match(line):
            values = found.setdefault(field[1].strip().lower(), [])
            listed = field[2].strip()
            inner = listed[1:-1].split(",") if listed.startswith("[") and listed.endswith("]") else [listed]
            values += filter(None, (_unquoted(value) for value in inner))
        elif item := _ITEM.match(line):
            values.append(_unquoted(item[1]))
    return found


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _matches(path: Path, _head: bytes) -> bool:
    return path.suffix.lower() in (".md", ".markdown")


IMPORTER = Importer(
    name="markdown",
    title="Markdown",
    suffixes=(".md", ".markdown"),
    matches=_matches,
    read=one_article(LARGEST, _record),
    keeps=None,
    remark="One article a file, its markup taken off; title, date and author from its front matter.",
    guarded=True,
)
