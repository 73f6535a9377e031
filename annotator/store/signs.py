"""Signs that somebody or something changed a project outside the program, as far as they can be seen in passing.

Rows that go together open and are worked with, also where they are not the ones that were written. What a check finds
from end to end is found here where it is cheap: at opening the end of the history, labels and annotators; an article's
seal when it is shown; the rest of the history bit by bit, whenever there is nothing else to do.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from annotator.store import article_check, chain, seals
from annotator.store.verdict import UNREADABLE

_NEWEST = 100  # steps that are looked at when a project is opened
_AT_ONCE = 50  # steps between two moments in which something else can be done


class Sign(NamedTuple):
    """Something that is not as the program left it.

    :param where: the same for the same damage, whenever it is met.
    :param what: half a sentence.
    """

    where: str
    what: str


def at_opening(connection: sqlite3.Connection) -> Iterator[Sign]:
    """What is seen at once, however large the project is; only read."""
    with _one_moment(connection):
        for look in (_end, _labels, _annotators):
            try:
                yield from look(connection)
            except sqlite3.Error:  # of the disk, or of damage that stops whatever reads the same
                continue
            except UNREADABLE as error:
                yield Sign(look.__name__, f"a part of it cannot be read ({type(error).__name__})")


def of_article(connection: sqlite3.Connection, article_id: int, size: int) -> Sign | None:
    """Is an article with its spans and asides as it was left? None where it is.

    :param size: bytes of the project.
    """
    with _one_moment(connection):
        title, reasons = article_check.looked_at(connection, article_id, size)
    return Sign(f"article {article_id}", f"the article “{title}”: {reasons[0]}") if reasons else None


def in_history(connection: sqlite3.Connection) -> Iterator[Sign | None]:
    """The steps from the first on, None for some that hold; ends at the first that does not, or with the newest."""
    before, newest = chain.first_link(connection), 0
    while rows := _behind(connection, newest, _AT_ONCE):
        for *values, digest in rows:
            if not _is_link(before, values, digest):
                yield _broken(values)
                return
            newest, before = values[0], digest
        yield None


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Else what another program writes between two looks would pass for damage."""
    begins = not connection.in_transaction
    if begins:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if begins and connection.in_transaction:
            connection.execute("ROLLBACK")


def _end(connection: sqlite3.Connection) -> Iterator[Sign]:
    """The newest steps and the head that is kept of them."""
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM step").fetchone()
    head, before = chain.head(connection), chain.first_link(connection) if last <= _NEWEST else None
    for *values, digest in _behind(connection, max(last - _NEWEST - 1, 0), _NEWEST + 1):
        if before is not None and not _is_link(before, values, digest):
            yield _broken(values)
            return
        before = digest
    if (head or (0, before)) != (last, before):
        # the next step will be found broken there
        yield Sign(f"step {last + 1}", "the history does not end where it did")


def _labels(connection: sqlite3.Connection) -> Iterator[Sign]:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [seals.LABELS]).fetchone()
    if row is None or row[0] != seals.labels_seal(connection):
        yield Sign("labels", "the labels are not as they were left")


def _annotators(connection: sqlite3.Connection) -> Iterator[Sign]:
    for row_id, uid, name, seal in connection.execute("SELECT id, uid, name, seal FROM annotator").fetchall():
        if seals.annotator_seal(uid, name) != seal:
            yield Sign(f"annotator {row_id}", f"the annotator {name} had another name")


def _behind(connection: sqlite3.Connection, seq: int, most: int) -> list[tuple[Any, ...]]:
    query = f"SELECT {chain.NAMES}, hash FROM step WHERE seq > ? ORDER BY seq LIMIT ?"
    return connection.execute(query, [seq, most]).fetchall()


def _is_link(before: str, values: list[Any], digest: str | None) -> bool:
    try:
        return chain.link(before, values) == digest
    except UNREADABLE:
        return False


def _broken(values: list[Any]) -> Sign:
    return Sign(f"step {values[0]}", f"step {values[0]:,} of its history is not the one that was written")
