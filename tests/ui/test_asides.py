"""Passages not to be labelled, by the real key; what counts is what the project file then holds."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPdfWriter

from annotator.model.span import Suggestion
from annotator.session import Session
from annotator.suggest import Reading
from annotator.ui import accessible, words
from annotator.ui.actions import ACTIONS, RESERVED
from tests.ui.hands import eventually, kept, press

Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
TEXT = "Alibaba opens a lab\n\nAlibaba opened a lab in China.\n\nShare this with Alibaba on Israel\n\nIt is near Oslo."
GUESSED = (("Alibaba", "ORG"), ("China", "LOC"), ("Israel", "LOC"), ("Oslo", "LOC"))
PROMPT = (TEXT.index("Share"), TEXT.index("\n\nIt"))


@pytest.fixture
def window(open_window: Any, tmp_path: Path) -> Any:
    """One article with a suggestion in each paragraph but the first."""
    path = tmp_path / "news.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.add_articles([{"id": "a1", "text": TEXT}, {"id": "a2", "text": "Another one."}])
        found = [Suggestion(TEXT.index(w), TEXT.index(w) + len(w), label, 0.5, "made-up 1.0") for w, label in GUESSED]
        session.keep_reading(1, "blank:en", Reading([], found))
        session.keep_reading(2, "blank:en", Reading([], []))
    made = open_window(path)
    assert surface(made) == "Alibaba"
    return made


def surface(window: Any) -> str:
    """The words of the current span, "" for none."""
    current = window.desk.current
    return "" if current is None else str(window.desk.article.surface(current))


def asides(window: Any) -> list[tuple[str, str]]:
    """(words, state) of the passages, read anew from the file."""
    with Session.open(window.desk.session.project.path, read_only=True) as reader:
        on = reader.article(1)
        return [(on.text[aside.start : aside.end], aside.state.value) for aside in on.asides]


def labelled(window: Any) -> list[tuple[str, str]]:
    """(words, label) of the confirmed spans, read anew from the file."""
    return [(surface, label) for surface, label, state in kept(window) if state == "confirmed"]


def to_israel(window: Any) -> None:
    press(window, Key.Key_Tab)
    press(window, Key.Key_Tab)
    assert surface(window) == "Israel"


def test_one_key_marks_the_paragraph_and_clears_it(window: Any) -> None:
    to_israel(window)
    press(window, Key.Key_I)
    assert asides(window) == [(TEXT[slice(*PROMPT)], "marked")]
    assert window.status.hint.text() == (
        "1 paragraph is not to be labelled: no suggestions there, nothing learned, kept in the text."
    )
    assert (surface(window), window.view.selected_text()) == ("", "Israel"), "the cursor stays where it was"
    press(window, Key.Key_I)
    assert asides(window) == [(TEXT[slice(*PROMPT)], "cleared")]
    assert window.status.hint.text() == "1 paragraph is to be labelled again."
    assert surface(window) == "Israel"


def test_keys_do_not_stop_there(window: Any) -> None:
    to_israel(window)
    press(window, Key.Key_I)
    press(window, Key.Key_Tab)
    assert surface(window) == "Oslo"
    press(window, Key.Key_Tab, SHIFT)
    assert surface(window) == "China"
    press(window, Key.Key_Space)
    assert surface(window) == "Oslo"
    press(window, Key.Key_P)
    assert surface(window) == "China"
    press(window, Key.Key_N)
    assert surface(window) == "Oslo"


def test_finishing_confirms_nothing_there_and_copies_stay_out(window: Any) -> None:
    to_israel(window)
    press(window, Key.Key_I)
    press(window, Key.Key_Tab, SHIFT)
    press(window, Key.Key_Tab, SHIFT)
    press(window, Key.Key_4)
    assert labelled(window) == [("Alibaba", "MISC")] * 2
    press(window, Key.Key_Return)
    assert labelled(window) == [("Alibaba", "MISC")] * 2 + [("China", "LOC"), ("Oslo", "LOC")]


def test_a_selection_marks_all_its_paragraphs(window: Any) -> None:
    window.view.select(TEXT.index("opened"), TEXT.index("Israel"))
    press(window, Key.Key_I)
    assert [state for _, state in asides(window)] == ["marked", "marked"]
    assert window.status.hint.text().startswith("2 paragraphs are not to be labelled")
    assert [window.desk.article.surface(span) for span in window.desk.to_check] == ["Alibaba", "Oslo"]


def test_undo_and_redo_show_the_place(window: Any) -> None:
    to_israel(window)
    press(window, Key.Key_I)
    press(window, Key.Key_Z, CTRL)
    assert asides(window) == []
    assert surface(window) == "Israel"
    assert window.status.hint.text() == "Undid: passage not to be labelled."
    press(window, Key.Key_Z, CTRL | SHIFT)
    assert asides(window) == [(TEXT[slice(*PROMPT)], "marked")]
    assert window.view.selected_text() == "Israel"


def test_what_was_decided_stays_and_keeps_its_ring(window: Any) -> None:
    to_israel(window)
    press(window, Key.Key_4)
    press(window, Key.Key_P)
    assert surface(window) == "Israel"
    press(window, Key.Key_I)
    assert labelled(window) == [("Israel", "MISC")]
    assert surface(window) == "Israel"


def test_without_a_place_it_says_what_to_do(window: Any) -> None:
    window.unselect()
    press(window, Key.Key_I)
    assert asides(window) == []
    assert window.status.hint.text() == words.NO_PLACE
    window.view.select(PROMPT[1], PROMPT[1] + 2)
    window.status.say("")
    press(window, Key.Key_I)
    assert asides(window) == []
    assert window.status.hint.text() == words.NO_PLACE


def test_panels_leave_suggestions_there_out(window: Any) -> None:
    def listed() -> list[str]:
        tree = window.entities.tree
        tops = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
        return sorted(top.child(n).text(0) for top in tops for n in range(top.childCount()))

    eventually(lambda: listed() == ["Alibaba", "China", "Israel", "Oslo"])
    to_israel(window)
    press(window, Key.Key_I)
    eventually(lambda: listed() == ["Alibaba", "China", "Oslo"])
    press(window, Key.Key_I)
    eventually(lambda: listed() == ["Alibaba", "China", "Israel", "Oslo"])


def test_its_key_is_no_other_actions_and_no_labels() -> None:
    assert [action.id for action in ACTIONS if "I" in action.keys] == ["aside"]
    assert "i" in RESERVED


# How it looks


def picture(window: Any, start: int, end: int) -> QImage:
    """The paragraph of a range as it is on the screen, with what stands at its edges."""
    box = window.view.rects_of(start, end)[0]
    return window.view.viewport().grab(box.adjusted(-20, -4, 4, 4)).toImage()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("badge", ["inline", "above"])
def test_ground_and_ink_are_quieter(window: Any, look: str, badge: str) -> None:
    window.looks.show_theme(look)
    if badge == "above":
        window.looks.toggle_badges()
    window.unselect()
    before, others = picture(window, *PROMPT), picture(window, TEXT.index("It is"), len(TEXT))
    window.desk.session.asides.mark(1, PROMPT)
    theme = window.view.theme
    box = window.view.rects_of(*PROMPT)[0]
    shown = window.view.viewport().grab().toImage()
    ground = {shown.pixelColor(box.left() - 3, y).name() for y in range(box.top(), box.bottom())}
    assert theme.aside.name() in ground
    assert theme.paper.name() not in ground
    after = picture(window, *PROMPT)
    assert _strongest(after, theme.paper) < _strongest(before, theme.paper), "no word is in full ink any more"
    assert picture(window, TEXT.index("It is"), len(TEXT)) == others
    window.desk.session.asides.clear(1, PROMPT)
    assert picture(window, *PROMPT) == before


def test_what_is_selected_or_found_keeps_the_full_ink(window: Any) -> None:
    window.desk.session.asides.mark(1, PROMPT)
    window.unselect()
    words_there = (TEXT.index("this"), TEXT.index(" on"))

    def darkest() -> int:
        image = window.view.viewport().grab(window.view.rects_of(*words_there)[0]).toImage()
        return min(image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height()))

    quiet, ink = window.view.theme.dim.lightness(), window.view.theme.ink.lightness()
    assert darkest() >= quiet - 2
    window.view.select(*words_there)
    assert darkest() <= ink + 20
    window.view.clear_selection()
    window.view.set_found([words_there], 0)
    assert darkest() <= ink + 20


def _strongest(image: QImage, paper: QColor) -> int:
    """How far the pixel that is furthest from the paper is from it."""
    colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(abs(colour.lightness() - paper.lightness()) for colour in colours)


def test_a_part_of_a_paragraph_has_its_own_ground(window: Any) -> None:
    """As it may come with an import."""
    session = window.desk.session
    place = TEXT.index("opened"), TEXT.index("in China")
    with session.project.transaction():
        session.project.connection.execute(
            "INSERT INTO aside (uid, article_id, start, end, state) VALUES ('part', 1, ?, ?, 'suggested')", place
        )
    session._opened.forget(1)
    window.unselect()
    window.desk.open_article(1, current=False)
    shown, theme = window.view.viewport().grab().toImage(), window.view.theme
    inside, outside = window.view.rects_of(*place)[0], window.view.rects_of(place[0] - 8, place[0] - 1)[0]

    def grounds(x: int, top: int, bottom: int) -> set[str]:
        return {shown.pixelColor(QPoint(x, y)).name() for y in range(top, bottom)}

    assert theme.aside.name() in grounds(inside.left() + 2, inside.top() - 6, inside.top() - 1)
    assert theme.paper.name() in grounds(outside.left() + 2, outside.top() - 6, outside.top() - 1)


def test_screen_readers_and_paper_know_of_it(window: Any, tmp_path: Path) -> None:
    window.desk.session.asides.mark(1, PROMPT)
    accessible.install()
    article = QAccessible.queryAccessibleInterface(window.view)
    told = [article.child(n).text(QAccessible.Text.Description) for n in range(article.childCount())]
    assert told == ["", "", words.ASIDE_NOTE, ""]
    window.view.print_to(QPdfWriter(str(tmp_path / "a.pdf")))
    assert (tmp_path / "a.pdf").stat().st_size > 1000
