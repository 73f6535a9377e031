"""Does another reader of Prodigy's files take this one? Prodigy itself is not free; reconner reads its format.

pip install reconner==0.14.0
python tests/acceptance/prodigy_reader.py FILE.prodigy.jsonl
"""

import json
import sys
from pathlib import Path


def main(path: str) -> int:
    """0 where reconner reads every line and span, and the spans and tokens read as the text does."""
    from recon.loaders import read_jsonl

    lines = [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]
    examples = list(read_jsonl(Path(path)))
    spans = [(example.text, span) for example in examples for span in example.spans]
    wanted = sum(len(line["spans"]) for line in lines)
    wrong = [span for text, span in spans if text[span.start : span.end] != span.text]
    torn = [line for line in lines if "".join(t["text"] + " " * t["ws"] for t in line["tokens"]) != line["text"]]
    off = [s for line in lines for s in line["spans"] if "token_start" in s and not on_tokens(line["tokens"], s)]
    print(f"{len(examples)} of {len(lines)} lines, {len(spans)} of {wanted} spans; {len(wrong)} wrong, {len(off)} off")
    return 0 if (len(examples), len(spans)) == (len(lines), wanted) and not (wrong or torn or off) else 1


def on_tokens(tokens: list[dict[str, int]], span: dict[str, int]) -> bool:
    """Do the span's first and last token have its edges?"""
    return tokens[span["token_start"]]["start"] == span["start"] and tokens[span["token_end"]]["end"] == span["end"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
