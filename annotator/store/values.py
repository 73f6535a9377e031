"""What stands in a project's columns as JSON, looked at before anything relies on it.

Each function returns what is wrong, in a few words, and "" where all is well. They never raise for a
bad value: a file from outside may hold anything.
"""

import json
import re
from datetime import datetime
from typing import Any, TypeVar

from annotator.errors import DamagedError
from annotator.model.text import has_controls

_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEAD = re.compile("[0-9]{1,15} [0-9a-f]{64}")  # number and hash of the newest step
LARGEST = 2**53  # of any number in a project: sums stay far from what 64 bits hold
LAST = 2**52  # of numbers that rows are given one after the other: what comes behind them must not be too large
_GIVEN = {"id", "seq"}  # columns of these
_DEEPEST = 100  # levels of nesting; importers take less, and what writes JSON or MessagePack stops at some hundreds
LONGEST_MODEL = 500  # code points of a pipeline's name or path
_PARTS = {"train", "dev", "test"}  # of a split
_Kind = TypeVar("_Kind", list[Any], dict[str, Any])
_BROKEN = (ValueError, TypeError, RecursionError, OverflowError, MemoryError)


def is_number(value: object, least: int = 0) -> bool:
    """Is it a whole number from `least` on?"""
    return type(value) is int and least <= value <= LARGEST


def largest(column: str) -> int:
    """The largest number that a column of this name may hold."""
    return LAST if column in _GIVEN else LARGEST


def following(number: int) -> int:
    """The number of the row behind the last one.

    :raises DamagedError: there is none, which no project of ours ever sees.
    """
    if number >= LAST:
        raise DamagedError(
            "The numbers of this project's rows are used up, and nothing was changed.",
            "Save what is in it into a new project (annotator salvage).",
            ("The numbers of the next rows are too large",),
        )
    return number + 1


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


def is_confidence(value: object) -> bool:
    """Is it a share of 1, or nothing?"""
    return value is None or (type(value) in (int, float) and 0 <= value <= 1)  # type: ignore[operator]


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
    if _is_deeper(facts, _DEEPEST):
        return "is nested too deeply"
    try:
        json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
    except _BROKEN:
        return "cannot be written out"
    return ""


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(_is_deeper(each, levels - 1) for each in inner)


def meta_problem(key: str, value: str) -> str:
    """A fact about the project as a whole."""
    if key.startswith("sides "):
        sides = parsed(value)
        is_good = isinstance(sides, dict) and all(
            part in _PARTS and isinstance(uids, list) and all(map(is_text, uids)) for part, uids in sides.items()
        )
        return "" if is_good else "is no split"
    if key == "model":
        return "" if len(value) <= LONGEST_MODEL and not has_controls(value) else "is the name of none"
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


def stored(text: str | bytes, kind: type[_Kind]) -> _Kind:
    """The value of a JSON text, where it is asked for again, since nobody may have looked the file through.

    :param kind: list or dict.
    :raises DamagedError: it is none of that kind.
    """
    value = parsed(text)
    if not isinstance(value, kind):
        raise DamagedError(
            "A part of this project makes no sense, and nothing was changed.",
            "Have the project checked (annotator check).",
            ("A JSON text cannot be read",),
        )
    return value


def parsed(text: object) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(text)  # type: ignore[arg-type]
    except _BROKEN:
        return None
