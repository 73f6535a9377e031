"""Spans of a JSON record, held to the text: what does not fit is left out, with the reason."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annotator.importers.json_values import BadJsonError, number, shown, whole_number
from annotator.importers.units import Ruler, same_words
from annotator.model.span import Decision, Span, SpanState, Was, reading_order

FOREIGN = "import"  # the source of a span that another tool wrote

Fields = dict[str, Any]


@dataclass(slots=True)
class Account:
    """What is said about a record beside its values: a problem is a span left out, a note all else."""

    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_spans(
    items: Iterable[Any], text: str, account: Account, make: Callable[..., Span], ruler: Ruler | None = None
) -> list[Span]:
    """The usable ones of a list of JSON values, in the list's order.

    :param make: from the span's fields, its checked start, end and label, and the account.
    :param ruler: turns the spans' offsets into code points; None where they are.
    """
    return list(_usable(items, text, account, make, ruler))


def _usable(
    items: Iterable[Any], text: str, account: Account, make: Callable[..., Span], ruler: Ruler | None
) -> Iterator[Span]:
    for position, item in enumerate(items, 1):
        try:
            fields = plain_fields(item)
            if ruler is not None:
                fields |= _measured(fields, ruler)
            _check(fields, text)
        except BadJsonError as error:
            account.problems.append(f"span {position} left out: {error}")
        else:
            yield make(fields, account)


def sorted_once(spans: list[Span], account: Account) -> tuple[Span, ...]:
    """In reading order; of spans with the same range and label the first stays."""
    kept: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        if kept.setdefault((*span.range, span.label), span) is not span:
            account.problems.append(f"span {span.start}–{span.end} {span.label} left out: it stands there twice")
    return tuple(sorted(kept.values(), key=reading_order))


def foreign_span(fields: Fields, account: Account, *, state: SpanState) -> Span:
    """A span of another tool, as a suggestion or as what a person decided there."""
    decision = {SpanState.CONFIRMED: Decision.ADD, SpanState.REJECTED: Decision.REJECT}.get(state)
    confidence = _confidence(fields.get("confidence", fields.get("score")), account)
    return Span(*_place(fields), state, FOREIGN, confidence, decision)


def own_span(fields: Fields, account: Account, *, state: SpanState) -> Span:
    """A span as this program wrote it, with everything it knows."""
    source = _words(fields, "source", account) or "person"
    return Span(
        *_place(fields),
        state,
        source,
        _confidence(fields.get("confidence"), account),
        _decision(fields, source, state, account),
        _words(fields, "annotator", account),
        _moment(fields, account),
        _was(fields.get("was"), account),
        uid=_words(fields, "id", account),
    )


def plain_fields(item: Any) -> Fields:
    """A span's keys, whichever way it is written; raises BadJsonError where it is none."""
    if isinstance(item, list) and len(item) == 3:
        return dict(zip(("start", "end", "label"), item, strict=True))
    if not isinstance(item, dict):
        raise BadJsonError(f"{shown(item)} is neither an object nor a list of start, end, label")
    offsets = {"start": item.get("start_offset"), "end": item.get("end_offset")}
    return offsets | item


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


def _words(fields: Fields, key: str, account: Account) -> str | None:
    value = fields.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if value is not None:
        account.notes.append(f"{key} {shown(value)} of a span left out: not a name")
    return None


def _decision(fields: Fields, source: str, state: SpanState, account: Account) -> Decision:
    likely = Decision.ADD if source == "person" else Decision.CONFIRM
    possible = {Decision.REJECT} if state is SpanState.REJECTED else set(Decision) - {Decision.REJECT}
    value = fields.get("decision")
    if isinstance(value, str) and value in possible:
        return Decision(value)
    if value is not None:
        account.notes.append(f"decision {shown(value)} left out: a {state} span has no such decision")
    return Decision.REJECT if state is SpanState.REJECTED else likely


def _moment(fields: Fields, account: Account) -> str | None:
    value = _words(fields, "at", account)
    try:
        datetime.fromisoformat(value or "2000-01-01")
    except ValueError:
        account.notes.append(f"at {shown(value)} left out: not ISO 8601")
        return None
    return value


def _was(value: Any, account: Account) -> Was | None:
    if value is None:
        return None
    was = Was(*_place(value)) if isinstance(value, dict) else Was(-1, -1, "")
    numbers = whole_number(was.start) and whole_number(was.end)
    if numbers and 0 <= was.start < was.end and isinstance(was.label, str) and was.label.strip():
        return was
    account.notes.append(f"was {shown(value)} left out: no start, end and label")
    return None
