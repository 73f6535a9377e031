"""A window of 1000 by 700: what stands in its right column can be read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QStyleOptionViewItem

from annotator import settings
from annotator.errors import KnownError
from annotator.model.label import Label
from annotator.session import Session
from annotator.ui.notice_bar import ERROR, Notice
from annotator.ui.plain import CutLabel, plain_tooltip, tell
from tests.ui.conftest import TEXT, reading_of

NAME = "International Federation of Red Cross and Red Crescent Societies"
GUESSED = ((NAME, "ORG", 0.9), ("Alibaba Group Holding Ltd", "ORG", 0.9), ("China", "GPE", 0.97), ("AI", "GPE", 0.3))


@pytest.fixture
def window(open_window: Callable[[Path], Any], tmp_path: Path) -> Any:
    """With more labels and entities than there is room for, as large as on a small screen."""
    path = tmp_path / "wide.annot"
    with Session.open(path, create=True, labels="ontonotes", model="blank:en", annotator="ana") as session:
        (article_id,) = session.add_articles([{"text": f"{TEXT} {NAME} spoke."}])
        text = session.article(article_id).text
        session.keep_reading(article_id, "blank:en", reading_of(text, GUESSED))
    shown = open_window(path)
    shown.resize(1000, 700)
    return shown


def test_entities_and_labels_share_the_column(window: Any) -> None:
    tree, labels = window.entities.tree, window.labels.list
    row = tree.visualItemRect(tree.topLevelItem(0)).height()
    assert tree.viewport().height() >= 6 * row
    assert labels.viewport().height() >= 7 * labels.sizeHintForRow(0)
    assert window.entities.width() >= 30 * window.fontMetrics().averageCharWidth()


def test_an_entity_with_a_long_name_says_all_of_it(window: Any) -> None:
    tree = window.entities.tree
    assert plain_tooltip(NAME) in {tree.topLevelItem(0).child(at).toolTip(0) for at in range(2)}


def test_what_is_left_never_makes_the_window_wider(window: Any) -> None:
    left = window.findChild(CutLabel)
    least = window.minimumSizeHint().width()
    left.setText("127 to check, 35 sure, picked at random, and more than there is room for")
    left.parentWidget().layout().activate()
    assert window.minimumSizeHint().width() == least
    assert left.toolTip() == plain_tooltip(left.text())
    before = left.grab().toImage()
    left.setText(f"{left.text()} at all")
    assert left.grab().toImage() == before  # cut at the same place


def test_a_long_name_of_a_label_leaves_room_for_the_count(window: Any) -> None:
    label: Label = replace(window.desk.session.labels[0], name="A_VERY_LONG_NAME_OF_A_LABEL_THAT_GOES_ON_AND_ON")
    index, painter, option = MagicMock(), MagicMock(), QStyleOptionViewItem()
    option.rect, option.fontMetrics = QRect(0, 0, 200, 24), window.fontMetrics()
    index.data.side_effect = [label, 12_345]
    window.labels.list.itemDelegate().paint(painter, option, index)
    _, name, count = [call.args[-1] for call in painter.drawText.call_args_list]
    assert name.startswith("A_VERY")
    assert name.endswith("…")
    assert count == "12345"
    metrics = option.fontMetrics
    assert metrics.horizontalAdvance(name) + metrics.horizontalAdvance(count) < 200


LONG = f"{'x' * 155}.annot"


def test_a_long_name_in_the_bar_never_makes_the_window_wider(window: Any) -> None:
    window.resize(least := window.minimumSizeHint().width(), 700)
    answers = (("Go on there", lambda: None), (f"Back to 2026-01-31 09:30 (3 decisions, of {LONG})", lambda: None))
    window.safety.bar.put(
        "moved", Notice(ERROR, f"The project file {LONG} was moved.", f"All is in /a/{LONG}", answers)
    )
    QApplication.processEvents()
    bar = window.safety.bar
    assert window.width() == window.minimumSizeHint().width() == least
    for button in bar.findChildren(QPushButton):
        assert bar.rect().contains(button.geometry())
    bar.grab()  # what is cut is known when it is painted
    for label in (bar.title, bar.advice):
        assert "…" in label.shown(label.width())
        assert label.shown(label.width()).endswith((".annot was moved.", "xx.annot"))
        assert label.toolTip() == plain_tooltip(label.text())
        assert label.height() >= label.fontMetrics().lineSpacing() * (2 if label is bar.title else 1)
    bar.put("moved", Notice(ERROR, "The disk is full."))
    bar.grab()
    assert bar.title.toolTip() == ""


def test_a_long_name_in_a_box_is_cut_in_its_middle(window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str, int]] = []
    look = lambda box: seen.append((box.text(), box.toolTip(), box.sizeHint().width()))  # noqa: E731
    monkeypatch.setattr(QMessageBox, "exec", look)
    tell(window, KnownError(f"{LONG} is there already.", "Choose another name."))
    tell(window, KnownError("It is short.", "Choose another name."))
    (text, tip, width), short = seen
    assert text.startswith("xxxx")
    assert "…" in text
    assert text.endswith("xx.annot is there already.\n\nChoose another name.")
    assert tip == plain_tooltip(f"{LONG} is there already.\n\nChoose another name.")
    assert width < 900
    assert short[:2] == ("It is short.\n\nChoose another name.", "")


def test_a_long_name_of_a_recent_project_is_cut_in_its_middle(window: Any, tmp_path: Path) -> None:
    (path := tmp_path / LONG).touch()
    settings.remember(path)
    window._recent.aboutToShow.emit()
    action = window._recent.actions()[0]
    assert action.text().startswith(str(tmp_path)[:10])
    assert action.text().endswith("xx.annot")
    assert window.fontMetrics().horizontalAdvance(action.text()) < 1000
    assert action.toolTip() == plain_tooltip(str(path))
    assert window._recent.toolTipsVisible()


def test_the_foot_never_ends_in_a_sign_between_two_parts(window: Any) -> None:
    hint = window.status.hint
    metrics = hint.fontMetrics()
    for width in range(40, metrics.horizontalAdvance(hint.text()), 3):
        shown = hint.shown(width)
        assert metrics.horizontalAdvance(shown) <= width
        assert shown.endswith("…")
        assert shown[-2] not in " ·"
    assert hint.shown(2000) == hint.text()
