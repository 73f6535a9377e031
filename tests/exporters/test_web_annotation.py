"""W3C Web Annotations: one JSON document, selectors that point at the words."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.exporters import Options, by_name, export
from annotator.model.article import AnnotatedArticle, Article

Make = Callable[..., AnnotatedArticle]


def written(path: Path, articles: list[AnnotatedArticle], **options: Any) -> dict[str, Any]:
    export(by_name("webannotation"), articles, path / "out", Options(**options))
    document: dict[str, Any] = json.loads((path / "out").read_text(encoding="utf-8"))
    return document


def test_the_selectors_find_the_words(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    document = written(tmp_path, articles, with_rejected=True)
    items = document["first"]["items"]
    assert document["total"] == len(items) == 9
    text = articles[0].text
    for item in items:
        quote, place = item["target"]["selector"]
        assert quote["exact"] == text[place["start"] : place["end"]]
        assert text.endswith(quote["suffix"]) or quote["exact"] + quote["suffix"] in text
        assert quote["prefix"] + quote["exact"] in text
        assert item["target"]["source"]["dc:identifier"] == "a1"
    assert len({item["id"] for item in items}) == 9


def test_who_when_and_by_what(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    items = written(tmp_path, articles, with_rejected=True)["first"]["items"]
    assert items[0]["creator"] == {"type": "Person", "name": "ana"}
    assert items[0]["created"] == "2026-01-31T09:30:00Z"
    assert items[0]["generator"] == {"type": "Software", "name": "en_core_web_sm 3.8.0"}
    assert items[0]["body"]["value"] == "ORG"
    assert "generator" not in items[1]
    rejected = [item for item in items if item["motivation"] == "assessing"]
    assert [[body["value"] for body in item["body"]] for item in rejected] == [
        ["MISC", "rejected"],
        ["PER", "rejected"],
    ]


def test_an_article_with_an_address_is_named_by_it(make: Make, tmp_path: Path) -> None:
    article = make("Ann left.", ("Ann", "PER"))
    named = replace(article, article=Article("a1", "Ann left.", {"url": "https://a.example/ü x"}))
    (item,) = written(tmp_path, [named])["first"]["items"]
    assert item["target"]["source"]["id"] == "https://a.example/%C3%BC%20x"


def test_no_span_gives_an_empty_page(tmp_path: Path) -> None:
    assert written(tmp_path, [])["first"]["items"] == []
