"""A record of another tool in plain terms, and how it becomes an article.

Every module for a tool's format only says where in its records things stand; what is left out, repaired
or doubted is the same for all of them, and said here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from annotator.importers.base import Record
from annotator.importers.cleaning import check_size, clean_value, replaced_note
from annotator.importers.json_spans import (
    MOST_SPANS,
    Account,
    bare_span,
    foreign_span,
    plain_fields,
    read_spans,
    sorted_once,
)
from annotator.importers.json_values import BadJsonError, shown, whole_number
from annotator.importers.units import ASSUMED_NOTE, PLAUSIBLE, Claim, Decided, Ruler, repaired_note
from annotator.model.article import Article, ArticleState
from annotator.model.offsets import Unit
from annotator.model.span import Span, SpanState
from annotator.model.text import storable

MOST_TOKENS = 500_000  # of one article: a book has a fifth


@dataclass(slots=True)
class Foreign:
    """One article as another tool's record states it; nothing in it is checked yet.

    :param spans: objects with start, end, label, and perhaps text and confidence or score; or [start, end, label].
    :param rejected: the same, of what a person said is no entity.
    :param tokens: objects with start, end and perhaps text.
    :param meta: what else the record has.
    :param state: what the record says of the work on it.
    :param is_decided: a person decided on its spans; by default where the state is done.
    :param is_ours: this program wrote it, so that it says itself where the article came from.
    :param unit: the record's own word on how it counts, which needs no evidence.
    :param lists_spans: it says which spans there are, if only that there are none.
    :param to_clean: its strings may hold what cannot be stored.
    """

    text: Any
    uid: Any = None
    spans: list[Any] = field(default_factory=list)
    rejected: list[Any] = field(default_factory=list)
    tokens: list[Any] = field(default_factory=list)
    meta: Mapping[str, Any] = field(default_factory=dict)
    state: ArticleState = ArticleState.NEW
    is_decided: bool | None = None
    is_ours: bool = False
    flagged: bool = False
    comment: str = ""
    unit: Unit | None = None
    lists_spans: bool = True
    to_clean: bool = True
    account: Account = field(default_factory=Account)


def claims_of(foreign: Foreign) -> list[Claim]:
    """What the record says of where its spans and tokens stand."""
    claims = []
    for item in (*foreign.spans[:MOST_SPANS], *foreign.rejected[:MOST_SPANS], *foreign.tokens[:MOST_TOKENS]):
        try:
            fields = plain_fields(item)
        except BadJsonError:
            continue
        surface = fields.get("text")
        claims.append(Claim(fields["start"], fields["end"], surface if isinstance(surface, str) else None))
    return claims


def made(foreign: Foreign, where: str, file: str, decided: Decided) -> Record:
    """The article of a record, with what fits of its spans.

    :param file: the file's name, kept in the metadata of a record that another program wrote; "" for none.
    :raises BadJsonError: it holds no text, or more spans or tokens than any article has.
    :raises TooDeepError: its metadata are nested too deeply, or too many.
    """
    account = foreign.account
    if len(foreign.tokens) > MOST_TOKENS:
        raise BadJsonError(f"more than {MOST_TOKENS:,} tokens in one article")
    check_size(foreign.meta)
    text = text_of(foreign.text, account)
    ruler = Ruler(foreign.text, foreign.unit or decided.unit)
    spans = _spans(foreign, text, ruler, foreign.unit or decided.unit)
    if decided.is_assumed and _is_affected(foreign):
        account.notes.append(ASSUMED_NOTE)
    meta = ({"file": file} if file and not foreign.is_ours else {}) | clean_value(known_meta(foreign.meta))
    return Record(
        where,
        Article(uid_of(foreign.uid, account), text, meta),
        spans,
        foreign.state,
        foreign.flagged,
        storable(foreign.comment)[0],
        tuple(account.notes),
        tuple(account.problems),
        _tokens(foreign, text, ruler),
        lists_spans=foreign.lists_spans,
    )


def text_of(value: Any, account: Account) -> str:
    """The text as it can be stored; raises BadJsonError where there is none."""
    if value is None:
        raise BadJsonError("the key “text” is missing")
    if not isinstance(value, str):
        raise BadJsonError(f"“text” is {shown(value)}, not a string")
    text, replaced = storable(value)
    if not text:
        raise BadJsonError("the text is empty")
    if replaced:
        account.notes.append(replaced_note(replaced))
    return text


def _spans(foreign: Foreign, text: str, ruler: Ruler, unit: Unit) -> tuple[Span, ...]:
    account = foreign.account
    is_decided = foreign.state is ArticleState.DONE if foreign.is_decided is None else foreign.is_decided
    found = []
    for items, state in (
        (foreign.spans, SpanState.CONFIRMED if is_decided else SpanState.SUGGESTED),
        (foreign.rejected, SpanState.REJECTED),
    ):
        quick, careful = partial(bare_span, state=state), partial(foreign_span, state=state)
        found += read_spans(clean_value(items) if foreign.to_clean else items, text, account, careful, quick, ruler)
    if found and foreign.unit is None and not ruler.counts_code_points:
        account.notes.append(repaired_note(unit))
    return sorted_once(found, account)


def _is_affected(foreign: Foreign) -> bool:
    return bool(foreign.spans) and not all(Ruler(foreign.text, unit).is_plain for unit in PLAUSIBLE)


def _tokens(foreign: Foreign, text: str, ruler: Ruler) -> tuple[tuple[int, int], ...]:
    """The record's tokens that hold more than white space; none where they do not fit the text, which is noted."""
    places: list[tuple[int, int]] = []
    for token in foreign.tokens:
        start, end = (token.get("start"), token.get("end")) if isinstance(token, dict) else (None, None)
        try:
            place = ruler.range(start, end) if whole_number(start) and whole_number(end) else (0, 0)  # type: ignore[arg-type]
        except ValueError:
            place = (0, 0)
        if place[0] >= place[1] or (places and place[0] < places[-1][1]):
            foreign.account.notes.append("its tokens left out: they do not stand one after the other in the text")
            return ()
        places.append(place)
    return tuple(place for place in places if text[slice(*place)].strip())


def uid_of(value: Any, account: Account) -> str:
    """The article's id; "" for none, and where it is no id, which is noted."""
    if isinstance(value, str) and value.strip():
        return storable(value)[0]
    if type(value) is int:
        return str(value)
    if value is not None:
        account.notes.append(f"id {shown(value)} left out: neither words nor a whole number")
    return ""


def known_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata that have a value."""
    return {key: value for key, value in meta.items() if value not in (None, "", [], {})}


def meta_beside(fields: Mapping[str, Any], known: Iterable[str], inner: Any, account: Account) -> dict[str, Any]:
    """The record's metadata, with the keys beside it that nothing else reads.

    What looks like spans under a key that no tool uses is left out and said: it may be a slip.
    """
    beside = {key: value for key, value in fields.items() if key not in set(known)}
    for key in [key for key, value in beside.items() if look_like_spans(value)]:
        account.problems.append(f"“{key}” left out: it looks like spans, but stands under no key for them")
        del beside[key]
    if not isinstance(inner, dict):
        inner = {} if inner is None else {"meta": inner}
    for key in inner.keys() & beside.keys():
        account.notes.append(f"“{key}” left out: the metadata has another")
    merged: dict[str, Any] = beside | inner
    return merged


def look_like_spans(value: Any) -> bool:
    """Is it a list of what has a start, an end and a label?"""
    if not isinstance(value, list) or not value:
        return False
    return all(map(_looks_like_a_span, value))


def _looks_like_a_span(item: Any) -> bool:
    if isinstance(item, list):
        return len(item) >= 3 and whole_number(item[0]) and whole_number(item[1]) and isinstance(item[2], str)
    if not isinstance(item, dict):
        return False
    start = any(whole_number(item.get(key)) for key in ("start", "start_offset", "start_char", "begin", "from"))
    return start and any(isinstance(value, str) for value in item.values())
