"""The entities of the article on the desk, by label and by their words."""

from collections import defaultdict
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span, SpanState
from annotator.ui.clipped import ClippedRows
from annotator.ui.desk import Desk
from annotator.ui.plain import plain_tooltip
from annotator.ui.soon import soon
from annotator.ui.span_menu import add_labels
from annotator.ui.swatch import swatch_icon
from annotator.ui.theme import Theme

_SPANS = Qt.ItemDataRole.UserRole
_REJECTED, _GHOSTS = "Rejected", "May be entities"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LETTERS, _ROWS = 30, 7  # that there is room for at least

Groups = dict[str, dict[str, list[Span]]]


def grouped(article: AnnotatedArticle, labels: list[str], with_ghosts: bool = False) -> Groups:
    """Spans by label, in the labels' order, then by surface in reading order; ghosts and the rejected ones last."""
    found: dict[str, dict[str, list[Span]]] = {name: defaultdict(list) for name in [*labels, _GHOSTS, _REJECTED]}
    for span in article.with_ghosts if with_ghosts else article.spans:
        group = _GHOSTS if span.is_ghost else _REJECTED if span.state is SpanState.REJECTED else span.label
        found.setdefault(group, defaultdict(list))[article.surface(span)].append(span)
    return {name: dict(surfaces) for name, surfaces in found.items() if surfaces}


class EntityPanel(QWidget):
    """Choosing an entry goes to its span, choosing it again to the next one of the same words."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("entities")
        self._desk, self._theme = desk, theme
        self._shown: dict[str, dict[str, tuple[int, int]]] = {}
        self.tree = QTreeWidget()
        self.tree.setObjectName("entity_tree")
        self.tree.setAccessibleName("Entities of this article")
        self.tree.setItemDelegate(ClippedRows(self.tree))
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(14)
        self.tree.setIconSize(QSize(11, 11))
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, self.tree.header().ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, self.tree.header().ResizeMode.ResizeToContents)
        letters = self.fontMetrics()
        self.setMinimumWidth(letters.averageCharWidth() * _LETTERS)
        self.tree.setMinimumHeight(round(letters.lineSpacing() * 1.45 * _ROWS))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 8, 0)
        layout.addWidget(self.tree)
        self.tree.itemClicked.connect(self._go)
        # not `activated`: where a single click activates, it would come beside the click
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self.tree, context=Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(self._go_to_current)
        self.tree.customContextMenuRequested.connect(self._open_menu)
        self.tree.installEventFilter(self)
        self._soon = soon(self, self._update)
        desk.opened.connect(lambda _article: self._fill())
        desk.updated.connect(lambda _article: self._soon())
        desk.labels_changed.connect(self._fill)

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        self._theme = theme
        self._fill()

    def showEvent(self, event: object) -> None:
        self._update()

    def _groups(self) -> Groups:
        article = self._desk.article
        if article is None:
            return {}
        names = [label.name for label in self._desk.session.all_labels]
        return grouped(article, names, self._desk.visit.ghosts)

    def _update(self) -> None:
        """After a decision: entries that are the same stay, so that 600 spans cost nothing."""
        if not self.isVisible():
            return
        groups = self._groups()
        if list(groups) != list(self._shown):
            self._fill(groups)
            return
        for top, (name, surfaces) in zip(self._tops(), groups.items(), strict=True):
            self._update_group(top, self._shown[name], surfaces)
        self._remember(groups)

    def _update_group(
        self, top: QTreeWidgetItem, shown: dict[str, tuple[int, int]], surfaces: dict[str, list[Span]]
    ) -> None:
        if [surface for surface in shown if surface in surfaces] != [each for each in surfaces if each in shown]:
            top.takeChildren()
        for at in reversed([at for at, surface in enumerate(shown) if surface not in surfaces]):
            top.takeChild(at)
        for at, (surface, spans) in enumerate(surfaces.items()):
            item = top.child(at)
            if surface not in shown or item is None:
                top.insertChild(at, self._entry(surface, spans))
                continue
            item.setData(0, _SPANS, spans)
            if shown[surface] != _counts(spans):
                item.setText(1, _count_text(spans))
        top.setText(1, _count_text([span for spans in surfaces.values() for span in spans]))

    def _remember(self, groups: Groups) -> None:
        self._shown = {name: {s: _counts(spans) for s, spans in surfaces.items()} for name, surfaces in groups.items()}

    def _fill(self, groups: Groups | None = None) -> None:
        groups = self._groups() if groups is None else groups
        collapsed = {top.text(0) for top in self._tops() if not top.isExpanded()}
        value = self.tree.verticalScrollBar().value()
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        self.tree.addTopLevelItems([self._top(name, surfaces) for name, surfaces in groups.items()])
        for top in self._tops():
            is_new_rejected = top.text(0) == _REJECTED and _REJECTED not in self._shown
            top.setExpanded(top.text(0) not in collapsed and not is_new_rejected)
        self.tree.setUpdatesEnabled(True)
        self.tree.verticalScrollBar().setValue(value)
        self._remember(groups)

    def _tops(self) -> list[QTreeWidgetItem]:
        tops = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [top for top in tops if top is not None]

    def _top(self, name: str, surfaces: dict[str, list[Span]]) -> QTreeWidgetItem:
        every = [span for spans in surfaces.values() for span in spans]
        top = QTreeWidgetItem([name, _count_text(every)])
        font = self.tree.font()
        font.setBold(True)
        top.setFont(0, font)
        top.setForeground(1, self._theme.dim)
        top.setTextAlignment(1, _RIGHT)
        colour = self._desk.hues.get(name)
        top.setIcon(0, swatch_icon(self._theme.hue(colour).ink if colour else self._theme.faint))
        top.addChildren([self._entry(surface, spans) for surface, spans in surfaces.items()])
        return top

    def _entry(self, surface: str, spans: list[Span]) -> QTreeWidgetItem:
        words = " ".join(surface.split())
        entry = QTreeWidgetItem([words, _count_text(spans)])
        entry.setToolTip(0, plain_tooltip(words))  # a narrow column has no room for all of it
        entry.setData(0, _SPANS, spans)
        entry.setForeground(1, self._theme.dim)
        entry.setTextAlignment(1, _RIGHT)
        return entry

    def _go_to_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self._go(item)

    def _go(self, item: QTreeWidgetItem) -> None:
        spans: list[Span] = item.data(0, _SPANS) or []
        if not spans:
            item.setExpanded(not item.isExpanded())
            return
        at = next((n for n, span in enumerate(spans) if span == self._desk.current), -1)
        self._desk.go_to(spans[(at + 1) % len(spans)])

    def _chosen_entries(self) -> list[QTreeWidgetItem]:
        return [item for item in self.tree.selectedItems() if item.data(0, _SPANS)]

    def chosen_spans(self) -> list[Span]:
        """All spans of the chosen entries."""
        return [span for item in self._chosen_entries() for span in item.data(0, _SPANS)]

    def relabel_chosen(self, label: str) -> None:
        """Give all chosen spans a label, as one step; ghosts of other words as one step of their own."""
        article, spans = self._desk.article, self.chosen_spans()
        if article is None:
            return
        marked = [span for span in spans if not span.is_ghost]
        if marked:
            self._desk.attempt(lambda: self._desk.session.relabel_all(article.id, marked, label))
        for ghost in {article.surface(span): span for span in spans if span.is_ghost}.values():
            self._accept(article, ghost, label)

    def _accept(self, article: AnnotatedArticle, ghost: Span, label: str) -> None:
        accept = self._desk.session.ghosts.accept
        self._desk.attempt(lambda: accept(article.id, ghost, label, everywhere=True))

    def confirm_chosen(self) -> None:
        """Confirm all spans of one entry: they are each other's same occurrences, so it is one step."""
        article, spans = self._desk.article, self.chosen_spans()
        if article is not None and spans and spans[0].is_ghost:
            self._accept(article, spans[0], spans[0].label)
        elif article is not None and spans:
            self._desk.attempt(lambda: self._desk.session.confirm(article.id, spans[0], everywhere=True))

    def reject_chosen(self) -> None:
        """Reject all spans of one entry, in one step."""
        article, spans = self._desk.article, self.chosen_spans()
        if article is not None and spans:
            session = self._desk.session
            verb = session.ghosts.dismiss if spans[0].is_ghost else session.reject
            self._desk.attempt(lambda: verb(article.id, spans[0], everywhere=True))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A label's key relabels what is chosen, before the tree looks for an entry with that letter."""
        if watched is self.tree and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            typed = event.text().lower()
            label = next((label for label in self._desk.session.labels if typed and label.key == typed), None)
            if label is not None and self.chosen_spans():
                self.relabel_chosen(label.name)
                return True
        return False

    def _open_menu(self, at: QPoint) -> None:
        if not self.chosen_spans():
            return
        menu = QMenu(self)
        menu.setObjectName("relabel_menu")
        if len(self._chosen_entries()) == 1:
            menu.addAction("Confirm", self.confirm_chosen)
            menu.addAction("Reject", self.reject_chosen)
        menu.addSection("Relabel to")
        add_labels(menu, self._desk.session.labels, self._theme, self.relabel_chosen)
        menu.aboutToHide.connect(partial(menu.deleteLater))
        menu.popup(self.tree.viewport().mapToGlobal(at))


def _counts(spans: list[Span]) -> tuple[int, int]:
    return len(spans), sum(span.state is SpanState.SUGGESTED for span in spans)


def _count_text(spans: list[Span]) -> str:
    """How many are decided of how many; only the number where that is all, or none."""
    every, waiting = _counts(spans)
    if waiting == 0:
        return f"✓ {every}"
    return str(every) if waiting == every else f"{every - waiting} of {every}"
