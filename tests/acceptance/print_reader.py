"""Does pypdf find all words of the articles in a .pdf file? `python print_reader.py FILE.pdf FILE.jsonl`.

The second file has the same articles. Words in scripts that are written from the right, or whose letters join, come
out of a PDF in another order or form, and are passed over; so are signs that no font of this machine has.
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

from pypdf import PdfReader
from verdict import given, squeezed, tell

_WORD = re.compile(r"[A-Za-z0-9À-ɏ]{2,40}")  # a longer one may be cut at the end of a page


def main(path: Path, articles: Path) -> int:
    """0 where every word in Latin letters of the articles is there."""
    printed = squeezed("".join(page.extract_text() for page in PdfReader(path, strict=True).pages))
    printed = unicodedata.normalize("NFKC", printed)
    texts = [json.loads(line)["text"] for line in articles.read_text("utf-8").split("\n") if line]
    words = {word for text in texts for word in _WORD.findall(unicodedata.normalize("NFKC", text))}
    missing = {word for word in words if word not in printed}
    problems = [f"{len(missing)} words are missing: {sorted(missing)[:5]}"] if missing else []
    return tell(["pypdf"], len(texts), None, problems)


if __name__ == "__main__":
    sys.exit(main(given(), Path(sys.argv[2])))
