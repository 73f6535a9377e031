"""What the memory knows: search it, correct it, bring lists in, take patterns out."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QWidget,
)

from annotator.errors import KnownError
from annotator.session import NEVER
from annotator.ui import words
from annotator.ui.counting import Counting
from annotator.ui.desk import Desk
from annotator.ui.dialogs.frame import Frame
from annotator.ui.dialogs.word_list import export_patterns, import_list
from annotator.ui.fields import ChoiceBox, Note
from annotator.ui.memory_menu import MemoryMenu
from annotator.ui.memory_table import MemoryModel, MemoryTable
from annotator.ui.plain import plain_label, tell
from annotator.ui.soon import soon
from annotator.ui.theme import Theme
from annotator.ui.timers import once_after

_WAIT = 80  # milliseconds after the last letter before the memory is searched
_ORDERS = (("Most decisions first", "use"), ("A to Z", "words"), ("Least sure first", "unsure"))

Key = Qt.Key


class MemoryDialog(Frame):
    """The memory of the desk's project.

    :param keys: the keys in force, by action id; undo and redo work here too.
    """

    def __init__(self, parent: QWidget | None, desk: Desk, theme: Theme, keys: Mapping[str, Sequence[str]]) -> None:
        super().__init__(parent, "Memory")
        self._desk, self._theme = desk, theme
        self._counting: Counting | None = None
        self._asked: tuple[str, str | None, str] | None = None  # what the rows answer
        self.model = MemoryModel(theme, desk.hues)
        self.table = MemoryTable(self.model, theme)
        self.field = QLineEdit(placeholderText="Search words", clearButtonEnabled=True)
        self.field.setAccessibleName("Search words")
        self.label_box, self.order_box = ChoiceBox(), ChoiceBox()
        self.note = Note()
        self._empty = plain_label("", centred=True, dim=True)
        self._pages = QStackedWidget()
        self._menu = MemoryMenu(self, desk, theme, self.relabel, self.forget)
        self._soon = soon(self, self.refresh)
        self._wait = once_after(self, _WAIT)
        self._fill_boxes()
        self._lay_out()
        self._connect()
        self._add_keys(keys)
        self.make_room(112, 34)
        self.refresh()

    def _fill_boxes(self) -> None:
        self.label_box.addItem("All labels", None)
        for label in self._desk.session.all_labels:
            self.label_box.addItem(label.name, label.name)
        self.label_box.addItem("Never an entity", NEVER)
        for title, order in _ORDERS:
            self.order_box.addItem(title, order)
        self.label_box.setAccessibleName("Label")
        self.order_box.setAccessibleName("Order")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.label_box)
        row.addWidget(self.order_box)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        self.column.addLayout(row)
        self.column.addWidget(self._pages, 1)
        self.column.addWidget(self.note)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.add_button = self.buttons.addButton("Add…", role)
        self.import_button = self.buttons.addButton("Import list…", role)
        self.export_button = self.buttons.addButton("Export patterns…", role)

    def _connect(self) -> None:
        self._wait.timeout.connect(self.refresh)
        self.field.textChanged.connect(lambda _text: self._wait.start())
        self.label_box.activated.connect(lambda _at: self.refresh())
        self.order_box.activated.connect(lambda _at: self.refresh())
        self.table.typed.connect(self._search_for)
        self.table.customContextMenuRequested.connect(self._open_menu_at)
        self.table.doubleClicked.connect(lambda _index: self.open_menu())
        self.add_button.clicked.connect(lambda: self.add())
        self.import_button.clicked.connect(lambda: self._safely(self._import))
        self.export_button.clicked.connect(lambda: self._safely(lambda: export_patterns(self, self._desk.session)))
        self._desk.memory_changed.connect(self.refresh)
        # its own methods, so that nothing reaches the dialog once it is gone
        self._desk.rows_changed.connect(self._on_rows)
        self._desk.said.connect(self._say)
        self._desk.failed.connect(self._on_refused)

    def _add_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        desk, session = self._desk, self._desk.session
        undo = partial(desk.replay, session.undo, words.NOTHING_TO_UNDO)
        redo = partial(desk.replay, session.redo, words.NOTHING_TO_REDO)
        for key, again in (*((key, undo) for key in keys["undo"]), *((key, redo) for key in keys["redo"])):
            QShortcut(QKeySequence(key), self).activated.connect(again)
        self.field.installEventFilter(self)
        for label in session.labels:
            if label.key:
                self._on(self.table, label.key.upper(), partial(self.relabel, label.name))
        self._on(self.table, Key.Key_Delete, lambda: self.relabel(None))
        self._on(self.table, Key.Key_Backspace, self.forget)
        for enter in (Key.Key_Return, Key.Key_Enter):
            self._on(self.table, enter, self.open_menu)
            self._on(self.field, enter, self._enter)
        self._on(self.field, Key.Key_Down, self._to_table)
        self._on(self.field, Key.Key_Escape, lambda: self.field.clear() if self.field.text() else self.reject())

    @staticmethod
    def _on(widget: QWidget, key: Key | str, do: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), widget, context=Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(do)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo is the project's, in the search field too."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoing = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in undoing):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.accept_button.setDefault(False)  # Enter belongs to the table
        self.accept_button.setAutoDefault(False)
        self.field.setFocus()

    def done(self, result: int) -> None:
        if self._counting is not None:
            self._counting.stop()
            self._counting = None
        self._wait.stop()
        super().done(result)

    # What is shown

    def _on_rows(self, _ids: frozenset[int]) -> None:
        self._soon()

    def refresh(self) -> None:
        """Show what is known now; where decisions have to be counted first, a moment later."""
        self._wait.stop()
        is_counted = self._desk.session.memory.is_counted
        self.export_button.setEnabled(is_counted)
        if is_counted:
            self._show()
        elif self._counting is None:
            self._counting = Counting(self._desk.session.memory, self)
            self._counting.counted.connect(self._on_counted)
            self._counting.failed.connect(self._on_failed)
            self._counting.start()
            self._say(words.COUNTING)
            if not self.model.rowCount():
                self._show_instead(words.COUNTING)

    def _on_counted(self) -> None:
        self._counting = None
        self.refresh()

    def _on_failed(self, error: KnownError) -> None:
        self._counting = None
        tell(self, error)

    def _show(self) -> None:
        asked = (self.field.text(), self.label_box.currentData(), str(self.order_box.currentData()))
        search, label, order = asked
        found = self._desk.session.memory.entries(search, label, limit=None, order=order)
        chosen, row = self.table.chosen(), self.table.currentIndex().row()
        if self.model.show(found, anew=asked != self._asked):
            at = self.model.row_of(chosen[0].surface) if chosen else -1
            self.table.choose(at if at >= 0 else row if asked == self._asked else 0)
        self._asked = asked
        if found:
            self._pages.setCurrentIndex(0)
        else:
            self._show_instead(words.NOTHING_MATCHES if search or label is not None else words.EMPTY_MEMORY)
        self._say()

    def _on_refused(self, error: KnownError) -> None:
        """The window's bar is behind the dialog."""
        self._say(error.plain)

    def _show_instead(self, text: str) -> None:
        self._empty.setText(text)
        self._pages.setCurrentIndex(1)

    def _say(self, text: str = "") -> None:
        rows = self.model.rowCount()
        count = "1 entry" if rows == 1 else f"{rows:,} entries"
        hint = text or (words.MEMORY_KEYS if rows else "")
        self.note.setText("  ·  ".join(filter(None, (count, hint))))

    # Keys and buttons

    def _search_for(self, text: str) -> None:
        self.field.setFocus()
        self.field.setText(text)

    def _to_table(self) -> None:
        self.refresh()
        if self.model.rowCount():
            self.table.setFocus()

    def _enter(self) -> None:
        """Go to the words that were typed; where the memory lacks them, add them."""
        self.refresh()
        row = self.model.row_of(self.field.text().strip())
        if row >= 0:
            self.table.choose(row)
            self.table.setFocus()
        elif self.field.text().strip():
            self.add()

    def add(self) -> None:
        """Choose what the words in the search field are."""
        surface = self.field.text().strip()
        if not surface:
            self.field.setFocus()
            self._say("Type the words to add.")
            return
        below = self.field.mapToGlobal(QPoint(0, self.field.height()))
        self._menu.ask_label(below, lambda label: self._set([(surface, False)], label))

    def relabel(self, label: str | None) -> None:
        """The chosen entries have this label; None: are never an entity."""
        if chosen := self.table.chosen():
            self._set([entry.key for entry in chosen], label)

    def _set(self, keys: Sequence[tuple[str, bool]], label: str | None) -> None:
        self._desk.attempt(lambda: self._desk.session.memory.set_all(keys, label))

    def forget(self) -> None:
        """Take back what was said of the chosen words by hand."""
        keys = [entry.key for entry in self.table.chosen() if entry.pattern is not None]
        if keys:
            self._desk.attempt(lambda: self._desk.session.memory.remove_all(keys))
        else:
            self._say("This was learned from decisions; Del keeps it from being suggested.")

    def open_menu(self) -> None:
        """All that can be done to the chosen entries."""
        row = self.table.visualRect(self.table.currentIndex())
        self._open_menu_at(QPoint(row.left() + 24, row.bottom()))

    def _open_menu_at(self, at: QPoint) -> None:
        if chosen := self.table.chosen():
            self._menu.open(self.table.viewport().mapToGlobal(at), chosen)

    def _import(self) -> None:
        if summary := import_list(self, self._desk.session):
            self._say(summary)

    def _safely(self, work: Callable[[], object]) -> None:
        try:
            work()
        except KnownError as error:
            tell(self, error)


def show_memory(parent: QWidget, desk: Desk, theme: Theme, keys: Mapping[str, Sequence[str]]) -> None:
    """Show the memory until it is closed."""
    MemoryDialog(parent, desk, theme, keys).asked()
