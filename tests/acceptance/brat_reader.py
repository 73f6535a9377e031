"""Does pybrat, at its strictest, read a brat folder? `python brat_reader.py FOLDER`; pybrat installed."""

import sys
from pathlib import Path

from pybrat.parser import BratParser
from verdict import given, squeezed, tell


def main(folder: Path) -> int:
    """0 where every annotation is read, and its words stand where it says."""
    lines = sum(line[:1] == b"T" for file in folder.glob("*.ann") for line in file.read_bytes().split(b"\n"))
    spans, wrong = [], 0
    examples = BratParser(error="raise").parse(str(folder))
    for example in examples:
        with (folder / f"{example.id}.txt").open(encoding="utf-8", newline="") as file:
            text = file.read()
        for entity in example.entities:
            there = text[entity.spans[0].start : entity.spans[-1].end]
            wrong += squeezed(there) != squeezed(entity.mention)
            spans.append((entity.type, there))
    problems = [f"{wrong} spans on other words"] if wrong else []
    problems += [f"{len(spans)} of {lines} lines read"] if len(spans) != lines else []
    return tell(["pybrat"], len(examples), spans, problems)


if __name__ == "__main__":
    sys.exit(main(given()))
