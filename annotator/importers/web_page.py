"""A saved web page: the article's text without the page around it; nothing is ever fetched."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.boilerplate import boilerplate
from annotator.importers.cleaning import clean_value
from annotator.importers.decoding import Decoded, NotTextError, decode
from annotator.importers.files import opened, shown_name
from annotator.importers.json_ld import facts_in
from annotator.model.article import Article
from annotator.model.text import storable

# A parser without a time limit needs small meals: pages of news have 50 to 5,000 tags.
LARGEST = 10_000_000  # bytes
MOST_TAGS = 50_000
MOST_ATTRIBUTES = 1_000  # of one tag

_SUFFIXES = (".html", ".htm", ".xhtml")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[^<>]{10000,}")


class _NoArticleError(ValueError):
    """The page holds no article that can be read; the message says why."""


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of a page, or why there is none."""
    where = shown_name(path)
    with opened(path) as file:
        raw = file.read(LARGEST + 1)
    try:
        yield _record(raw, where)
    except (NotTextError, _NoArticleError) as error:
        yield Problem(where, str(error))


def _record(raw: bytes, where: str) -> Record:
    decoded = _decoded(raw)
    tree, page = _extracted(decoded.text)
    stated = facts_in(tree.xpath('//script[@type="application/ld+json"]/text()'))
    body = "\n\n".join(line.strip() for line in (page.text or "").split("\n") if line.strip())
    if not body:
        raise _NoArticleError("no article was found on the page")
    meta = _meta(tree, page) | stated | {"file": where}
    title = meta.get("title", "")
    text, _ = storable(body if _begins_with(body, title) else f"{title}\n\n{body}")
    guessed = "published" in meta and "published" not in stated
    notes = (decoded.note, "date guessed from the page" if guessed else "")
    article = Article("", text, clean_value(meta))
    return Record(where, article, notes=tuple(filter(None, notes)), asides=boilerplate(text))


def _decoded(raw: bytes) -> Decoded:
    if not raw.strip():
        raise _NoArticleError("the file is empty")
    if len(raw) > LARGEST:
        raise _NoArticleError(f"larger than {LARGEST // 1_000_000} MB, too large for a page of news")
    declared = _CHARSET.search(raw[:4096])
    raw = re.sub(rb"\A\s*<\?xml[^>]*>", b"", raw)  # XHTML's first line; its encoding is in `declared` or UTF-8
    decoded = decode(raw, declared[1].decode("ascii", "ignore") if declared else "")
    if _is_too_complex(decoded.text):
        raise _NoArticleError("too many tags for a page of news")
    return decoded


def _is_too_complex(page: str) -> bool:
    return page.count("<") > MOST_TAGS or any(len(tag[0].split()) > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(page))


def _extracted(page: str) -> tuple[Any, Any]:
    """The page's tree and trafilatura's reading of it."""
    extract, load_html = _trafilatura()
    try:
        tree = load_html(page.removeprefix("\ufeff"))
        found = None if tree is None else extract(tree, fast=True, with_metadata=True, include_comments=False)
    except Exception as error:  # whatever a stranger's page does to the parser, it is only this page
        raise _NoArticleError(f"the page could not be read ({type(error).__name__})") from error
    if found is None:
        raise _NoArticleError("no article was found on the page")
    return tree, found


def _trafilatura() -> tuple[Any, Any]:
    """Imported late: 0.2 s that only web pages need."""
    try:
        from trafilatura import bare_extraction, load_html
    except ImportError as error:
        advice = "Install trafilatura and lxml_html_clean, or import plain text."
        raise KnownError(f"Web pages cannot be read: {error}.".replace("\n", " "), advice) from error
    for name in ("trafilatura", "htmldate", "courlan"):  # what they say of a page is said as its Problem
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return bare_extraction, load_html


def _meta(tree: Any, page: Any) -> dict[str, str]:
    """What trafilatura found, with the page's own word for its language."""
    found = {
        "title": " ".join((page.title or "").split()),
        "source": page.sitename or page.hostname,
        "url": page.url,
        "published": page.date,
        "author": ", ".join(filter(None, (page.author or "").split("; "))),
        "language": tree.get("lang") or page.language,
    }
    return {key: str(value) for key, value in found.items() if value}


def _begins_with(body: str, title: str) -> bool:
    return " ".join(body[: 2 * len(title) + 20].split()).casefold().startswith(title.casefold())


def _matches(path: Path, head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return path.suffix.lower() in _SUFFIXES or (start.startswith(b"<") and bool(_PAGE.search(start[:4096])))


IMPORTER = Importer(
    name="html",
    title="Saved web page",
    suffixes=_SUFFIXES,
    matches=_matches,
    read=read,
    keeps=None,
    remark="The article without the page around it; headline, author, date, source and address. What is left of "
    "comment prompts, boxes about the author and the like is set aside.",
)
