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
from annotator.importers.page_facts import headlines_of, stated_in
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


class NoArticleError(ValueError):
    """The page holds no article that can be read; the message says why."""


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of a page, or why there is none."""
    where = shown_name(path)
    with opened(path) as file:
        raw = file.read(LARGEST + 1)
    try:
        yield record_of_page(raw, where, options, {"file": where})
    except (NotTextError, NoArticleError) as error:
        yield Problem(where, str(error))


def record_of_page(raw: bytes, where: str, options: ReadOptions, known: dict[str, str], declared: str = "") -> Record:
    """A page's article.

    :param known: metadata that stands whatever the page says.
    :param declared: the encoding that came with the page; "" for the one that it names itself.
    :raises NotTextError: it is no text. :raises NoArticleError: there is no article in it.
    """
    decoded = _decoded(raw, declared)
    tree, body, found = _extracted(decoded.text)
    stated = stated_in(tree)
    meta = _found(found) | stated | known
    text = _text(body, headlines_of(tree) | {meta.get("title", "")})
    if not text:
        raise NoArticleError("no article was found on the page")
    if options.headline and meta.get("title"):
        text = f"{meta['title']}\n\n{text}"
    guessed = "published" in meta and not {"published"} & (stated.keys() | known.keys())
    notes = (decoded.note, "date guessed from the page" if guessed else "")
    text = storable(text)[0]
    article = Article("", text, clean_value(meta))
    return Record(where, article, notes=tuple(filter(None, notes)), asides=boilerplate(text))


def _decoded(raw: bytes, declared: str) -> Decoded:
    if not raw.strip():
        raise NoArticleError("the file is empty")
    if len(raw) > LARGEST:
        raise NoArticleError(f"larger than {LARGEST // 1_000_000} MB, too large for a page of news")
    named = _CHARSET.search(raw[:4096])
    raw = re.sub(rb"\A\s*<\?xml[^>]*>", b"", raw)  # XHTML's first line; its encoding is in `named` or UTF-8
    decoded = decode(raw, declared or (named[1].decode("ascii", "ignore") if named else ""))
    if _is_too_complex(decoded.text):
        raise NoArticleError("too many tags for a page of news")
    return decoded


def _is_too_complex(page: str) -> bool:
    return page.count("<") > MOST_TAGS or any(len(tag[0].split()) > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(page))


def _extracted(page: str) -> tuple[Any, Any, Any]:
    """The page's tree, trafilatura's reading of it and the metadata that it found or guessed."""
    extract, load_html, extract_metadata = _trafilatura()
    try:
        tree = load_html(page.removeprefix("\ufeff"))
        found = None if tree is None else _reading(extract, tree)
        meta = None if found is None else extract_metadata(tree, extensive=False)
    except Exception as error:  # whatever a stranger's page does to the parser, it is only this page
        raise NoArticleError(f"the page could not be read ({type(error).__name__})") from error
    if found is None:
        raise NoArticleError("no article was found on the page")
    return tree, found.body, meta


def _reading(extract: Any, tree: Any) -> Any:
    """With the setting that is best on pages of news; it finds nothing on a page of few words, where the other does."""
    careful = extract(tree, favor_precision=True, include_comments=False)
    if careful is not None and careful.text.strip():
        return careful
    return extract(tree, include_comments=False)


def _trafilatura() -> tuple[Any, Any, Any]:
    """Imported late: 0.2 s that only web pages need."""
    try:
        from trafilatura import bare_extraction, extract_metadata, load_html
    except ImportError as error:
        advice = "Install trafilatura and lxml_html_clean, or import plain text."
        raise KnownError(f"Web pages cannot be read: {error}.".replace("\n", " "), advice) from error
    for name in ("trafilatura", "htmldate", "courlan"):  # what they say of a page is said as its Problem
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return bare_extraction, load_html, extract_metadata


def _text(body: Any, headlines: set[str]) -> str:
    """The article's paragraphs, a blank line between them, without its headline.

    Items of a list and rows of a table are paragraphs of their own; a tab stands between a row's cells.
    """
    from trafilatura.xml import xmltotxt

    for item in body.iter("item"):
        item.tag = "p"
    for table in list(body.iter("table")):
        _spread(table)
    lines = [line.strip() for line in (xmltotxt(body, False) or "").split("\n") if line.strip()]
    return "\n\n".join(lines[1:] if lines and _folded(lines[0]) in map(_folded, headlines) else lines)


def _spread(table: Any) -> None:
    """In place of the rows, paragraphs."""
    rows = ["\t".join(" ".join("".join(cell.itertext()).split()) for cell in row) for row in table.iter("row")]
    for child in list(table):
        table.remove(child)
    for row in filter(str.strip, rows):
        paragraph = table.makeelement("p")
        paragraph.text = row
        table.append(paragraph)


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _found(page: Any) -> dict[str, str]:
    """What trafilatura found or guessed."""
    found = {
        "title": " ".join((page.title or "").split()),
        "source": page.sitename or page.hostname,
        "url": page.url,
        "published": page.date,
        "author": ", ".join(filter(None, (page.author or "").split("; "))),
        "language": page.language,
    }
    return {key: str(value) for key, value in found.items() if value}


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
    guarded=True,
)
