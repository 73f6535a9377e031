"""A window of 1000 by 700: what stands in its right column can be read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QStyleOptionViewItem

from annotator.model.label import Label
from annotator.session import Session
from annotator.ui.plain import CutLabel, plain_tooltip
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
