"""Colours of paper and of labels, light and dark: the window's, and those of pages that leave it.

A colour is "#rrggbb". `tests/ui/test_theme.py` holds the inks to WCAG AA and to distances that a
colour-blind reader sees.
"""

import colorsys
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_LINES, _AA, _AAA = 3.0, 4.5, 7.0
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

# Names of hues, each with its ink on light and on dark paper; to add one, add a line.
HUES = {
    "blue": ("#0852A3", "#78ABFE"),
    "orange": ("#B15701", "#FEAF5E"),
    "green": ("#326E37", "#80CA87"),
    "purple": ("#692670", "#B27CBC"),
    "yellow": ("#554700", "#ECCD32"),
    "rose": ("#990A4F", "#FF87B3"),
    "cyan": ("#007B9E", "#53D6FC"),
    "slate": ("#6C717B", "#D4DEE8"),
    "red": ("#C9293C", "#EB6252"),
    "teal": ("#004035", "#049D89"),
    "brown": ("#522B14", "#FFE3C2"),
    "indigo": ("#381DB2", "#7980FA"),
}

LIGHT = {
    "paper": "#FCFBF8",
    "ink": "#1E2126",
    "dim": "#666B73",
    "faint": "#A5A9AF",
    "ring": "#16191E",
    "selection": "#C7DDF6",
    "found": "#FFEFA8",
    "found_at": "#FFCF4D",
    "aside": "#F5F4F0",
    "hatch": "#E4E2DB",
    "panel": "#F3F2EE",
    "panel_ink": "#2A2E34",
    "line": "#E1DFD8",
    "hover": "#E9E7E1",
    "field": "#FFFFFF",
    "accent": "#2257B8",
    "on_accent": "#FFFFFF",
    "good": "#1B7346",
    "warning": "#9A5B00",
    "bad": "#B3261E",
}
DARK = {
    "paper": "#16191E",
    "ink": "#DCE0E5",
    "dim": "#9199A4",
    "faint": "#626A75",
    "ring": "#F4F6F8",
    "selection": "#2C4A70",
    "found": "#443D1E",
    "found_at": "#6B5A14",
    "aside": "#1B1F24",
    "hatch": "#2A3038",
    "panel": "#1D2127",
    "panel_ink": "#D3D8DE",
    "line": "#353C46",
    "hover": "#2B313A",
    "field": "#252A32",
    "accent": "#7FB0F5",
    "on_accent": "#0E1116",
    "good": "#6FD3A0",
    "warning": "#F0B55A",
    "bad": "#FF8F85",
}


class Shades(NamedTuple):
    """A label's colours: its ink, the tint behind its words, and text on the ink."""

    ink: str
    fill: str
    on_ink: str


@cache
def shades(colour: str, dark: bool = False) -> Shades:
    """The colours of a hue's name, of "#rgb" or of "#rrggbb"; whatever is none of these is slate."""
    ink = colour if _HEX.fullmatch(colour) else HUES.get(colour, HUES["slate"])[dark]
    on_ink = "#0E1116" if dark else "#FFFFFF"
    ink = _readable(ink, on_ink, dark)
    return Shades(ink, _tint(ink, dark), on_ink)


def _readable(ink: str, on_ink: str, dark: bool) -> str:
    """The nearest lightness at which the ink is AA on the paper and its text AA on the ink."""
    paper, step = (DARK["paper"], 0.01) if dark else (LIGHT["paper"], -0.01)
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(ink))
    while min(contrast(ink, paper), contrast(ink, on_ink)) < _AA + 0.05:
        lightness = min(max(lightness + step, 0.0), 1.0)
        ink = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return ink


def _tint(ink: str, dark: bool) -> str:
    """A calm highlighter of the ink's hue: body text keeps AAA on it, and the underline stands out."""
    ground = DARK if dark else LIGHT
    hue, _, saturation = colorsys.rgb_to_hls(*_parts(ink))
    vivid = _hex(colorsys.hls_to_rgb(hue, 0.55, min(saturation, 0.8)))
    share = 0.26 if dark else 0.2
    fill = _mixed(ground["paper"], vivid, share)
    while contrast(fill, ground["ink"]) < _AAA + 0.4 or contrast(fill, ink) < _LINES + 0.1:
        share -= 0.01
        fill = _mixed(ground["paper"], vivid, share)
    return fill


def contrast(a: str, b: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    dark, light = sorted((_luminance(a), _luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(a: str, b: str, share: float) -> str:
    """The colour that is `share` (0 to 1) of the way from a to b."""
    return _hex(x + (y - x) * share for x, y in zip(_parts(a), _parts(b), strict=True))


def _parts(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = bytes.fromhex(digits)
    return red / 255, green / 255, blue / 255


def _hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)
