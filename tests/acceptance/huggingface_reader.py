"""Do datasets, pandas and pyarrow take the file or folder? All offline.

pip install datasets pandas pyarrow
python tests/acceptance/huggingface_reader.py PATH     # .parquet, .hf.jsonl, .hf, or any JSON Lines

Where PATH is not there, but its parts are (PATH-train and so on), they are loaded as one dataset with splits.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verdict import given, parts, tell

os.environ["HF_DATASETS_OFFLINE"] = "1"
_THEIRS = {"train": "train", "dev": "validation", "test": "test"}


def main(path: Path) -> int:
    """0 where every row loads, tags fit tokens, and every span reads as it says."""
    with tempfile.TemporaryDirectory() as folder:
        data = loaded(path, folder)
        rows = [row for split in data.values() for row in split]
        spans = [(row["text"], span) for row in rows for span in row["spans"]]
        problems = [*words_apart(spans), *split_apart(path, data)]
        for split in data.values():
            problems += tags_apart(split)
    packages = ["datasets"]
    if path.suffix == ".parquet":
        packages += ["pandas", "pyarrow"]
        problems += read_by_others(path, rows)
    words = [(span["label"], text[span["start"] : span["end"]]) for text, span in spans]
    return tell(packages, len(rows), words, problems)


def loaded(path: Path, folder: str) -> Any:
    """The dataset with its splits, as its owner would load it."""
    from datasets import load_dataset

    if path.is_dir():
        return load_dataset(str(path), cache_dir=folder)
    files = parts(path)
    named = {_THEIRS[file.name.partition(".")[0].rpartition("-")[2]]: str(file) for file in files if file != path}
    kind = "parquet" if path.suffix == ".parquet" else "json"
    return load_dataset(kind, data_files=named or {"train": str(path)}, cache_dir=folder)


def words_apart(spans: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Spans whose words are not those of the text."""
    wrong = sum(text[span["start"] : span["end"]] != span["text"] for text, span in spans)
    if wrong:
        yield f"{wrong} spans on other words"


def split_apart(path: Path, data: Any) -> Iterator[str]:
    """Splits that are not the parts there are, by the names that datasets has for them."""
    there = {_THEIRS[part.name] for part in path.iterdir() if part.name in _THEIRS} if path.is_dir() else set()
    if there and set(data) != there:
        yield f"splits {sorted(data)}, but {sorted(there)} were written"


def tags_apart(split: Any) -> Iterator[str]:
    """Tags that do not fit the tokens, or are no numbers with names where the columns have types."""
    if "ner_tags" not in split.features:
        return
    names = getattr(split.features["ner_tags"].feature, "names", None)
    uneven = sum(len(row["tokens"]) != len(row["ner_tags"]) for row in split)
    if uneven:
        yield f"{uneven} rows with more or fewer tags than tokens"
    tags = {names[tag] if names else tag for row in split for tag in row["ner_tags"]}
    if not {tag[:2] for tag in tags} <= {"O", "B-", "I-"} or not tags - {"O"}:
        yield f"tags {sorted(tags)[:5]}"


def read_by_others(path: Path, rows: list[Any]) -> Iterator[str]:
    """What pandas and pyarrow read otherwise."""
    import pandas
    import pyarrow.parquet

    frames = [pandas.read_parquet(file) for file in parts(path)]
    tables = [pyarrow.parquet.read_table(file) for file in parts(path)]
    texts = [text for frame in frames for text in frame["text"]]
    others = [text for table in tables for text in table["text"].to_pylist()]
    if not texts == others == [row["text"] for row in rows]:
        yield f"pandas {len(texts)}, pyarrow {len(others)} rows, or other texts"


if __name__ == "__main__":
    sys.exit(main(given()))
