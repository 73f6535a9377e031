"""Prodigy's tasks, as `prodigy db-in` and its recipes read them: https://prodi.gy/docs/api-interfaces#ner_manual.

Offsets are code points; `token_end` names the last token of a span. A rejected span is a task of its own that was
answered with no.
"""

import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.json_lines import dumped, meta_of, write_lines
from annotator.exporters.overlaps import Account, one_layer
from annotator.exporters.own_words import schema, standing
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.keeping import Part
from annotator.model.span import Span

_ANSWERS = {ArticleState.DONE: "accept", ArticleState.SKIPPED: "ignore"}


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """A line for each article, and one for each rejected span where they are wanted."""
    return write_lines(articles, path, partial(_tasks, with_rejected=options.with_rejected)).closed()


def _tasks(annotated: AnnotatedArticle, account: Account, *, with_rejected: bool) -> Iterator[dict[str, Any]]:
    tokens, numbers = _tokens(annotated)
    for _ in annotated.confirmed:
        account.written()
    is_flat = len(one_layer(annotated.confirmed)) == len(annotated.confirmed)
    spans = [_span(annotated, span, numbers) for span in annotated.confirmed]
    answer = _ANSWERS.get(annotated.state)
    state = {} if answer else {"state": annotated.state.value}
    view = "ner_manual" if is_flat else "spans_manual"
    yield _task(annotated, spans, tokens, view, answer) | state | standing(annotated)
    for span in annotated.rejected if with_rejected else ():
        account.written()
        yield _task(annotated, [_span(annotated, span, numbers)], tokens, "ner", "reject")


def _task(
    annotated: AnnotatedArticle, spans: list[Any], tokens: list[Any], view: str, answer: str | None
) -> dict[str, Any]:
    article = annotated.article
    meta = meta_of(annotated)
    of_input = _hash(article.text)
    return {
        "text": article.text,
        **({"meta": meta} if meta else {}),
        "id": article.uid,
        "_input_hash": of_input,
        "_task_hash": _hash(dumped([of_input, view, spans])),
        "_is_binary": view == "ner",
        "tokens": tokens,
        "_view_id": view,
        "spans": spans,
        **({"answer": answer} if answer else {}),
        "schema": schema("prodigy"),
    }


def _hash(text: str) -> int:
    """A signed number of 32 bits, as Prodigy's hashes are; the same on every machine."""
    unsigned = zlib.crc32(text.encode("utf-8"))
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


def _tokens(annotated: AnnotatedArticle) -> tuple[list[dict[str, Any]], list[int]]:
    """Tokens that make up the whole text, one space behind each where `ws` says so; and the number of each of ours.

    More white space than that, and what no token holds, is a token of its own, as spaCy has it.
    """
    text, tokens = annotated.text, annotated.tokens
    found: list[dict[str, Any]] = []
    numbers: list[int] = []
    at = 0
    for index in range(len(tokens)):
        start, end = tokens[index]
        _fill(found, text, at, start)
        numbers.append(len(found))
        found.append(_token(text, start, end, len(found)))
        at = end
    _fill(found, text, at, len(text))
    return found, numbers


def _fill(found: list[dict[str, Any]], text: str, start: int, end: int) -> None:
    if found and text[start:end].startswith(" "):
        found[-1]["ws"] = True
        start += 1
    if start < end:
        found.append(_token(text, start, end, len(found)))


def _token(text: str, start: int, end: int, number: int) -> dict[str, Any]:
    return {"text": text[start:end], "start": start, "end": end, "id": number, "ws": False}


def _span(annotated: AnnotatedArticle, span: Span, numbers: list[int]) -> dict[str, Any]:
    """Off the token edges a span has no token numbers; Prodigy then highlights characters."""
    covered = annotated.tokens.covering(*span.range)
    edges = {"token_start": numbers[covered[0]], "token_end": numbers[covered[1]]} if covered else {}
    return {"start": span.start, "end": span.end, **edges, "label": span.label, "text": annotated.surface(span)}


EXPORTER = Exporter(
    name="prodigy",
    title="Prodigy",
    suffix=".prodigy.jsonl",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.STATE, Part.EDGES, Part.OVERLAPS, Part.REJECTED}),
    remark="Tasks for ner_manual with tokens and answers (spans_manual where spans overlap); each rejected span too.",
)
