"""Where the cursor stops, what only the less sure would have missed, and places that may hide an entity."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from annotator.session import Session
from annotator.session.missed import LEAST_ARTICLES
from annotator.settings import Settings
from annotator.ui.accessible import install
from annotator.ui.checking import ALL, LESS_SURE
from annotator.ui.dialogs.checking import CheckingDialog, CheckingWish
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.missed_note import MissedNote, brief, sentences
from annotator.ui.theme import Theme
from tests.offered import SUGGESTED, add_articles, offer, place
from tests.ui.conftest import Open
from tests.ui.hands import activate, eventually, kept, nameless, press, rich_labels

Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    """Twelve articles with four sure suggestions, two less sure ones (Israel, Jeff Zhang) and three ghosts."""
    path = tmp_path / "offered.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.order.choose("given", 0)
        add_articles(session, 12)
    return path


@pytest.fixture
def less_sure(home: Path) -> None:
    """The cursor stops only at the less sure suggestions."""
    Settings().set("visit", LESS_SURE)


@pytest.fixture
def ghosts(home: Path) -> None:
    """Places that may hide an entity are shown."""
    Settings().set("ghosts", True)


def current(window: Any) -> str | None:
    """The words of the current span."""
    span = window.desk.current
    return None if span is None else str(window.desk.article.surface(span))


def stops(window: Any, key: Key, times: int) -> list[str | None]:
    """Where a key goes, again and again."""
    found = []
    for _ in range(times):
        press(window, key)
        found.append(current(window))
    return found


def left(window: Any) -> str:
    """How many places wait, as it stands under the article."""
    return str(window.findChild(object, "action_bar").left.text())


def in_dialog(act: Callable[[Any], object]) -> None:
    """Has the next modal dialog acted on; it is closed in any case."""

    def go() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or QApplication.activeWindow() is not dialog:
            QTimer.singleShot(5, go)
            return
        try:
            act(dialog)
        finally:
            dialog.close()

    QTimer.singleShot(0, go)


# Visiting


def test_all_suggestions_are_visited_at_first(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    assert current(window) == "Alibaba Group"
    assert stops(window, Key.Key_Tab, 3) == ["China", "Israel", "BNN"]
    eventually(lambda: left(window) == "6 to check")
    press(window, Key.Key_Return)
    assert window.desk.session.next_step("undo") == "finish"


@pytest.mark.usefixtures("less_sure")
def test_the_cursor_stops_only_at_the_less_sure(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    assert current(window) == "Israel"
    assert stops(window, Key.Key_Tab, 2) == ["Jeff Zhang", "Israel"]
    assert stops(window, Key.Key_K, 2) == ["Jeff Zhang", "Israel"]
    assert stops(window, Key.Key_N, 2) == ["BNN", "Jeff Zhang"]
    assert stops(window, Key.Key_P, 4) == ["BNN", "Israel", "China", "Alibaba Group"]
    eventually(lambda: left(window) == "2 to check, 4 sure")


@pytest.mark.usefixtures("less_sure")
def test_space_goes_on_and_enter_confirms_the_rest(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    press(window, Key.Key_Space)
    assert current(window) == "Jeff Zhang"
    press(window, Key.Key_X)
    assert "All checked. Enter finishes the article and confirms 4 more" in window.status.hint.text()
    eventually(lambda: left(window) == "nothing to check, 4 sure")
    press(window, Key.Key_Tab)
    assert "4 sure suggestions left; Enter confirms them" in window.status.hint.text()
    press(window, Key.Key_Return)
    assert window.desk.article.id == 2
    assert current(window) == "Israel"
    states = [state for _, _, state in kept(window)]
    assert (states.count("confirmed"), states.count("rejected")) == (5, 1)
    assert window.desk.session.next_step("undo") == "finish_sure"
    press(window, Key.Key_Z, CTRL)
    assert "Undid: finished article" in window.status.hint.text()


@pytest.mark.usefixtures("less_sure")
def test_what_is_picked_at_random_is_visited_in_full(open_window: Open, offered: Path) -> None:
    with Session.open(offered, annotator="ana") as session:
        session.order.choose("topics", 100)
        assert session.row(1).is_random  # type: ignore[union-attr]
    window = open_window(offered)
    assert current(window) == "Alibaba Group"
    assert stops(window, Key.Key_Tab, 1) == ["China"]
    eventually(lambda: left(window) == "6 to check, picked at random")
    press(window, Key.Key_Return)
    assert window.desk.session.next_step("undo") == "finish"


@pytest.mark.usefixtures("less_sure")
def test_another_order_of_work_may_pick_the_article_at_random(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    assert not window.desk.sees_all
    window.desk.session.order.choose("topics", 100)
    assert window.desk.sees_all
    window.desk.session.order.choose("given", 0)
    assert not window.desk.sees_all


@pytest.mark.usefixtures("less_sure")
def test_an_article_without_doubts_opens_without_a_ring(open_window: Open, offered: Path) -> None:
    with Session.open(offered, annotator="ana") as session:
        offer(session, 1, SUGGESTED[:2])
    window = open_window(offered)
    assert current(window) is None
    eventually(lambda: left(window) == "nothing to check, 2 sure")


# How it looks


def picture(window: Any) -> Any:
    """The article as it is on the screen."""
    QApplication.processEvents()
    return window.view.viewport().grab().toImage()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_less_sure_look_so(open_window: Open, offered: Path, theme: str) -> None:
    window = open_window(offered)
    window.looks.show_theme(theme)
    press(window, Key.Key_Escape)
    before = picture(window)
    window.looks.settings.set("sure_from", 60)
    window.looks.changed.emit()
    after = picture(window)
    rects = {name: window.view.rects_of(*place(name))[0] for name in ("Israel", "China", "Jeff Zhang")}
    differs = {name for name, rect in rects.items() if before.copy(rect) != after.copy(rect)}
    assert differs == {"Israel"}, "62% is less than 90 and more than 60"
    at = window.view.rects_of(*place("Israel"))[0].topLeft()
    assert before.pixelColor(at * before.devicePixelRatio()) != after.pixelColor(at * after.devicePixelRatio())


def test_the_card_and_the_description_say_who_agrees(open_window: Open, offered: Path) -> None:
    install()
    window = open_window(offered)
    said = "97% sure: the learner, en_core_web_sm and the memory agree"
    assert said in window.card.label.text()
    node = QAccessible.queryAccessibleInterface(window.view).child(1).child(0)
    assert node.text(QAccessible.Text.Name) == "Alibaba Group, ORG, suggested"
    assert node.text(QAccessible.Text.Description) == said
    israel = QAccessible.queryAccessibleInterface(window.view).child(1).child(2)
    assert israel.text(QAccessible.Text.Name) == "Israel, LOC, suggested, not sure"
    assert israel.text(QAccessible.Text.Description) == "62% sure: the learner"


# Ghosts


def test_ghosts_are_shown_and_visited_when_asked_for(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    before = picture(window)
    assert "May be entities" not in tops(window)
    press(window, Key.Key_H, CTRL)
    assert "3 places may hide an entity" in window.status.hint.text()
    assert Settings().get("ghosts")
    assert picture(window) != before
    window.desk.go_to(window.desk.article.suggested[4])
    assert stops(window, Key.Key_Tab, 3) == ["May", "City Council", "Hangzhou"]
    assert stops(window, Key.Key_N, 1) == ["City Council"]
    eventually(lambda: left(window) == "9 to check")
    eventually(lambda: "May be entities" in tops(window))
    assert "may be an entity" in window.card.label.text()
    assert "left unmarked by the learner, 22% sure that it is one" in window.card.label.text()
    press(window, Key.Key_H, CTRL)
    assert current(window) is None, "a ghost that is not shown is not current"
    assert stops(window, Key.Key_Tab, 1) == ["Alibaba Group"], "nothing was left behind it"
    assert picture(window).size() == before.size()
    eventually(lambda: "May be entities" not in tops(window))


def tops(window: Any) -> list[str]:
    """The groups of the entity panel."""
    tree = window.entities.tree
    return [tree.topLevelItem(n).text(0) for n in range(tree.topLevelItemCount())]


@pytest.mark.usefixtures("ghosts", "less_sure")
def test_ghosts_are_decided_with_the_keys_of_suggestions(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    assert stops(window, Key.Key_Tab, 2) == ["Jeff Zhang", "May"]
    decided = QSignalSpy(window.desk.decided)
    press(window, Key.Key_X)
    assert kept(window) == [("May", "PER", "rejected")]
    assert decided.count() == 0, "what was only doubtful is not offered as a correction of other articles"
    assert current(window) == "City Council"
    press(window, Key.Key_Space)
    assert kept(window)[1:] == [("City Council", "ORG", "confirmed")] * 2
    assert "Added 2 places" in window.status.hint.text()
    press(window, Key.Key_U)
    assert kept(window)[1:] == [("City Council", "ORG", "confirmed")]
    assert stops(window, Key.Key_Tab, 1) == ["City Council"]
    assert window.desk.current.is_ghost
    press(window, Key.Key_3, SHIFT)
    assert kept(window)[1:] == [("City Council", "ORG", "confirmed"), ("City Council", "LOC", "confirmed")]
    press(window, Key.Key_Z, CTRL)
    assert current(window) == "City Council"
    assert window.desk.current.is_ghost


@pytest.mark.usefixtures("ghosts")
def test_dismissing_a_ghost_here_leaves_the_others(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    window.desk.go_to(window.desk.article.ghosts[1])
    press(window, Key.Key_X, SHIFT)
    assert kept(window) == [("City Council", "ORG", "rejected")]
    assert stops(window, Key.Key_Tab, 1) == ["City Council"]
    press(window, Key.Key_Return)
    assert [state for words, _, state in kept(window) if words == "City Council"] == ["rejected"], (
        "Enter confirms no ghost"
    )


@pytest.mark.usefixtures("ghosts")
def test_a_ghost_can_be_clicked_and_read_aloud(open_window: Open, offered: Path) -> None:
    install()
    window = open_window(offered)
    spot = window.view.rects_of(*place("May"))[0].center()
    QTest.mouseClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert window.desk.current.is_ghost
    paragraph = QAccessible.queryAccessibleInterface(window.view).child(1)
    names = [paragraph.child(n).text(QAccessible.Text.Name) for n in range(paragraph.childCount())]
    assert "May, PER, may be an entity" in names
    assert len(names) == 9


@pytest.mark.usefixtures("ghosts")
def test_ghosts_are_decided_in_the_list_of_entities(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    choose_entry(window, "City Council")
    window.entities.confirm_chosen()
    assert kept(window) == [("City Council", "ORG", "confirmed")] * 2
    eventually(lambda: entries(window, "May be entities") == ["May"])
    choose_entry(window, "May")
    window.entities.relabel_chosen("MISC")
    assert ("May", "MISC", "confirmed") in kept(window)
    press(window, Key.Key_Z, CTRL)
    eventually(lambda: entries(window, "May be entities") == ["May"])
    choose_entry(window, "May")
    window.entities.reject_chosen()
    assert ("May", "PER", "rejected") in kept(window)
    eventually(lambda: "May be entities" not in tops(window))


def entries(window: Any, top: str) -> list[str]:
    tree = window.entities.tree
    groups = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    return [group.child(n).text(0) for group in groups if group.text(0) == top for n in range(group.childCount())]


def choose_entry(window: Any, words: str) -> None:
    (item,) = window.entities.tree.findItems(words, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    window.entities.tree.clearSelection()
    item.setSelected(True)


# What changes behind the cursor


def without(*names: str) -> list[Any]:
    """The suggestions but these."""
    return [each for each in SUGGESTED if each[0] not in names]


@pytest.fixture
def window(open_window: Open, offered: Path) -> Any:
    """At Israel."""
    window = open_window(offered)
    window.desk.go_to(window.desk.article.suggested[2])
    return window


def test_what_is_still_there_stays_current(window: Any) -> None:
    session = window.desk.session
    went, changed = QSignalSpy(window.desk.current_changed), QSignalSpy(window.desk.current_updated)
    offer(session, 1, without("China", "BNN"))
    assert current(window) == "Israel"
    assert window.view.current == window.desk.current
    assert (went.count(), changed.count()) == (0, 0)
    offer(session, 1, [*without("Israel"), ("Israel", 0, "PER", 0.8, "learner")])
    assert (current(window), window.desk.current.label, window.desk.current.confidence) == ("Israel", "PER", 0.8)
    assert "80% sure" in window.card.label.text()
    assert (went.count(), changed.count()) == (0, 1)


def test_what_vanished_gives_way_to_the_next_behind(window: Any) -> None:
    offer(window.desk.session, 1, without("Israel"))
    assert current(window) == "BNN"
    assert window.view.current == window.desk.current
    assert "95% sure" in window.card.label.text()


def test_a_longer_one_at_the_place_is_next(window: Any) -> None:
    longer = ("China and Israel", 0, "ORG", 0.5, "learner")
    offer(window.desk.session, 1, [*without("China", "Israel"), longer])
    assert current(window) == "China and Israel"


@pytest.mark.usefixtures("less_sure")
def test_only_what_is_to_check_is_next(window: Any) -> None:
    offer(window.desk.session, 1, without("Israel"))
    assert current(window) == "Jeff Zhang"


def test_the_cursor_never_goes_back_and_is_not_lost(window: Any) -> None:
    session, desk = window.desk.session, window.desk
    desk.go_to(desk.article.suggested[-1])
    offer(session, 1, without("Hangzhou", "BNN"))
    assert current(window) is None
    offer(session, 1, without("Hangzhou"))
    assert current(window) is None
    press(window, Key.Key_K)
    assert current(window) == "Jeff Zhang"
    offer(session, 1)
    press(window, Key.Key_Tab)
    offer(session, 1, without("Hangzhou"))
    assert current(window) is None
    offer(session, 1)
    assert current(window) == "Hangzhou", "what comes at the place is current"


def test_the_place_is_known_also_when_nothing_is_left_there(window: Any) -> None:
    session, desk = window.desk.session, window.desk
    session.confirm(1, place("Hangzhou"))
    desk.go_to(desk.article.suggested[-1])
    offer(session, 1, without("Jeff Zhang"))
    assert current(window) is None
    press(window, Key.Key_N)
    assert current(window) == "Hangzhou"


def test_the_selection_is_kept(window: Any) -> None:
    window.view.select(*place("investing"))
    assert current(window) is None
    offer(window.desk.session, 1, without("Israel"))
    assert window.view.selection == place("investing")
    assert current(window) is None


def test_where_nothing_changed_nothing_is_painted(window: Any) -> None:
    QTest.qWait(100)
    painted, heard = window.view.paint_count, QSignalSpy(window.desk.updated)
    offer(window.desk.session, 1)
    window.desk.session.learning._opened.tell(changed_article(1))
    QTest.qWait(100)
    assert window.view.paint_count == painted
    assert heard.count() <= 1, "read again, the tokens are others"
    offer(window.desk.session, 1, without("China"))
    QTest.qWait(100)
    assert window.view.paint_count > painted


def changed_article(article_id: int) -> Any:
    from annotator.session import Changed

    return Changed(frozenset([article_id]))


@pytest.fixture
def long_window(open_window: Open, tmp_path: Path) -> Any:
    """An article of many screens, with a suggestion in each paragraph."""
    path = tmp_path / "long.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        text = "\n\n".join(f"Paragraph {n} is about Firm{n:03} and so on. " * 3 for n in range(80))
        session.add_articles([{"id": "long", "text": text}])
        offer_firms(session, text, range(80))
    return open_window(path)


def offer_firms(session: Session, text: str, which: Any) -> None:
    from annotator.model.span import Suggestion
    from annotator.suggest import Reading

    found = [Suggestion(at := text.index(f"Firm{n:03}"), at + 7, "ORG", 0.8, "made-up 1.0") for n in which]
    session.keep_reading(1, "blank:en", Reading([], found))


def test_the_paper_does_not_move_under_the_eyes(long_window: Any) -> None:
    window, bar = long_window, long_window.view.verticalScrollBar()
    text = window.desk.article.text
    for _ in range(3):
        press(window, Key.Key_Tab)
    value = bar.value()
    offer_firms(window.desk.session, text, [n for n in range(80) if n not in (1, 5)])
    assert (current(window), bar.value()) == ("Firm003", value)
    bar.setValue(bar.maximum() // 2)  # to look something up
    value = bar.value()
    offer_firms(window.desk.session, text, [n for n in range(80) if n not in (1, 3, 5)])
    assert (current(window), bar.value()) == ("Firm004", value), "it is not on the screen, nor was it"


def test_the_ring_stays_on_the_screen(long_window: Any) -> None:
    window = long_window
    press(window, Key.Key_Tab)
    offer_firms(window.desk.session, window.desk.article.text, [0, *range(60, 80)])
    assert current(window) == "Firm060"
    rects = window.view.rects_of(*window.desk.current.range)
    assert window.view.viewport().rect().contains(rects[0]), "the next key is about what can be seen"


# What would have been missed


def work(path: Path, articles: int) -> None:
    """Finish so many articles; in each second one a sure suggestion is wrong, in the first an entity is added."""
    with Session.open(path, annotator="ana") as session:
        for article_id in range(1, articles + 1):
            if article_id % 2:
                session.relabel(article_id, place("China"), "ORG")
            session.finish(article_id)
        session.add(1, *place("hubs"), "MISC")


def test_the_estimate_is_said_in_words_and_as_a_plot(open_window: Open, offered: Path) -> None:
    work(offered, 11)
    window = open_window(offered)
    seen: list[str] = []

    def look(dialog: CheckingDialog) -> None:
        eventually(lambda: "articles" in dialog.note.text())
        seen.append(dialog.note.text())
        eventually(lambda: dialog.plot._series)
        dialog.ghosts.click()
        seen.append(dialog.note.text())
        dialog.slider.setValue(98)
        seen.append(dialog.note.text())
        assert (nameless(dialog), rich_labels(dialog)) == ([], [])

    in_dialog(look)
    press(window, Key.Key_T, CTRL)
    assert seen[0] == (
        "In 11 articles in which everything was looked at, 44 of 66 suggestions would not have been visited; 6 of "
        "these were wrong, 13.6% (6.4 to 26.7%). 1 of 67 entities had no suggestion and would have been missed, too, "
        "1.5% (0.3 to 8.0%). It would have saved 44 of 66 looks."
    )
    assert "0 more would have been offered" in seen[1]
    assert "With 33 such places to look at, it would have saved 11 of 66 looks." in seen[1]
    assert seen[2].startswith("Too little to say what this would have missed: so far 11 articles")
    assert window.looks.settings.get("sure_from") == 90, "it was not kept"


def test_too_few_data_are_said_to_be_so(open_window: Open, offered: Path) -> None:
    work(offered, LEAST_ARTICLES - 1)
    with Session.open(offered, annotator="ana") as session:
        assert session.missed.read()
        found = session.missed.estimate(90)
        assert sentences(found).startswith("Too little to say")
        assert brief(found).startswith("Too little was finished")
        assert "%" not in brief(found)


def test_what_to_check_is_chosen_with_the_keyboard(open_window: Open, offered: Path) -> None:
    window = open_window(offered)

    def choose(dialog: CheckingDialog) -> None:
        assert dialog.wish() == CheckingWish(True, 90, False)
        press(dialog, Key.Key_Down)
        press(dialog, Key.Key_Tab)
        assert QApplication.focusWidget() is dialog.slider
        for _ in range(30):
            press(dialog, Key.Key_Left)
        assert dialog.number.text() == "60%"
        press(dialog, Key.Key_Tab)
        press(dialog, Key.Key_Space)
        press(dialog, Key.Key_Return)

    in_dialog(choose)
    press(window, Key.Key_T, CTRL)
    activate(window)
    kept_now = Settings()
    assert [kept_now.get(key) for key in ("visit", "sure_from", "ghosts")] == [LESS_SURE, 60, True]
    assert current(window) == "Alibaba Group", "what was current stays so"
    assert stops(window, Key.Key_Tab, 2) == ["Jeff Zhang", "May"]


def test_the_settings_say_what_the_threshold_would_have_missed(open_window: Open, offered: Path) -> None:
    work(offered, 11)
    window = open_window(offered)
    seen: list[str] = []

    def look(dialog: SettingsDialog) -> None:
        note = dialog.findChild(MissedNote)
        eventually(lambda: "saves" in note.text())
        seen.append(note.text())
        dialog.fields["sure_from"][0].set_value(98)  # type: ignore[attr-defined]
        seen.append(note.text())
        assert note.height() >= note.heightForWidth(note.width())

    in_dialog(look)
    window.looks.edit()
    assert seen[0] == (
        "So far that saves 44 of 66 looks, leaves 6 wrong unseen, 13.6% (6.4 to 26.7%), and misses 1 unmarked entity, "
        "1.5% (0.3 to 8.0%)."
    )
    assert seen[1].startswith("Too little was finished")


def test_closing_while_it_counts_harms_nobody(open_window: Open, offered: Path) -> None:
    window = open_window(offered)
    in_dialog(lambda dialog: None)
    window.checking.choose()
    QTest.qWait(20)
    assert window.looks.settings.get("visit") == ALL


@pytest.mark.usefixtures("qt_app")
def test_the_chooser_fits_a_small_screen(offered: Path) -> None:
    with Session.open(offered, annotator="ana") as session:
        dialog = CheckingDialog(None, session.missed, Theme(), CheckingWish(False, 90, True))
        dialog.show()
        eventually(lambda: "Too little" in dialog.note.text())
        assert dialog.minimumSizeHint().height() <= 720
        dialog.close()
    QTest.qWait(10)  # the project is closed, and nobody asks it any more
    dialog.deleteLater()
