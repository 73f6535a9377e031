"""What cannot be stored is replaced throughout a record, and said."""

from typing import Any

from annotator.model.text import storable

DEEPEST = 64  # levels of nesting in what comes along with an article


class TooDeepError(ValueError):
    """A value is nested deeper than DEEPEST levels."""


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
