"""Do datasets, pandas and pyarrow take the file? All offline.

pip install datasets pandas pyarrow
python tests/acceptance/huggingface_reader.py FILE.parquet     # or FILE.hf.jsonl, or any JSON Lines
"""

import os
import sys
import tempfile
from typing import Any

os.environ["HF_DATASETS_OFFLINE"] = "1"


def main(path: str) -> int:
    """0 where every row loads, tags fit tokens, and every span reads as it says."""
    with tempfile.TemporaryDirectory() as folder:
        rows, tags = loaded(path, folder)
    if path.endswith(".parquet"):
        import pandas
        import pyarrow.parquet

        frame = pandas.read_parquet(path)
        print(f"  pandas: {len(frame)} rows, {len(frame.columns)} columns")
        print(f"  pyarrow: {pyarrow.parquet.read_table(path).num_rows} rows")
    if "tokens" not in rows[0]:
        print(f"{len(rows)} rows without tokens")
        return 0
    uneven = [row for row in rows if len(row["tokens"]) != len(row["ner_tags"])]
    spans = [(row["text"], span) for row in rows for span in row["spans"]]
    wrong = [span for text, span in spans if text[span["start"] : span["end"]] != span["text"]]
    begun = sum(tag.startswith("B-") for row in rows for tag in tags(row))
    print(f"{len(rows)} rows, {len(spans)} spans, {begun} of them in tags; {len(uneven)} uneven, {len(wrong)} wrong")
    return 1 if uneven or wrong else 0


def loaded(path: str, folder: str) -> tuple[list[dict[str, Any]], Any]:
    """The rows, and the way from a row to its tags as words."""
    from datasets import load_dataset

    kind = "parquet" if path.endswith(".parquet") else "json"
    data = load_dataset(kind, data_files=path, split="train", cache_dir=folder)
    print(data.features)
    feature = getattr(data.features.get("ner_tags"), "feature", None)
    names = getattr(feature, "names", None)
    return list(data), lambda row: [names[tag] for tag in row["ner_tags"]] if names else row["ner_tags"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
