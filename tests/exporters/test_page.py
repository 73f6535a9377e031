"""The web page: nothing from outside is markup, and its text is the text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.exporters import Options, by_name, export
from annotator.exporters.nesting import nested
from annotator.importers import importer_of, read
from annotator.importers.base import Record
from annotator.model.article import AnnotatedArticle, Article, ArticleState
from annotator.model.label import Label
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import rough_tokens

ASKED = Options((Label("ORG", "orange"), Label("PER", "no colour"), Label("LOC", "#0a0")), with_rejected=True, name="N")
MARKUP = "<script>alert(1)</script>\"'&amp;</style></title><img src=x onerror=alert(2)>"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "a", "header", "h1", "main", "article", "p", "h2", "div"),
    *("mark", "span", "br", "nav", "ul", "ol", "li", "b"),
}


def page(articles: list[AnnotatedArticle], path: Path, options: Options = ASKED) -> str:
    export(by_name("html"), articles, path, options)
    return path.read_text(encoding="utf-8")


def records(path: Path) -> Iterator[Record]:
    assert importer_of(path).name == "annotator-page"
    for item in read(path):
        assert isinstance(item, Record), item
        yield item


class Tags(HTMLParser):
    """The names of all tags and attributes, and where links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.links = set[str](), set[str](), set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def same(record: Record, annotated: AnnotatedArticle) -> None:
    assert record.article.uid == annotated.article.uid
    assert record.article.text == annotated.text
    meta = {key: value for key, value in annotated.article.meta.items() if value not in (None, "", [], {})}
    assert dict(record.article.meta) == meta
    assert (record.state, record.flagged, record.comment) == (annotated.state, annotated.flagged, annotated.comment)
    kept = [span for span in annotated.spans if span.state is not SpanState.SUGGESTED]
    assert list(record.spans) == kept
    assert not record.notes
    assert not record.problems


def test_a_page_is_read_back_whole(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    page(articles, tmp_path / "a.html")
    for record, annotated in zip(records(tmp_path / "a.html"), articles, strict=True):
        same(record, annotated)


def test_nothing_from_outside_is_markup(make: object, tmp_path: Path) -> None:
    span = Span(0, len(MARKUP), MARKUP, SpanState.CONFIRMED, MARKUP, 0.5, Decision.CONFIRM, MARKUP, uid=MARKUP)
    meta = {"title": MARKUP, "source": MARKUP, "published": MARKUP, "url": "javascript:alert(1)", MARKUP: MARKUP}
    hostile = AnnotatedArticle(
        *(1, Article(MARKUP, MARKUP * 2, meta), (span,), rough_tokens(MARKUP), ArticleState.OPEN, True, MARKUP)
    )
    text = page([hostile], tmp_path / "a.html", replace(ASKED, name=MARKUP, language=MARKUP))
    found = Tags(text)
    assert found.tags <= TAGS
    assert not {name for name in found.attributes if name.startswith("on")}
    assert found.links == {"#contents", "#n1"}
    assert text.count("</style>") == text.count("</title>") == 1
    (record,) = records(tmp_path / "a.html")
    same(record, hostile)


def test_a_link_to_the_original_is_the_only_way_out(tmp_path: Path) -> None:
    plain = AnnotatedArticle(1, Article("a", "x", {"url": 'https://news.example/?a="b"&c'}), (), rough_tokens("x"))
    text = page([plain], tmp_path / "a.html")
    assert Tags(text).links == {"#contents", "#n1", 'https://news.example/?a="b"&c'}
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "url(" not in text
    assert "@import" not in text


def test_crossing_spans_are_cut_and_named_once(tmp_path: Path) -> None:
    text = "Jack Ma of Alibaba Group"
    spans = (Span(0, 18, "PER", SpanState.CONFIRMED), Span(11, 24, "ORG", SpanState.CONFIRMED))
    content = page([AnnotatedArticle(1, Article("a", text), spans, rough_tokens(text))], tmp_path / "a.html")
    body = re.sub(r' title="[^"]*"', "", content.partition('<div class="text">')[2].partition("</div>")[0])
    assert body == (
        '<mark class="l1" data-label="PER">Jack Ma of <mark class="cut l0">Alibaba</mark></mark>'
        '<mark class="more l0" data-label="ORG"> Group</mark>'
    )


def test_rejected_spans_are_there_only_when_asked_for(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    assert '<mark class="no' in page(articles, tmp_path / "a.html")
    plain = page(articles, tmp_path / "a.html", replace(ASKED, with_rejected=False))
    assert '<mark class="no' not in plain
    assert SpanState.REJECTED not in {span.state for record in records(tmp_path / "a.html") for span in record.spans}


def test_the_legend_counts_confirmed_spans(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    text = page(articles, tmp_path / "a.html")
    legend = re.findall(r'<b class="badge([^"]*)">(\w+)</b> <span class="count">(\d+)', text)
    assert legend == [(" l0", "ORG", "2"), (" l1", "PER", "2"), (" l2", "LOC", "2"), ("", "MISC", "1")]


ranges = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted).map(tuple)


@given(st.lists(ranges, max_size=12))
def test_pieces_nest_and_fill_their_ranges(given_ranges: list[tuple[int, int]]) -> None:
    pieces = nested(given_ranges)
    filled: list[set[int]] = [set() for _ in given_ranges]
    for at, piece in enumerate(pieces):
        assert piece.start < piece.end
        points = set(range(piece.start, piece.end))
        assert not filled[piece.of] & points
        filled[piece.of] |= points
        for later in pieces[at + 1 :]:
            assert later.start >= piece.start
            assert later.start >= piece.end or later.end <= piece.end
    assert filled == [set(range(*one)) for one in given_ranges]
    assert [sum(piece.of == n and piece.is_first for piece in pieces) for n, _ in enumerate(given_ranges)] == [
        int(start < end) for start, end in given_ranges
    ]


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)


@given(text=texts | st.text("<>&;\"'#13\r\n\u2028\x85\x0c aé😀", min_size=1), data=st.data())
def test_every_text_comes_back(text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    chosen = sorted({(a, b) for a, b in data.draw(st.lists(places, max_size=5)) if a < b}, key=lambda r: (r[0], -r[1]))
    spans = tuple(Span(a, b, "ORG", SpanState.CONFIRMED, decision=Decision.ADD) for a, b in chosen)
    annotated = AnnotatedArticle(1, Article("a", text, {"title": text.strip()}), spans, rough_tokens(text))
    path = tmp_path_factory.mktemp("page") / "a.html"
    page([annotated], path)
    (record,) = records(path)
    assert record.article.text == text
    assert [span.range for span in record.spans] == chosen
