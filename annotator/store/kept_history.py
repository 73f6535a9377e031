"""What of a damaged history is kept in a new project: who decided what and when, and where undo can go on.

Behind the damage stands a step of its own (`history.SALVAGE`). Nothing before it is ever taken back: its rows need not
be as the steps say. It is there to be read, by statistics, agreement and learning. The steps behind it are what they
were where all of them could be read and none of them reaches over the damage.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from annotator.store import values
from annotator.store.history import SALVAGE
from annotator.store.identity import new_uid, now
from annotator.store.row_rules import is_change

Row = dict[str, Any]
_PILES = ("undo_top", "redo_top", "below")
_REPLAYS = ("undo", "redo")


class KeptHistory:
    """The steps that are kept, in order, ready to be written.

    :param rows: all that can be read, by their numbers.
    :param length: of an article's text in code points; None where the new project has no such article.
    :param is_signed: does it know the annotator of this number, and SQLite this moment?
    :param newest: the number of the newest step that there was, as far as that is known.
    :param undo: try to have the steps behind the damage undone; else all are only shown, and of a step that is about
        rows that are lost, what it says of the others.
    :param imports: the new project knows which articles came with which import.
    :ivar rows: None where there is nothing of worth.
    :ivar lost: steps that were read and are not kept.
    :ivar shown: how many of the others are only shown; None where the history is as it was.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        length: Callable[[int], int | None],
        is_signed: Callable[[int, str], bool],
        *,
        newest: int,
        undo: bool,
        imports: bool,
    ) -> None:
        self._length, self._is_signed, self._undo, self._imports = length, is_signed, undo, imports
        self._numbers, self._uids = set[int](), set[str]()
        self._gap = 0  # the last number that has no step
        self._floor = 0  # the last step of an earlier salvage
        self.lost = 0
        self.rows = [row for row in rows if self._takes(row)]
        if newest not in self._numbers and newest > max(self._numbers, default=0):
            self._gap = newest
        self.shown = None if undo and not self._gap else 0
        if self.rows and self.shown is not None:
            self._cut()
        else:
            self.rows = list(self._patched(self.rows))

    # Which are kept

    def _takes(self, row: Row) -> bool:
        if not self._is_good(row):
            self.lost += 1
            return False
        if row["seq"] - 1 not in self._numbers and row["seq"] > 1:
            self._gap = row["seq"] - 1
        if row["verb"] == SALVAGE:  # it stands behind damage of before
            self._gap, self._floor = 0, row["seq"]
        self._numbers.add(row["seq"])
        self._uids.add(row["uid"])
        return True

    def _is_good(self, row: Row) -> bool:
        if not values.is_number(row["seq"], 1) or not _is_word(row["uid"]) or row["uid"] in self._uids:
            return False
        places = all(row[name] is None or values.is_number(row[name]) for name in ("article_id", "start", "end"))
        said = _is_word(row["verb"]) and values.is_moment(row["at"]) and row.get("spread", 0) in (0, 1)
        if not (places and said and values.is_number(row["annotator_id"], 1)):
            return False
        has_target = row["target"] in self._numbers
        of_one = (row["verb"] in _REPLAYS) == (row["target"] is not None) and (row["target"] is None or has_target)
        return of_one and self._is_signed(row["annotator_id"], row["at"]) and self._has_changes(row)

    def _has_changes(self, row: Row) -> bool:
        changes = values.parsed(row["changes"])
        if not isinstance(changes, list):
            return False
        good = [change for change in changes if is_change(change, self._length) and self._is_there(*change)]
        if self._undo:
            return len(good) == len(changes)
        if len(good) < len(changes):
            row["changes"] = json.dumps(good, ensure_ascii=False, separators=(",", ":"))
        return (
            bool(good)
            or row["verb"] == SALVAGE
            or any(change[0] == "import" for change in changes if isinstance(change, list) and change)
        )

    def _is_there(self, table: str, before: Row | None, after: Row | None) -> bool:
        """Is it about something that the new project knows?"""
        if table == "article":
            return self._length((before or after or {})["id"]) is not None
        return self._imports or table != "import"

    # What they say of undo and redo

    def _cut(self) -> None:
        """Put the step behind the damage, or at the end where those behind it do not hold on their own."""
        tail = [row for row in self.rows if row["seq"] > self._gap] if self._undo else []
        piled = list(_piled(tail, self._gap)) if tail else []
        if len(piled) < len(tail) or not tail:
            tail, piled, number = [], [], self.rows[-1]["seq"] + 1
        else:
            number = self._gap
        shown = list(self._patched(self.rows[: len(self.rows) - len(tail)]))
        self.shown = steps_in(shown)
        by = (shown or tail)[-1]
        self.rows = [*shown, _salvage_step(by, number, shown[-1]["undo_top"] if shown else None), *piled]

    def _patched(self, rows: list[Row]) -> Iterator[Row]:
        """As they were, but for numbers of steps that are lost: learning follows the pile down through the others."""
        top, kept = None, set[int]()
        for row in rows:
            kept.add(row["seq"])
            usual = (row["seq"] if row["target"] is None else top, None, top if row["target"] is None else None)
            piles = zip(_PILES, usual, strict=True)
            row |= {name: row[name] if row[name] in kept or row[name] is None else instead for name, instead in piles}
            top = row["undo_top"]
            yield row


def steps_in(rows: Iterable[Row]) -> int:
    """How many of them somebody made."""
    return sum(row["verb"] != SALVAGE for row in rows)


def _piled(rows: list[Row], floor: int) -> Iterator[Row]:
    """Steps behind a floor with their piles made anew; ends at one that reaches through it."""
    undo: int | None = floor
    redo: int | None = None
    below, targets = dict[int, int | None](), dict[int, int]()
    piles: tuple[int | None, int | None, int | None]
    for row in rows:
        seq, target = row["seq"], row["target"]
        if row["verb"] == "undo" and target == undo != floor:
            piles = (below[target], seq, redo)
        elif row["verb"] == "redo" and redo is not None and target == targets[redo]:
            piles = (target, below[redo], undo)
        elif target is None:
            piles = (seq, None, undo)
        else:
            return
        undo, redo, below[seq] = piles
        targets[seq] = target
        yield row | dict(zip(_PILES, piles, strict=True))


def _salvage_step(by: Row, number: int, below: int | None) -> Row:
    said = {"seq": number, "uid": new_uid(), "verb": SALVAGE, "target": None, "at": now(), "changes": "[]"}
    piles = dict(zip(_PILES, (number, None, below), strict=True))
    return by | said | piles | dict.fromkeys(("article_id", "start", "end"))


def _is_word(value: object) -> bool:
    return values.is_text(value) and value != ""
