"""Prodigy's annotations, as `prodigy db-out` writes them: https://prodi.gy/docs/api-interfaces#ner_manual.

A line that was answered by yes or no about one span belongs to the line before it on the same text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.importers.base import Problem
from annotator.importers.foreign import Foreign, meta_beside
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError, shown, whole_number
from annotator.importers.own_words import OWN_KEYS, is_ours, own_words
from annotator.importers.shape import Around, Shape, Stated
from annotator.model.article import ArticleState
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

_HASHES = ("_input_hash", "_task_hash")
_KEYS = {
    *("id", "text", "meta", "spans", "answer", "tokens", *_HASHES),
    # How the screen looked, and what `review` repeats of other lines.
    *("_view_id", "_is_binary", "versions", "sessions", "config", "options", "html"),
}
_STATES = {"accept": ArticleState.DONE, "reject": ArticleState.SKIPPED, "ignore": ArticleState.SKIPPED}


def read(value: Any, _around: Around) -> Iterator[Foreign]:
    """The article of one line.

    Accepted, it is done; ignored, or rejected as a whole, skipped.
    """
    if not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    account = Account()
    spans = [_placed(span, value) for span in _listed(value, "spans", account)]
    state, is_binary = _state(value, account), _is_binary(value)
    rejected = is_binary and value.get("answer") == "reject"
    tokens = _listed(value, "tokens", account)
    if "relations" in value:
        account.notes.append(f"{len(_listed(value, 'relations', account))} relations left out")
    foreign = Foreign(
        value.get("text"),
        value.get("id"),
        [] if rejected else spans,
        spans if rejected else [],
        [token for token in tokens if isinstance(token, dict)],
        meta_beside(value, _KEYS | OWN_KEYS | {"relations"}, value.get("meta"), account),
        ArticleState.OPEN if is_binary and state is not ArticleState.NEW else state,
        account=account,
    )
    foreign.is_decided = (is_binary and value.get("answer") == "accept") or None
    if is_ours(value):
        own_words(foreign, value)
        foreign.is_decided = True  # also of an article that was skipped behind its decisions
    yield foreign


def _state(value: Mapping[str, Any], account: Account) -> ArticleState:
    answer = value.get("answer")
    if isinstance(answer, str) and answer in _STATES:
        return _STATES[answer]
    if answer is not None:
        account.notes.append(f"answer {shown(answer)} left out: not accept, reject or ignore")
    return ArticleState.NEW


def _is_binary(value: Mapping[str, Any]) -> bool:
    return value.get("_is_binary") is True or value.get("_view_id") == "ner"


def _listed(value: Mapping[str, Any], key: str, account: Account) -> list[Any]:
    found = value.get(key)
    if found is not None and not isinstance(found, list):
        account.problems.append(f"“{key}” left out: it is {shown(found)}, not a list")
    return found if isinstance(found, list) else []


def _placed(span: Any, value: Mapping[str, Any]) -> Any:
    """A span that only names its tokens, with where they stand; its last token belongs to it."""
    if not isinstance(span, dict) or "start" in span or not whole_number(span.get("token_start")):
        return span
    tokens = value.get("tokens")
    first: int = span["token_start"]
    last: Any = span.get("token_end", first)
    if not isinstance(tokens, list) or not whole_number(last) or not 0 <= first <= last < len(tokens):
        return span
    if not isinstance(tokens[first], dict) or not isinstance(tokens[last], dict):
        return span
    return span | {"start": tokens[first].get("start"), "end": tokens[last].get("end")}


def join(stated: Stated) -> Stated:
    """One article of all answers in a row on the same text."""
    held: tuple[str, Foreign] | None = None
    for item in stated:
        if not isinstance(item, Problem) and held and _belongs(item[1], held[1]):
            _add(held[1], item[1])
            continue
        if held:
            yield held
        held = None if isinstance(item, Problem) else item
        if isinstance(item, Problem):
            yield item
    if held:
        yield held


def _belongs(one: Foreign, before: Foreign) -> bool:
    answered = one.rejected or one.is_decided
    return bool(answered) and (one.text, one.uid) == (before.text, before.uid) and one.state is ArticleState.OPEN


def _add(held: Foreign, one: Foreign) -> None:
    """An answer to one more span of an article whose state stays."""
    held.rejected += one.rejected
    held.spans += [span for span in one.spans if span not in held.spans]
    held.is_decided = held.is_decided or one.is_decided
    held.account.notes += one.account.notes
    held.account.problems += one.account.problems


def is_one(value: Any) -> bool:
    """Has it the keys that Prodigy gives to a line?"""
    if not isinstance(value, dict) or "text" not in value or str(value.get("schema")).startswith("annotator/"):
        return False
    spans = value.get("spans")
    has_tokens = isinstance(spans, list) and any(isinstance(span, dict) and "token_start" in span for span in spans)
    return value.get("answer") in (*_STATES,) or has_tokens or any(key in value for key in (*_HASHES, "_view_id"))


SHAPE = Shape(
    name="prodigy",
    title="Prodigy",
    suffix=".prodigy.jsonl",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.STATE, Part.EDGES, Part.OVERLAPS, Part.REJECTED}),
    remark="Accepted lines are done, ignored ones skipped; yes or no about one span is a decision on it.",
    unit=Unit.CODEPOINTS,
    join=join,
)
