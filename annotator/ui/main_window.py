"""The window: lays out the views, builds menus and keys from the action table, decides nothing."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator import settings
from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui import accessible, keys, words
from annotator.ui.action_bar import ActionBar
from annotator.ui.actions import ACTIONS, CHANGES, MENUS, RESERVED, Action
from annotator.ui.arranging import Arranging
from annotator.ui.article_list import ArticlePanel
from annotator.ui.article_view import ArticleView
from annotator.ui.backing_up import BackingUp
from annotator.ui.checking import Checking
from annotator.ui.commenting import Commenting
from annotator.ui.desk import Desk
from annotator.ui.dialogs.labels import edit_labels
from annotator.ui.direction import isolated
from annotator.ui.elsewhere import Elsewhere
from annotator.ui.entity_panel import EntityPanel
from annotator.ui.files import Files
from annotator.ui.find_bar import FindBar
from annotator.ui.finder import Finder
from annotator.ui.label_keys import LabelKeys
from annotator.ui.label_panel import LabelPanel
from annotator.ui.layout import Layout
from annotator.ui.learning import Learning
from annotator.ui.looking import Looking
from annotator.ui.looks import Looks
from annotator.ui.palettes import Palettes
from annotator.ui.plain import menu_text, plain_label, plain_tooltip, short_menu_text, window_title
from annotator.ui.safety import Safety
from annotator.ui.soon import soon
from annotator.ui.span_card import SpanCard
from annotator.ui.span_menu import open_span_menu
from annotator.ui.status import Status
from annotator.ui.suggesting import Suggesting
from annotator.ui.training import Training


class MainWindow(QMainWindow):
    """One project in one window.

    :param session: stays open until the window closes or shows another.
    :param why: it is open to look at only; "" where it can be written to.
    """

    def __init__(self, session: Session, chosen: Settings, why: str = "") -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.desk = Desk(session, self)
        self.looks = Looks(chosen, self)
        self._annotator = chosen.get("annotator")
        self.files = Files(self)
        self.arranging = Arranging(self)
        self.checking = Checking(self)
        self.suggesting = Suggesting(self)
        self.training = Training(self)
        self.safety = Safety(self)
        self.backing_up = BackingUp(self)
        self.commenting = Commenting(self)
        self.keys, self._complaints = keys.read_keys(keys.keys_file())
        self._build()
        self._connect()
        self._build_menus()
        self.looks.apply()
        self._layout = Layout(self, self._columns, self._panels)
        self._layout.restore()
        self.show_session(session, why)

    # Layout

    def _build(self) -> None:
        theme = self.looks.theme
        self.view = ArticleView()
        self.desk.selection = lambda: self.view.selection
        self.desk.select = self.view.select
        self.articles = ArticlePanel(self.desk, theme)
        self.entities = EntityPanel(self.desk, theme)
        self.card = SpanCard(self.desk, theme)
        self.labels = LabelPanel(self.desk, theme)
        self.palettes = Palettes(self)
        self.label_keys = LabelKeys(self.desk, self.view)
        self.elsewhere = Elsewhere(self)
        self.learning = Learning(self)
        bar = FindBar()
        self.finder = Finder(bar, self.view, self.desk)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(plain_label(words.EMPTY_PROJECT, centred=True, dim=True))
        middle = QWidget()
        self._column = _column(middle, bar, self._pages)
        foot = QWidget()
        _column(foot, self.card, self.labels)
        self._panels = {"articles": self.articles, "spans": _stacked(self.entities, foot)}
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.articles, middle, self._panels["spans"]):
            self._columns.addWidget(widget)
        self._columns.setChildrenCollapsible(False)
        self._columns.setStretchFactor(1, 1)
        whole = QWidget()
        _column(whole, self.safety.bar, self._columns).setStretch(1, 1)
        self.setCentralWidget(whole)
        self.status = Status()
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        desk, view = self.desk, self.view
        desk.opened.connect(self._on_opened)
        desk.updated.connect(lambda article: view.update_article(article, desk.hues))
        desk.current_changed.connect(self._on_current)
        desk.current_updated.connect(view.follow)
        self._count_soon = soon(self, lambda: self.status.show_progress(desk.session.progress()))
        desk.rows_changed.connect(self._on_rows)
        desk.said.connect(self.status.say)
        desk.asks_for_text.connect(view.setFocus)
        desk.failed.connect(self.safety.on_failed)
        desk.committed.connect(self.safety.on_committed)
        view.span_chosen.connect(desk.go_to)
        view.span_menu.connect(self._on_span_menu)
        view.span_resized.connect(desk.resize)
        view.selection_changed.connect(self._on_selection)
        view.selection_made.connect(lambda start, end: self.palettes.choose_label())
        view.zoomed.connect(self.looks.keep_size)
        view.describe = lambda span: words.describe(span, desk.article.surface(span) if desk.article else "")
        self.labels.chosen.connect(desk.apply_label)
        self.labels.edit_requested.connect(self.edit_labels)
        self.suggesting.state_changed.connect(self.status.show_worker)
        self.suggesting.failed.connect(self.safety.on_failed_behind)
        for widget in (view, self.articles, self.entities, self.card, self.labels, self.palettes.chooser):
            self.looks.on_theme(widget.set_theme)
        self.looks.changed.connect(self._on_settings)

    def _build_menus(self) -> None:
        menus = {name: self.menuBar().addMenu(f"&{name}") for name in MENUS}
        for action in ACTIONS:
            if action.line:
                menus[action.menu].addSeparator()
            menus[action.menu].addAction(self._made(action))
            if action.id == "open":
                self._recent = menus["File"].addMenu("Recent projects")
                self._recent.setToolTipsVisible(True)
                self._recent.aboutToShow.connect(self._fill_recent)
        made = {action.objectName(): action for action in self.findChildren(QAction) if action.objectName()}
        self.looking = Looking(self.desk, [action for name, action in made.items() if name in CHANGES])
        self.elsewhere.show_key(made["elsewhere"])
        self._column.addWidget(self.elsewhere)
        self._column.addWidget(ActionBar(self.desk, made))
        menus["Edit"].aboutToShow.connect(lambda: _name_steps(made, self.desk.session))

    def _made(self, action: Action) -> QAction:
        made = QAction(action.title, self)
        made.setObjectName(action.id)
        made.setShortcuts([QKeySequence(key) for key in self.keys[action.id]])
        made.triggered.connect(lambda: action.run(self))
        if action.on_text:
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.view.addAction(made)
        else:
            self.addAction(made)
        if action.checked is not None:
            made.setCheckable(True)
            self.looks.changed.connect(partial(_check, made, action, self))
        return made

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in settings.recent():
            action = self._recent.addAction(short_menu_text(str(path), self.fontMetrics()))
            action.triggered.connect(partial(self.files.open_path, path))
            action.setToolTip(plain_tooltip(str(path)))
        self._recent.addSeparator()
        self._recent.addAction("Forget this list", settings.forget_recent)

    # What the desk and the view say

    def show_session(self, session: Session, why: str = "") -> None:
        """Work on this project; the one before is closed.

        :param why: it is open to look at only; "" where it can be written to.
        """
        before, (_, at) = self.desk.session, session.place()
        self.backing_up.attach(session)
        if before is not session:
            self.desk.use(session)
            self.backing_up.finish(before)
            before.close()
        self.safety.attach(session, why)
        self.commenting.refresh()
        self.suggesting.attach(session)
        self._on_rows(frozenset())
        self.status.show_progress(session.progress())
        self.status.set_hint("; ".join(self._complaints) or words.FIRST_KEYS)
        first = session.first_to_do()
        if first is not None:
            self.desk.open_article(first)
            self.desk.come_back(at)
        else:
            self._on_opened(None)
        self.view.setFocus()

    def _on_opened(self, article: AnnotatedArticle | None) -> None:
        self._pages.setCurrentIndex(0 if article is not None else 1)
        project = isolated(self.desk.session.project.path.stem)
        if article is None:
            self.view.clear()
            self.setWindowTitle(window_title(f"{project} – Annotator"))
        else:
            self.view.show_article(article, self.desk.hues)
            self.setWindowTitle(window_title(f"{isolated(article.article.title)} – {project} – Annotator"))
            self._remember_place()
            self.view.setFocus()
        self.finder.set_text(article.text if article is not None else "")
        self.suggesting.come_to(article)

    def _remember_place(self, at: int = 0) -> None:
        if self.desk.article is not None:
            with suppress(KnownError):  # no decision: a full disk is told of at the next one
                self.desk.session.remember_place(self.desk.article.id, at)

    def _on_current(self, span: Span | None) -> None:
        if span is not None:
            self.view.clear_selection()
        self.view.set_current(span)
        accessible.announce(self.view)

    def _on_selection(self) -> None:
        if self.view.selection is not None and self.desk.current is not None:
            self.desk.go_to(None)
        self.card.refresh()

    def _on_rows(self, ids: frozenset[int]) -> None:
        self.safety.on_rows()
        self._count_soon()
        if ids:
            return
        if self.desk.article is None and (first := self.desk.session.first_to_do()) is not None:
            self.desk.open_article(first)
        self.suggesting.come_to(self.desk.article)

    def _on_settings(self) -> None:
        chosen = self.looks.settings
        self.desk.everywhere = chosen.get("everywhere")
        self._sign(chosen.get("annotator"))
        self.view.show_rejected = self.desk.shows_rejected = chosen.get("show_rejected")
        self.view.animated = chosen.get("animated")

    def _sign(self, annotator: str) -> None:
        if annotator != self._annotator:
            self._annotator = annotator
            self.desk.attempt(lambda: self.desk.session.sign_as(annotator))

    def _on_span_menu(self, span: Span | None, at: QPoint) -> None:
        if span is not None:
            self.desk.go_to(span)
        if span is not None or self.view.selection is not None:
            open_span_menu(self, self.desk, self.looks.theme, at)

    # What actions ask of the window itself

    def edit_labels(self) -> None:
        """The dialog for the project's labels, and the version of the guidelines."""
        if not self.desk.may_change():
            return
        session = self.desk.session
        before = session.guidelines.version
        wanted = edit_labels(self, session.all_labels, self.looks.theme, RESERVED, before)
        if wanted is None:
            return
        if wanted.labels != tuple(session.all_labels):
            self.desk.attempt(lambda: session.set_labels(wanted.labels))
        if wanted.guidelines != before:
            self.desk.attempt(lambda: session.guidelines.set(wanted.guidelines))
            self.desk.said.emit(words.guidelines(session.guidelines.version))

    def comment(self) -> None:
        """Say something about the article."""
        self.commenting.ask()

    def copy(self) -> None:
        """The selected words, or those of the current span, exactly as they are stored."""
        article, span = self.desk.article, self.desk.current
        text = self.view.selected_text() or (article.surface(span) if article and span else "")
        if text:
            QGuiApplication.clipboard().setText(text)

    def unselect(self) -> None:
        """Neither a selection nor a current span."""
        self.view.clear_selection()
        self.desk.go_to(None)

    def toggle_panel(self, name: str) -> None:
        """Hide or show the articles at the left or the spans and labels at the right."""
        self._panels[name].setVisible(not self._panels[name].isVisible())
        self.looks.changed.emit()  # the menu shows what is hidden
        self.view.setFocus()

    def is_panel_shown(self, name: str) -> bool:
        """Is the panel not hidden?"""
        return not self._panels[name].isHidden()

    # Between two starts

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self.safety.may_close() and self.commenting.may_close()):
            event.ignore()
            return
        self._layout.save()
        for timer in self.findChildren(QTimer):
            timer.stop()  # what a view does a moment later would find the project closed
        self.suggesting.stop()
        self.training.stop()
        self._remember_place(self.desk.at)
        self.backing_up.finish(self.desk.session)
        self.desk.session.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.files.import_paths([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


def _check(made: QAction, action: Action, window: MainWindow) -> None:
    assert action.checked is not None
    made.setChecked(action.checked(window))


def _name_steps(made: Mapping[str, QAction], session: Session) -> None:
    """Undo and redo say what they are about."""
    for name in ("undo", "redo"):
        verb = session.next_step(name)
        made[name].setText(menu_text(f"{name.capitalize()} {words.verb_title(verb) if verb else ''}"))


def _stacked(*widgets: QWidget) -> QWidget:
    """Widgets one above the other, the first with room to grow."""
    splitter = QSplitter(Qt.Orientation.Vertical)
    for widget in widgets:
        splitter.addWidget(widget)
    splitter.setChildrenCollapsible(False)
    splitter.setStretchFactor(0, 1)
    return splitter


def _column(column: QWidget, *widgets: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
