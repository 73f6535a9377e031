"""The process that makes a PDF file of articles: no window, no display; it reads what to print from its standard input.

The first line says where to and how, as `exporters.pdf` has it; each further line is the record of an article.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from PySide6.QtCore import QFile, QIODevice, QMarginsF, QUuid
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from annotator.importers import Record, record_of
from annotator.model.article import AnnotatedArticle
from annotator.model.span import SpanState
from annotator.model.tokens import Tokens
from annotator.terminal import plain
from annotator.ui.blocks import SpanIndex
from annotator.ui.printing import Pages, paper_scene

CANNOT_WRITE = 74  # the exit code; EX_IOERR of sysexits.h
_MARGINS = QMarginsF(20, 18, 20, 14)  # millimetres
_SAME_ID = QUuid("{9d3a4c52-5c0e-5c0b-8f43-6e0f6f2b9b1e}")
_NO_XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta><?xpacket end="w"?>'
)
_DATES = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^)]*\)")
_HEAD = 8192  # bytes, in which the dates stand


@dataclass(slots=True)
class _Print:
    """What is printed.

    :param out: the file.
    :param name: of the dataset.
    :param hues: colours by label, in the labels' order.
    """

    out: str
    name: str
    hues: dict[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    articles: int = 0


def main() -> int:
    """Read, lay out and write; returns the exit code."""
    lines = sys.stdin.buffer
    wish = _Print(**json.loads(lines.readline()))
    app = QGuiApplication(["annotator"])
    file = QFile(wish.out)
    if file.open(QIODevice.OpenModeFlag.WriteOnly):
        _write(file, wish, _articles(lines))
        file.close()
    if file.error() is not QFile.FileError.NoError:
        sys.stderr.write(f"{plain(file.errorString())}\n")
        return CANNOT_WRITE
    _forget_dates(Path(wish.out))
    del app
    return 0


def _articles(lines: BinaryIO) -> Iterator[AnnotatedArticle]:
    for line in lines:
        fields: dict[str, Any] = json.loads(line)
        record = record_of(fields, "")
        assert isinstance(record, Record), record.reason  # it is one of ours
        yield AnnotatedArticle(0, record.article, record.spans, Tokens(()), record.state)


def _write(file: QFile, wish: _Print, articles: Iterator[AnnotatedArticle]) -> None:
    writer = QPdfWriter(file)
    writer.setTitle(wish.name)
    writer.setCreator("Annotator")
    writer.setDocumentId(_SAME_ID)
    writer.setDocumentXmpMetadata(_NO_XMP)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, _MARGINS))
    writer.setPageMargins(_MARGINS, QPageLayout.Unit.Millimeter)
    scene = paper_scene("above")  # an inline badge's room would cut the text into pieces for whoever searches it
    scene.hues, scene.shows_misfits = wish.hues, False
    with QPainter(writer) as painter:
        pages = Pages(painter, writer, scene, wish.name)
        pages.add_title(wish.name)
        for annotated in articles:
            pages.add_article(annotated, SpanIndex(annotated.spans))
            wish.articles += 1
            wish.counts.update(span.label for span in annotated.spans if span.state is SpanState.CONFIRMED)
        _add_legend(pages, wish)


def _add_legend(pages: Pages, wish: _Print) -> None:
    names = dict.fromkeys([*wish.hues, *sorted(wish.counts)])
    entities = wish.counts.total()
    pages.add_summary(f"{_counted(wish.articles, 'article', 'articles')}, {_counted(entities, 'entity', 'entities')}")
    pages.add_legend([(name, wish.counts[name]) for name in names if wish.counts[name]])


def _counted(number: int, one: str, several: str) -> str:
    """As the session's, importing which takes longer than a short print."""
    return f"{number:,} {one if number == 1 else several}"


def _forget_dates(path: Path) -> None:
    """The same articles give the same bytes: blanks in place of the time at which the file was made."""
    with path.open("rb+") as file:
        head = file.read(_HEAD)
        file.seek(0)
        file.write(_DATES.sub(lambda match: b" " * len(match[0]), head))


if __name__ == "__main__":
    sys.exit(main())
