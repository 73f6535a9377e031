"""UIMA CAS: INCEpTION's types, a missing type system, and XML that wants to do harm."""

import shutil
import sys
from pathlib import Path

import pytest

from annotator import importers
from annotator.errors import KnownError
from annotator.importers import Problem, Record, guarded
from annotator.importers.base import ReadOptions
from annotator.importers.wire import of_options

GOLDEN = Path(__file__).parents[1] / "data" / "golden" / "articles.xmi"
NAME = "a1~f55ff1.xmi"
CORE = "de/tudarmstadt/ukp/dkpro/core/api"
XMI = (
    '<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
    'xmlns:cas="http:///uima/cas.ecore" xmlns:ner="http:///{core}/ner/type.ecore" '
    'xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">'
    '<cas:NULL xmi:id="0"/>{inner}'
    '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="😀 Ann Lee"/>'
    '<cas:View sofa="1" members="{members}"/></xmi:XMI>'
)


def written(folder: Path, inner: str, members: str = "2") -> list[Record | Problem]:
    file = folder / "x.xmi"
    file.write_text(XMI.format(core=CORE, inner=inner, members=members), encoding="utf-8")
    return list(importers.read(file))


def test_what_was_exported_once_is_still_read() -> None:
    (record,) = importers.read(GOLDEN / NAME)
    assert isinstance(record, Record)
    assert record.article.uid == "a1"
    assert record.article.meta["n"] == 0
    assert len(record.spans) == 7
    assert record.notes == record.problems == ()


def test_the_type_system_is_not_read_as_an_article() -> None:
    files = importers.files_of([GOLDEN])
    assert files[0].name == NAME
    assert all(file.suffix == ".xmi" for file in files)


def test_without_a_type_system_named_entities_are_read(tmp_path: Path) -> None:
    person = '<ner:Person xmi:id="2" sofa="1" begin="3" end="6"/>'
    entity = '<ner:NamedEntity xmi:id="3" sofa="1" begin="3" end="10" value="X"/>'
    (record,) = written(tmp_path, person + entity, "2 3")
    assert isinstance(record, Record), record
    assert [(s.range, s.label) for s in record.spans] == [((2, 9), "X"), ((2, 5), "Person")]
    assert record.notes == ("TypeSystem.xml is not beside it; only the types of DKPro Core were read",)


def test_bad_entities_are_left_out_one_by_one(tmp_path: Path) -> None:
    inner = (
        '<ner:NamedEntity xmi:id="2" sofa="1" begin="3" end="6"/>'
        '<ner:NamedEntity xmi:id="3" sofa="1" begin="3" end="400" value="X"/>'
        '<ner:NamedEntity xmi:id="4" sofa="1" begin="3" end="6" value="PER"/>'
        '<custom:Unknown xmi:id="5" sofa="1" begin="3" end="6"/>'
    )
    (record,) = written(tmp_path, inner, "2 3 4 5")
    assert isinstance(record, Record), record
    assert [(s.range, s.label) for s in record.spans] == [((2, 5), "PER")]
    assert record.problems == ("entity 2-5 left out: it has no label", "entity 2-400 left out: it is outside the text")
    assert record.notes[1] == "1 × an offset inside a character or outside the text"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "XML that declares a document type or entities is not read"),
        (b'<?xml version="1.0" encoding="UTF-7"?><x/>', "XML in another encoding than UTF-8"),
        ('<?xml version="1.0"?><x/>'.encode("utf-16"), "XML in another encoding than UTF-8"),
    ],
)
def test_what_is_not_given_to_the_parser(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x.xmi").write_bytes(content)
    assert list(importers.read(tmp_path / "x.xmi")) == [Problem("x.xmi", reason)]


def test_entities_in_the_type_system_are_refused(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / NAME, tmp_path)
    (tmp_path / "TypeSystem.xml").write_bytes(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>')
    (item,) = importers.read(tmp_path / NAME)
    assert isinstance(item, Problem)
    assert "entities is not read" in item.reason


@pytest.mark.parametrize("cut", [100, 2000, -20])
def test_a_damaged_file_is_a_problem(tmp_path: Path, cut: int) -> None:
    shutil.copy(GOLDEN / "TypeSystem.xml", tmp_path)
    (tmp_path / "x.xmi").write_bytes((GOLDEN / NAME).read_bytes()[:cut])
    (item,) = importers.read(tmp_path / "x.xmi")
    assert isinstance(item, Problem)
    assert item.reason.startswith("not a CAS that can be read")


def test_without_dkpro_cassis_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    with pytest.raises(KnownError, match="dkpro-cassis"):
        list(importers.by_name("xmi").read(GOLDEN / NAME, ReadOptions()))


def test_the_process_that_reads_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    ask = {"path": str(GOLDEN / NAME), "format": "xmi", "options": of_options(ReadOptions()), "skip": 0}
    assert list(guarded.answered(ask)) == [{"known": ["UIMA CAS needs dkpro-cassis.", "Install annotator[cas]."]}]
