"""What stands above an article wherever it is shown."""

import pytest

from annotator.model.article import Article
from annotator.model.heading import about, begins_with_title, title_above


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"source": "Reuters", "published": "2026-05-03T10:00:00Z"}, "Reuters  ·  3 May 2026"),
        ({"source": " The\nHerald ", "published": "last week"}, "The Herald  ·  last week"),
        ({"published": "2026-12-31"}, "31 December 2026"),
        ({}, ""),
    ],
)
def test_source_and_date_in_one_line(meta: dict[str, str], expected: str) -> None:
    assert about(Article("a", "Text.", meta)) == expected


def test_the_title_stands_above_where_the_text_has_none() -> None:
    assert title_above(Article("a", "Text.", {"title": "Two\nlines"})) == "Two lines"
    begun = Article("a", "\ufeff\r\nOut\n\nText.", {"title": "Out"})
    assert begins_with_title(begun)
    assert title_above(begun) == ""
    assert not begins_with_title(Article("a", "Text.", {}))
