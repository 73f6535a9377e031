"""Errors nobody expected, in the window: each is told without an article's words, and again at the next start."""

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMessageLogContext, Qt, QThread, QtMsgType
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton, QTextEdit, QWidget

from annotator import last_words, paths
from annotator.errors import KnownError
from annotator.store.complaints import known_error
from annotator.ui import crash
from annotator.ui.plain import tell_report
from tests.ui.conftest import TEXT

LEFT = Qt.MouseButton.LeftButton
ABOUT = (
    "Go on working. The report below says where in the program it happened, and nothing of your articles. "
    "It is sent to nobody: copy it for whoever can mend it."
)
Start = Callable[[], crash.CrashReport]


@pytest.fixture
def parent(qt_app: Any) -> Iterator[QWidget]:
    """What messages stand on."""
    widget = QWidget()
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of all message boxes, none of which waits."""
    words: list[str] = []

    def note(box: QMessageBox) -> int:
        assert box.textFormat() == Qt.TextFormat.PlainText
        words.append(f"{box.text()}\n{box.informativeText()}{box.detailedText()}".strip())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", note)
    return words


@pytest.fixture
def watched(qt_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts watching over one run after the other; leaves the handlers of the tests as they were."""
    monkeypatch.setattr(last_words.faulthandler, "enable", lambda *_: None)
    running: list[tuple[crash.CrashReport, last_words.LastWords]] = []

    def end() -> None:
        for report, words in running:
            report.close()
            words.close()
        running.clear()

    def start() -> crash.CrashReport:
        end()
        words = last_words.LastWords(last_words.WINDOW)
        running.append((crash.CrashReport(words), words))
        return running[0][0]

    yield start
    end()


def written() -> str:
    """What all crash files hold."""
    return "\n".join(file.read_text("utf-8") for file in paths.crash_dir().iterdir())


def fail_in_a_slot() -> None:
    """A bug that quotes an article."""
    raise ValueError(TEXT)


@pytest.fixture
def buggy(parent: QWidget) -> QPushButton:
    """A button whose slot fails."""
    made = QPushButton("Fail", parent)
    made.clicked.connect(fail_in_a_slot)
    made.show()
    return made


@pytest.mark.expects_log
def test_an_error_in_a_slot_is_told_without_the_articles_words_and_again_next_time(
    watched: Start, parent: QWidget, buggy: QPushButton, told: list[str]
) -> None:
    watched().watch(parent)
    assert told == []
    QTest.mouseClick(buggy, LEFT)
    for report in (told[0], written()):
        assert "ValueError" in report
        assert "fail_in_a_slot" in report
        assert "Alibaba" not in report
    assert told[0].startswith(f"Something went wrong. Nothing decided was lost.\n\n{ABOUT}\n")
    next_run = watched()
    next_run.watch(parent)
    assert len(told) == 2
    assert told[1].startswith(f"The last run ended unexpectedly. Nothing decided was lost.\n\n{ABOUT}\n")
    assert "fail_in_a_slot" in told[1]
    next_run.watch(parent)
    assert len(told) == 2


def test_the_report_is_seen_without_asking_for_it(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def look(box: QMessageBox) -> int:
        box.show()
        seen.extend(field.toPlainText() for field in box.findChildren(QTextEdit) if field.isVisible())
        box.close()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", look)
    tell_report(parent, "Something went wrong.", "in main: ValueError")
    assert seen == ["in main: ValueError"]


@pytest.mark.expects_log
def test_an_error_that_comes_again_is_told_once(
    watched: Start, parent: QWidget, buggy: QPushButton, told: list[str]
) -> None:
    watched().watch(parent)
    for _ in range(3):
        QTest.mouseClick(buggy, LEFT)
    assert len(told) == 1
    assert written().count("ValueError\n") == 1


def in_a_thread() -> None:
    thread = threading.Thread(target=fail_in_a_slot)
    thread.start()
    thread.join()


def in_a_thread_of_qt() -> None:
    class Failing(QThread):
        def run(self) -> None:
            fail_in_a_slot()

    thread = Failing()
    thread.start()
    assert thread.wait(5000)


def while_it_is_thrown_away() -> None:
    class Failing:
        def __del__(self) -> None:
            fail_in_a_slot()

    Failing()


@pytest.mark.expects_log
@pytest.mark.parametrize("fail", [in_a_thread, in_a_thread_of_qt, while_it_is_thrown_away])
def test_an_error_behind_the_window_is_written_and_not_told(
    watched: Start, parent: QWidget, told: list[str], fail: Callable[[], None]
) -> None:
    watched().watch(parent)
    fail()
    assert "ValueError" in written()
    assert "fail_in_a_slot" in written()
    assert "Alibaba" not in written()
    assert told == []


def test_what_qt_ends_the_program_for_is_written_up_to_what_it_quotes(
    watched: Start, parent: QWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    report = watched()
    report._on_qt_message(QtMsgType.QtWarningMsg, QMessageLogContext(), "a warning")
    assert "a warning" not in written()
    report._on_qt_message(QtMsgType.QtFatalMsg, QMessageLogContext(), "QThread: Destroyed while 'Alibaba' runs")
    assert "QThread: Destroyed while …" in written()
    assert "Alibaba" not in written()
    assert capsys.readouterr().err == "a warning\nQThread: Destroyed while …\n"


@pytest.mark.expects_log
def test_a_known_error_is_no_bug(watched: Start, parent: QWidget, told: list[str]) -> None:
    watched().watch(parent)
    sys.excepthook(KnownError, KnownError("The disk is full.", "Make room."), None)
    assert told == ["The disk is full.\n\nMake room."]
    assert "KnownError" not in written()


def test_an_orderly_end_leaves_no_report_and_all_handlers_as_they_were(watched: Start, parent: QWidget) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    report = watched()
    assert sys.excepthook != before[0]
    report.close()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    watched()
    assert len(list(paths.crash_dir().iterdir())) == 1


def test_a_file_that_turns_out_damaged_is_no_bug(
    open_window: Any, project: Any, told: list[str], watched: Start
) -> None:
    """As where a disk fails while an article is read, outside of any decision."""
    window = open_window(project)
    report = watched()
    report.watch(window)
    try:
        sqlite3.connect(":memory:").execute("PRAGMA user_version = x y")
    except sqlite3.Error as error:
        ours = error
    damage = sqlite3.DatabaseError("database disk image is malformed")
    damage.sqlite_errorname = "SQLITE_CORRUPT"
    for _ in range(2):
        sys.excepthook(type(damage), damage, None)
    assert len(told) == 1
    assert told[0].startswith("news.annot is damaged")
    assert "annotator backups" in told[0]
    project.unlink()
    other = sqlite3.DatabaseError("disk I/O error")
    other.sqlite_errorname = "SQLITE_IOERR_READ"
    sys.excepthook(type(other), other, None)
    assert len(told) == 1
    assert window.safety.bar.has("moved")
    assert known_error(ours, project) is None
