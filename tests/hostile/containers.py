"""Broken and hostile files that are more than lines of JSON: archives, pages, documents, tables, other tools' files."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.hostile.cases import TEXT, Case, jsonl

PAGE = (
    b"<!DOCTYPE html><html><head><title>Lab</title></head><body><article><h1>Lab</h1>"
    + b"<p>Alibaba opened a laboratory in Paris on Monday, and many people came to see it.</p>" * 5
    + b"</article></body></html>"
)


def zipped(**files: bytes) -> bytes:
    """A zip file; double underscores in names stand for slashes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), raw)
    return content.getvalue()


def _zip_of(name: str, raw: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, raw)
        archive.writestr("good.jsonl", jsonl())
    return content.getvalue()


def _bomb(name: str, size: int = 400_000_000) -> bytes:
    """A zip file with one entry of so many blanks."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(size // 1_000_000):
            entry.write(b" " * 1_000_000)
    return content.getvalue()


def _zip_bomb(folder: Path) -> None:
    (folder / "a.zip").write_bytes(_bomb("a.jsonl"))


def _lying_bomb(folder: Path) -> None:
    (folder / "a.zip").write_bytes(_lying(_bomb("a.jsonl")))


def _gzip_bomb(folder: Path) -> None:
    with gzip.open(folder / "a.jsonl.gz", "wb", compresslevel=6) as file:
        for _ in range(600):
            file.write(b" " * 1_000_000)


def _spacy_bomb(folder: Path) -> None:
    squeezer = zlib.compressobj()
    with (folder / "a.spacy").open("wb") as file:
        for _ in range(900):
            file.write(squeezer.compress(bytes(1_000_000)))
        file.write(squeezer.flush())


def _docx_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b'<?xml version="1.0"?><Types/>')
        with archive.open("word/document.xml", "w", force_zip64=True) as entry:
            entry.write(WORD + b"<w:p><w:r><w:t>")
            for _ in range(600):
                entry.write(b"a" * 1_000_000)


def _lying(raw: bytes) -> bytes:
    """The same zip file, which says that each entry is ten bytes long."""
    out = bytearray(raw)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = out.find(mark)
        out[start + at : start + at + 4] = struct.pack("<I", 10)
    return bytes(out)


def _long_line(folder: Path) -> None:
    with (folder / "a.jsonl").open("wb") as file:
        file.write(jsonl() + b'{"text": "')
        for _ in range(100):
            file.write(b"a" * 1_000_000)
        file.write(b'"}\n' + b'{"id": "behind", "text": "Rome is old."}\n')


def _brackets(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(jsonl() + b'{"text": "a b", "m": ' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}\n")


def _bare_brackets(folder: Path) -> None:
    (folder / "a.json").write_bytes(b"[" * 2_000_000)


def _slow_page(folder: Path) -> None:
    """Unclosed tags nested in each other: quadratic work for a parser that mends them."""
    body = b"<b><i><font><table><tr><td>" * 8_000 + b"<p>x" * 40_000
    (folder / "slow.html").write_bytes(b"<!DOCTYPE html><html><body>" + body)
    (folder / "good.html").write_bytes(PAGE)


def _deep_page(folder: Path) -> None:
    (folder / "deep.html").write_bytes(b"<!DOCTYPE html><html><body>" + b"<div>" * 45_000 + b"text")
    (folder / "good.html").write_bytes(PAGE)


def _named_oddly(folder: Path) -> None:
    (folder / "a\x1b[31mb.txt").write_bytes(b"Alibaba opened a lab.")


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b"]><nitf><body><body.content><p>&k;</p></body.content></body></nitf>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    b"<nitf><body><body.head><hedline><hl1>Lab</hl1></hedline></body.head>"
    b"<body.content><p>Before &x; after</p></body.content></body></nitf>"
)
FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>'
    b"<item><title>One</title><guid>1</guid><description>Alibaba opened a lab in Paris.</description></item>"
    b"<item><title>Two</title><guid>2</guid><description>Jack Ma spoke in Tokyo."
)
MAIL = (
    b"From: a@example.org\r\nSubject: =?utf-8?q?Z=C3=BCrich?=\r\nDate: Sat, 31 Jan 2026 09:00:00 +0000\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n\r\n\x00\x01"
)


def _warc(*records: bytes, declared: int | None = None) -> bytes:
    out = b""
    for number, page in enumerate(records):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        length = declared if declared is not None and number == 0 else len(answer)
        out += (
            (
                b"WARC/1.0\r\nWARC-Type: response\r\n"
                b"WARC-Record-ID: <urn:uuid:0000000%d-0000-0000-0000-000000000000>\r\n"
                b"WARC-Target-URI: https://example.org/%d\r\nWARC-Date: 2026-01-31T09:00:00Z\r\n"
                b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
                % (number, number, length)
            )
            + answer
            + b"\r\n\r\n"
        )
    return out


def _docx(document: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b'<?xml version="1.0"?><Types/>')
        if document:
            archive.writestr("word/document.xml", document)
    return content.getvalue()


WORD = (
    b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)

ARCHIVES = (
    Case(
        "truncated gzip",
        "a.jsonl.gz",
        gzip.compress(jsonl(*({"text": f"{TEXT} {n}"} for n in range(20_000))))[:-2000],
        -1,
        "rejected: .*(cut|end|trunc|gzip|damaged)",
    ),
    Case("gzip of nothing", "a.jsonl.gz", b"\x1f\x8b\x08", 0, "a.jsonl.gz.*: rejected"),
    Case("gzip bomb", "a.jsonl.gz", _gzip_bomb, 0, "rejected"),
    Case("zip bomb", "a.zip", _zip_bomb, 0, "a.zip.*: rejected"),
    Case("zip bomb that says it is small", "a.zip", _lying_bomb, 0, "a.zip.*: rejected"),
    Case(
        "zip within zip",
        "a.zip",
        _zip_of("inner.zip", _zip_of("deeper.zip", zipped(a_dot_jsonl=jsonl()))),
        2,
        "rejected",
    ),
    Case("names that leave the folder", "a.zip", _zip_of("../../escaped.jsonl", jsonl({"text": TEXT})), -1, ""),
    Case("cut zip", "a.zip", _zip_of("a.jsonl", jsonl())[:-40], 0, "a.zip.*: rejected"),
    Case("zip of nothing", "a.zip", zipped(), 0, "a.zip.*: rejected"),
)
TEXT_LIMITS = (
    Case("100 MB in one line", "a.jsonl", _long_line, 3, "a.jsonl:3: rejected: .*MB"),
    Case("two million brackets in a record", "a.jsonl", _brackets, 2, "a.jsonl:3: rejected: .*(deep|nest)"),
    Case("two million brackets alone", "a.json", _bare_brackets, 0, "a.json.*: rejected"),
)
PAGES = (
    Case("a page that keeps a parser busy", "", _slow_page, -1, "slow.html.*: rejected"),
    Case("45,000 boxes in each other", "", _deep_page, -1, "deep.html.*: rejected"),
    Case("an empty page", "a.html", b"", 0, "a.html: rejected: .*empty"),
    Case(
        "a page of menus",
        "a.html",
        b"<html><body><nav><a href=/>Home</a></nav></body></html>",
        1,
        "a.html: repaired: .*perhaps no article",
    ),
    Case("a picture", "a.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, 0, "a.html: rejected"),
    Case("bytes of no kind", "a.bin", bytes(range(256)) * 50, 0, "a.bin: rejected"),
    Case("a name with an escape sequence", "", _named_oddly, 1, ""),
)
DOCUMENTS = (
    Case("XML entity bomb", "a.xml", ENTITIES, 0, "a.xml.*: rejected"),
    Case("XML that asks for a file", "a.xml", OUTSIDE, 0, "a.xml.*: rejected"),
    Case("feed that breaks off", "a.rss", FEED, -1, "a.rss"),
    Case("mail without words", "a.eml", MAIL, 0, "a.eml.*: rejected"),
    Case("cut PDF", "a.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", 0, "a.pdf.*: rejected"),
    Case("PDF of zeros", "a.pdf", b"%PDF-1.4\n" + b"\0" * 5000, 0, "a.pdf.*: rejected"),
    Case("DOCX without a document", "a.docx", _docx(b""), 0, "a.docx.*: rejected"),
    Case("DOCX of broken XML", "a.docx", _docx(WORD + b"<w:p>"), 0, "a.docx.*: rejected"),
    Case("DOCX with entities", "a.docx", _docx(ENTITIES), 0, "a.docx.*: rejected"),
    Case("DOCX bomb", "a.docx", _docx_bomb, 0, "a.docx.*: rejected"),
    Case("cut web archive", "a.warc", _warc(PAGE, PAGE)[:-300], 1, "a.warc"),
    Case("web archive with a wrong length", "a.warc", _warc(PAGE, PAGE, declared=50), -1, "a.warc"),
)
TABLES = (
    Case("table without a text column", "a.csv", b"id,n\n1,2\n3,4\n", 0, "a.csv.*: rejected"),
    Case(
        "rows of other lengths",
        "a.csv",
        b'text,title\n"Berlin is old.",One\nRome\n"Paris, too.",Two,three,four\n',
        -1,
        "a.csv:",
    ),
    Case("NUL in a table", "a.csv", b"text,title\nBerlin is old.,a\0b\nRome is older.,c\n", -1, ""),
    Case("a quote that never ends", "a.csv", b'text,title\n"Berlin is old.,One\nRome is older.,Two\n', -1, ""),
    Case("cut Parquet", "a.parquet", b"PAR1" + b"\0" * 200, 0, "a.parquet.*: rejected"),
    Case("our own table of spans", "a.csv", b"article,start,end,label,words\nx,0,3,LOC,Rom\n", 0, "a.csv.*: rejected"),
)


def _brat(ann: bytes, text: bytes | None = TEXT.encode()) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "a.ann").write_bytes(ann)
        if text is not None:
            (folder / "a.txt").write_bytes(text)

    return make


TOOLS = (
    Case("doccano's key misspelt", "a.jsonl", jsonl({"text": TEXT, "lable": [[0, 6, "LOC"]]}), 3, "lable", spans=2),
    Case(
        "Label Studio without a start",
        "a.json",
        b'[{"id": 1, "data": {"text": "Berlin is old."}, "annotations": [{"result": [{"type": "labels",'
        b' "from_name": "l", "to_name": "t", "value": {"end": 6, "labels": ["LOC"]}}]}]}]',
        1,
        "left out",
        spans=0,
    ),
    Case(
        "more tags than tokens",
        "a.jsonl",
        b'{"tokens": ["Berlin", "is"], "ner_tags": ["B-LOC", "O", "O"]}\n{"tokens": ["Rome"], "ner_tags": ["B-LOC"]}\n',
        2,
        "a.jsonl:1: repaired: its tags left out: 3 tags for 2 tokens",
        spans=1,
    ),
    Case(
        "GLiNER behind the end",
        "a.json",
        b'[{"tokenized_text": ["Berlin", "is"], "ner": [[0, 0, "LOC"], [1, 9, "LOC"]]}]',
        1,
        "left out",
        spans=1,
    ),
    Case(
        "a column line too short",
        "a.conll",
        b"-DOCSTART- -X- -X- O\n\nBerlin NNP B-NP B-LOC\nis\nold JJ O O\n",
        -1,
        "a.conll:1: repaired: line 4 left out",
    ),
    Case(
        "I- that continues nothing",
        "a.conll",
        b"-DOCSTART- -X- -X- O\n\nBerlin NNP B-NP B-LOC\nis VB O O\nRome NNP B-NP I-ORG\n"
        b"and C O B-LOC\nParis N O B-LOC\n",
        1,
        "",
    ),
    Case(
        "brat surface that is elsewhere",
        "",
        _brat(b"T1\tLOC 0 6\tBerlin\nT2\tLOC 7 13\tParis!\n"),
        1,
        "left out",
        spans=1,
    ),
    Case(
        "brat span in pieces",
        "",
        _brat(b"T1\tLOC 0 6;10 11\tBerlin a\nT2\tLOC 24 29\tSpree\n"),
        1,
        "left out|piece|discont",
        spans=1,
    ),
    Case("brat without its text", "a.ann", _brat(b"T1\tLOC 0 6\tBerlin\n", None), 0, "a.ann.*: rejected"),
    Case(
        "TSV that breaks off",
        "a.tsv",
        b"#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n"
        b"\n\n#Text=Berlin is old.\n1-1\t0-6\tBerlin\t*\tLOC\n1-2\t7-",
        -1,
        "a.tsv",
    ),
    Case(
        "XMI without its type system",
        "a.xmi",
        b'<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmi:version="2.0"/>',
        0,
        "a.xmi.*: rejected",
    ),
    Case("cut .spacy", "a.spacy", zlib.compress(b"\x86\xa7version\xa30.1")[:-3], 0, "a.spacy.*: rejected"),
    Case(".spacy bomb", "a.spacy", _spacy_bomb, 0, "a.spacy.*: rejected"),
    Case(
        "pickle for .spacy",
        "a.spacy",
        b"\x80\x04\x95\x1e\x00\x00\x00cos\nsystem\n(S'true'\ntR.",
        0,
        "a.spacy.*: rejected",
    ),
)
