"""Fields of dialogs that the style sheet alone cannot dress: Qt wants pictures for their arrows.

Their colours are roles of the palette, so that they follow the theme.
"""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QIntValidator, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from annotator.ui.plain import PlainLabel

_CHOICE = """
QComboBox { background: palette(base); color: palette(text); border: 1px solid palette(mid); border-radius: 6px;
  padding: 5px 8px; }
QComboBox:focus { border-color: palette(highlight); }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox QLineEdit { background: transparent; border: none; padding: 0; }
"""


class ChoiceBox(QComboBox):
    """One of several; a small angle at the right says that there are more."""

    def __init__(self, editable: bool = False) -> None:
        super().__init__()
        self.setEditable(editable)
        self.setStyleSheet(_CHOICE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.5))
        x = 14 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - 14
        y = self.height() / 2
        painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
        painter.end()


class NumberField(QLineEdit):
    """A whole number from `least` to `greatest`; typed, or one more and less by the arrow keys."""

    def __init__(self, value: int, least: int, greatest: int) -> None:
        super().__init__()
        self._least, self._greatest = least, greatest
        self.setValidator(QIntValidator(least, greatest, self))
        self.set_value(value)

    def set_value(self, value: int) -> None:
        """Show this, or the nearest number there is."""
        self.setText(str(min(max(value, self._least), self._greatest)))

    def value(self) -> int:
        """The number that stands there; the least where there is none."""
        return int(self.text()) if self.text().isdecimal() else self._least

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if by:
            self.set_value(self.value() + by)
        else:
            super().keyPressEvent(event)


class Note(PlainLabel):
    """Dim words under a field, as high as they are at the width there is."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setProperty("dim", True)

    def minimumSizeHint(self) -> QSize:
        """One line: QLabel's own guess is for a narrow column, and leaves gaps in a form."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 20, metrics.lineSpacing())

    def sizeHint(self) -> QSize:
        """As wide as QLabel would be, one line high: a form gives it the height that it needs at its width."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())
