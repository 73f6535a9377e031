"""Records that are tokens with tags: the text they were cut from, and the spans that the tags mark."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotator.importers.json_values import BadJsonError, shown

Place = tuple[int, int]
_BEGIN, _END, _ALONE = frozenset("BSU"), frozenset("ELSU"), frozenset("SU")


def checked_tokens(value: Any) -> list[str]:
    """The value as tokens; raises BadJsonError where it is no list of words."""
    if not isinstance(value, list) or not all(isinstance(token, str) for token in value):
        raise BadJsonError(f"the tokens are {shown(value)}, not a list of words")
    return value


def spaced(tokens: Sequence[str]) -> tuple[str, list[Place]]:
    """The tokens with one space between them, and where each of them stands; in code points."""
    places, at = [], 0
    for token in tokens:
        places.append((at, at + len(token)))
        at += len(token) + 1
    return " ".join(tokens), places


def located(text: str, tokens: Sequence[str]) -> list[Place] | None:
    """Where the tokens stand in the text, one after the other; None where one does not."""
    places, at = [], 0
    for token in tokens:
        start = text.find(token, at)
        if start < 0:
            return None
        at = start + len(token)
        places.append((start, at))
    return places


def tagged(tags: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """First token, last token and label of each span, from IOB1, IOB2, BILOU or BIOES tags; all else is outside.

    A tag that goes on with what did not begin begins it.
    """
    first, label = 0, ""
    last = -1
    for index, tag in enumerate(tags):
        kind, _, name = tag.partition("-")
        name = name if kind in "BILOUES" and kind != "O" else ""
        if label and (name != label or kind in _BEGIN):
            yield first, last, label
            label = ""
        if name and not label:
            first, label = index, name
        last = index
        if label and kind in _END:
            yield first, last, label
            label = ""
    if label:
        yield first, last, label


def as_spans(text: str, places: Sequence[Place], found: Iterable[tuple[Any, Any, Any]]) -> list[Any]:
    """Spans of token indices, the last one named, as spans of the text; what has no tokens stays for the checks."""
    spans: list[Any] = []
    for first, last, label in found:
        there = type(first) is int and type(last) is int and 0 <= first <= last < len(places)
        start, end = (places[first][0], places[last][1]) if there else (None, None)
        spans.append({"start": start, "end": end, "label": label} | ({"text": text[start:end]} if there else {}))
    return spans


def as_tokens(places: Iterable[Place]) -> list[dict[str, int]]:
    """The tokens that hold something, as records state them."""
    return [{"start": start, "end": end} for start, end in places if start < end]
