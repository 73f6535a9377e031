"""The list of articles: what a row shows, and what it costs to keep it true."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from annotator.model.article import ArticleState
from annotator.session import Session
from annotator.ui.article_list import ArticlePanel, counts_of, paint_state, two_lines
from annotator.ui.desk import Desk
from annotator.ui.theme import Theme

SOON = 120  # milliseconds, after which a panel has followed a decision


@pytest.fixture
def desk(qt_app: Any, project: Path) -> Iterator[Desk]:
    """A desk with the first article of the project on it."""
    with Session.open(project, annotator="ana") as session:
        desk = Desk(session)
        desk.open_article(1)
        yield desk


@pytest.fixture
def panel(desk: Desk, qt_app: Any) -> Iterator[ArticlePanel]:
    """The panel on the screen, without a window around it."""
    panel = ArticlePanel(desk, Theme())
    panel.resize(280, 600)
    panel.show()
    panel.activateWindow()
    QTest.qWaitForWindowActive(panel)
    yield panel
    panel.close()
    panel.deleteLater()
    qt_app.sendPostedEvents(panel, QEvent.Type.DeferredDelete)  # its timers go too, before the project closes


def test_down_goes_from_the_filter_into_the_list(desk: Desk, panel: ArticlePanel) -> None:
    panel.focus_filter()
    QTest.keyClick(panel.field, Qt.Key.Key_Down)
    assert panel.view.hasFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert desk.article is not None
    assert desk.article.id == 2


def test_a_decision_refreshes_only_its_row(desk: Desk, panel: ArticlePanel) -> None:
    touched: list[tuple[int, int]] = []
    panel.model.dataChanged.connect(lambda first, last, _roles: touched.append((first.row(), last.row())))
    desk.confirm()
    QTest.qWait(SOON)
    assert touched == [(0, 0)]
    row = panel.model.data(panel.model.index(0), Qt.ItemDataRole.UserRole)
    assert counts_of(row) == "1 confirmed"


def test_counts_are_in_plain_english(desk: Desk) -> None:
    row = desk.session.row(1)
    assert row is not None
    assert counts_of(row) == "6 suggested"
    assert counts_of(replace(row, state=ArticleState.DONE, confirmed=1)) == "1 span"
    assert counts_of(replace(row, state=ArticleState.SKIPPED)) == ""


def test_states_are_told_apart_without_colour(qt_app: Any) -> None:
    seen = set()
    for state in ArticleState:
        image = QImage(20, 20, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_state(painter, QRectF(2, 2, 16, 16), state, Theme())
        painter.end()
        seen.add(tuple(image.pixelColor(x, y).alpha() > 100 for x in range(20) for y in range(20)))
    assert len(seen) == len(ArticleState)


# Letters that do not join: where Qt cuts a word of joined ones, the last takes another, wider shape.
@given(text=st.text("aWİßéЖ漢字  \u00a0👩", max_size=200), width=st.integers(40, 400))
def test_a_title_takes_at_most_two_lines_that_fit(qt_app: Any, text: str, width: int) -> None:
    metrics = QFontMetrics(QApplication.font())
    lines = two_lines(text, metrics, width)
    assert 1 <= len(lines) <= 2
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)


@pytest.mark.parametrize("dark", [False, True])
def test_a_row_is_painted_in_both_themes(desk: Desk, panel: ArticlePanel, dark: bool) -> None:
    desk.flag()
    before = panel.view.grab().toImage()
    panel.set_theme(Theme(dark=dark))
    assert (panel.view.grab().toImage() != before) is dark


def test_marks_upon_marks_stay_in_their_row(qt_app: Any, project: Path) -> None:
    """Painted alone, the second row leaves the first as it was."""
    with Session.open(project, annotator="ana") as session:
        session.add_articles([{"id": "x", "text": "Words.", "meta": {"title": "Zo" + "\u0301" * 60}}])
        panel = ArticlePanel(Desk(session), Theme())
        option = QStyleOptionViewItem()
        option.font, option.fontMetrics = panel.view.font(), QFontMetrics(panel.view.font())
        option.rect = QRect(0, 200, 280, 60)
        image = QImage(280, 400, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        panel.view.itemDelegate().paint(painter, option, panel.model.index(2, 0))
        painter.end()
        white = QImage(280, 200, QImage.Format.Format_RGB32)
        white.fill(Qt.GlobalColor.white)
        assert image.copy(0, 0, 280, 200) == white
        assert image.copy(0, 200, 280, 60) != white.copy(0, 0, 280, 60)
        panel.deleteLater()
        qt_app.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
