"""Saved web pages, read without a network."""

import socket
from pathlib import Path
from typing import Any

import pytest
import trafilatura

from annotator.importers import Problem, ReadOptions, Record, web_page
from annotator.importers.web_page import read

FIRST = "BEIJING – Alibaba said it would invest $15 billion in research, 😀 opening labs in seven cities of the world."
SECOND = "Jack Ma told reporters in Hangzhou that the company would hire one hundred researchers from everywhere."
LD = """{"@graph": [{"@type": "WebPage", "name": "x"}, {"@type": ["NewsArticle"], "headline": "Alibaba &amp; labs",
"author": [{"name": "Ana Lima"}, "Bo Li"], "datePublished": "2017-10-11T23:00:00+02:00"}]}"""


def page(heading: str = "Alibaba &amp; labs", head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><title>Alibaba | The Daily</title>{head}
    <link rel="canonical" href="https://news.example.org/a/1"><meta property="og:site_name" content="The Daily">
    </head><body><nav><a href="/">Home</a></nav><article><h1>{heading}</h1><p>{FIRST}</p>
    <p>{SECOND}</p><img src="http://example.org/x.png"></article><footer>Copyright</footer></body></html>"""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read_page(tmp_path: Path, raw: str | bytes, options: ReadOptions | None = None) -> Record | Problem:
    path = tmp_path / "a.html"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    (item,) = read(path, options or ReadOptions())
    return item


def test_the_article_and_what_it_says_of_itself(tmp_path: Path) -> None:
    record = read_page(tmp_path, page(head=f'<script type="application/ld+json">{LD}</script>'))
    assert isinstance(record, Record)
    assert record.article.text == f"{FIRST}\n\n{SECOND}"
    assert record.article.meta == {
        "title": "Alibaba & labs",
        "source": "The Daily",
        "url": "https://news.example.org/a/1",
        "published": "2017-10-11",
        "author": "Ana Lima, Bo Li",
        "language": "en",
        "file": "a.html",
    }
    assert record.notes == ()


@pytest.mark.parametrize("heading", ["Labs", "Alibaba &amp; labs", "ALIBABA &amp;  LABS"])
def test_the_headline_is_metadata_or_the_first_paragraph(tmp_path: Path, heading: str) -> None:
    content = page(heading, f'<script type="application/ld+json">{LD}</script>')
    bare = read_page(tmp_path, content)
    headed = read_page(tmp_path, content, ReadOptions(headline=True))
    assert isinstance(bare, Record)
    assert isinstance(headed, Record)
    assert bare.article.text == f"{FIRST}\n\n{SECOND}"
    assert headed.article.text == f"Alibaba & labs\n\n{FIRST}\n\n{SECOND}"
    assert bare.article.meta["title"] == "Alibaba & labs"


def test_a_title_without_end_is_cut(tmp_path: Path) -> None:
    record = read_page(tmp_path, page(head=f'<meta property="og:title" content="{"Labs " * 900}">'))
    assert isinstance(record, Record)
    assert len(record.article.meta["title"]) == 1_000


def test_a_headline_below_the_name_of_its_section_is_found(tmp_path: Path) -> None:
    record = read_page(tmp_path, page().replace("<h1>", "<p>Business and technology of the week</p><h1>"))
    assert isinstance(record, Record)
    assert record.article.text == f"Business and technology of the week\n\n{FIRST}\n\n{SECOND}"


def test_items_and_rows_are_paragraphs_of_plain_words(tmp_path: Path) -> None:
    rows = "<tr><th>Team</th><th>Points</th></tr><tr><td>Arsenal</td><td>3</td></tr>"
    listed = f"<ul><li>Jack Ma of <b>Hangzhou</b></li><li>Pony Ma</li></ul><table>{rows}</table>"
    record = read_page(tmp_path, page().replace(f"<p>{SECOND}</p>", f"{listed}<p>{SECOND}</p>"))
    assert isinstance(record, Record)
    paragraphs = [FIRST, "Jack Ma of Hangzhou", "Pony Ma", "Team\tPoints", "Arsenal\t3", SECOND]
    assert record.article.text.split("\n\n") == paragraphs


def test_what_a_page_states_of_itself_in_open_graph(tmp_path: Path) -> None:
    head = """<meta property="og:title" content="Labs for all | The Daily"><meta name="author" content="By Ana Lima">
    <meta property="article:published_time" content="2017-10-11T10:00:00Z">
    <script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"name": "Daily Inc."}}</script>"""
    record = read_page(tmp_path, page(head=head))
    assert isinstance(record, Record)
    meta = record.article.meta
    assert [meta[key] for key in ("title", "author", "published", "source")] == [
        "Labs for all",
        "Ana Lima",
        "2017-10-11",
        "The Daily",
    ]
    assert record.notes == ()


def test_the_address_and_the_language_from_json_ld(tmp_path: Path) -> None:
    facts = '{"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://n.example.org/1"}, "inLanguage": "fr"}'
    content = page(head=f'<script type="application/ld+json">{facts}</script>')
    content = content.replace(' lang="en"', "").replace('rel="canonical"', 'rel="other"')
    record = read_page(tmp_path, content)
    assert isinstance(record, Record)
    assert (record.article.meta["url"], record.article.meta["language"]) == ("https://n.example.org/1", "fr")


@pytest.mark.parametrize(
    "script", ["{", "[" * 100_000, "null", '{"@type": "NewsArticle", "author": [null, 3]}', "[[]]"]
)
def test_bad_json_ld_is_passed_over(tmp_path: Path, script: str) -> None:
    record = read_page(tmp_path, page(head=f'<script type="application/ld+json">{script}</script>'))
    assert isinstance(record, Record)
    assert FIRST in record.article.text


def test_a_date_that_the_page_does_not_state_is_said_to_be_guessed(tmp_path: Path) -> None:
    record = read_page(tmp_path, page().replace("<footer>", '<footer><span class="date">October 11, 2017</span> '))
    assert isinstance(record, Record)
    assert record.article.meta["published"] == "2017-10-11"
    assert record.notes == ("date guessed from the page",)


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_the_declared_encoding(tmp_path: Path, declared: str) -> None:
    content = page(head=f'<meta charset="{declared}">').replace("😀", "É").encode("cp1252")
    record = read_page(tmp_path, content)
    assert isinstance(record, Record)
    assert FIRST.replace("😀", "É") in record.article.text
    assert record.notes == ()


@pytest.mark.parametrize(
    ("declared", "written", "words"),
    [
        ("gb2312", "gbk", "阿里巴巴在杭州说，朱镕基、陶喆和王喆来访。"),
        ("Shift_JIS", "cp932", "東京の①髙橋さんが話した。"),
        ("euc-kr", "cp949", "서울에서 똠방각하가 말했다."),
        ("iso-8859-9", "cp1254", "Başbakan “İstanbul” dedi."),
        ("utf-16", "utf-16", "Ørsted åbnede."),
    ],
)
def test_what_browsers_read_more_widely_than_it_is_declared(
    tmp_path: Path, declared: str, written: str, words: str
) -> None:
    content = page(head=f'<meta charset="{declared}">').replace("😀", words).replace("–", "-")
    record = read_page(tmp_path, content.encode(written))
    assert isinstance(record, Record)
    assert words in record.article.text
    assert record.notes == ()


def test_cells_of_several_blocks_keep_their_words_apart(tmp_path: Path) -> None:
    cells = "<tr><td><p>Jack <b>M</b>a</p><p>Oslo</p></td><td>a<br>b</td></tr><tr><td>c</td><td>d</td></tr>"
    record = read_page(tmp_path, page().replace(f"<p>{SECOND}</p>", f"<table>{cells}</table><p>{SECOND}</p>"))
    assert isinstance(record, Record)
    assert "Jack Ma Oslo\ta b" in record.article.text


@pytest.mark.parametrize("declared", ["", "nonsense", "hex"])
def test_without_a_usable_declaration_the_encoding_is_guessed(tmp_path: Path, declared: str) -> None:
    record = read_page(tmp_path, page(head=f'<meta charset="{declared}">').replace("😀", "É").encode("cp1252"))
    assert isinstance(record, Record)
    assert record.notes[0] == "encoding guessed: windows-1252"


def test_xhtml(tmp_path: Path) -> None:
    record = read_page(tmp_path, '<?xml version="1.0" encoding="utf-8"?>\n' + page())
    assert isinstance(record, Record)
    assert FIRST in record.article.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("<html><body></body></html>", "no article was found on the page"),
        ("<!DOCTYPE html><html><body><script>x()</script></body></html>", "no article was found on the page"),
        (b"%PDF-1.7", "not a text file (PDF)"),
        ("<html><body><p>x" * 60_000, "too many tags for a page of news"),
        (f"<html><body><p {' '.join(f'a{n}=b' for n in range(20_000))}>x", "too many tags for a page of news"),
    ],
)
def test_what_holds_no_article_is_a_problem(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert read_page(tmp_path, content) == Problem("a.html", reason)


def test_a_page_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_page, "LARGEST", 1_000_000)
    item = read_page(tmp_path, page() + " " * 1_000_000)
    assert item == Problem("a.html", "larger than 1 MB, too large for a page of news")


def test_whatever_the_parser_raises_is_this_page_s_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise IndexError

    monkeypatch.setattr(trafilatura, "bare_extraction", broken)
    assert read_page(tmp_path, page()) == Problem("a.html", "the page could not be read (IndexError)")
