"""A folder as the Hugging Face Hub has it: Parquet, and a dataset card that says what is in it.

https://huggingface.co/docs/hub/datasets-cards; the card's head is YAML, of which JSON is a part.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.huggingface import PARQUET, write_parquet
from annotator.model.article import AnnotatedArticle

_DATA = "data/train.parquet"


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """`data/train.parquet` and `README.md`."""
    (path / "data").mkdir()
    ledger = write_parquet(articles, path / _DATA, options)
    with (path / "README.md").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in (*_head(ledger, options), *_body(ledger, options)))
    return ledger


def _head(ledger: Ledger, options: Options) -> Iterator[str]:
    yield "---"
    for key, value in {
        "pretty_name": options.name,
        "language": [options.language] if options.language != "xx" else None,
        "task_categories": ["token-classification"],
        "task_ids": ["named-entity-recognition"],
        "size_categories": [_size(ledger.articles)],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": _DATA}]}],
    }.items():
        if value is not None:
            yield f"{key}: {json.dumps(value, ensure_ascii=False)}"
    yield "---"


def _size(rows: int) -> str:
    """The Hub's words for how many rows there are."""
    steps = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
    return next((words for below, words in steps if rows < below), "1M<n<10M")


def _body(ledger: Ledger, options: Options) -> Iterator[str]:
    yield from ("", f"# {options.name}", "", f"{ledger.articles} articles with named entities, labelled by people.")
    yield from ("", "| label | what belongs to it |", "| --- | --- |")
    yield from (f"| {_cell(label.name)} | {_cell(label.description)} |" for label in options.labels)
    yield from ("", "| column | what it holds |", "| --- | --- |")
    yield from (f"| {column} | {meaning} |" for column, meaning in _COLUMNS.items())
    if ledger.notes:
        yield from ("", "What the tags could not hold:", "", *(f"- {note}" for note in ledger.notes))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


_COLUMNS: dict[str, Any] = {
    "id": "the article's id",
    "tokens": "its tokens",
    "ner_tags": "an IOB2 tag for each token, as a number; the names are in the schema (ClassLabel)",
    "text": "the article, character for character",
    "spans": "every span: `start` and `end` in Unicode code points, end exclusive, `label`, and its words",
    "meta": "title, source and whatever else came along, as JSON",
    "state": "how the work on the article stands",
    "flagged": "whether a person marked it for another look",
    "comment": "what a person wrote on it",
    "schema": "the version of these columns",
}

EXPORTER = Exporter(
    name="huggingface-folder",
    title="Hugging Face dataset with its card (folder)",
    suffix=".hf",
    write=write,
    keeps=PARQUET.keeps,
    remark="Parquet and a README.md that says what is in it, as the Hub has them; also as a zip file.",
    is_folder=True,
)
