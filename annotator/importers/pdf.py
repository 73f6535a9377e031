"""PDF: the text of its pages in the order in which it is written, which is the reading order of columns too."""

import io
import logging
import re
from typing import Any

from annotator.importers.bare import UnreadableError, bare_record, library, one_article
from annotator.importers.base import Importer, ReadOptions, Record
from annotator.importers.days import day_of
from annotator.importers.headings import published_in, title_in
from annotator.importers.lines import joined

LARGEST = 200_000_000  # bytes
MOST_PAGES = 2_000

_NO_TITLE = re.compile(r"(?:Microsoft \w+ - |untitled|.*\.(?:docx?|indd|pdf|qxd|tmp)$)", re.IGNORECASE)


def _record(raw: bytes, where: str, options: ReadOptions) -> Record:
    pypdf = library("pypdf", "news")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        _open(reader)
        pages = [page.extract_text() for _, page in zip(range(MOST_PAGES + 1), reader.pages, strict=False)]
    except pypdf.errors.DependencyError as error:
        raise UnreadableError("it is encrypted; install the library cryptography, or save it without that") from error
    except (pypdf.errors.PdfReadError, pypdf.errors.LimitReachedError) as error:
        raise UnreadableError(f"not a PDF that can be read: {' '.join(str(error).split())[:200]}") from error
    if len(pages) > MOST_PAGES:
        raise UnreadableError(f"more than {MOST_PAGES:,} pages")
    empty = sum(not page.strip() for page in pages)
    if empty == len(pages):
        raise UnreadableError("its pages hold no text: they are pictures, as from a scanner")
    text = joined([page.splitlines() for page in pages])
    meta, guessed = _meta(reader, text)
    notes = [f"{empty} of {len(pages)} pages hold no text" if empty else "", guessed]
    return bare_record(where, text, meta | {"file": where}, options, notes)


def _open(reader: Any) -> None:
    """Many papers are locked against changes with an empty password."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError("it is locked with a password")


def _meta(reader: Any, text: str) -> tuple[dict[str, str], str]:
    """Title, author and date, and a sentence where the date is only the file's own."""
    stated = reader.metadata or {}
    title = " ".join(str(stated.get("/Title") or "").split())
    made = day_of(re.sub(r"^D:", "", str(stated.get("/CreationDate") or "")))
    meta = {
        "title": title if title and not _NO_TITLE.match(title) else title_in(text),
        "author": " ".join(str(stated.get("/Author") or "").split()),
        "published": published_in(text) or made,
    }
    return meta, "date is that of the file's making" if made and not published_in(text) else ""


IMPORTER = Importer(
    name="pdf",
    title="PDF",
    suffixes=(".pdf",),
    matches=lambda path, head: path.suffix.lower() == ".pdf" or head[:1024].lstrip().startswith(b"%PDF-"),
    read=one_article(LARGEST, _record),
    keeps=None,
    remark="One article a file, its lines joined to paragraphs; title, author and date. No text recognition.",
    guarded=True,
    patience=30.0,
)
