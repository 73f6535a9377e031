"""The order of work and near-duplicates in the window, by real keys and clicks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton

from annotator.errors import KnownError
from annotator.model.article import ArticleState
from annotator.model.order import ORDERS
from annotator.session import Session
from annotator.store.articles import ArticleFilter
from annotator.ui import arranging, safety
from annotator.ui.dialogs.order import OrderDialog, OrderWish
from annotator.ui.dialogs.twins import TwinsDialog
from annotator.ui.words import RANDOM
from tests.ui.conftest import Open
from tests.ui.hands import MARKUP, activate, eventually, press

Key = Qt.Key
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
ROW, TOOLTIP = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.ToolTipRole

STORY = (
    "Alibaba opened a lab in Hangzhou on Monday, its seventh outside of the head office, and said that more are to "
    "come. The lab will work on chips and on networks, Jeff Zhang said in an interview with the Morning Post."
)


@pytest.fixture
def wires(tmp_path: Path) -> Path:
    """One story in three papers and thirty others; article 1, 12 and 23 are nearly the same."""
    path = tmp_path / "wires.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        for first in (0, 11, 22):
            title = f"{MARKUP} paper {first}"
            session.add_articles([{"id": f"w{first}", "text": f"Paper {first}\n\n{STORY}", "meta": {"title": title}}])
            session.add_articles(
                {"id": f"a{n}", "text": f"Number {n} is a story of its own."} for n in range(first, first + 10)
            )
    return path


def chosen(answer: Callable[[Any], object]) -> None:
    """Has the next modal dialog answered."""

    def go() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or QApplication.activeWindow() is not dialog:
            QTimer.singleShot(5, go)
            return
        try:
            answer(dialog)
        finally:
            dialog.close()

    QTimer.singleShot(5, go)


def run(window: Any, name: str) -> None:
    """What the menu entry does."""
    next(each for each in window.findChildren(QAction) if each.objectName() == name).trigger()


def shown(window: Any) -> list[int]:
    """The ids in the list, as far as it has been fetched."""
    model = window.articles.model
    return [model.data(model.index(at), ROW).id for at in range(model.rowCount())]


def test_an_order_is_chosen_with_the_keyboard(open_window: Open, wires: Path) -> None:
    window = open_window(wires)

    def answer(dialog: OrderDialog) -> None:
        assert dialog.wish() == OrderWish("given", 20, "As given")
        for _ in range(2):
            QTest.keyClick(dialog.focusWidget(), Key.Key_Down)
        dialog.share.setFocus()
        dialog.share.selectAll()
        QTest.keyClicks(dialog.share, "50")
        QTest.keyClick(dialog.share, Key.Key_Return)

    chosen(answer)
    run(window, "order")
    order = window.desk.session.order
    assert (order.name, order.share) == ("topics", 50)
    assert shown(window) == window.desk.session.article_ids() != sorted(shown(window))
    assert window.status.hint.text() == "Order of work: shuffled over topics."


def test_cancelling_changes_nothing(open_window: Open, wires: Path) -> None:
    window = open_window(wires)
    chosen(lambda dialog: QTest.keyClick(dialog, Key.Key_Escape))
    run(window, "order")
    assert shown(window) == list(range(1, 34))


def test_the_next_article_is_the_next_in_the_list(open_window: Open, wires: Path) -> None:
    window = open_window(wires)
    window.desk.session.order.choose("topics")
    ids = shown(window)
    window.desk.open_article(ids[3])
    press(window, Key.Key_G)
    assert window.desk.article.id == ids[4]
    press(window, Key.Key_Return)
    assert window.desk.article.id == ids[5]
    press(window, Key.Key_S)
    assert window.desk.article.id == ids[6]
    window.desk.open_article(ids[-1])
    press(window, Key.Key_S)
    assert window.desk.article.id == ids[0], "round the end"


def test_a_far_article_is_found_in_the_list_and_shown(
    open_window: Open, wires: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.ui import article_list

    monkeypatch.setattr(article_list, "_PAGE", 5)
    window = open_window(wires)
    window.desk.session.order.choose("topics", 0)
    ids = window.desk.session.article_ids()
    for at in (30, 2, 17):
        window.desk.open_article(ids[at])
        assert window.articles.view.currentIndex().row() == at
    assert shown(window)[:31] == ids[:31]
    assert len(set(shown(window))) == len(shown(window))


def test_those_picked_at_random_can_be_seen_and_heard(open_window: Open, wires: Path) -> None:
    window = open_window(wires)
    model, view = window.articles.model, window.articles.view

    def dies() -> tuple[list[str], list[str]]:
        indexes = [model.index(at) for at in range(model.rowCount())]
        tips = [index.data(TOOLTIP) for index in indexes]
        return [tip for tip in tips if tip], [index.data() for index in indexes if "at random" in index.data()]

    def picture() -> QImage:
        view.clearFocus()
        return view.viewport().grab().toImage()

    window.desk.session.order.choose("given", 0)
    assert dies() == ([], [])
    plain = picture()
    window.desk.session.order.choose("given", 100)
    tips, heard = dies()
    assert len(tips) == len(heard) == 33
    assert RANDOM in tips[0]
    assert picture() != plain


def test_importing_twins_offers_to_skip_them(open_window: Open, wires: Path, tmp_path: Path) -> None:
    window = open_window(wires)
    (tmp_path / "late.txt").write_text(f"Late\n\n{STORY}", "utf-8")
    (tmp_path / "far.txt").write_text("Oslo is cold.", "utf-8")
    seen: list[str] = []

    def answer(dialog: TwinsDialog) -> None:
        buttons = dialog.findChildren(QRadioButton)
        seen.extend(button.text() for button in buttons if button.isEnabled())
        assert dialog.wish() == "leave"
        assert dialog.tree.topLevelItemCount() == 1
        assert dialog.tree.topLevelItem(0).text(0).startswith(MARKUP)
        buttons[1].click()
        dialog.accept_button.click()

    chosen(answer)
    window.files.import_paths([tmp_path / "late.txt", tmp_path / "far.txt"])
    assert seen == ["Leave them", "Skip 1 article"]
    states = {row.id: row.state for row in window.desk.session.rows(ArticleFilter())}
    assert [each for each, state in states.items() if state is ArticleState.SKIPPED] == [34]
    activate(window)
    press(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.desk.session.row(34).state is ArticleState.NEW
    assert "Undid: skipped near-duplicates" in window.status.hint.text()


def test_twins_that_are_left_stay(open_window: Open, wires: Path) -> None:
    window = open_window(wires)
    chosen(lambda dialog: dialog.accept_button.click())
    run(window, "twins")
    assert window.desk.session.next_step("undo") == "import"


def test_decisions_are_taken_over_for_all(open_window: Open, wires: Path) -> None:
    window = open_window(wires)
    at = len("Paper 0\n\n")
    window.desk.session.decide(1, [(at, at + 7, "ORG")])

    def answer(dialog: TwinsDialog) -> None:
        dialog.findChildren(QRadioButton)[2].click()
        dialog.accept_button.click()

    chosen(answer)
    window.desk.open_article(12)
    run(window, "twins")
    assert window.status.hint.text() == "2 decisions taken over, in 2 articles."
    assert [window.desk.session.row(each).confirmed for each in (12, 23)] == [1, 1]
    assert [window.desk.article.surface(span) for span in window.desk.article.confirmed] == ["Alibaba"]
    eventually(lambda: window.articles.model.data(window.articles.model.index(22), ROW).confirmed == 1)


def test_an_article_whose_twin_is_done_says_so_and_a_key_takes_over(open_window: Open, wires: Path) -> None:
    window = open_window(wires)
    press(window, Key.Key_T, CTRL_SHIFT)
    assert "No article that is done" in window.status.hint.text()
    at = len("Paper 0\n\n")
    window.desk.session.decide(1, [(at, at + 7, "ORG")])
    window.desk.open_article(23)
    assert "Nearly the same as “<b>x</b>" in window.status.hint.text()
    assert "Ctrl+Shift+T" in window.status.hint.text()
    press(window, Key.Key_T, CTRL_SHIFT)
    assert [window.desk.article.surface(span) for span in window.desk.article.confirmed] == ["Alibaba"]
    press(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.desk.article.confirmed == ()
    assert window.desk.article.state is ArticleState.NEW


def test_a_window_that_opens_on_such_an_article_says_so(open_window: Open, wires: Path) -> None:
    with Session.open(wires, annotator="ana") as session:
        session.finish(1)
        session.remember_place(12)
    assert "Ctrl+Shift+T takes over" in open_window(wires).status.hint.text()


def test_no_twins_is_one_line(open_window: Open, project: Path) -> None:
    window = open_window(project)
    run(window, "twins")
    assert "No two articles" in window.status.hint.text()


def test_an_order_that_cannot_be_had_is_one_message(
    open_window: Open, wires: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(wires)
    told: list[KnownError] = []
    monkeypatch.setattr(safety, "tell", lambda _parent, error: told.append(error))
    monkeypatch.setattr(arranging, "ask_order", lambda *_: OrderWish("best", 20, "Best"))
    run(window, "order")
    assert [error.title for error in told] == ["There is no order best."]
    assert shown(window) == list(range(1, 34))


def test_every_order_has_a_sentence(qt_app: Any) -> None:
    dialog = OrderDialog(None, ORDERS, "date", 20)
    assert [button.text() for button in dialog.findChildren(QRadioButton)] == [order.title for order in ORDERS]
    assert dialog.wish().name == "date"
    dialog.deleteLater()
