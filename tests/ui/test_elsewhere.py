"""A correction taken over by other articles: the offer, the list, by real keys on the real window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from annotator.model.elsewhere import Correction
from annotator.model.span import Span, Suggestion
from annotator.session import Session
from annotator.session.elsewhere import Place
from annotator.suggest import Reading
from annotator.ui import elsewhere
from annotator.ui.dialogs.elsewhere import ALARM, ElsewhereDialog
from annotator.ui.place_rows import PlaceModel, now_there
from annotator.ui.theme import Theme
from tests.ui.conftest import Open
from tests.ui.hands import MARKUP, activate, eventually, kept, nameless, press, rich_labels

Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
HUES = {"ORG": "orange", "LOC": "green"}
ORG = Correction("Alibaba", "ORG")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Four articles about Alibaba; in the third it is rather surely a LOC."""
    path = tmp_path / "shelf.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        texts = ("Alibaba one. Alibaba again.", "Two Alibaba and Alibaba.", "Three: Alibaba.", "Nothing here.")
        ids = session.add_articles({"id": f"a{n}", "text": text} for n, text in enumerate(texts, 1))
        for article_id in ids:
            at = session.article(article_id).text.find("Alibaba")
            sure = 0.95 if article_id == 3 else 0.5
            found = [Suggestion(at, at + 7, "LOC" if article_id == 3 else "PER", sure, "made-up 1.0")]
            session.keep_reading(article_id, "blank:en", Reading([], found if at >= 0 else []))
    return path


def answer(work: Callable[[Any], object], tries: int = 400) -> None:
    """Have the next modal dialog worked on, and closed in the end, so that nothing waits for ever."""

    def go() -> None:
        dialog = QApplication.activeModalWidget()
        if tries and (dialog is None or QApplication.activeWindow() is not dialog):
            answer(work, tries - 1)
            return
        try:
            work(dialog)
        finally:
            if dialog is not None:
                dialog.close()

    QTimer.singleShot(5, go)


def correct(window: Any, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Make the current span an ORG."""
    window.view.setFocus()
    press(window, Key.Key_2, modifiers)


def offered(window: Any) -> str:
    """What the strip says, as soon as it is there."""
    eventually(lambda: window.elsewhere.isVisible() and window.elsewhere.label.text())
    return str(window.elsewhere.label.text())


def test_a_correction_is_offered_and_made_by_keys_alone(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window)
    assert offered(window) == "“Alibaba” → ORG in 3 places of 2 other articles, 1 doubtful"

    def work(dialog: ElsewhereDialog) -> None:
        assert dialog.accept_button.text() == "Change 2 places"
        press(dialog, Key.Key_Down)
        press(dialog, Key.Key_Space)
        assert dialog.accept_button.text() == "Change 1 place"
        press(dialog, Key.Key_Return)

    answer(work)
    press(window, Key.Key_B)
    assert kept(window, 2) == [("Alibaba", "ORG", "confirmed")]
    assert kept(window, 3) == []
    assert window.status.hint.text() == "Changed 1 place of 1 other article; Ctrl+Z takes all of it back."
    assert not window.elsewhere.isVisible()
    assert window.desk.article.id == 1


def test_one_undo_takes_all_of_it_back_and_redo_makes_it_again(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    window.desk.open_article(2)  # in memory, so that undo must bring it up to date
    window.desk.open_article(1)
    correct(window)
    offered(window)
    answer(lambda dialog: (press(dialog, Key.Key_A, CTRL), press(dialog, Key.Key_Return)))
    press(window, Key.Key_B)
    assert [len(kept(window, n)) for n in (1, 2, 3)] == [2, 2, 1]
    assert len(window.desk.session.article(2).confirmed) == 2
    activate(window)
    press(window, Key.Key_Z, CTRL)
    assert [len(kept(window, n)) for n in (1, 2, 3)] == [2, 0, 0]
    assert window.desk.session.article(2).confirmed == ()
    assert window.status.hint.text().startswith("Undid: same change in other articles")
    press(window, Key.Key_Z, CTRL | SHIFT)
    assert len(window.desk.session.article(2).confirmed) == 2


def test_undoing_the_correction_withdraws_the_offer(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window)
    offered(window)
    press(window, Key.Key_Z, CTRL)
    assert not window.elsewhere.isVisible()
    press(window, Key.Key_B)
    assert window.status.hint.text() == "No correction was made lately that other articles could take over."


def test_only_this_one_offers_nothing(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window, SHIFT)
    QTest.qWait(elsewhere._REST + 100)
    assert window.elsewhere.places == []
    window.desk.session.undo()
    correct(window)
    offered(window)
    press(window, Key.Key_U)
    QTest.qWait(elsewhere._REST + 100)
    assert not window.elsewhere.isVisible()


def test_the_key_waits_for_the_list_without_holding_the_window(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window)
    seen: list[str] = []
    answer(lambda dialog: seen.append(dialog.accept_button.text()))
    press(window, Key.Key_B)
    assert window.status.hint.text() == "Still looking through the other articles…"
    eventually(lambda: seen)
    assert seen == ["Change 2 places"]
    assert kept(window, 2) == []


def test_a_rejection_is_offered_too(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    press(window, Key.Key_X)
    assert offered(window) == "“Alibaba” is no PER in 1 place of 1 other article"
    answer(lambda dialog: press(dialog, Key.Key_Return))
    QTest.mouseClick(window.elsewhere._button, Qt.MouseButton.LeftButton)
    assert kept(window, 2) == [("Alibaba", "PER", "rejected")]


def test_the_offer_follows_to_the_next_article_and_shrinks(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window)
    offered(window)
    press(window, Key.Key_Return)
    assert window.desk.article.id == 2
    press(window, Key.Key_Return)
    eventually(lambda: window.elsewhere.label.text() == "“Alibaba” → ORG in 1 place of 1 other article, 1 doubtful")


def test_where_there_is_no_place_nothing_is_said_until_asked(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    window.view.select(8, 11)  # one
    correct(window)
    eventually(lambda: not window.elsewhere._rest.isActive() and window.elsewhere._looking is None)
    assert not window.elsewhere.isVisible()
    press(window, Key.Key_B)
    assert window.status.hint.text() == "No other undecided article has a place for the last correction."


def test_another_project_takes_the_offer_away(open_window: Open, shelf: Path, project: Path) -> None:
    window = open_window(shelf)
    correct(window)
    offered(window)
    window.files.open_path(project)
    assert not window.elsewhere.isVisible()
    assert window.elsewhere.places == []


def test_changed_labels_take_the_offer_away(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window)
    offered(window)
    session = window.desk.session
    session.set_labels([replace(each, name="FIRM") if each.name == "ORG" else each for each in session.labels])
    assert not window.elsewhere.isVisible()


def test_not_now(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    correct(window)
    offered(window)
    close = next(b for b in window.elsewhere.findChildren(QWidget) if b.accessibleName() == "Not now")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not window.elsewhere.isVisible()
    assert window.view.hasFocus()


def test_what_is_too_much_is_made_in_several_goes(
    open_window: Open, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "MOST", 2)
    window = open_window(shelf)
    correct(window)
    assert offered(window) == "“Alibaba” → ORG in 2 places of 1 other article or more"
    answer(lambda dialog: press(dialog, Key.Key_Return))
    press(window, Key.Key_B)
    assert len(kept(window, 2)) == 2
    eventually(lambda: window.elsewhere.label.text() == "“Alibaba” → ORG in 1 place of 1 other article, 1 doubtful")


# The list


def places(count: int, articles: int = 1, title: str = "Title") -> list[Place]:
    """Made-up places, the first of them doubtful."""
    shown = Span(0, 7, "LOC", confidence=0.95)
    return [
        Place(1 + n % articles, title, n, n + 7, "before ", "Alibaba", " after", None if n else shown, not n)
        for n in sorted(range(count), key=lambda n: n % articles)
    ]


@pytest.fixture
def parent(qt_app: Any) -> Any:
    """What dialogs stand on."""
    widget = QWidget()
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()


def dialog_of(parent: QWidget, found: list[Place], dark: bool = False) -> ElsewhereDialog:
    """The dialog, with the keyboard."""
    dialog = ElsewhereDialog(parent, ORG, found, Theme(dark), HUES)
    dialog.show()
    dialog.activateWindow()
    QTest.qWaitForWindowActive(dialog)
    return dialog


def test_a_heading_ticks_all_of_its_article(parent: QWidget) -> None:
    dialog = dialog_of(parent, places(6, articles=2))
    state = Qt.ItemDataRole.CheckStateRole
    assert len(dialog.chosen) == 5
    assert dialog.model.index(0).data(state) == Qt.CheckState.PartiallyChecked
    press(dialog, Key.Key_Up)
    press(dialog, Key.Key_Space)
    assert dialog.model.index(0).data(state) == Qt.CheckState.Checked
    press(dialog, Key.Key_Space)
    assert dialog.model.index(0).data(state) == Qt.CheckState.Unchecked
    assert [place.article_id for place in dialog.chosen] == [2, 2, 2]


def test_a_click_ticks_and_nothing_ticked_can_be_made(parent: QWidget) -> None:
    dialog = dialog_of(parent, places(2))
    row = dialog.list.visualRect(dialog.model.index(2))
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.left() + 30, row.center().y()))
    assert dialog.chosen == []
    assert not dialog.accept_button.isEnabled()
    press(dialog, Key.Key_Return)
    assert dialog.isVisible()
    press(dialog, Key.Key_A, CTRL)
    assert len(dialog.chosen) == 2
    press(dialog, Key.Key_A, CTRL | SHIFT)
    assert dialog.chosen == []


@pytest.mark.parametrize("sure", [True, False])
def test_many_places_are_asked_about_with_their_numbers(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    asked: list[str] = []

    def exec_(box: QMessageBox) -> int:
        asked.append(box.text())
        monkeypatch.setattr(box, "clickedButton", lambda: box.buttons()[0] if sure else None)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    dialog = dialog_of(parent, places(ALARM + 2, articles=3))
    press(dialog, Key.Key_Return)
    assert asked[0].startswith("Change 51 places of 3 other articles?")
    assert dialog.isVisible() is not sure
    dialog.model.toggle(2)
    asked.clear()
    dialog.accept()
    assert asked == []


def test_what_is_shown_there_now() -> None:
    doubtful, plain = places(2)
    assert (now_there(doubtful), now_there(plain)) == ("suggested LOC 95%", "")
    assert PlaceModel([doubtful]).index(1).data() == "before Alibaba after · suggested LOC 95%"


@pytest.mark.parametrize("dark", [False, True])
def test_the_words_are_painted_in_their_labels_colour(parent: QWidget, dark: bool) -> None:
    dialog = dialog_of(parent, places(3), dark)
    picture = dialog.list.viewport().grab().toImage()
    fill = Theme(dark).hue("orange").fill
    seen = {QColor(picture.pixel(x, y)).name() for x in range(picture.width()) for y in range(0, picture.height(), 3)}
    assert fill.name() in seen


def test_titles_and_words_from_outside_stay_letters(parent: QWidget) -> None:
    dialog = ElsewhereDialog(parent, Correction(MARKUP, MARKUP), places(3, title=MARKUP), Theme(), {})
    dialog.show()
    assert [words for words in rich_labels(dialog) if "<" in words] == []
    assert nameless(dialog) == []
