"""Folders of brat, WebAnno TSV and CAS: names, labels, and what INCEpTION's reader takes for granted."""

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator import importers
from annotator.errors import KnownError
from annotator.exporters import Options, by_name, export
from annotator.importers import Record
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.label import Label
from annotator.model.tokens import Tokens

Make = Callable[..., AnnotatedArticle]
FOLDERS = ["brat", "webanno", "xmi"]


@pytest.mark.parametrize("name", FOLDERS)
def test_no_id_leads_out_of_the_folder(name: str, make: Make, tmp_path: Path) -> None:
    uids = ["../../x", "/tmp/x", "CON", "con", "a" * 400, "a" * 401, "C:\\x", ".."]
    articles = [replace(make("Ann left."), article=Article(uid, "Ann left.")) for uid in uids]
    export(by_name(name), articles, tmp_path / "inner" / ".." / "out", Options())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    files = [path.name for path in (tmp_path / "out").iterdir() if path.suffix in (".ann", ".tsv", ".xmi")]
    assert len({file.casefold() for file in files}) == len(uids)
    assert max(map(len, files)) < 200


def test_labels_that_brat_cannot_name(make: Make, tmp_path: Path) -> None:
    article = make("Ann left.", ("Ann", "real person"))
    ledger = export(by_name("brat"), [article], tmp_path / "out", Options((Label("ORG"), Label("Größe"))))
    assert ledger.notes == ["1 × the label “real person” is real_person there."]
    configuration = (tmp_path / "out" / "annotation.conf").read_text(encoding="utf-8")
    assert configuration.startswith("[entities]\nORG\nGröße\nreal_person\n\n[relations]\n")


@pytest.mark.parametrize("name", ["webanno", "xmi"])
@pytest.mark.parametrize("label", ["A_B", "a|b;c*[1]", "x->1-2", "back\\slash\\", "[1]", "_", "*", "tab\there", '<&">'])
def test_labels_come_back(name: str, label: str, make: Make, tmp_path: Path) -> None:
    article = make("Ann Lee left.", ("Ann Lee", label), ("Ann", label), ("left", label))
    export(by_name(name), [article], tmp_path / "out", Options())
    (file,) = importers.files_of([tmp_path / "out"])
    (record,) = importers.read(file)
    assert isinstance(record, Record)
    assert [(span.range, span.label) for span in record.spans] == [(s.range, label) for s in article.confirmed]


@pytest.mark.parametrize(
    "text",
    [
        "One. Two\n\n\nThree.  Four",
        "\r\n One.\rTwo",
        "  One",
        "One \n  Two\n",
        "北京。上海",
        "😀. 😀\n😀",
        " \t ",
        "a\x0bb\x0c",
    ],
)
def test_sentences_stand_where_inceptions_reader_expects_them(text: str, make: Make, tmp_path: Path) -> None:
    """It appends each sentence and a line end, takes the line end off again or fills up with blanks, no more."""
    export(by_name("webanno"), [make(text)], tmp_path / "out", Options())
    (file,) = (tmp_path / "out").iterdir()
    content = file.read_bytes().decode().removesuffix("\n")
    header, *blocks = re.split(r"\n\n(?=#Text)", content)
    assert header.count("\n") == 2  # one of the two empty lines behind it was cut at
    built = ""
    for block in blocks:
        lines = block.split("\n")
        begin = int(next(line for line in lines if line[0].isdigit()).split("\t")[1].split("-")[0])
        size = len(built.encode("utf-16-le")) // 2
        assert size <= begin + 1
        built = built[:-1] if size > begin else built + " " * (begin - size)
        built += "".join(f"{plain(line[6:])}\n" for line in lines if line.startswith("#Text="))
    assert built == f"{text}\n"


def plain(escaped: str) -> str:
    letters = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b"}
    return re.sub(r"\\(.)", lambda match: letters.get(match[1], match[1]), escaped)


def test_a_span_within_a_token_and_one_without(make: Make, tmp_path: Path) -> None:
    article = replace(
        make("New York-based x", ("York", "LOC"), (" ", "ORG")), tokens=Tokens([(0, 3), (4, 14), (15, 16)])
    )
    ledger = export(by_name("webanno"), [article], tmp_path / "out", Options())
    assert (ledger.written, ledger.adjusted, ledger.dropped) == (1, 0, 1)
    (file,) = (tmp_path / "out").iterdir()
    assert "1-2\t4-14\tYork-based\t_\t_\t\n1-2.1\t4-8\tYork\t*\tLOC\t\n" in file.read_text(encoding="utf-8")


def test_without_dkpro_cassis_nothing_is_written(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    with pytest.raises(KnownError, match="dkpro-cassis"):
        export(by_name("xmi"), [make("Ann")], tmp_path / "out", Options())
    assert not list(tmp_path.iterdir())


def test_labels_that_are_no_words_are_adjusted_in_brat_and_stay_apart(make: Make, tmp_path: Path) -> None:
    made = make("Ann Lee met Bo", ("Ann", "New label"), ("Lee", "New/label"), ("Bo", "New_label"))
    labels = tuple(map(Label, ("New label", "New_label")))
    ledger = export(by_name("brat"), [made], tmp_path / "out", Options(labels))
    (marks,) = (tmp_path / "out").glob("*.ann")
    types = [line.split("\t")[1].split(" ")[0] for line in marks.read_text("utf-8").splitlines()]
    assert types == ["New_label_2", "New_label_3", "New_label"]
    assert (ledger.written, ledger.adjusted) == (1, 2)
    assert ledger.lines[0].reason == "the label “New label” is New_label_2 there"


@pytest.mark.parametrize("name", ["brat", "webanno"])
def test_an_id_that_no_file_name_holds_is_said(name: str, make: Make, tmp_path: Path) -> None:
    made = make("Ann left.", ("Ann", "PER"))
    long = replace(made, article=Article("x" * 300, made.text))
    assert export(by_name(name), [made], tmp_path / "one", Options()).notes is None
    ledger = export(by_name(name), [long], tmp_path / "two", Options())
    assert ledger.notes == [f"The id “{'x' * 40}…” is too long for a file's name, and cut there."]
