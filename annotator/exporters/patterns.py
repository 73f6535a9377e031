"""Patterns for spaCy's EntityRuler, one a line: https://spacy.io/usage/rule-based-matching#entityruler-files."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from annotator.model.pattern import Pattern
from annotator.model.text import one_line
from annotator.model.tokens import Tokens


def write(patterns: Iterable[Pattern], path: Path, tokens: Callable[[str], Tokens]) -> None:
    """One line a pattern, in the order given.

    :param patterns: each with a label.
    :param tokens: cuts words as the pipeline does that will read the patterns.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for pattern in patterns:
            record = {"label": pattern.label, "pattern": _pattern(pattern, tokens)}
            file.write(one_line(json.dumps(record, ensure_ascii=False).encode()).decode() + "\n")


def _pattern(pattern: Pattern, tokens: Callable[[str], Tokens]) -> str | list[dict[str, Any]]:
    """Words are matched as they are written; any casing has to be asked for token by token."""
    words = pattern.surface
    if not pattern.any_case:
        return words
    cut = tokens(words)
    return [{"LOWER": words[start:end].lower()} for start, end in (cut[n] for n in range(len(cut)))]
