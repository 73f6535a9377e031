"""A saved web page: the article's text without the page around it; nothing is ever fetched."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.importers import own_page
from annotator.importers.bare import UnreadableError, bare_record, folded
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.boilerplate import boilerplate
from annotator.importers.decoding import Decoded, NotTextError, decode
from annotator.importers.files import head_of, opened, shown_name
from annotator.importers.page_facts import headlines_of, stated_in

# Beyond what any page of news has (50 to 5,000 tags), so that it need not first be tried in vain.
LARGEST = 10_000_000  # bytes, without pictures
LARGEST_WITH_PICTURES = 100_000_000
LONGEST_SCRIPT = 300_000  # code points; what a page states of its article is a tenth of it
MOST_TAGS = 150_000
MOST_ATTRIBUTES = 1_000  # of one tag

_INLINE = {"hi", "ref", "code", "del"}  # in trafilatura's tree, https://trafilatura.readthedocs.io/en/latest/
_HIGHEST = 3  # paragraphs that the headline is one of: a section's name or a date may stand above it
_FEWEST = 25  # code points of an article
_DOUBT = "few words: perhaps no article"
_ENOUGH = {"title", "author", "published", "source"}
_SUFFIXES = (".html", ".htm", ".xhtml")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_PICTURE = re.compile(rb"data:[\w.+/-]{0,80};base64,[A-Za-z0-9+/=%]{100,}")  # as browsers save pages with all they show
_LONG_TAG = re.compile(r"<[^<>]{10000,}")


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of a page, or why there is none; all articles of a page that this program wrote."""
    if own_page.IMPORTER.matches(path, head_of(path)):
        yield from own_page.IMPORTER.read(path, options)
        return
    where = shown_name(path)
    with opened(path) as file:
        raw = file.read(LARGEST_WITH_PICTURES + 1)
    try:
        yield record_of_page(raw, where, options, {"file": where})
    except (NotTextError, UnreadableError) as error:
        yield Problem(where, str(error))


def record_of_page(raw: bytes, where: str, options: ReadOptions, known: dict[str, str], declared: str = "") -> Record:
    """A page's article.

    :param known: metadata that stands whatever the page says.
    :param declared: the encoding that came with the page; "" for the one that it names itself.
    :raises NotTextError: it is no text. :raises UnreadableError: there is no article in it.
    """
    decoded = _decoded(raw, declared)
    tree, body, doubt = _extracted(decoded.text)
    stated = stated_in(tree)
    meta = _guessed(tree, stated) | stated | known
    text = _text(body, headlines_of(tree) | {meta.get("title", "")})
    if not text:
        raise UnreadableError("no article was found on the page")
    doubt = doubt or (_DOUBT if len(text) < _FEWEST else "")
    guessed = "published" in meta and "published" not in stated | known
    notes = [decoded.note, doubt, "date guessed from the page" if guessed else ""]
    record = bare_record(where, text, meta, options, notes)
    return replace(record, asides=boilerplate(record.article.text))


def _decoded(raw: bytes, declared: str) -> Decoded:
    if not raw.strip():
        raise UnreadableError("the file is empty")
    raw = _PICTURE.sub(b"data:", raw)
    if len(raw) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST // 1_000_000} MB, too large for a page of news")
    named = _CHARSET.search(raw[:4096])
    if re.fullmatch(r"utf-?8", declared, re.IGNORECASE):  # tried in any case; where it was wrong, the page may know
        declared = ""
    raw = re.sub(rb"\A\s*<\?xml[^>]*>", b"", raw)  # XHTML's first line; its encoding is in `named` or UTF-8
    decoded = decode(raw, declared or (named[1].decode("ascii", "ignore") if named else ""))
    if _is_too_complex(decoded.text):
        raise UnreadableError("too many tags for a page of news")
    return decoded


def _is_too_complex(page: str) -> bool:
    return page.count("<") > MOST_TAGS or any(len(tag[0].split()) > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(page))


def _extracted(page: str) -> tuple[Any, Any, str]:
    """The page's tree, the article in it as trafilatura has it, and a sentence where it may be none."""
    trafilatura = _trafilatura()
    with _own_fault():
        tree = trafilatura.load_html(page.removeprefix("\ufeff"))
        for script in () if tree is None else tree.iter("script"):
            script.text = script.text if len(script.text or "") <= LONGEST_SCRIPT else ""
        found, doubt = (None, "") if tree is None else _reading(trafilatura.bare_extraction, tree)
    if found is None:
        raise UnreadableError("no article was found on the page")
    return tree, found.body, doubt


def _reading(extract: Any, tree: Any) -> tuple[Any, str]:
    """With the setting that is best on pages of news; it finds nothing on a page of few words, where the other does."""
    careful = extract(tree, favor_precision=True, include_comments=False)
    if careful is not None and careful.text.strip():
        return careful, ""
    return extract(tree, include_comments=False), _DOUBT


@contextmanager
def _own_fault() -> Iterator[None]:
    """Whatever a stranger's page does to the parser, it is only this page."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise UnreadableError(f"the page could not be read ({type(error).__name__})") from error


def _trafilatura() -> Any:
    """Imported late: 0.2 s that only web pages need."""
    try:
        import trafilatura
    except ImportError as error:
        advice = "Install trafilatura and lxml_html_clean, or import plain text."
        raise KnownError(f"Web pages cannot be read: {error}.".replace("\n", " "), advice) from error
    for name in ("trafilatura", "htmldate", "courlan"):  # what they say of a page is said as its Problem
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return trafilatura


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
    known = set(map(folded, headlines))
    place = next((n for n, line in enumerate(lines[:_HIGHEST]) if folded(line) in known), None)
    return "\n\n".join(line for number, line in enumerate(lines) if number != place)


def _spread(table: Any) -> None:
    """In place of the rows, paragraphs."""
    rows = ["\t".join(" ".join(_words_of(cell).split()) for cell in row) for row in table.iter("row")]
    for child in list(table):
        table.remove(child)
    for row in filter(str.strip, rows):
        paragraph = table.makeelement("p")
        paragraph.text = row
        table.append(paragraph)


def _words_of(element: Any) -> str:
    """The words of a cell, those of the blocks in it apart from each other."""
    parts = [element.text or ""]
    for child in element:
        words = _words_of(child)
        parts += [words if child.tag in _INLINE else f" {words} ", child.tail or ""]
    return "".join(parts)


def _guessed(tree: Any, stated: dict[str, str]) -> dict[str, str]:
    """What trafilatura makes of the page's looks, where it does not state enough; as slow as the text."""
    if stated.keys() >= _ENOUGH:
        return {}
    with _own_fault():
        page = _trafilatura().extract_metadata(tree)
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
