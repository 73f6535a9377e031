"""The rows behind near-duplicates: texts to compare, and who is whose twin."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from annotator.model.article import ArticleState
from annotator.store.project import Project


class Twin(NamedTuple):
    """An article of a group of articles that are nearly the same."""

    id: int
    uid: str
    title: str
    state: ArticleState


def texts(project: Project, after: int) -> Iterator[tuple[int, str]]:
    """(id, text) of the articles that came behind one, in the order of import, one of them in memory."""
    rows = project.connection.execute("SELECT article_id, text FROM article_text WHERE article_id > ?", [after])
    yield from ((int(article_id), str(text)) for article_id, text in rows)


def is_last(project: Project, article_id: int) -> bool:
    """Is it the article that came last, or 0 where there is none?"""
    row = project.connection.execute("SELECT coalesce(max(id), 0) FROM article").fetchone()
    return int(row[0]) == article_id


def firsts(project: Project) -> dict[int, int]:
    """The first article of its group, for each article that came later."""
    rows = project.connection.execute("SELECT id, twin_of FROM article WHERE twin_of IS NOT NULL ORDER BY id")
    return {int(article_id): int(first) for article_id, first in rows}


def set_firsts(project: Project, firsts: Iterable[tuple[int, int]]) -> None:
    """(article, the first of its group), to be remembered; inside a transaction."""
    project.connection.executemany(
        "UPDATE article SET twin_of = ? WHERE id = ?", [(first, article_id) for article_id, first in firsts]
    )


def twin(project: Project, article_id: int) -> Twin:
    """An article as a group shows it."""
    row = project.connection.execute("SELECT id, uid, title, state FROM article WHERE id = ?", [article_id]).fetchone()
    return Twin(row[0], row[1], row[2], ArticleState(row[3]))


def text(project: Project, article_id: int) -> str:
    """An article's text."""
    return str(
        project.connection.execute("SELECT text FROM article_text WHERE article_id = ?", [article_id]).fetchone()[0]
    )
