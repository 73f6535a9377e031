"""An article on paper: light, its own page breaks, never through a line."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPagedPaintDevice, QPainter

from annotator.model.article import AnnotatedArticle
from annotator.ui.blocks import Block, SpanIndex
from annotator.ui.header import Header
from annotator.ui.metrics import Metrics
from annotator.ui.painting import BlockPainter, Scene
from annotator.ui.paragraphs import paragraphs
from annotator.ui.theme import Theme

_SIZE = 14.5
_UNITS_PER_INCH = 96
_OVERHANG = 40


def print_article(annotated: AnnotatedArticle, shown: Scene, spans: SpanIndex, device: QPagedPaintDevice) -> None:
    """Paint all paragraphs on the device's pages, without selection and focus.

    :param shown: what the screen shows; its hues and badges are taken over.
    """
    theme = Theme(False, _SIZE, shown.theme.badge)
    theme.paper = QColor("white")
    scene = Scene(theme, Metrics(theme), shown.hues, unsure_below=shown.unsure_below)
    scene.take(annotated)
    with QPainter(device) as painter:
        pages = _Pages(painter, device, scene)
        pages.add_header(Header(annotated.article, scene.metrics, pages.column))
        for line in paragraphs(annotated.article):
            touching = spans.overlapping(line.start, line.end)
            pages.add(Block(line, annotated.text, touching, scene.metrics, pages.column))


class _Pages:
    """Fills one page after the other; lengths in 1/96 inch."""

    def __init__(self, painter: QPainter, device: QPagedPaintDevice, scene: Scene) -> None:
        self._painter, self._device, self._scene = painter, device, scene
        scale = device.logicalDpiX() / _UNITS_PER_INCH
        painter.scale(scale, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, self._height = device.width() / scale, device.height() / scale
        self.column = min(width, scene.metrics.measure * 1.2)
        self._left, self._y = (width - self.column) / 2, 0.0

    def add_header(self, header: Header) -> None:
        """The block above the text; it never fills a page."""
        self._painter.save()
        self._painter.translate(self._left, 0)
        header.paint(self._painter, self._scene.theme.dim)
        self._painter.restore()
        self._y = header.height

    def add(self, block: Block) -> None:
        """A paragraph, with a new page wherever the next line does not fit."""
        lines = len(block.lines) if block.text else 0
        step, first = block.style.step, 0
        while first < lines:
            fits = min(max(int((self._height - self._y) // step), 0), lines - first)
            if not fits and self._y:
                self._device.newPage()
                self._y = 0.0
                continue
            fits = max(fits, 1)
            self._paint(block, first, first + fits)
            first += fits
            self._y += fits * step
        self._y += block.height - lines * step

    def _paint(self, block: Block, first: int, last: int) -> None:
        step = block.style.step
        self._painter.save()
        self._painter.translate(self._left, self._y - first * step)
        self._painter.setClipRect(QRectF(-_OVERHANG, first * step, self.column + 2 * _OVERHANG, (last - first) * step))
        BlockPainter(self._painter, self._scene, block, first * step, last * step).paint()
        self._painter.restore()
