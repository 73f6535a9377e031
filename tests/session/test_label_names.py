"""A label's name goes into XML, tables and lines of text: it holds no control characters, wherever it comes from."""

import json
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.model.label import Label
from annotator.session import Session

BAD = ("a\x00b", "a\nb", "\x1b[2J", "a\uffff")


@pytest.mark.parametrize("name", BAD)
def test_no_label_has_control_characters(tmp_path: Path, name: str) -> None:
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en") as session:
        before = session.labels
        with pytest.raises(KnownError, match=r"control characters in it\. Write it in letters"):
            session.set_labels((*before, Label(name)))
        assert session.labels == before


@pytest.mark.parametrize("name", BAD[1:])
def test_an_import_makes_no_such_label(tmp_path: Path, name: str) -> None:
    source = tmp_path / "news.jsonl"
    spans = [{"start": 0, "end": 3, "label": name}, {"start": 4, "end": 8, "label": "WENT"}]
    source.write_text(json.dumps({"text": "Bob went home.", "spans": spans}) + "\n")
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en") as session:
        before = {label.name for label in session.labels}
        report = session.import_files([source], new_labels=True)
        assert {label.name for label in session.labels} - before == {"WENT"}
        assert report.spans_left_out == 1


def test_no_new_label_has_more_than_a_hundred_characters(tmp_path: Path) -> None:
    scheme = tmp_path / "labels.json"
    scheme.write_text(json.dumps({"labels": ["L" * 101]}), "utf-8")
    with pytest.raises(KnownError, match="has a name or description of more than 100 and"):
        Session.open(tmp_path / "news.annot", create=True, labels=str(scheme), model="blank:en")
    source = tmp_path / "news.jsonl"
    spans = [{"start": 0, "end": 3, "label": "L" * 101}, {"start": 4, "end": 8, "label": "L" * 100}]
    source.write_text(json.dumps({"text": "Bob went home.", "spans": spans}) + "\n")
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en") as session:
        with pytest.raises(KnownError, match=r"The label name L{40}… has more than 100 characters\. Shorten it\."):
            session.set_labels((*session.labels, Label("L" * 101)))
        assert session.import_files([source], new_labels=True).spans_left_out == 1
        assert session.labels[-1].name == "L" * 100
        session._opened.write_labels((*session.labels, Label("M" * 150)), undoable=False)
        session.set_labels([label for label in session.labels if label.name != "MISC"])  # an old one may stay
        assert session.labels[-1].name == "M" * 150
