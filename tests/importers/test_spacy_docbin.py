"""Corpora of spaCy, of this program and of others, whole and damaged."""

import gc
import zlib
from pathlib import Path
from typing import Any

import pytest

from annotator import importers
from annotator.importers import Problem, ReadOptions, Record, spacy_docbin
from annotator.model.article import ArticleState
from annotator.model.span import SpanState


def corpus(path: Path, *docs: Any) -> Path:
    from spacy.tokens import DocBin

    DocBin(docs=docs, store_user_data=True).to_disk(path / "a.spacy")
    return path / "a.spacy"


def made(text: str, *entities: tuple[int, int, str]) -> Any:
    import spacy

    doc = spacy.blank("en")(text)
    doc.set_ents([doc.char_span(*edges) for edges in entities])
    return doc


def test_entities_and_overlapping_spans(tmp_path: Path) -> None:
    doc = made("😀 Ann Lee\n left.", (2, 9, "PER"))
    doc.spans["sc"] = [doc.char_span(2, 9, "PER"), doc.char_span(6, 9, "ORG")]
    doc.spans["other"] = [doc.char_span(6, 9, "ORG")]
    one, two = importers.read(corpus(tmp_path, doc, made("No.")))
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert (one.where, two.where) == ("a.spacy:1", "a.spacy:2")
    assert one.article.text == "😀 Ann Lee\n left."
    assert [(s.range, s.label, s.state) for s in one.spans] == [
        ((2, 9), "PER", SpanState.SUGGESTED),
        ((6, 9), "ORG", SpanState.SUGGESTED),
    ]
    assert one.tokens == ((0, 1), (2, 5), (6, 9), (11, 15), (15, 16))
    assert one.notes == ("the spans under “other” are not read",)
    assert one.article.meta == {"file": "a.spacy"}


def test_decided_spans_of_this_programs_corpora(tmp_path: Path) -> None:
    doc = made("Ann left.", (0, 3, "PER"))
    doc.spans["incorrect_spans"] = [doc.char_span(4, 8, "ORG")]
    doc.user_data.update(id="a1", state="done", meta={"title": "T", "tags": ["x", {"y": [1]}]})
    (record,) = importers.read(corpus(tmp_path, doc))
    assert isinstance(record, Record)
    assert record.article.uid == "a1"
    assert record.article.meta == {"title": "T", "tags": ["x", {"y": [1]}]}
    assert record.state is ArticleState.DONE
    assert [span.state for span in record.spans] == [SpanState.CONFIRMED, SpanState.REJECTED]


def test_words_without_known_blanks(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import Doc

    (record,) = importers.read(corpus(tmp_path, Doc(spacy.blank("en").vocab, words=["Ann", "left"])))
    assert isinstance(record, Record)
    assert record.article.text.strip() == "Ann left"
    assert "blanks" in record.notes[0]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_docbin, "LARGEST", 10_000_000)
    (tmp_path / "a.spacy").write_bytes(zlib.compress(b"\0" * 20_000_000))
    assert list(spacy_docbin.read(tmp_path / "a.spacy", ReadOptions())) == [
        Problem("a.spacy", "larger than 10 MB when unpacked")
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text", "not a corpus of spaCy"),
        (zlib.compress(b"x" * 100)[:-5], "the end of the corpus is missing"),
        (zlib.compress(b"\x93\x01"), "not a corpus that spaCy reads"),
        (zlib.compress(b"\x80"), "not a corpus that spaCy reads"),
    ],
)
def test_damaged_corpora(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.spacy").write_bytes(content)
    (item,) = importers.read(tmp_path / "a.spacy")
    assert isinstance(item, Problem)
    assert item.reason.startswith(reason)
    assert gc.isenabled()
