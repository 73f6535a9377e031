"""The labels with their keys, colours and counts."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.model.label import Label
from annotator.ui.desk import Desk
from annotator.ui.plain import brief, plain_label, plain_tooltip
from annotator.ui.soon import soon
from annotator.ui.theme import Theme

_LABEL = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1
_ROWS_AT_LEAST = 7


class LabelDelegate(QStyledItemDelegate):
    """Paints a label: its key cap in its colour, its name, how many spans the project has."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(100, round(option.fontMetrics.lineSpacing() * 1.4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        label: Label = index.data(_LABEL)  # type: ignore[attr-defined]
        hue, rect = self.theme.hue(label.colour), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.hover)
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 5, 5)
        side = rect.height() * 0.62
        cap = QRectF(rect.left() + 8, rect.center().y() - side / 2 + 0.5, side, side)
        painter.setPen(QPen(hue.ink, 1))
        painter.setBrush(hue.fill)
        painter.drawRoundedRect(cap, 3, 3)
        painter.setPen(self.theme.panel_ink)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, label.key.upper())
        painter.setPen(self.theme.panel_ink)
        words = rect.adjusted(round(side) + 18, 0, -10, 0)
        count, metrics = str(index.data(_COUNT) or ""), option.fontMetrics  # type: ignore[attr-defined]
        room = words.width() - (metrics.horizontalAdvance(f"{count}  ") if count else 0)
        name = metrics.elidedText(brief(label.name), Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(self.theme.dim)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        painter.restore()


class LabelPanel(QWidget):
    """`chosen` (name, everywhere) when a label is clicked; `edit_requested`."""

    chosen = Signal(str, bool)
    edit_requested = Signal()

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("labels")
        self._desk = desk
        self._delegate = LabelDelegate(theme)
        self.list = QListWidget()
        self.list.setObjectName("label_list")
        self.list.setAccessibleName("Labels; click one to give it to the span or the selection")
        self.list.setItemDelegate(self._delegate)
        self.list.setMouseTracking(True)
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a click must not take the keyboard from the text
        edit = QToolButton(text="Edit…")
        edit.setObjectName("edit_labels")
        edit.setAccessibleName("Edit labels")
        edit.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(plain_label("Labels", dim=True))
        head.addStretch()
        head.addWidget(edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.list)
        edit.clicked.connect(self.edit_requested.emit)
        self.list.itemClicked.connect(self._on_clicked)
        desk.labels_changed.connect(self._fill)
        self._soon = soon(self, self._count)
        desk.rows_changed.connect(lambda _ids: self._soon())
        self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def _fill(self) -> None:
        self.list.clear()
        for label in self._desk.session.labels:
            item = QListWidgetItem(brief(label.name))
            item.setData(_LABEL, label)
            item.setToolTip(plain_tooltip("\n".join(filter(None, (label.name, label.description)))))
            self.list.addItem(item)
        row = self.list.sizeHintForRow(0) if self.list.count() else 0
        self.list.setMinimumHeight(row * min(self.list.count(), _ROWS_AT_LEAST) + 4)
        self.list.setMaximumHeight(row * self.list.count() + 4)
        self._count()

    def _count(self) -> None:
        spans = self._desk.session.progress().spans
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setData(_COUNT, spans.get(item.data(_LABEL).name, 0))

    def _on_clicked(self, item: QListWidgetItem) -> None:
        alone = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.chosen.emit(item.data(_LABEL).name, not alone and self._desk.everywhere)
