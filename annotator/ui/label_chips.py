"""Labels in their colours, as many in a line as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.model.label import Label
from annotator.ui.plain import brief
from annotator.ui.theme import Theme

_GAP = 6


class LabelChips(QWidget):
    """Shows labels; nothing to click."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: Sequence[Label] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_labels(self, labels: Sequence[Label]) -> None:
        """Show these from now on."""
        self._labels = labels
        self.setAccessibleName(", ".join(brief(label.name) for label in labels))
        self.updateGeometry()
        self.update()

    def _boxes(self, width: int) -> list[QRectF]:
        metrics, boxes = self.fontMetrics(), []
        x, y, height = 0.0, 0.0, metrics.lineSpacing() + 4.0
        for label in self._labels:
            wide = metrics.horizontalAdvance(brief(label.name)) + 16.0
            if x and x + wide > width:
                x, y = 0.0, y + height + _GAP
            boxes.append(QRectF(x, y, wide, height))
            x += wide + _GAP
        return boxes

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes(width)
        return round(boxes[-1].bottom()) + 1 if boxes else 0

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().averageCharWidth() * 60
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme(dark=self.palette().window().color().lightness() < 128)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for label, box in zip(self._labels, self._boxes(self.width()), strict=True):
            hue = theme.hue(label.colour)
            painter.setPen(QPen(hue.ink, 1))
            painter.setBrush(hue.fill)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, brief(label.name))
        painter.end()
