"""The list of articles: filter as you type, fetched in pages."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.model.article import UNDECIDED, AnnotatedArticle, ArticleState
from annotator.store.articles import ArticleFilter, ArticleRow
from annotator.ui import words
from annotator.ui.desk import Desk
from annotator.ui.plain import plain_tooltip
from annotator.ui.soon import soon
from annotator.ui.theme import Theme
from annotator.ui.timers import once_after

_PAGE = 200
_WAIT = 120  # milliseconds after the last key before the list is filtered
_ROW = Qt.ItemDataRole.UserRole
_STATES = {f"is:{state}": (state,) for state in ArticleState}
_CHIPS: tuple[tuple[str, tuple[ArticleState, ...]], ...] = (
    ("All", ()),
    ("To do", UNDECIDED),
    ("Done", (ArticleState.DONE,)),
    ("Skipped", (ArticleState.SKIPPED,)),
)

Index = QModelIndex | QPersistentModelIndex


def parsed_filter(text: str, states: tuple[ArticleState, ...] = ()) -> ArticleFilter:
    """What was typed: words, and is:new, is:open, is:done, is:skipped, is:flagged."""
    words = text.split()
    named = [state for word in words for state in _STATES.get(word.lower(), ())]
    flagged = "is:flagged" in map(str.lower, words)
    plain = tuple(word for word in words if not word.lower().startswith("is:"))
    return ArticleFilter(plain, tuple(named) or states, flagged)


class ArticleModel(QAbstractListModel):
    """Rows of the project's articles; only the pages that were looked at are held."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._filter = ArticleFilter()
        self._rows: list[ArticleRow] = []
        self._at_end = False

    def show(self, chosen: ArticleFilter) -> None:
        """Show these articles, from the first."""
        self.beginResetModel()
        self._filter, self._rows, self._at_end = chosen, [], False
        self._rows = self._next_page()
        self.endResetModel()

    def _next_page(self) -> list[ArticleRow]:
        after = self._rows[-1].id if self._rows else 0
        page = self._desk.session.rows(self._filter, after, _PAGE)
        self._at_end = len(page) < _PAGE
        return page

    def refresh(self, ids: frozenset[int]) -> None:
        """Read these rows again."""
        for at, row in enumerate(self._rows):
            if row.id in ids and (fresh := self._desk.session.row(row.id)) is not None:
                self._rows[at] = fresh
                self.dataChanged.emit(self.index(at), self.index(at))

    def index_of(self, article_id: int) -> QModelIndex:
        """Where an article is; pages up to it are fetched. Invalid where the filter leaves it out."""
        wanted = self._desk.session.row(article_id)
        while wanted is not None and not self._at_end and (not self._rows or self._rows[-1].place < wanted.place):
            self.fetchMore(QModelIndex())
        found = next((at for at, row in enumerate(self._rows) if row.id == article_id), -1)
        return self.index(found)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            picked = ", picked at random" if row.is_random else ""
            return f"{row.title}, {words.article_state_title(row.state)}{picked}"
        if role == Qt.ItemDataRole.ToolTipRole and row.is_random:
            return plain_tooltip(words.RANDOM)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._at_end

    def fetchMore(self, parent: Index) -> None:
        page = self._next_page()
        if page:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._rows += page
            self.endInsertRows()


class ArticleDelegate(QStyledItemDelegate):
    """Paints a row: the state's mark, the title in at most two lines, source and date, counts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.opened: int | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = option.fontMetrics.lineSpacing()
        return QSize(120, line * 3 + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ArticleRow = index.data(_ROW)
        theme, rect = self.theme, option.rect.adjusted(1, 2, -1, -2)
        painter.save()
        painter.setClipRect(option.rect)  # marks upon marks would reach into other rows
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter, option, rect, row)
        line = option.fontMetrics.lineSpacing()
        words = rect.adjusted(line + 14, 0, -10, 0)
        title = self._title(option, row, words.width())
        words.setTop(rect.top() + (rect.height() - line * (len(title) + 1)) // 2)
        side = line * 0.72
        paint_state(painter, QRectF(rect.left() + 10, words.top() + line * 0.16, side, side), row.state, theme)
        if row.is_random:
            die = QRectF(rect.left() + 10, words.top() + line * len(title) + 1 + line * 0.16, side, side)
            paint_die(painter, die.adjusted(1, 1, -1, -1), theme)
        self._paint_title(painter, option, words, row, title)
        self._paint_foot(painter, option, words.adjusted(0, line * len(title) + 1, 0, 0), row)
        painter.restore()

    def _paint_foot(self, painter: QPainter, option: QStyleOptionViewItem, words: QRect, row: ArticleRow) -> None:
        painter.setPen(self.theme.dim)
        small = QFont(option.font)
        small.setPointSizeF(option.font.pointSizeF() * 0.88)
        painter.setFont(small)
        foot = QRect(words.left(), words.top(), words.width(), option.fontMetrics.lineSpacing())
        counts = counts_of(row)
        metrics = QFontMetrics(small)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, counts)
        left = " · ".join(filter(None, (row.source, row.published)))
        room = foot.width() - metrics.horizontalAdvance(counts) - 8
        shown = metrics.elidedText(left, Qt.TextElideMode.ElideRight, room)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_back(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ArticleRow) -> None:
        if row.id == self.opened:
            painter.setBrush(self.theme.field)
            painter.setPen(QPen(self.theme.line, 1))
            painter.drawRoundedRect(rect, 6, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.accent)
            painter.drawRoundedRect(QRect(rect.left(), rect.top() + 6, 3, rect.height() - 12), 1.5, 1.5)
        elif option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.hover)
            painter.drawRoundedRect(rect, 6, 6)

    @staticmethod
    def _title(option: QStyleOptionViewItem, row: ArticleRow, width: int) -> list[str]:
        marks = ("⚑ " if row.flagged else "") + ("✎ " if row.commented else "")
        return two_lines(marks + row.title, option.fontMetrics, width)

    def _paint_title(
        self, painter: QPainter, option: QStyleOptionViewItem, words: QRect, row: ArticleRow, title: list[str]
    ) -> None:
        line = option.fontMetrics.lineSpacing()
        painter.setFont(option.font)
        is_left = row.state in UNDECIDED
        painter.setPen(self.theme.panel_ink if is_left else self.theme.dim)
        for number, text in enumerate(title):
            at = QRect(words.left(), words.top() + number * line, words.width(), line)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def counts_of(row: ArticleRow) -> str:
    """How many spans, in a few signs."""
    if row.state in UNDECIDED:
        count, what = (row.confirmed, "confirmed") if row.confirmed else (row.suggested, "suggested")
    else:
        count, what = row.confirmed, "span" if row.confirmed == 1 else "spans"
    return f"{count} {what}" if count else ""


def two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """The text broken at a space into at most two lines, the second elided."""
    text = " ".join(text.split())
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    words, first = text.split(" "), ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words) if first else text
    lines = [first] if first else []
    return [*lines, metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)]


def paint_state(painter: QPainter, box: QRectF, state: ArticleState, theme: Theme) -> None:
    """New: a ring; open: half full; done: a tick; skipped: a dash."""
    ink = theme.good if state is ArticleState.DONE else theme.accent if state is ArticleState.OPEN else theme.faint
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state is ArticleState.DONE:
        points = [(0.08, 0.55), (0.38, 0.84), (0.95, 0.18)]
        painter.drawPolyline([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points])
    elif state is ArticleState.SKIPPED:
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
    else:
        painter.drawEllipse(box)
        if state is ArticleState.OPEN:
            painter.setBrush(ink)
            painter.drawPie(box, 90 * 16, 180 * 16)


def paint_die(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A die that shows two: picked at random."""
    painter.setPen(QPen(theme.faint, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.dim)
    for part in (0.3, 0.7):
        painter.drawEllipse(QPointF(box.left() + part * box.width(), box.top() + part * box.height()), 1.1, 1.1)


class ArticlePanel(QWidget):
    """Filter line, state chips and the list."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("articles")
        self._desk = desk
        self.model = ArticleModel(desk)
        self._delegate = ArticleDelegate(theme)
        self.field = QLineEdit(placeholderText="Filter articles", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter articles by title and source")
        self.view = QListView()
        self.view.setObjectName("article_list")
        self.view.setAccessibleName("Articles")
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._chips = QButtonGroup(self)
        self._lay_out()
        self._wait = once_after(self, _WAIT)
        self._wait.timeout.connect(self.reload)
        self.field.textChanged.connect(lambda _text: self._wait.start())
        self.field.returnPressed.connect(self._open_first)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.field, context=Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self._leave_filter)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.field, context=Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.view.setFocus)
        self._chips.idClicked.connect(lambda _id: self.reload())
        self.view.clicked.connect(self._open)
        self.view.activated.connect(self._open)
        self._stale: frozenset[int] = frozenset()
        self._soon = soon(self, self._refresh)
        desk.opened.connect(self._on_opened)
        desk.rows_changed.connect(self._on_rows)
        self.reload()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 4)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        chips = QHBoxLayout()
        chips.setSpacing(2)
        for number, (title, _) in enumerate(_CHIPS):
            chip = QToolButton(text=title, checkable=True, checked=number == 0)
            chip.setObjectName("chip")
            self._chips.addButton(chip, number)
            chips.addWidget(chip)
        chips.addStretch()
        layout.addLayout(chips)
        layout.addWidget(self.view)

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        self._delegate.theme = theme
        self.view.viewport().update()

    def focus_filter(self) -> None:
        """Ready for typing."""
        self.field.setFocus()
        self.field.selectAll()

    def reload(self) -> None:
        """Show what filter and chips say."""
        self._wait.stop()
        _, states = _CHIPS[self._chips.checkedId()]
        self.model.show(parsed_filter(self.field.text(), states))
        self._show_counts()
        self._reveal()

    def _refresh(self) -> None:
        self.model.refresh(self._stale)
        self._stale = frozenset()
        self._show_counts()

    def _show_counts(self) -> None:
        tally = self._desk.session.progress().articles
        for number, (title, states) in enumerate(_CHIPS):
            n = sum(tally[state] for state in states or tuple(ArticleState))
            self._chips.button(number).setText(f"{title} {n}")

    def _leave_filter(self) -> None:
        self.field.clear()
        self.reload()
        self._desk.asks_for_text.emit()

    def _open_first(self) -> None:
        self.reload()
        self._open(self.model.index(0))

    def _open(self, index: QModelIndex) -> None:
        row = index.data(_ROW)
        if row is not None:
            self._desk.open_article(row.id)

    def _on_opened(self, article: AnnotatedArticle | None) -> None:
        self._delegate.opened = article.id if article is not None else None
        self._reveal()

    def _reveal(self) -> None:
        if self._delegate.opened is not None:
            index = self.model.index_of(self._delegate.opened)
            if index.isValid():
                self.view.setCurrentIndex(index)
                self.view.scrollTo(index)
        self.view.viewport().update()

    def _on_rows(self, ids: frozenset[int]) -> None:
        if ids:
            self._stale |= ids
            self._soon()
        else:
            self.reload()
