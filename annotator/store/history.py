"""Steps: one transaction, one undo, one row of history.

A step stores each row it changed, before and after. Undo writes the rows back and adds a row to
the history; redo likewise. So the history is only ever appended to, has no limit and survives a
restart. Each history row says which step the next undo and the next redo would take: two piles,
each threaded through the rows by `below`.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from annotator.errors import DamagedError, DiskError, KnownError
from annotator.store import alarm, chain, imports, row_rules, seals
from annotator.store.identity import new_uid, now
from annotator.store.project import Project
from annotator.store.values import following

Row = dict[str, Any]

SALVAGE = "salvage"  # the verb of the step behind damage: what lies below it is only shown, and never taken back

# What a step may change, the id first. Counts beside these columns are kept by triggers and are not history.
TRACKED: dict[str, tuple[str, ...]] = {
    "span": (
        *("id", "uid", "article_id", "start", "end", "label_id", "state", "decision", "source", "confidence"),
        *("annotator_id", "at", "was_start", "was_end", "was_label_id"),
    ),
    "aside": ("id", "uid", "article_id", "start", "end", "state", "annotator_id", "at"),
    "article": ("id", "state", "flagged", "comment"),
    "pattern": ("id", "uid", "surface", "label_id", "any_case", "origin"),
    "import": ("id", "first", "last", "files", "at"),
    "label": ("id", "uid", "name", "position", "colour", "key", "description", "from_model", "retired"),
}


class Change(NamedTuple):
    """One row before and after; None where there was or is no row."""

    table: str
    before: Row | None
    after: Row | None

    def inverse(self) -> "Change":
        """The change that takes this one back."""
        return Change(self.table, self.after, self.before)

    @property
    def row_id(self) -> int:
        """The row that is meant."""
        row = self.after or self.before
        assert row is not None
        return int(row["id"])

    @property
    def article_id(self) -> int | None:
        """The article that the row is or belongs to; None for rows of the project as a whole."""
        row = self.after or self.before
        assert row is not None
        return int(row["id"]) if self.table == "article" else row.get("article_id")


@dataclass(frozen=True, slots=True)
class PastStep:
    """One row of history.

    :param verb: what was done: a decision, "undo", "redo", "finish", ...
    :param target: the step that an undo or redo is about.
    :param start: with end, the place in the article that the window shows for it; None for none.
    """

    seq: int
    verb: str
    target: int | None
    article_id: int | None
    start: int | None
    end: int | None
    at: str
    changes: tuple[Change, ...]


class Step:
    """A step while it is being written."""

    def __init__(self, project: Project, verb: str, annotator_id: int, article_id: int | None) -> None:
        self._project = project
        self.verb, self.annotator_id, self.article_id = verb, annotator_id, article_id
        self.place: tuple[int, int] | None = None
        self.spread = True
        self.changes: list[Change] = []
        self.seq: int | None = None

    def write(self, table: str, before: Row | None, after: Row | None) -> int:
        """Change one row, the only way there is; returns its id."""
        if before is None and after is not None and after.get("id") is None:
            after = {**after, "id": _next_id(self._project.connection, table)}
        change = Change(table, before, after)
        try:
            _apply(self._project.connection, change)
        except sqlite3.IntegrityError as error:  # as an import whose numbers another has
            raise DamagedError(
                "The project does not fit together any more, and nothing was changed.",
                "Have it checked (annotator check).",
                (str(error),),
                detail=str(error),
            ) from error
        self.changes.append(change)
        return change.row_id


@contextmanager
def step(project: Project, verb: str, annotator_id: int, article_id: int | None = None) -> Iterator[Step]:
    """A transaction that becomes one undo step; nothing at all where it changes no row or raises.

    :raises MassChangeError: it changed more decided spans than `project.alarm` lets through; none is changed.
    :raises DiskError: it could not be written; the error says which step it was.
    """
    writing = Step(project, verb, annotator_id, article_id)
    try:
        with project.transaction():
            yield writing
            if writing.changes:
                alarm.watch(project.connection, project.alarm, writing.changes)
                undo_top, _ = tops(project)
                seq = writing.seq = _next_seq(project.connection)
                _append(project, writing, Piles(undo_top=seq, redo_top=None, below=undo_top))
    except DiskError as error:
        error.verb, error.article_id, error.place = verb, article_id, writing.place
        raise


def undo(project: Project, annotator_id: int) -> PastStep | None:
    """Take back the newest step that stands; None where there is none.

    :raises KnownError: the rows are not as the step left them.
    """
    with project.transaction():
        top, redo_top = tops(project)
        past = None if top is None else past_step(project, top)
        if top is None or past is None or past.verb == SALVAGE:
            return None
        changes = [change.inverse() for change in reversed(past.changes)]
        seq = _next_seq(project.connection)
        piles = Piles(undo_top=_below(project, top), redo_top=seq, below=redo_top)
        _replay(project, "undo", past, changes, annotator_id, piles)
        return past


def redo(project: Project, annotator_id: int) -> PastStep | None:
    """Do again what the newest undo took back; None where there is none.

    :raises KnownError: the rows are not as the undo left them.
    """
    with project.transaction():
        undo_top, top = tops(project)
        if top is None:
            return None
        target = past_step(project, top).target
        if target is None:
            raise _senseless()
        past = past_step(project, target)
        piles = Piles(undo_top=target, redo_top=_below(project, top), below=undo_top)
        _replay(project, "redo", past, list(past.changes), annotator_id, piles)
        return past


class Piles(NamedTuple):
    """The two piles as of a new row: their tops, and what lies under the row in its own."""

    undo_top: int | None
    redo_top: int | None
    below: int | None


def tops(project: Project) -> tuple[int | None, int | None]:
    """The steps that the next undo and the next redo would take."""
    row = project.connection.execute("SELECT undo_top, redo_top FROM step ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (None, None)


def past_step(project: Project, seq: int) -> PastStep:
    """One row of history, with its changes.

    :raises DamagedError: there is none, or it cannot be read.
    """
    row = project.connection.execute(
        'SELECT verb, target, article_id, start, "end", at, changes FROM step WHERE seq = ?', [seq]
    ).fetchone()
    try:
        verb, target, article_id, start, end, at, changes = row
    except TypeError as error:
        raise _senseless() from error
    return PastStep(seq, verb, target, article_id, start, end, at, changes_in(changes))


def changes_in(text: str) -> tuple[Change, ...]:
    """What a step changed.

    :param text: JSON.
    :raises DamagedError: it cannot be read.
    """
    try:
        return tuple(Change(*change) for change in json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise _senseless() from error


def _below(project: Project, seq: int) -> int | None:
    row = project.connection.execute("SELECT below FROM step WHERE seq = ?", [seq]).fetchone()
    return None if row is None else row[0]


def _replay(
    project: Project, verb: str, past: PastStep, changes: list[Change], annotator_id: int, piles: Piles
) -> None:
    _refuse_unsound(project.connection, changes)
    alarm.watch_again(project.connection, project.alarm, changes)
    try:
        for change in changes:
            _expect(project.connection, change)
            _apply(project.connection, change)
    except sqlite3.IntegrityError as error:  # as a label that imported spans have meanwhile
        raise _changed_since() from error
    again = Step(project, verb, annotator_id, past.article_id)
    again.place = (past.start, past.end) if past.start is not None and past.end is not None else None
    again.changes = changes
    again.seq = _next_seq(project.connection)
    _append(project, again, piles, target=past.seq)


def _refuse_unsound(connection: sqlite3.Connection, changes: Sequence[Change]) -> None:
    """Whatever the history says, no row comes of it that its table would not hold, and no article goes unmeant."""
    lengths = _Lengths(connection)
    if not all(row_rules.is_change(change, lengths.of) and _is_meant(connection, change) for change in changes):
        raise _senseless()


def _is_meant(connection: sqlite3.Connection, change: Change) -> bool:
    """Of an import: does it move the articles that came with it, and no others?"""
    if change.table != "import":
        return True
    row = change.before or change.after
    assert row is not None
    one_goes = (change.before is None) != (change.after is None)
    return one_goes and imports.is_whole(connection, row["first"], row["last"], stands=change.after is None)


class _Lengths:
    """The lengths of texts, each asked for once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._known = connection, dict[int, int | None]()

    def of(self, article_id: int) -> int | None:
        """In code points; None where there is no such article, also among those whose import was taken back."""
        if article_id not in self._known:
            query = "SELECT length FROM article WHERE id = ?1 UNION ALL SELECT length FROM gone_article WHERE id = ?1"
            row = self._connection.execute(query, [article_id]).fetchone()
            self._known[article_id] = None if row is None else int(row[0])
        return self._known[article_id]


def _append(project: Project, writing: Step, piles: Piles, target: int | None = None) -> None:
    start, end = writing.place or (None, None)
    changes = json.dumps(writing.changes, ensure_ascii=False, separators=(",", ":"))
    values = [
        *(writing.seq, new_uid(), writing.verb, target, *piles),
        *(writing.article_id, start, end, writing.annotator_id, now(), changes, int(writing.spread)),
    ]
    chain.append(project.connection, values)
    _seal(project.connection, writing.changes)


def _seal(connection: sqlite3.Connection, changes: Sequence[Change]) -> None:
    deltas: defaultdict[int, int] = defaultdict(int)
    for change in changes:
        if change.article_id is not None:
            before, after = (seals.row_weight(change.table, row) for row in (change.before, change.after))
            deltas[change.article_id] += after - before
    seals.move(connection, deltas)


def _next_seq(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM step").fetchone()[0])


def _next_id(connection: sqlite3.Connection, table: str) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    return following(int(row[0])) if row else 1


def _apply(connection: sqlite3.Connection, change: Change) -> None:
    _change_row(connection, change)
    if change.table == "label":
        seals.seal_labels(connection)


def _change_row(connection: sqlite3.Connection, change: Change) -> None:
    columns = TRACKED[change.table]
    if change.after is None:
        connection.execute(f"DELETE FROM {change.table} WHERE id = ?", [change.row_id])
        return
    values = [change.after[column] for column in columns]
    if change.before is None:
        marks = ",".join("?" * len(columns))
        names = ",".join(f'"{column}"' for column in columns)
        connection.execute(f"INSERT INTO {change.table} ({names}) VALUES ({marks})", values)
    else:
        # without the id, which never changes: SQLite would look through all rows that refer to it
        others = {column: change.after[column] for column in columns if column != "id"}
        pairs = ",".join(f'"{column}" = ?' for column in others)
        connection.execute(f"UPDATE {change.table} SET {pairs} WHERE id = ?", [*others.values(), change.row_id])


def tracked_row(connection: sqlite3.Connection, table: str, row_id: int) -> Row | None:
    """The columns of a row that are history."""
    columns = TRACKED[table]
    names = ",".join(f'"{column}"' for column in columns)
    row = connection.execute(f"SELECT {names} FROM {table} WHERE id = ?", [row_id]).fetchone()
    return None if row is None else dict(zip(columns, row, strict=True))


def _expect(connection: sqlite3.Connection, change: Change) -> None:
    if tracked_row(connection, change.table, change.row_id) != change.before:
        raise _changed_since()


def _senseless() -> DamagedError:
    return DamagedError(
        "This step cannot be taken back or done again: what the history says of it makes no sense.",
        "Nothing was changed. Have the project checked (annotator check).",
    )


def _changed_since() -> KnownError:
    return KnownError(
        "This step cannot be taken back or done again: something else was changed there since.",
        "Nothing was changed.",
    )
