"""What the columns of a file hold: found from the whole file before it is read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from annotator.importers.tag_schemes import OUTSIDE, Evidence, Scheme, Tag, parsed

_MOST_COLUMNS = 32
_TAGGED = 0.9  # share of the lines that have a tag in a column of tags
_LABELLED = 40  # as many different values at most in a column of labels alone
_LONGEST_REMARK = 1_000  # code points of a line that names an article
_LOOKED_AT = 300  # lines at the beginning of a file, to tell whether these are columns
_DOCUMENT = re.compile(
    r"#(?:\s*begin\s+document|\s+newdoc|\s+doc(?:ument)?\b)[\s:(]*(?:id\s*=\s*)?(.*?)\)?[;\s]*(?:part.*)?"
)


class Row(NamedTuple):
    """A line in its columns.

    :param number: of the line, from 1.
    :param document: the name of the article that begins here, where the file gives one.
    """

    number: int
    cells: list[str]
    begins_document: bool = False
    document: str = ""

    @property
    def is_blank(self) -> bool:
        """Does a sentence end here?"""
        return not self.cells

    @property
    def is_remark(self) -> bool:
        """May it be a comment, if it is not a token?"""
        return bool(self.cells) and self.cells[0].startswith("#")


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """Every line, cut at tabs, or where it has none at blanks."""
    for number, line in enumerate(lines, 1):
        cells = _cells(line)
        if line.startswith("-DOCSTART"):
            yield Row(number, cells, True)
        elif line.startswith("#") and (match := _DOCUMENT.fullmatch(line[:_LONGEST_REMARK].strip())):
            yield Row(number, cells, True, match[1])
        else:
            yield Row(number, cells)


def _cells(line: str) -> list[str]:
    if "\t" in line:
        cells = [cell.strip(" ") for cell in line.split("\t")]
        return cells if any(cells) else []
    return [cell for cell in line.split(" ") if cell]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what.

    :param width: columns of most lines.
    :param token: the column of the words.
    :param tags: the columns of tags; more than one where spans are nested.
    :param divided: the file says where articles begin.
    :param count: tokens in the file.
    """

    width: int
    token: int
    tags: tuple[int, ...]
    scheme: Scheme
    divided: bool
    count: int

    def tag(self, row: Row, column: int) -> Tag:
        """The tag of a row without a fault."""
        value = row.cells[column]
        if self.scheme is Scheme.LABELS:
            return OUTSIDE if value == "O" else Tag("", value)
        return parsed(value) or OUTSIDE

    def is_comment(self, row: Row) -> bool:
        """A line that begins with # and has not the columns of a token."""
        return row.is_remark and (len(row.cells) != self.width or self.fault(row) != "")

    def fault(self, row: Row) -> str:
        """Why the row is no token with its tag; "" for one that is."""
        if len(row.cells) < max(self.token, *self.tags) + 1:
            return f"{_columns(len(row.cells))}, not {self.width}"
        if not row.cells[self.token]:
            return "it has no word"
        bad = [] if self.scheme is Scheme.LABELS else [c for c in self.tags if parsed(row.cells[c]) is None]
        return f"“{row.cells[bad[0]][:40]}” in column {bad[0] + 1} is no tag" if bad else ""


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


class _Survey:
    def __init__(self) -> None:
        self.widths: Counter[int] = Counter()
        self.columns: list[Evidence] = []
        self.values: list[set[str]] = []
        self.divided = False
        self.numbered = 0
        self._next = 1

    def see(self, row: Row) -> None:
        self.divided |= row.begins_document
        if row.is_blank or row.begins_document:
            for column in self.columns:
                column.end_sentence()
            self._next = 1
        elif not (row.is_remark and parsed(row.cells[-1]) is None):
            self._see_cells(row.cells)

    def _see_cells(self, cells: list[str]) -> None:
        self.widths[len(cells)] += 1
        self.numbered += cells[0] == str(self._next)
        self._next += 1
        while len(self.columns) < min(len(cells), _MOST_COLUMNS):
            self.columns.append(Evidence())
            self.values.append(set())
        for column, values, value in zip(self.columns, self.values, cells, strict=False):
            column.see(value)
            if len(values) <= _LABELLED:
                values.add(value)

    def layout(self) -> Layout | None:
        count = self.widths.total()
        width = min(self.widths.most_common(1)[0][0], _MOST_COLUMNS) if count else 0
        numbered = width > 2 and self.numbered > count * _TAGGED and len(self.values[1]) > 1
        token = 1 if numbered else 0
        tags = self._tag_columns(width, token, count)
        if not tags:
            return None
        return Layout(width, token, tags, self.columns[tags[-1]].scheme, self.divided, count)

    def _tag_columns(self, width: int, token: int, count: int) -> tuple[int, ...]:
        """The last column before others, as chunks look like entities; all of them behind numbered words.

        Only files of nested spans (GermEval 2014) number their words.
        """
        tagged = [c for c in range(token + 1, width) if self.columns[c].tags > count * _TAGGED]
        if tagged:
            return tuple(tagged) if token else tuple(tagged[-1:])
        last = width - 1
        few = last > token and len(self.values[last]) <= _LABELLED and self.columns[last].outside > count / 4
        return (last,) if few else ()


def survey(lines: Iterable[str]) -> Layout | None:
    """The layout of a file, None where no column holds tags."""
    seen = _Survey()
    for row in rows(lines):
        seen.see(row)
    return seen.layout()


def is_columns(head: bytes) -> bool:
    """Does a file that begins so hold tokens with tags? Strict, as prose may be taken for columns."""
    text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    lines = lines[: min(len(lines) - 1, _LOOKED_AT) or 1]  # the last one may be cut off
    if lines[0].startswith("-DOCSTART"):
        return True
    layout = survey(lines)
    if layout is None or layout.count < 2 or layout.scheme is Scheme.LABELS:
        return False
    tokens = [row for row in rows(lines) if row.cells and not row.begins_document and not layout.is_comment(row)]
    faults = sum(layout.fault(row) != "" or len(row.cells) != layout.width for row in tokens)
    marked = any(layout.tag(row, c) != OUTSIDE for row in tokens if not layout.fault(row) for c in layout.tags)
    return marked and faults <= len(tokens) * (1 - _TAGGED)
