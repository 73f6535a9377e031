"""Rows and articles; the list of articles in pages."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from annotator.model.article import Article, ArticleState, text_sha256
from annotator.store.project import Project


class Standing(NamedTuple):
    """What a person said of an article as a whole."""

    state: ArticleState
    flagged: bool
    comment: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as the list shows it."""

    id: int
    title: str
    source: str
    published: str
    state: ArticleState
    flagged: bool
    commented: bool
    suggested: int
    confirmed: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles a list shows.

    :param words: each must stand in title or source, any casing.
    :param states: empty for all.
    """

    words: tuple[str, ...] = ()
    states: tuple[ArticleState, ...] = ()
    flagged: bool = False

    def where(self) -> tuple[str, list[str | int]]:
        """An SQL condition and its values; what a user typed is only ever a value."""
        parts: list[str] = []
        values: list[str | int] = []
        for word in self.words:
            parts.append("(instr(casefold(title), ?) OR instr(casefold(source), ?))")
            values += [word.casefold()] * 2
        if self.states:
            parts.append(f"state IN ({','.join('?' * len(self.states))})")
            values += [str(state) for state in self.states]
        if self.flagged:
            parts.append("flagged = 1")
        return " AND ".join(parts) or "1", values


def add_article(project: Project, article: Article, standing: Standing) -> int:
    """Insert an article; inside a transaction. Returns its id."""
    meta = article.meta
    cursor = project.connection.execute(
        "INSERT INTO article (uid, title, source, published, meta, sha256, length, state, flagged, comment)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            *(article.uid, article.title, str(meta.get("source") or ""), str(meta.get("published") or "")),
            *(json.dumps(dict(meta), ensure_ascii=False), text_sha256(article.text), len(article.text)),
            *(str(standing.state), int(standing.flagged), standing.comment),
        ],
    )
    assert cursor.lastrowid is not None
    project.connection.execute("INSERT INTO article_text VALUES (?, ?)", [cursor.lastrowid, article.text])
    return cursor.lastrowid


def article(project: Project, article_id: int) -> Article | None:
    """An article with its text, None where there is none of that id."""
    row = project.connection.execute(
        "SELECT uid, text, meta FROM article JOIN article_text ON article_id = id WHERE id = ?", [article_id]
    ).fetchone()
    return None if row is None else Article(row[0], row[1], json.loads(row[2]))


def standing(project: Project, article_id: int) -> Standing:
    """What a person said of an article as a whole."""
    row = project.connection.execute(
        "SELECT state, flagged, comment FROM article WHERE id = ?", [article_id]
    ).fetchone()
    return Standing(ArticleState(row[0]), bool(row[1]), row[2])


def known_article(project: Project, uid: str) -> tuple[int, str] | None:
    """(id, SHA-256 of the text) of the article with this uid."""
    row = project.connection.execute("SELECT id, sha256 FROM article WHERE uid = ?", [uid]).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def article_ids(project: Project, states: tuple[ArticleState, ...] = ()) -> list[int]:
    """Ids in the order of import."""
    where, values = ArticleFilter(states=states).where()
    return [
        int(row[0]) for row in project.connection.execute(f"SELECT id FROM article WHERE {where} ORDER BY id", values)
    ]


def page(project: Project, chosen: ArticleFilter, after: int = 0, limit: int = 200) -> list[ArticleRow]:
    """The next rows of the list behind an id."""
    where, values = chosen.where()
    rows = project.connection.execute(
        "SELECT id, title, source, published, state, flagged, comment <> '', suggested, confirmed, rejected"
        f" FROM article WHERE id > ? AND {where} ORDER BY id LIMIT ?",
        [after, *values, limit],
    )
    return [_row(row) for row in rows]


def article_row(project: Project, article_id: int) -> ArticleRow | None:
    """One row of the list."""
    rows = page(project, ArticleFilter(), after=article_id - 1, limit=1)
    return rows[0] if rows and rows[0].id == article_id else None


def count(project: Project, chosen: ArticleFilter) -> int:
    """How many articles a list has."""
    where, values = chosen.where()
    return int(project.connection.execute(f"SELECT count(*) FROM article WHERE {where}", values).fetchone()[0])


def neighbour(project: Project, article_id: int, step: int, states: tuple[ArticleState, ...] = ()) -> int | None:
    """The next (step > 0) or previous article in one of these states; empty for any."""
    where, values = ArticleFilter(states=states).where()
    compare, order = (">", "ASC") if step > 0 else ("<", "DESC")
    row = project.connection.execute(
        f"SELECT id FROM article WHERE id {compare} ? AND {where} ORDER BY id {order} LIMIT 1", [article_id, *values]
    ).fetchone()
    return None if row is None else int(row[0])


def tally(project: Project) -> dict[ArticleState, int]:
    """How many articles are in each state."""
    rows = dict(project.connection.execute("SELECT state, n FROM article_tally").fetchall())
    return {state: int(rows[state]) for state in ArticleState}


def uids(project: Project, states: tuple[ArticleState, ...] = ()) -> dict[int, str]:
    """Uids by id, in the order of import."""
    where, values = ArticleFilter(states=states).where()
    return dict(project.connection.execute(f"SELECT id, uid FROM article WHERE {where} ORDER BY id", values).fetchall())


def labelled(project: Project) -> list[tuple[int, str, int]]:
    """(id, uid, number of confirmed spans) of the articles that are done, in the order of import.

    Of a near-duplicate the uid of the article that it repeats, so that both end up on the same side of a split.
    """
    return project.connection.execute(
        "SELECT a.id, coalesce(original.uid, a.uid), a.confirmed FROM article a"
        " LEFT JOIN article original ON original.id = a.twin_of WHERE a.state = 'done' ORDER BY a.id"
    ).fetchall()


def _row(columns: tuple[Any, ...]) -> ArticleRow:
    row_id, title, source, published, state, flagged, commented, *counts = columns
    standing = ArticleState(state), bool(flagged), bool(commented)
    return ArticleRow(row_id, title, source, published, *standing, *counts)
