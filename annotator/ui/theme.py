"""Colours and type of the window, light and dark.

Every label has a hue; beside its colour a badge always carries the label's name and the state's
sign, so colour is never the only signal. `tests/ui/test_theme.py` holds the inks to WCAG AA and
to distances that a colour-blind reader sees.
"""

import colorsys
from string import Template
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from annotator import resources
from annotator.ui.style_sheet import STYLE_SHEET

TEXT_FAMILIES = ("Source Serif 4", "Charter", "Noto Serif", "Georgia", "DejaVu Serif", "serif")
SIGN_FAMILIES = ("Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "sans-serif")
_LINES, _AA, _AAA = 3.0, 4.5, 7.0
SMALLEST, NORMAL, LARGEST = 10.0, 19.0, 48.0

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

_LIGHT = {
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
_DARK = {
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


class Hue(NamedTuple):
    """A label's colours: its ink, the tint behind its words, and text on the ink."""

    ink: QColor
    fill: QColor
    on_ink: QColor


class Theme:
    """How the window looks.

    :param dark: light text on dark paper.
    :param size: of the article's text, in logical pixels.
    :param badge: "inline" after the span's words, or "above" them.
    """

    line_height = 1.7
    measure = 69

    def __init__(self, dark: bool = False, size: float = NORMAL, badge: str = "inline") -> None:
        self.dark, self.badge = dark, badge
        self.size = min(max(float(size), SMALLEST), LARGEST)
        self.colours = {name: QColor(value) for name, value in (_DARK if dark else _LIGHT).items()}
        self.paper, self.ink, self.dim = self._named("paper", "ink", "dim")
        self.faint, self.ring, self.selection = self._named("faint", "ring", "selection")
        self.found, self.found_at = self._named("found", "found_at")
        self.aside, self.hatch = self._named("aside", "hatch")
        self.panel, self.panel_ink, self.line = self._named("panel", "panel_ink", "line")
        self.hover, self.field = self._named("hover", "field")
        self.accent, self.on_accent = self._named("accent", "on_accent")
        self.good, self.warning, self.bad = self._named("good", "warning", "bad")
        self.font = font(TEXT_FAMILIES, self.size)
        self.headline_font = font(TEXT_FAMILIES, self.size * 1.58, QFont.Weight.DemiBold)
        self.dateline_font = font(SIGN_FAMILIES, self.size * 0.8)
        self.badge_font = font(SIGN_FAMILIES, max(7.0, self.size * 0.49), QFont.Weight.DemiBold)
        # In per cent: a printer takes absolute spacing for its own, much smaller, dots.
        self.badge_font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
        self._hues: dict[str, Hue] = {}

    def _named(self, *names: str) -> list[QColor]:
        return [self.colours[name] for name in names]

    def resized(self, size: float) -> "Theme":
        """The same theme with text of another size, in logical pixels."""
        return Theme(self.dark, size, self.badge)

    def hue(self, colour: str) -> Hue:
        """The colours of a hue's name or of "#rrggbb"; whatever is neither is slate."""
        if colour not in self._hues:
            self._hues[colour] = self._made(colour)
        return self._hues[colour]

    def _made(self, colour: str) -> Hue:
        ink = QColor(HUES[colour][self.dark]) if colour in HUES else QColor(colour)
        if (not colour.startswith("#") and colour not in HUES) or not ink.isValid():
            ink = QColor(HUES["slate"][self.dark])
        on_ink = QColor("#0E1116" if self.dark else "#FFFFFF")
        ink = self._readable(ink, on_ink)
        return Hue(ink, self._tint(ink), on_ink)

    def _readable(self, ink: QColor, on_ink: QColor) -> QColor:
        """The nearest lightness at which the ink is AA on the paper and its text AA on the ink."""
        step = 0.01 if self.dark else -0.01
        while min(contrast(ink, self.paper), contrast(ink, on_ink)) < _AA + 0.05:
            hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(ink))
            lightness = min(max(lightness + step, 0.0), 1.0)
            ink = QColor.fromRgbF(*colorsys.hls_to_rgb(hue, lightness, saturation))
        return ink

    def _tint(self, ink: QColor) -> QColor:
        """A calm highlighter of the ink's hue: body text keeps AAA on it, and the underline stands out."""
        hue, _, saturation = colorsys.rgb_to_hls(*_parts(ink))
        vivid = QColor.fromRgbF(*colorsys.hls_to_rgb(hue, 0.55, min(saturation, 0.8)))
        share = 0.26 if self.dark else 0.2
        fill = mix(self.paper, vivid, share)
        while contrast(fill, self.ink) < _AAA + 0.4 or contrast(fill, ink) < _LINES + 0.1:
            share -= 0.01
            fill = mix(self.paper, vivid, share)
        return fill


def font(families: tuple[str, ...], size: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The first family that is installed; unhinted, so that lines break alike at every zoom."""
    made = QFont(list(families))
    made.setPixelSize(max(1, round(size)))
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def mix(a: QColor, b: QColor, share: float) -> QColor:
    """The colour that is `share` (0 to 1) of the way from a to b."""
    pairs = zip(_parts(a), _parts(b), strict=True)
    return QColor.fromRgbF(*(x + (y - x) * share for x, y in pairs))


def contrast(a: QColor, b: QColor) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    dark, light = sorted((_luminance(a), _luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def _parts(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def _luminance(colour: QColor) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palette(theme: Theme) -> QPalette:
    """The whole window's palette; the desktop's own does not follow a dark theme everywhere."""
    role = QPalette.ColorRole
    made = QPalette(theme.panel_ink, theme.panel)
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.panel_ink,
        role.Base: theme.field,
        role.AlternateBase: theme.panel,
        role.Text: theme.panel_ink,
        role.Button: theme.panel,
        role.ButtonText: theme.panel_ink,
        role.ToolTipBase: theme.field,
        role.ToolTipText: theme.panel_ink,
        role.PlaceholderText: theme.dim,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.line,
    }
    for which, colour in colours.items():
        made.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, theme.faint)
    return made


def stylesheet(theme: Theme) -> str:
    """The whole window's style sheet."""
    colours = {name: colour.name() for name, colour in theme.colours.items()}
    colours["chosen"] = mix(theme.panel, theme.accent, 0.22 if theme.dark else 0.14).name()
    colours["handle"] = mix(theme.panel, theme.ink, 0.22).name()
    colours["handle_over"] = mix(theme.panel, theme.ink, 0.38).name()
    colours["accent_over"] = mix(theme.accent, theme.ink, 0.14).name()
    tick = resources.path(f"icons/tick-{'dark' if theme.dark else 'light'}.svg").as_posix()
    return Template(STYLE_SHEET).substitute(colours, tick=tick)


def system_is_dark() -> bool:
    """Does the desktop ask for dark windows?"""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme != Qt.ColorScheme.Unknown:
        return scheme == Qt.ColorScheme.Dark
    # the application's own palette is ours; the style's is what the desktop gave
    return QApplication.style().standardPalette().color(QPalette.ColorRole.Window).lightness() < 128
