"""Several entities decided at once, from their list."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from re import finditer
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from annotator.errors import KnownError
from annotator.model.span import Span, SpanState
from annotator.session import Session
from annotator.ui.desk import Desk
from annotator.ui.entity_panel import EntityPanel
from annotator.ui.theme import Theme

SOON = 120  # milliseconds, after which the panel has followed a decision


@pytest.fixture
def desk(qt_app: Any, project: Path) -> Iterator[Desk]:
    """A desk with the first article of the project on it."""
    with Session.open(project, annotator="ana") as session:
        desk = Desk(session)
        desk.open_article(1)
        yield desk


@pytest.fixture
def panel(desk: Desk, qt_app: Any) -> Iterator[EntityPanel]:
    """The panel on the screen, without a window around it."""
    panel = EntityPanel(desk, Theme())
    panel.resize(280, 600)
    panel.show()
    panel.activateWindow()
    QTest.qWaitForWindowActive(panel)
    yield panel
    panel.close()
    panel.deleteLater()
    qt_app.sendPostedEvents(panel, QEvent.Type.DeferredDelete)  # its timers go too, before the project closes


def by_words(desk: Desk, surface: str) -> Span:
    """The first span with these words."""
    assert desk.article is not None
    return next(span for span in desk.article.spans if desk.article.surface(span) == surface)


def entry(panel: EntityPanel, surface: str) -> Any:
    """The entry with these words."""
    found = panel.tree.findItems(surface, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return next(item for item in found if item.parent() is not None)


def click(panel: EntityPanel, surface: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A click on an entry."""
    place = panel.tree.visualItemRect(entry(panel, surface)).center()
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def menu_of(panel: EntityPanel, surface: str) -> dict[str, Any]:
    """The entries of the menu that a right click opens."""
    panel._open_menu(panel.tree.visualItemRect(entry(panel, surface)).center())
    menu = panel.findChildren(QMenu)[-1]
    menu.close()
    return {action.text(): action for action in menu.actions()}


def test_a_label_key_relabels_all_chosen_in_one_step(desk: Desk, panel: EntityPanel) -> None:
    click(panel, "China")
    click(panel, "MoneyGram", Qt.KeyboardModifier.ControlModifier)
    key = next(label.key for label in desk.session.labels if label.name == "ORG")
    QTest.keyClicks(panel.tree, key)
    assert {by_words(desk, w).label for w in ("China", "MoneyGram")} == {"ORG"}
    assert by_words(desk, "Israel").state is SpanState.SUGGESTED
    desk.session.undo()
    assert (by_words(desk, "China").label, by_words(desk, "MoneyGram").label) == ("LOC", "MISC")


def test_one_entry_can_be_rejected_from_its_menu(desk: Desk, panel: EntityPanel) -> None:
    desk.session.add(1, 0, 7, "ORG", everywhere=True)
    QTest.qWait(SOON)
    click(panel, "Alibaba")
    menu_of(panel, "Alibaba")["Reject"].trigger()
    assert desk.article is not None
    assert "Alibaba" not in [desk.article.surface(span) for span in desk.article.confirmed]
    desk.session.undo()
    assert [desk.article.surface(span) for span in desk.article.confirmed] == ["Alibaba"] * 4


def test_several_entries_offer_only_labels(desk: Desk, panel: EntityPanel) -> None:
    click(panel, "China")
    click(panel, "Israel", Qt.KeyboardModifier.ControlModifier)
    offered = menu_of(panel, "Israel")
    assert "Reject" not in offered
    offered["ORG"].trigger()
    assert by_words(desk, "China").label == by_words(desk, "Israel").label == "ORG"


def test_a_decision_leaves_the_other_entries_as_they_are(desk: Desk, panel: EntityPanel) -> None:
    click(panel, "China")
    chosen = panel.tree.selectedItems()
    desk.session.confirm(1, by_words(desk, "Israel"))
    QTest.qWait(SOON)
    assert panel.tree.selectedItems() == chosen
    assert entry(panel, "Israel").text(1) == "✓ 1"
    assert entry(panel, "China").text(1) == "1"


def rows(panel: EntityPanel) -> list[tuple[str, str, list[tuple[str, str, list[Span]]]]]:
    """All that the tree holds."""
    held = []
    for top in panel._tops():
        children = [top.child(at) for at in range(top.childCount())]
        entries = [(item.text(0), item.text(1), item.data(0, Qt.ItemDataRole.UserRole)) for item in children]
        held.append((top.text(0), top.text(1), entries))
    return held


def test_the_list_that_follows_decisions_is_the_one_that_is_made_anew(desk: Desk, panel: EntityPanel) -> None:
    chance = Random(1)
    session = desk.session
    (at,) = session.add_articles([{"text": "Rome met Oslo. Oslo met Rome. Rome fell, Oslo grew."}])
    desk.open_article(at)
    assert desk.article is not None
    places = [match.span() for match in finditer("Rome|Oslo", desk.article.text)]
    verbs = (
        lambda place, name: session.add(at, *place, name, everywhere=False),
        lambda place, name: session.relabel(at, place, name, everywhere=False),
        lambda place, _name: session.reject(at, place, everywhere=False),
    )
    for _ in range(150):
        with suppress(KnownError):
            chance.choice(verbs)(chance.choice(places), chance.choice(session.labels[:2]).name)
        panel._update()
        followed = rows(panel)
        panel._fill()
        assert rows(panel) == followed
