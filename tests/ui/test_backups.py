"""Backups in the window: made while somebody decides and on closing, looked at, and gone back to; and the alarm."""

import errno
import json
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import paths
from annotator.session import Session
from annotator.settings import Settings
from annotator.store.backups import backups_of
from annotator.ui import backing_up
from annotator.ui.dialogs import backups
from annotator.ui.dialogs.backups import CHOOSE, BackupsDialog
from annotator.ui.dialogs.progress import CancelledError, Progress
from tests.ui.hands import MARKUP, eventually, kept, nameless, press, rich_labels

Key = Qt.Key


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was asked; each is answered with yes."""
    questions: list[tuple[str, str]] = []

    def yes(_parent: object, title: str, text: str, _yes: str, **_: object) -> bool:
        questions.append((title, text))
        return True

    monkeypatch.setattr(backing_up, "ask", yes)
    return questions


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was said in a box."""
    said: list[str] = []
    monkeypatch.setattr(backing_up, "tell_plainly", lambda _parent, title, text: said.append(f"{title} {text}"))
    return said


def dialog_of(window: Any) -> BackupsDialog:
    dialog = BackupsDialog(window, window.desk.session, window.looks.theme)
    window.backing_up.ended.connect(dialog.on_ended)
    dialog.show()
    return dialog


def texts(tree: Any) -> list[list[str]]:
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(tree.columnCount())] for item in items]


def wait(window: Any) -> None:
    eventually(lambda: not window.desk.session.backups.is_busy)
    QApplication.processEvents()


def test_closing_the_window_keeps_what_was_decided(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.confirm()
    window.close()
    found = backups_of(project)
    assert [each.reason for each in found] == ["close"]
    assert found[0].facts is not None
    assert found[0].facts.decisions == 1
    again = open_window(project)
    again.close()
    assert len(backups_of(project)) == 1  # nothing was decided


def test_the_one_on_closing_can_be_skipped(open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def skip(_self: Progress, done: int, total: int) -> None:
        raise CancelledError

    window = open_window(project)
    window.desk.confirm()
    monkeypatch.setattr(Progress, "step", skip)
    window.close()
    assert backups_of(project) == []
    assert not list(project.parent.glob("*-wal"))
    with Session.open(project) as session:
        assert session.backups.make().decisions == 1


def test_one_is_made_every_so_often_where_something_was_decided(open_window: Any, project: Path) -> None:
    window = open_window(project)
    timer = window.backing_up._timer
    assert timer.interval() == 30 * 60_000
    timer.timeout.emit()
    window.desk.confirm()
    wait(window)
    reasons = [each.reason for each in backups_of(project)]
    assert reasons == ["schedule"]  # of the import
    timer.timeout.emit()
    wait(window)
    timer.timeout.emit()
    wait(window)
    assert [each.reason for each in backups_of(project)] == ["schedule"] * 2
    window.looks.settings.set("backup_every", 0)
    window.looks.changed.emit()
    assert not timer.isActive()
    window.looks.settings.set("backup_every", 5)
    window.looks.changed.emit()
    assert (timer.isActive(), timer.interval()) == (True, 5 * 60_000)


def test_what_stands_in_the_way_is_said_once_and_stops_nobody(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage(1, 1, 0))
    window = open_window(project)
    said: list[str] = []
    window.desk.said.connect(said.append)
    for _ in range(3):
        window.desk.confirm()
        window.backing_up._timer.timeout.emit()
        wait(window)
    complaints = [line for line in said if "backup" in line]
    assert complaints == [
        f"The backup could not be made: {os.strerror(errno.ENOSPC)}. The project itself is untouched. "
        "Make room on the disk, or delete old backups."
    ]
    assert len(kept(window)) == 3
    window.close()


def test_the_dialog_shows_what_is_in_a_backup_and_brings_an_article_back(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.confirm()
    then = kept(window)
    window.desk.session.backups.make()
    window.desk.session.finish(1)
    dialog = dialog_of(window)
    assert [row[1:] for row in texts(dialog.backups)] == [["Asked for", "2", "1"]]
    assert [row[1:] for row in texts(dialog.articles)] == [["In work", "1", "changed"], ["New", "0", ""]]
    assert len(dialog.view.annotated.spans) == 1
    assert dialog.articles_button.text() == "Restore this article"
    dialog.articles_wanted.connect(window.backing_up.restore_articles)
    dialog.articles_button.click()
    assert kept(window) == then
    assert [row[3] for row in texts(dialog.articles)] == ["", ""]
    assert window.status.hint.text() == "1 article restored; Ctrl+Z takes it back."
    dialog.let_go()
    dialog.close()
    press(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(kept(window)) > 1


def test_after_articles_were_restored_the_dialog_stays_where_it_was(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    window.desk.session.backups.make()
    window.desk.session.comment(2, "why?")
    window.desk.session.backups.make()
    window.desk.session.comment(2, "who?")

    def restore(dialog: BackupsDialog) -> None:
        dialog.show()
        dialog.backups.setCurrentItem(dialog.backups.topLevelItem(1))
        dialog.articles.setCurrentItem(dialog.articles.topLevelItem(1), 0, CHOOSE)
        backup = dialog.chosen
        dialog.articles_button.click()
        wait(window)
        assert len(texts(dialog.backups)) == 3  # one was made before
        assert dialog.chosen == backup
        assert [each.id for each in dialog.chosen_articles] == [2]
        assert dialog.note.text() == "1 article restored; Ctrl+Z takes it back."
        assert window.desk.session.article(2).comment == ""
        dialog.articles_button.click()
        assert dialog.note.text() == "They are so already; nothing was changed."
        dialog.close()

    monkeypatch.setattr(BackupsDialog, "asked", restore)
    window.backing_up.open()


def test_a_backup_may_end_when_dialog_and_window_are_closed(open_window: Any, project: Path) -> None:
    window = open_window(project)
    dialog = dialog_of(window)
    dialog.close()
    window.close()
    window.backing_up.ended.emit(None, None)  # fails with an error in a slot where somebody asks the project


def test_a_dialog_that_was_closed_hears_nothing_more(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    monkeypatch.setattr(BackupsDialog, "exec", lambda dialog: QTimer.singleShot(0, dialog.deleteLater))
    window.backing_up.open()
    QTest.qWait(20)
    window.desk.said.emit("A line for the window.")
    window.backing_up.ended.emit(None, None)
    assert window.status.hint.text() == "A line for the window."


def test_the_dialog_finds_articles(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.confirm()
    window.desk.session.backups.make()
    window.desk.session.comment(2, "why?")
    dialog = dialog_of(window)
    dialog.field.setText("SECOND")
    assert [row[0] for row in texts(dialog.articles)] == ["Second article"]
    dialog.field.setText("nowhere")
    assert texts(dialog.articles) == []
    assert not dialog.articles_button.isEnabled()
    dialog.field.clear()
    dialog.only_changed.setChecked(True)
    assert [row[0] for row in texts(dialog.articles)] == ["Second article"]
    dialog.only_changed.setChecked(False)
    dialog.articles.selectAll()
    assert dialog.articles_button.text() == "Restore these 2 articles"
    assert nameless(dialog) == []
    dialog.let_go()


def test_a_backup_can_be_asked_for(open_window: Any, project: Path) -> None:
    window = open_window(project)
    dialog = dialog_of(window)
    assert dialog.note.text().startswith("No backups yet.")
    assert not dialog.all_button.isEnabled()
    assert dialog.articles_button.text() == "Restore articles"
    dialog.make_button.click()
    assert not dialog.make_button.isEnabled()
    eventually(lambda: len(texts(dialog.backups)) == 1)
    assert dialog.note.text() == "Backed up: 2 articles, 0 decisions."
    assert dialog.make_button.isEnabled()
    dialog.make_button.click()
    assert dialog.note.text() == "Nothing was decided since the newest backup; it holds the project as it is."
    dialog.let_go()


def test_going_back_as_a_whole_asks_and_keeps_what_was_there(
    open_window: Any, project: Path, asked: list[tuple[str, str]], told: list[str]
) -> None:
    window = open_window(project)
    window.desk.confirm()
    backup = window.desk.session.backups.make()
    then = kept(window)
    window.desk.session.finish(1)
    now = kept(window)
    before = window.desk.session
    window.backing_up.restore_all(backup)
    assert [title[:10] for title, _ in asked] == ["Go back to"]
    assert "What is there now is kept twice: as a backup, and as a file named news.before-restore" in asked[0][1]
    assert window.desk.session is not before
    assert kept(window) == then
    window.desk.session.comment(2, "work goes on")
    (present,) = project.parent.glob("news.before-restore-*.annot")
    assert present.name in told[0]
    assert told[0].endswith(
        "Ctrl+Z does not take this back: it undoes the steps before that moment. To return, restore the backup "
        "“Before a restore” (File > Backups), or open the file that was kept."
    )
    with Session.open(present, read_only=True) as reader:
        spans = reader.article(1).spans
        assert len([span for span in spans if span.id is not None]) == len(now)
    assert [each.reason for each in backups_of(project)] == ["before-restore", "by-hand"]


def test_the_backups_of_a_copy_are_told_from_the_project_s_own(
    open_window: Any, project: Path, asked: list[tuple[str, str]], told: list[str]
) -> None:
    copy = Path(shutil.copy(project, project.with_name("copy.annot")))
    window = open_window(project)
    own = window.desk.session.backups.make()
    dialog = dialog_of(window)
    assert dialog.backups.columnCount() == 4
    with Session.open(copy, annotator="bo") as session:
        session.flag(2)
        session.backups.make()
    dialog.refresh()
    assert dialog.backups.headerItem().text(4) == "Made from"
    assert [row[4] for row in texts(dialog.backups)] == ["copy.annot", "news.annot"]
    other = dialog.chosen
    dialog.let_go()
    dialog.close()
    window.backing_up.restore_all(own)
    window.backing_up.restore_all(other)
    assert "another file" not in asked[0][1]
    assert asked[1][1].startswith(
        f"This backup was not made from news.annot, but from another file of the same project: {copy}\n\nThe whole"
    )
    assert window.desk.session.article(2).flagged


def test_going_back_that_fails_leaves_the_project_open(
    open_window: Any, project: Path, asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    window.desk.confirm()
    backup = window.desk.session.backups.make()
    backup.path.write_bytes(b"damaged" * 3000)
    errors: list[str] = []
    monkeypatch.setattr(backing_up, "tell", lambda _parent, error: errors.append(str(error)))
    window.backing_up.restore_all(backup)
    assert "is damaged" in errors[0]
    window.desk.session.comment(2, "work goes on")
    assert not list(project.parent.glob("*.part"))


def test_where_the_file_has_gone_backups_say_where_all_was_rescued(
    open_window: Any, project: Path, asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    window.desk.confirm()
    backup = window.desk.session.backups.make()
    boxes: list[object] = []
    for module in (backing_up, backups):
        monkeypatch.setattr(module, "tell", lambda _parent, error: boxes.append(error))
    dialog = dialog_of(window)
    project.unlink()
    dialog.make_button.click()
    assert dialog.note.text().startswith("The project file news.annot was moved or deleted while it was open")
    dialog.let_go()
    dialog.close()
    window.backing_up.restore_all(backup)
    assert not boxes
    assert window.safety.bar.advice.text().endswith(f"safe, in {paths.rescued_dir() / 'news.annot'}")


def test_the_folder_is_shown(open_window: Any, project: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(project)
    window.desk.session.backups.make()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window.backing_up.open_folder()
    assert opened == [str(window.desk.session.backups.folder)]
    assert told == [f"Backups They are in {opened[0]}."]


def test_titles_from_outside_are_shown_letter_by_letter(open_window: Any, project: Path) -> None:
    with Session.open(project) as session:
        session.add_articles([{"id": "x", "text": MARKUP, "meta": {"title": MARKUP}}])
        session.backups.make()
    window = open_window(project)
    dialog = dialog_of(window)
    assert texts(dialog.articles)[2][0] == MARKUP
    assert rich_labels(dialog) == []
    dialog.let_go()


def change_all(window: Any) -> int:
    """All decided spans of the article are of another kind; returns how many."""
    session = window.desk.session
    spans = session.article(1).confirmed
    window.desk.attempt(lambda: session.relabel_all(1, spans, "PER"))
    return len(spans)


def test_the_alarm_asks_before_many_decisions_change(
    open_window: Any, project: Path, asked: list[tuple[str, str]]
) -> None:
    Settings().set("alarm", 2)
    window = open_window(project)
    assert window.desk.session.alarm.limit == 2
    window.desk.session.finish(1)
    before = len(kept(window))
    change = change_all(window)
    assert change > 2
    assert asked == [
        (
            f"This would change {change} spans that were decided, in 1 article.",
            "They are changed as one step, which undo takes back, and a backup is made before.",
        )
    ]
    assert {label for _, label, state in kept(window) if state == "confirmed"} == {"PER"}
    wait(window)
    found = backups_of(project)
    assert [each.reason for each in found] == ["before-alarm"]
    assert found[0].facts is not None
    assert found[0].facts.decisions == before
    assert window.desk.session.alarm.limit == 2


def test_the_alarm_asks_for_the_articles_where_an_import_is_taken_back(
    open_window: Any, project: Path, asked: list[tuple[str, str]]
) -> None:
    Settings().set("alarm", 1)
    spans = [{"start": 0, "end": 7, "label": "ORG"}, {"start": 12, "end": 17, "label": "LOC"}]
    late = project.with_name("late.jsonl")
    late.write_text(json.dumps({"id": "late", "text": "Alibaba and China meet again.", "spans": spans}), "utf-8")
    window = open_window(project)
    window.desk.session.import_files(late, decided=True)
    press(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert asked == [
        (
            "This would take away 1 imported article, and 2 spans that were decided, in 1 article.",
            "The articles go as one step, which Redo brings back with all decisions; a backup is made before.",
        )
    ]
    assert window.status.hint.text() == "Undid: import (1 article)."
    press(window, Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(window.desk.session.article(3).confirmed) == 2


def test_the_alarm_takes_no_for_an_answer(open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings().set("alarm", 2)
    window = open_window(project)
    window.desk.session.finish(1)
    before = kept(window)
    monkeypatch.setattr(backing_up, "ask", lambda *_, **__: False)
    change_all(window)
    assert kept(window) == before
    assert window.status.hint.text() == "Cancelled. Nothing was changed."
    Settings().set("alarm", 0)
    window.looks.settings = Settings()
    window.looks.changed.emit()
    assert window.desk.session.alarm.limit is None


def test_the_menu_opens_the_dialog(open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(project)
    shown: list[str] = []
    monkeypatch.setattr(BackupsDialog, "exec", lambda self: shown.append(self.windowTitle()) or 0)
    press(window, Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert shown == ["Backups"]
