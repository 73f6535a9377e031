"""What stands in the way of saving: the bar over the window, and the ways out; what counts is what is in the file."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from annotator import paths, settings
from annotator.errors import DiskError
from annotator.session import Session
from annotator.store import disk
from annotator.store.lock import lock_file
from annotator.ui import commenting, opening, safety, salvaging
from annotator.ui.actions import ACTIONS, CHANGES
from annotator.ui.doorbell import Doorbell, ring
from annotator.ui.notice_bar import ERROR, Notice
from tests.ui.conftest import reading_of
from tests.ui.hands import NONE, eventually, kept, press

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def bar_text(window: Any) -> str:
    bar = window.safety.bar
    return f"{bar.title.text()} {bar.advice.text()}".strip() if bar.isVisible() else ""


def answer(window: Any, title: str) -> None:
    """Press a button of the bar."""
    next(b for b in window.safety.bar.findChildren(QPushButton) if b.text() == title and b.isVisible()).click()


def fill_disk(window: Any) -> None:
    connection = window.desk.session.project.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def free_disk(window: Any) -> None:
    window.desk.session.project.connection.execute("PRAGMA max_page_count = 1000000")


def until_full(window: Any) -> None:
    """Decide until a decision is refused."""
    for _ in range(300):
        press(window, Key.Key_F)
        if window.safety.bar.isVisible():
            return
    pytest.fail("the disk was never full")


# A full disk


def test_a_refused_decision_is_never_shown_as_saved(open_window: Any, project: Path) -> None:
    window = open_window(project)
    fill_disk(window)
    until_full(window)
    before, flagged = kept(window), window.desk.article.flagged
    assert bar_text(window) == (
        "The disk is full: this was NOT saved. "
        "Everything before it is. Make room on the disk of news.annot, then do it again."
    )
    assert window.status.saved.text() == "Not saved"
    with Session.open(project, read_only=True) as reader:
        assert reader.article(1).flagged == flagged
    free_disk(window)
    answer(window, "Try again")
    assert window.desk.article.flagged != flagged
    assert window.status.saved.text().startswith("Saved ")
    assert not window.safety.bar.isVisible()
    press(window, Key.Key_Space)
    assert len(kept(window)) == len(before) + 1


def test_a_decision_that_was_made_otherwise_meanwhile_is_not_tried_again(open_window: Any, project: Path) -> None:
    window = open_window(project)
    fill_disk(window)
    until_full(window)
    free_disk(window)
    press(window, Key.Key_Space)
    assert not window.safety.bar.isVisible()
    flagged = window.desk.article.flagged
    window.desk.try_again()
    assert window.desk.article.flagged == flagged


def test_a_decision_refused_in_another_project_is_not_made_in_this_one(open_window: Any, project: Path) -> None:
    shutil.copy(project, other := project.with_name("other.annot"))
    window = open_window(project)
    fill_disk(window)
    until_full(window)
    window.files.open_path(other)
    assert window.desk.refused == 0
    flagged = window.desk.article.flagged
    window.desk.try_again()
    assert window.desk.article.flagged == flagged


def test_of_several_refused_decisions_none_is_made_again(open_window: Any, project: Path) -> None:
    window = open_window(project)
    fill_disk(window)
    until_full(window)
    for _ in range(2):
        press(window, Key.Key_F)
    assert bar_text(window).startswith("The disk is full: 3 decisions were NOT saved. Everything before it is.")
    title = window.desk.article.article.title
    assert bar_text(window).endswith(f"They are, the last first: {'; '.join([f'flag: “{title}”'] * 3)}.")
    assert window.status.hint.text() == "Nothing was changed."
    free_disk(window)
    assert "Try again" not in {b.text() for b in window.safety.bar.findChildren(QPushButton) if b.isVisible()}


def test_refused_decisions_are_named_so_that_they_can_be_made_again(open_window: Any, project: Path) -> None:
    window = open_window(project)
    error = DiskError("The disk is full: this was NOT saved.", "Make room.", full=True)

    def refuse(verb: str, place: tuple[int, int] | None) -> None:
        def full() -> None:
            error.verb, error.article_id, error.place = verb, 1, place
            raise error

        window.desk.attempt(full)

    for _ in range(8):
        refuse("", None)
    refuse("relabel", (0, 7))
    refuse("comment", None)
    title = window.desk.article.article.title
    assert window.safety.bar.advice.text().startswith(
        f"Make room. They are, the last first: comment: “{title}”; relabel: “Alibaba”; undo or redo"
    )
    assert window.safety.bar.advice.text().endswith("; and 2 more before.")


def comment(window: Any, monkeypatch: pytest.MonkeyPatch, typed: str | None) -> str:
    """Comment on the article, None for Cancel; returns what stood in the field."""
    found: list[str] = []
    monkeypatch.setattr(commenting, "ask_comment", lambda _parent, text: found.append(text) or typed)
    press(window, Key.Key_C)
    return found[0]


def test_a_refused_comment_is_offered_again_until_it_is_saved(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    fill_disk(window)
    until_full(window)
    comment(window, monkeypatch, "Ask Eva " * 500)
    press(window, Key.Key_F)
    assert comment(window, monkeypatch, "Ask Eva") == "Ask Eva " * 500
    window.desk.open_article(2)
    assert comment(window, monkeypatch, None) == ""
    free_disk(window)
    press(window, Key.Key_F)
    assert bar_text(window) == "A comment is NOT saved yet. It is kept here until it is. Ask Eva"
    monkeypatch.setattr(commenting, "choose", lambda *_: "Stay")
    assert not window.close()
    offered: list[str] = []
    monkeypatch.setattr(commenting, "ask_comment", lambda _parent, text: offered.append(text) or text)
    answer(window, "Comment again…")
    assert offered == ["Ask Eva"]
    assert window.desk.session.article(1).comment == "Ask Eva"
    assert not window.safety.bar.isVisible()
    assert comment(window, monkeypatch, None) == "Ask Eva"


def test_a_refused_comment_that_is_tried_again_is_no_longer_offered(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    fill_disk(window)
    comment(window, monkeypatch, "Ask Eva " * 5000)
    free_disk(window)
    answer(window, "Try again")
    assert window.desk.session.article(1).comment == "Ask Eva " * 5000
    assert not window.safety.bar.isVisible()


def test_a_refused_comment_waits_while_another_project_is_open(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session.open(other := project.with_name("other.annot"), create=True, labels="conll", model="blank:en") as made:
        made.add_articles([{"text": "Alibaba and China meet."}])
    window = open_window(project)
    fill_disk(window)
    comment(window, monkeypatch, "Ask Eva " * 5000)
    window.files.open_path(other)
    assert not window.safety.bar.isVisible()
    assert comment(window, monkeypatch, None) == ""
    window.files.open_path(project)
    assert bar_text(window).startswith("A comment is NOT saved yet. It is kept here until it is. Ask Eva Ask Eva")
    assert comment(window, monkeypatch, "Ask Eva") == "Ask Eva " * 5000
    assert not window.safety.bar.isVisible()


def test_little_room_is_told_of_before_it_is_full(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    monkeypatch.setattr(safety, "free_bytes", lambda path: 12_345_678)
    window.safety.look()
    assert bar_text(window).startswith("Only 12 MB are free on the disk of this project. Make room before it is full")
    answer(window, "Hide")
    assert not window.safety.bar.isVisible()
    monkeypatch.setattr(safety, "free_bytes", lambda path: disk.ROOM_TO_WARN)
    window.safety.look()
    assert not window.safety.bar.isVisible()


def test_what_is_written_behind_does_not_pass_for_the_decision(open_window: Any, project: Path) -> None:
    window = open_window(project)
    fill_disk(window)
    until_full(window)
    free_disk(window)
    article = window.desk.session.article(2)
    window.desk.session.keep_reading(2, "blank:en", reading_of(article.text))
    assert window.status.saved.text() == "Not saved"
    assert window.safety.bar.isVisible()


def test_suggestions_that_cannot_be_kept_are_no_refused_decision(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.suggesting.failed.emit(DiskError("The disk is full: this was NOT saved.", "", full=True))
    assert window.status.hint.text() == "Suggestions cannot be kept: the disk is full or cannot be written to."
    assert not window.safety.bar.isVisible()


def test_the_answers_of_the_bar_can_be_given_with_the_keyboard(open_window: Any, project: Path) -> None:
    window = open_window(project)
    shift = Qt.KeyboardModifier.ShiftModifier
    press(window, Key.Key_F6, shift)
    assert window.status.hint.text() == "There is no notice above the article that waits for an answer."
    given: list[str] = []
    answers = (("Go on there", lambda: given.append("go on")), ("Save it…", lambda: given.append("save")))
    window.safety.bar.put("moved", Notice(ERROR, "The file has gone.", "", answers))
    press(window, Key.Key_F6, shift)
    assert QApplication.focusWidget().text() == "Go on there"
    press(window, Key.Key_Space)
    press(window, Key.Key_Tab)
    press(window, Key.Key_Space)
    assert given == ["go on", "save"]
    press(window, Key.Key_Escape)
    assert window.view.hasFocus()
    press(window, Key.Key_F6, shift)
    window.safety.bar.take("moved")
    assert window.view.hasFocus()


# The file goes


def test_a_moved_file_is_noticed_and_all_is_rescued_at_once(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    decided = kept(window)
    project.rename(project.with_name("elsewhere.annot"))
    press(window, Key.Key_X)
    rescued = paths.rescued_dir() / "news.annot"
    assert bar_text(window) == (
        "The project file news.annot was moved or deleted while it was open: nothing more is saved there. "
        f"Everything decided before it is safe, in {rescued}"
    )
    assert window.status.saved.text() == "Not saved"
    answer(window, "Go on there")
    assert window.desk.session.project.path == rescued
    assert kept(window) == decided
    press(window, Key.Key_X)
    assert len(kept(window)) == len(decided) + 1
    assert bar_text(window).startswith("This is the rescued copy of news.annot.")


def test_who_works_on_a_rescued_copy_is_told_so_at_each_start(open_window: Any, project: Path) -> None:
    window = open_window(project)
    project.rename(away := project.with_name("away.annot"))
    window.safety.look()
    window.close()
    window = open_window(settings.last_project())
    assert bar_text(window) == f"This is the rescued copy of news.annot. The file itself is not there: {project}"
    away.rename(project)
    window.safety.look()
    assert bar_text(window) == (
        "This is the rescued copy of news.annot. "
        f"The file itself is there again, without what was decided here since: {project}"
    )
    answer(window, "Open that one")
    assert window.desk.session.project.path == project
    assert not window.safety.bar.isVisible()


def test_a_moved_file_can_be_opened_where_it_is_now(open_window: Any, project: Path) -> None:
    """Before a key or the clock has noticed: its log still lies at the old name."""
    window = open_window(project)
    press(window, Key.Key_Space)
    decided = kept(window)
    moved = project.rename(project.with_name("elsewhere.annot"))
    window.files.open_path(moved)
    assert window.desk.session.project.path == moved
    assert kept(window) == decided
    press(window, Key.Key_Space)
    assert len(kept(window)) == len(decided) + 1
    window.close()
    with Session.open(moved) as session:
        assert len(session.article(1).confirmed) == len(decided) + 1
        assert session.check() == []


def test_where_nobody_rests_the_log_comes_into_the_file_all_the_same(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    assert window.safety._latest.isActive()
    left = window.safety._latest.remainingTime()
    QTest.qWait(30)
    press(window, Key.Key_Space)
    assert window.safety._latest.remainingTime() < left
    log = project.with_name("news.annot-wal")
    assert log.stat().st_size
    window.safety._latest.timeout.emit()
    assert not log.stat().st_size
    assert not window.safety._latest.isActive()


def test_a_copy_that_was_rescued_of_a_rescued_copy_is_one_of_the_first_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first.annot", tmp_path / "second.annot"
    for file in (first, second):
        file.touch()
    settings.remember_rescued(first, tmp_path / "news.annot")
    settings.remember_rescued(second, first)
    assert settings.rescued_from(second) == tmp_path / "news.annot"
    assert settings.rescued_from(tmp_path / "news.annot") is None
    assert settings.last_project() == second


def test_each_time_the_file_goes_all_until_then_is_rescued(open_window: Any, project: Path) -> None:
    window = open_window(project)
    away = project.with_name("away.annot")
    project.rename(away)
    window.safety.look()
    away.rename(project)
    window.safety.look()
    assert window.status.saved.text().startswith("Saved ")
    press(window, Key.Key_Space)
    decided = kept(window)
    project.unlink()
    window.safety.look()
    answer(window, "Go on there")
    assert kept(window) == decided


def test_a_rescued_copy_that_goes_too_is_made_again(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    decided = kept(window)
    project.unlink()
    window.safety.look()
    (paths.rescued_dir() / "news.annot").unlink()
    answer(window, "Go on there")
    assert kept(window) == decided


def test_a_rescued_copy_that_is_worked_on_and_goes_is_rescued_under_another_name(
    open_window: Any, project: Path
) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    decided = kept(window)
    project.unlink()
    window.safety.look()
    answer(window, "Go on there")
    (first := paths.rescued_dir() / "news.annot").unlink()
    window.safety.look()
    second = paths.rescued_dir() / "news-2.annot"
    assert bar_text(window).endswith(f"safe, in {second}")
    assert settings.rescued_from(second) == project
    answer(window, "Go on there")
    assert window.desk.session.project.path == second
    assert kept(window) == decided
    second.unlink()
    first.touch()
    window.safety.look()
    assert bar_text(window).endswith(f"safe, in {paths.rescued_dir() / 'news-3.annot'}")


@pytest.mark.expects_log
def test_where_nothing_can_be_rescued_the_disk_that_is_full_is_named(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskError("The disk is full: this was NOT saved.", "Make room on the disk of news.annot.", full=True)

    window = open_window(project)
    monkeypatch.setattr(Session, "rescue", full)
    project.rename(away := project.with_name("away.annot"))
    window.safety.look()
    assert bar_text(window).endswith(
        f"What was decided is in memory only: it could not be saved in {paths.rescued_dir()} (The disk is full). "
        "Save it in a folder on another disk, or make room there."
    )
    away.rename(project)
    window.safety.look()


def test_the_next_start_opens_what_was_rescued(open_window: Any, project: Path) -> None:
    window = open_window(project)
    project.unlink()
    window.safety.look()
    assert settings.last_project() == paths.rescued_dir() / "news.annot"


def test_a_project_that_went_between_two_starts_is_told_of(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session.open(project) as session:
        session.confirm(1, session.article(1).suggested[0])
        session.backups.make()
    project.unlink()
    window = open_window(shutil.copy(paths.backups_dir().glob("*/*.annot").__next__(), project.with_name("own.annot")))
    window.safety.tell_gone(project)
    assert bar_text(window).startswith(f"news.annot is not where it was, so another project was opened: {project}")
    monkeypatch.setattr(salvaging, "tell_plainly", lambda *_: None)
    back = next(b for b in window.safety.bar.findChildren(QPushButton) if b.text().startswith("Back to 20"))
    assert back.text().endswith("(1 decision)")
    back.click()
    assert window.desk.session.project.path == project
    assert len(window.desk.session.article(1).confirmed) == 1


def test_what_was_opened_last_and_is_not_there_is_known(project: Path) -> None:
    assert settings.missing_project() is None
    settings.remember(project)
    assert settings.missing_project() is None
    project.unlink()
    assert settings.missing_project() == project


def test_a_deleted_file_is_noticed_without_a_decision(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    project.unlink()
    window.safety.look()
    assert "was moved or deleted" in bar_text(window)
    with Session.open(paths.rescued_dir() / "news.annot", read_only=True) as rescued:
        assert len(rescued.article(1).confirmed) == 1


def test_another_file_in_its_place_is_left_alone(
    open_window: Any, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.annot"
    shutil.copy(project, other)
    window = open_window(project)
    press(window, Key.Key_Space)
    other.replace(project)
    as_it_was = project.read_bytes()
    press(window, Key.Key_X)
    assert "was replaced by another file" in bar_text(window)
    chosen = tmp_path / "chosen.annot"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen), ""))
    answer(window, "Save it…")
    assert window.desk.session.project.path == chosen
    assert len(kept(window)) == 1
    assert project.read_bytes() == as_it_was


def test_a_file_that_is_written_over_costs_nothing(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    decided = kept(window)
    project.write_bytes(b"something else" * 50_000)
    press(window, Key.Key_X)
    assert "was written over by another program" in bar_text(window)
    answer(window, "Go on there")
    assert kept(window) == decided
    assert project.read_bytes() == b"something else" * 50_000


def test_a_file_that_comes_back_is_worked_on_again(open_window: Any, project: Path) -> None:
    window = open_window(project)
    away = project.with_name("away.annot")
    project.rename(away)
    window.safety.look()
    assert bar_text(window)
    away.rename(project)
    window.safety.look()
    assert not bar_text(window)
    assert window.status.hint.text() == (
        "news.annot was moved meanwhile and is back: all that is decided is saved there again."
    )
    assert settings.last_project() == project
    press(window, Key.Key_Space)
    assert len(kept(window)) == 1


@pytest.mark.expects_log
def test_a_window_whose_work_is_in_no_file_asks_before_it_goes(
    open_window: Any, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    monkeypatch.setattr(safety, "_free_name", lambda path, but=None: tmp_path / "no" / "folder")
    project.unlink()
    asked: list[str] = []

    def say(_parent: Any, title: str, *_more: Any) -> str | None:
        asked.append(title)
        return "Save it…" if len(asked) > 1 else None

    chosen = tmp_path / "chosen.annot"
    monkeypatch.setattr(safety, "choose", say)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen), ""))
    assert not window.close()
    assert asked == ["The project file was moved, deleted or replaced while it was open."]
    assert window.close()
    with Session.open(chosen, read_only=True) as saved:
        assert len(saved.article(1).confirmed) == 1


def test_a_copy_is_whole_and_the_work_goes_on_here(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    copy = project.with_name("copy.annot")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(copy), ""))
    window.safety.save_copy()
    assert window.status.hint.text() == f"The copy is saved: {copy}"
    press(window, Key.Key_Space)
    assert len(kept(window)) == 2
    with Session.open(copy) as other:
        assert len(other.article(1).confirmed) == 1


# Open to look at only


def looking(open_window: Any, project: Path) -> Any:
    """A window on a project that another session has open."""
    window = open_window(project.with_name("own.annot"))
    window.files.open_path(project)
    return window


@pytest.fixture
def held(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The project is open in another session, whose window does not answer; the person wants to look."""
    shutil.copy(project, project.with_name("own.annot"))
    monkeypatch.setattr(opening, "ring", lambda path: False)
    monkeypatch.setattr(opening, "choose", lambda *_: "Look at it")
    with Session.open(project) as session:
        yield session


def test_a_project_in_use_can_be_looked_at_and_follows(open_window: Any, project: Path, held: Session) -> None:
    window = looking(open_window, project)
    assert bar_text(window).startswith("This project is open to look at only: nothing can be changed here. news.annot")
    assert not {a.objectName() for a in window.findChildren(QAction) if a.isEnabled()} & CHANGES
    before = project.read_bytes()
    for key in (Key.Key_Space, Key.Key_2, Key.Key_X, Key.Key_Return):
        press(window, key)
    assert project.read_bytes() == before
    held.confirm(1, held.article(1).suggested[0])
    window.safety.look()
    assert len(window.desk.article.confirmed) == 1


def test_where_one_can_only_look_each_key_that_would_change_something_says_why(
    open_window: Any, project: Path, held: Session
) -> None:
    window = looking(open_window, project)
    before = project.read_bytes()
    plain = (Key.Key_Space, Key.Key_2, Key.Key_X, Key.Key_Return, Key.Key_I, Key.Key_C, Key.Key_S, Key.Key_F)
    with_control = (Key.Key_Z, Key.Key_L, Key.Key_Right, Key.Key_R)
    for key, modifiers in (*((key, NONE) for key in plain), *((key, CONTROL) for key in with_control)):
        window.status.hint.clear()
        press(window, key, modifiers)
        assert window.status.hint.text() == (
            "Open to look at only: news.annot is open in this program already. Close that session."
        )
        assert QApplication.activeModalWidget() is None
        assert not window.palettes.chooser.isVisible()
    assert project.read_bytes() == before


def test_where_one_can_only_look_nobody_is_asked_for_a_label_or_comment(
    open_window: Any, project: Path, held: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = looking(open_window, project)
    said = window.status.hint
    window.view.select(0, 7)
    window.view.selection_made.emit(0, 7)
    assert said.text().startswith("Open to look at only: ")
    assert window.view.selection == (0, 7)  # it can be copied
    assert not window.palettes.chooser.isVisible()
    said.clear()
    monkeypatch.setattr(window.palettes.chooser, "ask", lambda _choices, _at, then, wide: then("comment"))
    window.palettes.choose_command()
    assert said.text().startswith("Open to look at only: ")
    said.clear()
    window.view.span_resized.emit(window.desk.article.suggested[0], 0, 7)
    assert said.text().startswith("Open to look at only: ")
    for ask in (window.labels.edit_requested.emit, lambda: window.files.import_paths([project.with_name("a.txt")])):
        said.clear()
        ask()
        assert said.text().startswith("Open to look at only: ")
        assert QApplication.activeModalWidget() is None
    window.view.clear_selection()
    said.clear()
    press(window, Key.Key_2)  # with neither words nor a span to put the label on
    assert said.text().startswith("Open to look at only: ")


def test_a_project_opened_to_write_has_its_keys_back(open_window: Any, project: Path, held: Session) -> None:
    window = looking(open_window, project)
    held.close()
    answer(window, "Open to write")
    press(window, Key.Key_F)
    assert window.desk.article.flagged
    assert not window.status.hint.text().startswith("Open to look")


def test_what_can_be_looked_at_can_be_copied(
    open_window: Any, project: Path, held: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.confirm(1, held.article(1).suggested[0])
    window = looking(open_window, project)
    copy = project.with_name("copy.annot")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(copy), ""))
    answer(window, "Save a copy…")
    assert window.desk.session.project.path == copy
    assert not window.safety.bar.isVisible()
    press(window, Key.Key_Space)
    assert len(kept(window)) == 2
    assert len(held.article(1).confirmed) == 1


def test_what_is_still_open_elsewhere_is_looked_at_on_at_the_same_place(
    open_window: Any, project: Path, held: Session
) -> None:
    window = looking(open_window, project)
    window.desk.open_article(2)
    window.desk.go(1)
    at = window.desk.at
    answer(window, "Open to write")
    assert (window.desk.article.id, window.desk.at) == (2, at)
    assert window.status.hint.text() == (
        "Still open to look at only: news.annot is open in this program already. Close that session."
    )
    held.close()
    answer(window, "Open to write")
    assert (window.desk.article.id, window.desk.at) == (2, at)
    assert not window.desk.session.project.read_only


def test_a_copy_never_replaces_a_file_and_only_the_program_says_so(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (there := project.with_name("there.annot")).write_text("mine", "utf-8")
    asked: list[object] = []
    said: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *how: asked.append(how[-1]) or (str(there), ""))
    monkeypatch.setattr(safety, "tell", lambda _parent, error: said.append(error.plain))
    window = open_window(project)
    assert window.safety.save_copy() is None
    assert asked == [QFileDialog.Option.DontConfirmOverwrite]
    assert said == ["there.annot is there already. Choose another name."]
    assert there.read_text("utf-8") == "mine"


def test_when_it_is_free_it_can_be_written_to(open_window: Any, project: Path, held: Session) -> None:
    window = looking(open_window, project)
    held.close()
    answer(window, "Open to write")
    assert not window.safety.bar.isVisible()
    press(window, Key.Key_Space)
    assert len(kept(window)) == 1


def test_a_lock_of_another_computer_is_explained(
    open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(project, own := project.with_name("own.annot"))
    lock_file(project).write_text('{"process": 1, "host": "gazette-12", "user": "bo"}', "utf-8")
    offered: list[tuple[str, ...]] = []
    monkeypatch.setattr(opening, "choose", lambda _w, _t, _x, answers: offered.append(answers) or answers[-1])
    monkeypatch.setattr(opening, "ask", lambda *_, **__: True)
    window = open_window(own)
    window.files.open_path(project)
    assert offered == [("Look at it", "Open it all the same…")]
    assert window.desk.session.project.path == project
    assert not window.desk.session.project.read_only


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="rights mean nothing to root")
def test_a_project_that_cannot_be_written_to_is_shown(open_window: Any, project: Path) -> None:
    shutil.copy(project, own := project.with_name("own.annot"))
    folder = project.with_name("folder")
    folder.mkdir()
    shutil.copy(project, folder / "news.annot")
    folder.chmod(0o500)
    window = open_window(own)
    window.files.open_path(folder / "news.annot")
    assert bar_text(window).startswith("This project is open to look at only")
    folder.chmod(0o700)


def test_what_a_look_forbids_is_in_the_table() -> None:
    assert {action.id for action in ACTIONS} >= CHANGES
    assert {action.id for action in ACTIONS if action.menu == "Decide"} - CHANGES == {"everywhere"}


def test_a_network_drive_is_told_of(open_window: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mount:
        mountpoint, fstype, opts = str(project.parent), "nfs4", "rw"

    monkeypatch.setattr(psutil, "disk_partitions", lambda all: [Mount])
    window = open_window(project)
    assert bar_text(window).startswith("The project is on a network drive (nfs4): only one program can have it open")
    press(window, Key.Key_Space)
    answer(window, "Hide")
    assert not bar_text(window)


# One window a project


def test_a_second_start_brings_the_first_window_to_the_front(
    open_window: Any, project: Path, qt_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    window.showMinimized()
    rung: list[bool] = []
    window.safety._bell.rung.connect(lambda: rung.append(True))
    monkeypatch.setattr("annotator.ui.doorbell.time.sleep", lambda _s: qt_app.processEvents())
    assert opening.open_project(project, "bo") is None
    assert rung == [True]
    assert not window.isMinimized()


def test_where_no_window_answers_the_bell_is_taken_away(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.ui.doorbell._PATIENCE", 0.05)
    with Session.open(project):
        assert not ring(project)
    assert not list((paths.data_dir() / "bells").iterdir())


def test_a_bell_is_heard_by_its_own_project_alone(project: Path, qt_app: Any) -> None:
    bell, rung = Doorbell(), []
    bell.rung.connect(lambda: rung.append(True))
    bell.attach(project)
    other = Doorbell()
    other.attach(project.with_name("other.annot"))
    other.rung.connect(lambda: rung.append(False))
    bells: Callable[[], list[Path]] = lambda: list((paths.data_dir() / "bells").iterdir())  # noqa: E731
    from annotator.ui.doorbell import _bell_of

    _bell_of(project).touch()
    eventually(lambda: rung)
    qt_app.processEvents()
    assert rung == [True]
    assert not bells()


def test_a_project_that_is_looked_through_says_so_and_can_be_cancelled(
    open_window: Any, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    shutil.copy(make_other(tmp_path), other := tmp_path / "sent.annot")
    titles: list[str] = []

    class Cancelled(opening.Progress):
        def __init__(self, parent: Any, title: str) -> None:
            super().__init__(parent, title)
            titles.append(title)

        def step(self, done: int, total: int) -> None:
            raise opening.CancelledError

    monkeypatch.setattr(opening, "Progress", Cancelled)
    window.files.open_path(other)
    assert titles == ["Looking through sent.annot"]
    assert window.desk.session.project.path == project


def make_other(folder: Path) -> Path:
    path = folder / "other.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="bo") as session:
        session.add_articles([{"text": "Oslo is wet."}])
    return path
