"""Spans of a JSON record, held to the text: what does not fit is left out, with the reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any, TypeGuard

from annotator.importers.json_values import BadJsonError, number, shown, whole_number
from annotator.importers.units import Ruler, same_words
from annotator.model.span import Decision, Span, SpanState, Was, reading_order

FOREIGN = "import"  # the source of a span that another tool wrote

_DECIDED = {SpanState.CONFIRMED: Decision.ADD, SpanState.REJECTED: Decision.REJECT}
MOST_SPANS = 100_000  # of one article
_FARTHEST = 2**31  # code points: no text is longer

Fields = dict[str, Any]

# doccano's, labelbuddy's and spaCy's scripts', Presidio's, and those of transformers' pipelines.
_OTHER_NAMES = {
    "start": ("start_offset", "start_char", "begin"),
    "end": ("end_offset", "end_char"),
    "label": ("entity_group", "entity", "entity_type", "type", "tag", "label_name"),
}

_POSSIBLE: dict[SpanState, dict[str, Decision]] = {
    SpanState.CONFIRMED: {each.value: each for each in Decision if each is not Decision.REJECT},
    SpanState.REJECTED: {Decision.REJECT.value: Decision.REJECT},
}


@dataclass(slots=True)
class Account:
    """What is said about a record beside its values: a problem is a span left out, a note all else."""

    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_spans(
    items: Sequence[Any],
    text: str,
    account: Account,
    make: Callable[..., Span],
    quick: Callable[..., Span | None],
    ruler: Ruler | None = None,
) -> list[Span]:
    """The usable ones of a list of JSON values, in the list's order.

    :param make: from the span's fields, its checked start, end and label, and the account.
    :param quick: the same from a value that is as expected throughout, and the text; else None.
    :param ruler: turns the spans' offsets into code points; None where they are.
    :raises BadJsonError: there are more than any article has.
    """
    if len(items) > MOST_SPANS:
        raise BadJsonError(f"more than {MOST_SPANS:,} spans in one article")
    spans = []
    measures = ruler is not None and not ruler.counts_code_points
    for position, item in enumerate(items, 1):
        span = None if measures else quick(item, text)
        if span is None:
            span = _carefully(position, item, text, account, make, ruler)
        if span is not None:
            spans.append(span)
    return spans


def _carefully(
    position: int, item: Any, text: str, account: Account, make: Callable[..., Span], ruler: Ruler | None
) -> Span | None:
    try:
        fields = plain_fields(item)
        if ruler is not None:
            fields |= _measured(fields, ruler)
        if trimmed := _trimmed(fields, text):
            fields |= trimmed
            account.notes.append(f"span {position}: blanks around its words left out")
        _check(fields, text)
    except BadJsonError as error:
        account.problems.append(f"span {position} left out: {error}")
        return None
    return make(fields, account)


def bare_span(item: Any, text: str, *, state: SpanState) -> Span | None:
    """What `foreign_span` makes of a span that has start, end and label alone; None for others."""
    if type(item) is not dict or len(item) != 3:
        return None
    start, end, label = item.get("start"), item.get("end"), item.get("label")
    if type(start) is int and type(end) is int and 0 <= start < end <= len(text) and _is_name(label):
        return Span(start, end, label, state, FOREIGN, None, _DECIDED.get(state))
    return None


_written = itemgetter("start", "end", "label", "text", "id", "source", "decision", "annotator", "at")


def written_span(item: Any, text: str, *, state: SpanState) -> Span | None:
    """What `own_span` makes of a span just as this program writes most of them; None for others."""
    if type(item) is not dict or "was" in item:
        return None
    try:
        start, end, label, words, uid, source, decision, annotator, at = _written(item)
    except KeyError:
        return None
    if not (type(start) is type(end) is int and 0 <= start < end <= len(text) and text[start:end] == words):
        return None
    if not type(label) is type(source) is type(uid) is type(decision) is type(annotator) is type(at) is str:
        return None
    if not (label.strip() and source.strip() and uid.strip() and annotator.strip() and _is_iso(at)):
        return None
    decided, confidence = _POSSIBLE[state].get(decision), item.get("confidence")
    if decided is None or (confidence is not None and not (type(confidence) is float and 0 <= confidence <= 1)):
        return None
    return Span(start, end, label, state, source, confidence, decided, annotator, at, None, None, uid)


def _is_name(value: Any) -> TypeGuard[str]:
    return type(value) is str and bool(value) and not value.isspace()


@lru_cache(1024)
def _is_iso(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def sorted_once(spans: list[Span], account: Account) -> tuple[Span, ...]:
    """In reading order; of spans with the same range and label the first stays."""
    if all(one.start < other.start for one, other in pairwise(spans)):  # as most files have them
        return tuple(spans)
    kept: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        if kept.setdefault((*span.range, span.label), span) is not span:
            account.problems.append(f"span {span.start}–{span.end} {span.label} left out: it stands there twice")
    return tuple(sorted(kept.values(), key=reading_order))


def foreign_span(fields: Fields, account: Account, *, state: SpanState) -> Span:
    """A span of another tool, as a suggestion or as what a person decided there."""
    confidence = _confidence(fields.get("confidence", fields.get("score")), account)
    return Span(*_place(fields), state, FOREIGN, confidence, _DECIDED.get(state))


def own_span(fields: Fields, account: Account, *, state: SpanState) -> Span:
    """A span as this program wrote it, with everything it knows."""
    source = words(fields, "source", account) or "person"
    return Span(
        *_place(fields),
        state,
        source,
        _confidence(fields.get("confidence"), account),
        _decision(fields, source, state, account),
        words(fields, "annotator", account),
        moment(fields, account),
        _was(fields.get("was"), account),
        uid=words(fields, "id", account),
    )


def plain_fields(item: Any) -> Fields:
    """A span's keys, whichever way it is written; raises BadJsonError where it is none."""
    if isinstance(item, list) and len(item) == 3:
        return dict(zip(("start", "end", "label"), item, strict=True))
    if not isinstance(item, dict):
        raise BadJsonError(f"{shown(item)} is neither an object nor a list of start, end, label")
    if "label" in item and "start" in item and "end" in item:
        return dict(item)
    named = {key: next((item[name] for name in names if name in item), None) for key, names in _OTHER_NAMES.items()}
    return named | item


def _measured(fields: Fields, ruler: Ruler) -> Fields:
    """Start and end in code points; as they are where they are no numbers, or outside of what was counted so."""
    start, end, _ = _place(fields)
    if not whole_number(start) or not whole_number(end):
        return {}
    try:
        return dict(zip(("start", "end"), ruler.range(start, end), strict=True))
    except ValueError as error:
        if ruler.counts_code_points:
            return {}
        raise BadJsonError(f"from {shown(start)} to {shown(end)} as the file counts: {error}") from error


def _trimmed(fields: Fields, text: str) -> Fields:
    """Start and end without the blanks around the words, where the file states the words without them."""
    start, end, _ = _place(fields)
    surface = fields.get("text")
    if not (isinstance(surface, str) and whole_number(start) and whole_number(end) and 0 <= start < end <= len(text)):
        return {}
    there = text[start:end]
    if same_words(surface, there) or not same_words(surface, there.strip()) or not surface.strip():
        return {}
    start += len(there) - len(there.lstrip())
    return {"start": start, "end": start + len(there.strip())}


def _check(fields: Fields, text: str) -> None:
    start, end, label = _place(fields)
    if not whole_number(start) or not whole_number(end):
        raise BadJsonError(f"start {shown(start)} and end {shown(end)} are not both whole numbers")
    if not isinstance(label, str) or not label.strip():
        raise BadJsonError(f"{shown(label)} is not a label")
    if start >= end:
        raise BadJsonError(f"from {shown(start)} to {shown(end)} is empty or reversed")
    if start < 0 or end > len(text):
        raise BadJsonError(f"from {shown(start)} to {shown(end)} is outside the text of {len(text)} code points")
    surface = fields.get("text")
    if isinstance(surface, str) and not same_words(surface, text[start:end]):
        raise BadJsonError(f"it reads {shown(surface)}, but {shown(text[start:end])} stands at {start}–{end}")


def _place(fields: Fields) -> tuple[Any, Any, Any]:
    return fields.get("start"), fields.get("end"), fields.get("label")


def _confidence(value: Any, account: Account) -> float | None:
    if value is None:
        return None
    if number(value) and 0 <= value <= 1:
        return float(value)
    account.notes.append(f"confidence {shown(value)} left out: not a number from 0 to 1")
    return None


def words(fields: Fields, key: str, account: Account) -> str | None:
    """A value that is a name; None, with a note where it is something else."""
    value = fields.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if value is not None:
        account.notes.append(f"{key} {shown(value)} of a span left out: not a name")
    return None


def _decision(fields: Fields, source: str, state: SpanState, account: Account) -> Decision:
    likely = Decision.ADD if source == "person" else Decision.CONFIRM
    value = fields.get("decision")
    if isinstance(value, str) and value in _POSSIBLE[state]:
        return _POSSIBLE[state][value]
    if value is not None:
        account.notes.append(f"decision {shown(value)} left out: a {state} span has no such decision")
    return Decision.REJECT if state is SpanState.REJECTED else likely


def moment(fields: Fields, account: Account) -> str | None:
    """When it was decided, ISO 8601; None, with a note where it is something else."""
    value = words(fields, "at", account)
    if value and not _is_iso(value):
        account.notes.append(f"at {shown(value)} left out: not ISO 8601")
        return None
    return value


def _was(value: Any, account: Account) -> Was | None:
    if value is None:
        return None
    was = Was(*_place(value)) if isinstance(value, dict) else Was(-1, -1, "")
    numbers = whole_number(was.start) and whole_number(was.end)
    if numbers and 0 <= was.start < was.end <= _FARTHEST and isinstance(was.label, str) and was.label.strip():
        return was
    account.notes.append(f"was {shown(value)} left out: no start, end and label")
    return None
