"""Places in articles as rows of a list: one under the other around the words in question, each with a tick."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.model.span import SpanState
from annotator.session.elsewhere import Place
from annotator.ui.theme import Theme

_ROW = Qt.ItemDataRole.UserRole
_BEFORE, _NOW = 0.34, 0.2  # shares of a row's width: what stands before the words, and what is shown there now
_TICK = [(0.2, 0.52), (0.42, 0.74), (0.8, 0.28)]
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Group:
    """The heading of an article's places, which are the `count` rows below it."""

    title: str
    count: int


Row = Group | Place


def rows_of(places: Sequence[Place]) -> Iterator[Row]:
    """Each article's heading with its places below."""
    for _, group in groupby(places, lambda place: place.article_id):
        of_article = list(group)
        yield Group(" ".join(of_article[0].title.split()), len(of_article))
        yield from of_article


def now_there(place: Place) -> str:
    """What is shown at a place now: "suggested LOC, 95 %"; empty for nothing."""
    span = place.shown
    if span is None:
        return ""
    state = "confirmed" if span.state is SpanState.CONFIRMED else "suggested"
    sure = "" if span.confidence is None or span.state is SpanState.CONFIRMED else f" {span.confidence:.0%}"
    return f"{state} {span.label}{sure}"


class PlaceModel(QAbstractListModel):
    """All are ticked at first but the doubtful ones."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.rows = list(rows_of(places))
        self._ticked = [isinstance(row, Place) and not row.doubtful for row in self.rows]

    @property
    def chosen(self) -> list[Place]:
        """The places that are ticked."""
        return [row for row, on in zip(self.rows, self._ticked, strict=True) if on and isinstance(row, Place)]

    def toggle(self, at: int) -> None:
        """Tick a place or take its tick away; at a heading, all places of the article."""
        of_it = self._places_at(at)
        self._tick(of_it, not all(self._ticked[n] for n in of_it))

    def tick_all(self, on: bool) -> None:
        """Tick every place, or none."""
        self._tick([n for n, row in enumerate(self.rows) if isinstance(row, Place)], on)

    def _places_at(self, at: int) -> Sequence[int]:
        row = self.rows[at]
        return range(at + 1, at + 1 + row.count) if isinstance(row, Group) else [at]

    def _tick(self, which: Sequence[int], on: bool) -> None:
        for at in which:
            self._ticked[at] = on
        self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.CheckStateRole:
            return self._state(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(row)
        return None

    def _state(self, at: int) -> Qt.CheckState:
        ticked = {self._ticked[n] for n in self._places_at(at)}
        if len(ticked) > 1:
            return Qt.CheckState.PartiallyChecked
        return Qt.CheckState.Checked if True in ticked else Qt.CheckState.Unchecked

    @staticmethod
    def _said(row: Row) -> str:
        if isinstance(row, Group):
            return f"{row.title}, {row.count}"
        return " · ".join(filter(None, (f"{row.before}{row.words}{row.after}".strip(), now_there(row))))


class PlaceDelegate(QStyledItemDelegate):
    """Paints headings and places; Space and clicks tick.

    :param hues: the colour of each label.
    :param label: the label that the words get; None where they are struck out.
    """

    def __init__(self, theme: Theme, hues: Mapping[str, str], label: str | None) -> None:
        super().__init__()
        self._theme, self._hues, self._label = theme, hues, label

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, option.fontMetrics.lineSpacing() + 12)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        is_click = event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        if isinstance(model, PlaceModel) and (is_space or is_click):
            model.toggle(index.row())
            return True
        return False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(_ROW)
        painter.save()
        painter.setClipRect(option.rect)  # marks upon marks would reach into other rows
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter, option)
        line = option.fontMetrics.lineSpacing()
        side = line * 0.8
        indent = 8 if isinstance(row, Group) else 8 + line
        box = QRectF(option.rect.left() + indent, option.rect.center().y() - side / 2 + 0.5, side, side)
        self._paint_tick(painter, box, Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)))
        room = QRect(option.rect)
        room.setLeft(round(box.right()) + 10)
        room.setRight(option.rect.right() - 10)
        if isinstance(row, Group):
            self._paint_group(painter, option.font, room, row)
        else:
            self._paint_place(painter, option.font, room, row)
        painter.restore()

    def _paint_back(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        has_keys = option.state & QStyle.StateFlag.State_Selected
        if has_keys or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(self._theme.accent, 1) if has_keys else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.hover)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)

    def _paint_tick(self, painter: QPainter, box: QRectF, state: Qt.CheckState) -> None:
        is_on = state != Qt.CheckState.Unchecked
        painter.setPen(QPen(self._theme.accent if is_on else self._theme.dim, 1))
        painter.setBrush(self._theme.accent if is_on else self._theme.field)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QPen(self._theme.on_accent, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if state == Qt.CheckState.Checked:
            painter.drawPolyline([box.topLeft() + QPointF(x * box.width(), y * box.height()) for x, y in _TICK])
        elif is_on:
            painter.drawLine(box.center() - QPointF(box.width() / 4, 0), box.center() + QPointF(box.width() / 4, 0))

    def _paint_group(self, painter: QPainter, font: QFont, room: QRect, row: Group) -> None:
        font = QFont(font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._theme.panel_ink)
        title = QFontMetrics(font).elidedText(row.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, title)

    def _paint_place(self, painter: QPainter, font: QFont, room: QRect, row: Place) -> None:
        """What stands before and after runs off to both sides, so that the words stand in one column."""
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        bold.setStrikeOut(self._label is None)
        metrics, wide = QFontMetrics(font), QFontMetrics(bold)
        before = QRect(room.left(), room.top(), round(room.width() * _BEFORE), room.height())
        now = QRect(room.right() - round(room.width() * _NOW), room.top(), round(room.width() * _NOW), room.height())
        shown = wide.elidedText(row.words, Qt.TextElideMode.ElideMiddle, (now.left() - before.right()) * 3 // 4)
        words = QRect(before.right() + 4, room.top(), wide.horizontalAdvance(shown) + 2, room.height())
        after = QRect(words.right() + 4, room.top(), now.left() - words.right() - 16, room.height())
        painter.setPen(self._theme.panel_ink)
        painter.setFont(font)
        painter.drawText(before, _RIGHT, metrics.elidedText(row.before, Qt.TextElideMode.ElideLeft, before.width()))
        painter.drawText(after, _LEFT, metrics.elidedText(row.after, Qt.TextElideMode.ElideRight, after.width()))
        painter.setPen(self._theme.warning if row.doubtful else self._theme.dim)
        painter.drawText(now, _RIGHT, metrics.elidedText(now_there(row), Qt.TextElideMode.ElideRight, now.width()))
        self._paint_words(painter, bold, words, shown, row)

    def _paint_words(self, painter: QPainter, font: QFont, words: QRect, shown: str, row: Place) -> None:
        label = self._label or (row.shown.label if row.shown else "")
        hue = self._theme.hue(self._hues.get(label, ""))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hue.fill)
        painter.drawRoundedRect(QRectF(words).adjusted(-3, 4, 3, -4), 3, 3)
        painter.setPen(hue.ink)
        painter.setFont(font)
        painter.drawText(words, _LEFT, shown)
