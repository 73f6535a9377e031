"""What the factory makes shows letters, whatever they spell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QMessageBox,
    QStyleOptionViewItem,
    QToolTip,
    QTreeWidgetItem,
    QWidget,
)

from annotator.ui import plain
from annotator.ui.dialogs.backups import BackupsDialog
from annotator.ui.looks import wear
from annotator.ui.plain import progress_dialog
from annotator.ui.theme import Theme
from tests.ui.hands import MARKUP, rich_labels


@pytest.fixture
def parent(qt_app: Any) -> Iterator[QWidget]:
    """What all of it stands on."""
    widget = QWidget()
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()


@pytest.mark.parametrize("words", ["R&D", "&File", "a && b", MARKUP])
def test_a_menu_shows_the_letters(qt_app: Any, words: str) -> None:
    assert QAction(plain.menu_text(words)).iconText() == words


def test_a_menu_takes_no_words_for_keys(qt_app: Any) -> None:
    assert plain.menu_text("Quit\tCtrl+Q\nnow") == "Quit Ctrl+Q now"


@pytest.mark.parametrize("words", ["[*] News", "News [*][*]", "R&D", MARKUP])
def test_the_title_of_a_window_shows_the_letters(parent: QWidget, words: str) -> None:
    parent.setWindowTitle(plain.window_title(words))
    assert parent.windowHandle().title().startswith(words)


def test_a_tool_tip_shows_the_letters(parent: QWidget) -> None:
    plain.show_tooltip(parent.pos(), f"{MARKUP} &amp;\nsecond", parent)
    document = QTextDocument()
    document.setHtml(QToolTip.text())
    assert document.toPlainText() == f"{MARKUP} &amp;\nsecond"
    plain.show_tooltip(parent.pos(), "", parent)


def test_a_progress_dialog_and_a_row_show_the_letters(parent: QWidget) -> None:
    dialog = plain.progress_dialog(parent, MARKUP)
    dialog.setLabelText(f"{MARKUP} again")
    form = QFormLayout(parent)
    plain.add_row(form, MARKUP, QWidget())
    plain.add_row(form, "", QWidget())
    assert [label.text() for label in dialog.findChildren(QLabel)] == [f"{MARKUP} again"]
    assert MARKUP in [label.text() for label in parent.findChildren(QLabel)]
    assert rich_labels(parent) == []


def test_the_style_sheet_makes_labels_plain_that_qt_makes_itself(parent: QWidget) -> None:
    wear(Theme())  # and goes on wearing it, as the program does: Qt breaks down where a style sheet is taken off
    box = QMessageBox(QMessageBox.Icon.Warning, "", f"{MARKUP}: file not found", parent=parent)
    box.show()
    label = next(each for each in box.findChildren(QLabel) if MARKUP in each.text())
    assert label.textFormat() is Qt.TextFormat.PlainText
    box.close()


def test_marks_upon_marks_stay_in_their_row_of_a_tree(open_window: Any, project: Path) -> None:
    window = open_window(project)
    dialog = BackupsDialog(window, window.desk.session, window.looks.theme)
    for tree in (window.entities.tree, dialog.articles):
        item = QTreeWidgetItem(["Zo" + "\u0301" * 60])
        tree.addTopLevelItem(item)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 200, 280, 30)
        image = QImage(280, 300, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        before = image.copy(0, 0, 280, 200)
        painter = QPainter(image)
        tree.itemDelegate().paint(painter, option, tree.indexFromItem(item))
        painter.end()
        assert image.copy(0, 0, 280, 200) == before
        assert image.copy(0, 200, 280, 30) != before.copy(0, 0, 280, 30)
    dialog.let_go()
    dialog.deleteLater()


def test_a_bar_s_long_title_is_cut(qt_app: Any) -> None:
    dialog = progress_dialog(None, f"Looking through {'x' * 155}.annot")
    assert dialog.labelText().startswith("Looking through xxx")
    assert "…" in dialog.labelText()
    assert dialog.labelText().endswith("x.annot")
    dialog.deleteLater()
