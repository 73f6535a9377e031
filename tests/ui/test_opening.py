"""Opening a project from elsewhere: it is looked through, which shows how far it is and can be cancelled."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QProgressDialog

from annotator import paths
from annotator.session import Session
from annotator.store import watch
from annotator.ui.dialogs import backups, progress
from tests.ui.conftest import Open


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What bars show, and how much there is to do; they are there at once."""
    monkeypatch.setattr(watch, "_TURN", 0)
    monkeypatch.setattr(progress, "_EVERY", 0)
    monkeypatch.setattr(progress, "_SHOWN_AFTER", 0)
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(QProgressDialog, "show", lambda bar: seen.append((bar.labelText(), bar.maximum())))
    return seen


@pytest.fixture
def sent(project: Path) -> Path:
    """A project that this computer has never seen."""
    return Path(shutil.copy(project, project.with_name("sent to me.annot")))


def test_how_far_it_is_is_shown(open_window: Open, project: Path, sent: Path, bars: list[tuple[str, int]]) -> None:
    window = open_window(project)
    assert not bars  # it is as this program left it
    window.files.open_path(sent)
    assert window.desk.session.project.path == sent
    totals = {total for title, total in bars if title == "Looking through sent to me.annot"}
    assert totals
    assert min(totals) > 0


def test_a_moment_shows_nothing(open_window: Open, project: Path, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(project)
    shown: list[object] = []
    monkeypatch.setattr(QProgressDialog, "show", shown.append)
    monkeypatch.setattr(watch, "_TURN", 0)
    monkeypatch.setattr(progress, "_EVERY", 0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 1.0))
    window.files.open_path(sent)
    assert window.desk.session.project.path == sent
    assert not shown


def test_it_can_be_cancelled(
    open_window: Open, project: Path, sent: Path, bars: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    before = sent.read_bytes()
    monkeypatch.setattr(QProgressDialog, "wasCanceled", lambda bar: len(bars) > 1)
    window.files.open_path(sent)
    assert window.desk.session.project.path == project
    assert sent.read_bytes() == before
    monkeypatch.undo()
    with Session.open(sent) as session:  # nobody holds it
        assert len(session.article_ids()) == 2


def test_a_backup_that_is_looked_at_shows_it_too(
    open_window: Open, project: Path, bars: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(project)
    window.desk.session.backups.make()
    (paths.data_dir() / "known.json").unlink()
    seen: list[tuple[bool, int, int]] = []
    monkeypatch.setattr(backups, "_PATIENCE", 0)
    monkeypatch.setattr(
        backups.BackupsDialog,
        "repaint",
        lambda dialog: seen.append((dialog.bar.isHidden(), dialog.bar.value(), dialog.bar.maximum())),
    )
    dialog = backups.BackupsDialog(window, window.desk.session, window.looks.theme)
    assert not seen[0][0]
    assert 0 <= seen[0][1] < seen[-1][1] == seen[-1][2]
    assert dialog.bar.isHidden()
    assert dialog.articles.topLevelItemCount() == 2
    dialog.let_go()
    dialog.deleteLater()
