"""Pairs of text and annotations, in a folder and alone."""

from pathlib import Path

import pytest

from annotator import importers
from annotator.importers import Problem, ReadOptions, Record
from annotator.model.offsets import Unit

TEXT = "😀 Ann Lee met\r\nBo Kay in Rome.\n"


def pair(folder: Path, marks: str, text: str = TEXT, name: str = "a") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(marks.encode())
    return folder / f"{name}.ann"


def only(path: Path, options: ReadOptions | None = None) -> Record:
    (item,) = importers.read(path, options=options or ReadOptions())
    assert isinstance(item, Record), item
    return item


def marked(record: Record) -> list[tuple[str, str]]:
    return [(record.article.text[slice(*span.range)], span.label) for span in record.spans]


@pytest.mark.parametrize("ending", [".ann", ".txt"])
def test_either_file_names_the_pair(tmp_path: Path, ending: str) -> None:
    path = pair(tmp_path, "T1\tPER 2 9\tAnn Lee\nT2\tLOC 25 29\tRome\n")
    record = only(path.with_suffix(ending))
    assert record.article.text == TEXT
    assert record.article.meta["file"] == f"a{ending}"
    assert marked(record) == [("Ann Lee", "PER"), ("Rome", "LOC")]
    assert record.notes == record.problems == ()


def test_a_folder_is_read_pair_by_pair(tmp_path: Path) -> None:
    pair(tmp_path, "T1\tPER 2 9\tAnn Lee\n")
    pair(tmp_path, "", name="b")
    pair(tmp_path / "sub", "T1\tPER 2 9\tAnn Lee\n")
    for name in ("annotation.conf", "visual.conf", "notes.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    files = importers.files_of([tmp_path])
    assert [file.relative_to(tmp_path).as_posix() for file in files] == ["a.txt", "b.txt", "notes.txt", "sub/a.txt"]
    assert [importers.importer_of(file).name for file in files] == ["brat", "brat", "text", "brat"]


def test_other_files_of_these_names_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "annotation.conf").write_text("x", encoding="utf-8")
    (tmp_path / "lone.ann").write_text("T1\tPER 0 3\tAnn\n", encoding="utf-8")
    pair(tmp_path, "not brat's\n")
    assert importers.importer_of(tmp_path / "a.txt").name == "text"
    assert list(importers.read(tmp_path / "lone.ann")) == [Problem("lone.ann", "its text, lone.txt, is not beside it")]
    assert importers.files_of([tmp_path / "annotation.conf"]) == [tmp_path / "annotation.conf"]


def test_pieces_over_a_line_end_are_one_span_and_others_are_left_out(tmp_path: Path) -> None:
    marks = "T1\tPER 2 13;15 21\tAnn Lee met Bo Kay\nT2\tPER 2 5;15 17\tAnn Bo\nT3\tPER 11 18\twrong\n"
    record = only(pair(tmp_path, marks))
    assert marked(record) == [("Ann Lee met\r\nBo Kay", "PER")]
    assert record.problems == (
        "T2 left out: it is in several pieces",
        "T3 left out: the text there is “et\r\nBo ”",
    )


def test_what_is_no_span_is_counted_and_bad_lines_are_named(tmp_path: Path) -> None:
    marks = (
        "T1\tPER 2 9\tAnn Lee\nT2\tPER 15 21\tBo Kay\nR1\tmet Arg1:T1 Arg2:T2\t\nR2\tknows Arg1:T1 Arg2:T2\t\n"
        "#1\tAnnotatorNotes T1\tsure\n*\tEquiv T1 T2\nbroken\nT3\tPER 400 410\tfar\nT4\tPER x y\tno\n"
    )
    record = only(pair(tmp_path, marks))
    assert len(record.spans) == 2
    assert record.notes == (
        "2 × a brat relation, which is not read",
        "1 × a brat note, which is not read",
        "1 × a brat equivalence, which is not read",
    )
    assert record.problems == (
        ".ann line 7 left out: not as brat writes it",
        ".ann line 9 left out: not as brat writes it",
        "T3 left out: 400 is outside the text",
    )


@pytest.mark.parametrize(
    ("marks", "unit"),
    [
        ("T1\tPER 3 10\tAnn Lee\nT2\tLOC 26 30\tRome\n", "in UTF-16"),
        ("T1\tPER 5 12\tAnn Lee\nT2\tLOC 28 32\tRome\n", "in bytes of UTF-8"),
        (
            "T1\tPER 2 9\tAnn Lee\nT2\tLOC 24 28\tRome\n",
            "in signs on the screen",
        ),  # as with a Windows line end as one: here it is the same
    ],
)
def test_the_unit_is_found_from_the_words(tmp_path: Path, marks: str, unit: str) -> None:
    record = only(pair(tmp_path, marks))
    assert marked(record) == [("Ann Lee", "PER"), ("Rome", "LOC")]
    assert record.notes == (f"offsets counted {unit} became code points",)


def test_the_unit_can_be_said(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tPER 3 10\n")
    assert marked(only(path)) == [("nn Lee ", "PER")]
    assert marked(only(path, ReadOptions(unit=Unit.UTF16))) == [("Ann Lee", "PER")]
