"""Feeds, web archives, PDF, Word, mail, Markdown and agency XML: what becomes of each record."""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.importers import Problem, ReadOptions, Record, by_name, docx, importer_of, pdf
from annotator.importers.days import day_of
from annotator.importers.lines import joined
from annotator.importers.markup import paragraphs, root_of
from tests.importers import news_files as made
from tests.importers.news_files import BODY, FIRST, SECOND

Items = list[Record | Problem]
Take = Callable[..., Items]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Read content under a name, in this process, by the importer that finds it to be its own."""

    def read(name: str, content: str | bytes, options: ReadOptions | None = None) -> Items:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(importer_of(path).read(path, options or ReadOptions()))

    return read


def only(items: Items) -> Record:
    (record,) = items
    assert isinstance(record, Record), record
    return record


def reasons(items: Items) -> list[str]:
    return [f"{item.where}: {item.reason}" if isinstance(item, Problem) else item.article.text for item in items]


# Feeds

RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Daily</title><language>en</language><item><title>Labs &amp;amp; more</title><link>https://x.example.org/1</link>
<guid>g1</guid><pubDate>Wed, 11 Oct 2017 23:30:00 -0500</pubDate><author>ana@x.example.org (Ana Lima)</author>
<description>Short&amp;nbsp;one</description><content:encoded><![CDATA[<p>{FIRST}</p><script>x()</script>
<p>Caf&eacute; <b>two</b><br>three</p><ul><li>one</li><li>two</li></ul>]]></content:encoded></item>
<item><title>No words</title></item><item><description>Only &lt;b&gt;a summary&lt;/b&gt;</description></item>
</channel></rss>"""


def test_each_entry_of_a_feed_is_an_article(take: Take) -> None:
    first, second, third = take("news.xml", RSS)
    assert isinstance(first, Record)
    assert first.where == "news.xml:1"
    assert first.article.uid == "g1"
    assert first.article.text == f"{FIRST}\n\nCafé two\nthree\n\none\n\ntwo"
    assert first.article.meta == {
        "title": "Labs & more",
        "source": "The Daily",
        "url": "https://x.example.org/1",
        "published": "2017-10-11",
        "author": "Ana Lima",
        "language": "en",
        "file": "news.xml",
    }
    assert second == Problem("news.xml:2", "no text in it")
    assert isinstance(third, Record)
    assert third.article.text == "Only a summary"


def test_atom(take: Take) -> None:
    record = only(
        take(
            "news",
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>urn:1</id><title type="html">A '
            "&lt;b&gt;b&lt;/b&gt;</title><updated>2017-10-11T23:00:00Z</updated><author><name>Bo Li</name></author>"
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Oslo opened.</p></div></content>'
            "</entry></feed>",
        )
    )
    assert (record.article.uid, record.article.text) == ("urn:1", "Oslo opened.")
    meta = {"title": "A b", "source": "F", "published": "2017-10-11", "author": "Bo Li", "file": "news"}
    assert record.article.meta == meta


def test_a_feed_that_is_cut_off_says_so_of_its_last_entry(take: Take) -> None:
    *_, last = take("a.rss", RSS[: RSS.index("<item><title>No")])
    assert isinstance(last, Record)
    assert last.notes == ("the feed is not well-formed XML; its last entry may be cut off",)
    assert reasons(take("b.rss", "<rss><channel></channel></rss>")) == ["b.rss: the feed has no entries"]


def test_the_headline_comes_first_where_it_is_wanted(take: Take) -> None:
    first, *_ = take("a.rss", RSS, ReadOptions(headline=True))
    assert isinstance(first, Record)
    assert first.article.text.startswith(f"Labs & more\n\n{FIRST}")


# Web archives

HTML = "200 OK\nContent-Type: text/html; charset=iso-8859-1"


def test_each_page_of_a_web_archive_is_an_article(take: Take) -> None:
    latin = made.page(body=f"<p>{FIRST.replace('–', '-')} Été.</p>").encode("latin-1")
    items = take(
        "a.warc.gz",
        made.warc(
            ("https://x.example.org/1", HTML, latin),
            ("https://x.example.org/1.png", "200 OK\nContent-Type: image/png", b"\x89PNG"),
            ("https://x.example.org/old", "301 Moved\nContent-Type: text/html", b"<html>moved"),
            ("https://x.example.org/2", "404 Not Found\nContent-Type: text/html", b"<html>no"),
            ("https://x.example.org/3", HTML, b"<html><body></body></html>"),
        ),
    )
    first, *others = items
    assert isinstance(first, Record)
    assert first.where == "a.warc.gz:1"
    assert first.article.text.endswith("the world. Été.")
    assert first.article.meta["url"] == "https://x.example.org/1"
    assert first.article.meta["fetched"] == "2017-10-12"
    assert reasons(others) == [
        "a.warc.gz:2: no page: the server answered 404",
        "a.warc.gz:3: no article was found on the page",
    ]


@pytest.mark.parametrize(("cut", "said"), [(10, "cannot be read behind page 2"), (300, "cut off or damaged behind")])
def test_a_web_archive_that_is_cut_off(take: Take, cut: int, said: str) -> None:
    pages = [(f"https://x.example.org/{n}", HTML, made.page().encode("ascii", "xmlcharrefreplace")) for n in (1, 2)]
    *records, last = take("a.warc.gz", made.warc(*pages, cut=cut))
    assert all(isinstance(record, Record) for record in records)
    assert len(records) == (2 if cut == 10 else 1)
    assert isinstance(last, Problem)
    assert said in last.reason


def test_what_is_no_web_archive(take: Take) -> None:
    assert reasons(take("a.warc", b"nonsense " * 50)) == ["a.warc: there is no web page in the archive"]
    assert reasons(take("b.warc.gz", made.warc())) == ["b.warc.gz: there is no web page in the archive"]


# PDF


def test_the_lines_of_a_pdf_are_joined_to_paragraphs(take: Take) -> None:
    first = [
        "Labs in seven cities",
        "",
        "Alibaba said it would invest fifteen billion in research, opening labs in the",
    ]
    first += [
        "seven cities of the world. Researchers of the European",
        "Union will come, and an inter-",
        "national staff.",
    ]
    info = "/Title (Microsoft Word - a.doc) /Author (Ana Lima) /CreationDate (D:20171011120000+02'00')"
    record = only(take("a.pdf", made.pdf(first, ["Another page (the last)."], info=info)))
    assert record.article.text.split("\n\n") == [
        "Labs in seven cities",
        "Alibaba said it would invest fifteen billion in research, opening labs in the seven cities of the world."
        " Researchers of the European Union will come, and an inter-\nnational staff.",
        "Another page (the last).",
    ]
    meta = {"title": "Labs in seven cities", "author": "Ana Lima", "published": "2017-10-11", "file": "a.pdf"}
    assert record.article.meta == meta
    assert record.notes == ("date is that of the file's making",)


def locked() -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(made.pdf(["Oslo."])))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pdfs_that_hold_no_text(take: Take) -> None:
    scanned = "a.pdf: its pages hold no text: they are pictures, as from a scanner"
    assert reasons(take("a.pdf", made.pdf([], []))) == [scanned]
    assert reasons(take("a.pdf", locked())) == ["a.pdf: it is locked with a password"]
    assert "not a PDF that can be read" in reasons(take("a.pdf", b"%PDF-1.4 nonsense"))[0]
    half = only(take("a.pdf", made.pdf(["Oslo."], [])))
    assert half.notes == ("1 of 2 pages hold no text",)


def test_a_pdf_whose_cipher_is_not_installed(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdf

    def refuse(*_: object, **__: object) -> None:
        raise pypdf.errors.DependencyError("cryptography is required")

    monkeypatch.setattr(pypdf.PdfReader, "decrypt", refuse)
    assert "install the library cryptography" in reasons(take("a.pdf", locked()))[0]


def test_a_pdf_of_too_many_pages(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    assert reasons(take("a.pdf", made.pdf(["a"], ["b"], ["c"]))) == ["a.pdf: more than 2 pages"]


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        ([], ""),
        ([["one", "", "two"]], "one\n\ntwo"),
        (
            [["a long line of words", "short", "A long line of words"]],
            "a long line of words short\n\nA long line of words",
        ),
        ([["a long line of words"], ["goes on"]], "a long line of words goes on"),
        ([["short", "but goes on", "a long line of words there"]], "short but goes on a long line of words there"),
    ],
)
def test_lines(pages: list[list[str]], text: str) -> None:
    assert joined(pages) == text


# Word


def test_a_word_document(take: Take) -> None:
    cells = "".join(f"<w:tc>{made.words(cell)}</w:tc>" for cell in ("Arsenal", "3"))
    deleted = "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    line = "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>"
    core = "<dc:title>Labs</dc:title><dc:creator>Ana Lima</dc:creator>"
    core += "<dcterms:created>2017-10-11T00:00:00Z</dcterms:created>"
    body = made.words("Ali", "baba grows.") + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>" + deleted + line + made.words()
    record = only(take("a.docx", made.docx(body, core)))
    assert record.article.text == "Alibaba grows.\n\nArsenal\t3\n\nkept\n\none\ntwo\tthree"
    meta = {"title": "Labs", "author": "Ana Lima", "published": "2017-10-11", "file": "a.docx"}
    assert record.article.meta == meta
    assert record.notes == ("date is that of the file's making",)


def test_word_documents_that_mean_harm(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "b">]>'
    assert "declares entities" in reasons(take("a.docx", made.docx("&a;", before=entities)))[0]
    assert "not a Word document that can be read" in reasons(take("a.docx", b"PK\x03\x04nonsense"))[0]
    assert "not a Word document that can be read" in reasons(take("a.docx", made.docx("<w:p>")))[0]
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("[Content_Types].xml", "")
    assert reasons(take("a.docx", other.getvalue())) == ["a.docx: not a Word document: it has no text part"]
    monkeypatch.setattr(docx, "LARGEST_PART", 1_000_000)
    large = made.docx(made.words("x" * 1_000_000))
    assert reasons(take("a.docx", large)) == ["a.docx: larger than 1 MB when unpacked"]


# Mail


def test_a_letter_of_plain_text(take: Take) -> None:
    record = only(take("a.eml", made.mail(BODY, "<p>markup</p>", "paper.pdf")))
    assert record.article.text == BODY
    assert record.article.meta == {
        "title": "Alibaba ouvre sept laboratoires à l’étranger",
        "author": "Agence Étoile",
        "published": "2017-10-11",
        "file": "a.eml",
    }
    assert record.notes == ("1 attachment not read: paper.pdf",)


def test_letters_of_html(take: Take) -> None:
    assert only(take("saved", made.mail(html=made.page()))).article.text == BODY
    assert only(take("a.eml", made.mail(html="<p>Only a <b>few</b> words</p>"))).article.text == "Only a few words"
    assert reasons(take("a.eml", made.mail(attached="x.pdf"))) == ["a.eml: no text in it"]


def test_a_text_with_two_fields_is_no_letter(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("From: Oslo\nDate: today\n\nSnow fell.", "utf-8")
    assert importer_of(path).name == "text"


# Markdown

MARKDOWN = """---
title: "Labs: seven"
authors:
- Ana Lima
- 'Bo Li'
tags: [a, b]
date: 2017-10-11T08:00:00
---
# Heading

Some *words* with
[a link](https://x.example.org) &amp; `code`, <b>bold</b>.

- one
- two

| Team | Points |
|------|--------|
| Arsenal | 3 |
"""


def test_markdown(take: Take) -> None:
    record = only(take("a.md", MARKDOWN))
    assert record.article.text.split("\n\n") == [
        *("Heading", "Some words with a link & code, bold.", "one", "two", "Team\tPoints", "Arsenal\t3")
    ]
    meta = {"title": "Labs: seven", "author": "Ana Lima, Bo Li", "published": "2017-10-11", "file": "a.md"}
    assert record.article.meta == meta


def test_markdown_with_other_front_matter_and_with_none(take: Take) -> None:
    toml = only(take("a.md", '+++\ntitle = "Labs"\nauthors = ["A", "B"]\n+++\nOslo.'))
    assert (toml.article.text, toml.article.meta) == ("Oslo.", {"title": "Labs", "author": "A, B", "file": "a.md"})
    none = only(take("a.md", "\ufeff# The *labs*\n\nOslo.\n\n---\n\nBergen."))
    assert (none.article.text, none.article.meta["title"]) == ("The labs\n\nOslo.\n\nBergen.", "The labs")
    assert reasons(take("a.md", " \n")) == ["a.md: the file is empty"]
    assert reasons(take("a.md", "---\ntitle: x\n---\n")) == ["a.md: no text in it"]


# Agencies

NITF = f"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-4.dtd"><nitf><head><title>T</title><docdata><doc-id
id-string="d1"/><date.issue norm="20171011T100000Z"/></docdata></head><body><body.head><hedline><hl1>Labs <em>open</em>
</hl1></hedline><byline>By Ana Lima</byline><distributor>Agency</distributor><dateline><location>BEIJING</location>
</dateline></body.head><body.content><p>{FIRST}</p><media><media-caption>a picture</media-caption></media>
<hl2>Then</hl2><p>{SECOND}</p></body.content></body></nitf>"""

G2 = f"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:1" xml:lang="en">
<itemMeta><provider qcode="nprov:Agency"/><versionCreated>2017-10-11T23:00:00+02:00</versionCreated></itemMeta>
<contentMeta><by>Ana Lima</by><headline>Labs</headline></contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head>
<title>t</title></head><body><p>{FIRST}</p><p>{SECOND}</p></body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:2"><contentSet><remoteContent href="a.jpg"/></contentSet></newsItem>
<newsItem guid="urn:3"><contentSet><inlineData contenttype="text/plain">Oslo. </inlineData></contentSet></newsItem>
<newsItem guid="urn:4"><contentSet><inlineXML>{NITF[NITF.index("<nitf>") :]}</inlineXML></contentSet></newsItem>
</itemSet></newsMessage>"""


def test_nitf(take: Take) -> None:
    record = only(take("a.xml", NITF))
    assert (record.where, record.article.uid) == ("a.xml", "d1")
    assert record.article.text == f"{FIRST}\n\nThen\n\n{SECOND}"
    assert record.article.meta == {
        "title": "Labs open",
        "author": "Ana Lima",
        "published": "2017-10-11",
        "source": "Agency",
        "dateline": "BEIJING",
        "file": "a.xml",
    }


def test_each_item_of_a_newsml_message_is_an_article(take: Take) -> None:
    first, second, third, fourth = take("a.xml", G2)
    assert isinstance(first, Record)
    assert (first.where, first.article.uid, first.article.text) == ("a.xml:1", "urn:1", BODY)
    assert first.article.meta == {
        "title": "Labs",
        "author": "Ana Lima",
        "published": "2017-10-11",
        "source": "Agency",
        "language": "en",
        "file": "a.xml",
    }
    assert second == Problem("a.xml:2", "no text in it: a picture, or only a link to the content")
    assert isinstance(third, Record)
    assert third.article.text == "Oslo."
    assert isinstance(fourth, Record)
    assert (fourth.article.uid, fourth.article.meta["title"]) == ("urn:4", "Labs open")
    assert fourth.article.text == f"{FIRST}\n\nThen\n\n{SECOND}"


def test_agency_xml_that_cannot_be_read(take: Take) -> None:
    bomb = NITF.replace('SYSTEM "nitf-3-4.dtd"', '[<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]').replace(
        "BEIJING</l", "&b;</l"
    )
    assert "declares entities" in reasons(take("a.xml", bomb))[0]
    assert "not well-formed XML" in reasons(take("a.xml", NITF[:-10]))[0]


# What they share


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain &amp; &#8220;simple&#8221;", "plain & “simple”"),
        ("<p>a  b\n c</p> <p>d</p>", "a b c\n\nd"),
        ("a<br>b<br/><br>c", "a\nb\n\nc"),
        ("<style>x</style>a<script>if (a<b) {}</script>b", "ab"),
        ("<table><tr><td>a</td><td> b </td></tr><tr><td>c</td></tr></table>", "a\tb\n\nc"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "a\n\nb"),
        ("a <b>b</b><i>c</i>\u00a0d", "a bc\u00a0d"),
        ("</script><p>a", "a"),
        ("<script>never ends <p>a</p>", ""),
        ("", ""),
    ],
)
def test_markup(markup: str, text: str) -> None:
    assert paragraphs(markup) == text


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<rss>", "rss"),
        ("\ufeff<?xml version='1.0'?>\n<!-- so -->\n<!DOCTYPE a [<!ENTITY b 'c'>]>\n<rdf:RDF x='y'", "rdf"),
        ("<a:feed xmlns:a='b'>", "feed"),
        ("words <rss>", ""),
        ("", ""),
    ],
)
def test_the_root_of_xml(head: str, name: str) -> None:
    assert root_of(head.encode()) == name


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017-10-11", "2017-10-11"),
        ("2017-10-11T23:59:00-05:00", "2017-10-11"),
        ("20171011T100000Z", "2017-10-11"),
        ("20171011120000+02'00'", "2017-10-11"),
        ("Wed, 11 Oct 2017 23:30:00 -0500", "2017-10-11"),
        ("1512010123", ""),
        ("11 Oct 2017", "2017-10-11"),
        ("October 11, 2017", "2017-10-11"),
        ("2017-13-11", ""),
        ("yesterday", ""),
        (None, ""),
    ],
)
def test_days(written: object, day: str) -> None:
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("feed", "feedparser", "news"),
        ("warc", "warcio", "news"),
        ("pdf", "pypdf", "news"),
        ("parquet", "pyarrow", "datasets"),
    ],
)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    for loaded in [each for each in sys.modules if each.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, module, None)
    path: Any = tmp_path / "a"
    path.write_bytes(b"content")
    with pytest.raises(KnownError, match=rf"needs the library {module}.*annotator\[{extra}\]"):
        list(by_name(name).read(path, ReadOptions()))
