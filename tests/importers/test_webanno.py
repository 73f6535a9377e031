"""WebAnno TSV: the text put together, spans in stacks and parts of tokens."""

from pathlib import Path

import pytest

from annotator import importers
from annotator.importers import Problem, Record

HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n\n\n"


def read(folder: Path, content: str) -> Record:
    file = folder / "a.tsv"
    file.write_text(content, encoding="utf-8", newline="")
    (item,) = importers.read(file)
    assert isinstance(item, Record), item
    return item


def marked(record: Record) -> list[tuple[str, str]]:
    return [(record.article.text[slice(*span.range)], span.label) for span in record.spans]


def test_offsets_are_in_utf_16_and_the_tokens_are_kept(tmp_path: Path) -> None:
    content = (
        f"{HEAD}#Text=😀 Ann Lee\n1-1\t0-2\t😀\t_\t_\t\n1-2\t3-6\tAnn\t*[1]\tPER[1]\t\n1-3\t7-10\tLee\t*[1]\tPER[1]\t\n"
    )
    record = read(tmp_path, content)
    assert record.article.text == "😀 Ann Lee"
    assert record.tokens == ((0, 1), (2, 5), (6, 9))
    assert marked(record) == [("Ann Lee", "PER")]
    assert record.notes == record.problems == ()


def test_code_points_are_noticed(tmp_path: Path) -> None:
    record = read(tmp_path, f"{HEAD}#Text=😀 Ann\n1-1\t0-1\t😀\t_\t_\t\n1-2\t2-5\tAnn\t*\tPER\t\n")
    assert marked(record) == [("Ann", "PER")]


@pytest.mark.parametrize(
    ("first", "begin", "text"),
    [
        ("#Text=One.", 5, "One.\nTwo"),
        ("#Text=One.", 4, "One.Two"),
        ("#Text=One.", 7, "One.\n  Two"),
        ("#Text=One.\n#Text=", 5, "One.\nTwo"),
        ("#Text=One.\\t\\r", 6, "One.\t\rTwo"),
        ("#Sentence.id=s1\n#Text=One.", 5, "One.\nTwo"),
    ],
)
def test_sentences_make_the_text(tmp_path: Path, first: str, begin: int, text: str) -> None:
    second = f"#Text=Two\n2-1\t{begin}-{begin + 3}\tTwo\t*\tPER\t\n"
    record = read(tmp_path, f"{HEAD}{first}\n1-1\t0-4\tOne.\t_\t_\t\n\n{second}")
    assert record.article.text == text
    assert marked(record) == [("Two", "PER")]


def test_stacks_parts_and_escapes(tmp_path: Path) -> None:
    content = (
        f"{HEAD}#Text=New York-based\\\\x\n"
        "1-1\t0-3\tNew\t*[1]|*[2]\tLOC[1]|A\\_B\\|C\\[1\\][2]\t\n"
        "1-2\t4-14\tYork-based\t*[2]\tA\\_B\\|C\\[1\\][2]\t\n1-2.1\t4-8\tYork\t*[1]\tLOC[1]\t\n1-2.2\t8-8\t\t*\tX\t\n"
        "1-3\t14-16\t\\\\x\t*\t*\t\n"
    )
    record = read(tmp_path, content)
    assert record.article.text == "New York-based\\x"
    assert marked(record) == [("New York-based", "A_B|C[1]"), ("New York", "LOC")]
    assert record.problems == ("line 10 left out: its span has no label",)


def test_a_layer_of_ones_own_is_read_where_there_are_no_named_entities(tmp_path: Path) -> None:
    head = (
        "#FORMAT=WebAnno TSV 3.2\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n"
        "#T_SP=webanno.custom.Name|note|value\n#T_RL=webanno.custom.Rel|kind|BT_webanno.custom.Name\n\n\n"
    )
    record = read(
        tmp_path, f"{head}#Text=Ann left\n1-1\t0-3\tAnn\tNNP\tsure\tPER\t_\t_\t\n1-2\t4-8\tleft\tVBD\t_\t_\t_\t_\t\n"
    )
    assert marked(record) == [("Ann", "PER")]
    assert record.notes == ("the layer de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS is not read",)


def test_bad_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    content = f"{HEAD}#Text=Ann left\n1-1\t0-3\tAnn\t*\tPER\t\n1-2\t4-8\tgone\t*\tPER\t\nbroken\n"
    record = read(tmp_path, content)
    assert marked(record) == [("Ann", "PER")]
    assert record.problems == ("line 8 left out: no token", "line 7 left out: “gone” is not in its sentence")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD, "it has no text"),
        ("#FORMAT=WebAnno TSV 3.3\n\n\n#Text=A\n1-1\t0-1\tA\t\n", "it has no layer of spans"),
    ],
)
def test_files_without_an_article(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.tsv").write_text(content, encoding="utf-8")
    assert list(importers.read(tmp_path / "a.tsv")) == [Problem("a.tsv", reason)]
