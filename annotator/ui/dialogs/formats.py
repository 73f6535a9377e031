"""The formats of an export as a list: for what each is good, what it is called, and how its files end."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from annotator.exporters.base import Exporter, Use

_EXPORTER = Qt.ItemDataRole.UserRole
_SIDE, _ABOVE = 9, 5  # pixels around a row's words
_ROWS = 5  # that are seen at once, with their headings
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class FormatList(QListWidget):
    """One of the formats is always chosen, the first at first; `changed` when another is."""

    changed = Signal()

    def __init__(self, exporters: Sequence[Exporter]) -> None:
        super().__init__()
        self.setAccessibleName("Format")
        self.setItemDelegate(_Rows())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        for use, of_use in _grouped(exporters):
            self._add_heading(use)
            for exporter in of_use:
                self._add(exporter)
        self.choose(next(exporter for _, of_use in _grouped(exporters) for exporter in of_use).name)
        self.currentItemChanged.connect(lambda *_: self.changed.emit())

    def _add_heading(self, use: Use) -> None:
        item = QListWidgetItem(use.value, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, exporter: Exporter) -> None:
        item = QListWidgetItem(exporter.title, self)
        item.setData(_EXPORTER, exporter)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{exporter.title}, {exporter.suffix}: {exporter.remark}")

    @property
    def chosen(self) -> Exporter:
        """The format that is chosen."""
        exporter: Exporter = self.currentItem().data(_EXPORTER)
        return exporter

    def choose(self, name: str) -> None:
        """Choose the format of that name."""
        for at in range(self.count()):
            exporter = self.item(at).data(_EXPORTER)
            if exporter is not None and exporter.name == name:
                self.setCurrentRow(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen row stays in sight, and above the first one its heading."""
        super().resizeEvent(event)
        self.scrollTo(self.model().index(max(self.currentRow() - 1, 0), 0))
        self.scrollTo(self.currentIndex())

    def sizeHint(self) -> QSize:
        """Some rows, whatever their number."""
        line = self.fontMetrics().lineSpacing()
        return QSize(super().sizeHint().width(), _ROWS * _height(line) + 2 * _heading_height(line))


def _grouped(exporters: Sequence[Exporter]) -> Iterator[tuple[Use, list[Exporter]]]:
    """The uses that there are formats for, in their order."""
    for use in Use:
        if of_use := [exporter for exporter in exporters if exporter.use is use]:
            yield use, of_use


def _height(line: int) -> int:
    return 2 * line + 2 * _ABOVE + 1


def _heading_height(line: int) -> int:
    return line + 2 * _ABOVE + 3


class _Rows(QStyledItemDelegate):
    """Two lines for a format, one for a heading; all of it plain words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = option.fontMetrics.lineSpacing()
        is_format = index.data(_EXPORTER) is not None
        return QSize(100, _height(line) if is_format else _heading_height(line))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        exporter: Exporter | None = index.data(_EXPORTER)
        room = option.rect.adjusted(_SIDE, _ABOVE, -_SIDE, -_ABOVE)
        painter.save()
        if exporter is None:
            room.setTop(room.top() + 3)
            self._write(painter, room, _LEFT, index.data(), option, is_bold=True, is_dim=True)
        else:
            self._paint_back(painter, option, index)
            self._paint_format(painter, room, exporter, option)
        painter.restore()

    def _paint_back(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """What the style sheet has for a row that is chosen, or under the mouse."""
        bare = QStyleOptionViewItem(option)
        self.initStyleOption(bare, index)
        bare.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, bare, painter, option.widget)

    def _paint_format(self, painter: QPainter, room: QRect, exporter: Exporter, option: QStyleOptionViewItem) -> None:
        line = option.fontMetrics.lineSpacing()
        first, second = QRect(room), QRect(room)
        first.setHeight(line)
        second.setTop(room.bottom() - line + 1)
        self._write(painter, second, _LEFT, exporter.remark, option, is_dim=True)
        self._write(painter, first, _RIGHT, _ending(exporter), option, is_dim=True)
        first.setRight(first.right() - option.fontMetrics.horizontalAdvance(_ending(exporter)) - _SIDE)
        self._write(painter, first, _LEFT, exporter.title, option, is_bold=True)

    def _write(
        self,
        painter: QPainter,
        room: QRect,
        where: Qt.AlignmentFlag,
        words: str,
        option: QStyleOptionViewItem,
        *,
        is_bold: bool = False,
        is_dim: bool = False,
    ) -> None:
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
        role = QPalette.ColorRole.PlaceholderText if is_dim else QPalette.ColorRole.Text
        painter.setFont(font)
        painter.setPen(QGuiApplication.palette().color(role))  # the style sheet makes the option's own too faint
        painter.drawText(room, where, QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width()))


def _ending(exporter: Exporter) -> str:
    return f"folder, {exporter.suffix}" if exporter.is_folder else exporter.suffix
