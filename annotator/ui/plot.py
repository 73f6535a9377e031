"""A small plot of a few lines over one x axis, with a y axis at the left and, where it is needed, one at the right."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui.theme import Theme

LEFT, RIGHT = "left", "right"

_TICKS = 5
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Series:
    """One line.

    :param xs: rising; as many as `ys`.
    :param hue: its colour, the name of one of the theme's hues.
    :param axis: LEFT or RIGHT.
    """

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    hue: str = "blue"
    axis: str = LEFT


def ticks(least: float, greatest: float, wanted: int = _TICKS) -> list[float]:
    """Round numbers a round step (1, 2 or 5 times a power of ten) apart, from at most `least` to at least `greatest`.

    :param wanted: about how many.
    """
    reach = greatest - least or abs(greatest) or 1.0
    power = 10.0 ** math.floor(math.log10(reach / wanted))
    step = next(power * each for each in (1, 2, 5, 10) if reach / (power * each) <= wanted)
    first, last = math.floor(least / step + 1e-9), math.ceil(greatest / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


class Plot(QWidget):
    """The lines that `set_series` gave, in the theme's colours.

    :param title: stands above them, and is read aloud.
    :param x_title: what the x axis counts.
    :param empty: words to show while there is nothing.
    """

    def __init__(self, theme: Theme, title: str = "", x_title: str = "", empty: str = "") -> None:
        super().__init__()
        self._theme, self.title, self._x_title, self._empty = theme, title, x_title, empty
        self._series: tuple[Series, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title or "Plot")

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self._theme = theme
        self.update()

    def set_series(self, series: Iterable[Series]) -> None:
        """Show these lines instead; one without points is left out."""
        self._series = tuple(each for each in series if each.xs)
        last = (f"{each.name} {_shown(each.ys[-1])}" for each in self._series)
        self.setAccessibleDescription(", ".join(last))
        self.update()

    def sizeHint(self) -> QSize:
        letter = self.fontMetrics().averageCharWidth()
        return QSize(letter * 56, self.fontMetrics().lineSpacing() * 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() // 2, self.fontMetrics().lineSpacing() * 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        if not self._series:
            painter.setPen(self._theme.dim)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        else:
            self._paint(painter)
        painter.end()

    # The parts of the picture

    def _paint(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(self.font())
        xs = ticks(*_reach(each.xs for each in self._series))
        wanted = max(1, min(_TICKS, int(self.height() / metrics.lineSpacing() / 2) - 2))
        ys = {axis: ticks(*_reach(e.ys for e in self._series if e.axis == axis), wanted) for axis in self._axes()}
        field = self._field(metrics, ys)
        self._paint_heading(painter, metrics)
        self._paint_x(painter, metrics, field, xs)
        for axis, at in ys.items():
            self._paint_y(painter, metrics, field, axis, at)
        painter.setClipRect(field.adjusted(-4, -4, 4, 4))
        for each in self._series:
            self._paint_line(painter, field, each, xs, ys[each.axis])

    def _axes(self) -> list[str]:
        return [axis for axis in (LEFT, RIGHT) if any(each.axis == axis for each in self._series)]

    def _field(self, metrics: QFontMetricsF, ys: dict[str, list[float]]) -> QRectF:
        """Where the lines are: what the numbers and the heading leave."""
        widths = {axis: max(metrics.horizontalAdvance(_shown(y)) for y in at) + _GAP for axis, at in ys.items()}
        line = metrics.lineSpacing()
        below = line * (2 if self._x_title else 1) + _GAP
        left, right = widths.get(LEFT, _GAP), widths.get(RIGHT, line)
        return QRectF(self.rect()).adjusted(left, line * 1.7, -right, -below)

    def _paint_heading(self, painter: QPainter, metrics: QFontMetricsF) -> None:
        """The title at the left, a dash and a name for each line at the right."""
        line, dash = metrics.lineSpacing(), metrics.averageCharWidth() * 2
        painter.setPen(self._theme.panel_ink)
        painter.drawText(QPointF(0, line * 0.85), self.title)
        x = self.width() - sum(dash + metrics.horizontalAdvance(e.name) + 3 * _GAP for e in self._series) + 2 * _GAP
        for each in self._series:
            painter.setPen(QPen(self._colour(each), 2))
            painter.drawLine(QPointF(x, line * 0.55), QPointF(x + dash, line * 0.55))
            painter.setPen(self._theme.dim)
            painter.drawText(QPointF(x + dash + _GAP, line * 0.85), each.name)
            x += dash + metrics.horizontalAdvance(each.name) + 3 * _GAP

    def _paint_x(self, painter: QPainter, metrics: QFontMetricsF, field: QRectF, xs: list[float]) -> None:
        line = metrics.lineSpacing()
        painter.setPen(self._theme.dim)
        for x in xs:
            at = _between(x, xs, field.left(), field.right())
            place = QRectF(at - 40, field.bottom() + _GAP / 2, 80, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, _shown(x))
        place = QRectF(field.left(), field.bottom() + _GAP / 2 + line, field.width(), line)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, self._x_title)

    def _paint_y(self, painter: QPainter, metrics: QFontMetricsF, field: QRectF, axis: str, ys: list[float]) -> None:
        """The numbers of an axis; of the left one, or the only one, also lines across."""
        half = metrics.lineSpacing() / 2
        left = QRectF(0, 0, field.left() - _GAP, 2 * half)
        right = QRectF(field.right() + _GAP, 0, self.width() - field.right() - _GAP, 2 * half)
        side, place = {
            LEFT: (Qt.AlignmentFlag.AlignRight, left),
            RIGHT: (Qt.AlignmentFlag.AlignLeft, right),
        }[axis]
        for y in ys:
            at = _between(y, ys, field.bottom(), field.top())
            if axis == self._axes()[0]:
                painter.setPen(QPen(self._theme.line, 1))
                painter.drawLine(QPointF(field.left(), at), QPointF(field.right(), at))
            painter.setPen(self._theme.dim)
            painter.drawText(place.translated(0, at - half), side, _shown(y))

    def _paint_line(self, painter: QPainter, field: QRectF, series: Series, xs: list[float], ys: list[float]) -> None:
        points = [
            QPointF(_between(x, xs, field.left(), field.right()), _between(y, ys, field.bottom(), field.top()))
            for x, y in zip(series.xs, series.ys, strict=True)
        ]
        colour = self._colour(series)
        painter.setPen(QPen(colour, 2, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(colour)
        painter.drawEllipse(points[-1], 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _colour(self, series: Series) -> QColor:
        return self._theme.hue(series.hue).ink


def _reach(of: Iterable[Sequence[float]]) -> tuple[float, float]:
    values = [value for each in of for value in each]
    return min(values), max(values)


def _between(value: float, scale: list[float], first: float, last: float) -> float:
    """Where a value lies on the screen when the ends of its scale are at `first` and `last`."""
    return first + (value - scale[0]) / (scale[-1] - scale[0]) * (last - first)


def _shown(value: float) -> str:
    return f"{value:.4g}" if value % 1 else f"{value:,.0f}"
