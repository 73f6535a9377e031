"""The order of work: by rank, then by id, whatever way one takes through it."""

import pytest

from annotator.model.article import UNDECIDED, Article, ArticleState
from annotator.model.span import Suggestion
from annotator.store import articles, history, order, suggestions
from annotator.store.articles import ArticleFilter
from annotator.store.project import Project
from tests.arrived import add_article


def ranked(project: Project, ranks: dict[int, int]) -> None:
    with project.transaction():
        project.connection.executemany("UPDATE article SET rank = ? WHERE id = ?", [(r, n) for n, r in ranks.items()])


def more_articles(project: Project, count: int) -> None:
    with project.transaction():
        for number in range(3, count + 1):
            state = ArticleState.DONE if number % 3 else ArticleState.NEW
            add_article(project, Article(f"x{number}", f"text {number}"), articles.Standing(state, False, ""))


@pytest.mark.parametrize("few", [0, 2000])
def test_the_order_of_work_is_by_rank_then_by_id(project: Project, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Whichever index leads to them."""
    monkeypatch.setattr(articles, "_FEW", few)
    more_articles(project, 12)
    ranked(project, {number: -number // 4 + 9 for number in range(1, 13)})
    expected = [9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4]
    undecided = [number for number in expected if number < 3 or not number % 3]
    assert articles.article_ids(project) == expected
    assert articles.article_ids(project, UNDECIDED) == undecided
    for states, ids in (((), expected), (UNDECIDED, undecided)):
        pages = [row.id for row in articles.page(project, ArticleFilter(states=states), limit=5)]
        while page := articles.page(project, ArticleFilter(states=states), after=pages[-1], limit=5):
            pages += [row.id for row in page]
        assert pages == ids
        around = [None, *ids, None]
        for before, at, behind in zip(around, around[1:], around[2:], strict=False):
            assert at is not None
            assert articles.neighbour(project, at, 1, states) == behind
            assert articles.neighbour(project, at, -1, states) == before
        assert articles.neighbour(project, 0, 1, states) == ids[0]
        assert articles.neighbour(project, 0, -1, states) is None
    assert articles.neighbour(project, 8, 1, UNDECIDED) == 1, "from one that is not among them"
    for after in expected:
        behind_first = sorted(undecided, key=lambda each: (expected.index(each) < expected.index(after), 0))
        assert [each for each, _ in suggestions.unread(project, "m", 99, after)] == behind_first


def test_the_list_walks_an_index_and_sorts_nothing(project: Project) -> None:
    def plan(statement: str) -> str:
        return " ".join(row[3] for row in project.connection.execute(f"EXPLAIN QUERY PLAN {statement}"))

    said: list[str] = []
    project.connection.set_trace_callback(said.append)
    articles.page(project, ArticleFilter(), after=1)
    articles.neighbour(project, 1, -1)
    suggestions.unread(project, "m", 9)
    project.connection.set_trace_callback(None)
    walks = [plan(statement) for statement in said if "ORDER BY rank" in statement]
    assert len(walks) == 4
    assert [walk for walk in walks[:2] if "article_by_rank (rank" not in walk or "TEMP B-TREE" in walk] == []


def test_a_new_article_comes_behind_all_others(project: Project) -> None:
    ranked(project, {1: 7, 2: 3})
    more_articles(project, 4)
    assert articles.article_ids(project) == [2, 1, 3, 4]
    assert [(row.place, row.picked) for row in articles.page(project, ArticleFilter())][-1] == ((7, 4), "given")


def test_uids_are_in_the_order_of_import_and_by_reason(project: Project) -> None:
    ranked(project, {1: 7})
    assert list(articles.uids(project)) == [1, 2]
    with project.transaction():
        order.place(project, [order.Placed(1, "random", 2)])
    assert articles.uids(project, picked=("random",)) == {2: "article-2"}
    assert articles.uids(project, (ArticleState.DONE,), ("random",)) == {}


def test_a_change_knows_its_article() -> None:
    assert history.Change("span", None, {"id": 5, "article_id": 2}).article_id == 2
    assert history.Change("span", {"id": 5, "article_id": 2}, None).article_id == 2
    assert history.Change("article", {"id": 3}, {"id": 3}).article_id == 3
    assert history.Change("label", None, {"id": 3}).article_id is None


@pytest.mark.parametrize(("kinds", "doubt"), [(["pipeline"], 0.6), (["learner", "pipeline"], 0.1), (["import"], None)])
def test_doubts_are_those_of_the_best_reading(project: Project, kinds: list[str], doubt: float | None) -> None:
    sure = {"pipeline": (0.9, None), "learner": (0.9,), "import": (0.0,)}
    with project.transaction():
        for kind in kinds:
            found = [Suggestion(0, 7, "ORG", each, "made-up 1.0") for each in sure[kind]]
            suggestions.save_reading(project, 1, kind, "m", found)
    assert suggestions.doubts(project) == ({} if doubt is None else {1: pytest.approx(doubt)})


def test_a_decision_costs_the_same_in_a_large_project(project: Project) -> None:
    """Setting an article's id again, even to what it was, makes SQLite look for twins of it in all articles."""
    said: list[str] = []
    with history.step(project, "finish", 1, 1) as step:
        before = history.tracked_row(project.connection, "article", 1)
        assert before is not None
        project.connection.set_trace_callback(said.append)
        step.write("article", before, before | {"state": "done"})
        project.connection.set_trace_callback(None)
    update, *_ = [each for each in said if each.startswith("UPDATE article SET") and '"state" = ' in each]
    plan = [row[3] for row in project.connection.execute(f"EXPLAIN QUERY PLAN {update}")]
    assert plan == ["SEARCH article USING INTEGER PRIMARY KEY (rowid=?)"]
