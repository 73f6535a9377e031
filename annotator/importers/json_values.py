"""JSON, strictly: what a reader of another make would refuse or read otherwise is refused here."""

import json
import math
from typing import Any

import orjson

from annotator.model.text import one_line


class BadJsonError(ValueError):
    """A value cannot be used; the message says why."""


def parse(raw: bytes) -> Any:
    """The value of one JSON text in UTF-8 (RFC 8259).

    :raises BadJsonError: invalid UTF-8 or JSON, NaN or infinity, a key twice in one object,
        nested too deeply, or an integer of thousands of digits.
    """
    value = _canonical(raw)
    return _strictly(raw) if value is None else value


def _canonical(raw: bytes) -> Any | None:
    """The value where the bytes are just those that it is written as, in a tenth of the time; else None.

    Then no key stands twice and no number is read as another: both would be written otherwise.
    """
    try:
        value = orjson.loads(raw)
        written = orjson.dumps(value)
        return value if written == raw or one_line(written) == raw else None
    except (orjson.JSONDecodeError, TypeError):  # the strict one says what is wrong
        return None


def _strictly(raw: bytes) -> Any:
    try:
        return _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadJsonError(f"not valid UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise BadJsonError(f"not valid JSON: {error.msg} (character {error.pos + 1})") from error
    except RecursionError as error:
        raise BadJsonError("not usable JSON: nested too deeply") from error
    except BadJsonError:
        raise
    except ValueError as error:  # CPython's limit on the digits of an integer
        raise BadJsonError("not usable JSON: a number is too long") from error


def shown(value: Any, longest: int = 40) -> str:
    """A value as it may stand in a message, shortened."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def listed(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def whole_number(value: Any) -> bool:
    """An integer; JSON's true and 1.0 are none."""
    return type(value) is int


def number(value: Any) -> bool:
    """An integer or a float."""
    return type(value) in (int, float)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen = set[str]()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    raise BadJsonError(f"the key {shown(twice)} stands twice in one object")


def _finite(digits: str) -> float:
    if math.isinf(value := float(digits)):
        raise BadJsonError(f"the number {digits[:40]} is too large")
    return value


def _no_constant(name: str) -> float:
    raise BadJsonError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant)
