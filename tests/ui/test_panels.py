"""The panels, the palettes and the find bar of the real window, by real keys and real clicks."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from annotator.model.article import ArticleState
from annotator.model.label import Label
from annotator.session import Session
from annotator.store.articles import ArticleFilter, ArticleRow
from annotator.ui import accessible
from annotator.ui.article_list import counts_of, parsed_filter, two_lines
from annotator.ui.chooser import Choice, Chooser, rank
from annotator.ui.entity_panel import grouped
from annotator.ui.find_bar import matches
from annotator.ui.plain import plain_label, plain_tooltip
from tests.ui.conftest import TEXT, Open, reading_of
from tests.ui.hands import MARKUP, activate, eventually, kept, nameless, press, rich_labels

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
MANY = 1000


def current(window: Any) -> tuple[str, int]:
    """The words of the current span, and where it starts."""
    span = window.desk.current
    return window.desk.article.surface(span), span.start


# The list of articles


def rows_of(window: Any) -> list[ArticleRow]:
    """What the list holds."""
    model = window.articles.model
    return [model.index(at).data(Qt.ItemDataRole.UserRole) for at in range(model.rowCount())]


def titles_of(window: Any) -> list[str]:
    """The titles in the list."""
    return [row.title for row in rows_of(window)]


def chips_of(window: Any) -> list[str]:
    """The words on the chips."""
    return [chip.text() for chip in window.articles._chips.buttons()]


def click_chip(window: Any, at: int) -> None:
    """Choose states by the mouse."""
    QTest.mouseClick(window.articles._chips.button(at), LEFT)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Five articles in all states."""
    path = tmp_path / "shelf.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        named = [("Bank of China", "Reuters"), ("Rain in Spain", "AP"), ("China and India", "AP"), ("Straße", "dpa")]
        ids = session.add_articles(
            {"text": f"Text {at} in Berlin.", "meta": {"title": title, "source": source}}
            for at, (title, source) in enumerate([*named, ("Last one", "dpa")])
        )
        session.finish(ids[1])
        session.skip(ids[2])
        session.add(ids[3], 10, 16, "LOC")
        session.flag(ids[4])
    return path


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of many articles, to be copied."""
    path = tmp_path_factory.mktemp("thousand") / "thousand.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.add_articles({"text": f"Article {number}\n\nBerlin."} for number in range(1, MANY + 1))
    return path


@pytest.fixture
def crowded(open_window: Open, thousand: Path, tmp_path: Path) -> Any:
    """The window on a copy of that project."""
    shutil.copy(thousand, tmp_path / "many.annot")
    return open_window(tmp_path / "many.annot")


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("china", ["Bank of China", "China and India"]),
        ("CHINA ap", ["China and India"]),
        ("STRASSE", ["Straße"]),
        ("is:done", ["Rain in Spain"]),
        ("is:skipped", ["China and India"]),
        ("IS:OPEN", ["Straße"]),
        ("is:new", ["Bank of China", "Last one"]),
        ("is:done is:skipped", ["Rain in Spain", "China and India"]),
        ("is:flagged", ["Last one"]),
        ("is:flagged reuters", []),
        ("%", []),
    ],
)
def test_the_list_is_filtered_as_one_types(open_window: Open, shelf: Path, typed: str, titles: list[str]) -> None:
    window = open_window(shelf)
    press(window, Key.Key_F, CTRL | SHIFT)
    QTest.keyClicks(QApplication.focusWidget(), typed)
    eventually(lambda: titles_of(window) == titles)


def test_what_is_typed_names_states_words_and_flags() -> None:
    done = (ArticleState.DONE,)
    assert parsed_filter(" Bank is:done ") == ArticleFilter(("Bank",), done)
    assert parsed_filter("is:flagged", done) == ArticleFilter((), done, True)
    assert parsed_filter("is:new", done).states == (ArticleState.NEW,)


def test_enter_in_the_filter_opens_the_first(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    press(window, Key.Key_F, CTRL | SHIFT)
    QTest.keyClicks(QApplication.focusWidget(), "rain")
    press(window, Key.Key_Return)
    assert window.desk.article.article.title == "Rain in Spain"
    assert window.view.hasFocus()
    assert titles_of(window) == ["Rain in Spain"]


def test_enter_opens_nothing_where_nothing_fits(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    before = window.desk.article.id
    press(window, Key.Key_F, CTRL | SHIFT)
    QTest.keyClicks(QApplication.focusWidget(), "nowhere")
    press(window, Key.Key_Return)
    assert window.desk.article.id == before
    assert titles_of(window) == []


def test_chips_count_and_filter(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    assert chips_of(window) == ["All 5", "To do 3", "Done 1", "Skipped 1"]
    for chip, titles in (
        (1, ["Bank of China", "Straße", "Last one"]),
        (2, ["Rain in Spain"]),
        (3, ["China and India"]),
    ):
        click_chip(window, chip)
        assert titles_of(window) == titles
    click_chip(window, 0)
    assert len(titles_of(window)) == 5


def test_chips_and_words_go_together(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    click_chip(window, 1)
    QTest.keyClicks(window.articles.field, "china")
    eventually(lambda: titles_of(window) == ["Bank of China"])


def test_a_decision_refreshes_row_and_counts(open_window: Open, project: Path) -> None:
    window = open_window(project)
    assert (rows_of(window)[0].state, rows_of(window)[0].confirmed) == (ArticleState.NEW, 0)
    press(window, Key.Key_Space)
    eventually(lambda: (rows_of(window)[0].state, rows_of(window)[0].confirmed) == (ArticleState.OPEN, 1))
    press(window, Key.Key_Return)
    eventually(lambda: chips_of(window) == ["All 2", "To do 1", "Done 1", "Skipped 0"])
    assert (rows_of(window)[0].state, rows_of(window)[0].confirmed) == (ArticleState.DONE, 6)


def test_flag_and_comment_reach_the_row(open_window: Open, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_F)
    window.desk.session.comment(1, "Ask Eva")
    eventually(lambda: rows_of(window)[0].flagged and rows_of(window)[0].commented)


def test_a_click_opens_an_article_and_gives_the_text_the_keyboard(open_window: Open, project: Path) -> None:
    window = open_window(project)
    view = window.articles.view
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(window.articles.model.index(1)).center())
    assert window.desk.article.id == 2
    assert window.view.hasFocus()


def test_the_list_by_keyboard(open_window: Open, project: Path) -> None:
    window = open_window(project)
    window.articles.view.setFocus()
    press(window, Key.Key_Down)
    assert window.desk.article.id == 1
    press(window, Key.Key_Return)
    assert window.desk.article.id == 2


def test_pages_are_fetched_as_one_looks(crowded: Any) -> None:
    model = crowded.articles.model
    QTest.qWait(50)
    assert 0 < model.rowCount() <= 400
    assert chips_of(crowded)[0] == f"All {MANY}"
    bar = crowded.articles.view.verticalScrollBar()
    for _ in range(12):
        bar.setValue(bar.maximum())
        QTest.qWait(1)
    assert titles_of(crowded) == [f"Article {number}" for number in range(1, MANY + 1)]
    assert not model.canFetchMore(model.index(-1))


def test_the_opened_article_is_revealed_beyond_the_fetched_pages(crowded: Any) -> None:
    articles = crowded.articles
    crowded.desk.open_article(MANY - 10)
    index = articles.view.currentIndex()
    assert index.data(Qt.ItemDataRole.UserRole).id == MANY - 10
    QTest.qWait(20)
    assert articles.view.viewport().rect().intersects(articles.view.visualRect(index))


def test_an_opened_article_that_the_filter_leaves_out_is_not_in_the_list(crowded: Any) -> None:
    crowded.articles.field.setText("Article 77")
    eventually(lambda: len(titles_of(crowded)) == 19)
    crowded.desk.open_article(500)
    assert len(titles_of(crowded)) == 19
    crowded.articles.field.clear()
    eventually(lambda: crowded.articles.view.currentIndex().row() == 499)


def test_articles_that_come_stand_in_the_list(open_window: Open, shelf: Path) -> None:
    window = open_window(shelf)
    window.desk.session.add_articles([{"text": "News from Rome"}])
    assert titles_of(window)[-1] == "News from Rome"
    assert chips_of(window)[0] == "All 6"


def test_titles_break_at_a_space_and_counts_are_short(qt_app: Any) -> None:
    metrics = QLabel().fontMetrics()
    wide = metrics.horizontalAdvance("one two three")
    assert two_lines("one  two\nthree", metrics, wide) == ["one two three"]
    first, second = two_lines("one two three four five six seven", metrics, wide)
    assert first == "one two three"
    assert second.startswith("four")
    assert second.endswith("…")
    assert len(two_lines("x" * 200, metrics, wide)) == 1
    row = ArticleRow(1, "", "", "", ArticleState.NEW, False, False, 3, 0, 0)
    assert counts_of(row) == "3 suggested"
    assert counts_of(replace(row, suggested=0)) == ""


# The entities


def groups_of(window: Any) -> dict[str, list[tuple[str, str]]]:
    """Headings, each with its (words, count) entries."""
    tops = window.entities._tops()
    return {
        f"{top.text(0)} {top.text(1)}": [(top.child(n).text(0), top.child(n).text(1)) for n in range(top.childCount())]
        for top in tops
    }


def entry(window: Any, words: str) -> Any:
    """The entry of some words."""
    tree = window.entities.tree
    found = tree.findItems(words, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return next(item for item in found if item.parent() is not None)


def click_entry(window: Any, words: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Choose an entry by the mouse."""
    tree = window.entities.tree
    QTest.mouseClick(tree.viewport(), LEFT, modifiers, tree.visualItemRect(entry(window, words)).center())


def test_entities_stand_by_label_with_counts(open_window: Open, project: Path) -> None:
    window = open_window(project)
    assert groups_of(window) == {
        "ORG 2": [("Alibaba Group Holding Ltd", "1"), ("BNN", "1")],
        "LOC 3": [("China", "1"), ("Israel", "1"), ("AI", "1")],
        "MISC 1": [("MoneyGram", "1")],
    }
    press(window, Key.Key_Space)
    eventually(lambda: "ORG 1 of 2" in groups_of(window))
    assert groups_of(window)["ORG 1 of 2"] == [("Alibaba Group Holding Ltd", "✓ 1"), ("BNN", "1")]


def test_choosing_an_entry_goes_to_its_spans_round(open_window: Open, project: Path) -> None:
    window = open_window(project)
    window.desk.session.add(1, 0, 7, "PER", everywhere=True)
    eventually(lambda: "PER ✓ 4" in groups_of(window))
    places = []
    for _ in range(5):
        click_entry(window, "Alibaba")
        places.append(current(window)[1])
    expected = [span.start for span in window.desk.article.spans if span.label == "PER"]
    assert places == [*expected, expected[0]]
    click_entry(window, "Israel")
    assert current(window)[0] == "Israel"


def test_choosing_an_entry_by_keyboard(open_window: Open, project: Path) -> None:
    window = open_window(project)
    tree = window.entities.tree
    tree.setFocus()
    tree.setCurrentItem(entry(window, "BNN"))
    press(window, Key.Key_Return)
    assert current(window)[0] == "BNN"


def test_several_entries_are_relabelled_as_one_step(open_window: Open, project: Path) -> None:
    window = open_window(project)
    click_entry(window, "China")
    click_entry(window, "Israel", CTRL)
    click_entry(window, "BNN", CTRL)
    tree = window.entities.tree
    tree.customContextMenuRequested.emit(tree.visualItemRect(entry(window, "China")).center())
    menu = window.entities.findChild(QMenu, "relabel_menu")
    next(action for action in menu.actions() if action.text() == "PER").trigger()
    menu.close()
    assert kept(window) == [(words, "PER", "confirmed") for words in ("China", "Israel", "BNN")]
    eventually(lambda: groups_of(window).get("PER ✓ 3") == [("China", "✓ 1"), ("Israel", "✓ 1"), ("BNN", "✓ 1")])
    activate(window)
    press(window, Key.Key_Z, CTRL)
    assert kept(window) == []


def test_no_menu_without_an_entry(open_window: Open, project: Path) -> None:
    window = open_window(project)
    window.entities.tree.clearSelection()
    window.entities.tree.customContextMenuRequested.emit(QPoint(1, 1))
    assert window.entities.findChild(QMenu, "relabel_menu") is None


def test_rejected_ones_come_last_and_closed(open_window: Open, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_X)
    eventually(lambda: list(groups_of(window))[-1] == "Rejected ✓ 1")
    top = window.entities._tops()[-1]
    assert not top.isExpanded()
    tree = window.entities.tree
    QTest.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(top).center())
    assert top.isExpanded()
    window.view.setFocus()
    press(window, Key.Key_X)
    eventually(lambda: list(groups_of(window))[-1] == "Rejected ✓ 2")
    assert window.entities._tops()[-1].isExpanded()


def test_a_retired_label_stays_before_the_rejected(project: Path) -> None:
    with Session.open(project, annotator="ana") as session:
        session.add(1, 0, 7, "MISC")
        session.reject(1, (TEXT.index("China"), TEXT.index("China") + 5))
        labels = [label for label in session.all_labels if label.name != "MISC"]
        session.set_labels([*labels])
        names = [label.name for label in session.all_labels]
        assert list(grouped(session.article(1), names)) == ["ORG", "LOC", "MISC", "Rejected"]


def test_the_window_shows_a_retired_label_before_the_rejected(open_window: Open, project: Path) -> None:
    window = open_window(project)
    session = window.desk.session
    session.add(1, 0, 7, "MISC")
    press(window, Key.Key_X)
    session.set_labels([label for label in session.labels if label.name != "MISC"])
    eventually(lambda: [top.split()[0] for top in groups_of(window)] == ["ORG", "LOC", "MISC", "Rejected"])


def test_hidden_entities_follow_when_they_are_shown(open_window: Open, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_2, CTRL)
    press(window, Key.Key_Space)
    press(window, Key.Key_2, CTRL)
    eventually(lambda: "ORG 1 of 2" in groups_of(window))


# The labels


def click_label(window: Any, name: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Choose a label by the mouse."""
    listed = window.labels.list
    item = listed.findItems(name, Qt.MatchFlag.MatchExactly)[0]
    QTest.mouseClick(listed.viewport(), LEFT, modifiers, listed.visualItemRect(item).center())


def label_counts(window: Any) -> dict[str, int]:
    """How many spans the project has, as the panel says."""
    listed = window.labels.list
    items = [listed.item(at) for at in range(listed.count())]
    return {item.text(): item.data(Qt.ItemDataRole.UserRole + 1) for item in items}


def test_a_clicked_label_goes_to_the_current_span(open_window: Open, project: Path) -> None:
    window = open_window(project)
    click_label(window, "PER")
    assert kept(window) == [("Alibaba Group Holding Ltd", "PER", "confirmed")]
    assert current(window)[0] == "China"
    assert window.view.hasFocus()


def test_a_clicked_label_reaches_everywhere_and_with_shift_only_here(open_window: Open, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(0, 7)
    click_label(window, "ORG", SHIFT)
    assert kept(window) == [("Alibaba", "ORG", "confirmed")]
    press(window, Key.Key_Z, CTRL)
    window.desk.go_to(None)
    window.view.select(0, 7)
    click_label(window, "ORG")
    assert kept(window) == [("Alibaba", "ORG", "confirmed")] * 4


def test_label_counts_follow(open_window: Open, project: Path) -> None:
    window = open_window(project)
    assert label_counts(window) == dict.fromkeys(("PER", "ORG", "LOC", "MISC"), 0)
    press(window, Key.Key_Space)
    press(window, Key.Key_Space)
    eventually(lambda: label_counts(window) == {"PER": 0, "ORG": 1, "LOC": 1, "MISC": 0})
    press(window, Key.Key_Z, CTRL)
    eventually(lambda: label_counts(window) == {"PER": 0, "ORG": 1, "LOC": 0, "MISC": 0})


def test_the_panel_and_the_keys_follow_the_labels(open_window: Open, project: Path) -> None:
    window = open_window(project)
    labels = [
        Label("Firm", "red", "q", id=label.id) if label.name == "ORG" else label for label in window.desk.session.labels
    ]
    window.desk.session.set_labels([*labels, Label("Law", "teal", "w")])
    assert list(label_counts(window)) == ["PER", "Firm", "LOC", "MISC", "Law"]
    press(window, Key.Key_W)
    assert kept(window) == [("Alibaba Group Holding Ltd", "Law", "confirmed")]
    press(window, Key.Key_2)
    assert len(kept(window)) == 1


# The card


def test_the_card_says_where_a_span_came_from(open_window: Open, project: Path) -> None:
    window = open_window(project)
    assert window.card.title.text() == "“Alibaba Group Holding Ltd”  ORG"
    assert "90% sure: made-up" in window.card.label.text()
    assert "90% sure: made-up" in window.card.toolTip(), "a narrow column has no room for all of it"
    press(window, Key.Key_1)
    press(window, Key.Key_P)
    assert "relabelled by ana" in window.card.label.text()
    assert "was ORG" in window.card.label.text()
    press(window, Key.Key_Escape)
    assert "No span" in window.card.label.text()


# The chooser


@pytest.fixture
def chooser(qt_app: Any) -> Iterator[Chooser]:
    """A chooser on a small parent."""
    parent = QWidget()
    parent.show()
    made = Chooser(parent)
    yield made
    made.close()
    parent.close()
    parent.deleteLater()


CHOICES = [
    Choice("per", "PERSON", "P", "blue", key="p"),
    Choice("org", "ORGANISATION", "2", "red", key="2"),
    Choice("place", "Natural place"),
    Choice("art", "WORK OF ART", "S"),
    Choice("norp", "NORP"),
]


def asked(chooser: Chooser, at: QRect | None = None) -> list[str]:
    """What will have been chosen."""
    chosen: list[str] = []
    chooser.ask(CHOICES, at or QRect(100, 100, 20, 20), chosen.append)
    return chosen


def shown(chooser: Chooser) -> list[str]:
    """The titles on offer, best first."""
    return [chooser.list.item(at).text() for at in range(chooser.list.count())]


def test_the_better_a_title_fits_the_further_up(chooser: Chooser) -> None:
    asked(chooser)
    QTest.keyClicks(chooser.field, "or")
    assert shown(chooser) == ["ORGANISATION", "WORK OF ART", "NORP"]
    QTest.keyClicks(chooser.field, "p")
    assert shown(chooser) == ["NORP"]
    chooser.field.setText("pl")
    assert shown(chooser) == ["Natural place"]
    chooser.field.setText("wkt")
    assert shown(chooser) == ["WORK OF ART"]


def test_rank() -> None:
    ranks = [rank("Work of art", typed) for typed in ("wo", "of", "art", "rk", "wat")]
    assert ranks == sorted(ranks)  # type: ignore[type-var]
    assert len(set(ranks)) == 5
    assert rank("Work of art", "zz") is None
    assert rank("Work of art", "") == 0


def test_arrows_and_enter_choose_round_the_end(chooser: Chooser) -> None:
    chosen = asked(chooser)
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Up, Key.Key_Up, Key.Key_Up):
        QTest.keyClick(chooser.field, key)
    assert chooser.list.currentItem().text() == "NORP"
    QTest.keyClick(chooser.field, Key.Key_Down)
    QTest.keyClick(chooser.field, Key.Key_Down)
    QTest.keyClick(chooser.field, Key.Key_Return)
    assert chosen == ["org"]
    assert not chooser.isVisible()


def test_escape_chooses_none(chooser: Chooser) -> None:
    chosen = asked(chooser)
    QTest.keyClick(chooser.field, Key.Key_Escape)
    assert (chosen, chooser.isVisible()) == ([], False)


def test_enter_where_nothing_fits_chooses_none(chooser: Chooser) -> None:
    chosen = asked(chooser)
    QTest.keyClicks(chooser.field, "zzz")
    for key in (Key.Key_Down, Key.Key_Up, Key.Key_Return):
        QTest.keyClick(chooser.field, key)
    assert (chosen, chooser.isVisible()) == ([], True)


@pytest.mark.parametrize(("typed", "expected"), [("p", ["per"]), ("P", ["per"]), ("2", ["org"]), ("s", [])])
def test_a_labels_key_chooses_at_once(chooser: Chooser, typed: str, expected: list[str]) -> None:
    chosen = asked(chooser)
    QTest.keyClicks(chooser.field, typed)
    assert chosen == expected


def test_a_labels_key_is_a_letter_once_something_is_typed(chooser: Chooser) -> None:
    chosen = asked(chooser)
    QTest.keyClicks(chooser.field, "nor")
    QTest.keyClicks(chooser.field, "p")
    assert (chosen, shown(chooser)) == ([], ["NORP"])


def test_a_click_chooses(chooser: Chooser) -> None:
    chosen = asked(chooser)
    place = chooser.list.visualItemRect(chooser.list.item(2)).center()
    QTest.mouseClick(chooser.list.viewport(), LEFT, pos=place)
    assert chosen == ["place"]


@pytest.mark.parametrize("x", [-500, 0, 400, 790, 5000])
@pytest.mark.parametrize("y", [-500, 0, 400, 590, 5000])
def test_the_chooser_stays_inside_the_screen(chooser: Chooser, x: int, y: int) -> None:
    asked(chooser, QRect(x, y, 40, 20))
    assert chooser.screen().availableGeometry().contains(chooser.geometry())


def test_the_chooser_covers_not_what_it_asks_about(chooser: Chooser) -> None:
    bottom = chooser.screen().availableGeometry().bottom()
    for y in (100, bottom - 30):
        at = QRect(100, y, 40, 20)
        asked(chooser, at)
        assert not chooser.geometry().intersects(at)


def test_the_label_palette_labels_the_current_span(open_window: Open, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_L, CTRL)
    QTest.keyClicks(window.palettes.chooser.field, "mis")
    QTest.keyClick(window.palettes.chooser.field, Key.Key_Return)
    assert kept(window) == [("Alibaba Group Holding Ltd", "MISC", "confirmed")]


def test_typing_in_the_command_palette_does_nothing_yet(open_window: Open, project: Path) -> None:
    window = open_window(project)
    for typed in "sfcunp":  # each is the key of an action
        press(window, Key.Key_K, CTRL)
        QTest.keyClicks(window.palettes.chooser.field, typed)
        assert window.palettes.chooser.isVisible()
        QTest.keyClick(window.palettes.chooser.field, Key.Key_Escape)
    row = window.desk.session.row(1)
    assert (row.state, row.flagged) == (ArticleState.NEW, False)


def test_the_command_palette_runs_a_command(open_window: Open, project: Path) -> None:
    window = open_window(project)
    press(window, Key.Key_K, CTRL)
    QTest.keyClicks(window.palettes.chooser.field, "skip art")
    QTest.keyClick(window.palettes.chooser.field, Key.Key_Return)
    assert window.desk.session.row(1).state is ArticleState.SKIPPED


# Find


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("İstanbul, istanbul", "istanbul", ["İstanbul", "istanbul"]),
        ("İİ İzmir", "izmir", ["İzmir"]),
        ("İİ zürich ZÜRICH", "Zürich", ["zürich", "ZÜRICH"]),
        ("Straße in STRASSE", "straße", ["Straße"]),
        ("😀😀 Berlin 👩‍👩‍👧 berlin", "berlin", ["Berlin", "berlin"]),
        ("a 👩‍👩‍👧 b", "👩‍👩‍👧", ["👩‍👩‍👧"]),
        ("a.b axb", "a.b", ["a.b"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("(", "(", ["("]),
    ],
)
def test_matches_are_the_very_words(text: str, wanted: str, found: list[str]) -> None:
    ranges = matches(text, wanted)
    assert [text[start:end] for start, end in ranges] == found


def test_case_and_whole_words() -> None:
    text = "China chinaware CHINA China's"
    assert len(matches(text, "china")) == 4
    assert matches(text, "China", case=True) == [(0, 5), (22, 27)]
    assert matches(text, "china", whole=True) == [(0, 5), (16, 21), (22, 27)]
    assert matches("été éte", "é", whole=True) == []
    assert matches("C++ C", "C++", whole=True) == [(0, 3)]
    assert matches(text, "") == []


@pytest.fixture
def finding(open_window: Open, project: Path) -> Any:
    """The window with its find bar open."""
    window = open_window(project)
    window.desk.go_to(None)
    press(window, Key.Key_F, CTRL)
    return window


def found_at(window: Any) -> str:
    """Which match is shown, of how many."""
    return str(window.finder._bar.count.text())


def test_next_and_previous_go_round_the_end(finding: Any) -> None:
    QTest.keyClicks(QApplication.focusWidget(), "alibaba")
    assert found_at(finding) == "1 of 5"
    seen = []
    for key, modifiers in (
        *((Key.Key_F3, SHIFT), (Key.Key_F3, NONE), (Key.Key_F3, NONE)),
        *((Key.Key_Return, NONE), (Key.Key_Return, SHIFT)),
    ):
        press(finding, key, modifiers)
        seen.append(found_at(finding))
    assert seen == ["5 of 5", "1 of 5", "2 of 5", "3 of 5", "2 of 5"]


def test_the_switches_of_the_find_bar(finding: Any) -> None:
    bar = finding.finder._bar
    QTest.keyClicks(bar.field, "ai")
    assert found_at(finding) == "1 of 2"
    QTest.mouseClick(bar.whole, LEFT)
    assert found_at(finding) == "1 of 1"
    QTest.mouseClick(bar.case, LEFT)
    assert found_at(finding) == "none"
    bar.field.clear()
    assert found_at(finding) == ""


def test_the_find_bar_begins_with_the_selection(open_window: Open, project: Path) -> None:
    window = open_window(project)
    window.desk.go_to(None)
    window.view.select(0, 7)
    press(window, Key.Key_F, CTRL)
    assert window.finder._bar.field.text() == "Alibaba"
    assert found_at(window) == "1 of 5"


def test_closing_the_find_bar_comes_to_the_match(finding: Any) -> None:
    QTest.keyClicks(QApplication.focusWidget(), "moneygram")
    press(finding, Key.Key_Escape)
    assert not finding.finder._bar.isVisible()
    assert current(finding)[0] == "MoneyGram"


def test_another_article_is_searched_anew(finding: Any) -> None:
    QTest.keyClicks(QApplication.focusWidget(), "china")
    finding.desk.open_article(2)
    assert found_at(finding) == "1 of 1"
    assert finding.finder._bar.isVisible()


# Words from outside, and names for those who do not see


def test_plain_labels_and_tool_tips_show_the_very_letters(qt_app: Any) -> None:
    label = plain_label(MARKUP)
    assert (label.text(), label.textFormat()) == (MARKUP, Qt.TextFormat.PlainText)
    shown_as = QTextDocument()
    shown_as.setHtml(plain_tooltip(f"{MARKUP}\nsecond"))
    assert shown_as.toPlainText() == f"{MARKUP}\nsecond"
    assert plain_tooltip("") == ""


@pytest.fixture
def hostile(open_window: Open, tmp_path: Path) -> Any:
    """A window in which everything that comes from outside is markup."""
    path = tmp_path / "hostile.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator=MARKUP) as session:
        session.set_labels([*session.labels, Label(MARKUP, "red", "q", MARKUP)])
        meta = {"title": MARKUP, "source": MARKUP, "published": MARKUP}
        (article_id,) = session.add_articles([{"text": f"{MARKUP} says Berlin", "meta": meta}])
        session.keep_reading(article_id, "blank:en", reading_of(f"{MARKUP} says Berlin", (("Berlin", "LOC", 0.5),)))
        session.comment(article_id, MARKUP)
        session.add(article_id, 0, len(MARKUP), MARKUP)
    window = open_window(path)
    window.desk.go(-1)
    window.status.say(MARKUP)
    window.articles.field.setText(MARKUP)
    window.finder.open()
    return window


def test_nothing_from_outside_is_rich_text(hostile: Any) -> None:
    assert MARKUP in hostile.card.title.text()
    assert rich_labels(hostile) == []
    tips = {widget.toolTip() for widget in hostile.findChildren(QWidget)}
    tips |= {hostile.labels.list.item(at).toolTip() for at in range(hostile.labels.list.count())}
    assert not any("<b>" in tip or "<img" in tip for tip in tips)


def test_a_spans_tool_tip_is_escaped(hostile: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent

    from annotator.ui import plain

    tips: list[str] = []
    monkeypatch.setattr(plain.QToolTip, "showText", lambda at, text, widget: tips.append(text))
    viewport = hostile.view.viewport()
    place = hostile.view.rects_of(0, len(MARKUP))[0].center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    shown_as = QTextDocument()
    shown_as.setHtml(tips[0])
    assert shown_as.toPlainText().startswith(f"“{MARKUP}”")


def test_all_that_takes_the_keyboard_has_a_name(open_window: Open, project: Path) -> None:
    accessible.install()
    window = open_window(project)
    window.finder.open()
    assert nameless(window) == []
    assert nameless(window.palettes.chooser) == []
