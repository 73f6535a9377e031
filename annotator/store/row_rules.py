"""Rows as the history tells of them, held to the rules of the tables that an undo would write them into.

The tables ask for types and ranges themselves; a step is JSON, which may say anything.
"""

from collections.abc import Callable, Mapping
from typing import Any

from annotator.model.label import is_name
from annotator.store.values import LARGEST, LAST, is_confidence, is_moment, is_number, is_text, names_problem, parsed

Row = Mapping[str, Any]
Length = Callable[[int], int | None]  # of an article's text, in code points; None where there is no such article
_Rule = Callable[[Any], bool]


def _one_of(*known: str | int) -> _Rule:
    return lambda value: type(value) is type(known[0]) and value in known


def _or_none(rule: _Rule) -> _Rule:
    return lambda value: value is None or rule(value)


def _is_whole(value: object) -> bool:
    return type(value) is int and -LARGEST <= value <= LARGEST


def _is_id(value: object) -> bool:
    return is_number(value, 1) and value <= LAST  # type: ignore[operator]


def _is_word(value: object) -> bool:
    return is_text(value) and value != ""


_FLAG = _one_of(0, 1)
_PLACED: dict[str, _Rule] = {"id": _is_id, "uid": _is_word, "article_id": _is_id, "start": is_number, "end": is_number}
_RULES: dict[str, dict[str, _Rule]] = {
    "span": {
        **_PLACED,
        "label_id": _is_id,
        "state": _one_of("confirmed", "rejected"),
        "decision": _one_of("confirm", "reject", "relabel", "resize", "add"),
        "source": is_text,
        "confidence": is_confidence,
        "annotator_id": _is_id,
        "at": is_moment,
        **dict.fromkeys(("was_start", "was_end"), _or_none(_is_whole)),
        "was_label_id": _or_none(_is_id),
    },
    "aside": {
        **_PLACED,
        "state": _one_of("suggested", "marked", "cleared"),
        "annotator_id": _or_none(_is_id),
        "at": _or_none(is_moment),
    },
    "article": {
        "id": _is_id,
        "state": _one_of("new", "open", "done", "skipped"),
        "flagged": _FLAG,
        "comment": is_text,
    },
    "pattern": {
        "id": _is_id,
        "uid": _is_word,
        "surface": _is_word,
        "label_id": _or_none(_is_id),
        "any_case": _FLAG,
        "origin": is_text,
    },
    "import": {
        **dict.fromkeys(("id", "first", "last"), _is_id),
        "files": lambda value: not names_problem(value),
        "at": is_text,
    },
    "label": {
        "id": _is_id,
        "uid": _is_word,
        "name": is_name,
        "position": _is_whole,
        "colour": _is_word,
        "key": lambda value: is_text(value) and len(value) <= 1,
        "description": is_text,
        "from_model": lambda value: not names_problem(value),
        "retired": _FLAG,
    },
}


def changes_problem(text: object, length: Length) -> str:
    """What is wrong with what one step changed, in a few words; "" where all is well.

    :param text: JSON.
    """
    changes = parsed(text)
    is_good = isinstance(changes, list) and all(is_change(change, length) for change in changes)
    return "" if is_good else "has changes that cannot be read"


def is_change(change: object, length: Length) -> bool:
    """Is it a table with a row before and a row after, or one of them, which that table could hold?"""
    if not isinstance(change, list | tuple) or len(change) != 3:
        return False
    table, before, after = change
    if not isinstance(table, str) or table not in _RULES:
        return False
    rows = [row for row in (before, after) if row is not None]
    if not rows or not all(isinstance(row, dict) and _is_row(table, row, length) for row in rows):
        return False
    if len(rows) == 1:
        return table != "article"  # which comes and goes with its import alone
    return bool(before["id"] == after["id"])


def _is_row(table: str, row: Row, length: Length) -> bool:
    rules = _RULES[table]
    return rules.keys() == row.keys() and all(rules[name](value) for name, value in row.items()) and _fits(row, length)


def _fits(row: Row, length: Length) -> bool:
    """Its columns go together, and with the text that they are about."""
    if "first" in row:
        return bool(row["first"] <= row["last"])
    if "article_id" not in row:
        return True
    was = [row[name] is None for name in ("was_start", "was_end", "was_label_id") if name in row]
    ends = length(row["article_id"])
    by = [row[name] is None for name in ("annotator_id", "at")]
    is_signed = len(set(by)) == 1 and ("state" not in row or by[0] == (row["state"] == "suggested"))
    return len(set(was)) < 2 and is_signed and ends is not None and row["start"] < row["end"] <= ends
