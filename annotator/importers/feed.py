"""RSS and Atom: each entry an article, with its whole content where the feed has it, else the summary."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from annotator.importers.bare import UnreadableError, bare_record, library, piece, whole
from annotator.importers.base import Importer, Piece, Problem, ReadOptions, Record, all_of
from annotator.importers.boilerplate import boilerplate
from annotator.importers.days import day_of
from annotator.importers.files import shown_name
from annotator.importers.markup import paragraphs, root_of, words

LARGEST = 100_000_000  # bytes

_BROKEN = "the feed is not well-formed XML; its last entry may be cut off"


def pieces(path: Path, options: ReadOptions) -> Iterator[tuple[str, Piece]]:
    """Every entry of the feed."""
    file = shown_name(path)
    try:
        feed = _parsed(whole(path, LARGEST))
    except UnreadableError as error:
        yield file, partial(Problem, file, str(error))
        return
    for number, entry in enumerate(feed.entries, 1):
        where = f"{file}:{number}"
        broken = _is_broken(feed) and number == len(feed.entries)
        make = partial(_record, entry, feed.feed, where, options, _BROKEN if broken else "")
        yield where, partial(piece, make, where)


def _parsed(raw: bytes) -> Any:
    feedparser = library("feedparser", "news")
    logging.getLogger("feedparser").setLevel(logging.CRITICAL)
    # A stream: words and bytes would be tried as an address or a file's name first.
    feed = feedparser.parse(io.BytesIO(raw), resolve_relative_uris=False)
    if not feed.entries:
        raise UnreadableError("not a feed that can be read" if _is_broken(feed) else "the feed has no entries")
    return feed


def _is_broken(feed: Any) -> bool:
    return type(feed.get("bozo_exception")).__name__ == "SAXParseException"


def _record(entry: Any, feed: Any, where: str, options: ReadOptions, note: str) -> Record:
    link = entry.get("link", "")
    meta = {
        "title": words(entry.get("title", "")),
        "source": words(feed.get("title", "")),
        "url": link if link.startswith(("http:", "https:")) else "",
        "published": day_of(entry.get("published")) or day_of(entry.get("updated")),
        "author": words(entry.get("author_detail", {}).get("name") or entry.get("author", "")),
        "language": feed.get("language", ""),
        "file": where.rpartition(":")[0],
    }
    record = bare_record(where, _text(entry), meta, options, [note], uid=entry.get("id", ""))
    return replace(record, asides=boilerplate(record.article.text))


def _text(entry: Any) -> str:
    """The longest of what the entry has: feeds repeat the summary as content, or the content as summary."""
    contents = [part.get("value", "") for part in entry.get("content", ())]
    return max((paragraphs(markup) for markup in (*contents, entry.get("summary", ""))), key=len)


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in (".rss", ".atom") or root_of(head) in ("rss", "feed", "rdf")


IMPORTER = Importer(
    name="feed",
    title="RSS or Atom feed",
    suffixes=(".rss", ".atom"),
    matches=_matches,
    read=all_of(pieces),
    keeps=None,
    remark="Each entry an article: its whole content, else the summary; title, author, date, link and id.",
    guarded=True,
    pieces=pieces,
)
