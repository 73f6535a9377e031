"""JSON Lines: one article a line with all that is known of it; see `resources/record.schema.json`.

A superset of what Prodigy and spaCy's scripts read: `token_end` is inclusive, as there.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.model.article import META_KEYS, AnnotatedArticle, text_sha256
from annotator.model.aside import Aside
from annotator.model.filed import Filed, FiledSpan
from annotator.model.keeping import EVERYTHING
from annotator.model.span import Span
from annotator.model.text import one_line
from annotator.model.tokens import Tokens

SCHEMA = "annotator/1"
_ANSWERS = {"done": "accept", "skipped": "ignore"}


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """One line an article, in the order given; the same articles give the same bytes."""
    return write_filed(map(_filed, articles), path, options)


def write_filed(articles: Iterable[Filed], path: Path, options: Options) -> Ledger:
    """The same from articles as they are filed."""
    ledger = Ledger()
    with path.open("wb") as file:
        for each in articles:
            file.write(_line(_record(each, options.with_rejected)))
            ledger.articles += 1
            ledger.written += len(each.confirmed) + (len(each.rejected) if options.with_rejected else 0)
    return ledger


def line(annotated: AnnotatedArticle, *, with_rejected: bool = False) -> str:
    r"""The record of one article as one line that ends with \n."""
    return _line(record(annotated, with_rejected=with_rejected)).decode()


def record(annotated: AnnotatedArticle, *, with_rejected: bool = False) -> dict[str, Any]:
    """The record's keys and values, in the order in which they are written."""
    return _record(_filed(annotated), with_rejected)


def _line(fields: dict[str, Any]) -> bytes:
    try:
        return one_line(orjson.dumps(fields)) + b"\n"
    except TypeError:  # whole numbers of more than 64 bits, which may stand in the metadata
        compact = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return one_line(compact.encode()) + b"\n"


def _filed(annotated: AnnotatedArticle) -> Filed:
    article = annotated.article
    confirmed, rejected = (list(map(_filed_span, side)) for side in (annotated.confirmed, annotated.rejected))
    standing = annotated.state.value, annotated.flagged, annotated.comment
    sha256 = text_sha256(article.text)
    return Filed(
        article.uid,
        article.text,
        sha256,
        dict(article.meta),
        *standing,
        confirmed,
        rejected,
        annotated.tokens,
        annotated.asides,
    )


def _filed_span(span: Span) -> FiledSpan:
    decision = None if span.decision is None else span.decision.value
    known = span.uid, span.source, span.confidence, decision, span.annotator, span.at, span.was
    return span.start, span.end, span.label, *known


def _record(filed: Filed, with_rejected: bool) -> dict[str, Any]:
    text, tokens = filed.text, filed.tokens
    fields = {
        "id": filed.uid,
        "text": text,
        "meta": known_meta(filed.meta),
        "spans": [_span(text, tokens, span) for span in filed.confirmed],
        "rejected": [_span(text, tokens, span) for span in filed.rejected] if with_rejected else [],
        "asides": [_aside(aside) for aside in filed.asides] or None,
        "answer": _ANSWERS.get(filed.state),
        "state": filed.state,
        "flagged": filed.flagged or None,
        "comment": filed.comment or None,
        "text_sha256": filed.sha256,
        "offsets": "codepoint",
        "schema": SCHEMA,
    }
    return {key: value for key, value in fields.items() if value is not None}


def known_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata that have a value, always in the same order."""
    keys = [key for key in META_KEYS if key in meta] + [key for key in meta if key not in META_KEYS]
    return {key: meta[key] for key in keys if meta[key] not in (None, "", [], {})}


def _span(text: str, tokens: Tokens | None, span: FiledSpan) -> dict[str, Any]:
    """Only keys that have a value: hundreds of thousands of spans pass here, so each is looked at once."""
    start, end, label, uid, source, confidence, decision, annotator, at, was = span
    fields: dict[str, Any] = {"start": start, "end": end, "label": label, "text": text[start:end]}
    if tokens is not None and (covering := tokens.covering(start, end)):
        fields["token_start"], fields["token_end"] = covering
    if uid is not None:
        fields["id"] = uid
    fields["source"] = source
    if confidence is not None:
        fields["confidence"] = confidence
    if decision is not None:
        fields["decision"] = decision
    if annotator is not None:
        fields["annotator"] = annotator
    if at is not None:
        fields["at"] = at
    if was is not None:
        fields["was"] = was._asdict()
    return fields


def _aside(aside: Aside) -> dict[str, Any]:
    fields = {
        "start": aside.start,
        "end": aside.end,
        "state": aside.state.value,
        "id": aside.uid,
        "annotator": aside.annotator,
        "at": aside.at,
    }
    return {key: value for key, value in fields.items() if value is not None}


EXPORTER = Exporter(
    name="jsonl",
    title="JSON Lines",
    suffix=".jsonl",
    write=write,
    write_filed=write_filed,
    use=Use.TRAIN,
    keeps=EVERYTHING,
    remark="One article a line: text, metadata, spans with source, confidence, decision, who and when.",
)
