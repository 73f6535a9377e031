"""A table for spreadsheets, one row a span: RFC 4180 in UTF-8 with a byte order mark, by which Excel knows it.

What comes from outside is never run there: https://owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part
from annotator.model.span import Span, reading_order

COLUMNS = (
    *("article", "title", "source", "published"),
    *("start", "end", "label", "words", "left", "right"),
    *("state", "decision", "annotator", "at", "suggested_by", "confidence"),
)
LINE_END = "⏎"
_CONTEXT_WORDS, _CONTEXT = 6, 120  # at most, on either side; the second in code points
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_QUOTES = frozenset("\"'`´‘’‚“”„«»‹›＂＇")
# A table is also cut at these, in countries where the comma stands in numbers.
_CUTS = re.compile("(?<=[;\t|])")


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """A line of column names, and one line a span; articles without spans have none."""
    ledger = Ledger()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerow(COLUMNS)
        for annotated in articles:
            spans = _leaving(annotated, with_rejected=options.with_rejected)
            table.writerows([defused(str(cell)) for cell in _row(annotated, span)] for span in spans)
            ledger.articles += 1
            ledger.written += len(spans)
    return ledger


def _leaving(annotated: AnnotatedArticle, *, with_rejected: bool) -> list[Span]:
    rejected = annotated.rejected if with_rejected else ()
    return sorted([*annotated.confirmed, *rejected], key=reading_order)


def _row(annotated: AnnotatedArticle, span: Span) -> Iterator[object]:
    meta = annotated.article.meta
    yield annotated.article.uid
    yield from (_shown(meta.get(key)) for key in ("title", "source", "published"))
    yield from (span.start, span.end, span.label, _in_one_line(annotated.surface(span)))
    yield " ".join(annotated.text[max(span.start - _CONTEXT, 0) : span.start].split()[-_CONTEXT_WORDS:])
    yield " ".join(annotated.text[span.end : span.end + _CONTEXT].split()[:_CONTEXT_WORDS])
    yield from (span.state.value, _shown(span.decision), _shown(span.annotator), _shown(span.at))
    yield from (_shown(span.source), _shown(span.confidence))


def _shown(value: object) -> str:
    return "" if value is None else _in_one_line(str(value))


def _in_one_line(text: str) -> str:
    """A line's end becomes a sign that is seen."""
    return _LINE_ENDS.sub(LINE_END, text)


def defused(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula; all else stays."""
    return "".join(f"'{part}" if _is_dangerous(part) else part for part in _CUTS.split(cell))


def _is_dangerous(text: str) -> bool:
    """Does it begin with a sign of formulas, also behind blanks and quotes, or with a tab?"""
    first = next((character for character in text if not _is_passed_over(character)), "")
    return text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", first)[:1] in tuple("=+-−@")


def _is_passed_over(character: str) -> bool:
    return character in _QUOTES or character.isspace() or unicodedata.category(character)[0] == "C"


EXPORTER = Exporter(
    name="csv",
    title="Spreadsheet (CSV)",
    suffix=".csv",
    write=write,
    keeps=frozenset({Part.ID, Part.EDGES, Part.OVERLAPS, Part.REJECTED, Part.WHO}),
    remark="One row a span, with the words around it; no spreadsheet calculates any of it.",
    use=Use.READ,
)
