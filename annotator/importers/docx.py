"""Word documents (Office Open XML, ECMA-376 part 1, 17.3): paragraphs and rows of tables, and the core properties."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from annotator.importers.bare import UnreadableError, bare_record, one_article
from annotator.importers.base import Importer, ReadOptions, Record
from annotator.importers.days import day_of

LARGEST = 100_000_000  # bytes of the file
LARGEST_PART = 100_000_000  # bytes of its text, unpacked

_TEXT, _PROPERTIES = "word/document.xml", "docProps/core.xml"
_MARKED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_PASSED_OVER = {"Fallback", "del", "moveFrom", "pPr", "rPr"}  # what stands elsewhere again, or was deleted


def _record(raw: bytes, where: str, options: ReadOptions) -> Record:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            document, properties = _part(package, _TEXT), _part(package, _PROPERTIES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ParseError) as error:
        raise UnreadableError(f"not a Word document that can be read ({type(error).__name__})") from error
    if document is None:
        raise UnreadableError("not a Word document: it has no text part")
    made = day_of(_property(properties, "created"))
    meta = {
        "title": _property(properties, "title"),
        "author": _property(properties, "creator"),
        "published": made,
        "language": _property(properties, "language"),
        "file": where,
    }
    text = "\n\n".join(block.strip() for block in _blocks(document) if block.strip())
    return bare_record(where, text, meta, options, ["date is that of the file's making" if made else ""])


def _part(package: zipfile.ZipFile, name: str) -> Element | None:
    """A part of the document; None where it has none of that name."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if name not in package.namelist():
        return None
    with package.open(name) as part:
        raw = part.read(LARGEST_PART + 1) if package.getinfo(name).file_size <= LARGEST_PART else b""
    if not raw or len(raw) > LARGEST_PART:
        raise UnreadableError(f"larger than {LARGEST_PART // 1_000_000} MB when unpacked")
    try:
        root: Element = fromstring(raw)
    except DefusedXmlException as error:
        raise UnreadableError("its XML declares entities, which no Word document does") from error
    return root


def _property(properties: Element | None, name: str) -> str:
    return " ".join((properties.findtext(f"{{*}}{name}") or "").split()) if properties is not None else ""


def _blocks(element: Element) -> Iterator[str]:
    """Paragraphs and rows, in reading order; text boxes come where they are anchored."""
    for child in element:
        name = _name(child)
        if name == "p":
            yield _inline(child)
            yield from (block for box in child.iterfind(".//{*}Choice//{*}txbxContent") for block in _blocks(box))
        elif name == "tr":
            yield "\t".join(" ".join(filter(None, _blocks(cell))).strip() for cell in child.iterfind("{*}tc"))
        elif name not in _PASSED_OVER:
            yield from _blocks(child)


def _inline(element: Element) -> str:
    return "".join(_runs(element))


def _runs(element: Element) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _MARKED:
            yield _MARKED[name]
        elif name not in _PASSED_OVER and name != "txbxContent":
            yield from _runs(child)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == ".docx" or (head.startswith(b"PK\x03\x04") and is_document(path))


def is_document(path: Path) -> bool:
    """Is this ZIP file a Word document?"""
    try:
        with zipfile.ZipFile(path) as package:
            return _TEXT in package.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


IMPORTER = Importer(
    name="docx",
    title="Word document",
    suffixes=(".docx",),
    matches=_matches,
    read=one_article(LARGEST, _record),
    keeps=None,
    remark="One article a file: paragraphs, and rows of tables; title, author and date from its properties.",
    guarded=True,
)
