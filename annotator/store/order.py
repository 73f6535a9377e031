"""The rows behind the order of work: which articles can be put in order, and their places.

Decided articles keep their place and what gave it to them; they come first.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotator.store.project import Project
from annotator.store.values import LAST

_UNDECIDED = "state IN ('new', 'open')"


class Waiting(NamedTuple):
    """An undecided article."""

    id: int
    uid: str
    published: str


class Placed(NamedTuple):
    """An article with its new place."""

    rank: int
    picked: str
    id: int


def waiting(project: Project) -> list[Waiting]:
    """All undecided articles, in the order of import."""
    rows = project.connection.execute(f"SELECT id, uid, published FROM article WHERE {_UNDECIDED} ORDER BY id")
    return [Waiting(*row) for row in rows]


def last_decided(project: Project) -> int:
    """The highest rank of a decided article that leaves room for more, 0 where there is none."""
    row = project.connection.execute(f"SELECT max(rank) FROM article WHERE NOT ({_UNDECIDED})").fetchone()
    return min(int(row[0] or 0), LAST)


def last(project: Project) -> int:
    """The highest rank of all, where it leaves room for more."""
    return min(int(project.connection.execute("SELECT coalesce(max(rank), 0) FROM article").fetchone()[0]), LAST)


def place(project: Project, places: Iterable[Placed]) -> None:
    """Give articles their places; inside a transaction."""
    project.connection.executemany(
        "UPDATE article SET rank = ?1, picked = ?2 WHERE id = ?3 AND (rank <> ?1 OR picked <> ?2)", places
    )


def texts(project: Project, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """(id, text) of these articles, one of them in memory."""
    for article_id in ids:
        row = project.connection.execute("SELECT text FROM article_text WHERE article_id = ?", [article_id]).fetchone()
        yield article_id, str(row[0])


def reasons(project: Project) -> dict[str, int]:
    """How many articles got their place by what."""
    rows = project.connection.execute("SELECT picked, count(*) FROM article GROUP BY picked ORDER BY picked")
    return {str(picked): int(n) for picked, n in rows}


def first_of(project: Project, ids: Iterable[int]) -> int | None:
    """The article among these that comes first in the order of work."""
    places = (
        project.connection.execute("SELECT rank, id FROM article WHERE id = ?", [each]).fetchone() for each in ids
    )
    first = min((place for place in places if place is not None), default=None)
    return None if first is None else int(first[1])
