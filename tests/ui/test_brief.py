"""What is shown of titles and names of a million letters is cut before Qt lays it out."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from annotator.model.article import LONGEST_TITLE, Article
from annotator.model.label import Label
from annotator.session import Session
from annotator.store.articles import ArticleFilter
from annotator.ui import plain
from annotator.ui.article_list import _ROW
from annotator.ui.plain import brief
from tests.ui.conftest import Open

pytestmark = pytest.mark.usefixtures("qt_app")
HUGE = "x" * 1_000_000


def test_a_line_is_cut() -> None:
    assert brief("a" * 500) == "a" * 500
    assert brief("a" * 501) == "a" * 499 + "…"
    assert brief("abc", 2) == "a…"


def test_every_factory_cuts() -> None:
    for shown in (plain.menu_text(HUGE), plain.window_title(HUGE), plain.CutLabel(HUGE).text()):
        assert len(shown) == 500
    for shown in (plain.plain_tooltip(HUGE), plain.plain_label(HUGE).text(), plain.PlainLabel(HUGE).text()):
        assert len(shown) < 5_100


def test_a_title_is_cut_and_kept_whole(tmp_path: Path) -> None:
    assert Article("a", "b", {"title": HUGE}).title == "x" * LONGEST_TITLE
    with Session.open(tmp_path / "a.annot", create=True, model="blank:en") as session:
        (number,) = session.add_articles([{"text": "Oslo.", "meta": {"title": HUGE}}])
        (row,) = session.rows(ArticleFilter(), 0, 10)
        assert row.title == "x" * LONGEST_TITLE
        assert session.article(number).article.meta["title"] == HUGE
        session.export(tmp_path / "o.jsonl", state="all")
    assert HUGE in (tmp_path / "o.jsonl").read_text("utf-8")


def test_the_list_of_articles_cuts(open_window: Open, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Session.rows
    monkeypatch.setattr(Session, "rows", lambda *asked: [replace(row, title=HUGE) for row in honest(*asked)])
    model = open_window(project).articles.model
    row = model.index(0).data(_ROW)
    assert (len(row.title), len(model.index(0).data(Qt.ItemDataRole.DisplayRole))) < (501, 600)


def test_a_label_is_cut_where_it_is_shown_and_nowhere_else(open_window: Open, project: Path) -> None:
    with Session.open(project) as session:
        session._opened.write_labels((*session.labels, Label(HUGE)), undoable=False)
        session.add(1, 0, 7, HUGE)
    window = open_window(project)
    listed = window.labels.list.item(window.labels.list.count() - 1)
    assert listed.text() == brief(HUGE)
    tree = window.entities.tree
    tops = [tree.topLevelItem(at).text(0) for at in range(tree.topLevelItemCount())]
    assert brief(HUGE) in tops
    assert max(map(len, tops)) == 500
    given: list[str] = []
    window.labels.chosen.connect(lambda name, _everywhere: given.append(name))
    window.labels.list.itemClicked.emit(listed)
    assert given == [HUGE]
