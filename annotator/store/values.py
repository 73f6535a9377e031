"""What stands in a project's columns as JSON or packed, looked at before anything relies on it.

Each function returns what is wrong, in a few words, and "" where all is well. They never raise for a
bad value: a file from outside may hold anything.
"""

import json
import math
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEAD = re.compile("[0-9]{1,15} [0-9a-f]{64}")  # number and hash of the newest step
LARGEST = 2**53  # of any number in a project: sums stay far from what 64 bits hold
_MOST_UNPACKED = 1 << 26  # bytes; the readings of the longest articles have a tenth
_BROKEN = (ValueError, TypeError, RecursionError, OverflowError, MemoryError, zlib.error)


def is_number(value: object, least: int = 0) -> bool:
    """Is it a whole number from `least` on?"""
    return type(value) is int and least <= value <= LARGEST


def is_text(value: object) -> bool:
    """Is it a text that SQLite can store?"""
    if type(value) is not str:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # a half of a pair that JSON wrote as an escape
        return False
    return True


def is_of(kind: str, value: object) -> bool:
    """May a column of this type ("INTEGER", "REAL", "TEXT", "BLOB") hold the value? Nothing it may always hold."""
    if kind == "TEXT":
        return value is None or is_text(value)
    if kind == "BLOB":
        return value is None or type(value) is bytes
    numbers = (int,) if kind == "INTEGER" else (int, float)
    return value is None or (type(value) in numbers and -LARGEST <= value <= LARGEST)  # type: ignore[operator]


def is_moment(value: object) -> bool:
    """Is it a moment in ISO 8601?"""
    try:
        datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False
    return True


def names_problem(text: object) -> str:
    """A JSON list of texts."""
    names = parsed(text)
    return "" if isinstance(names, list) and all(map(is_text, names)) else "is no list of names"


def mapping_problem(text: object) -> str:
    """A JSON object whose values can be written out again."""
    facts = parsed(text)
    if not isinstance(facts, dict):
        return "is no JSON object"
    try:
        json.dumps(facts, ensure_ascii=False).encode()
    except _BROKEN:
        return "cannot be written out"
    return ""


def meta_problem(key: str, value: str) -> str:
    """A fact about the project as a whole."""
    if key.startswith("sides "):
        sides = parsed(value)
        is_good = isinstance(sides, dict) and all(
            isinstance(uids, list) and all(map(is_text, uids)) for uids in sides.values()
        )
        return "" if is_good else "is no split"
    if key == "project_uid":
        return "" if _UID.fullmatch(value) else "is none that this program gives"
    if key == "random_share":
        return "" if value.isascii() and value.isdecimal() and len(value) < 4 and int(value) <= 100 else "is no share"
    if key == "order":
        return "" if value in ("given", "date", "topics", "teaches") else "is no order"
    if key == "history_head":
        return "" if _HEAD.fullmatch(value) else "is none"
    if key == "place":
        return "" if all(len(part) < 16 for part in value.split()) else "is no place"
    return ""


def reading_problem(spans: object, tokens: object, length: int) -> str:
    """The packed suggestions of one article and its tokens.

    :param length: of the text, in code points.
    """
    found, edges = _unpacked(spans), _unpacked(tokens)
    if not isinstance(found, list) or not all(_is_suggestion(each, length) for each in found):
        return "has suggestions that cannot be read"
    if not isinstance(edges, list) or not _are_edges(edges, length):
        return "has tokens that cannot be read"
    return ""


def changes_problem(text: object, columns: Mapping[str, Sequence[str]]) -> str:
    """What one step changed.

    :param columns: those of each table that a step may change.
    """
    changes = parsed(text)
    is_good = isinstance(changes, list) and all(_is_change(change, columns) for change in changes)
    return "" if is_good else "has changes that cannot be read"


def parsed(text: object) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(text)  # type: ignore[arg-type]
    except _BROKEN:
        return None


def _unpacked(blob: object) -> Any:
    """None where it is not packed, or larger than anything that was ever packed here."""
    try:
        opened = zlib.decompressobj()
        raw = opened.decompress(blob, _MOST_UNPACKED)  # type: ignore[arg-type]
        return json.loads(raw) if opened.eof else None
    except _BROKEN:
        return None


def _is_suggestion(each: object, length: int) -> bool:
    if not isinstance(each, list) or not 4 <= len(each) <= 5:
        return False
    start, size, label, sure, *source = each
    return (
        is_number(start)
        and is_number(size, 1)
        and start + size <= length
        and is_text(label)
        and _is_confidence(sure)
        and all(map(is_text, source))
    )


def _is_confidence(sure: object) -> bool:
    return sure is None or (type(sure) in (int, float) and math.isfinite(sure) and 0 <= sure <= 1)  # type: ignore[arg-type,operator]


def _are_edges(distances: list[object], length: int) -> bool:
    numbers = [each for each in distances if type(each) is int and 0 <= each <= length]
    return len(numbers) == len(distances) and not len(numbers) % 2 and sum(numbers) <= length


def _is_change(change: object, columns: Mapping[str, Sequence[str]]) -> bool:
    if not isinstance(change, list) or len(change) != 3 or not isinstance(change[0], str) or change[0] not in columns:
        return False
    table, before, after = change
    rows = [row for row in (before, after) if row is not None]
    same = len(rows) < 2 or before.get("id") == after.get("id") if all(isinstance(r, dict) for r in rows) else False
    return bool(rows) and same and all(_is_row(row, columns[table]) for row in rows)


def _is_row(row: Mapping[str, object], columns: Sequence[str]) -> bool:
    return set(columns) == row.keys() and is_number(row["id"], 1) and all(map(_is_value, row.values()))


def _is_value(value: object) -> bool:
    if type(value) is int:
        return -LARGEST <= value <= LARGEST
    return value is None or is_text(value) or (type(value) is float and math.isfinite(value))
