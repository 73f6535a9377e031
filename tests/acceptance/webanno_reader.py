"""Does web-anno-tsv read a folder of WebAnno TSV? `python webanno_reader.py FOLDER`; web-anno-tsv installed.

It reads spans of whole tokens only, and one in a stack; folders with others have more spans than it finds.
Files with escapes (a carriage return, a control character, a backslash) are passed over, as it does not undo them.
"""

import re
import sys
from pathlib import Path

from verdict import given, tell
from web_anno_tsv import open_web_anno_tsv

_NUMBER = re.compile(r"(?<!\\)\[(\d+)\]$")


def main(folder: Path) -> int:
    """0 where as many spans are found as there are, but for those that it cannot read."""
    spans, unread, wrong = [], 0, []
    files = sorted(folder.glob("*.tsv"))
    for path in files:
        count, odd = counts(path)
        if b"\\" in path.read_bytes():
            unread += count
            continue
        with open_web_anno_tsv(str(path)) as file:
            read = [(each.label, each.text) for sentence in file for each in sentence.annotations]
        wrong += [f"{path.name}: {len(read)} of {count} spans"] if not count - odd <= len(read) <= count else []
        unread += count - len(read)
        spans += read
    return tell(["web-anno-tsv"], len(files), spans, wrong, unread)


def counts(path: Path) -> tuple[int, int]:
    """How many spans a file has, and how many of these lie in a stack or within a token."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line[:1].isdigit()]
    single = stacked = 0
    seen: set[str] = set()
    for row in rows:
        values = re.split(r"(?<!\\)\|", row[4]) if row[4] != "_" else []
        for value in values:
            number = _NUMBER.search(value)
            if number is None or number[1] not in seen:
                seen.add(number[1] if number else "")
                single += 1
                stacked += len(values) > 1 or "." in row[0]
    return single, stacked


if __name__ == "__main__":
    sys.exit(main(given()))
