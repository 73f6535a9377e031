"""labelbuddy's documents: https://jeromedockes.github.io/labelbuddy/labelbuddy/current/doc/."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.json_lines import meta_of, write_lines
from annotator.exporters.overlaps import Account
from annotator.exporters.own_words import schema
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part


def write(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    """One line an article."""
    return write_lines(articles, path, _records).closed()


def _records(annotated: AnnotatedArticle, account: Account) -> Iterator[dict[str, Any]]:
    raw = annotated.text.encode("utf-8")
    in_bytes = list(accumulate((len(character.encode("utf-8")) for character in annotated.text), initial=0))
    for _ in annotated.confirmed:
        account.written()
    yield {
        "text": annotated.text,
        "metadata": meta_of(annotated),
        "utf8_text_md5_checksum": hashlib.md5(raw, usedforsecurity=False).hexdigest(),
        "annotations": [
            {
                "start_char": span.start,
                "end_char": span.end,
                "start_byte": in_bytes[span.start],
                "end_byte": in_bytes[span.end],
                "label_name": span.label,
            }
            for span in annotated.confirmed
        ],
        "id": annotated.article.uid,
        "schema": schema("labelbuddy"),
    }


EXPORTER = Exporter(
    name="labelbuddy",
    title="labelbuddy",
    suffix=".labelbuddy.jsonl",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="Documents with annotations in code points and bytes, and their metadata.",
)
