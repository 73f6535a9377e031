"""Columns, schemes, broken lines, and where articles begin."""

from pathlib import Path

import pytest

from annotator import importers
from annotator.importers import Problem, Record
from annotator.importers.conll import CUT_BEHIND, ONE_ARTICLE
from annotator.importers.tag_schemes import Scheme, Tag, parsed, spans_of


def read(path: Path, content: str | bytes, name: str = "a.conll") -> list[Record | Problem]:
    file = path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(importers.read(file))


def only(items: list[Record | Problem]) -> Record:
    (item,) = items
    assert isinstance(item, Record), item
    return item


def marked(record: Record) -> list[tuple[str, str]]:
    return [(record.article.text[slice(*span.range)], span.label) for span in record.spans]


def test_four_columns_with_articles(tmp_path: Path) -> None:
    content = (
        "-DOCSTART- -X- -X- O\n\nEU NNP I-NP B-ORG\nrejects VBZ I-VP O\n\n"
        "Peter NNP I-NP B-PER\nBlackburn NNP I-NP I-PER\n\n-DOCSTART- -X- -X- O\n\nParis NNP I-NP B-LOC\n"
    )
    one, two = read(tmp_path, content)
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert (one.where, two.where) == ("a.conll:1", "a.conll:9")
    assert one.article.text == "EU rejects\nPeter Blackburn"
    assert one.article.meta == {"file": "a.conll"}
    assert one.tokens == ((0, 2), (3, 10), (11, 16), (17, 26))
    assert marked(one) == [("EU", "ORG"), ("Peter Blackburn", "PER")]
    assert marked(two) == [("Paris", "LOC")]
    assert one.notes == one.problems == two.notes == ()


@pytest.mark.parametrize(
    ("scheme", "content"),
    [
        ("two columns", "Ann B-PER\nLee I-PER\nmet O\nBo B-PER\nCy B-PER\n"),
        ("tabs", "Ann\tB-PER\nLee\tI-PER\nmet\tO\nBo\tB-PER\nCy\tB-PER\n"),
        ("Windows line ends", "Ann B-PER\r\nLee I-PER\r\nmet O\r\nBo B-PER\r\nCy B-PER\r\n"),
        ("IOB1", "Ann I-PER\nLee I-PER\nmet O\nBo I-PER\nCy B-PER\n"),
        ("BILOU", "Ann B-PER\nLee L-PER\nmet O\nBo U-PER\nCy U-PER\n"),
        ("BIOES", "Ann B-PER\nLee E-PER\nmet O\nBo S-PER\nCy S-PER\n"),
        ("columns behind the tags", "Ann B-PER x 1\nLee I-PER y 2\nmet O x 3\nBo B-PER z 4\nCy B-PER x 5\n"),
        ("a comment", "# a remark on Ann\nAnn B-PER\nLee I-PER\nmet O\nBo B-PER\nCy B-PER\n"),
        ("a byte order mark", "\ufeffAnn B-PER\nLee I-PER\nmet O\nBo B-PER\nCy B-PER\n"),
    ],
)
def test_shapes_and_schemes(tmp_path: Path, scheme: str, content: str) -> None:
    record = only(read(tmp_path, content, "a.txt"))
    assert record.article.text == "Ann Lee met Bo Cy"
    assert marked(record) == [("Ann Lee", "PER"), ("Bo", "PER"), ("Cy", "PER")]
    assert record.notes == record.problems == ()


def test_labels_alone_are_read_where_the_name_says_that_these_are_columns(tmp_path: Path) -> None:
    content = "Ann PER\nLee PER\nmet O\nthe O\nUN ORG\n\nBo PER\n"
    assert marked(only(read(tmp_path, content))) == [("Ann Lee", "PER"), ("UN", "ORG"), ("Bo", "PER")]
    assert marked(only(read(tmp_path, content, "a.txt"))) == []


def test_nested_spans_behind_numbered_words(tmp_path: Path) -> None:
    content = "#\tsource [2009-10-17]\n1\tUni\tB-ORG\tO\n2\tZürich\tI-ORG\tB-LOC\n\n1\tBonn\tB-LOC\tO\n"
    record = only(read(tmp_path, content, "a.tsv"))
    assert record.article.text == "Uni Zürich\nBonn"
    assert marked(record) == [("Uni Zürich", "ORG"), ("Zürich", "LOC"), ("Bonn", "LOC")]


def test_a_last_column_without_entities_is_not_taken_for_the_chunks_before_it(tmp_path: Path) -> None:
    record = only(read(tmp_path, "It PRP I-NP O\nrains VBZ I-VP O\n"))
    assert record.spans == ()


def test_tags_that_break_the_rules_are_repaired_and_said(tmp_path: Path) -> None:
    content = "Bo B-PER\nsaw O\nAnn I-PER\nLee I-PER\nUN I-ORG\nand O\nCy B-PER\n"
    record = only(read(tmp_path, content))
    assert marked(record) == [("Bo", "PER"), ("Ann Lee", "PER"), ("UN", "ORG"), ("Cy", "PER")]
    assert record.notes == ("2 × a tag that breaks the rules of IOB2, read by its label (line 3, 5)",)


def test_a_line_that_is_no_token_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    content = "Ann -X- _ B-PER\nbroken\nLee -X- _ I-PER\nmet -X- _ ?\n" + "so -X- _ O\n" * 20
    record = only(read(tmp_path, content))
    assert record.article.text.startswith("Ann Lee so so")
    assert marked(record) == [("Ann Lee", "PER")]
    assert record.problems == (
        "line 2 left out: 1 column, not 4",
        "line 4 left out: “?” in column 4 is no tag",
    )


def test_documents_by_comments(tmp_path: Path) -> None:
    content = "# newdoc id = n/1\nAnn\tB-PER\n\n# newdoc id = n/2\nBo\tB-PER\nleft\tO\n"
    one, two = read(tmp_path, content)
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert one.article.meta["document"] == "n/1"
    assert two.article.text == "Bo left"


def test_a_hash_is_a_token_where_it_has_a_tag(tmp_path: Path) -> None:
    assert only(read(tmp_path, "# B-MISC\n1 I-MISC\n# O\n")).article.text == "# 1 #"


def test_a_book_without_articles_is_cut_at_sentences(tmp_path: Path) -> None:
    items = read(tmp_path, "Ann B-PER\nleft O\n. O\n\n" * (ONE_ARTICLE // 3 + 1))
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) == len(items) > 5
    assert all(CUT_BEHIND < len(record.tokens) < CUT_BEHIND + 10 for record in records[:-1])
    assert sum(len(record.tokens) for record in records) == (ONE_ARTICLE // 3 + 1) * 3
    assert "where articles begin" in records[0].notes[0]
    whole = only(read(tmp_path, "Ann B-PER\nleft O\n. O\n\n" * (ONE_ARTICLE // 3)))
    assert whole.notes == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("\n\n", "the file is empty"),
        ("Ann left .\nBo stayed .\n", "no column holds tags as B-PER, I-PER and O"),
    ],
)
def test_files_without_columns(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert read(tmp_path, content) == [Problem("a.conll", reason)]


def test_an_article_without_words_is_said(tmp_path: Path) -> None:
    _, empty, _ = read(tmp_path, "-DOCSTART- O\n\nA O\n\n-DOCSTART- O\n\n-DOCSTART- O\n\nB O\n")
    assert empty == Problem("a.conll:5", "the article has no words")


def test_latin_1_is_guessed_for_the_whole_file(tmp_path: Path) -> None:
    record = only(read(tmp_path, "José B-PER\nGarcía I-PER\nvivió O\nen O\nEspaña B-LOC\n".encode("latin-1")))
    assert marked(record) == [("José García", "PER"), ("España", "LOC")]
    assert record.notes == ("encoding guessed: windows-1252",)


@pytest.mark.parametrize(
    "content",
    [
        "Alibaba opened a lab.\nO\n",
        "What is O\nand what is B-\n",
        "1 O\n",
        "Vitamin B-12\nis good for O\n",
        "name\tlabel\nAnn\tPER\n",
        '{"text": "x"}\n',
        "",
    ],
)
def test_other_texts_are_not_taken_for_columns(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(content, encoding="utf-8")
    assert importers.importer_of(file).name != "conll"


@pytest.mark.parametrize(
    ("scheme", "tags", "spans", "broken"),
    [
        (Scheme.IOB2, "B-A I-A O B-A B-A", [(0, 1, "A"), (3, 3, "A"), (4, 4, "A")], []),
        (Scheme.IOB2, "I-A I-B O I-A", [(0, 0, "A"), (1, 1, "B"), (3, 3, "A")], [0, 1, 3]),
        (Scheme.IOB1, "I-A B-A I-A I-B", [(0, 0, "A"), (1, 2, "A"), (3, 3, "B")], []),
        (Scheme.BILOU, "B-A I-A L-A U-A", [(0, 2, "A"), (3, 3, "A")], []),
        (Scheme.BILOU, "B-A O L-A I-A", [(0, 0, "A"), (2, 2, "A"), (3, 3, "A")], [0, 2, 3]),
        (Scheme.BIOES, "B-A E-A S-B B-B", [(0, 1, "A"), (2, 2, "B"), (3, 3, "B")], [3]),
    ],
)
def test_spans_of_tags(scheme: Scheme, tags: str, spans: list[tuple[int, int, str]], broken: list[int]) -> None:
    found, bad = spans_of([parsed(tag) or Tag("", "") for tag in tags.split()], scheme)
    assert [tuple(run) for run in found] == spans
    assert bad == broken


def test_an_article_of_more_words_than_a_book_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.importers.conll.MOST_WORDS", 3)
    path = tmp_path / "a.conll"
    path.write_text("-DOCSTART- O\n\n" + "Rome B-LOC\n" * 4 + "\n-DOCSTART- O\n\n" + "Oslo B-LOC\n" * 3)
    refused, taken = importers.read(path)
    assert refused == importers.Problem("a.conll:1", "more than 3 words in one article")
    assert isinstance(taken, importers.Record)
    assert len(taken.spans) == 3
