"""A popup to choose from by typing: labels at a selection, or commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.plain import brief
from annotator.ui.theme import Theme

_CHOICE = Qt.ItemDataRole.UserRole
_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One line to choose.

    :param id: what is answered.
    :param hint: its keys, shown at the right.
    :param colour: a label's hue, None for none.
    :param note: shown dim before the hint.
    :param key: one character that chooses it at once while nothing is typed; "" for none.
    """

    id: str
    title: str
    hint: str = ""
    colour: str | None = None
    note: str = ""
    key: str = ""


def rank(title: str, typed: str) -> int | None:
    """How well a title fits what was typed: the lower the better, None where it does not."""
    title, typed = title.lower(), typed.lower().strip()
    if title.startswith(typed):
        return 0
    starts = [word.startswith(typed) for word in title.split()]
    if any(starts):
        return 1 + starts.index(True)
    if typed in title:
        return 50
    letters = iter(title)
    return 100 if all(letter in letters for letter in typed if letter != " ") else None


class ChoiceDelegate(QStyledItemDelegate):
    """Paints a choice: colour, title, note, key."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(100, round(option.fontMetrics.lineSpacing() * 1.6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        choice: Choice = index.data(_CHOICE)  # type: ignore[attr-defined]
        theme, rect = self.theme, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selection)
            painter.drawRoundedRect(rect.adjusted(2, 0, -2, 0), 5, 5)
        left = rect.left() + 12
        if choice.colour:
            side = rect.height() * 0.36
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.hue(choice.colour).ink)
            painter.drawRoundedRect(QRectF(left, rect.center().y() - side / 2, side, side), 3, 3)
            left += round(side) + 9
        self._paint_words(painter, option, choice, left)
        painter.restore()

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, choice: Choice, left: int) -> None:
        rect, metrics = option.rect, option.fontMetrics
        right = rect.right() - 10
        if choice.hint:
            width = metrics.horizontalAdvance(choice.hint) + 12
            cap = QRectF(right - width, rect.top() + 4, width, rect.height() - 8)
            painter.setPen(QPen(self.theme.line, 1))
            painter.setBrush(self.theme.panel)
            painter.drawRoundedRect(cap, 4, 4)
            painter.setPen(self.theme.dim)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, choice.hint)
            right -= width + 10
        words = QRect(left, rect.top(), right - left, rect.height())
        painter.setPen(self.theme.dim)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.note)
        painter.setPen(self.theme.panel_ink)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, brief(choice.title))


class Chooser(QFrame):
    """Asks one thing at a time; what was chosen is handed to a function."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("chooser")
        self._choices: Sequence[Choice] = ()
        self._on_chosen: Callable[[str], object] = lambda _id: None
        self._delegate = ChoiceDelegate(Theme())
        self.field = QLineEdit(placeholderText="Type to filter")
        self.field.setAccessibleName("Filter the choices")
        self.list = QListWidget()
        self.list.setAccessibleName("Choices")
        self.list.setItemDelegate(self._delegate)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.setFocusProxy(self.field)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(lambda _text: self._fill())
        self.list.itemClicked.connect(self._choose)

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        self._delegate.theme = theme

    def ask(self, choices: Sequence[Choice], at: QRect, on_chosen: Callable[[str], object], wide: bool = False) -> None:
        """Open under a global rectangle and call `on_chosen` with the id that is chosen; Escape chooses none."""
        self._choices, self._on_chosen = choices, on_chosen
        self.field.clear()
        self._fill()
        letters = self.fontMetrics().averageCharWidth()
        rows = min(len(choices), _MOST_ROWS)
        row = round(self.fontMetrics().lineSpacing() * 1.6)
        self.resize(letters * (62 if wide else 32), self.field.sizeHint().height() + rows * row + 24)
        self.move(self._place(at, wide).topLeft())
        self.show()
        self.field.setFocus()

    def _place(self, at: QRect, wide: bool) -> QRect:
        """Under the rectangle, above it where there is no room, always inside the screen."""
        screen = self.screen().availableGeometry()
        place = QRect(at.left() - (self.width() // 2 if wide else 0), at.bottom() + 6, self.width(), self.height())
        if place.bottom() > screen.bottom():
            place.moveBottom(at.top() - 6)
        place.moveLeft(min(max(place.left(), screen.left()), screen.right() - place.width()))
        place.moveTop(max(min(place.top(), screen.bottom() - place.height()), screen.top()))
        return place

    def _fill(self) -> None:
        typed = self.field.text()
        ranked = [(rank(choice.title, typed), choice) for choice in self._choices]
        fitting = sorted(((r, c) for r, c in ranked if r is not None), key=lambda pair: pair[0])
        self.list.clear()
        for _, choice in fitting:
            item = QListWidgetItem(brief(choice.title))
            item.setData(_CHOICE, choice)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            choice: Choice = item.data(_CHOICE)
            self.hide()
            self._on_chosen(choice.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), self.list.count()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentItem())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            by = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + by) % count)
        else:
            return self._chosen_by_key(event.text())
        return True

    def _chosen_by_key(self, text: str) -> bool:
        """A label's own key chooses it at once."""
        if self.field.text() or not text:
            return False
        for at, choice in enumerate(self._choices):
            if choice.key.lower() == text.lower():
                self._choose(self.list.item(at))
                return True
        return False
