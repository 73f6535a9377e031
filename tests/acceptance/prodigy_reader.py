"""Does another reader of Prodigy's files take this one? Prodigy itself is not free; reconner reads its format.

pip install reconner==0.14.0
python tests/acceptance/prodigy_reader.py FILE.prodigy.jsonl
"""

import json
import sys
from pathlib import Path

from verdict import given, tell


def main(path: Path) -> int:
    """0 where reconner reads every line and span, and the spans and tokens read as the text does."""
    from recon.loaders import read_jsonl

    lines = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    examples = list(read_jsonl(path))
    spans = [(example.text, span) for example in examples for span in example.spans]
    checks = {
        "lines not read": len(lines) - len(examples),
        "spans not read": sum(len(line["spans"]) for line in lines) - len(spans),
        "spans on other words": sum(text[span.start : span.end] != span.text for text, span in spans),
        "texts that are not their tokens": sum(not is_whole(line) for line in lines),
        "spans off their tokens": sum(not on_tokens(line["tokens"], s) for line in lines for s in line["spans"]),
    }
    problems = [f"{count} {what}" for what, count in checks.items() if count]
    words = [(span.label, text[span.start : span.end]) for text, span in spans]
    return tell(["reconner"], len({example.text for example in examples}), words, problems)


def is_whole(line: dict[str, list[dict[str, str | bool]]]) -> bool:
    """Do the tokens and the blanks behind them make the text?"""
    return "".join(str(token["text"]) + " " * bool(token["ws"]) for token in line["tokens"]) == line["text"]


def on_tokens(tokens: list[dict[str, int]], span: dict[str, int]) -> bool:
    """Do the span's first and last token, where it names them, have its edges?"""
    if "token_start" not in span:
        return True
    return tokens[span["token_start"]]["start"] == span["start"] and tokens[span["token_end"]]["end"] == span["end"]


if __name__ == "__main__":
    sys.exit(main(given()))
