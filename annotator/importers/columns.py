"""Rows of tables as articles: which column holds the text, and what the others are called here."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

from annotator.importers.bare import UnreadableError, bare_record
from annotator.importers.base import ReadOptions, Record
from annotator.importers.days import day_of

_TEXT = (
    *("text", "body", "content", "article", "article_text", "article_body", "articlebody", "full_text", "fulltext"),
    *("maintext", "main_text", "story", "document"),
)
_OURS = {
    "title": ("title", "headline", "heading", "article_title"),
    "source": ("source", "publisher", "publication", "outlet", "newspaper", "site", "source_name"),
    "url": ("url", "link", "href", "web_url", "article_url", "source_url"),
    "published": (
        *("published", "date", "published_at", "publishedat", "publish_date", "date_publish", "date_published"),
        *("publication_date", "pub_date", "pubdate", "published_date", "datetime", "timestamp"),
    ),
    "author": ("author", "authors", "byline", "writer"),
    "language": ("language", "lang"),
}
_IDS = ("id", "uid", "guid", "article_id", "doc_id")
_SPAN_TABLE = {"start", "end", "label"}
_SHOWN_NAMES, _LONGEST_NAME = 12, 40
_FEWEST = 25  # code points that a text has on average; what is shorter in every row is no article


def text_column(names: Sequence[str], samples: Sequence[Mapping[str, Any]], wanted: str = "") -> str:
    """The column that holds the articles: the one wanted, one with a usual name, else the longest.

    :param samples: some rows.
    :param wanted: a name, "" where none was said.
    :raises UnreadableError: there is none, or it is a table of spans.
    """
    by_plain = {plain(name): name for name in reversed(names)}
    if wanted:
        if plain(wanted) not in by_plain:
            raise UnreadableError(f"it has no column “{wanted}”; it has {_listed(names)}")
        return wanted if wanted in names else by_plain[plain(wanted)]
    if by_plain.keys() >= _SPAN_TABLE:
        raise UnreadableError("a table of spans (start, end, label), not of articles; import the articles themselves")
    if usual := next((by_plain[name] for name in _TEXT if name in by_plain), ""):
        return usual
    lengths = {name: _average(name, samples) for name in names}
    longest = max(lengths, key=lambda name: lengths[name], default="")
    if not longest or lengths[longest] < _FEWEST:
        raise UnreadableError(f"no column holds articles; it has {_listed(names)}")
    return longest


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:_LONGEST_NAME] for name in names[:_SHOWN_NAMES])
    return shown if len(names) <= _SHOWN_NAMES else f"{shown} and {len(names) - _SHOWN_NAMES:,} more"


def record_of_row(
    row: Mapping[str, Any], text: str, where: str, file: str, options: ReadOptions, notes: Sequence[str] = ()
) -> Record:
    """An article of a row.

    :param text: the column that holds it.
    :raises UnreadableError: it is empty there.
    """
    words = row.get(text)
    if not isinstance(words, str) or not words.strip():
        raise UnreadableError(f"nothing in the column “{text}”")
    meta: dict[str, Any] = {"file": file}
    uid = ""
    for name, value in row.items():
        key = ours(name)
        if name == text or value in (None, "") or not name:
            continue
        if key in _IDS and not uid and not str(value).isdecimal():  # a number tells rows of this table apart, no more
            uid = str(value)
        else:
            meta.setdefault(key, _plain_value(key, value))
    return bare_record(where, words, meta, options, notes, uid)


def ours(name: str) -> str:
    """What we call a column of that name."""
    known = plain(name)
    if known in _IDS:
        return known
    return next((key for key, names in _OURS.items() if known in names), name)


def plain(name: str) -> str:
    """A column's name to compare."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().casefold()).strip("_")


def _plain_value(key: str, value: Any) -> Any:
    if isinstance(value, date):  # and points in time
        value = value.isoformat()
    if isinstance(value, float) and not isfinite(value):  # how data frames write that there is nothing
        return None
    if isinstance(value, bytes):
        value = f"{len(value)} bytes"
    if key == "published":
        return day_of(value) or str(value)
    if key == "author" and isinstance(value, list):
        return ", ".join(map(str, value))
    return value


def _average(name: str, samples: Sequence[Mapping[str, Any]]) -> float:
    values = [row.get(name) for row in samples]
    return sum(len(value) for value in values if isinstance(value, str)) / max(len(values), 1)
