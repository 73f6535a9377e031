"""The parts that a project has: every row of its schema is one that the shipped migrations make.

A trigger of somebody else's would run at each decision, a view could pretend to be a table; so a file
with any part that is not ours is not opened.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import lru_cache

from sqlite_utils import Database

Migrations = tuple[Callable[[Database], None], ...]
Part = tuple[str, str, str, str | None]  # type, name, the table it belongs to, SQL

_PARTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
# What ANALYZE makes; it says how rows are spread, which changes no answer.
_STATISTICS = frozenset(
    {
        ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
        ("table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
    }
)


@lru_cache(maxsize=32)
def shipped(migrations: Migrations) -> frozenset[Part]:
    """The parts of a fresh project on which these migrations were run."""
    with closing(fresh(migrations)) as connection:
        return frozenset(connection.execute(_PARTS))


def fresh(migrations: Migrations, path: str = ":memory:") -> sqlite3.Connection:
    """An empty database with these migrations applied; `user_version` and application id are not set."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    for migration in migrations:
        migration(Database(connection, execute_plugins=False))
    connection.execute("COMMIT")
    return connection


def has_our_tables(connection: sqlite3.Connection, migrations: Migrations) -> bool:
    """Is each table that we read there, and as we make it? A view in the place of one could run for ever.

    :param migrations: those up to the version of the file.
    """
    found = set(connection.execute(_PARTS).fetchall())
    return all(part in found for part in shipped(migrations) if part[0] == "table")


def foreign_parts(connection: sqlite3.Connection, migrations: Migrations) -> list[str]:
    """One sentence for each part that is missing, altered, twice there, or not a project's.

    :param migrations: those up to the version of the file.
    """
    found = Counter(connection.execute(_PARTS).fetchall())
    ours = shipped(migrations)
    missing = [f"the {part[0]} {part[1]} is not as the program makes it" for part in ours - found.keys()]
    alien = [part for part, times in found.items() if part not in ours | _STATISTICS or times > 1]
    return sorted(missing) + sorted(f"the {part[0]} {part[1]} does not belong to a project" for part in alien)
