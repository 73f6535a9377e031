"""One JSON object as an article with its spans: this program's own record, Prodigy's, doccano's, spaCy's.

Shapes: Prodigy https://prodi.gy/docs/api-interfaces#ner_manual, doccano's JSONL export, spaCy's
`{"text", "entities": [[start, end, label]]}`; ours is `resources/record.schema.json`.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from annotator.importers.base import Problem, Record
from annotator.importers.cleaning import DEEPEST, TooDeepError, check_size, clean_value
from annotator.importers.foreign import Foreign, known_meta, made, meta_beside, text_of, uid_of
from annotator.importers.json_asides import own_asides
from annotator.importers.json_spans import Account, Fields, own_span, read_spans, sorted_once, written_span
from annotator.importers.json_values import BadJsonError, parse, shown
from annotator.importers.units import IN_CODE_POINTS, Decided
from annotator.model.article import Article, ArticleState, text_sha256
from annotator.model.span import Span, SpanState

SCHEMA = "annotator/1"
# Prodigy's tokens only repeat the text, and nothing here reads them.
_KEYS = {"id", "text", "meta", "spans", "answer", "tokens"}
_OWN_KEYS = _KEYS | {"rejected", "asides", "state", "flagged", "comment", "text_sha256", "offsets", "schema"}
_HASHES = {"_input_hash", "_task_hash"}
_FOREIGN_KEYS = _KEYS | _HASHES | {"entities"}
_LISTS = {"text", "spans", "rejected", "entities", "tokens"}
# Escapes of NUL and of halves of surrogate pairs; JSON holds neither unescaped.
_TO_CLEAN = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ANSWERS = {"accept": ArticleState.DONE, "reject": ArticleState.SKIPPED, "ignore": ArticleState.SKIPPED}


def read_record(
    raw: bytes, where: str, file: str, decided: Callable[[], Decided] = lambda: IN_CODE_POINTS, text_key: str = ""
) -> Record | Problem:
    """What the bytes of one JSON object hold, or why they hold no article.

    :param file: the file's name, kept in the metadata of another tool's record.
    :param decided: tells how another tool's records count, and is asked for these alone; ours say it themselves.
    :param text_key: the key of another tool's text; "" for the usual one.
    """
    try:
        fields = parse(raw)
        if not isinstance(fields, dict):
            raise BadJsonError("not a JSON object")
        to_clean = bool(_TO_CLEAN.search(raw))
        if str(fields.get("schema")).startswith("annotator/"):
            return _own(fields, where, to_clean)
        return made(foreign_of(fields, text_key, to_clean), where, file, decided())
    except (BadJsonError, TooDeepError) as error:
        return Problem(where, str(error))


def record_of(fields: Fields, where: str) -> Record | Problem:
    """What an object of these shapes holds that a script has in memory; as strict as with a file."""
    try:
        raw = json.dumps(fields).encode()
    except (TypeError, ValueError, RecursionError) as error:
        return Problem(where, f"not what JSON can hold: {error}")
    return read_record(raw, where, "")


def _own(fields: Fields, where: str, to_clean: bool) -> Record:
    account = Account()
    text = text_of(fields.get("text"), account)
    check_size([value for key, value in fields.items() if key not in _LISTS])
    fields = clean_value(fields) if to_clean else _not_too_deep(fields)
    _refuse_other_versions(fields)
    if fields.get("text_sha256") not in (None, text_sha256(text)):
        account.notes.append("the text is not the one that was exported")
    spans = _own_spans(fields, "spans", SpanState.CONFIRMED, text, account)
    spans += _own_spans(fields, "rejected", SpanState.REJECTED, text, account)
    return Record(
        where,
        Article(uid_of(fields.get("id"), account), text, _meta(fields, _OWN_KEYS, account)),
        sorted_once(spans, account),
        _own_state(fields, account),
        fields.get("flagged") is True,
        _comment(fields, account),
        asides=own_asides(_listed(fields, "asides", account), text, account),
        notes=tuple(account.notes),
        problems=tuple(account.problems),
        lists_spans="state" not in fields,  # else it says itself that nobody decided yet
    )


def _not_too_deep(fields: Fields) -> Fields:
    """What `clean_value` makes of fields that hold nothing to clean; spans are looked at one by one."""
    for key in fields.keys() - _LISTS:
        clean_value(fields[key], DEEPEST - 1)
    return fields


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


def foreign_of(fields: Fields, text_key: str = "", to_clean: bool = True) -> Foreign:
    """A record that no tool's own format fits, in plain terms: its spans under any of the usual keys.

    A "label" that lists no spans is the article's own, as a section; it belongs to the metadata.

    :param text_key: the key of the text; "" for the usual one.
    :param to_clean: as in `Foreign`.
    """
    account = Account()
    text_key = text_key or "text"
    items = [*_listed(fields, "spans", account), *_listed(fields, "entities", account)]
    keys = {key for key in ("label", "labels") if _are_spans(fields.get(key))}
    return Foreign(
        fields.get(text_key),
        fields.get("id"),
        items + [item for key in sorted(keys) for item in fields[key]],
        meta=meta_beside(fields, _FOREIGN_KEYS | keys | {text_key}, fields.get("meta"), account),
        state=_state_by_answer(fields, account),
        lists_spans=any(isinstance(fields.get(key), list) for key in ("spans", "entities", *keys)),
        to_clean=to_clean,
        account=account,
    )


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


def _meta(fields: Fields, known: set[str], account: Account) -> dict[str, Any]:
    return known_meta(meta_beside(fields, known, fields.get("meta"), account))
