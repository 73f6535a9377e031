"""What the mouse does in the article view: choosing, selecting, dragging an edge of the focused span."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from annotator.model.span import Span
from annotator.model.tokens import trimmed
from annotator.ui.plain import show_tooltip
from annotator.ui.timers import ticking
from annotator.ui.token_cursor import token_near

if TYPE_CHECKING:
    from annotator.ui.article_view import ArticleView

_GRIP = 4
_SCROLL_EVERY_MS = 30


class ArticleMouse:
    """Reads the viewport's mouse events.

    While a button is down either `_drag` (the pressed place between two characters) or `_grip` (the
    focused span and whether its start is dragged) is set.
    """

    def __init__(self, view: ArticleView) -> None:
        self._view = view
        self._drag: int | None = None
        self._grip: tuple[Span, bool] | None = None
        self._moved = self._exact = False
        self._point = self._pressed = QPoint()
        self._scroller = ticking(view, _SCROLL_EVERY_MS)
        self._scroller.timeout.connect(self._scroll)
        self._handlers: dict[QEvent.Type, Callable[[Any], None]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.MouseButtonDblClick: self._double_click,
            QEvent.Type.ToolTip: self._tool_tip,
        }

    def handle(self, event: QEvent) -> bool:
        """Take an event of the viewport; False where it is none of the mouse's."""
        handler = self._handlers.get(event.type())
        if handler is None:
            return False
        handler(event)
        return True

    def cancel(self) -> None:
        """Forget a drag that has begun."""
        self._drag = self._grip = None
        self._moved = False
        self._scroller.stop()

    # Pressing

    def _press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._point = self._pressed = event.position().toPoint()
        self._moved = False
        self._grip = self._grip_at(self._point)
        if self._grip is None:
            self._drag = self._view.position_at(self._point, between=True)

    def _grip_at(self, point: QPoint) -> tuple[Span, bool] | None:
        """The edge of the focused span that is under the mouse."""
        span = self._view.current
        rects = self._view.rects_of(*span.range) if span else []
        if span is None or not rects:
            return None
        starts = _near(point, rects[0].left(), rects[0].top(), rects[0].bottom())
        ends = _near(point, rects[-1].right(), rects[-1].top(), rects[-1].bottom()) or self._at_badge_end(span, point)
        return (span, starts) if starts or ends else None

    def _at_badge_end(self, span: Span, point: QPoint) -> bool:
        """At the ring's right edge, which stands behind the badge."""
        last = self._view.rects_of(*span.range)[-1]
        if not last.right() < point.x() or not last.top() <= point.y() <= last.bottom():
            return False
        return self._view.span_at(point) == span and self._view.span_at(point + QPoint(_GRIP + 1, 0)) != span

    def _double_click(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.cancel()
        position = self._view.position_at(event.position().toPoint())
        token = self._view.annotated.tokens.snap(position, position)
        if token is not None:
            self._view.select(*token)
            self._view.selection_made.emit(*token)

    # Moving

    def _move(self, event: QMouseEvent) -> None:
        self._point = event.position().toPoint()
        self._exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self._drag is None and self._grip is None:
            self._show_cursor()
            return
        self._follow()
        inside = self._view.viewport().rect().top() <= self._point.y() <= self._view.viewport().rect().bottom()
        if inside:
            self._scroller.stop()
        elif not self._scroller.isActive():
            self._scroller.start()

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.IBeamCursor
        if self._grip_at(self._point):
            shape = Qt.CursorShape.SizeHorCursor
        elif self._view.span_at(self._point):
            shape = Qt.CursorShape.PointingHandCursor
        self._view.viewport().setCursor(shape)

    def _scroll(self) -> None:
        """The faster, the further the mouse is beyond the edge."""
        height = self._view.viewport().height()
        beyond = self._point.y() - (0 if self._point.y() < 0 else height)
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + max(-60, min(60, round(beyond / 2))))
        self._follow()

    def _follow(self) -> None:
        way = (self._point - self._pressed).manhattanLength()
        self._moved = self._moved or way >= QApplication.startDragDistance() // 2
        if self._moved and self._grip:
            self._view.show_focus(self._resized(*self._grip))
        elif self._moved and self._drag is not None:
            self._select(self._drag, self._view.position_at(self._point, between=True))

    def _select(self, start: int, end: int) -> None:
        """Whole tokens without outer quotes, or with Alt exactly what the mouse passed."""
        article = self._view.annotated
        start, end = sorted((start, end))
        if not self._exact and start < end:
            start, end = article.tokens.snap(start, end) or (start, start)
            start, end = trimmed(article.text, start, end)
        self._view.select(start, end)

    def _resized(self, span: Span, at_start: bool) -> tuple[int, int]:
        """The focused span with one edge where the mouse is."""
        tokens, start, end = self._view.annotated.tokens, span.start, span.end
        position = self._view.position_at(self._point, between=True)
        edges = [position] if self._exact else tokens.starts if at_start else tokens.ends
        if at_start:
            return min((e for e in edges if e < end), key=lambda e: abs(e - position), default=start), end
        return start, min((e for e in edges if e > start), key=lambda e: abs(e - position), default=end)

    # Releasing

    def _release(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        grip, drag, moved = self._grip, self._drag, self._moved
        self.cancel()
        if grip and moved:
            self._end_resize(grip[0])
        elif drag is not None and moved:
            if self._view.selection:
                self._view.selection_made.emit(*self._view.selection)
        elif grip or drag is not None:
            self._click(event.position().toPoint())

    def _end_resize(self, span: Span) -> None:
        """Say what is wanted; the ring goes back until the span really is so."""
        wanted = self._view.scene.focus
        self._view.show_focus(span.range)
        if wanted and wanted != span.range:
            self._view.span_resized.emit(span, *wanted)

    def _click(self, point: QPoint) -> None:
        span = self._view.span_at(point)
        if span is not None:
            self._view.set_current(span, reveal=False)
            self._view.span_chosen.emit(span)
            return
        position = self._view.position_at(point)
        token = token_near(self._view.annotated.tokens, position)
        if token is None:
            self._view.set_current(None)
            self._view.clear_selection()
        else:
            self._view.select(*token)

    # Resting

    def _tool_tip(self, event: QHelpEvent) -> None:
        span = self._view.span_at(event.pos())
        show_tooltip(event.globalPos(), "" if span is None else self._view.describe(span), self._view.viewport())


def _near(point: QPoint, x: int, top: int, bottom: int) -> bool:
    return abs(point.x() - x) <= _GRIP and top <= point.y() <= bottom
