"""The history as a chain: each step holds a hash over itself and the hash of the step before it.

So no step can be altered, taken out, put in or moved without the chain breaking there. The first step is tied to
the project's uid: a step of another project fits nowhere. The head (the newest step's number and hash) is kept a
second time, in `meta`, so that steps cut off at the end are missed as well.

The form that is hashed is fixed: SHA-256 over the canonical JSON (RFC 8785, of numbers, texts and nulls no more than
"no white space, no needless escapes, UTF-8") of [hash before, *the values of COLUMNS].
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson

HEAD = "history_head"  # in `meta`: number and hash, with a space between
COLUMNS = (
    *("seq", "uid", "verb", "target", "undo_top", "redo_top", "below", "article_id", "start", "end"),
    *("annotator_id", "at", "changes", "spread"),
)
NAMES = ",".join(f'"{column}"' for column in COLUMNS)

_AT_A_TIME = 2000  # steps
canonical = orjson.dumps  # compact, UTF-8, numbers as short as they can be told apart


class Head(NamedTuple):
    """The newest step as `meta` knows it."""

    seq: int
    hash: str


def seed(project_uid: str) -> str:
    """What stands before the first step of a project."""
    return hashlib.sha256(f"annotator history of {project_uid}".encode()).hexdigest()


def link(before: str, values: Sequence[Any]) -> str:
    """The hash of a step.

    :param before: the hash of the step before it, or the seed.
    :param values: of COLUMNS, as SQLite gives them back.
    :returns: 64 hexadecimal digits.
    """
    return hashlib.sha256(canonical([before, *values])).hexdigest()


def head(connection: sqlite3.Connection) -> Head | None:
    """The head that is kept in `meta`; None where there is none or it is no head."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [HEAD]).fetchone()
    seq, _, digest = str(row[0]).partition(" ") if row else ("", "", "")
    return Head(int(seq), digest) if seq.isascii() and seq.isdecimal() else None


def first_link(connection: sqlite3.Connection) -> str:
    """The seed of this project."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'project_uid'").fetchone()
    return seed(str(row[0]) if row else "")


def append(connection: sqlite3.Connection, values: Sequence[Any]) -> None:
    """Add a step behind the head; inside a transaction.

    Behind the head, not behind the newest row: where steps were cut off, the chain stays broken there.
    """
    newest = head(connection)
    digest = link(first_link(connection) if newest is None else newest.hash, values)
    marks = ",".join("?" * len(COLUMNS))
    connection.execute(f"INSERT INTO step ({NAMES}, hash) VALUES ({marks}, ?)", [*values, digest])
    _keep(connection, Head(int(values[0]), digest))


def relink(connection: sqlite3.Connection) -> None:
    """Make the chain anew over all steps that are there; inside a transaction.

    The trigger that forbids changes of steps must be gone meanwhile. For migrations, and for whoever makes a project
    of the steps that could be saved of another.
    """
    newest, digest = 0, first_link(connection)
    connection.execute("DELETE FROM meta WHERE key = ?", [HEAD])
    while rows := _behind(connection, newest):
        links = []
        for values in rows:
            digest = link(digest, values)
            links.append((digest, values[0]))
        connection.executemany("UPDATE step SET hash = ? WHERE seq = ?", links)
        newest = rows[-1][0]
    if newest:
        _keep(connection, Head(newest, digest))


def _behind(connection: sqlite3.Connection, seq: int) -> list[tuple[Any, ...]]:
    rows: Iterable[tuple[Any, ...]] = connection.execute(
        f"SELECT {NAMES} FROM step WHERE seq > ? ORDER BY seq LIMIT ?", [seq, _AT_A_TIME]
    )
    return list(rows)


def _keep(connection: sqlite3.Connection, newest: Head) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [HEAD, f"{newest.seq} {newest.hash}"])
