"""Contrasts after WCAG 2.2, and hues that colour-blind readers tell apart."""

import math
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QPalette, QPdfWriter
from PySide6.QtWidgets import QWidget

from annotator.model.colours import HUES
from annotator.ui.theme import LARGEST, SMALLEST, Theme, palette, stylesheet, system_is_dark

pytestmark = pytest.mark.usefixtures("qt_app")
THEMES = pytest.mark.parametrize("theme", [Theme(), Theme(dark=True)], ids=["light", "dark"])
CUSTOM = ["#ffff00", "#00ff00", "#000000", "#ffffff", "#ff00ff", "#808080", "#123456", "#fedcba", "#f00"]

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def linear(colour: QColor) -> list[float]:
    parts = (colour.red() / 255, colour.green() / 255, colour.blue() / 255)
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]


def ratio(a: QColor, b: QColor) -> float:
    dark, light = sorted(sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (a, b))
    return (light + 0.05) / (dark + 0.05)


def times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    xyz = times(TO_XYZ, [min(max(v, 0.0), 1.0) for v in rgb])
    parts = [v / white for v, white in zip(xyz, (0.9505, 1.0, 1.089), strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_maths() -> None:
    assert ratio(QColor("black"), QColor("white")) == pytest.approx(21)
    assert ratio(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)
    assert lab(linear(QColor("red"))) == pytest.approx((53.2, 80.1, 67.2), abs=0.2)


@THEMES
@pytest.mark.parametrize("colour", [*HUES, *CUSTOM, "no such hue"])
def test_every_hue_is_readable(theme: Theme, colour: str) -> None:
    ink, fill, on_ink = theme.hue(colour)
    assert ratio(ink, theme.paper) >= 4.5
    assert ratio(on_ink, ink) >= 4.5
    assert ratio(theme.ink, fill) >= 7
    assert ratio(theme.dim, fill) >= 3
    assert ratio(ink, fill) >= 3


@THEMES
def test_hues_are_told_apart_by_every_sight(theme: Theme) -> None:
    assert len(HUES) >= 12
    for name, matrix in SIGHT.items():
        seen = {hue: lab(times(matrix, linear(theme.hue(hue).ink))) for hue in HUES}
        closest = min(combinations(seen, 2), key=lambda pair: math.dist(seen[pair[0]], seen[pair[1]]))
        assert math.dist(*(seen[hue] for hue in closest)) >= 12, (name, closest)


@THEMES
def test_text_is_readable_everywhere(theme: Theme) -> None:
    for ground in (theme.paper, theme.selection, theme.found, theme.found_at):
        assert ratio(theme.ink, ground) >= 4.5
    assert ratio(theme.ink, theme.paper) >= 12
    assert ratio(theme.dim, theme.paper) >= 4.5
    assert ratio(theme.dim, theme.aside) >= 4.5
    assert ratio(theme.ring, theme.paper) >= 12
    for colour in (theme.panel_ink, theme.dim, theme.good, theme.warning, theme.bad, theme.accent):
        assert ratio(colour, theme.panel) >= 4.5
    assert ratio(theme.on_accent, theme.accent) >= 4.5


def test_a_custom_colour_keeps_its_hue() -> None:
    assert abs(Theme().hue("#ffee00").ink.hslHue() - QColor("#ffee00").hslHue()) <= 2


def test_a_readable_custom_colour_stays_as_it_is() -> None:
    assert Theme().hue("#7D2098").ink.name() == "#7d2098"


def test_badges_measure_alike_on_paper(tmp_path: Path) -> None:
    font, paper = Theme().badge_font, QPdfWriter(str(tmp_path / "a.pdf"))
    on_screen = QFontMetricsF(font).horizontalAdvance("CARDINAL")
    assert QFontMetricsF(font, paper).horizontalAdvance("CARDINAL") == pytest.approx(on_screen, rel=0.02)


def test_sizes_have_bounds() -> None:
    assert Theme(size=2).size == SMALLEST
    assert Theme().resized(500).size == LARGEST
    assert Theme(dark=True, badge="above").resized(20).badge == "above"


@THEMES
def test_style_sheet_is_understood(theme: Theme) -> None:
    """Qt warns about what it cannot parse, and a warning fails the test."""
    sheet = stylesheet(theme)
    assert "$" not in sheet
    widget = QWidget()
    widget.setPalette(palette(theme))
    widget.setStyleSheet(sheet)
    widget.ensurePolished()
    assert palette(theme).color(QPalette.ColorRole.Window) == theme.panel


def test_the_system_says_light_or_dark() -> None:
    assert system_is_dark() in (True, False)
