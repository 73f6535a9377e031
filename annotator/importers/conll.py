"""Columns with a token a line and its tag: CoNLL-2002, CoNLL-2003 and what looks like them.

Tokens are joined by single blanks, sentences by line ends; the article keeps the file's tokens.
Formats: https://aclanthology.org/W02-2024, https://aclanthology.org/W03-0419.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import replaced_note
from annotator.importers.conll_layout import Layout, Row, is_columns, rows, survey
from annotator.importers.decoding import NotTextError
from annotator.importers.files import shown_name
from annotator.importers.tag_schemes import Tag, spans_of
from annotator.importers.text_lines import TextLines
from annotator.model.article import Article
from annotator.model.span import Span, reading_order
from annotator.model.text import storable

# A file that does not say where articles begin is one article, or cut where it would be a book.
ONE_ARTICLE, CUT_BEHIND = 5_000, 500  # tokens
_SUFFIXES = (".conll", ".iob", ".iob2", ".bio", ".bioes", ".bilou")
MOST_WORDS = 200_000  # of one article: a book has half of them
_SHOWN_LINES = 5


@dataclass(slots=True)
class _Draft:
    """An article in the making.

    :param line: of its first row.
    :ivar too_long: it has more words than any article; the rest of them is passed over.
    """

    line: int
    document: str = ""
    text: list[str] = field(default_factory=list)
    length: int = 0
    tokens: list[tuple[int, int]] = field(default_factory=list)
    spans: set[Span] = field(default_factory=set)
    sentence: list[Row] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    too_long: bool = False

    def end_sentence(self, layout: Layout) -> None:
        """Take the rows that were gathered as a sentence."""
        if not self.sentence:
            return
        first = len(self.tokens)
        for number, row in enumerate(self.sentence):
            self._append("" if not self.text else " " if number else "\n")
            start = self.length
            self._append(row.cells[layout.token])
            self.tokens.append((start, self.length))
        for column in layout.tags:
            self._mark(first, [layout.tag(row, column) for row in self.sentence], layout)
        self.sentence = []

    def _append(self, piece: str) -> None:
        self.text.append(piece)
        self.length += len(piece)

    def _mark(self, first: int, tags: list[Tag], layout: Layout) -> None:
        marked, broken = spans_of(tags, layout.scheme)
        for run in marked:
            self.spans.add(Span(self.tokens[first + run.first][0], self.tokens[first + run.last][1], run.label))
        self.broken += [self.sentence[index].number for index in broken]

    def record(self, file: str, layout: Layout, notes: list[str]) -> Record | Problem:
        """The article; a Problem where it has no words."""
        where = f"{file}:{self.line}"
        if self.too_long:
            return Problem(where, f"more than {MOST_WORDS:,} words in one article")
        if not self.tokens:
            return Problem(where, "; ".join(["the article has no words", *self.problems]))
        text, replaced = storable("".join(self.text))
        if replaced:
            notes.append(replaced_note(replaced))
        if self.broken:
            notes.append(_broken_note(self.broken, layout))
        meta = {"file": file} | ({"document": self.document} if self.document else {})
        spans = tuple(sorted((_clean(span) for span in self.spans), key=reading_order))
        problems, tokens = tuple(self.problems), tuple(self.tokens)
        return Record(
            where,
            Article("", text, meta),
            spans,
            notes=tuple(notes),
            problems=problems,
            tokens=tokens,
            lists_spans=True,
        )


def _clean(span: Span) -> Span:
    return Span(*span.range, storable(span.label)[0])


def _broken_note(lines: list[int], layout: Layout) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN_LINES])) + (", …" if len(lines) > _SHOWN_LINES else "")
    return f"{len(lines)} × a tag that breaks the rules of {layout.scheme}, read by its label (line {shown})"


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """Every article of the file; a line that cannot be read is left out of its article, and said."""
    file = shown_name(path)
    try:
        lines = TextLines.of(path)
    except NotTextError as error:
        yield Problem(file, str(error))
        return
    layout = survey(lines)
    if layout is None:
        empty = not any(line.strip() for line in lines)
        yield Problem(file, "the file is empty" if empty else "no column holds tags as B-PER, I-PER and O")
        return
    yield from _articles(lines, layout, file)


def _articles(lines: TextLines, layout: Layout, file: str) -> Iterator[Record | Problem]:
    cut = not layout.divided and layout.count > ONE_ARTICLE
    notes = [lines.note] if lines.note else []
    if cut:
        notes.append(f"the file does not say where articles begin, and was cut behind every {CUT_BEHIND} words")
    draft = None
    for row in rows(lines):
        if row.begins_document or (cut and draft and row.is_blank and len(draft.tokens) > CUT_BEHIND):
            yield from _finished(draft, layout, file, notes)
            draft = _Draft(row.number, row.document) if row.begins_document else None
        elif row.is_blank:
            if draft:
                draft.end_sentence(layout)
        elif not layout.is_comment(row):
            draft = draft or _Draft(row.number)
            _take(draft, row, layout)
    yield from _finished(draft, layout, file, notes)


def _take(draft: _Draft, row: Row, layout: Layout) -> None:
    draft.too_long = draft.too_long or len(draft.tokens) + len(draft.sentence) >= MOST_WORDS
    if draft.too_long:
        return
    if reason := layout.fault(row):
        draft.problems.append(f"line {row.number} left out: {reason}")
    else:
        draft.sentence.append(row)


def _finished(draft: _Draft | None, layout: Layout, file: str, notes: list[str]) -> Iterator[Record | Problem]:
    if draft:
        draft.end_sentence(layout)
        yield draft.record(file, layout, list(notes))


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in _SUFFIXES or is_columns(head)


IMPORTER = Importer(
    name="conll",
    title="CoNLL columns",
    suffixes=_SUFFIXES,
    matches=_matches,
    read=read,
    keeps=frozenset(),
    remark="Tokens and tags in any number of columns, IOB1, IOB2, BILOU or BIOES; the file's tokens are kept.",
)
