"""Sound files of every format that is read, small enough to be damaged by the thousand."""

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.importers import news_files

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
LARGEST = 200_000  # bytes
TEXT = "Zoë 😀 met Ann Lee in Rome on Monday, and Lee left Rome for Oslo."


class Seed(NamedTuple):
    """A file to begin from.

    :param name: of the file, with the folders that say where it is from.
    :param format: the importer that takes it, or the kind of archive.
    """

    name: str
    format: str
    raw: bytes


def seeds(only: str = "") -> list[Seed]:
    """Golden files, those that are made here, and those of tests/hostile that are not made to be large.

    :param only: words in the name or the format.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = [
            Seed(name, _format_of(Path(folder), name, raw), raw)
            for name, raw in (*_golden(), *_made(), *_hostile())
            if 0 < len(raw) <= LARGEST
        ]
    return [seed for seed in found if only in seed.name or only == seed.format]


def companions_of(name: str, path: Path) -> Iterator[tuple[Path, bytes]]:
    """What has to lie beside a file of that name for it to be read as what it is."""
    beside = GOLDEN / name
    if path.suffix in (".txt", ".ann") and beside.is_file():
        other = ".ann" if path.suffix == ".txt" else ".txt"
        yield path.with_suffix(other), beside.with_suffix(other).read_bytes()
    if path.suffix == ".xmi" and beside.is_file():
        yield path.with_name("TypeSystem.xml"), beside.with_name("TypeSystem.xml").read_bytes()


def _format_of(folder: Path, name: str, raw: bytes) -> str:
    from annotator import importers
    from annotator.importers.archive import kind_of
    from annotator.importers.files import HEAD_BYTES

    path = folder / Path(name).name
    path.write_bytes(raw)
    for beside, content in companions_of(name, path):
        beside.write_bytes(content)
    return kind_of(path, raw[:HEAD_BYTES]) or importers.importer_of(path).name


def _golden() -> Iterator[tuple[str, bytes]]:
    for path in sorted(GOLDEN.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(GOLDEN)), path.read_bytes()


def _hostile() -> Iterator[tuple[str, bytes]]:
    from tests.hostile import cases, containers, more_cases

    modules = (cases, containers, more_cases)
    tuples = (value for module in modules for value in vars(module).values() if isinstance(value, tuple))
    made = {case.name: case for each in tuples for case in each if isinstance(case, cases.Case)}
    for case in made.values():
        if isinstance(case.make, bytes):
            yield f"{case.name}/{case.file}", case.make


def _made() -> Iterator[tuple[str, bytes]]:
    page = news_files.page().encode()
    yield "made/page.html", page
    yield "made/facts.html", page.replace(b"</head>", _FACTS + b"</head>")
    yield "made/feed.rss", _FEED
    yield "made/feed.atom", _ATOM
    yield "made/item.xml", _NEWSML
    yield "made/story.nitf", _NITF
    pages = [news_files.FIRST[10:], "Ann Lee left."], [news_files.SECOND]
    yield "made/paper.pdf", news_files.pdf(*pages, info="/Title (Lab)")
    core = "<dc:title>Lab</dc:title><dc:creator>Ann Lee</dc:creator>"
    yield "made/story.docx", news_files.docx(news_files.words(TEXT) + news_files.words("Behind ", "it."), core)
    yield "made/letter.eml", news_files.mail(TEXT, f"<p>{TEXT}</p>", "a.pdf")
    yield "made/letter2.eml", news_files.mail(html=f"<p>{TEXT}</p>")
    yield (
        "made/story.md",
        f"---\ntitle: Lab\ndate: 2026-01-31\n---\n# Lab\n\n*{TEXT}*\n\n- [one](https://a.b)\n".encode(),
    )
    archive = news_files.warc(("https://a.example/", "200 OK\nContent-Type: text/html", page), ("b", "404 No", b"x"))
    yield "made/pages.warc.gz", archive
    yield "made/pages.warc", gzip.decompress(archive)
    yield "made/table.tsv", f"id\ttext\ttitle\n1\t{TEXT}\tLab\n2\t{TEXT}!\t\n".encode()
    yield "made/table.parquet", _parquet({"id": [1, 2], "text": [TEXT, f"{TEXT}!"], "tags": [["a"], []]})
    tokens = {"id": ["a"], "tokens": [["Ann", "Lee", "left"]], "ner_tags": [["B-PER", "I-PER", "O"]]}
    yield "made/tokens.parquet", _parquet(tokens)
    yield "made/corpus.spacy", _corpus()
    yield "made/spacy.jsonl", _spacy_lines()
    yield "made/story.txt", f"{TEXT}\n\n{news_files.BODY}".encode()
    lines = json.dumps({"id": "a", "text": TEXT, "spans": [{"start": 10, "end": 17, "label": "PER"}]}).encode() + b"\n"
    yield "made/lines.jsonl", lines + lines.replace(b'"a"', b'"b"')
    yield "made/lines.jsonl.gz", gzip.compress(lines)
    yield "made/folder.zip", _zip({"a.jsonl": lines, "b/c.html": page, "d.txt": TEXT.encode()})
    yield "made/folder.tar", gzip.decompress(news_files.tarred({"a.jsonl": lines, "b/d.txt": TEXT.encode()}, "link"))
    yield "made/folder.tar.gz", news_files.tarred({"a.jsonl": lines, "b/d.txt": TEXT.encode()})


def _zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return content.getvalue()


def _parquet(columns: dict[str, Any]) -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table

    content = io.BytesIO()
    write_table(pyarrow.table(columns), content)
    return content.getvalue()


def _docs() -> list[Any]:
    import spacy

    nlp = spacy.blank("en")
    doc, other = nlp(TEXT), nlp("Rome is old.")
    doc.set_ents([doc.char_span(10, 17, "PER")])
    doc.spans["sc"] = [doc.char_span(21, 25, "LOC")]
    doc.user_data |= {"id": "a", "state": "done", "meta": {"title": "Lab", "n": 1}}
    return [doc, other]


def _corpus() -> bytes:
    from spacy.tokens import DocBin

    return bytes(DocBin(docs=_docs(), store_user_data=True).to_bytes())


def _spacy_lines() -> bytes:
    return b"".join(json.dumps(doc.to_json()).encode() + b"\n" for doc in _docs())


_FACTS = (
    b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Lab", "author": [{"name": "Ann Lee"}],'
    b' "datePublished": "2026-01-31", "articleBody": "Ann Lee opened a lab."}</script>'
    b'<meta property="og:title" content="Lab"><meta name="author" content="Ann Lee">'
)
_FEED = (
    b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Wire</title><language>en</language>'
    b"<item><title>One</title><guid>1</guid><link>https://a.example/1</link><pubDate>Sat, 31 Jan 2026 09:00:00 GMT"
    b"</pubDate><description>Alibaba opened a lab in Paris &amp; Rome.</description></item>"
    b"<item><title>Two</title><guid>2</guid><description><![CDATA[<p>Jack Ma spoke</p><p>in Tokyo.</p>]]></description>"
    b"</item></channel></rss>"
)
_ATOM = (
    b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><title>One</title>'
    b"<id>urn:1</id><updated>2026-01-31T09:00:00Z</updated><author><name>Ann Lee</name></author>"
    b'<content type="html">&lt;p&gt;Alibaba opened a lab.&lt;/p&gt;</content></entry></feed>'
)
_NEWSML = (
    b'<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:1" xml:lang="en"><itemMeta>'
    b'<provider literal="Wire"/><firstCreated>2026-01-31T09:00:00Z</firstCreated></itemMeta><contentMeta>'
    b"<headline>Lab</headline><by>Ann Lee</by></contentMeta><contentSet><inlineXML contenttype='application/xhtml+xml'>"
    b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Ann Lee opened a lab.</p><p>In Rome.</p></body></html>'
    b"</inlineXML></contentSet></newsItem>"
)
_NITF = (
    b'<?xml version="1.0"?><nitf><head><docdata><date.issue norm="20260131T090000Z"/></docdata></head><body><body.head>'
    b"<hedline><hl1>Lab</hl1></hedline><byline>Ann Lee</byline></body.head><body.content><p>Ann Lee opened a lab.</p>"
    b"<p>In Rome.</p></body.content></body></nitf>"
)
