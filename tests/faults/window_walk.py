"""Goes through the whole window with a bait in every text from outside: every menu, dialog, tip, list and field.

What is there is asked of the program: all ACTIONS are run, and all classes of widgets in `annotator.ui` have to be
seen. A dialog that no action reaches on its own is made in `alone`.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from canary import HOST, Bait, is_letter_by_letter
from PySide6.QtCore import QAbstractListModel, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAccessible, QDesktopServices, QDropEvent, QGuiApplication, QHelpEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QToolTip,
    QWidget,
)
from shiboken6 import isValid

import annotator.ui
from annotator import settings
from annotator.errors import KnownError
from annotator.exporters import EXPORTERS
from annotator.exporters.base import Ledger
from annotator.importers import IMPORTERS
from annotator.importers.looking import Found
from annotator.model.elsewhere import Correction
from annotator.model.label import Label, Scheme
from annotator.model.offsets import Unit
from annotator.session import ImportReport, ReportLine, Session
from annotator.session.elsewhere import Place
from annotator.session.outcome import ExportReport
from annotator.settings import Settings
from annotator.ui import keys, words
from annotator.ui.actions import ACTIONS
from annotator.ui.app import application
from annotator.ui.dialogs.elsewhere import ElsewhereDialog
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.export_report import ExportReportDialog
from annotator.ui.dialogs.import_options import ImportDialog
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.labels import LabelEditor
from annotator.ui.dialogs.memory import MemoryDialog
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.offset_unit import UnitDialog
from annotator.ui.dialogs.progress import Progress
from annotator.ui.dialogs.shortcuts import ShortcutSheet
from annotator.ui.dialogs.training import TrainingDialog
from annotator.ui.dialogs.twins import TwinsDialog
from annotator.ui.dialogs.unknown_labels import UnknownLabelsDialog
from annotator.ui.dialogs.word_list import ListDialog, PatternsDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.notice_bar import ERROR, Notice, NoticeBar
from annotator.ui.plain import ask, tell, tell_plainly, tell_report
from annotator.ui.theme import Theme

LAST, SKIPPED = "quit", {"train"}  # the training's dialog is made alone: it would ask for all pipelines
_EVERY = 15  # milliseconds, after which a dialog that came up is looked at


def widget_classes() -> set[type[QWidget]]:
    """All classes of widgets that the window is made of."""
    found = set()
    for module in pkgutil.walk_packages(annotator.ui.__path__, "annotator.ui."):
        for each in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(each) and issubclass(each, QWidget) and each.__module__.startswith("annotator.ui"):
                found.add(each)
    return found


# Looking at a widget


class Walk:
    """What was seen, and what was wrong with it.

    :param pictures: a folder for a picture of each dialog; None for none.
    """

    def __init__(self, bait: Bait, pictures: Path | None = None) -> None:
        self.bait, self._pictures = bait, pictures
        self.seen: set[type] = set()
        self.wrong: list[str] = []
        self.opened: list[str] = []
        self.looked_at: Counter[str] = Counter()
        self.accepts = False
        self._busy: set[int] = set()
        self._mime = mime(bait)  # an event does not keep it
        sys.excepthook = self._on_error
        QDesktopServices.openUrl = lambda url: (self.opened.append(url.toString()), True)[1]  # type: ignore[method-assign]
        application()
        QTimer.singleShot(_EVERY, self._on_time)

    def _on_error(self, kind: type[BaseException], error: BaseException, place: Any) -> None:
        self.wrong.append("".join(traceback.format_exception(kind, error, place))[-900:])

    def _on_time(self) -> None:
        """A dialog, a menu or a palette that came up is looked at and closed.

        Not by a timer that repeats: none fires while it is answered, and what is closed here may ask something.
        """
        QTimer.singleShot(_EVERY, self._on_time)
        shown = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if shown is None or id(shown) in self._busy:
            return
        self._busy.add(id(shown))
        try:
            self.look(shown)
            if isinstance(shown, QFileDialog):
                self._type_into(shown)
        finally:
            self._close(shown)
            self._busy.discard(id(shown))

    def _type_into(self, dialog: QFileDialog) -> None:
        """What is pasted as the name of a file, Qt's dialog repeats in a message of its own."""
        fields = dialog.findChildren(QLineEdit)
        if fields:
            fields[0].setText(self.bait.file_name("typed"))
            dialog.accept()

    def _close(self, shown: QWidget) -> None:
        if isinstance(shown, QDialog) and self.accepts and not isinstance(shown, QFileDialog):
            shown.accept()
        elif isinstance(shown, QDialog):
            shown.reject()
            if isValid(shown) and shown.isVisible():  # it asked whether what was pasted may be lost
                shown.done(QDialog.DialogCode.Rejected)
        else:
            shown.close()

    def look(self, widget: QWidget) -> None:
        """All of a widget that is shown: painted, read aloud, hovered over, pasted and dropped into."""
        QApplication.processEvents()
        name = type(widget).__name__
        self.looked_at[name] += 1
        picture = widget.grab()
        if self._pictures is not None:
            picture.save(str(self._pictures / f"{name}-{self.looked_at[name]}.png"))
        for each in (widget, *widget.findChildren(QWidget)):
            if isValid(each) and each.isVisible():  # what is pasted may change what is there
                self.seen.update(type(each).__mro__)
                self._judge(each)
                self._hover(each)
                self._paste(each)
        for box in _boxes(widget):
            box.showPopup()
            QApplication.processEvents()
            for each in box.view().window().findChildren(QWidget):
                self._hover(each)
            box.hidePopup()
        read_aloud(widget)
        QApplication.processEvents()

    def _judge(self, widget: QWidget) -> None:
        tip = widget.toolTip()
        if not is_letter_by_letter(tip):
            self.wrong.append(f"the tool tip of {type(widget).__name__}: {tip}")
        is_tip = widget.inherits("QTipLabel")
        if isinstance(widget, QLabel) and not is_tip and widget.textFormat() is not Qt.TextFormat.PlainText:
            self.wrong.append(f"a label that guesses, in {type(widget.window()).__name__}: {widget.text()}")

    def _hover(self, widget: QWidget) -> None:
        for point in _places(widget):
            event = QHelpEvent(QEvent.Type.ToolTip, point, widget.mapToGlobal(point))
            QApplication.sendEvent(widget, event)
            if QToolTip.isVisible() and not is_letter_by_letter(QToolTip.text()):
                self.wrong.append(f"a tip over {type(widget).__name__}: {QToolTip.text()}")
            QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.WhatsThis, point, widget.mapToGlobal(point)))
        QToolTip.hideText()

    def _paste(self, widget: QWidget) -> None:
        if isinstance(widget, QLineEdit | QPlainTextEdit) and not widget.isReadOnly():
            before = widget.text() if isinstance(widget, QLineEdit) else widget.toPlainText()
            widget.paste()
            QApplication.sendEvent(getattr(widget, "viewport", lambda: widget)(), dropped(self._mime))
            widget.setText(before) if isinstance(widget, QLineEdit) else widget.setPlainText(before)


def _boxes(widget: QWidget) -> Iterator[QComboBox]:
    yield from (each for each in widget.findChildren(QComboBox) if each.isVisible() and each.count())


def _places(widget: QWidget) -> list[QPoint]:
    """Where to hover: over what has a tip, and over the rows of a list or table."""
    view = widget.parent()
    if isinstance(view, QAbstractItemView) and view.viewport() is widget:
        model = view.model()
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
        cells = [(row, column) for row in range(min(model.rowCount(), 6)) for column in range(columns)]
        return [view.visualRect(model.index(*cell)).center() for cell in cells]
    if isinstance(widget, QTabBar):
        return [widget.tabRect(at).center() for at in range(widget.count())]
    return [widget.rect().center()] if widget.toolTip() else []


def read_aloud(widget: QWidget, most: int = 400) -> None:
    """Ask for all that a screen reader would, in this widget and what is in it."""
    waiting = [QAccessible.queryAccessibleInterface(widget)]
    while waiting and most:
        interface, most = waiting.pop(), most - 1
        if interface is not None and interface.isValid():
            for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value):
                interface.text(kind)
            waiting += [interface.child(at) for at in range(min(interface.childCount(), 20))]


def mime(bait: Bait) -> QMimeData:
    """What another program puts on the clipboard."""
    data = QMimeData()
    data.setText(bait.text("pasted"))
    data.setHtml(bait.text("pasted-html"))
    data.setUrls([QUrl(f"http://{HOST}/x.jsonl"), QUrl(f"smb://{HOST}/x"), QUrl(f"ms-word:ofe|u|http://{HOST}/w")])
    return data


def dropped(data: QMimeData) -> QDropEvent:
    """Something is let fall at the upper left."""
    none = Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(3, 3), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)


# Dialogs that are not reached by an action alone


def alone(window: MainWindow, bait: Bait, folder: Path) -> dict[str, Callable[[], QWidget]]:
    """Each with baits wherever a text goes in."""
    text, short, theme = bait.text("dialog"), bait.short("dialog"), Theme()
    lines = [ReportLine(text, "skipped", text)]
    labels = [Label(short, "red", "q", text, (short,), id=1)]
    importer, exporter = replace(IMPORTERS[0], title=text, remark=text), replace(EXPORTERS[0], title=text, remark=text)
    correction = Correction(short, short, "ORG")
    place = Place(1, text, 0, 4, text, short, text, None, True)
    twins = window.desk.session.twins.groups()
    return {
        "labels": lambda: LabelEditor(window, labels, theme, frozenset(), text),
        "new": lambda: NewProjectDialog(window, [Scheme(short, text, tuple(labels))], [text], folder),
        "import": lambda: ImportDialog(window, Found(1, Counter({importer: 1})), [importer], True),
        "unknown": lambda: UnknownLabelsDialog(window, {short: 1}, labels, theme),
        "unit": lambda: UnitDialog(window, text, {Unit.UTF8: (text,), Unit.UTF16: ("",)}),
        "report": lambda: ImportReportDialog(window, ImportReport(skipped=1, lines=lines)),
        "export": lambda: ExportDialog(window, [exporter], folder, bait.file_name("export")),
        "exported": lambda: ExportReportDialog(
            window, ExportReport({text: Ledger(1, 1, 1, 1, [text])}, (text,)), folder / bait.file_name("folder")
        ),
        "elsewhere": lambda: ElsewhereDialog(window, correction, [place], theme, {short: "red"}),
        "list": lambda: ListDialog(window, folder / bait.file_name("list"), [short]),
        "patterns": lambda: PatternsDialog(window, window.desk.session),
        "twins": lambda: TwinsDialog(window, twins, 1, 1),
        "keys": lambda: ShortcutSheet(window, [(text, [(text, text)])], labels),
        "training": lambda: _training(window, bait),
        "memory": lambda: _memory(window),
        "notice": lambda: _notice(text),
    }


def _notice(text: str) -> QWidget:
    bar = NoticeBar()
    bar.put(text, Notice(ERROR, text, text, ((text, lambda: None),)))
    return bar


def _memory(window: MainWindow) -> QWidget:
    """With its table, which comes when all decisions are counted."""
    dialog = MemoryDialog(window, window.desk, Theme(), window.keys)
    dialog.show()
    until = time.monotonic() + 30
    while not dialog.table.isVisible() and time.monotonic() < until:
        QTest.qWait(_EVERY)
    return dialog


def _training(window: MainWindow, bait: Bait) -> QWidget:
    dialog, text = TrainingDialog(window, Theme()), bait.text("training")
    dialog.prepare(Path(f"/{bait.file_name('training')}"), text, True, [text], Path(f"/{bait.file_name('out')}"))
    score = {"p": 1.0, "r": 1.0, "f": 1.0}
    dialog.hear({"finished": {"score": score | {"labels": {text: score | {"spans": 1}}}, "before": None}})
    dialog.end(KnownError(text, text))
    return dialog


# The way through


def open_window(path: Path, bait: Bait) -> MainWindow:
    """The window on a project; its keys file complains of a bait, and its recent projects are baits."""
    keys.keys_file().write_text(json.dumps({bait.short("action"): ["X"], "skip": [bait.short("key-name")]}), "utf-8")
    recent = path.with_name(f"{bait.file_name('recent')}.annot")
    recent.touch()
    settings.remember(recent)
    window = MainWindow(Session.open(path, annotator=bait.short("annotator")), Settings())
    window.view.animated = False
    window.show()
    QTest.qWaitForWindowExposed(window)
    return window


@contextmanager
def accepting(walk: Walk) -> Iterator[None]:
    """What comes up is accepted, as far as it lets itself be."""
    walk.accepts = True
    yield
    walk.accepts = False


def walk_through(path: Path, batch: Path, walk: Walk) -> None:
    """All of the window, then its end."""
    bait, window = walk.bait, open_window(path, walk.bait)
    words._VERBS = dict.fromkeys(words._VERBS, bait.text("verb"))  # as a file of another program may have them
    QGuiApplication.clipboard().setMimeData(mime(bait))
    _read_on_the_way(window, walk)
    _menus(window, walk)
    for action in ACTIONS:
        if action.id != LAST and action.id not in SKIPPED:
            action.run(window)
            _settle(window, walk)
    for made in alone(window, bait, path.parent).values():
        dialog = made()
        dialog.show()
        walk.look(dialog)
        dialog.close()
        dialog.deleteLater()
    _messages(window, walk)
    with accepting(walk):
        window.files.import_paths([batch])
    _drop(window, walk)
    _print(window, path.parent)
    window.close()
    QApplication.processEvents()


def _settle(window: MainWindow, walk: Walk) -> None:
    """Let what an action opened without waiting for it come up, and be closed."""
    until = time.monotonic() + 5
    QApplication.processEvents()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            walk.look(dialog)
            dialog.close()
    while (QApplication.activePopupWidget() or QApplication.activeModalWidget()) and time.monotonic() < until:
        QTest.qWait(_EVERY)


def _read_on_the_way(window: MainWindow, walk: Walk) -> None:
    """Each article, with a span, a selection, the search and a filter."""
    for article_id in window.desk.session.article_ids():
        window.desk.open_article(article_id)
        window.desk.go(1)
        _over_the_article(window)
        walk.look(window)
        window.view.select(0, 10)
        window.copy()
    window.finder.open()
    window.articles.field.setText(walk.bait.short("filter"))
    window.status.say(walk.bait.text("status"))
    walk.look(window)
    window.articles.field.clear()
    _correct(window, walk)


def _over_the_article(window: MainWindow) -> None:
    article, viewport = window.desk.article, window.view.viewport()
    for span in article.spans:
        for rect in window.view.rects_of(span.start, span.end)[:1]:
            at = rect.center()
            QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
            QApplication.processEvents()


def _correct(window: MainWindow, walk: Walk) -> None:
    """A correction that could be made in another article: offered under the text, and shown by its action."""
    session = window.desk.session
    undecided = [each for each in session.article_ids() if session.article(each).suggested]
    window.desk.open_article(undecided[0])
    window.desk.go(1)
    window.desk.apply_label(walk.bait.short("label"), True)
    until = time.monotonic() + 30
    while not window.elsewhere.isVisible() and time.monotonic() < until:
        QTest.qWait(20)
    walk.look(window)


def _menus(window: MainWindow, walk: Walk) -> None:
    for menu in [*window.menuBar().findChildren(QMenu), window._recent]:
        menu.aboutToShow.emit()
        menu.popup(window.mapToGlobal(QPoint(10, 10)))
        _settle(window, walk)
    window.view.span_menu.emit(window.desk.current, window.mapToGlobal(QPoint(20, 20)))


def _messages(window: MainWindow, walk: Walk) -> None:
    text = walk.bait.text("message")
    tell(window, KnownError(text, text))
    tell_plainly(window, text, text)
    tell_report(window, text, text)
    ask(window, text, text, "Yes")
    window.desk.fail(KnownError(text, text))
    window.suggesting.failed.emit(KnownError(text, text))
    window.files.open_path(Path(window.desk.session.project.path.parent / walk.bait.file_name("missing")))
    with Progress(window, text, "record") as progress:
        progress._dialog.show()
        walk.look(progress._dialog)


def _drop(window: MainWindow, walk: Walk) -> None:
    data = mime(walk.bait)
    window.dropEvent(dropped(data))
    QApplication.processEvents()


def _print(window: MainWindow, folder: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(folder / "printed.pdf"))
    window.view.print_to(printer)
