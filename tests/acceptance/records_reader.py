"""Does every line of a .jsonl file fit the schema, and mark the words it says? `python records_reader.py FILE`.

jsonschema installed; the schema is resources/record.schema.json.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from verdict import given, tell

SCHEMA = Path(__file__).resolve().parents[2] / "resources" / "record.schema.json"


def main(path: Path) -> int:
    """0 where each does."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    lines = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    problems = [
        f"line {n}: {error.message[:200]}" for n, line in enumerate(lines, 1) for error in validator.iter_errors(line)
    ]
    spans = [(line["text"], span) for line in lines for span in line["spans"]]
    wrong = sum(text[span["start"] : span["end"]] != span["text"] for text, span in spans)
    problems += [f"{wrong} spans on other words"] if wrong else []
    return tell(["jsonschema"], len(lines), [(span["label"], span["text"]) for _, span in spans], problems)


if __name__ == "__main__":
    sys.exit(main(given()))
