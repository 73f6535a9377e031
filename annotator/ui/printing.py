"""Articles on paper: light, with page breaks of their own, never through a line."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPagedPaintDevice, QPainter, QPen

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span, SpanState
from annotator.ui.blocks import Block, SpanIndex
from annotator.ui.header import Header
from annotator.ui.metrics import Metrics
from annotator.ui.painting import BlockPainter, Scene, paint_badge
from annotator.ui.paragraphs import Kind, paragraphs
from annotator.ui.theme import Theme

_SIZE = 14.5
_LIGATURES = QFont.Tag.fromString("liga")
_UNITS_PER_INCH = 96
_FOOT = 34
_BETWEEN = 30  # articles
_LEAST_LINES = 4  # of an article that begin at a page's end


def print_article(annotated: AnnotatedArticle, shown: Scene, spans: SpanIndex, device: QPagedPaintDevice) -> None:
    """Paint all paragraphs on the device's pages, without selection and focus.

    :param shown: what the screen shows; its hues and badges are taken over.
    """
    scene = paper_scene(shown.theme.badge)
    scene.hues, scene.unsure_below = shown.hues, shown.unsure_below
    scene.take(annotated)
    with QPainter(device) as painter:
        Pages(painter, device, scene).add_article(annotated, spans)


def paper_scene(badge: str = "inline") -> Scene:
    """What is painted with on white paper; to be given hues."""
    theme = Theme(False, _SIZE, badge)
    theme.paper = QColor("white")
    for font in (theme.font, theme.headline_font, theme.dateline_font):
        font.setFeature(_LIGATURES, 0)  # whoever searches the paper's file types f and i
    return Scene(theme, Metrics(theme))


class Pages:
    """Fills one page after the other; lengths in 1/96 inch.

    :param foot: what stands at the foot of each page, before its number; "" for neither.
    """

    def __init__(self, painter: QPainter, device: QPagedPaintDevice, scene: Scene, foot: str = "") -> None:
        self._painter, self._device, self._scene, self._foot = painter, device, scene, foot
        scale = device.logicalDpiX() / _UNITS_PER_INCH
        painter.scale(scale, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, self._bottom = device.width() / scale, device.height() / scale
        self._height = self._bottom - (_FOOT if foot else 0)
        self.column = min(width, scene.metrics.measure * 1.2)
        self._left, self._y, self._number = (width - self.column) / 2, 0.0, 1
        self._paint_foot()

    def add_title(self, words: str) -> None:
        """The line above everything."""
        self._add_line(words, Kind.HEADLINE, self._scene.theme.ink)

    def add_summary(self, words: str) -> None:
        """A small line below everything, on a page with room for what follows it."""
        self._y += _BETWEEN
        self._turn_unless(4 * _BETWEEN)
        if self._y:
            self.add_rule()
        self._add_line(words, Kind.DATELINE, self._scene.theme.dim)
        self._y += self._scene.metrics.small_gap + 4

    def _add_line(self, words: str, kind: Kind, colour: QColor) -> None:
        style = self._scene.metrics.style(kind, False)
        self._painter.setFont(style.font)
        self._painter.setPen(colour)
        self._painter.drawText(QPointF(self._left, self._y + style.base), self._cut(words))
        self._y += style.step

    def _cut(self, words: str) -> str:
        return self._painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(self.column))

    def add_rule(self) -> None:
        """A line across the column."""
        self._painter.setPen(QPen(self._scene.theme.line, 1))
        self._painter.drawLine(QLineF(self._left, self._y, self._left + self.column, self._y))
        self._y += _BETWEEN * 0.6

    def add_article(self, annotated: AnnotatedArticle, spans: SpanIndex) -> None:
        """All of an article, from where the one before ended."""
        header = Header(annotated.article, self._scene.metrics, self.column)
        step = self._scene.metrics.style(Kind.BODY, False).step
        if self._y:
            self._y += _BETWEEN
            self._turn_unless(header.height + _LEAST_LINES * step)
        if self._y:
            self.add_rule()
        self._add_header(header)
        for line in paragraphs(annotated.article):
            touching = spans.overlapping(line.start, line.end)
            self._add(Block(line, annotated.text, touching, self._scene.metrics, self.column))

    def add_legend(self, counts: Sequence[tuple[str, int]]) -> None:
        """The labels as badges, each with its number, side by side."""
        metrics, x = self._scene.metrics, 0.0
        height, air = metrics.badge_height * 1.0, metrics.size
        for label, count in counts:
            words = f"{count:,}"
            self._painter.setFont(metrics.style(Kind.DATELINE, False).font)
            room = metrics.badge_width(label) + air * 0.4 + self._painter.fontMetrics().horizontalAdvance(words)
            if x and x + room > self.column:
                x, self._y = 0.0, self._y + height * 1.9
            self._turn_unless(height * 1.9)
            box = QRectF(self._left + x, self._y, metrics.badge_width(label), height)
            self._paint_count(words, box)
            paint_badge(self._painter, box, Span(0, 1, label, SpanState.CONFIRMED), self._scene)
            x += room + air * 1.5
        self._y += height * 1.9

    def _paint_count(self, words: str, badge: QRectF) -> None:
        self._painter.setPen(self._scene.theme.dim)
        middle = badge.center().y() + self._painter.fontMetrics().capHeight() / 2
        self._painter.drawText(QPointF(badge.right() + self._scene.metrics.size * 0.4, middle), words)

    def _turn_unless(self, room: float) -> None:
        if self._y and self._y + room > self._height:
            self._turn()

    def _turn(self) -> None:
        self._device.newPage()
        self._y, self._number = 0.0, self._number + 1
        self._paint_foot()

    def _paint_foot(self) -> None:
        if not self._foot:
            return
        self._painter.setFont(self._scene.metrics.style(Kind.DATELINE, False).font)
        self._painter.setPen(self._scene.theme.dim)
        base, number = self._bottom - 4, str(self._number)
        wide = self._painter.fontMetrics().horizontalAdvance(number)
        self._painter.drawText(QPointF(self._left + self.column - wide, base), number)
        if self._number > 1:
            self._painter.drawText(QPointF(self._left, base), self._cut(self._foot))

    def _add_header(self, header: Header) -> None:
        """The block above the text; it never fills a page."""
        self._painter.save()
        self._painter.translate(self._left, self._y)
        header.paint(self._painter, self._scene.theme.dim)
        self._painter.restore()
        self._y += header.height

    def _add(self, block: Block) -> None:
        """A paragraph, with a new page wherever the next line does not fit."""
        lines = len(block.lines) if block.text else 0
        step, first = block.style.step, 0
        while first < lines:
            fits = self._fitting(lines - first, step, is_begin=first == 0)
            if fits:
                self._paint(block, first, first + fits)
                first += fits
                self._y += fits * step
            else:
                self._turn()
        self._y += block.height - lines * step

    def _fitting(self, lines: int, step: int, *, is_begin: bool) -> int:
        """How many of a paragraph's lines go on this page: none stands alone at its end or on the next one."""
        fits = min(max(int((self._height - self._y) // step), 0 if self._y else 1), lines)
        if fits in (0, lines) or not self._y:
            return fits
        fits -= fits == lines - 1
        return 0 if is_begin and fits == 1 else fits

    def _paint(self, block: Block, first: int, last: int) -> None:
        """Some of its lines; a clip instead would leave the others' words in a PDF file, unseen but found."""
        self._painter.save()
        self._painter.translate(self._left, self._y - first * block.style.step)
        BlockPainter(self._painter, self._scene, block, only=range(first, last)).paint()
        self._painter.restore()
