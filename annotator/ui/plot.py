"""A small plot: lines, points and bars over one x axis, with values up the left side and, if wanted, the right."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui.theme import Theme

LEFT, RIGHT = "left", "right"

_NEAR = 24  # pixels around the mouse within which a value is told
_BARS = 0.72  # the share of a name's room that its bars fill
_TO_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TO_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Series(NamedTuple):
    """Values to plot.

    :param name: in the legend; "" stands in none.
    :param hue: a hue's name or "#rrggbb".
    :param axis: LEFT or RIGHT, whose scale it is drawn to.
    :param kind: "line", "points", or "bars", whose xs are 0, 1, 2 ... of the names under the plot.
    """

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    hue: str = "blue"
    axis: str = LEFT
    kind: str = "line"


class _Scale(NamedTuple):
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def ticks(least: float, greatest: float, wanted: int = 5) -> list[float]:
    """Round numbers a round step (1, 2 or 5 times a power of ten) apart, from at most `least` to at least `greatest`.

    :param wanted: about how many steps, at most.
    """
    reach = greatest - least or abs(greatest) or 1.0
    power = 10.0 ** math.floor(math.log10(reach / wanted))
    step = next(size * power for size in (1, 2, 5, 10, 20) if reach <= wanted * size * power * (1 + 1e-9))
    first, last = math.floor(least / step + 1e-9), math.ceil(greatest / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def short(value: float) -> str:
    """A number for an axis: "0.15", "1200"."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


class Plot(QWidget):
    """One plot with its title and legend; the mouse is told the nearest value.

    :param title: stands above it, and is read aloud; `x_title` stands below and says what the x axis counts.
    :param empty: stands there while there is nothing to plot.
    :param say: how a value on the left axis is written; `say_x` likewise for x.
    :param top: the left axis reaches at least so far, and at most to `limit`; what is beyond stands at its end.
    """

    def __init__(
        self,
        theme: Theme,
        title: str = "",
        x_title: str = "",
        empty: str = "",
        *,
        say: Callable[[float], str] = short,
        say_x: Callable[[float], str] = short,
        top: float = 0.0,
        limit: float = math.inf,
    ) -> None:
        super().__init__()
        self._theme, self.title, self._x_title, self._empty = theme, title, x_title, empty
        self._say, self._say_x, self._top, self._limit = say, say_x, top, limit
        self._series: list[Series] = []
        self._names: list[str] = []
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title or "Plot")

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        self._theme = theme
        self.update()

    def set_series(self, series: Iterable[Series], names: Sequence[str] = ()) -> None:
        """Plot these, in this order; names stand under bars."""
        self._series, self._names = [each for each in series if len(each.xs)], list(names)
        newest = [f"{each.name} {self._say_of(each)(each.ys[-1])}" for each in self._named() if each.kind != "bars"]
        self.setAccessibleDescription(", ".join(newest) or self._empty)
        self.update()

    def _named(self) -> list[Series]:
        return [each for each in self._series if each.name]

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 150)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse = None
        self.update()

    def told(self) -> str:
        """What the mouse is told where it is; empty for nothing."""
        near = self._nearest()
        return "" if near is None else self._words(*near[:2])

    # Scales

    def _say_of(self, series: Series) -> Callable[[float], str]:
        return self._say if series.axis == LEFT else short

    def _line(self) -> float:
        return QFontMetricsF(self.font()).height()

    def _head(self) -> float:
        """Room for the title and, where there is more than one series, the legend below it."""
        return self._line() * (int(bool(self.title)) + int(len(self._named()) > 1)) + 12

    def _y_ticks(self, axis: str) -> list[float]:
        values = [y for each in self._series if each.axis == axis for y in each.ys]
        if not values:
            return []
        most = max(2, int((self.height() - self._head()) / (self._line() * 2.4)))
        top, limit = (self._top, self._limit) if axis == LEFT else (0.0, math.inf)
        return ticks(min(0.0, *values), min(max(top, *values), limit), most)

    def _room(self) -> QRectF:
        """Where the values are drawn, between the axes' numbers."""
        metrics = QFontMetricsF(self.font())
        sides = []
        for axis, say in ((LEFT, self._say), (RIGHT, short)):
            widths = [metrics.horizontalAdvance(say(value)) for value in self._y_ticks(axis)]
            sides.append(max(widths, default=0.0) + 12)
        below = self._line() * (2 if self._x_title else 1) + 8
        return QRectF(self.rect()).adjusted(sides[0], self._head(), -sides[1], -below)

    def _x_scale(self, room: QRectF) -> _Scale:
        if self._names:
            return _Scale(-0.5, len(self._names) - 0.5, room.left(), room.right())
        xs = [x for each in self._series for x in each.xs]
        low, high = min(xs), max(xs)
        return _Scale(low - (low == high), high + (low == high), room.left() + 6, room.right() - 6)

    def _y_scale(self, room: QRectF, axis: str) -> _Scale:
        values = self._y_ticks(axis) or [0.0, 1.0]
        return _Scale(values[0], values[-1], room.bottom(), room.top())

    # The nearest value

    def _places(self) -> list[tuple[Series, int, QPointF]]:
        """Each value with the place where it is drawn; for a bar the middle of its top."""
        if not self._series:
            return []
        room = self._room()
        across = self._x_scale(room)
        found = []
        for each in self._series:
            up = self._y_scale(room, each.axis)
            aside = self._aside(each, across)
            values = enumerate(zip(each.xs, each.ys, strict=True))
            found += [(each, n, QPointF(across(x) + aside, up(min(y, up.high)))) for n, (x, y) in values]
        return found

    def _bar_width(self, across: _Scale) -> float:
        bars = sum(each.kind == "bars" for each in self._series)
        return (across(1) - across(0)) * _BARS / max(bars, 1)

    def _aside(self, series: Series, across: _Scale) -> float:
        """How far right of its name the middle of a bar stands."""
        if series.kind != "bars":
            return 0.0
        bars = [each for each in self._series if each.kind == "bars"]
        return (bars.index(series) - (len(bars) - 1) / 2) * self._bar_width(across)

    def _nearest(self) -> tuple[Series, int, QPointF] | None:
        mouse = self._mouse
        if mouse is None or not self._room().adjusted(-8, -8, 8, 8).contains(mouse):
            return None
        places = self._places()
        if self._names:  # anywhere above or below a bar's top will do
            wide = self._bar_width(self._x_scale(self._room())) / 2
            return next((place for place in places if abs(place[2].x() - mouse.x()) <= wide), None)
        best = min(places, key=lambda place: _distance(place[2], mouse), default=None)
        return best if best is not None and _distance(best[2], mouse) <= _NEAR else None

    def _words(self, series: Series, at: int) -> str:
        x = self._names[int(series.xs[at])] if self._names else self._say_x(series.xs[at])
        return f"{x}: {series.name} {self._say_of(series)(series.ys[at])}"

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title(painter)
        if not self._series:
            painter.setPen(self._theme.dim)
            box = QRectF(self.rect()).adjusted(16, self._head(), -16, -8)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        else:
            self._paint_axes(painter, self._room())
            self._paint_values(painter, self._room())
            self._paint_told(painter)
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        line = self._line()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(self._theme.panel_ink)
        title = QFontMetricsF(bold).elidedText(self.title, Qt.TextElideMode.ElideRight, self.width() - 8)
        painter.drawText(QRectF(4, 2, self.width() - 8, line), _TO_LEFT, title)
        painter.setFont(self.font())
        if len(self._named()) > 1:
            self._paint_legend(painter, QRectF(4, 4 + line * bool(self.title), self.width(), line))

    def _paint_legend(self, painter: QPainter, row: QRectF) -> None:
        metrics = QFontMetricsF(self.font())
        for each in self._named():
            ink = self._theme.hue(each.hue).ink
            painter.setPen(QPen(ink, 2.4))
            painter.setBrush(ink)
            at = QPointF(row.left(), row.center().y())
            if each.kind == "line":
                painter.drawLine(at, at + QPointF(12, 0))
            elif each.kind == "bars":
                painter.drawRect(QRectF(at.x() + 2, at.y() - 4, 8, 8))
            else:
                painter.drawEllipse(at + QPointF(6, 0), 1.4, 1.4)
            row.setLeft(row.left() + 18)
            painter.setPen(self._theme.dim)
            painter.drawText(row, _TO_LEFT, each.name)
            row.setLeft(row.left() + metrics.horizontalAdvance(each.name) + 16)

    def _paint_axes(self, painter: QPainter, room: QRectF) -> None:
        line = self._line()
        for axis in (LEFT, RIGHT):
            up = self._y_scale(room, axis)
            for value in self._y_ticks(axis):
                y = up(value)
                painter.setPen(QPen(self._theme.line, 1))
                if axis == LEFT:
                    painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
                painter.setPen(self._theme.dim)
                if axis == LEFT:
                    painter.drawText(QRectF(0, y - line / 2, room.left() - 6, line), _TO_RIGHT, self._say(value))
                else:
                    painter.drawText(QRectF(room.right() + 6, y - line / 2, 200, line), _TO_LEFT, short(value))
        for x, words in self._x_words(room):
            box = QRectF(x - 100, room.bottom() + 4, 200, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)
        below = QRectF(room.left(), room.bottom() + 4 + line, room.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._x_title)

    def _x_words(self, room: QRectF) -> list[tuple[float, str]]:
        """The words under the plot, as many as there is room for, with the middle of each."""
        across, metrics = self._x_scale(room), QFontMetricsF(self.font())
        if self._names:
            wide = across(1) - across(0) - 6
            cut = Qt.TextElideMode.ElideRight
            return [(across(n), metrics.elidedText(name, cut, wide)) for n, name in enumerate(self._names)]
        xs = [x for each in self._series for x in each.xs]
        widest = max(metrics.horizontalAdvance(self._say_x(x)) for x in (min(xs), max(xs)))
        found = ticks(min(xs), max(xs), max(2, int(room.width() / (widest + 26))))
        whole = [x for x in found if min(xs) <= x <= max(xs) and (x == int(x))]
        return [(across(x), self._say_x(x)) for x in whole]

    def _paint_values(self, painter: QPainter, room: QRectF) -> None:
        painter.setClipRect(room.adjusted(-6, -6, 6, 6))
        all_places = self._places()
        for each in self._series:
            places = [place for series, _, place in all_places if series is each]
            ink = self._theme.hue(each.hue).ink
            if each.kind == "bars":
                self._paint_bars(painter, room, places, ink)
            elif each.kind == "points" or len(places) == 1:
                soft = QColor(ink)
                soft.setAlphaF(max(0.3, min(0.75, 60 / len(places))))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(soft)
                for place in places:
                    painter.drawEllipse(place, 2.6, 2.6)
            else:
                painter.setPen(
                    QPen(ink, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
                )
                painter.drawPolyline(QPolygonF(places))
        painter.setClipping(False)

    def _paint_bars(self, painter: QPainter, room: QRectF, places: list[QPointF], ink: QColor) -> None:
        wide = max(1.0, self._bar_width(self._x_scale(room)) - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for top in places:
            painter.drawRect(QRectF(top.x() - wide / 2, top.y(), wide, room.bottom() - top.y()))

    def _paint_told(self, painter: QPainter) -> None:
        near = self._nearest()
        if near is None:
            return
        series, at, place = near
        words = self._words(series, at)
        ink = self._theme.hue(series.hue).ink
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(self._theme.field)
        painter.drawEllipse(place, 4, 4)
        wide, high = QFontMetricsF(self.font()).horizontalAdvance(words) + 14, self._line() + 8
        x = min(max(place.x() - wide / 2, 2), self.width() - wide - 2)
        y = place.y() - high - 9 if place.y() - high - 9 > 0 else place.y() + 9
        box = QRectF(x, y, wide, high)
        painter.setPen(QPen(self._theme.line, 1))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(self._theme.panel_ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _distance(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())
