"""Opening a project that is damaged or has foreign parts, in the window."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from annotator.session import Session
from annotator.ui import salvaging, saving_words
from tests.ui.conftest import Open


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of all message boxes; questions are answered with their first button."""
    words: list[str] = []

    def answer(box: QMessageBox) -> int:
        assert box.textFormat() == Qt.TextFormat.PlainText
        words.append(box.text())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: box.buttons()[0] if box.buttons() else None)
    return words


@pytest.fixture
def foreign(project: Path, tmp_path: Path) -> Path:
    """A project with a trigger in it."""
    path = tmp_path / "sent to me.annot"
    path.write_bytes(project.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM span; END")
    return path


def test_the_data_of_a_foreign_project_is_imported_into_a_new_one(
    open_window: Open, project: Path, foreign: Path, boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked = foreign.read_bytes(), []

    def name(_parent: object, _title: str, suggested: str, *_: object) -> tuple[str, str]:
        asked.append(suggested)
        return suggested, ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    window = open_window(project)
    window.files.open_path(foreign)
    assert asked == [str(foreign.with_name("sent to me saved.annot"))]
    assert "has parts that a project never has" in boxes[0]
    assert "Its articles and decisions can be imported into a new project." in boxes[0]
    assert boxes[1].startswith("What could be read is saved")
    assert len(boxes) == 2
    assert window.desk.session.project.path == Path(asked[0])
    assert len(window.desk.session.article_ids()) == 2
    assert foreign.read_bytes() == before


def test_who_wants_no_new_project_stays_in_this_one(
    open_window: Open, project: Path, foreign: Path, boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    window.files.open_path(foreign)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: None)
    window.files.open_path(foreign)
    assert len(boxes) == 2
    assert window.desk.session.project.path == project


def test_what_cannot_be_saved_is_told(
    open_window: Open, project: Path, foreign: Path, boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(project), ""))
    window.files.open_path(foreign)
    assert "news.annot is there already" in boxes[1]
    assert window.desk.session.project.path == project


def test_a_damaged_project_is_offered_to_be_read(
    open_window: Open, project: Path, tmp_path: Path, boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cut off.annot"
    path.write_bytes(project.read_bytes()[:-4096])
    window = open_window(project)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: None)
    window.files.open_path(path)
    assert "cut off.annot is damaged: its end is missing." in boxes[0]
    assert "What can be read of it can be imported into a new project." in boxes[0]


def test_a_log_that_was_not_used_is_told_of(open_window: Open, project: Path, tmp_path: Path, boxes: list[str]) -> None:
    path = tmp_path / "other.annot"
    path.write_bytes(project.read_bytes())
    path.with_name("other.annot-wal").symlink_to(tmp_path / "elsewhere")
    window = open_window(project)
    window.files.open_path(path)
    assert not boxes
    assert "It is kept as other.annot-wal.not-used" in window.safety.bar.title.text()
    assert window.desk.session.project.path == path


def test_a_damaged_project_goes_back_to_its_newest_backup(
    open_window: Open, project: Path, tmp_path: Path, boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.annot"
    own.write_bytes(project.read_bytes())
    with Session.open(project) as session:
        session.confirm(1, session.article(1).suggested[0])
        session.backups.make()
    project.write_bytes(project.read_bytes()[:-4096])
    window = open_window(own)
    offered: list[str] = []

    def first(_parent: object, _title: str, _text: str, answers: list[str]) -> str:
        offered.extend(answers)
        return answers[0]

    monkeypatch.setattr(salvaging, "choose", first)
    window.files.open_path(project)
    assert offered[0].startswith("Back to 20")
    assert offered[0].endswith("(1 decision)")
    assert offered[1] == "Import what can be read…"
    assert "What was there before is kept as news.before-restore-" in boxes[0]
    assert window.desk.session.project.path == project
    assert len(window.desk.session.article(1).confirmed) == 1


def test_a_damaged_project_goes_back_to_a_copy_s_backup_only_where_it_has_none_of_its_own(
    project: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(project, tmp_path / "copy.annot"))
    with Session.open(copy) as session:
        theirs = session.backups.make()
    found = salvaging.newest_backup(project)
    assert found == theirs
    assert saving_words.back_to(theirs, project).endswith("(0 decisions, of copy.annot)")
    with Session.open(project) as session:
        session.flag(1)
        own = session.backups.make()
    with Session.open(copy) as session:
        session.flag(2)
        session.backups.make()
    assert salvaging.newest_backup(project) == own
    assert saving_words.back_to(own, project).endswith("(0 decisions)")
