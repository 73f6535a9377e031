"""W3C Web Annotations as JSON-LD: every span as an annotation that points into its article.

The model: https://www.w3.org/TR/annotation-model/#text-position-selector; positions are in code points.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.json_lines import dumped
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part
from annotator.model.span import Span, SpanState
from annotator.model.text import text_uid

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # code points before and after a quote, by which it is found again in a text that was changed


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """One AnnotationCollection of one page; its id is made from its content."""
    ledger, total, digest = Ledger(), 0, hashlib.sha256()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"@context": "{_CONTEXT}", "type": "AnnotationCollection",\n')
        file.write('"first": {"type": "AnnotationPage", "startIndex": 0, "items": [')
        for line in _items(articles, ledger, with_rejected=options.with_rejected):
            file.write(f"{',' if total else ''}\n{line}")
            digest.update(line.encode())
            total += 1
        name = f"urn:uuid:{text_uid(digest.hexdigest())}"
        file.write(f'\n], "id": "{name}#page"}},\n"total": {total}, "id": "{name}"}}\n')
    return ledger


def _items(articles: Iterable[AnnotatedArticle], ledger: Ledger, *, with_rejected: bool) -> Iterator[str]:
    for annotated in articles:
        spans = [*annotated.confirmed, *(annotated.rejected if with_rejected else ())]
        ledger.articles += 1
        ledger.written += len(spans)
        yield from (dumped(_annotation(annotated, span)) for span in spans)


def _annotation(annotated: AnnotatedArticle, span: Span) -> dict[str, Any]:
    rejected = span.state is SpanState.REJECTED
    label = {"type": "TextualBody", "purpose": "tagging", "value": span.label, "format": "text/plain"}
    verdict = {"type": "TextualBody", "purpose": "assessing", "value": "rejected", "format": "text/plain"}
    by_person = span.source == "person"
    fields = {
        "id": f"urn:uuid:{_uuid(span.uid or f'{annotated.article.uid} {span.start} {span.end} {span.label}')}",
        "type": "Annotation",
        "motivation": "assessing" if rejected else "tagging",
        "creator": {"type": "Person", "name": span.annotator} if span.annotator else None,
        "created": span.at,
        "generator": None if by_person else {"type": "Software", "name": span.source},
        "body": [label, verdict] if rejected else label,
        "target": {"source": _source(annotated), "selector": _selectors(annotated.text, span)},
    }
    return {key: value for key, value in fields.items() if value is not None}


def _source(annotated: AnnotatedArticle) -> dict[str, Any]:
    """The article at its address, or under a name made from its id."""
    article = annotated.article
    url = str(article.meta.get("url") or "")
    known = url.startswith(("http://", "https://"))
    iri = quote(url, safe=":/?#[]@!$&'()*+,;=%~") if known else f"urn:uuid:{_uuid(article.uid)}"
    return {"id": iri, "type": "Text", "dc:identifier": article.uid, "dc:title": article.title}


def _uuid(name: str) -> str:
    """The name itself if it is a UUID, else one made from it."""
    try:
        return str(uuid.UUID(name))
    except ValueError:
        return text_uid(name)


def _selectors(text: str, span: Span) -> list[dict[str, Any]]:
    quoted = {
        "type": "TextQuoteSelector",
        "exact": text[span.start : span.end],
        "prefix": text[max(span.start - _AROUND, 0) : span.start],
        "suffix": text[span.end : span.end + _AROUND],
    }
    return [quoted, {"type": "TextPositionSelector", "start": span.start, "end": span.end}]


EXPORTER = Exporter(
    name="webannotation",
    title="W3C Web Annotations",
    suffix=".jsonld",
    write=write,
    keeps=frozenset({Part.ID, Part.EDGES, Part.OVERLAPS, Part.REJECTED}),
    remark="JSON-LD: every span with its label, words and position, who and when; without the texts.",
)
