"""The article as the annotator works on it: the focused span, the selection, the token cursor.

Either a span has the focus or words are selected, never both. The text is never altered and never
read back from Qt; every position is a code point of the stored text.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPagedPaintDevice
from PySide6.QtWidgets import QWidget

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span
from annotator.model.tokens import Tokens
from annotator.ui.article_mouse import ArticleMouse
from annotator.ui.article_page import NOTHING, ArticlePage, spans_on
from annotator.ui.printing import print_article
from annotator.ui.token_cursor import TokenCursor, stepped, token_near, tokens_within


def _described(span: Span) -> str:
    return f"{span.label}, {span.state}"


class ArticleView(ArticlePage):
    """Shows an article with its spans; selects, focuses, and says what the mouse asked for.

    Signals: `span_chosen(span)` a click on a span or its badge; `span_menu(span or None, global
    position)`; `selection_changed()`; `selection_made(start, end)` a drag or double-click ended with
    a selection; `span_resized(span, start, end)` an edge of the focused span was dragged.
    `describe` gives the plain text of a span's tool tip.
    """

    span_chosen = Signal(object)
    span_menu = Signal(object, QPoint)
    selection_changed = Signal()
    selection_made = Signal(int, int)
    span_resized = Signal(object, int, int)

    _mouse: ArticleMouse | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: Span | None = None
        self._cursor: TokenCursor | None = None
        self._column_x: float | None = None
        self.describe: Callable[[Span], str] = _described
        self._mouse = ArticleMouse(self)
        self.viewport().setMouseTracking(True)

    # What is shown

    def show_article(self, annotated: AnnotatedArticle, hues: Mapping[str, str]) -> None:
        """Open another article at its top.

        :param hues: from a label's name to its colour, a hue's name or "#rrggbb".
        """
        if self._mouse is not None:
            self._mouse.cancel()
        self.scene.hues = dict(hues)
        self.scene.found, self.scene.found_at, self.scene.focus = (), None, None
        self._current = None
        self._set_cursor(None)
        self._open(annotated)

    def update_article(self, annotated: AnnotatedArticle, hues: Mapping[str, str]) -> None:
        """The same article with other spans or tokens: only what differs is laid out and painted.

        Focus and selection stay as ranges; the caller sets the focused span anew.
        """
        before = self.annotated
        if annotated.text != before.text:
            self.show_article(annotated, hues)
            return
        has_asides = annotated.asides != before.asides
        if has_asides or hues != self.scene.hues or not _same_tokens(annotated.tokens, before.tokens):
            self.scene.hues = dict(hues)
            self.viewport().update()
        different = different_spans(spans_on(self, before), spans_on(self, annotated))
        self._show_spans(annotated, [span.range for span in different])

    def clear(self) -> None:
        """Show nothing."""
        self.show_article(NOTHING, {})

    def set_found(self, ranges: Sequence[tuple[int, int]], at: int | None) -> None:
        """Tint the matches of a search; `at` is the index of the present one, which is revealed."""
        old = [*self.scene.found, *ranges]
        self.scene.found, self.scene.found_at = list(ranges), at
        if old:
            self.viewport().update()
        if at is not None and 0 <= at < len(ranges):
            self.reveal(*ranges[at])

    # The focused span

    @property
    def current(self) -> Span | None:
        """The span with the ring."""
        return self._current

    def set_current(self, span: Span | None, reveal: bool = True) -> None:
        """Put the ring around a span, or nowhere; a span takes the place of the selection."""
        self._current = span
        self.show_focus(span.range if span else None)
        if span is not None:
            self._set_cursor(None)
            if reveal:
                self.reveal(*span.range)

    def follow(self, span: Span | None) -> None:
        """The focused span is another now, though nobody went anywhere: the paper moves only so far that the
        ring stays on the screen, if it was there.
        """
        focus = self.scene.focus
        stood_there = focus is None or any(self.viewport().rect().intersects(rect) for rect in self.rects_of(*focus))
        has_moved = span is not None and span.range != focus
        self.set_current(span, reveal=has_moved and stood_there)

    def show_focus(self, focus: tuple[int, int] | None) -> None:
        """Put the ring around a range: the focused span's, or what it is being dragged to."""
        if focus != self.scene.focus:
            self._touch(self.scene.focus, focus)
            self.scene.focus = focus

    # The selection

    @property
    def selection(self) -> tuple[int, int] | None:
        """The selected code points."""
        return self._cursor.range if self._cursor else None

    def select(self, start: int, end: int) -> None:
        """Select code points; the focused span loses its ring. An empty range clears."""
        start, end = sorted((max(0, start), min(end, len(self.annotated.text))))
        if start == end:
            self.clear_selection()
        else:
            self._select(TokenCursor((start, end)))

    def clear_selection(self) -> None:
        """Select nothing."""
        self._set_cursor(None)

    def selected_text(self) -> str:
        """A slice of the stored text."""
        return self.annotated.text[slice(*self.selection)] if self.selection else ""

    def _select(self, cursor: TokenCursor) -> None:
        self.set_current(None)
        self._set_cursor(cursor)

    def _set_cursor(self, cursor: TokenCursor | None) -> None:
        self._cursor, self._column_x = cursor, None
        self._show_selection()

    def _show_selection(self) -> None:
        if self.scene.selection != self.selection:
            self._touch(self.scene.selection, self.selection)
            self.scene.selection = self.selection
            self.selection_changed.emit()

    # The token cursor

    def move_cursor(self, by: int, extend: bool = False, exact: bool = False) -> None:
        """Select the token `by` tokens further, starting at the selection, else at the focused span,
        else at the first visible token.

        :param extend: move the selection's far edge by tokens instead.
        :param exact: move it by characters as a reader sees them.
        """
        base = self.selection or (self._current.range if self._current else None)
        if base is None:
            self._enter(self._place()[0])
        elif extend or exact:
            cursor = self._cursor or TokenCursor(base)
            if exact:
                cursor.nudged(self.annotated.text, by)
            else:
                cursor.extended(self.annotated.tokens, by)
            self._moved(cursor)
        elif token := stepped(self.annotated.tokens, *base, by):
            self._moved(TokenCursor(token))

    def move_cursor_line(self, by: int, extend: bool = False) -> None:
        """Select the token nearest to the cursor in the line `by` lines further down.

        :param extend: reach there with the far edge instead.
        """
        base = self.selection or (self._current.range if self._current else None)
        if base is None:
            self._enter(self._place()[0])
            return
        cursor = self._cursor or TokenCursor(base)
        start, end = cursor.range
        at = max(start, end - 1) if cursor.forward else start
        x = self._column_x if self._column_x is not None else self._middle(at)
        if token := self._token_in_line(at, by, x):
            if extend:
                home = cursor.home
                cursor.range = min(home[0], token[0]), max(home[1], token[1])
                cursor.forward = token[1] > home[0]
            else:
                cursor = TokenCursor(token)
            self._moved(cursor)
            self._column_x = x

    def _enter(self, position: int) -> None:
        if token := token_near(self.annotated.tokens, position):
            self._moved(TokenCursor(token))

    def _moved(self, cursor: TokenCursor) -> None:
        self._select(cursor)
        start, end = cursor.range
        self.reveal(max(start, end - 1) if cursor.forward else start, end)

    def _middle(self, position: int) -> float:
        token = self.annotated.tokens.snap(position, position) or (position, position + 1)
        return self._x_of(*token)

    def _x_of(self, start: int, end: int) -> float:
        pieces = self._flow.block(self._flow.index_of(start)).words(start, end)
        return (pieces[0].left + pieces[0].right) / 2 if pieces else 0.0

    def _token_in_line(self, position: int, by: int, x: float) -> tuple[int, int] | None:
        index = self._flow.index_of(position)
        line = index, self._flow.block(index).line_of(position)
        while by and (after := self._flow.neighbour(*line, 1 if by > 0 else -1)):
            line = after
            within = tokens_within(self.annotated.tokens, *self._flow.block(line[0]).line_range(line[1]))
            if within:
                by -= 1 if by > 0 else -1
                best = min(within, key=lambda token: abs(self._x_of(*token) - x))
        return best if line != (index, self._flow.block(index).line_of(position)) and within else None

    # Paper

    def print_to(self, device: QPagedPaintDevice) -> None:
        """Paint the article, all of it, on the pages of a printer or PDF writer."""
        print_article(self.annotated, self.scene, self._index(), device)

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            if self.selection or self._current:
                QGuiApplication.clipboard().setText(self._copied())
        else:
            super().keyPressEvent(event)

    def _copied(self) -> str:
        if self.selection:
            return self.selected_text()
        return self.annotated.surface(self._current) if self._current else ""

    def viewportEvent(self, event: QEvent) -> bool:
        taken = self._mouse is not None and self._mouse.handle(event)
        return taken or super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The mouse asks at its place, the keyboard at the focused span or the selection."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rects = self.rects_of(*self.scene.focus) if self.scene.focus else []
            point = rects[0].bottomLeft() if rects else QPoint(0, 0)
            self.span_menu.emit(self._current, self.viewport().mapToGlobal(point))
            return
        span = self.span_at(event.pos())
        if span is not None:
            self.set_current(span, reveal=False)
        self.span_menu.emit(span, event.globalPos())


def _same_tokens(a: Tokens, b: Tokens) -> bool:
    return a is b or (a.starts == b.starts and a.ends == b.ends)


def different_spans(before: Sequence[Span], after: Sequence[Span]) -> list[Span]:
    """The spans that stand in only one of two sequences in reading order."""
    first, last = 0, 0
    least = min(len(before), len(after))
    while first < least and (before[first] is after[first] or before[first] == after[first]):
        first += 1
    while last < least - first and (before[-1 - last] is after[-1 - last] or before[-1 - last] == after[-1 - last]):
        last += 1
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    return list(set(old) ^ set(new))
