"""The real window, by real keys and real clicks; what counts is what the project file then holds."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.model.article import ArticleState
from annotator.model.span import SpanState
from annotator.session import Session
from annotator.ui.actions import ACTIONS, MENUS, RESERVED
from annotator.ui.keys import read_keys, write_defaults

Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def stored(window: Any, article_id: int = 1) -> set[tuple[str, str, str]]:
    """(surface, label, state) of all decided spans, read anew from the file."""
    with Session.open(window.desk.session.project.path, read_only=True) as reader:
        article = reader.article(article_id)
        return {(article.surface(s), s.label, str(s.state)) for s in article.spans if s.id is not None}


def confirmed(window: Any, article_id: int = 1) -> list[tuple[str, str]]:
    """(surface, label) of the confirmed spans in reading order, read anew from the file."""
    with Session.open(window.desk.session.project.path, read_only=True) as reader:
        article = reader.article(article_id)
        return [(article.surface(s), s.label) for s in article.confirmed]


def press(window: Any, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key on whatever has the keyboard."""
    from PySide6.QtWidgets import QApplication

    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


def surface(window: Any) -> str:
    """The words of the current span."""
    return str(window.desk.article.surface(window.desk.current))


def place_of(window: Any, words: str, nth: int = 0) -> tuple[int, int]:
    """The nth occurrence of words in the article on the desk."""
    at = -1
    for _ in range(nth + 1):
        at = window.desk.article.text.index(words, at + 1)
    return at, at + len(words)


def centre(window: Any, start: int, end: int) -> QPoint:
    """The middle of a range, in the view."""
    return window.view.rects_of(start, end)[0].center()


def test_opens_at_the_first_span_to_check(open_window: Any, project: Path) -> None:
    window = open_window(project)
    assert window.desk.article.id == 1
    assert surface(window) == "Alibaba Group Holding Ltd"
    assert window.view.hasFocus()


def test_confirming_goes_on(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    assert surface(window) == "China"
    press(window, Key.Key_A)
    assert confirmed(window) == [("Alibaba Group Holding Ltd", "ORG"), ("China", "LOC")]


def test_a_label_key_adds_the_selection_everywhere(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(*place_of(window, "Alibaba"))
    press(window, Key.Key_2)
    assert confirmed(window) == [("Alibaba", "ORG")] * 4
    assert "4" in window.status.hint.text()


def test_shift_and_a_label_key_reach_only_this_one(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(*place_of(window, "Alibaba"))
    press(window, Key.Key_2, SHIFT)
    assert confirmed(window) == [("Alibaba", "ORG")]


def test_only_this_takes_the_copies_back(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(*place_of(window, "Alibaba"))
    press(window, Key.Key_2)
    press(window, Key.Key_U)
    assert confirmed(window) == [("Alibaba", "ORG")]


def test_relabel_reject_and_edges(open_window: Any, project: Path) -> None:
    window = open_window(project)
    for _ in range(4):
        press(window, Key.Key_Tab)
    assert surface(window) == "MoneyGram"
    press(window, Key.Key_2)
    assert surface(window) == "AI"
    press(window, Key.Key_X)
    press(window, Key.Key_Tab)
    press(window, Key.Key_E, SHIFT)
    assert surface(window) == "Alibaba Group Holding"
    assert stored(window) == {
        ("MoneyGram", "ORG", "confirmed"),
        ("AI", "LOC", "rejected"),
        ("Alibaba Group Holding", "ORG", "confirmed"),
    }


def test_an_edge_that_cannot_move_says_why(open_window: Any, project: Path) -> None:
    window = open_window(project)
    before = stored(window)
    while surface(window) != "AI":
        press(window, Key.Key_Tab)
    press(window, Key.Key_E, SHIFT)
    assert window.status.hint.text() == "Nothing would be left of the span. X rejects it."
    press(window, Key.Key_E)
    press(window, Key.Key_E)
    assert window.status.hint.text() == "The text has nothing more there."
    assert {each for each in stored(window) if each[2] != "confirmed"} == before


def test_a_label_on_words_that_are_a_suggestion_relabels_it(open_window: Any, project: Path) -> None:
    window = open_window(project)
    span = next(span for span in window.desk.article.suggested if window.desk.article.surface(span) == "BNN")
    window.view.select(*span.range)
    press(window, Key.Key_1)
    assert window.status.hint.text() == "Relabelled."
    assert stored(window) == {("BNN", "PER", "confirmed")}


def test_finish_confirms_the_rest_and_goes_on(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Return)
    assert window.desk.article.id == 2
    assert len(confirmed(window)) == 6
    assert window.desk.session.row(1).state is ArticleState.DONE


def test_undo_shows_the_place_and_survives_a_restart(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Space)
    press(window, Key.Key_Return)
    window.close()
    window = open_window(project)
    assert window.desk.article.id == 2
    press(window, Key.Key_Z, CTRL)
    assert window.desk.article.id == 1
    press(window, Key.Key_Z, CTRL)
    assert confirmed(window) == []
    assert surface(window) == "Alibaba Group Holding Ltd"
    press(window, Key.Key_Z, CTRL | SHIFT)
    press(window, Key.Key_Y, CTRL)
    assert len(confirmed(window)) == 6


def test_the_token_cursor_selects_and_labels(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(*place_of(window, "The DAMO"))
    press(window, Key.Key_Right)
    press(window, Key.Key_Right, SHIFT)
    start, end = window.view.selection
    assert window.desk.article.text[start:end] == "academy of"


def test_the_mouse_alone_does_it(open_window: Any, project: Path) -> None:
    window = open_window(project)
    point = centre(window, *place_of(window, "DAMO"))
    QTest.mouseDClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert window.view.selection == place_of(window, "DAMO")
    assert window.palettes.chooser.isVisible()
    press_in = window.palettes.chooser.focusWidget() or window.palettes.chooser
    QTest.keyClick(press_in, Key.Key_2)
    assert ("DAMO", "ORG") in confirmed(window)


def test_a_click_chooses_the_span(open_window: Any, project: Path) -> None:
    window = open_window(project)
    point = centre(window, *place_of(window, "Israel"))
    QTest.mouseClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert surface(window) == "Israel"


def test_typing_in_the_filter_decides_nothing(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_F, CTRL | SHIFT)
    for key in (Key.Key_A, Key.Key_X, Key.Key_1, Key.Key_Space):
        press(window, key)
    assert stored(window) == set()


def test_skip_flag_and_reopen(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_F)
    assert window.desk.session.row(1).flagged
    press(window, Key.Key_S)
    assert window.desk.article.id == 2
    assert window.desk.session.row(1).state is ArticleState.SKIPPED
    window.desk.open_article(1)
    press(window, Key.Key_R, CTRL)
    assert window.desk.session.row(1).state is ArticleState.OPEN


def test_panels_hide_and_the_layout_is_remembered(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_1, CTRL)
    assert not window.articles.isVisible()
    window.close()
    window = open_window(project)
    assert not window.articles.isVisible()


def test_own_keys_come_from_the_file(open_window: Any, project: Path, home: Path) -> None:
    from annotator.ui.keys import keys_file

    keys_file().write_text('{"confirm": ["Q"], "nonsense": ["W"]}')
    window = open_window(project)
    assert "nonsense" in window.status.hint.text()
    press(window, Key.Key_Space)
    assert confirmed(window) == []
    press(window, Key.Key_Q)
    assert len(confirmed(window)) == 1


def test_the_default_keys_file_changes_nothing(tmp_path: Path) -> None:
    write_defaults(tmp_path / "keys.json")
    keys, complaints = read_keys(tmp_path / "keys.json")
    assert complaints == []
    assert keys == {action.id: action.keys for action in ACTIONS}


def test_actions_have_unique_ids_and_keys() -> None:
    ids = [action.id for action in ACTIONS]
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
    assert {action.menu for action in ACTIONS} == set(MENUS)


def test_shipped_labels_take_no_reserved_key() -> None:
    from annotator import resources

    taken = {label.key for scheme in resources.schemes() for label in scheme.labels}
    assert not taken & RESERVED


@pytest.mark.parametrize("action", [a for a in ACTIONS if a.on_text], ids=lambda action: action.id)
def test_every_text_action_runs_without_an_article(open_window: Any, tmp_path: Path, action: Any) -> None:
    Session.open(tmp_path / "empty.annot", create=True, labels="conll", model="blank:en").close()
    window = open_window(tmp_path / "empty.annot")
    if action.id != "comment":
        action.run(window)
    assert window.desk.article is None


def test_dropping_a_file_imports_it(open_window: Any, tmp_path: Path) -> None:
    Session.open(tmp_path / "empty.annot", create=True, labels="conll", model="blank:en").close()
    window = open_window(tmp_path / "empty.annot")
    (tmp_path / "brief.txt").write_text("Berlin, 3 March\n\nSiemens has a new plan.", "utf-8")
    window.files.import_paths([tmp_path / "brief.txt"])
    assert window.desk.article.text.endswith("Siemens has a new plan.")


def test_rejected_spans_stay_rejected_when_read_again(open_window: Any, project: Path) -> None:
    from tests.ui.conftest import reading_of

    window = open_window(project)
    press(window, Key.Key_X)
    session = window.desk.session
    session.keep_reading(1, session.model, reading_of(session.article(1).text))
    first = next(s for s in window.desk.article.spans if window.desk.article.surface(s).startswith("Alibaba Group"))
    assert first.state is SpanState.REJECTED


def test_what_was_found_takes_a_label(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_F, CTRL)
    QTest.keyClicks(window.finder._bar.field, "damo")
    press(window, Key.Key_Escape)
    assert window.view.hasFocus()
    press(window, Key.Key_2)
    assert confirmed(window) == [("DAMO", "ORG")]


def test_suggestions_that_come_late_are_gone_to(open_window: Any, tmp_path: Path) -> None:
    from tests.ui.conftest import TEXT, reading_of

    with Session.open(tmp_path / "late.annot", create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": TEXT}])
    window = open_window(tmp_path / "late.annot")
    assert window.desk.current is None
    window.desk.session.keep_reading(1, "blank:en", reading_of(TEXT))
    assert surface(window) == "Alibaba Group Holding Ltd"


def test_the_next_start_goes_on_at_the_same_span(open_window: Any, project: Path) -> None:
    window = open_window(project)
    for _ in range(3):
        press(window, Key.Key_Tab)
    assert surface(window) == "BNN"
    window.close()
    assert surface(open_window(project)) == "BNN"


def test_a_done_article_is_not_skipped_by_a_slip(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Return)
    window.desk.open_article(1)
    press(window, Key.Key_S)
    assert window.desk.session.row(1).state is ArticleState.DONE
    assert "Ctrl+R" in window.status.hint.text()


def test_undoing_an_added_span_leaves_its_words_selected(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(*place_of(window, "DAMO"))
    press(window, Key.Key_2)
    press(window, Key.Key_Z, CTRL)
    assert window.view.selection == place_of(window, "DAMO")


def test_escape_leaves_the_filter(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_F, CTRL | SHIFT)
    QTest.keyClicks(window.articles.field, "second")
    press(window, Key.Key_Escape)
    assert window.articles.field.text() == ""
    assert window.view.hasFocus()


def test_the_ring_is_gripped_behind_the_badge_too(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(next(s for s in window.desk.article.spans if window.desk.article.surface(s) == "China"))
    port = window.view.viewport()
    words = window.view.rects_of(*window.desk.current.range)[0]
    x = words.right()
    while window.view.span_at(QPoint(x + 1, words.center().y())) is not None:
        x += 1
    onto = window.view.rects_of(*place_of(window, "Israel"))[0].center()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(x, words.center().y()))
    QTest.mouseMove(port, QPoint(x + 10, words.center().y()))
    QTest.mouseMove(port, onto)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=onto)
    assert confirmed(window) == [("China and Israel", "LOC")]


def test_only_this_is_about_the_last_decision(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(*place_of(window, "Alibaba"))
    press(window, Key.Key_2)
    press(window, Key.Key_Tab)
    press(window, Key.Key_Space)
    press(window, Key.Key_U)
    assert len(confirmed(window)) == 5


def test_a_new_name_signs_the_next_decision(open_window: Any, project: Path) -> None:
    window = open_window(project)
    window.looks.settings.set("annotator", "ben")
    window.looks.apply()
    press(window, Key.Key_Space)
    with Session.open(project, read_only=True) as reader:
        assert [span.annotator for span in reader.article(1).confirmed] == ["ben"]


def test_the_menu_says_what_undo_is_about(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_X)
    edit = next(action.menu() for action in window.menuBar().actions() if action.text() == "&Edit")
    edit.aboutToShow.emit()
    assert edit.actions()[0].text() == "Undo reject"
    assert edit.actions()[1].text() == "Redo"


def test_the_menu_shows_which_panels_are_hidden(open_window: Any, project: Path) -> None:
    from PySide6.QtGui import QAction

    window = open_window(project)
    panel = window.findChild(QAction, "left")
    assert panel.isChecked()
    press(window, Key.Key_1, CTRL)
    assert not panel.isChecked()


def test_undoing_a_finish_goes_back_to_what_is_to_check(open_window: Any, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_Return)
    press(window, Key.Key_Z, CTRL)
    assert window.desk.article.id == 1
    assert surface(window) == "Alibaba Group Holding Ltd"


def test_finding_begins_where_one_reads(open_window: Any, project: Path) -> None:
    window = open_window(project)
    for _ in range(4):
        press(window, Key.Key_Tab)
    assert surface(window) == "MoneyGram"
    press(window, Key.Key_F, CTRL)
    window.finder._bar.field.clear()
    QTest.keyClicks(window.finder._bar.field, "alibaba")
    assert window.finder._bar.count.text() == "4 of 5"


def test_another_project_leaves_no_span_behind(open_window: Any, project: Path, tmp_path: Path) -> None:
    window = open_window(project)
    window.show_session(Session.open(tmp_path / "empty.annot", create=True, labels="conll", model="blank:en"))
    assert window.desk.current is None
    assert "Alibaba" not in window.card.label.text()


def test_a_title_cannot_turn_round_the_window_s(open_window: Any, project: Path) -> None:
    with Session.open(project) as session:
        session.add_articles([{"id": "x", "text": "Words.", "meta": {"title": "abc\u202edef"}}])
    window = open_window(project)
    window.desk.open_article(3)
    assert window.windowTitle().startswith("\u2068abc\u202edef\u2069 – news – ")
