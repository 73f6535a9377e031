"""One laid-out paragraph: where its words, spans and badges stand, and what stands at a point.

x counts from the column's left, y from the paragraph's top, in logical pixels. Everything outside
a Block counts in the article's code points.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QTextBoundaryFinder
from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout, QTextLine

from annotator.model.span import Span
from annotator.ui.metrics import Metrics
from annotator.ui.offset_map import OffsetMap, display_text
from annotator.ui.paragraphs import Paragraph

_TURNS = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_RIGHT_TO_LEFT = ("R", "AL")


class Piece(NamedTuple):
    """A stretch of one line."""

    line: int
    left: float
    right: float


class Mark(NamedTuple):
    """A span as it stands in a paragraph.

    :param level: 0 is the highlight, 1 and more are underlines below it.
    :param pieces: its words, with an inline badge's room where it ends here.
    :param badge: where its badge stands; None where it stands in another paragraph.
    """

    span: Span
    level: int
    pieces: list[Piece]
    badge: Piece | None


class SpanIndex:
    """Spans in reading order, asked for by range: two bisects and a bound on the length."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans = sorted(spans, key=lambda span: (span.start, -span.end))
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def overlapping(self, start: int, end: int) -> list[Span]:
        """Spans that have a code point in [start, end), in reading order."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]


class Block:
    """A paragraph with its lines broken.

    :param text: of the whole article.
    :param spans: those that have a code point in the paragraph, in reading order.
    :param width: of the column.
    """

    def __init__(self, paragraph: Paragraph, text: str, spans: list[Span], metrics: Metrics, width: float) -> None:
        self.start, self.end = paragraph.start, paragraph.end
        self.text = text[self.start : self.end]
        self.turns = bool(_TURNS.search(self.text))
        self.rtl = self.turns and starts_right(self.text)
        self.style = metrics.style(paragraph.kind, self.turns)
        self._map, self._metrics, self.width = OffsetMap(self.text), metrics, width
        self.layout = QTextLayout(display_text(self.text), self.style.font)
        self.layout.setCacheEnabled(True)
        self.layout.setTextOption(metrics.option_rtl if self.rtl else metrics.option)
        self._room: dict[int, float] = {}
        self._take(spans)
        if self._room:
            self.layout.setFormats([self._widened(*item) for item in sorted(self._room.items())])
        self.height = self._break_lines(width)
        if self.text:
            self.height += metrics.gap if paragraph.gap else metrics.small_gap
        else:
            self.height = 0

    def _break_lines(self, width: float) -> int:
        """Place baselines, not tops: a taller fallback font (CJK, emoji) must not move a line."""
        y = 0
        self.lines: list[QTextLine] = []
        self.layout.beginLayout()
        while (line := self.layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + self.style.base - line.ascent()))
            self.lines.append(line)
            y += self.style.step
        self.layout.endLayout()
        return y

    # Spans and the room for their badges

    def _take(self, spans: list[Span]) -> None:
        self.spans = spans
        self._marks: list[Mark] | None = None
        self._ends = {id(span): self._shown_end(span) for span in spans}
        self._room = {}
        if not self.style.above:
            for span in spans:
                if (end := self._ends[id(span)]) is not None:
                    self._room[end] = self._room.get(end, 0.0) + self._metrics.badge_room(span.label)

    def take(self, spans: list[Span]) -> bool:
        """Show other spans; False where their badges need other room and the lines must be broken anew."""
        room = self._room
        self._take(spans)
        return room == self._room

    def _shown_end(self, span: Span) -> int | None:
        """One past the last visible code point of a span that ends here, from the paragraph's start."""
        first, last = max(span.start - self.start, 0), min(span.end - self.start, len(self.text))
        shown = first + len(self.text[first:last].rstrip())
        goes_on = span.end > self.end + 2
        return None if goes_on or shown == first else shown

    def _widened(self, end: int, width: float) -> QTextLayout.FormatRange:
        """Letter spacing behind a span's last grapheme: nothing is inserted, no offset moves."""
        wide = QTextCharFormat()
        wide.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        wide.setFontLetterSpacing(width)
        made = QTextLayout.FormatRange()
        first, last = self._grapheme(end - 1)
        made.start, made.length, made.format = first, last - first, wide
        return made

    def _grapheme(self, position: int) -> tuple[int, int]:
        """UTF-16 range of the grapheme at a code point: accents, flags and joined emoji stay whole."""
        at = self._map.to16(position)
        if self.text[position : position + 2].isascii():
            return at, at + 1
        find = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, self.layout.text())
        find.setPosition(at)
        first = at if find.isAtBoundary() else find.toPreviousBoundary()
        find.setPosition(at)
        return first, find.toNextBoundary()

    # Where things stand

    def _local16(self, position: int) -> int:
        return self._map.to16(min(max(position - self.start, 0), len(self.text)))

    def units(self, start: int, end: int) -> tuple[int, int]:
        """The UTF-16 range of the layout's text for the part of the article's [start, end) that stands here."""
        return self._local16(start), self._local16(end)

    def line_range(self, number: int) -> tuple[int, int]:
        """The article's code points in one line."""
        if not self.text:
            return self.start, self.end
        line = self.lines[number]
        first, after = line.textStart(), line.textStart() + line.textLength()
        to_code_point = self._map.to_code_point
        return self.start + to_code_point(first), min(self.start + to_code_point(after), self.end)

    def line_of(self, position: int) -> int:
        """The line that holds a position of the article."""
        return max(self.layout.lineForTextPosition(self._local16(position)).lineNumber(), 0)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Where the article's [start, end) stands, line by line."""
        a, b = self._local16(start), self._local16(end)
        out: list[Piece] = []
        if a < b:
            for number in range(self.line_of(start), len(self.lines)):
                line = self.lines[number]
                first = line.textStart()
                if first >= b:
                    break
                out += self._in_line(number, max(a, first), min(b, first + line.textLength()), b)
        return out

    def _in_line(self, number: int, a: int, b: int, end: int) -> list[Piece]:
        line = self.lines[number]
        if self.turns:
            return [Piece(number, left, right) for left, right in _visual(line, a, b)]
        right = line.naturalTextRect().right() if b < end else _x(line, b)
        return [Piece(number, _x(line, a), right)]

    def words(self, start: int, end: int) -> list[Piece]:
        """As `pieces`, without the badge's room behind the last word."""
        pieces = self.pieces(start, end)
        if pieces and (room := self._room.get(end - self.start)):
            number, left, right = pieces[-1]
            pieces[-1] = Piece(number, left, right - room)
        return pieces

    def marks(self) -> list[Mark]:
        """The spans with their places, in reading order."""
        if self._marks is None:
            marks: list[Mark] = []
            ends: list[int] = []
            for span in self.spans:
                level = next((k for k, end in enumerate(ends) if end <= span.start), len(ends))
                ends[level : level + 1] = [span.end]
                end = self._ends[id(span)]
                pieces = self.pieces(span.start, span.end if end is None else self.start + end)
                marks.append(Mark(span, level, pieces, None))
            self._marks = self._badges_above(marks) if self.style.above else self._badges_inline(marks)
        return self._marks

    def _badges_inline(self, marks: list[Mark]) -> list[Mark]:
        """Behind the last word; where several spans end, the innermost's comes first."""
        free: dict[int, float] = {}
        placed = []
        for mark in marks:
            end, badge = self._ends[id(mark.span)], None
            if mark.pieces and end is not None:
                line, _, right = mark.pieces[-1]
                right = free.get(end, right)
                free[end] = right - self._metrics.badge_room(mark.span.label)
                badge = Piece(line, free[end] + self._metrics.badge_before, right - self._metrics.badge_after)
            placed.append(mark._replace(badge=badge))
        return placed

    def _badges_above(self, marks: list[Mark]) -> list[Mark]:
        """Above the first word, moved right where the badge before is in the way."""
        free: dict[int, float] = {}
        badges: dict[int, Piece] = {}
        starting = [mark for mark in marks if mark.pieces and mark.span.start >= self.start]
        for mark in sorted(starting, key=lambda mark: mark.pieces[0][:2]):
            line, left, right = mark.pieces[0]
            width = self._metrics.badge_width(mark.span.label)
            x = right - width if self.rtl and right - left > width else left
            x = max(x, free.get(line, x))
            free[line] = x + width + 3
            badges[id(mark.span)] = Piece(line, x, x + width)
        return [mark._replace(badge=badges.get(id(mark.span))) for mark in marks]

    # What stands at a point

    def line_at(self, y: float) -> int:
        """The line at a height, the nearest where there is none."""
        return min(max(int(y // self.style.step), 0), len(self.lines) - 1)

    def position_at(self, x: float, y: float, on_character: bool = False) -> int:
        """The article's position nearest to a point: between two characters, or of the one under it."""
        if not self.text:
            return self.start
        line = self.lines[self.line_at(y)]
        if self.turns:
            return self._turning_position(line, x, on_character)
        mode = QTextLine.CursorPosition
        units = line.xToCursor(x, mode.CursorOnCharacter if on_character else mode.CursorBetweenCharacters)
        return min(self.start + self._map.to_code_point(units), self.end)

    def _turning_position(self, line: QTextLine, x: float, on_character: bool) -> int:
        """Search the characters' own places: in right-to-left lines Qt's answer is off by the last space."""
        first, end = self.line_range(line.lineNumber())
        best, at, left_half = 9e9, first, True
        for position in range(first, end):
            for left, right in _visual(line, self._local16(position), self._local16(position + 1)):
                away = max(left - x, x - right, 0)
                if away < best:
                    best, at, left_half = away, position, x < (left + right) / 2
        rightward = bidirectional(self.text[at - self.start]) in _RIGHT_TO_LEFT if first < end else False
        return at + (not on_character and left_half == rightward)

    def span_at(self, x: float, y: float) -> Span | None:
        """The span whose badge, else the innermost whose words, are at a point."""
        number = int(y // self.style.step)
        over_words = self.style.above and y - number * self.style.step >= self.style.top
        under: list[Span] = []
        for mark in self.marks():
            badge = mark.badge
            if badge and badge.line == number and badge.left <= x <= badge.right and not over_words:
                return mark.span
            if any(line == number and left <= x <= right for line, left, right in mark.pieces):
                under.append(mark.span)
        return min(reversed(under), key=lambda span: span.end - span.start, default=None)


def starts_right(text: str) -> bool:
    """Is the first strong character right-to-left?"""
    strong = (kind for kind in map(bidirectional, text) if kind in ("L", *_RIGHT_TO_LEFT))
    return next(strong, "L") in _RIGHT_TO_LEFT


def _x(line: QTextLine, units: int) -> float:
    return line.cursorToX(units)[0]  # type: ignore[index]


def _visual(line: QTextLine, start: int, end: int) -> list[tuple[float, float]]:
    """Intervals of UTF-16 [start, end) in a line of mixed direction.

    cursorToX is ambiguous where the direction turns and QGlyphRun.stringIndexes is wrong in
    right-to-left runs, so this reads where the glyphs stand: each reaches to the next on its right.
    """
    edges = sorted(point.x() for run in line.glyphRuns() for point in run.positions())
    edges.append(line.naturalTextRect().right())
    out: list[tuple[float, float]] = []
    for x in sorted(point.x() for run in line.glyphRuns(start, end - start) for point in run.positions()):
        right = edges[min(bisect_right(edges, x), len(edges) - 1)]
        if out and x <= out[-1][1] + 0.5:
            out[-1] = (out[-1][0], max(out[-1][1], right))
        else:
            out.append((x, right))
    return out
