"""A label's colour as a small rounded square."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

_DENSITY = 3  # device pixels a logical one, so that it is sharp on every screen


def swatch(colour: QColor, side: int = 12) -> QPixmap:
    """A square of `side` logical pixels."""
    pixmap = QPixmap(side * _DENSITY, side * _DENSITY)
    pixmap.setDevicePixelRatio(_DENSITY)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(0, 0, side, side), side / 4, side / 4)
    painter.end()
    return pixmap


def swatch_icon(colour: QColor, side: int = 12) -> QIcon:
    """The same as an icon, alike in every state."""
    icon = QIcon(swatch(colour, side))
    icon.addPixmap(swatch(colour, side), QIcon.Mode.Selected)
    return icon
