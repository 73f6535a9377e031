"""Rows and articles; the list of articles in pages.

The order of work is by rank, then by id; the order of import is by id alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from annotator.model.article import Article, ArticleState
from annotator.model.text import storable
from annotator.store.project import Project
from annotator.store.values import stored

RANDOM = "random"  # as article.picked says it
_FEW = 2000  # articles that are sorted faster than found on a walk through the order of work


class Standing(NamedTuple):
    """What a person said of an article as a whole."""

    state: ArticleState
    flagged: bool
    comment: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as the list shows it.

    :param picked: what gave it its place: "given", "date", "topics", "teaches" or "random".
    """

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
    rank: int = 0
    picked: str = "given"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of work."""
        return self.rank, self.id

    @property
    def is_random(self) -> bool:
        """Was it picked at random?"""
        return self.picked == RANDOM


_COLUMNS = "id, title, source, published, state, flagged, comment <> '', suggested, confirmed, rejected, rank, picked"
_MOST_WORDS = 100  # of a search: SQLite takes no condition that is nested a thousand deep


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles a list shows.

    :param words: each must stand in title or source, any casing; of very many the first are looked for.
    :param states: empty for all.
    """

    words: tuple[str, ...] = ()
    states: tuple[ArticleState, ...] = ()
    flagged: bool = False

    def where(self) -> tuple[str, list[str | int]]:
        """An SQL condition and its values; what a user typed is only ever a value."""
        parts: list[str] = []
        values: list[str | int] = []
        for word in dict.fromkeys(self.words[:_MOST_WORDS]):
            parts.append("(instr(casefold(title), ?) OR instr(casefold(source), ?))")
            values += [storable(word)[0].casefold()] * 2
        if self.states:
            parts.append(f"state IN ({','.join('?' * len(self.states))})")
            values += [str(state) for state in self.states]
        if self.flagged:
            parts.append("flagged = 1")
        return " AND ".join(parts) or "1", values


def article(project: Project, article_id: int) -> Article | None:
    """An article with its text, None where there is none of that id."""
    row = project.connection.execute(
        "SELECT uid, text, meta FROM article JOIN article_text ON article_id = id WHERE id = ?", [article_id]
    ).fetchone()
    return None if row is None else Article(row[0], row[1], stored(row[2], dict))


def standing(project: Project, article_id: int) -> Standing:
    """What a person said of an article as a whole."""
    row = project.connection.execute(
        "SELECT state, flagged, comment FROM article WHERE id = ?", [article_id]
    ).fetchone()
    return Standing(ArticleState(row[0]), bool(row[1]), row[2])


def article_ids(project: Project, states: tuple[ArticleState, ...] = ()) -> list[int]:
    """Ids in the order of work."""
    where, values = ArticleFilter(states=states).where()
    rows = project.connection.execute(f"SELECT id FROM article WHERE {where} ORDER BY rank, id", values)
    return [int(row[0]) for row in rows]


def place_of(project: Project, article_id: int) -> tuple[int, int]:
    """(rank, id) of an article; before all others where there is none of that id."""
    row = project.connection.execute("SELECT rank, id FROM article WHERE id = ?", [article_id]).fetchone()
    return (-1, 0) if row is None else (int(row[0]), int(row[1]))


def walk(project: Project, states: tuple[ArticleState, ...]) -> str:
    """The table and the index by which articles of these states come soonest in the order of work.

    SQLite cannot know that the walk by rank meets hundreds of decided articles before an undecided one.
    """
    tallied = tally(project)
    few = states and sum(tallied[state] for state in states) <= _FEW
    return f"article INDEXED BY {'article_by_state' if few else 'article_by_rank'}"


def page(project: Project, chosen: ArticleFilter, after: int = 0, limit: int = 200) -> list[ArticleRow]:
    """The next rows of the list, in the order of work, behind an article; 0 for the first."""
    where, values = chosen.where()
    rows = project.connection.execute(
        f"SELECT {_COLUMNS} FROM {walk(project, chosen.states)}"
        f" WHERE (rank, id) > (?, ?) AND {where} ORDER BY rank, id LIMIT ?",
        [*place_of(project, after), *values, limit],
    )
    return [_row(row) for row in rows]


def outlines(project: Project) -> Iterator[tuple[int, str, ArticleState, int, int]]:
    """(id, title, state, confirmed spans, rejected spans) of all articles, in the order of work."""
    states = {str(state): state for state in ArticleState}
    rows = project.connection.execute("SELECT id, title, state, confirmed, rejected FROM article ORDER BY rank, id")
    return ((row_id, title, states[state], *counts) for row_id, title, state, *counts in rows)


def article_row(project: Project, article_id: int) -> ArticleRow | None:
    """One row of the list."""
    row = project.connection.execute(f"SELECT {_COLUMNS} FROM article WHERE id = ?", [article_id]).fetchone()
    return None if row is None else _row(row)


def count(project: Project, chosen: ArticleFilter) -> int:
    """How many articles a list has."""
    where, values = chosen.where()
    return int(project.connection.execute(f"SELECT count(*) FROM article WHERE {where}", values).fetchone()[0])


def neighbour(project: Project, article_id: int, step: int, states: tuple[ArticleState, ...] = ()) -> int | None:
    """The next (step > 0) or previous article in one of these states; empty for any.

    Next to an article that is not there is the first one; nothing is before it.
    """
    where, values = ArticleFilter(states=states).where()
    compare, order = (">", "ASC") if step > 0 else ("<", "DESC")
    row = project.connection.execute(
        f"SELECT id FROM {walk(project, states)} WHERE (rank, id) {compare} (?, ?) AND {where}"
        f" ORDER BY rank {order}, id {order} LIMIT 1",
        [*place_of(project, article_id), *values],
    ).fetchone()
    return None if row is None else int(row[0])


def undecided_holding(project: Project, words: str, after: int, limit: int) -> list[tuple[int, bool]]:
    """The next undecided articles behind an id, and whether these words stand anywhere in each.

    A look at all takes some 12 microseconds an article of 3 KB (*measured*: 0.4 s for 30,000), so take
    a few at a time where somebody waits for a frame.
    """
    rows = project.connection.execute(  # + keeps the order of ids, which needs no sorting
        "SELECT id, instr(text, ?) > 0 FROM article JOIN article_text ON article_id = id"
        " WHERE id > ? AND +state IN ('new', 'open') ORDER BY id LIMIT ?",
        [words, after, limit],
    )
    return [(int(row_id), bool(holds)) for row_id, holds in rows]


def tally(project: Project) -> dict[ArticleState, int]:
    """How many articles are in each state."""
    rows = dict(project.connection.execute("SELECT state, n FROM article_tally").fetchall())
    return {state: int(rows[state]) for state in ArticleState}


def uids(project: Project, states: tuple[ArticleState, ...] = (), picked: tuple[str, ...] = ()) -> dict[int, str]:
    """Uids by id, in the order of import.

    :param picked: only articles that got their place so; empty for all.
    """
    where, values = ArticleFilter(states=states).where()
    if picked:
        where, values = f"{where} AND picked IN ({','.join('?' * len(picked))})", [*values, *picked]
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
