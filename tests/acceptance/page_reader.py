"""Does html5lib read an .html file as a browser would? `python page_reader.py FILE.html FILE.jsonl`; it is installed.

The second file has the same articles. Control characters in them, and references to carriage returns, are errors by
the standard, but it says what comes of them: the same characters, which nothing else could hold.

Spans that cross others are drawn in pieces; their words are not put together again here.
"""

import json
import sys
from pathlib import Path
from typing import Any

import html5lib
from verdict import given, tell

_KEPT = (("illegal-codepoint-for-numeric-entity", {"charAsInt": 13}), ("invalid-codepoint", {}))


def main(path: Path, texts: list[str]) -> int:
    """0 where nothing is against the standard, the texts are these, and every mark has its words."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(path.read_bytes())
    errors = [error for error in parser.errors if error[1:] not in _KEPT]
    problems = [f"{len(errors)} errors, first {errors[0]}"] if errors else []
    articles = page.findall(".//article")
    shown = ["".join(article.find("div[@class='text']").itertext()) for article in articles]
    other = sum(one != two for one, two in zip(shown, texts, strict=True))
    problems += [f"{other} texts are others"] if other else []
    whole, cut = [], 0
    for article in articles:
        for mark in article.iter("mark"):
            looks = mark.get("class", "").split()
            cut += "cut" in looks and "more" not in looks
            if not {"cut", "more"} & set(looks):
                whole.append((mark.get("data-label"), "".join(mark.itertext())))
    wanted = sum(len(json.loads(article.get("data-record"))["spans"]) for article in articles)
    problems += [f"{len(whole) + cut} marks for {wanted} spans"] if len(whole) + cut != wanted else []
    problems += [f"{what} come from outside" for what in sorted(set(outside(page)))]
    return tell(["html5lib"], len(articles), whole, problems, cut)


def outside(page: Any) -> list[str]:
    """What a browser would fetch or run."""
    fetched = [each.tag for each in page.iter() if each.tag in ("script", "link", "img", "iframe", "object", "embed")]
    return fetched + [f"{each.tag}'s {key}" for each in page.iter() for key in each.attrib if key in ("src", "style")]


if __name__ == "__main__":
    lines = Path(sys.argv[2]).read_text("utf-8").split("\n")
    sys.exit(main(given(), [json.loads(line)["text"] for line in lines if line]))
