"""The window on the memory, by real keys on a real project."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QToolTip, QWidget

from annotator.errors import KnownError
from annotator.model.pattern import Pattern
from annotator.session import Entry, Session
from annotator.store import memory as rows
from annotator.ui import words
from annotator.ui.counting import Counting
from annotator.ui.desk import Desk
from annotator.ui.dialogs.import_report import ImportReportDialog
from annotator.ui.dialogs.memory import MemoryDialog
from annotator.ui.dialogs.word_list import ListDialog, PatternsDialog
from annotator.ui.memory_table import FROM, LABEL, SURE, WORDS
from annotator.ui.theme import Theme
from tests.ui.conftest import Open
from tests.ui.hands import MARKUP, activate, eventually, kept, nameless, press, rich_labels

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEYS = {"undo": ("Ctrl+Z",), "redo": ("Ctrl+Shift+Z", "Ctrl+Y")}
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qt_app: Any, project: Path) -> Iterator[Desk]:
    """A desk on the project; Alibaba was confirmed, and three entries were made by hand."""
    with Session.open(project, annotator="ana") as session:
        session.add(1, 0, 7, "ORG", everywhere=True)
        session.memory.set("Reuters", "ORG")
        session.memory.set("may", None, any_case=True)
        session.memory.set(MARKUP, "LOC")
        made = Desk(session)
        yield made
        made.deleteLater()
        qt_app.sendPostedEvents(made, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_memory(qt_app: Any, desk: Desk) -> Iterator[Callable[..., MemoryDialog]]:
    """Opens the dialog, and waits until decisions are counted."""
    opened: list[MemoryDialog] = []

    def make(theme: Theme | None = None) -> MemoryDialog:
        dialog = MemoryDialog(None, desk, theme or Theme(), KEYS)
        opened.append(dialog)
        dialog.show()
        activate(dialog)
        eventually(lambda: desk.session.memory.is_counted and not dialog._counting)
        return dialog

    yield make
    for dialog in opened:
        dialog.done(0)
        dialog.deleteLater()
        qt_app.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


@pytest.fixture
def dialog(open_memory: Callable[..., MemoryDialog]) -> MemoryDialog:
    return open_memory()


def cells(dialog: MemoryDialog, column: int = WORDS) -> list[str]:
    model = dialog.model
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.index(row, column).data(role) for row in range(model.rowCount())]


def labels(dialog: MemoryDialog) -> dict[str, str]:
    return dict(zip(cells(dialog), cells(dialog, LABEL), strict=True))


def go_to(dialog: MemoryDialog, surface: str) -> None:
    dialog.table.choose(dialog.model.row_of(surface))
    dialog.table.setFocus()


def chosen(dialog: MemoryDialog) -> list[str]:
    return [entry.surface for entry in dialog.table.chosen()]


def in_menu(text: str, then: Callable[[QMenu], object] | None = None) -> None:
    """Choose an entry of the menu that opens next, by keys."""

    def go(tries: int = 200) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            if tries:
                QTimer.singleShot(5, lambda: go(tries - 1))
            return
        if then is not None:
            then(menu)
        entry = next(each for each in menu.actions() if each.text().startswith(text))
        menu.setActiveAction(entry)
        QTest.keyClick(menu, Key.Key_Return)
        menu.close()

    QTimer.singleShot(5, go)


def test_the_table_says_what_is_known(dialog: MemoryDialog) -> None:
    assert cells(dialog) == ["Alibaba", MARKUP, "may", "Reuters"]
    assert labels(dialog)["may"] == "never an entity"
    assert cells(dialog, FROM) == ["1 article", "by hand", "by hand, any case", "by hand"]
    assert cells(dialog, SURE) == ["94%", "83%", "83%", "83%"]
    assert dialog.note.text().startswith("4 entries")
    assert dialog.field.hasFocus()


def test_letters_search_wherever_the_keyboard_is(dialog: MemoryDialog) -> None:
    QTest.keyClicks(dialog.field, "ali")
    eventually(lambda: cells(dialog) == ["Alibaba"])
    press(dialog, Key.Key_Down)
    assert dialog.table.hasFocus()
    assert chosen(dialog) == ["Alibaba"]
    QTest.keyClicks(dialog.table, "r")
    assert dialog.field.hasFocus()
    QTest.keyClicks(dialog.field, "eut")
    eventually(lambda: cells(dialog) == ["Reuters"])
    press(dialog, Key.Key_Escape)
    eventually(lambda: len(cells(dialog)) == 4)
    assert dialog.isVisible()
    press(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def test_keys_relabel_suppress_forget_and_undo(dialog: MemoryDialog, desk: Desk) -> None:
    go_to(dialog, "Alibaba")
    press(dialog, Key.Key_3)
    assert labels(dialog)["Alibaba"] == "LOC"
    assert chosen(dialog) == ["Alibaba"]
    press(dialog, Key.Key_Delete)
    assert labels(dialog)["Alibaba"] == "never an entity"
    press(dialog, Key.Key_Backspace)
    assert labels(dialog)["Alibaba"] == "ORG"
    press(dialog, Key.Key_Backspace)
    assert "learned from decisions" in dialog.note.text()
    assert desk.session.next_step("undo") == "memory_forget"
    for expected in ("never an entity", "LOC", "ORG"):
        press(dialog, Key.Key_Z, CTRL)
        assert labels(dialog)["Alibaba"] == expected
    press(dialog, Key.Key_Y, CTRL)
    assert labels(dialog)["Alibaba"] == "LOC"
    assert cells(dialog)[0] == "Alibaba", "rows keep their places"


def test_undo_in_the_search_field_is_the_projects(dialog: MemoryDialog) -> None:
    QTest.keyClicks(dialog.field, "reu")
    eventually(lambda: cells(dialog) == ["Reuters"])
    press(dialog, Key.Key_Z, CTRL)  # takes back the entry that was made last
    press(dialog, Key.Key_Z, CTRL)
    press(dialog, Key.Key_Z, CTRL)
    assert dialog.field.text() == "reu"
    assert cells(dialog) == []


def test_undoing_a_decision_counts_again(dialog: MemoryDialog) -> None:
    for _ in range(4):
        press(dialog, Key.Key_Z, CTRL)
    eventually(lambda: cells(dialog) == [])
    assert dialog._empty.text() == words.EMPTY_MEMORY
    press(dialog, Key.Key_Z, CTRL | SHIFT)
    eventually(lambda: cells(dialog) == ["Alibaba"])


def test_several_rows_are_one_step(dialog: MemoryDialog, desk: Desk) -> None:
    dialog.table.selectAll()
    dialog.table.setFocus()
    press(dialog, Key.Key_2)
    assert set(labels(dialog).values()) == {"ORG"}
    press(dialog, Key.Key_Z, CTRL)
    assert labels(dialog) == {"Alibaba": "ORG", MARKUP: "LOC", "may": "never an entity", "Reuters": "ORG"}


def test_the_menu_of_a_row(dialog: MemoryDialog, desk: Desk) -> None:
    go_to(dialog, "Reuters")
    in_menu("MISC")
    press(dialog, Key.Key_Return)
    activate(dialog)
    assert labels(dialog)["Reuters"] == "MISC"
    in_menu("In any casing")
    press(dialog, Key.Key_Enter)
    activate(dialog)
    assert cells(dialog, FROM)[cells(dialog).index("Reuters")] == "by hand, any case"
    assert dialog.isVisible(), "Enter does not close"
    go_to(dialog, "Alibaba")
    enabled: list[bool] = []
    in_menu("Never", lambda menu: enabled.extend(entry.isEnabled() for entry in menu.actions()[-2:]))
    press(dialog, Key.Key_Return)
    activate(dialog)
    assert enabled == [False, False], "nothing was said by hand"
    assert labels(dialog)["Alibaba"] == "never an entity"


def test_words_are_added_from_the_search_field(dialog: MemoryDialog) -> None:
    QTest.keyClicks(dialog.field, "European Bank")
    eventually(lambda: cells(dialog) == [])
    assert dialog._empty.text() == words.NOTHING_MATCHES
    in_menu("ORG")
    press(dialog, Key.Key_Return)
    activate(dialog)
    assert labels(dialog) == {"European Bank": "ORG"}
    press(dialog, Key.Key_Return)
    assert chosen(dialog) == ["European Bank"]
    assert dialog.focusWidget() is dialog.table
    dialog.field.clear()
    QTest.mouseClick(dialog.add_button, LEFT)
    assert "Type the words" in dialog.note.text()
    assert dialog.field.hasFocus()


def test_filter_by_label_and_order(dialog: MemoryDialog) -> None:
    dialog.label_box.setFocus()
    while dialog.label_box.currentText() != "ORG":
        press(dialog, Key.Key_Down)
    assert cells(dialog) == ["Alibaba", "Reuters"]
    go_to(dialog, "Alibaba")
    press(dialog, Key.Key_3)
    assert cells(dialog) == ["Reuters"], "it belongs to another label now"
    assert chosen(dialog) == ["Reuters"]
    dialog.label_box.setFocus()
    press(dialog, Key.Key_End)
    assert cells(dialog) == ["may"]
    press(dialog, Key.Key_Home)
    dialog.order_box.setFocus()
    press(dialog, Key.Key_Down)
    assert cells(dialog) == [MARKUP, "Alibaba", "may", "Reuters"]


def test_texts_are_plain_and_everything_has_a_name(dialog: MemoryDialog) -> None:
    assert rich_labels(dialog) == []
    assert nameless(dialog) == []
    row = dialog.model.row_of(MARKUP)
    tip = dialog.model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>x" not in tip
    assert "&lt;b&gt;x" in tip
    QToolTip.hideText()


def test_what_the_tip_says() -> None:
    learned = Entry("Alibaba", "ORG", 4, 2, 1, (("LOC", 1),), 0.5, None, 3, "2026-01-31T09:30:00Z", "ana")
    lines = words.remembered(learned).splitlines()
    assert lines[:4] == ["“Alibaba”  ORG", "confirmed as ORG: 2", "confirmed as LOC: 1", "rejected: 1"]
    assert lines[4].startswith("in 3 articles, last by ana, 31 Jan 2026")
    by_hand = Entry("may", None, pattern=Pattern("may", None, True, "months.txt"))
    assert words.remembered(by_hand) == "“may”  never an entity\nfrom months.txt, in any casing"


def test_a_narrow_dialog_keeps_room_for_the_words(dialog: MemoryDialog) -> None:
    dialog.resize(1000, 500)
    eventually(lambda: not dialog.table.isColumnHidden(FROM))
    dialog.resize(300, 360)
    eventually(lambda: dialog.table.isColumnHidden(FROM))
    assert dialog.table.columnWidth(WORDS) > 60


@pytest.mark.parametrize("dark", [False, True])
def test_the_bar_is_as_long_as_the_entry_is_sure(open_memory: Callable[..., MemoryDialog], dark: bool) -> None:
    theme = Theme(dark)
    dialog = open_memory(theme)
    picture = dialog.table.viewport().grab().toImage()

    def blue(row: int) -> int:
        rect = dialog.table.visualRect(dialog.model.index(row, SURE))
        y = rect.center().y() + 1
        return sum(picture.pixelColor(x, y) == theme.accent for x in range(rect.left(), rect.right()))

    assert blue(0) > blue(1) > 20


def test_thousands_of_rows_are_shown_at_once(dialog: MemoryDialog, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text("\n".join(f"Name {n}" for n in range(5000)))
    desk.session.memory.import_list(tmp_path / "many.txt", "PER")
    eventually(lambda: dialog.model.rowCount() == 5004)
    assert dialog.note.text().startswith("5,004 entries")
    began = time.process_time()
    for at in range(0, 100_000, 10_000):
        dialog.table.verticalScrollBar().setValue(at)
        dialog.table.viewport().grab()
    assert time.process_time() - began < 1.5  # seconds; 0.2 where nothing else runs


# Lists and patterns


@pytest.fixture
def when_asked(qt_app: Any) -> Callable[..., None]:
    """Has the next modal dialogs answered by functions, one after the other."""

    def schedule(*answers: Callable[[Any], object], tries: int = 400) -> None:
        def go() -> None:
            dialog = QApplication.activeModalWidget()
            if tries and dialog is None:
                schedule(*answers, tries=tries - 1)
                return
            try:
                answers[0](dialog)
            finally:
                if answers[1:]:
                    schedule(*answers[1:])
                if dialog is not None and dialog.isVisible():
                    dialog.close()

        QTimer.singleShot(5, go)

    return schedule


def test_a_list_is_imported(
    dialog: MemoryDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when_asked: Callable[..., None]
) -> None:
    path = tmp_path / "firms.txt"
    path.write_text("BNN\nAcme\tFIRM\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    seen: list[str] = []

    def choose(asked: ListDialog) -> None:
        assert asked.windowTitle() == "Import firms.txt"
        asked.label.setCurrentText("ORG")
        QTest.keyClick(asked, Key.Key_Return)

    def read(report: ImportReportDialog) -> None:
        seen.append(report.as_text())

    when_asked(choose, read)
    QTest.mouseClick(dialog.import_button, LEFT)
    assert seen == ["firms.txt:2\tleft out\tthe project has no label FIRM"]
    assert labels(dialog)["BNN"] == "ORG"
    assert "1 of 2 entries put into the memory" in dialog.note.text()
    activate(dialog)
    press(dialog, Key.Key_Z, CTRL)
    assert "BNN" not in labels(dialog)


def test_importing_can_be_left(
    dialog: MemoryDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when_asked: Callable[..., None]
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    QTest.mouseClick(dialog.import_button, LEFT)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "no.txt"), ""))
    when_asked(lambda asked: QTest.keyClick(asked, Key.Key_Escape))
    QTest.mouseClick(dialog.import_button, LEFT)
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    when_asked(lambda asked: QTest.keyClick(asked, Key.Key_Return))
    QTest.mouseClick(dialog.import_button, LEFT)
    assert len(told) == 1
    assert "cannot be read" in told[0]
    assert len(cells(dialog)) == 4


def test_patterns_are_exported(
    dialog: MemoryDialog, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when_asked: Callable[..., None]
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    notes: list[str] = []

    def choose(asked: PatternsDialog) -> None:
        notes.append(asked.note.text())
        asked.count.setText("9")
        notes.append(asked.note.text())
        asked.path.setText(str(tmp_path / "out.jsonl"))
        QTest.keyClick(asked, Key.Key_Return)

    when_asked(choose)
    QTest.mouseClick(dialog.export_button, LEFT)
    assert "3 patterns written" in notes[0]
    assert "2 patterns written, 1 less sure" in notes[1]
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
    assert "2 patterns written" in told[0]


# Counting, and the window


def test_counting_is_given_up_with_the_dialog(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def never_done(path: Path, stop: Callable[[], bool]) -> None:
        while not stop():
            asked.append(True)
        raise rows.StoppedError

    monkeypatch.setattr(rows, "evidence", never_done)
    dialog = MemoryDialog(None, desk, Theme(), KEYS)
    dialog.show()
    eventually(lambda: asked)
    assert dialog._empty.text() == words.COUNTING
    counting = dialog._counting
    dialog.done(0)
    assert counting is not None
    assert counting.isFinished()
    dialog.deleteLater()


def test_a_file_that_cannot_be_counted_is_told_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, stop: Callable[[], bool]) -> None:
        raise KnownError("The file is damaged.")

    monkeypatch.setattr(rows, "evidence", broken)
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    dialog = MemoryDialog(None, desk, Theme(), KEYS)
    dialog.show()
    eventually(lambda: told)
    assert told == ["The file is damaged."]
    dialog.done(0)
    dialog.deleteLater()


def test_a_bug_in_counting_is_not_swallowed(qt_app: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(path: Path, stop: Callable[[], bool]) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(rows, "evidence", bug)
    parent = QWidget()
    counting = Counting(desk.session.memory, parent)
    counting.run()
    with pytest.raises(ZeroDivisionError):
        counting._on_finished()
    parent.deleteLater()


def test_it_opens_from_the_window(open_window: Open, project: Path, when_asked: Callable[..., None]) -> None:
    window = open_window(project)
    seen: list[list[str]] = []

    def look(dialog: MemoryDialog) -> None:
        activate(dialog)
        eventually(lambda: not dialog._counting)
        QTest.keyClicks(dialog.field, "Oslo")
        in_menu("LOC")
        press(dialog, Key.Key_Return)
        activate(dialog)
        seen.append(cells(dialog))
        QTest.keyClick(dialog, Key.Key_Escape)

    when_asked(look)
    QTest.keyClick(window, Key.Key_M, CTRL)
    assert seen == [["Oslo"]]
    assert window.desk.session.memory.patterns()[0].label == "LOC"
    activate(window)
    press(window, Key.Key_Z, CTRL)
    assert window.desk.session.memory.patterns() == []
    assert window.findChild(MemoryDialog) is None
    press(window, Key.Key_Space)  # what is decided now reaches no dialog that is gone
    QTest.qWait(80)
    assert len(kept(window)) == 1


def test_what_was_refused_is_said_in_the_dialog(dialog: MemoryDialog, desk: Desk) -> None:
    connection = desk.session.project.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [(f"Alibaba number {number}", False) for number in range(2000)]
    desk.attempt(lambda: desk.session.memory.set_all(many, "ORG"))
    assert "The disk is full: this was NOT saved. Everything before it is. Make room" in dialog.note.text()
    assert desk.refused_steps == ["change of the memory"]
