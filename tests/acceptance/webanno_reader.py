"""Does web-anno-tsv read a folder of WebAnno TSV? `python webanno_reader.py FOLDER`; web-anno-tsv 0.0.1 installed.

It reads spans of whole tokens only, and one in a stack; folders with others have more spans than it finds.
Files with escapes (a carriage return, a control character, a backslash) are left out, as it does not undo them.
"""

import re
import sys
from pathlib import Path

from web_anno_tsv import open_web_anno_tsv


def spans(path: Path) -> tuple[int, int]:
    """How many spans a file has, and how many of these lie in a stack or within a token."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line[:1].isdigit()]
    single = stacked = 0
    seen: set[str] = set()
    for row in rows:
        values = re.split(r"(?<!\\)\|", row[4]) if row[4] != "_" else []
        for value in values:
            number = re.search(r"(?<!\\)\[(\d+)\]$", value)
            if number is None or number[1] not in seen:
                seen.add(number[1] if number else "")
                single += 1
                stacked += len(values) > 1 or "." in row[0]
    return single, stacked


def main() -> int:
    """0 where as many spans are found as there are, but for those that it cannot read."""
    total = found = odd = 0
    for path in sorted(Path(sys.argv[1]).glob("*.tsv")):
        if b"\\" in path.read_bytes():
            print(f"{path.name}: has escapes, left out")
            continue
        count, unread = spans(path)
        with open_web_anno_tsv(str(path)) as file:
            read = [annotation for sentence in file for annotation in sentence.annotations]
        total, odd, found = total + count, odd + unread, found + len(read)
        print(f"{path.name}: {count} spans, of which {unread} are stacked or within a token; {len(read)} read")
    print(f"{total} spans, {found} read, {odd} in stacks or within tokens")
    return int(abs(total - found) > odd or not total)


if __name__ == "__main__":
    sys.exit(main())
