"""JSON Lines: one article a line with all that is known of it; see `resources/record.schema.json`.

A superset of what Prodigy and spaCy's scripts read: `token_end` is inclusive, as there.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.model.article import META_KEYS, AnnotatedArticle, ArticleState, text_sha256
from annotator.model.aside import Aside
from annotator.model.keeping import EVERYTHING
from annotator.model.span import Span

SCHEMA = "annotator/1"
_ANSWERS = {ArticleState.DONE: "accept", ArticleState.SKIPPED: "ignore"}
# Many readers split lines at these too, where JSON does not; they stand only within strings.
_ESCAPES = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """One line an article, in the order given; the same articles give the same bytes."""
    ledger = Ledger()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for annotated in articles:
            file.write(line(annotated, with_rejected=options.with_rejected))
            ledger.articles += 1
            ledger.written += len(annotated.confirmed) + (len(annotated.rejected) if options.with_rejected else 0)
    return ledger


def line(annotated: AnnotatedArticle, *, with_rejected: bool = False) -> str:
    r"""The record of one article as one line that ends with \n."""
    fields = record(annotated, with_rejected=with_rejected)
    return escaped(json.dumps(fields, ensure_ascii=False, allow_nan=False)) + "\n"


def escaped(text: str) -> str:
    """JSON that every reader takes for one line."""
    return text.translate(_ESCAPES)


def record(annotated: AnnotatedArticle, *, with_rejected: bool = False) -> dict[str, Any]:
    """The record's keys and values, in the order in which they are written."""
    rejected = annotated.rejected if with_rejected else ()
    fields = {
        "id": annotated.article.uid,
        "text": annotated.text,
        "meta": known_meta(annotated.article.meta),
        "spans": [_span(annotated, span) for span in annotated.confirmed],
        "rejected": [_span(annotated, span) for span in rejected],
        "asides": [_aside(aside) for aside in annotated.asides] or None,
        "answer": _ANSWERS.get(annotated.state),
        "state": annotated.state.value,
        "flagged": annotated.flagged or None,
        "comment": annotated.comment or None,
        "text_sha256": text_sha256(annotated.text),
        "offsets": "codepoint",
        "schema": SCHEMA,
    }
    return _known(fields)


def known_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata that have a value, always in the same order."""
    keys = [key for key in META_KEYS if key in meta] + [key for key in meta if key not in META_KEYS]
    return {key: meta[key] for key in keys if meta[key] not in (None, "", [], {})}


def _span(annotated: AnnotatedArticle, span: Span) -> dict[str, Any]:
    first, last = annotated.tokens.covering(*span.range) or (None, None)
    return _known(
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "text": annotated.surface(span),
            "token_start": first,
            "token_end": last,
            "id": span.uid,
            "source": span.source,
            "confidence": span.confidence,
            "decision": span.decision and span.decision.value,
            "annotator": span.annotator,
            "at": span.at,
            "was": span.was and span.was._asdict(),
        }
    )


def _aside(aside: Aside) -> dict[str, Any]:
    return _known(
        {
            "start": aside.start,
            "end": aside.end,
            "state": aside.state.value,
            "id": aside.uid,
            "annotator": aside.annotator,
            "at": aside.at,
        }
    )


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


EXPORTER = Exporter(
    name="jsonl",
    title="JSON Lines",
    suffix=".jsonl",
    write=write,
    keeps=EVERYTHING,
    remark="One article a line: text, metadata, spans with source, confidence, decision, who and when.",
    use=Use.TRAIN,
)
