"""What a news page states of itself: in JSON-LD, then in OpenGraph and the like; nothing is guessed.

OpenGraph is https://ogp.me, with its article:published_time; the other names of dates are those that publishers'
programs write (Parsely, Dublin Core, schema.org as microdata).
"""

import re
from typing import Any

from annotator.importers.json_ld import facts_in

_META = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title"),
    "author": ("author", "article:author", "parsely-author", "dc.creator"),
    "published": (
        *("article:published_time", "og:article:published_time", "og:published_time", "datepublished"),
        *("parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "pubdate", "publish-date"),
    ),
    "source": ("og:site_name", "application-name"),
    "url": ("og:url",),
    "language": ("og:locale",),
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NAMED_BY = ("property", "name", "itemprop")


def stated_in(tree: Any) -> dict[str, str]:
    """Title, author, published (ISO date), source, url and language, those that the page states.

    :param tree: the page as lxml has it.
    """
    metas = _metas(tree)
    found = {key: next((metas[name] for name in names if name in metas), "") for key, names in _META.items()}
    found["language"] = tree.get("lang") or found["language"].replace("_", "-")
    day = _DAY.match(found["published"])
    found["published"] = day[0] if day else ""
    if found["author"].startswith(("http:", "https:")):  # a profile's address
        found["author"] = ""
    found["author"] = re.sub(r"^by\s+", "", found["author"], flags=re.IGNORECASE)
    found["title"] = _without_site(found["title"], found["source"])
    linked = facts_in(tree.xpath('//script[@type="application/ld+json"]/text()'))
    canonical = next(iter(tree.xpath('//link[@rel="canonical"]/@href')), "")
    if canonical.startswith(("http:", "https:")):
        linked["url"] = canonical
    if found["source"]:  # the paper's name, where the publisher is its company
        linked.pop("source", None)
    if tree.get("lang"):
        linked.pop("language", None)
    return {key: value for key, value in (found | linked).items() if value}


def headlines_of(tree: Any) -> set[str]:
    """The page's first-level headings, white space collapsed."""
    return {" ".join(heading.text_content().split()) for heading in tree.iter("h1")}


def _metas(tree: Any) -> dict[str, str]:
    """The contents of the page's meta elements by their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        for kind in _NAMED_BY:
            if content and (name := (element.get(kind) or "").strip().lower()):
                found.setdefault(name, content)
    return found


def _without_site(title: str, site: str) -> str:
    """A title whose last part is the site's name, without it."""
    pattern = rf"\s+[|–—-]\s+{re.escape(site)}$"
    return re.sub(pattern, "", title, flags=re.IGNORECASE) if site else title
