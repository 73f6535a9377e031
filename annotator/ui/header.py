"""The quiet block above the text: where it comes from, and its title where the text has none.

It is not part of the text and has no offsets.
"""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTextLayout

from annotator.model.article import Article
from annotator.model.heading import about, title_above
from annotator.ui.blocks import starts_right
from annotator.ui.metrics import Metrics
from annotator.ui.offset_map import display_text
from annotator.ui.paragraphs import Kind


class Header:
    """Source, date and title of an article, laid out for one width; height 0 where there is nothing."""

    def __init__(self, article: Article, metrics: Metrics, width: float) -> None:
        self._lines: list[QTextLayout] = []
        self.height = 0.0
        title = title_above(article)
        for words, kind in ((about(article), Kind.DATELINE), (title, Kind.HEADLINE)):
            if words:
                self._add(words, kind, metrics, width)
        if self._lines:
            self.height += metrics.gap if title else metrics.small_gap

    def _add(self, words: str, kind: Kind, metrics: Metrics, width: float) -> None:
        style = metrics.style(kind, False)
        layout = QTextLayout(display_text(words), style.font)
        layout.setTextOption(metrics.option_rtl if starts_right(words) else metrics.option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, self.height + style.base - line.ascent()))
            self.height += style.step
        layout.endLayout()
        self._lines.append(layout)

    def paint(self, painter: QPainter, colour: QColor) -> None:
        """All of it, from the painter's origin."""
        painter.setPen(colour)
        for layout in self._lines:
            layout.draw(painter, QPointF(0, 0), [], QRectF())
