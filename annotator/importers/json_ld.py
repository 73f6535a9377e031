"""What a news page says of itself in JSON-LD: more exact than anything read off its looks.

The vocabulary is schema.org's NewsArticle, https://schema.org/NewsArticle.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DEEPEST = 8


def facts_in(scripts: Iterable[str]) -> dict[str, str]:
    """Title, author, published, source, url and language of the first article that the scripts describe.

    Only keys that they hold a value for.
    """
    for node in _nodes(_loaded(scripts)):
        if any(_ARTICLE.search(str(kind)) for kind in _listed(node.get("@type"))):
            day = _DAY.match(str(node.get("datePublished") or ""))
            author = ", ".join(filter(None, map(_name, _listed(node.get("author")))))
            facts = {
                "title": _words(node.get("headline")),
                "author": author,
                "published": day[0] if day else "",
                "source": ", ".join(filter(None, map(_name, _listed(node.get("publisher"))))),
                "url": _address(node),
                "language": _words(node.get("inLanguage")),
            }
            return {key: value for key, value in facts.items() if value}
    return {}


def _loaded(scripts: Iterable[str]) -> Iterator[Any]:
    for script in scripts:
        try:
            yield json.loads(script, strict=False)  # line breaks within strings are common on pages
        except (ValueError, RecursionError):
            continue


def _nodes(values: Iterable[Any], levels: int = _DEEPEST) -> Iterator[dict[str, Any]]:
    """Every object that may be the article: at the top, in a list, a graph or a page's main entity."""
    for value in values if levels else ():
        if isinstance(value, list):
            yield from _nodes(value, levels - 1)
        elif isinstance(value, dict):
            yield value
            yield from _nodes([value.get("@graph"), value.get("mainEntity")], levels - 1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(author: Any) -> str:
    return _words(author.get("name") if isinstance(author, dict) else author)


def _address(node: dict[str, Any]) -> str:
    """Where the article is at home: its own address, or that of the page it is the subject of."""
    page = node.get("mainEntityOfPage")
    places = (node.get("url"), page.get("@id") if isinstance(page, dict) else page)
    return next((place for place in places if isinstance(place, str) and place.startswith(("http:", "https:"))), "")


def _words(value: Any) -> str:
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""
