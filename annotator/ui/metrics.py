"""Every length of the article view, from one theme at one zoom; logical pixels."""

from functools import cache
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextOption

from annotator.ui.paragraphs import Kind
from annotator.ui.theme import Theme

LONGEST_LABEL = 14
_SAMPLE = "the quick brown fox jumps over the lazy dog "


class Style(NamedTuple):
    """How the lines of a paragraph are set.

    :param step: from line to line.
    :param base: of the baseline in its line.
    :param top: of the highlight in its line.
    :param tall: the highlight's height.
    :param above: badges stand above the words.
    """

    font: QFont
    colour: QColor
    step: int
    base: int
    top: float
    tall: float
    above: bool


class Metrics:
    """What layout and painting measure with.

    :param theme: type sizes and where badges stand.
    """

    def __init__(self, theme: Theme) -> None:
        size = theme.size
        self.size = size
        self.badge_font = theme.badge_font
        self.badge_metrics = QFontMetricsF(theme.badge_font)
        self.badge_height = round(size * 0.76)
        self.badge_before = size * 0.16
        self.badge_after = size * 0.17
        self.character = QFontMetricsF(theme.font).horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        self.measure = self.character * theme.measure
        self.margin = round(size * 2.1)
        self.gutter = round(size * 1.5)
        self.gap = round(size * 0.78)
        self.small_gap = round(size * 0.1)
        self._theme = theme
        self._widths: dict[str, float] = {}
        self.style = cache(self._style)
        self.option = _option(Qt.LayoutDirection.LeftToRight, size)
        self.option_rtl = _option(Qt.LayoutDirection.RightToLeft, size)

    def _style(self, kind: Kind, rtl: bool) -> Style:
        """A right-to-left run would put an inline badge's room inside the word: there it stands above."""
        theme = self._theme
        above = rtl or theme.badge == "above"
        font, colour, height = theme.font, theme.ink, theme.line_height
        if kind is Kind.HEADLINE:
            font, height = theme.headline_font, 1.3
        elif kind is Kind.DATELINE:
            font, colour, height = theme.dateline_font, theme.dim, 1.8
        metrics = QFontMetricsF(font)
        step = round(font.pixelSize() * height + (self.size * 0.32 if above else 0))
        base = round((step + metrics.capHeight()) / 2 + (self.size * 0.2 if above else 0))
        # From the capitals, not from the font's ascent: the tint sits alike in every font.
        over, under = metrics.capHeight() + font.pixelSize() * 0.23, font.pixelSize() * 0.25
        return Style(font, colour, step, base, base - over, over + under, above)

    def badge_text(self, label: str) -> str:
        """A label's name, cut to what a badge holds."""
        return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip("_- ") + "…"

    def badge_width(self, label: str) -> float:
        """With room for the state's sign, so that a change of state moves no text."""
        if label not in self._widths:
            words = self.badge_metrics.horizontalAdvance(self.badge_text(label))
            self._widths[label] = words + self.size * 0.88
        return self._widths[label]

    def badge_room(self, label: str) -> float:
        """What an inline badge takes of its line."""
        return self.badge_before + self.badge_width(label) + self.badge_after


def _option(direction: Qt.LayoutDirection, size: float) -> QTextOption:
    """A bare QTextLayout does not mirror its alignment, so it is said beside the direction."""
    right = direction is Qt.LayoutDirection.RightToLeft
    option = QTextOption(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(direction)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(True)
    option.setTabStopDistance(size * 2)
    return option
