"""An article on paper that scrolls and zooms: lays out and paints what is on the screen, no more."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Span, SpanState
from annotator.model.tokens import Tokens
from annotator.ui.blocks import Block, SpanIndex
from annotator.ui.calm_scroll import CalmScroll
from annotator.ui.flow import Flow
from annotator.ui.metrics import Metrics
from annotator.ui.painting import BlockPainter, Scene
from annotator.ui.paragraphs import Kind, paragraphs
from annotator.ui.theme import NORMAL, Theme, mix

NOTHING = AnnotatedArticle(0, Article("", ""), (), Tokens(()))
_INK_OVERFLOW = 8
_NARROWEST = 120.0


class ArticlePage(CalmScroll):
    """Shows an annotated article; `ArticleView` adds the selection, the focus and the mouse.

    `zoomed` carries the new size of the text in logical pixels. `paint_count` counts paint events.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paint_count = 0
        self.annotated = NOTHING
        self._show_rejected, self._show_ghosts = True, False
        self._lines = paragraphs(NOTHING.article)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme = Theme()
        self.scene = Scene(theme, Metrics(theme))
        self.set_theme(theme)

    # Looks

    @property
    def theme(self) -> Theme:
        """The present theme, with the present zoom."""
        return self.scene.theme

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme or size; the first visible line stays."""
        self.scene.theme, self.scene.metrics = theme, Metrics(theme)
        self.setPalette(QPalette(mix(theme.paper, theme.ink, 0.12), theme.paper))
        self.verticalScrollBar().setSingleStep(self.scene.metrics.style(Kind.BODY, False).step)
        self._relayout()

    def zoom(self, steps: float) -> None:
        """Make the text that many pixels larger, or smaller."""
        theme = self.theme.resized(self.theme.size + steps)
        if theme.size != self.theme.size:
            self.set_theme(theme)
            self.zoomed.emit(theme.size)

    def reset_zoom(self) -> None:
        """Back to the normal size."""
        self.zoom(NORMAL - self.theme.size)

    @property
    def show_rejected(self) -> bool:
        """Are rejected spans shown, quietly?"""
        return self._show_rejected

    @show_rejected.setter
    def show_rejected(self, shown: bool) -> None:
        if shown != self._show_rejected:
            self._show_rejected = shown
            self._relayout()

    @property
    def show_ghosts(self) -> bool:
        """Are places shown that may hide an entity, faintly?"""
        return self._show_ghosts

    @show_ghosts.setter
    def show_ghosts(self, shown: bool) -> None:
        if shown != self._show_ghosts:
            self._show_ghosts = shown
            if self.annotated.ghosts:
                self._relayout()

    @property
    def unsure_below(self) -> float:
        """Suggestions of a lower confidence look less sure."""
        return self.scene.unsure_below

    @unsure_below.setter
    def unsure_below(self, confidence: float) -> None:
        if confidence != self.scene.unsure_below:
            self.scene.unsure_below = confidence
            self.viewport().update()

    # Layout

    def _index(self) -> SpanIndex:
        spans = spans_on(self, self.annotated)
        if not self._show_rejected:
            spans = tuple(span for span in spans if span.state is not SpanState.REJECTED)
        return SpanIndex(spans)

    def _open(self, annotated: AnnotatedArticle) -> None:
        self.stop_scrolling()
        self.annotated = annotated
        self.scene.take(annotated)
        self._lines = paragraphs(annotated.article)
        self._relayout(keep=False)

    def _relayout(self, keep: bool = True) -> None:
        """After whatever changes every line break: another text, width, size or theme."""
        self.stop_scrolling()
        place = self._place() if keep and self.verticalScrollBar().value() else None
        width, metrics = self.viewport().width(), self.scene.metrics
        column = max(_NARROWEST, min(width - 2.0 * metrics.gutter, metrics.measure))
        self._left = round((width - column) / 2)
        self._flow = Flow(self.annotated.article, self._lines, self._index(), metrics, column)
        with self._quietly():
            self._fit_bar(self._flow.height)
            self.verticalScrollBar().setValue(0)
        if place:
            self._restore(place)
        self._settle()
        self.viewport().update()

    def _place(self) -> tuple[int, float]:
        """The first code point of the first visible line, and where on the screen that line begins."""
        value = self.verticalScrollBar().value()
        index, number = self._flow.line_under(value)
        position = self._flow.block(index).line_range(number)[0]
        return position, self._flow.line_top(position) - value

    def _restore(self, place: tuple[int, float]) -> None:
        position, y = place
        for _ in range(2):
            top = self._flow.line_top(position) - y
            self._flow.settle(top, top + self.viewport().height())
        with self._quietly():
            self._fit_bar(self._flow.height)
            self.verticalScrollBar().setValue(round(self._flow.line_top(position) - y))

    def _show_spans(self, annotated: AnnotatedArticle, touched: Iterable[tuple[int, int]]) -> None:
        """Take over other spans of the same text; lay out and paint only paragraphs that they touch."""
        place = self._place() if self.verticalScrollBar().value() else None
        self.annotated = annotated
        self.scene.take(annotated)
        different, moved = self._flow.show(self._index(), touched)
        if moved:
            if place:
                self._restore(place)
            self._settle()
            self.viewport().update()
        for index in different:
            self.viewport().update(self._block_rect(index))

    def _settle(self) -> None:
        """Lay out the screen; estimates above it become true heights without anything moving."""
        bar = self.verticalScrollBar()
        with self._quietly():
            top = bar.value()
            wanted = top + self._flow.settle(top, top + self.viewport().height())
            self._fit_bar(self._flow.height)
            bar.setValue(wanted)
        if bar.value() != wanted:
            self.viewport().update()

    # Places on the screen

    def _hit(self, point: QPoint) -> tuple[Block, float, float]:
        """The paragraph at a viewport point, and the point in it."""
        y = point.y() + self.verticalScrollBar().value()
        index = self._flow.index_at(y)
        return self._flow.block(index), point.x() - self._left, y - self._flow.tops[index]

    def position_at(self, point: QPoint, between: bool = False) -> int:
        """The code point at a viewport point, the nearest where there is none.

        :param between: the nearest edge between two characters instead.
        """
        block, x, y = self._hit(point)
        return block.position_at(x, y, on_character=not between)

    def span_at(self, point: QPoint) -> Span | None:
        """The span whose badge or words are at a viewport point; the innermost wins."""
        block, x, y = self._hit(point)
        return block.span_at(x, y)

    def rects_of(self, start: int, end: int) -> list[QRect]:
        """Where the words of [start, end) stand in the viewport, a rectangle for each line.

        Of a range that reaches beyond the screen only the paragraphs on the screen.
        """
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        tops, indices = self._flow.tops, self._flow.indices_of(start, end)
        seen = [k for k in indices if tops[k] < value + height and tops[k + 1] > value] or indices[:10]
        rects = []
        for index in seen:
            block, style = self._flow.block(index), self._flow.block(index).style
            for line, left, right in block.words(start, end):
                y = tops[index] - value + line * style.step + style.top
                rects.append(QRectF(self._left + left, y, right - left, style.tall).toAlignedRect())
        return rects

    def reveal(self, start: int, end: int) -> None:
        """Scroll to a range unless it stands comfortably on the screen."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        step = self.scene.metrics.style(Kind.BODY, False).step
        self.stop_scrolling()
        top, bottom = self._flow.line_top(start), self._flow.line_top(max(start, end - 1)) + step
        if bar.value() + step <= top and bottom <= bar.value() + height - 1.5 * step:
            return
        shift = self._flow.settle(max(0.0, top - height), top + height, fixed=bar.value())
        with self._quietly():
            self._fit_bar(self._flow.height)
            bar.setValue(bar.value() + shift)
        self.scroll_to(round(self._flow.line_top(start) - height / 3))

    # Painting

    def _touch(self, *ranges: tuple[int, int] | None) -> None:
        """Paint again the paragraphs of some ranges."""
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        seen = self._flow.indices_between(top, top + height, _INK_OVERFLOW)
        for part in filter(None, ranges):
            touched = self._flow.indices_of(*part)
            for index in range(max(seen.start, touched.start), min(seen.stop, touched.stop)):
                self.viewport().update(self._block_rect(index))

    def _block_rect(self, index: int) -> QRect:
        """Where a paragraph's ink can be in the viewport."""
        top, bottom = self._flow.tops[index], self._flow.tops[index + 1]
        y = int(top - self.verticalScrollBar().value()) - _INK_OVERFLOW
        return QRect(0, y, self.viewport().width(), int(bottom - top) + 2 * _INK_OVERFLOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        rect, region = event.rect(), event.region()
        value, flow = self.verticalScrollBar().value(), self._flow
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(rect, self.theme.paper)
            if value + rect.top() < flow.tops[0]:
                self._paint_header(painter)
            for index in flow.indices_between(value + rect.top(), value + rect.bottom() + 1, _INK_OVERFLOW):
                if region.intersects(self._block_rect(index)):
                    y = flow.tops[index] - value
                    painter.translate(self._left, y)
                    part = BlockPainter(painter, self.scene, flow.block(index), rect.top() - y, rect.bottom() + 1 - y)
                    part.paint()
                    painter.translate(-self._left, -y)
        self.paint_count += 1

    def _paint_header(self, painter: QPainter) -> None:
        y = self.scene.metrics.margin - self.verticalScrollBar().value()
        painter.translate(self._left, y)
        self._flow.header.paint(painter, self.theme.dim)
        painter.translate(-self._left, -y)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().width() != event.size().width():
            self._relayout()
        else:
            self._settle()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if not self._settling:
            self._settle()
            self.viewport().scroll(0, dy)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)


def spans_on(page: ArticlePage, annotated: AnnotatedArticle) -> tuple[Span, ...]:
    """An article's spans in reading order, with its ghosts where the page shows these."""
    return annotated.with_ghosts if page.show_ghosts else annotated.spans
