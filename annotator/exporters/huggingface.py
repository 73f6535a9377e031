"""Token classification as Hugging Face's datasets hold it, in Parquet or JSON Lines.

https://huggingface.co/docs/transformers/tasks/token_classification. In Parquet the tags are numbers, and the schema
carries their names as a ClassLabel (https://huggingface.co/docs/datasets/about_dataset_features); in JSON Lines, which
has no schema, they are words. `spans` holds every span exactly, also what tags cannot hold.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.json_lines import dumped, meta_of, write_lines
from annotator.exporters.overlaps import Account, layers
from annotator.exporters.own_words import schema
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part
from annotator.model.span import Span

_OUTSIDE = "O"
_ROWS = 256  # of a Parquet file in memory at a time
_KEEPS = frozenset({Part.TEXT, Part.ID, Part.META, Part.STATE, Part.EDGES, Part.OVERLAPS})


def write_jsonl(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    """One line an article, its tags as words."""

    def rows(annotated: AnnotatedArticle, account: Account) -> Iterator[dict[str, Any]]:
        yield _row(annotated, account)

    return _closed(write_lines(articles, path, rows))


def _row(annotated: AnnotatedArticle, account: Account) -> dict[str, Any]:
    tokens = annotated.tokens
    longest = layers(annotated, tokens.snap, account, account.adjusted).longest
    return {
        "id": annotated.article.uid,
        "tokens": [annotated.text[slice(*tokens[index])] for index in range(len(tokens))],
        "ner_tags": _tags(annotated, longest),
        "text": annotated.text,
        "spans": [_span(annotated, span) for span in annotated.confirmed],
        # One string, and every column in every row: readers take the columns' types from the first rows.
        "meta": dumped(meta_of(annotated)),
        "state": annotated.state.value,
        "flagged": annotated.flagged,
        "comment": annotated.comment,
        "schema": schema("huggingface"),
    }


def _tags(annotated: AnnotatedArticle, spans: list[Span]) -> list[str]:
    """IOB2: B- for a span's first token, I- for its others, O outside."""
    tags = [_OUTSIDE] * len(annotated.tokens)
    for span in spans:
        first, last = annotated.tokens.covering(*span.range) or (0, -1)
        for index in range(first, last + 1):
            tags[index] = f"{'B' if index == first else 'I'}-{span.label}"
    return tags


def _span(annotated: AnnotatedArticle, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label, "text": annotated.surface(span)}


def _closed(account: Account) -> Ledger:
    """Nothing is dropped: what the tags cannot hold stands in `spans`."""
    ledger = account.closed()
    ledger.adjusted, ledger.dropped = ledger.adjusted + ledger.dropped, 0
    ledger.lines = [line._replace(outcome="adjusted") for line in ledger.lines]
    if ledger.adjusted:
        ledger.note("This is said of ner_tags; “spans” holds all of them as they are.")
    return ledger


# Parquet


class _TagNumbers:
    """The tags' numbers: O is 0, then B- and I- of each label in the project's order, then of others as they come."""

    def __init__(self, labels: Iterable[str]) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._add(_OUTSIDE)
        for label in labels:
            self._add(f"B-{label}", f"I-{label}")

    def of(self, tag: str) -> int:
        if tag not in self._numbers:
            self._add(f"B-{tag[2:]}", f"I-{tag[2:]}")
        return self._numbers[tag]

    def _add(self, *tags: str) -> None:
        for tag in tags:
            self._numbers[tag] = len(self.names)
            self.names.append(tag)


def write_parquet(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """One row an article, its tags as numbers with their names in the schema."""
    pyarrow, parquet = _pyarrow()
    account = Account()
    numbers = _TagNumbers(label.name for label in options.labels)
    columns = _columns(pyarrow)
    # Without Arrow's own copy of the schema, readers find the names that are only known at the end.
    with parquet.ParquetWriter(path, columns, store_schema=False) as writer:
        coming = (_parquet_row(annotated, account, numbers) for annotated in articles)
        while rows := list(islice(coming, _ROWS)):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=columns))
            account.ledger.articles += len(rows)
        writer.add_key_value_metadata({"huggingface": json.dumps({"info": {"features": features(numbers.names)}})})
    return _closed(account)


def _parquet_row(annotated: AnnotatedArticle, account: Account, numbers: _TagNumbers) -> dict[str, Any]:
    row = _row(annotated, account)
    row["ner_tags"] = [numbers.of(tag) for tag in row["ner_tags"]]
    return row


def _columns(pa: Any) -> Any:
    words = pa.string()
    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", words), ("text", words)])
    return pa.schema(
        [
            ("id", words),
            ("tokens", pa.list_(words)),
            ("ner_tags", pa.list_(pa.int64())),
            ("text", words),
            ("spans", pa.list_(span)),
            ("meta", words),
            ("state", words),
            ("flagged", pa.bool_()),
            ("comment", words),
            ("schema", words),
        ]
    )


def features(names: list[str]) -> dict[str, Any]:
    """The columns in the words of the library datasets; older versions read "Sequence", too."""
    words, number = {"dtype": "string", "_type": "Value"}, {"dtype": "int64", "_type": "Value"}
    return {
        "id": words,
        "tokens": {"feature": words, "_type": "Sequence"},
        "ner_tags": {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"},
        "text": words,
        "spans": [{"start": number, "end": number, "label": words, "text": words}],
        "meta": words,
        "state": words,
        "flagged": {"dtype": "bool", "_type": "Value"},
        "comment": words,
        "schema": words,
    }


def _pyarrow() -> tuple[Any, Any]:
    """Imported late: it is large, and only Parquet files need it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        advice = "Install Annotator with the extra “datasets”, or export huggingface-jsonl."
        raise KnownError("Parquet files cannot be written: pyarrow is not installed.", advice) from error
    return pyarrow, pyarrow.parquet


PARQUET = Exporter(
    name="huggingface",
    title="Hugging Face dataset (Parquet)",
    suffix=".parquet",
    write=write_parquet,
    keeps=_KEEPS,
    remark="Tokens and numbered IOB2 tags with their names in the schema; text and exact spans beside them.",
    use=Use.TRAIN,
)
JSONL = Exporter(
    name="huggingface-jsonl",
    title="Hugging Face dataset (JSON Lines)",
    suffix=".hf.jsonl",
    write=write_jsonl,
    keeps=_KEEPS,
    remark="Tokens and IOB2 tags as words; text and exact spans beside them.",
    use=Use.TRAIN,
)
