"""Colours and type of the window, light and dark.

Every label has a hue; beside its colour a badge always carries the label's name and the state's
sign, so colour is never the only signal. `tests/ui/test_theme.py` holds the inks to WCAG AA and
to distances that a colour-blind reader sees.
"""

from string import Template
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from annotator import resources
from annotator.model.colours import DARK, LIGHT, shades
from annotator.ui.style_sheet import STYLE_SHEET

TEXT_FAMILIES = ("Source Serif 4", "Charter", "Noto Serif", "Georgia", "DejaVu Serif", "serif")
SIGN_FAMILIES = ("Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "sans-serif")
SMALLEST, NORMAL, LARGEST = 10.0, 19.0, 48.0


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
        self.colours = {name: QColor(value) for name, value in (DARK if dark else LIGHT).items()}
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
            self._hues[colour] = Hue(*map(QColor, shades(colour, self.dark)))
        return self._hues[colour]


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


def _parts(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


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
    for level, hue in (("error", theme.bad), ("caution", theme.warning), ("news", theme.accent)):
        colours[f"{level}_ground"] = mix(theme.panel, hue, 0.2 if theme.dark else 0.12).name()
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
