"""Does html5lib read an .html file as a browser would? `python page_reader.py FILE`; html5lib installed.

Spans that cross others are drawn in pieces; their words are not put together again here.
"""

import json
import sys
from pathlib import Path
from typing import Any

import html5lib
from verdict import given, tell


def main(path: Path) -> int:
    """0 where nothing is against the standard, and every mark has its words."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(path.read_bytes())
    problems = [f"{len(parser.errors)} errors, first {parser.errors[0]}"] if parser.errors else []
    articles = page.findall(".//article")
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
    sys.exit(main(given()))
