"""Does pybrat, at its strictest, read a brat folder? `python brat_reader.py FOLDER`; pybrat 0.1.7 installed."""

import sys
from pathlib import Path

from pybrat.parser import BratParser


def main() -> int:
    """0 where every annotation is read, and its words stand where it says."""
    folder = Path(sys.argv[1])
    lines = sum(file.read_bytes().count(b"\n") for file in folder.glob("*.ann"))
    found = wrong = 0
    for example in BratParser(error="raise").parse(str(folder)):
        with (folder / f"{example.id}.txt").open(encoding="utf-8", newline="") as file:
            text = file.read()
        for entity in example.entities:
            found += 1
            there = text[entity.spans[0].start : entity.spans[-1].end]
            wrong += " ".join(there.split()) != " ".join(entity.mention.split())
    print(f"{lines} annotations, {found} read, {wrong} at another place")
    return int(found != lines or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
