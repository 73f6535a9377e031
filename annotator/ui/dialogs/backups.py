"""What is kept of earlier states: a list of backups, what is in the chosen one, and the ways back."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import KnownError, MovedError
from annotator.session import Session
from annotator.session.backups import BY_HAND, Look, Then
from annotator.session.outcome import counted
from annotator.store.backups import Backup
from annotator.store.origins import titles
from annotator.ui import words
from annotator.ui.article_view import ArticleView
from annotator.ui.clipped import ClippedRows
from annotator.ui.dialogs.frame import Frame
from annotator.ui.fields import Note
from annotator.ui.plain import plain_tooltip, tell
from annotator.ui.theme import Theme
from annotator.ui.timers import ticking

CHOOSE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_KEPT = Qt.ItemDataRole.UserRole
_MOST = 5_000  # articles that are listed; the search finds the others
_COLUMNS = ("When", "Why", "Articles", "Decisions")  # and from which file, where there are several
_PATIENCE = 0.4  # seconds of looking before a bar is shown
_GAP = 8  # pixels between the panes
_TEXT = 14.0  # pixels: there is less room than in the window
_TURN = 100  # milliseconds between two looks at how far a backup is
_NOTHING = "No backups yet. One is made on closing, every so often while you work, and before much changes."
_READ_ONLY = "The project is open for reading only: a backup can be looked at, and restored to a new file."


class BackupsDialog(Frame):
    """Left the backups, right the articles of the chosen one over the text of one of them.

    Signals: `articles_wanted(backup, ids)`, `all_wanted(backup)`, `folder_wanted()`.
    """

    articles_wanted = Signal(object, object)
    all_wanted = Signal(object)
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None, session: Session, theme: Theme) -> None:
        super().__init__(parent, "Backups")
        self._session = session
        self._look: Look | None = None
        self._look_began = 0.0
        self._then: list[Then] = []
        self._trouble: KnownError | None = None  # of the last one
        self.backups = _tree("Backups", _COLUMNS)
        self.articles = _tree("Articles of the backup", ("Article", "State then", "Spans", "Since then"))
        self.articles.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.field = QLineEdit(placeholderText="Search titles", clearButtonEnabled=True)
        self.field.setAccessibleName("Search titles")
        self.only_changed = QCheckBox("Only changed since")
        self.view = ArticleView()
        self.view.set_theme(theme.resized(_TEXT))
        self.view.setAccessibleName("The article as it was")
        self.note = Note()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("How far the backup is")
        self.bar.hide()
        self._watch = ticking(self, _TURN)
        self._add_buttons()
        self._lay_out()
        self._connect()
        self.backups.ensurePolished()  # else rows are measured as they would be without the style sheet
        self.refresh()
        self.resize(980, 640)

    def _add_buttons(self) -> None:
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.make_button = self.buttons.addButton("Back up now", role)
        self.folder_button = self.buttons.addButton("Open folder", role)
        self.all_button = self.buttons.addButton("Restore all…", role)
        self.articles_button = self.buttons.addButton("Restore these articles", role)
        for button in (self.make_button, self.folder_button, self.all_button, self.articles_button):
            self._widen(button)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.only_changed)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(_GAP, 0, 0, _GAP)
        column.addLayout(row)
        column.addWidget(self.articles, 1)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(upper)
        right.addWidget(self.view)
        right.setSizes([280, 260])
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.backups)
        both.addWidget(right)
        both.setSizes([460, 500])
        for splitter in (right, both):
            splitter.setChildrenCollapsible(False)
        self.column.addWidget(both, 1)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.note)

    def _connect(self) -> None:
        self.backups.currentItemChanged.connect(lambda item, _before: self._open(item))
        self.articles.currentItemChanged.connect(lambda item, _before: self._show_text(item))
        self.articles.itemSelectionChanged.connect(self._enable)
        self.field.textChanged.connect(lambda _text: self._fill())
        self.only_changed.toggled.connect(lambda _on: self._fill())
        self.make_button.clicked.connect(lambda: self.back_up())
        self.folder_button.clicked.connect(self.folder_wanted)
        self.articles_button.clicked.connect(lambda: self._restore_articles())
        self.all_button.clicked.connect(lambda: self._restore_all())
        self._watch.timeout.connect(self._show_progress)

    # The backups

    def refresh(self, stay: bool = False) -> None:
        """List them again, the newest chosen, or else the one that is."""
        before = self.chosen if stay else None
        try:
            found = self._session.backups.list()
        except KnownError as error:
            found = []
            tell(self, error)
        with QSignalBlocker(self.backups):
            self._list(found)
        rows = (self.backups.topLevelItem(row) for row in range(len(found)))
        items = [item for item in rows if item is not None]
        same = [item for item in items if before is not None and item.data(0, _KEPT).path == before.path]
        if same and self._look is not None:
            with QSignalBlocker(self.backups):
                self.backups.setCurrentItem(same[0])
        elif items:
            self.backups.setCurrentItem(items[0])
        else:
            self._open(None)
        self._say(found)

    def _list(self, found: Sequence[Backup]) -> None:
        self.backups.clear()
        files = titles([each.origin for each in found], self._session.project.path)
        self.backups.setColumnCount(len(_COLUMNS) + bool(files))
        self.backups.setHeaderLabels([*_COLUMNS, *(["Made from"] if files else [])])
        for column in range(len(_COLUMNS), self.backups.columnCount()):
            self.backups.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.backups.addTopLevelItems([_backup_item(each, files) for each in found])

    def _say(self, found: Sequence[Backup]) -> None:
        size = sum(each.size for each in found) / 1e6
        kept = f"{counted(len(found), 'backup')}, {size:,.1f} MB in all." if found else _NOTHING
        self.note.setText(_READ_ONLY if self._session.project.read_only else kept)

    @property
    def chosen(self) -> Backup | None:
        """The backup that is looked at."""
        item = self.backups.currentItem()
        backup = item.data(0, _KEPT) if item is not None else None
        return backup if isinstance(backup, Backup) else None

    def back_up(self) -> None:
        """Make one now; deciding could go on meanwhile."""
        self._trouble = None
        if self._session.backups.make_in_background(BY_HAND):
            self.make_button.setEnabled(False)
            self.bar.setRange(0, 0)
            self.bar.show()
            self._watch.start()
        elif self._trouble is None:
            self.note.setText(words.BACKED_UP_ALREADY)

    def _show_progress(self) -> None:
        done, total = self._session.backups.done
        self.bar.setRange(0, total >> 10)
        self.bar.setValue(done >> 10)

    def tell(self, line: str) -> None:
        """Say it at the foot of the dialog."""
        self.note.setText(line)

    def on_ended(self, backup: Backup | None, trouble: KnownError | None) -> None:
        """A backup was made, or not. It may have ended a moment after the dialog, or after the project, was closed."""
        self._watch.stop()
        self._trouble = trouble
        if not self.isVisible():
            return
        self.bar.hide()
        self.make_button.setEnabled(True)
        if isinstance(trouble, MovedError):  # the window tells what was saved where
            self.note.setText(trouble.title)
            return
        if trouble is not None:
            tell(self, trouble)
            return
        is_asked_for = backup is not None and backup.reason == BY_HAND
        said, stays = self.note.text(), self.chosen is not None and not is_asked_for
        self.refresh(stays)
        if stays:
            self.note.setText(said)
        elif backup is not None and backup.facts is not None:
            self.note.setText(words.backed_up(backup.facts.articles, backup.facts.decisions))

    # What is in one

    def _open(self, item: QTreeWidgetItem | None) -> None:
        self.let_go()
        backup = item.data(0, _KEPT) if item is not None else None
        if backup is not None:
            try:
                self._look_began = time.monotonic()
                self._look = self._session.backups.look(backup, self._look_through)
                self._then = self._look.articles()
            except KnownError as error:
                self.let_go()
                self.note.setText(error.plain)
            self.bar.setVisible(self._watch.isActive())
        self._fill()

    def _look_through(self, done: int, total: int) -> None:
        """A large one takes its time; painted at once, as nothing else is to happen meanwhile."""
        if time.monotonic() - self._look_began < _PATIENCE:
            return
        self.bar.show()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.column.activate()
        self.repaint()

    def let_go(self) -> None:
        """Close the backup that is looked at."""
        if self._look is not None:
            self._look.close()
        self._look, self._then = None, []

    def _fill(self) -> None:
        wanted, only = self.field.text().casefold().split(), self.only_changed.isChecked()
        shown = [each for each in self._then if each.changed or not each.is_there or not only]
        shown = [each for each in shown if all(word in each.title.casefold() for word in wanted)][:_MOST]
        self.articles.clear()
        self.articles.addTopLevelItems([_article_item(each) for each in shown])
        first = self.articles.topLevelItem(0)
        if first is not None:
            self.articles.setCurrentItem(first)
        else:
            self._show_text(None)
        self._enable()

    def _show_text(self, item: QTreeWidgetItem | None) -> None:
        then = item.data(0, _KEPT) if item is not None else None
        if then is None or self._look is None:
            self.view.clear()
        else:
            self.view.show_article(self._look.article(then.id), self._look.hues)

    @property
    def chosen_articles(self) -> list[Then]:
        """Those that are selected and can be restored."""
        chosen = [item.data(0, _KEPT) for item in self.articles.selectedItems()]
        return [each for each in chosen if each.is_there]

    def _enable(self) -> None:
        is_open, may_write = self._look is not None, not self._session.project.read_only
        self.all_button.setEnabled(is_open and may_write)
        count = len(self.chosen_articles)
        these = "this article" if count == 1 else f"these {count:,} articles" if count else "articles"
        self.articles_button.setText(f"Restore {these}")
        self.articles_button.setEnabled(bool(count) and may_write)

    # Back

    def _restore_articles(self) -> None:
        backup, ids = self.chosen, [each.id for each in self.chosen_articles]
        if backup is not None and ids:
            self.articles_wanted.emit(backup, ids)
            self._reopen(ids[0])

    def _reopen(self, article_id: int) -> None:
        """Compare again, and stay at the article."""
        self._open(self.backups.currentItem())
        for row in range(self.articles.topLevelItemCount()):
            item = self.articles.topLevelItem(row)
            if item is not None and item.data(0, _KEPT).id == article_id:
                self.articles.setCurrentItem(item, 0, CHOOSE)

    def _restore_all(self) -> None:
        backup = self.chosen
        if backup is not None:
            self.let_go()
            self.accept()
            self.all_wanted.emit(backup)


def _tree(name: str, columns: Sequence[str]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setItemDelegate(ClippedRows(tree))
    tree.setHeaderLabels(list(columns))
    tree.setRootIsDecorated(False)
    tree.setAllColumnsShowFocus(True)
    header = tree.header()
    header.setStretchLastSection(False)
    for column in range(len(columns)):
        header.setSectionResizeMode(column, header.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1 if columns[0] == "When" else 0, header.ResizeMode.Stretch)
    return tree


def _item(cells: Sequence[str], kept: object, numbers: Sequence[int]) -> QTreeWidgetItem:
    item = QTreeWidgetItem(list(cells))
    item.setData(0, _KEPT, kept)
    for column in numbers:
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def _backup_item(backup: Backup, files: Mapping[Path | None, str]) -> QTreeWidgetItem:
    facts = backup.facts
    held = [f"{facts.articles:,}", f"{facts.decisions:,}"] if facts else ["damaged", ""]
    cells = [words.backup_at(backup.at), words.backup_reason(backup.reason), *held]
    item = _item([*cells, files[backup.origin]] if files else cells, backup, (2, 3))
    item.setToolTip(len(cells), plain_tooltip(str(backup.origin or "") if files else ""))
    return item


def _article_item(then: Then) -> QTreeWidgetItem:
    since = "changed" if then.changed else "" if then.is_there else "not there now"
    cells = [then.title, words.article_state_title(then.state), f"{then.confirmed:,}", since]
    return _item(cells, then, (2,))
