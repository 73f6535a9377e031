"""Plain text: what the bytes become, and what they say of the article."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.importers import Problem, Record, plain_text, read
from annotator.importers.headings import published_in, title_in

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
FRENCH = "Le préfet a déclaré que l’été serait chaud à Orléans — 30 € l’entrée.\r\n"


def read_bytes(tmp_path: Path, raw: bytes, name: str = "a.txt") -> Record | Problem:
    path = tmp_path / name
    path.write_bytes(raw)
    (item,) = read(path, "text")
    return item


@pytest.mark.parametrize(
    "text",
    [
        "one\r\ntwo\rthree\nfour",
        "\ufeffa leading U+FEFF",
        "\ufeff\ufeffand two of them",
        " outer space \n\n",
        "e\u0301 is not \u00e9; \u2028 \u2029 \u0085 \u00a0 \U0001f468\u200d\U0001f469 \ufdd0 שלום",
        "vertical\x0b and form feed\x0c",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_text_is_kept_code_point_for_code_point(tmp_path: Path, text: str, encoding: str) -> None:
    record = read_bytes(tmp_path, text.encode(encoding))
    assert isinstance(record, Record)
    assert record.article.text == text
    assert record.notes == record.problems == ()


@given(text=ANY_TEXT)
def test_any_text_in_utf8_is_that_text_or_a_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    item = read_bytes(tmp_path_factory.mktemp("any"), text.encode())
    assert isinstance(item, Problem) or item.article.text == text


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF32_LE, "utf-32-le")],
)
def test_one_byte_order_mark_belongs_to_the_encoding(tmp_path: Path, mark: bytes, codec: str) -> None:
    record = read_bytes(tmp_path, mark + "\ufeffÉté".encode(codec))
    assert isinstance(record, Record)
    assert record.article.text == "\ufeffÉté"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (FRENCH, "cp1252", "windows-1252"),
        ("El niño español volverá mañana con su compañera.", "cp1252", "windows-1252"),
        ("På måndagen åkte hon hem till Åsa i Gävle.", "latin-1", "windows-1252"),
        ("Türkiye Başbakanı bugün İstanbul şehrinde görüştü.", "cp1254", "windows-1254"),
        ("Президент прибыл в Москву на встречу с министрами.", "cp1251", "windows-1251"),
        ("Prezydent Łodzi przyjął ważną ustawę o żywności i źródłach.", "cp1250", "windows-1250"),
        ("Президент прибыл в Москву на встречу с министрами.", "koi8_r", "koi8-r"),
        ("台灣總統在台北會見外賓。", "big5", "big5"),
    ],
)
def test_a_guess_is_said(tmp_path: Path, text: str, codec: str, name: str) -> None:
    record = read_bytes(tmp_path, text.encode(codec))
    assert isinstance(record, Record)
    assert record.article.text == text
    assert record.notes == (f"encoding guessed: {name}",)


def test_utf8_cut_off_within_a_character_is_not_guessed_at(tmp_path: Path) -> None:
    record = read_bytes(tmp_path, "Été à Orléans, 30 €".encode()[:-1])
    assert isinstance(record, Record)
    assert record.article.text == "Été à Orléans, 30 \ufffd"
    assert "cut off" in record.notes[0]


def test_nul_and_lone_surrogates_become_replacement_characters(tmp_path: Path) -> None:
    text = "word " * 2000
    record = read_bytes(tmp_path, f"{text}a\0b".encode())
    assert isinstance(record, Record)
    assert record.article.text == f"{text}a\ufffdb"
    assert record.notes == ("1 character that cannot be stored (NUL or a lone surrogate) became U+FFFD",)
    lone = read_bytes(tmp_path, codecs.BOM_UTF16_LE + f"{text}a\ud800b".encode("utf-16-le", "surrogatepass"))
    assert isinstance(lone, Record)
    assert lone.article.text == f"{text}a\ufffdb"
    assert lone.notes == ("invalid UTF-16 became U+FFFD",)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n\t", "the file is empty"),
        (b"%PDF-1.7\n1 0 obj", "not a text file (PDF)"),
        (b"\x89PNG\r\n\x1a\n", "not a text file (PNG)"),
        (b"<?xml version='1.0'?><rss/>", "not a text file (XML)"),
        (b"a\0b", "not a text file"),
        (bytes(range(1, 32)) * 20, "not a text file"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8" * 500, "not a text file"),
    ],
)
def test_what_is_no_text_is_a_problem(tmp_path: Path, raw: bytes, reason: str) -> None:
    assert read_bytes(tmp_path, raw) == Problem("a.txt", reason)


def test_a_file_too_large_for_one_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "LARGEST", 1_000_000)
    assert isinstance(read_bytes(tmp_path, b"a" * 1_000_000), Record)
    assert read_bytes(tmp_path, b"a" * 1_000_001) == Problem("a.txt", "larger than 1 MB, too large for one article")


def test_metadata_is_only_what_is_there(tmp_path: Path) -> None:
    full = read_bytes(tmp_path, "\ufeffA headline\r\n\r\nOctober 11, 2017\u00a0-\u00a0\r\n\r\nThe body.".encode())
    assert isinstance(full, Record)
    assert full.article.meta == {"title": "A headline", "published": "2017-10-11", "file": "a.txt"}
    bare = read_bytes(tmp_path, b"Only one line.")
    assert isinstance(bare, Record)
    assert bare.article.meta == {"file": "a.txt"}
    assert bare.article.uid == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A headline\n\nBody", "A headline"),
        ("\n\n  A headline \n \nBody", "A headline"),
        ("A headline\nBody without blank lines", "A headline"),
        ("Hard wrapped\nlines are no title\n\nMore", ""),
        ("x" * 161 + "\n\nBody", ""),
        ("Only this", ""),
        ("Only this\n\n", ""),
        ("October 11, 2017 -\n\nBody", ""),
    ],
)
def test_title(text: str, title: str) -> None:
    assert title_in(text) == title


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Title\n\nOctober 11, 2017 - \n\nBody", "2017-10-11"),
        ("Title\n\nOct. 3rd, 2017\n\nBody", "2017-10-03"),
        ("Published: 11 October 2017 at noon\nBody", "2017-10-11"),
        ("BEIJING, 2017-10-11 - Alibaba said", "2017-10-11"),
        ("2017-10-11T08:00:00Z\nBody", "2017-10-11"),
        ("BEIJING (Reuters) - On October 11, 2017 it said so", ""),
        ("Title\n\nFebruary 31, 2017 -", ""),
        ("a\nb\nc\nd\ne\n2017-10-11", ""),
        ("The march of 2017 -", ""),
    ],
)
def test_published(text: str, published: str) -> None:
    assert published_in(text) == published


def test_one_zero_byte_in_an_article_is_a_slip(tmp_path: Path) -> None:
    record = read_bytes(tmp_path, b"Snow fell. " * 200 + b"\0" + b" It melted.")
    assert isinstance(record, Record)
    assert record.article.text.count("\ufffd") == 1
    assert len(record.notes) == 1
