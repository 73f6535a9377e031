"""The stack of an article's paragraphs at one width: true heights where laid out, estimates elsewhere."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from annotator.model.article import Article
from annotator.ui.blocks import Block, SpanIndex
from annotator.ui.header import Header
from annotator.ui.metrics import Metrics
from annotator.ui.paragraphs import Kind, Paragraph

_KEPT = 300


class Flow:
    """Lays paragraphs out when they are asked for and keeps about 300 of them.

    :param lines: the article's paragraphs.
    :param spans: what is shown, without what is hidden.
    :param width: of the column, in logical pixels.
    """

    def __init__(
        self, article: Article, lines: list[Paragraph], spans: SpanIndex, metrics: Metrics, width: float
    ) -> None:
        self.text, self.lines, self.metrics, self.width = article.text, lines, metrics, width
        self.header = Header(article, metrics, width)
        self._spans = spans
        self._starts = [line.start for line in lines]
        self._laid: dict[int, Block] = {}
        self._heights = self._estimates()
        self._restack()

    def _estimates(self) -> list[int]:
        per_line = self.width / self.metrics.character * 0.93
        step = self.metrics.style(Kind.BODY, False).step
        gap, small = self.metrics.gap, self.metrics.small_gap
        return [
            (int((line.end - line.start) / per_line) + 1) * step + (gap if line.gap else small)
            if line.end > line.start
            else 0
            for line in self.lines
        ]

    def _restack(self) -> None:
        first = self.metrics.margin + int(self.header.height)
        self.tops = list(accumulate(self._heights, initial=first))
        self.height = self.tops[-1] + self.metrics.margin

    def block(self, index: int) -> Block:
        """One paragraph, laid out."""
        if index not in self._laid:
            line = self.lines[index]
            spans = self._spans.overlapping(line.start, line.end)
            self._laid[index] = Block(line, self.text, spans, self.metrics, self.width)
        return self._laid[index]

    def index_at(self, y: float) -> int:
        """The paragraph at a height, the nearest where there is none."""
        return min(max(bisect_right(self.tops, y) - 1, 0), len(self.lines) - 1)

    def index_of(self, position: int) -> int:
        """The paragraph that holds a code point, else the one before."""
        return max(bisect_right(self._starts, position) - 1, 0)

    def indices_of(self, start: int, end: int) -> range:
        """The paragraphs that [start, end) touches."""
        return range(self.index_of(start), self.index_of(max(start, end - 1)) + 1)

    def indices_between(self, top: float, bottom: float, slack: int) -> range:
        """The paragraphs whose ink, reaching `slack` beyond them, can touch two heights' between."""
        return range(self.index_at(top - slack), self.index_at(bottom + slack) + 1)

    def settle(self, top: float, bottom: float, fixed: float | None = None) -> int:
        """Lay out what stands between two heights.

        :param fixed: the height whose text must not move on the screen; `top` if not given.
        :return: by how much that text moved down in the stack: to be added to the scroll value.
        """
        fixed = top if fixed is None else fixed
        index = self.index_at(top)
        y, shift, changed = self.tops[index], 0, False
        while index < len(self.lines) and y < bottom + shift:
            height = self.block(index).height
            if height != self._heights[index]:
                if self.tops[index] < fixed:
                    shift += height - self._heights[index]
                self._heights[index], changed = height, True
            y += height
            index += 1
        if changed:
            self._restack()
        self._forget(self.index_at(top))
        return shift

    def _forget(self, near: int) -> None:
        if len(self._laid) > _KEPT:
            self._laid = {k: block for k, block in self._laid.items() if abs(k - near) <= _KEPT // 3}

    def show(self, spans: SpanIndex, touched: Iterable[tuple[int, int]]) -> tuple[list[int], bool]:
        """Show other spans.

        :param touched: ranges whose spans differ from before.
        :return: the laid-out paragraphs that look different now, and whether any changed its height.
        """
        self._spans = spans
        different = sorted({k for part in touched for k in self.indices_of(*part) if k in self._laid})
        moved = False
        for index in different:
            line = self.lines[index]
            if not self._laid[index].take(spans.overlapping(line.start, line.end)):
                del self._laid[index]
                height = self.block(index).height
                moved = moved or height != self._heights[index]
                self._heights[index] = height
        if moved:
            self._restack()
        return different, moved

    def line_top(self, position: int) -> float:
        """The height of the line that holds a code point."""
        index = self.index_of(position)
        block = self.block(index)
        return self.tops[index] + block.line_of(position) * block.style.step

    def line_under(self, y: float) -> tuple[int, int]:
        """The first line that begins at or below a height: its paragraph and its number there."""
        index = self.index_at(y)
        while index < len(self.lines):
            block = self.block(index)
            number = max(-int((self.tops[index] - y) // block.style.step), 0) if y > self.tops[index] else 0
            if self.lines[index].end > self.lines[index].start and number < len(block.lines):
                return index, number
            index += 1
        return len(self.lines) - 1, 0

    def neighbour(self, index: int, number: int, by: int) -> tuple[int, int] | None:
        """The next line (by = 1) or the one before (-1) that holds words."""
        number += by
        while True:
            block = self.block(index)
            if 0 <= number < len(block.lines) and block.text:
                return index, number
            index += by
            if not 0 <= index < len(self.lines):
                return None
            number = 0 if by > 0 else len(self.block(index).lines) - 1
