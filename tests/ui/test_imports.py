"""An import is taken back in the window: what was on the desk goes with it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from tests.ui.hands import press

CONTROL = Qt.KeyboardModifier.ControlModifier


def imported(window: Any, path: Path) -> int:
    """Articles that came by a file, the first of them put on the desk."""
    path.write_text("Reuters is new.", "utf-8")
    (new,) = window.desk.session.import_files([path]).ids
    window.desk.open_article(new)
    return int(new)


def test_another_article_takes_the_place_of_one_that_goes(open_window: Any, project: Path, tmp_path: Path) -> None:
    window = open_window(project)
    new = imported(window, tmp_path / "new.txt")
    window.view.setFocus()
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.desk.session.row(new) is None
    assert window.desk.article is not None
    assert window.desk.article.id == 1
    assert "import (1 article)" in window.status.currentMessage() or window.desk.session.next_step("redo") == "import"
    press(window, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.desk.session.row(new) is not None


def test_an_empty_page_is_shown_where_no_article_is_left(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.view.setFocus()
    press(window, Qt.Key.Key_Z, CONTROL)
    assert window.desk.session.article_ids() == []
    assert window.desk.article is None
    assert window._pages.currentIndex() == 1
    window.setFocus()
    window.desk.replay(window.desk.session.redo, "")
    assert window.desk.article is not None
    assert window._pages.currentIndex() == 0


def test_what_the_worker_says_of_an_article_that_went_is_left(open_window: Any, project: Path, tmp_path: Path) -> None:
    from annotator.suggest import Reading

    window = open_window(project)
    new = imported(window, tmp_path / "new.txt")
    window.desk.session.undo()
    for article_id in (new, -new):
        window.suggesting._on_answered(article_id, window.suggesting._revision, Reading([(0, 7)], []), "made up")
    assert window.desk.session.check() == []
