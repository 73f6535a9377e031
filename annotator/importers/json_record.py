"""One JSON object as an article with its spans: this program's own record, Prodigy's, doccano's, spaCy's.

Shapes: Prodigy https://prodi.gy/docs/api-interfaces#ner_manual, doccano's JSONL export, spaCy's
`{"text", "entities": [[start, end, label]]}`; ours is `resources/record.schema.json`.
"""

import json
import re
from functools import partial
from typing import Any

from annotator.importers.base import Problem, Record
from annotator.importers.cleaning import DEEPEST, TooDeepError, clean_value, replaced_note
from annotator.importers.json_asides import own_asides
from annotator.importers.json_spans import (
    Account,
    Fields,
    bare_span,
    foreign_span,
    own_span,
    read_spans,
    sorted_once,
    written_span,
)
from annotator.importers.json_values import BadJsonError, parse, shown
from annotator.model.article import Article, ArticleState, text_sha256
from annotator.model.span import Span, SpanState
from annotator.model.text import storable

SCHEMA = "annotator/1"
# Prodigy's tokens only repeat the text, and nothing here reads them.
_KEYS = {"id", "text", "meta", "spans", "answer", "tokens"}
_OWN_KEYS = _KEYS | {"rejected", "asides", "state", "flagged", "comment", "text_sha256", "offsets", "schema"}
_FOREIGN_KEYS = _KEYS | {"entities"}
_LISTS = {"text", "spans", "rejected", "entities", "tokens"}
# Escapes of NUL and of halves of surrogate pairs; JSON holds neither unescaped.
_TO_CLEAN = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ANSWERS = {"accept": ArticleState.DONE, "reject": ArticleState.SKIPPED, "ignore": ArticleState.SKIPPED}


def read_record(raw: bytes, where: str, file: str) -> Record | Problem:
    """What the bytes of one JSON object hold, or why they hold no article.

    :param file: the file's name, kept in the metadata of another tool's record.
    """
    try:
        return _read(parse(raw), where, file, bool(_TO_CLEAN.search(raw)))
    except (BadJsonError, TooDeepError) as error:
        return Problem(where, str(error))


def record_of(fields: Fields, where: str) -> Record | Problem:
    """What an object of these shapes holds that a script has in memory; as strict as with a file."""
    try:
        raw = json.dumps(fields).encode()
    except (TypeError, ValueError, RecursionError) as error:
        return Problem(where, f"not what JSON can hold: {error}")
    return read_record(raw, where, "")


def _read(fields: Any, where: str, file: str, to_clean: bool) -> Record:
    account = Account()
    if not isinstance(fields, dict):
        raise BadJsonError("not a JSON object")
    text = _text(fields, account)
    fields = clean_value(fields) if to_clean else _not_too_deep(fields)
    if str(fields.get("schema")).startswith("annotator/"):
        return _own(fields, text, where, account)
    return _foreign(fields, text, where, file, account)


def _not_too_deep(fields: Fields) -> Fields:
    """What `clean_value` makes of fields that hold nothing to clean; spans are looked at one by one."""
    for key in fields.keys() - _LISTS:
        clean_value(fields[key], DEEPEST - 1)
    return fields


def _text(fields: Fields, account: Account) -> str:
    if "text" not in fields:
        raise BadJsonError("the key “text” is missing")
    if not isinstance(fields["text"], str):
        raise BadJsonError(f"“text” is {shown(fields['text'])}, not a string")
    text, replaced = storable(fields["text"])
    if not text:
        raise BadJsonError("the text is empty")
    if replaced:
        account.notes.append(replaced_note(replaced))
    return text


def _own(fields: Fields, text: str, where: str, account: Account) -> Record:
    _refuse_other_versions(fields)
    if fields.get("text_sha256") not in (None, text_sha256(text)):
        account.notes.append("the text is not the one that was exported")
    spans = _own_spans(fields, "spans", SpanState.CONFIRMED, text, account)
    spans += _own_spans(fields, "rejected", SpanState.REJECTED, text, account)
    return Record(
        where,
        Article(_uid(fields, account), text, _meta(fields, _OWN_KEYS, account)),
        sorted_once(spans, account),
        _own_state(fields, account),
        fields.get("flagged") is True,
        _comment(fields, account),
        asides=own_asides(_listed(fields, "asides", account), text, account),
        notes=tuple(account.notes),
        problems=tuple(account.problems),
        lists_spans=True,
    )


def _refuse_other_versions(fields: Fields) -> None:
    if fields["schema"] != SCHEMA:
        raise BadJsonError(f"written in {shown(fields['schema'])}; this version reads {SCHEMA}")
    if fields.get("offsets", "codepoint") != "codepoint":
        raise BadJsonError(f"its offsets are {shown(fields['offsets'])}, not code points")


def _own_spans(fields: Fields, key: str, state: SpanState, text: str, account: Account) -> list[Span]:
    quick, careful = partial(written_span, state=state), partial(own_span, state=state)
    return read_spans(_listed(fields, key, account), text, account, careful, quick)


def _own_state(fields: Fields, account: Account) -> ArticleState:
    value = fields.get("state")
    if isinstance(value, str) and value in set(ArticleState):
        return ArticleState(value)
    if value is not None:
        account.notes.append(f"state {shown(value)} left out: there is no such state")
    return _state_by_answer(fields, account)


def _comment(fields: Fields, account: Account) -> str:
    value = fields.get("comment")
    if value is not None and not isinstance(value, str):
        account.notes.append(f"comment {shown(value)} left out: not words")
    return value if isinstance(value, str) else ""


def _foreign(fields: Fields, text: str, where: str, file: str, account: Account) -> Record:
    state = _state_by_answer(fields, account)
    keys, items = _foreign_items(fields, account)
    decided = state is ArticleState.DONE
    quick, careful = partial(bare_span, decided=decided), partial(foreign_span, decided=decided)
    spans = sorted_once(read_spans(items, text, account, careful, quick), account)
    if keys & {"label", "labels"} and any(character > "\uffff" for character in text):
        account.notes.append("offsets read as code points; the file does not say that it counts so")
    meta = ({"file": file} if file else {}) | _meta(fields, _FOREIGN_KEYS | keys, account)
    article = Article(_uid(fields, account), text, meta)
    notes, problems = tuple(account.notes), tuple(account.problems)
    lists_spans = any(isinstance(fields.get(key), list) for key in ("spans", "entities", *keys))
    return Record(where, article, spans, state, notes=notes, problems=problems, lists_spans=lists_spans)


def _foreign_items(fields: Fields, account: Account) -> tuple[set[str], list[Any]]:
    """The spans under any of the usual keys, and which keys these were.

    A "label" that lists no spans is the article's own, as a section; it belongs to the metadata.
    """
    items = [*_listed(fields, "spans", account), *_listed(fields, "entities", account)]
    keys = {key for key in ("label", "labels") if _are_spans(fields.get(key))}
    return keys, items + [item for key in sorted(keys) for item in fields[key]]


def _are_spans(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, list | dict) for item in value)


def _listed(fields: Fields, key: str, account: Account) -> list[Any]:
    value = fields.get(key)
    if isinstance(value, list):
        return value
    if value is not None:
        account.problems.append(f"“{key}” left out: it is {shown(value)}, not a list")
    return []


def _state_by_answer(fields: Fields, account: Account) -> ArticleState:
    answer = fields.get("answer")
    if isinstance(answer, str) and answer in _ANSWERS:
        return _ANSWERS[answer]
    if answer is not None:
        account.notes.append(f"answer {shown(answer)} left out: not accept, reject or ignore")
    return ArticleState.NEW


def _uid(fields: Fields, account: Account) -> str:
    value = fields.get("id")
    if isinstance(value, str) and value.strip():
        return value
    if type(value) is int:
        return str(value)
    if value is not None:
        account.notes.append(f"id {shown(value)} left out: neither words nor a whole number")
    return ""


def _meta(fields: Fields, known: set[str], account: Account) -> dict[str, Any]:
    """The record's metadata, with the keys that nothing else reads beside it."""
    inner = fields.get("meta")
    beside = {key: value for key, value in fields.items() if key not in known}
    if not isinstance(inner, dict):
        inner = {} if inner is None else {"meta": inner}
    for key in inner.keys() & beside.keys():
        account.notes.append(f"“{key}” left out: the metadata has another")
    return {key: value for key, value in (beside | inner).items() if value not in (None, "", [], {})}
