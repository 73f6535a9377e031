"""What cannot be stored is replaced throughout a record, and said."""

from typing import Any

from annotator.model.text import storable

DEEPEST = 64  # levels of nesting in what comes along with an article
MOST_VALUES = 100_000  # in what comes along with an article


class TooDeepError(ValueError):
    """A value is nested deeper than DEEPEST levels, or is made of more than MOST_VALUES."""


def check_size(value: Any) -> None:
    """Return where a JSON value is made of no more than MOST_VALUES; raises TooDeepError."""
    waiting, count = [value], 0
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict | list):
            count += len(inner)
            if count > MOST_VALUES:
                raise TooDeepError(f"more than {MOST_VALUES:,} values in its metadata")
            waiting.extend(inner.values() if isinstance(inner, dict) else inner)


def clean_value(value: Any, levels: int = DEEPEST) -> Any:
    """A JSON value with `storable` applied to every string in it, keys included; raises TooDeepError."""
    if isinstance(value, str):
        return storable(value)[0]
    if isinstance(value, dict | list) and not levels:
        raise TooDeepError(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        return {storable(key)[0]: clean_value(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_value(item, levels - 1) for item in value]
    return value


def replaced_note(count: int) -> str:
    """One sentence on what `storable` did."""
    what = "character that cannot" if count == 1 else "characters that cannot"
    return f"{count} {what} be stored (NUL or a lone surrogate) became U+FFFD"
