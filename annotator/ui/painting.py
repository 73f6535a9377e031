"""Paint one paragraph: tints, lines, selection, words, the focus ring and the badges.

States are told apart without colour: suggested is dashed (dotted where unsure) with a hollow "?"
badge, confirmed solid with a filled ticked badge, changed by a person a filled badge with a pencil,
rejected struck through with a hollow crossed badge. A ghost, a place that may hide an entity, has no
ground and no line, only a dotted outline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTextLayout

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import Tokens
from annotator.ui.aside_painting import Passage
from annotator.ui.blocks import Block, Mark, Piece
from annotator.ui.metrics import Metrics
from annotator.ui.theme import Hue, Theme, mix

_CHANGED = (Decision.RELABEL, Decision.RESIZE, Decision.ADD)
_EVERYWHERE = 1e7
# Strokes of the signs in a unit square.
_TICK = (((0.04, 0.56), (0.37, 0.88), (0.96, 0.14)),)
_CROSS = (((0.14, 0.14), (0.86, 0.86)), ((0.86, 0.14), (0.14, 0.86)))
_PENCIL = (((0.03, 0.97), (0.12, 0.62), (0.7, 0.04), (0.96, 0.3), (0.38, 0.88), (0.03, 0.97)),)


@dataclass
class Scene:
    """What is shown besides the words; ranges in code points.

    :param hues: from a label's name to its colour.
    :param focus: the range with the ring around it.
    :param asides: the ranges that are not to be labelled, as `AnnotatedArticle.left_out`.
    :param found: matches of a search; `found_at` is the index of the present one.
    :param unsure_below: suggestions of lower confidence look less sure.
    :param shows_misfits: edges that meet no token's edge are marked.
    """

    theme: Theme
    metrics: Metrics
    hues: Mapping[str, str] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=lambda: Tokens(()))
    selection: tuple[int, int] | None = None
    focus: tuple[int, int] | None = None
    asides: Sequence[tuple[int, int]] = ()
    found: Sequence[tuple[int, int]] = ()
    found_at: int | None = None
    unsure_below: float = 0.5
    shows_misfits: bool = True

    def take(self, annotated: AnnotatedArticle) -> None:
        """Show what is known of an article's words."""
        self.tokens, self.asides = annotated.tokens, annotated.left_out

    def hue(self, span: Span) -> Hue:
        """The colours of a span's label."""
        return self.theme.hue(self.hues.get(span.label, "slate"))

    def is_unsure(self, span: Span) -> bool:
        """Is it a suggestion of low confidence, or a ghost?"""
        suggested = span.state is SpanState.SUGGESTED
        return suggested and span.confidence is not None and span.confidence < self.unsure_below


class BlockPainter:
    """Paints the lines of one block that touch [top, bottom], in the block's coordinates.

    :param only: nothing but these lines, whatever reaches into them from beside.
    """

    def __init__(
        self,
        painter: QPainter,
        scene: Scene,
        block: Block,
        top: float = -_EVERYWHERE,
        bottom: float = _EVERYWHERE,
        only: range | None = None,
    ) -> None:
        self.painter, self.scene, self.block = painter, scene, block
        self.theme, self.metrics, self.style = scene.theme, scene.metrics, block.style
        self.size = scene.metrics.size
        self.top, self.bottom = top, bottom
        self.only = only
        shown = only if only is not None else range(int(top // self.style.step) - 1, int(bottom // self.style.step) + 2)
        self.first, self.last = shown.start, shown.stop - 1

    def paint(self) -> None:
        """All layers, from the tints up to the badges."""
        marks = self.block.marks()
        aside = Passage.of(self.scene, self.block)
        if aside is not None:
            aside.paint_ground(self.painter)
        for mark in marks:
            if mark.span.is_ghost:
                self._paint_outline(mark)
            elif mark.span.state is not SpanState.REJECTED:
                self._paint_tint(mark)
        for mark in marks:
            if mark.span.state is not SpanState.REJECTED and not mark.span.is_ghost:
                self._paint_underline(mark)
        self._paint_found()
        if self.scene.selection is not None:
            self._paint_ground(self.scene.selection, self.theme.selection)
        self._paint_words(aside.inks() if aside is not None else [])
        if self.scene.focus is not None:
            self._paint_ring(self.scene.focus)
        for mark in marks:
            self._paint_top(mark)

    def _shown(self, pieces: list[Piece]) -> list[Piece]:
        return [piece for piece in pieces if self.first <= piece.line <= self.last]

    def _box(self, piece: Piece) -> QRectF:
        y = piece.line * self.style.step + self.style.top
        return QRectF(piece.left, y, piece.right - piece.left, self.style.tall)

    def _edges(self, mark: Mark, piece: Piece) -> tuple[float, float]:
        """Left and right of the tint: a little air around the words, and around the badge within."""
        air = self.size * 0.09
        left = piece.left - air if piece is mark.pieces[0] else piece.left
        if piece is not mark.pieces[-1]:
            return left, piece.right
        inline = mark.badge is not None and not self.style.above
        return left, mark.badge.right + air if inline and mark.badge else piece.right + air

    def _paint_tint(self, mark: Mark) -> None:
        if mark.level:
            return
        fill = self.scene.hue(mark.span).fill
        if self.scene.is_unsure(mark.span):
            fill = mix(self.theme.paper, fill, 0.45)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(fill)
        self._paint_boxes(mark)

    def _paint_outline(self, mark: Mark) -> None:
        pen = QPen(mix(self.theme.paper, self.scene.hue(mark.span).ink, 0.75), max(1.0, self.size * 0.055))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.01, 2.6])
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_boxes(mark)

    def _paint_boxes(self, mark: Mark) -> None:
        """Rounded boxes around the words, with the pen and the brush that are set."""
        for piece in self._shown(mark.pieces):
            left, right = self._edges(mark, piece)
            box = self._box(piece)
            box.setLeft(left)
            box.setRight(right)
            self.painter.drawRoundedRect(box, self.size * 0.17, self.size * 0.17)

    def _paint_underline(self, mark: Mark) -> None:
        """At the tint's lower edge; each further level below the one before."""
        pen = self._line_pen(mark.span)
        for piece in self._shown(mark.pieces):
            left, right = self._edges(mark, piece)
            y = self._box(piece).bottom() + self.size * (mark.level * 0.17 - 0.02)
            line = QLineF(left + self.size * 0.1, y, right - self.size * 0.1, y)
            if self.scene.is_unsure(mark.span):
                self._paint_dots(line, pen)
            else:
                self.painter.setPen(pen)
                self.painter.drawLine(line)
        if self.scene.shows_misfits and self.scene.tokens.covering(*mark.span.range) is None:
            self._paint_misfit(mark)

    def _line_pen(self, span: Span) -> QPen:
        ink, width = self.scene.hue(span).ink, max(1.2, self.size * 0.072)
        pen = QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if span.state is SpanState.SUGGESTED:
            pen.setDashPattern([2.6, 1.9])
        return pen

    def _paint_dots(self, line: QLineF, pen: QPen) -> None:
        """A dotted line. A pen with a pattern of dots takes ten times as long, and an article has hundreds."""
        width = pen.widthF()
        count = max(int(line.dx() / (2.4 * width)), 1)
        step = line.dx() / count
        dots = [QRectF(line.x1() + n * step, line.y1() - width / 2, width, width) for n in range(count)]
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(pen.color())
        self.painter.drawRects(dots)

    def _paint_misfit(self, mark: Mark) -> None:
        """A small wave under the edge that meets no token's edge: trainers would drop the span."""
        tokens, span, block = self.scene.tokens, mark.span, self.block
        words = block.words(span.start, span.end)
        length = self.size * 0.75
        if words and span.start >= block.start and not _starts_token(tokens, span.start):
            self._paint_wave(words[0], words[0].left, length)
        if words and span.end <= block.end and not _ends_token(tokens, span.end):
            self._paint_wave(words[-1], words[-1].right - length, length)

    def _paint_wave(self, piece: Piece, left: float, length: float) -> None:
        if not self._shown([piece]):
            return
        height, count = self.size * 0.09, 5
        y = self._box(piece).bottom() + self.size * 0.17
        path = QPainterPath(QPointF(left, y))
        for index in range(1, count + 1):
            path.lineTo(left + length * index / count, y + (height if index % 2 else -height))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(self.theme.bad, max(1.1, self.size * 0.06)))
        self.painter.drawPath(path)

    def _paint_ground(self, span: tuple[int, int], colour: QColor) -> None:
        """The coloured ground under the words of a range."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        for piece in self._shown(self.block.words(*span)):
            box = self._box(piece).adjusted(-0.5, -1, 0.5, 1)
            self.painter.drawRoundedRect(box, self.size * 0.1, self.size * 0.1)

    def _paint_found(self) -> None:
        for index, (start, end) in enumerate(self.scene.found):
            if start < self.block.end and end > self.block.start:
                here = index == self.scene.found_at
                self._paint_ground((start, end), self.theme.found_at if here else self.theme.found)

    def _paint_words(self, inks: list[QTextLayout.FormatRange]) -> None:
        self.painter.setPen(self.style.colour)
        if self.only is not None:
            for number in self.only:
                self.block.lines[number].draw(self.painter, QPointF(0, 0))
            return
        slack = self.style.step  # ink may reach beyond its line
        clip = QRectF(-_EVERYWHERE, self.top - slack, 2 * _EVERYWHERE, self.bottom - self.top + 2 * slack)
        self.block.layout.draw(self.painter, QPointF(0, 0), inks, clip)

    def _paint_ring(self, focus: tuple[int, int]) -> None:
        """Around the words and the badge of the focused range, with a soft halo."""
        own = next((m for m in self.block.marks() if m.span.range == focus), None)
        pieces = own.pieces if own else self.block.words(*focus)
        air, radius = self.size * 0.1, self.size * 0.24
        halo = QColor(self.theme.ring)
        halo.setAlphaF(0.14)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for piece in self._shown(pieces):
            left, right = self._edges(own, piece) if own else (piece.left - air, piece.right + air)
            box = self._box(piece)
            box = QRectF(left - 0.5, box.top() - air, right - left + 1, box.height() + air * 2)
            for colour, width in ((halo, self.size * 0.22), (self.theme.ring, max(1.5, self.size * 0.09))):
                self.painter.setPen(QPen(colour, width))
                self.painter.drawRoundedRect(box, radius, radius)

    def _paint_top(self, mark: Mark) -> None:
        """What lies over the words: a rejected span's strike, and the badge."""
        if mark.span.state is SpanState.REJECTED:
            self._paint_strike(mark)
        if mark.badge and self.first <= mark.badge.line <= self.last:
            paint_badge(self.painter, self._badge_box(mark.badge), mark.span, self.scene)

    def _paint_strike(self, mark: Mark) -> None:
        self.painter.setPen(QPen(mix(self.theme.faint, self.theme.dim, 0.4), max(1.0, self.size * 0.05)))
        for piece in self._shown(self.block.words(*mark.span.range)):
            y = piece.line * self.style.step + self.style.base - self.size * 0.26
            self.painter.drawLine(QPointF(piece.left, y), QPointF(piece.right, y))

    def _badge_box(self, badge: Piece) -> QRectF:
        y = badge.line * self.style.step + self.style.top
        height = float(self.metrics.badge_height)
        if self.style.above:
            return QRectF(badge.left, y - height + self.size * 0.06, badge.right - badge.left, height)
        middle = badge.line * self.style.step + self.style.base - self.size * 0.33
        return QRectF(badge.left, round(middle - height / 2), badge.right - badge.left, height)


def _starts_token(tokens: Tokens, position: int) -> bool:
    found = tokens.snap(position, position)
    return found is not None and found[0] == position


def _ends_token(tokens: Tokens, position: int) -> bool:
    found = tokens.snap(position - 1, position)
    return found is not None and found[1] == position


def paint_badge(painter: QPainter, box: QRectF, span: Span, scene: Scene) -> None:
    """A span's label and its state's sign."""
    size, hue = scene.metrics.size, scene.hue(span)
    filled = span.state is SpanState.CONFIRMED
    ink = scene.theme.dim if span.state is SpanState.REJECTED else hue.ink
    radius = size * 0.19
    if filled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(box, radius, radius)
    else:
        painter.setPen(_border(span, ink, scene))
        painter.setBrush(scene.theme.paper)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    colour = hue.on_ink if filled else ink
    painter.setPen(colour)
    painter.setFont(scene.metrics.badge_font)
    base = box.center().y() + scene.metrics.badge_metrics.capHeight() / 2
    label = scene.metrics.badge_text(span.label)
    painter.drawText(QPointF(box.left() + size * 0.2, base), label)
    _paint_sign(painter, QPointF(box.right() - size * 0.33, box.center().y()), span, scene, colour)


def _border(span: Span, ink: QColor, scene: Scene) -> QPen:
    share = 0.4 if span.state is SpanState.REJECTED or scene.is_unsure(span) else 0.7
    return QPen(mix(scene.theme.paper, ink, share), 1)


def _paint_sign(painter: QPainter, middle: QPointF, span: Span, scene: Scene, colour: QColor) -> None:
    """ "?" suggested, a tick confirmed as it was, a pencil changed, a cross rejected."""
    metrics = scene.metrics
    if span.state is SpanState.SUGGESTED:
        width = metrics.badge_metrics.horizontalAdvance("?")
        base = middle.y() + metrics.badge_metrics.capHeight() / 2
        painter.drawText(QPointF(middle.x() - width / 2, base), "?")
        return
    side = metrics.size * 0.29
    rejected = span.state is SpanState.REJECTED
    strokes = _CROSS if rejected else _PENCIL if span.decision in _CHANGED else _TICK
    path = QPainterPath()
    for stroke in strokes:
        points = [middle + QPointF((x - 0.5) * side, (y - 0.5) * side) for x, y in stroke]
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, max(1.0, side * 0.19), Qt.PenStyle.SolidLine, cap, join))
    painter.drawPath(path)
