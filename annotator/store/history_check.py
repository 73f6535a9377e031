"""Is the history as it was written, and are the rows as it says?

The steps are read once, in order. Each is held against the chain and against the piles of undo and redo; what it
changed is kept as one number a row, which in the end is held against the rows themselves. A row that no step tells of
came with an import, or is one of the labels that the project was made with: seals hold those.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterator
from typing import Any

from annotator.store import chain
from annotator.store.history import SALVAGE, TRACKED, Change, Piles, Row
from annotator.store.seals import quoted
from annotator.store.verdict import UNREADABLE, Findings
from annotator.store.watch import Watch

_MAY_BE_GONE = ("span", "aside", "article")  # with the import that brought them
_ALWAYS_TOLD = "pattern"  # rows of this table come by steps alone, or were there before the history began
_NONE = 0  # of the piles, for no step
_State = dict[int, int | None]  # a row's number by its id; None where it was taken away


def history(connection: sqlite3.Connection, findings: Findings, watch: Watch) -> None:
    """The steps, and the rows as of the last one."""
    reading = _History(connection, findings)
    with findings.part("History"):
        for *values, digest in connection.execute(f"SELECT {chain.NAMES}, hash FROM step ORDER BY seq"):
            watch.beat(done=1)
            reading.take(values, digest)
        with findings.part("The head of the history"):
            reading.end()
            findings.history_holds = reading.is_unbroken
        rows = _Rows(connection, findings, reading.states, is_told=not reading.is_salvaged)
        for table in TRACKED:
            with findings.part(f"{table.capitalize()} rows beside the history"):
                rows.compare(table)


class _History:
    """The history while it is read."""

    def __init__(self, connection: sqlite3.Connection, findings: Findings) -> None:
        self._connection, self._findings = connection, findings
        self._before = _first_link(connection)
        self._salvaged = _salvaged(connection)
        self._piles = _Pile(self._salvaged)
        self._seq = 0
        self.is_unbroken = True
        self.states: dict[str, _State] = {table: {} for table in TRACKED}

    @property
    def is_salvaged(self) -> bool:
        """May there be rows that only lost steps told of?"""
        return self._salvaged > 0

    def take(self, values: list[Any], digest: str | None) -> None:
        """The next step."""
        step = dict(zip(chain.COLUMNS, values, strict=True))
        for reason in self._wrong(step, values, digest):
            self.is_unbroken = False
            self._findings.tell(f"Step {step['seq']} ({step['verb']}, {step['at']}): {reason}")
        self._findings.steps += 1
        self._findings.steps_verified += self.is_unbroken
        self._before, self._seq = digest or "", step["seq"]

    def _wrong(self, step: Row, values: list[Any], digest: str | None) -> Iterator[str]:
        try:
            if self._before is None or chain.link(self._before, values) != digest:
                yield "it is not what was written, or what stood before it is gone"
            if not self._piles.take(step):
                yield "the next undo or redo is not the one that it should be"
            if step["seq"] > self._salvaged and not self._replay(step["changes"]):
                yield "it changes rows that the steps before it left otherwise"
        except (*UNREADABLE, AssertionError, AttributeError) as error:
            yield f"it cannot be read ({type(error).__name__})"

    def end(self) -> None:
        """There are no more."""
        head = chain.head(self._connection)
        if self._seq and head is None:
            self._miss("it is not known which step is the newest")
        elif head is not None and (head.seq, head.hash) != (self._seq, self._before):
            missing = head.seq - self._seq
            steps = f"{missing} steps are missing" if missing > 0 else "the last step is not the one that was written"
            self._miss(f"{steps} at its end")
        else:
            self._end_of_numbers()

    def _end_of_numbers(self) -> None:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'step'").fetchone()
        if (row[0] if row else 0) != self._seq:
            self._miss(f"it ends with step {self._seq}, and there was a step {row[0] if row else 0}")

    def _miss(self, what: str) -> None:
        self.is_unbroken = False
        self._findings.tell(f"History: {what}")

    def _replay(self, changes: str) -> bool:
        """Do what a step did; false where the rows were otherwise before."""
        fits = [self._do(Change(*change)) for change in json.loads(changes)]
        return all(fits)

    def _do(self, change: Change) -> bool:
        state, row_id = self.states[change.table], change.row_id
        before = number_of(change.table, change.before)
        fits = state.get(row_id, before) == before
        state[row_id] = number_of(change.table, change.after)
        return fits


def _first_link(connection: sqlite3.Connection) -> str | None:
    try:
        return chain.first_link(connection)
    except UNREADABLE:
        return None


def number_of(table: str, row: Row | None) -> int | None:
    """A number that two rows have in common only by chance, in this process; None for no row."""
    return None if row is None else hash(tuple([row[column] for column in TRACKED[table]]))


def _salvaged(connection: sqlite3.Connection) -> int:
    """The number of the step behind which the history can be relied on; 0 where that is all of it."""
    try:
        row = connection.execute("SELECT max(seq) FROM step WHERE verb = ?", [SALVAGE]).fetchone()
        return int(row[0] or _NONE)
    except UNREADABLE:  # whatever reads the steps says so
        return _NONE


class _Pile:
    """The two piles, as `history.Piles` says of each step.

    :param floor: the step that no undo goes through, and before which nobody can follow; 0 for none.
    """

    def __init__(self, floor: int) -> None:
        self._floor = self._undo = floor
        self._redo = _NONE
        self._below, self._targets = array("q"), array("q")
        self._is_lost = False

    def take(self, step: Row) -> bool:
        """Does this step say of the piles what follows from those before it? It is believed in any case."""
        says = Piles(*(step[name] or _NONE for name in ("undo_top", "redo_top", "below")))
        seq, target = step["seq"], step["target"] or _NONE
        if seq <= self._floor:
            return seq < self._floor or (target, says.undo_top, says.redo_top) == (_NONE, seq, _NONE)
        if seq != self._floor + len(self._below) + 1:  # from here on nobody can follow
            first, self._is_lost = not self._is_lost, True
            return not first
        fits = says == self._follows(step["verb"], seq, target)
        self._below.append(says.below or _NONE)
        self._targets.append(target)
        self._undo, self._redo = says.undo_top or _NONE, says.redo_top or _NONE
        return fits

    def _follows(self, verb: str, seq: int, target: int) -> Piles | None:
        if verb == "undo":
            return (
                Piles(self._at(self._below, target), seq, self._redo) if target == self._undo != self._floor else None
            )
        if verb == "redo":
            fits = target == self._at(self._targets, self._redo) != _NONE
            return Piles(target, self._at(self._below, self._redo), self._undo) if fits else None
        return Piles(seq, _NONE, self._undo) if target == _NONE else None

    def _at(self, numbers: "array[int]", seq: int) -> int:
        at = seq - self._floor - 1
        return numbers[at] if 0 <= at < len(numbers) else _NONE


class _Rows:
    """The rows, held against what the history left.

    :param is_told: the history tells of every row that came by a step.
    """

    def __init__(
        self, connection: sqlite3.Connection, findings: Findings, states: dict[str, _State], *, is_told: bool
    ) -> None:
        self._connection, self._findings, self._states, self._is_told = connection, findings, states, is_told

    def compare(self, table: str) -> None:
        """Tell of each that is not as it should be; where the history is whole it is the row that is damaged."""
        for row_id, article_id, reason in self._wrong(table):
            self._findings.tell(f"{table.capitalize()} {row_id} {reason}")
            if self._findings.history_holds and article_id is not None:
                self._mark(article_id)

    def _wrong(self, table: str) -> Iterator[tuple[int, int | None, str]]:
        state, columns = self._states[table], TRACKED[table]
        at = 0 if table == "article" else columns.index("article_id") if "article_id" in columns else None
        first_told = min(state, default=None) if table == _ALWAYS_TOLD and self._is_told else None
        for row in self._rows(table):
            untold = hash(row) if first_told is None or row[0] < first_told else None
            if state.pop(row[0], untold) != hash(row):
                yield row[0], None if at is None else row[at], "is not as the history left it"
        yield from ((row_id, None, "is in the history, but not there") for row_id, n in state.items() if n is not None)

    def _rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        names = quoted(TRACKED[table])
        query = f'SELECT {names} FROM "{table}"'
        if table in _MAY_BE_GONE:
            query += f" UNION ALL SELECT {names} FROM gone_{table}"
        return self._connection.execute(query)

    def _mark(self, article_id: int) -> None:
        if self._findings.is_damaged(article_id):
            return
        query = "SELECT title, (SELECT count(*) FROM span WHERE article_id = article.id) FROM article WHERE id = ?"
        row = self._connection.execute(query, [article_id]).fetchone()
        if row is not None:
            self._findings.damage(article_id, row[0])
            self._findings.decisions -= row[1]
