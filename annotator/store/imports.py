"""Imports, those that stand and those that were taken back: which articles each brought, and where these are.

An undo or redo of an import moves all articles between two numbers. It must be sure which these are.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

# how many articles between two numbers are there, and how many lie where those of imports lie that were taken back
_COUNTED = (
    "SELECT (SELECT count(*) FROM article WHERE id BETWEEN ?1 AND ?2),"
    " (SELECT count(DISTINCT id) FROM gone_article WHERE id BETWEEN ?1 AND ?2)"
)


class Imported:
    """All imports that a history tells of, while it is read."""

    def __init__(self) -> None:
        self._ranges: dict[int, set[tuple[int, int]]] = {}

    def take(self, changes: Sequence[tuple[str, Any, Any]]) -> None:
        """The changes of the next step."""
        for table, *rows in changes:
            for row in rows:
                if table == "import" and row is not None:
                    self._ranges.setdefault(row["id"], set()).add((row["first"], row["last"]))

    def problems(self, connection: sqlite3.Connection) -> Iterator[str]:
        """What does not go together with the rows, one sentence each."""
        stand = set()
        for row_id, first, last in connection.execute('SELECT id, first, last FROM "import"'):
            stand.add(row_id)
            self._ranges.setdefault(row_id, set()).add((first, last))
        for row_id, ranges in self._ranges.items():
            first, last = min(ranges)
            if len(ranges) > 1 or not is_whole(connection, first, last, stands=row_id in stand):
                yield f"Import {row_id} has not the articles that it brought"
        every = sorted(each for ranges in self._ranges.values() for each in ranges)
        if any(before[1] >= after[0] for before, after in pairwise(every)):
            yield "Two imports brought the same articles"


def is_whole(connection: sqlite3.Connection, first: int, last: int, *, stands: bool) -> bool:
    """Are all articles of an import where they have to be?

    :param stands: there, else where those of imports lie that were taken back.
    """
    there, gone = connection.execute(_COUNTED, [first, last]).fetchone()
    came = last - first + 1
    return (there, gone) == ((came, 0) if stands else (0, came))
