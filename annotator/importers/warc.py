"""Web archives (WARC, ISO 28500), plain or compressed: each page that a server delivered an article."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from annotator.importers.bare import UnreadableError, library, piece
from annotator.importers.base import Importer, Piece, Problem, ReadOptions, Record, all_of
from annotator.importers.days import day_of
from annotator.importers.files import opened, shown_name, unzipped
from annotator.importers.gzip_stream import CUT_OFF, MAGIC, GzipStream
from annotator.importers.web_page import LARGEST, record_of_page

_PAGES = ("text/html", "application/xhtml+xml")


def pieces(path: Path, options: ReadOptions) -> Iterator[tuple[str, Piece]]:
    """Every web page; pictures, scripts, forwardings and the archive's own records are passed over."""
    file, number, reason = shown_name(path), 0, ""
    failed = library("warcio.exceptions", "news").ArchiveLoadFailed
    logging.getLogger("warcio").setLevel(logging.CRITICAL)  # its warnings quote the archive
    with opened(path) as raw:
        stream = _Archive(raw)
        try:
            for number, record in enumerate(filter(_is_page, stream.records()), 1):
                where = f"{file}:{number}"
                yield where, partial(piece, partial(_record, record, where, options), where)
        except (failed, *CUT_OFF) as error:
            reason = f"cannot be read behind page {number}: {_one_line(error)}"
        reason = reason or stream.lacks(number)
    if reason:
        yield file, partial(Problem, file, reason)


class _Archive:
    """An archive's records, and what is wrong with it as a whole."""

    def __init__(self, raw: BinaryIO) -> None:
        begin = raw.read(2)
        raw.seek(0)
        self._is_empty = not begin
        self._unpacked = GzipStream(raw) if begin == MAGIC else None
        self._raw = raw

    def records(self) -> Iterator[Any]:
        """Every record, of pages and of all else."""
        if not self._is_empty:
            yield from library("warcio.archiveiterator", "news").ArchiveIterator(self._unpacked or self._raw)

    def lacks(self, pages: int) -> str:
        """Why there are no more pages than these, where that is no matter of course.

        The library takes an archive that is cut off for one that ends.
        """
        if self._is_empty:
            return "the file is empty"
        if self._unpacked is not None and self._unpacked.cut_off:
            return f"cut off or damaged behind page {pages}"
        return "" if pages else "there is no web page in the archive"


def _is_page(record: Any) -> bool:
    kind, _, _ = _content_type(record).partition(";")
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    return record.rec_type in ("response", "resource") and kind.strip().lower() in _PAGES and not status.startswith("3")


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _record(record: Any, where: str, options: ReadOptions) -> Record:
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status != "200":
        raise UnreadableError(f"no page: the server answered {status}")
    try:
        raw = record.content_stream().read(LARGEST + 1)
    except CUT_OFF as error:
        raise UnreadableError("the archive is cut off or damaged within this page") from error
    if len(raw) <= LARGEST and getattr(record.raw_stream, "limit", 0) > 0:
        raise UnreadableError("the archive is cut off or damaged within this page")
    fetched = record.rec_headers.get_header("WARC-Date") or ""
    known = {
        "url": (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"),
        "fetched": day_of(fetched),
        "file": where.rpartition(":")[0],
    }
    _, _, charset = _content_type(record).lower().partition("charset=")
    known = {key: value for key, value in known.items() if value}
    return record_of_page(raw, where, options, known, charset.split(";")[0].strip(" \"'"))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == ".warc" or unzipped(head).startswith(b"WARC/")


IMPORTER = Importer(
    name="warc",
    title="Web archive",
    suffixes=(".warc",),
    matches=_matches,
    read=all_of(pieces),
    keeps=None,
    remark="Each web page an article, read as a saved page is, with its address; all else is passed over.",
    guarded=True,
    pieces=pieces,
)
