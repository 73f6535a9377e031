"""The small plot: its numbers, what the mouse is told, what is painted."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication

from annotator.ui.plot import RIGHT, Plot, Series, short, ticks
from annotator.ui.theme import Theme

COURSE = Series("mean", range(1, 6), [0.5, 0.4, 0.3, 0.2, 0.1], "blue")


@pytest.mark.parametrize(
    ("least", "greatest", "wanted", "expected"),
    [
        (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 0.37, 4, [0, 0.1, 0.2, 0.3, 0.4]),
        (1, 500, 5, [0, 100, 200, 300, 400, 500]),
        (-3, 4, 3, [-5, 0, 5]),
        (0, 0, 5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (7, 7, 4, [6, 8]),
        (0, 60, 6, [0, 10, 20, 30, 40, 50, 60]),
    ],
)
def test_ticks_are_round_and_reach_around(least: float, greatest: float, wanted: int, expected: list[float]) -> None:
    assert ticks(least, greatest, wanted)[0] <= least
    assert ticks(least, greatest, wanted)[-1] >= greatest
    if least != greatest:
        assert ticks(least, greatest, wanted) == expected


def test_numbers_are_short() -> None:
    assert [short(value) for value in (0, 0.12345, 12, 1234.5)] == ["0", "0.123", "12", "1234"]


@pytest.fixture
def plot(qt_app: Any) -> Iterator[Plot]:
    """A plot of its own window's size."""
    made = Plot(Theme(), "Corrections", "articles", "Nothing yet.")
    made.resize(420, 260)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def place_of(plot: Plot, at: int) -> QPoint:
    """Where the nth value is drawn."""
    return plot._places()[at][2].toPoint()


def told_at(plot: Plot, at: QPoint) -> str:
    """What the mouse is told when it comes to a place."""
    none, over = Qt.MouseButton.NoButton, plot.mapToGlobal(at)
    moved = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), QPointF(over), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot, moved)
    return plot.told()


def colours(plot: Plot) -> set[str]:
    """All colours in its picture."""
    picture = plot.grab().toImage()
    return {QColor(picture.pixel(x, y)).name() for x in range(picture.width()) for y in range(picture.height())}


def test_the_mouse_is_told_the_nearest_value(plot: Plot) -> None:
    plot.set_series([COURSE])
    assert told_at(plot, place_of(plot, 1) + QPoint(4, 3)) == "2: mean 0.4"
    assert told_at(plot, place_of(plot, 4)) == "5: mean 0.1"
    assert told_at(plot, place_of(plot, 4) + QPoint(0, -60)) == ""
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.told() == ""


def test_higher_values_stand_higher_and_later_ones_further_right(plot: Plot) -> None:
    plot.set_series([COURSE])
    places = [place for _, _, place in plot._places()]
    assert [place.y() for place in places] == sorted(place.y() for place in places)
    assert [place.x() for place in places] == sorted(place.x() for place in places)
    assert all(plot.rect().contains(place.toPoint()) for place in places)


def test_each_side_has_its_own_scale(plot: Plot) -> None:
    plot.set_series([COURSE, Series("loss", [1, 5], [100, 200], "orange", RIGHT)])
    assert plot._y_ticks("left")[-1] == 0.5
    assert plot._y_ticks("right")[-1] == 200
    assert abs(place_of(plot, 0).y() - place_of(plot, 6).y()) <= 1
    assert told_at(plot, place_of(plot, 6)).startswith("5: loss 200")


def test_bars_stand_beside_each_other_over_their_names(plot: Plot) -> None:
    bars = [
        Series(name, [0, 1], ys, hue, kind="bars")
        for name, ys, hue in (("P", [1, 0.5], "blue"), ("R", [0.8, 0], "red"))
    ]
    plot.set_series(bars, ["ORG", "LOC"])
    first, second = place_of(plot, 0), place_of(plot, 2)
    assert first.x() < second.x() < place_of(plot, 1).x()
    assert told_at(plot, first + QPoint(0, 40)) == "ORG: P 1"
    assert told_at(plot, place_of(plot, 3) - QPoint(0, 30)) == "LOC: R 0"


def test_what_is_beyond_the_limit_stands_at_the_end_and_is_told_right(qt_app: Any) -> None:
    plot = Plot(Theme(), "x", limit=1.0)
    plot.resize(420, 260)
    plot.set_series([Series("each", [1, 2], [0.5, 7.0], "blue", kind="points")])
    assert plot._y_ticks("left")[-1] == 1.0
    place = plot._places()[1][2]
    assert place.y() == pytest.approx(plot._room().top())
    plot._mouse = place
    assert plot.told() == "2: each 7"


@pytest.mark.parametrize("kind", ["line", "points", "bars"])
@pytest.mark.parametrize("dark", [False, True])
def test_values_are_painted_in_their_colour(plot: Plot, kind: str, dark: bool) -> None:
    theme = Theme(dark)
    plot.set_theme(theme)
    names = ["a", "b", "c", "d", "e"] if kind == "bars" else []
    shifted = range(5) if kind == "bars" else COURSE.xs
    without = colours(plot)
    plot.set_series([COURSE._replace(kind=kind, xs=shifted)], names)
    ink = theme.hue("blue").ink
    near = [c for c in colours(plot) - without if abs(QColor(c).hslHue() - ink.hslHue()) < 12]
    assert near


def test_one_value_alone_can_be_seen(plot: Plot) -> None:
    before = colours(plot)
    plot.set_series([Series("mean", [1], [0.5], "blue")])
    assert colours(plot) - before
    assert told_at(plot, place_of(plot, 0)) == "1: mean 0.5"


def test_an_empty_one_says_so_and_newest_values_are_read_aloud(plot: Plot) -> None:
    plot.set_series([Series("mean", [], [], "blue")])
    assert plot.accessibleDescription() == "Nothing yet."
    assert plot.accessibleName() == "Corrections"
    assert told_at(plot, plot.rect().center()) == ""
    plot.set_series([COURSE])
    assert plot.accessibleDescription() == "mean 0.1"
