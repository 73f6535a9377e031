"""What ships beside the code: schemes, sample articles, icons."""

import json
import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from annotator import resources
from annotator.errors import KnownError
from annotator.model.label import Scheme, model_map

# The entity labels of spaCy's English pipelines.
ONTONOTES = {
    "CARDINAL", "DATE", "EVENT", "FAC", "GPE", "LANGUAGE", "LAW", "LOC", "MONEY",
    "NORP", "ORDINAL", "ORG", "PERCENT", "PERSON", "PRODUCT", "QUANTITY", "TIME", "WORK_OF_ART",
}  # fmt: skip
# Single letters that are commands in the window.
COMMAND_KEYS = set("acdefgjknpqsuxz")

SCHEMES = resources.schemes()
SAMPLES = resources.sample_articles()


def by_name(value: Scheme | Path) -> str:
    return value.name


class TestSchemes:
    def test_three_ship(self) -> None:
        assert [scheme.name for scheme in SCHEMES] == ["ontonotes", "conll", "news"]
        assert {file.stem for file in resources.path("labels").iterdir()} == set(resources.SCHEMES)

    @pytest.mark.parametrize("scheme", SCHEMES, ids=by_name)
    def test_labels_can_be_told_apart_and_reached(self, scheme: Scheme) -> None:
        keys = [label.key for label in scheme.labels]
        assert len(set(keys)) == len(keys)
        assert all(keys)
        assert not COMMAND_KEYS.intersection(keys)
        assert all(label.colour in resources.HUES for label in scheme.labels)
        assert all(len(label.description) > 40 for label in scheme.labels)

    @pytest.mark.parametrize("scheme", SCHEMES, ids=by_name)
    def test_a_model_s_label_means_one_label(self, scheme: Scheme) -> None:
        meant = [theirs for label in scheme.labels for theirs in (label.name, *label.from_model)]
        assert len(set(meant)) == len(meant)

    def test_ontonotes_has_all_of_the_model_s_labels(self) -> None:
        assert {label.name for label in resources.scheme("ontonotes").labels} == ONTONOTES

    def test_conll_takes_names_and_no_numbers(self) -> None:
        mapped = model_map(resources.scheme("conll").labels)
        places, others = ("GPE", "FAC", "LOC"), ("NORP", "EVENT", "WORK_OF_ART", "PRODUCT", "LAW", "LANGUAGE")
        assert {mapped[theirs] for theirs in places} == {"LOC"}
        assert {mapped[theirs] for theirs in others} == {"MISC"}
        assert (mapped["PERSON"], mapped["ORG"]) == ("PER", "ORG")
        numbers = {"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"}
        assert numbers.isdisjoint(mapped)

    def test_news_drops_ranks_only(self) -> None:
        assert ONTONOTES - set(model_map(resources.scheme("news").labels)) == {"ORDINAL"}


class TestAScheme:
    def write(self, tmp_path: Path, data: object) -> Path:
        file = tmp_path / "ours.json"
        file.write_text(json.dumps(data), "utf-8")
        return file

    def test_names_alone_are_enough(self, tmp_path: Path) -> None:
        scheme = resources.scheme(self.write(tmp_path, {"labels": ["DRUG", {"name": "DOSE", "key": "1"}, "SIDE"]}))
        assert (scheme.name, scheme.title) == ("ours", "ours")
        assert [(label.name, label.colour, label.key) for label in scheme.labels] == [
            ("DRUG", "blue", "2"),
            ("DOSE", "orange", "1"),
            ("SIDE", "green", "3"),
        ]

    def test_more_labels_than_keys_and_colours(self, tmp_path: Path) -> None:
        scheme = resources.scheme(self.write(tmp_path, {"labels": [f"L{number}" for number in range(30)]}))
        assert [label.key for label in scheme.labels] == [*"1234567890", *[""] * 20]
        assert scheme.labels[12].colour == scheme.labels[0].colour

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            ([], "no list of labels"),
            ({"labels": []}, "no list of labels"),
            ({"labels": [7]}, "7 is not a label"),
            ({"labels": [{"name": " "}]}, "has no name"),
            ({"labels": ["A", "A"]}, "name 'A'"),
            ({"labels": [{"name": "A", "key": "x"}, {"name": "B", "key": "X"}]}, "key 'x'"),
            ({"labels": [{"name": "A", "key": "F5"}]}, "'f5'"),
            ({"labels": [{"name": "A", "colour": "sky"}]}, "unknown colour 'sky'"),
            ({"labels": [{"name": "A", "from_model": "B"}]}, "from_model"),
        ],
    )
    def test_what_is_wrong_is_said(self, tmp_path: Path, data: object, complaint: str) -> None:
        with pytest.raises(KnownError, match=re.escape(complaint)):
            resources.scheme(self.write(tmp_path, data))

    def test_what_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(KnownError, match="ontonotes, conll, news"):
            resources.scheme("onto")
        with pytest.raises(KnownError, match="ontonotes, conll, news"):
            resources.scheme(tmp_path / "none.json")
        (tmp_path / "binary.json").write_bytes(b"\xff\x00")
        with pytest.raises(KnownError, match="not a label scheme"):
            resources.scheme(tmp_path / "binary.json")


class TestSampleArticles:
    def test_seven_ship_in_order(self) -> None:
        assert [file.name[:3] for file in SAMPLES] == [f"0{number}-" for number in range(1, 8)]

    @pytest.mark.parametrize("file", SAMPLES, ids=by_name)
    def test_headline_blank_line_dateline_body(self, file: Path) -> None:
        text = file.read_bytes().decode("utf-8")
        headline, blank, body = text.split("\n", 2)
        assert 20 <= len(headline) <= 110
        assert blank == ""
        assert re.match(r"[A-Z][\w ]+, (January|February|March|April) \d{1,2}, 2026 – ", body)
        assert text.endswith("\n")
        assert "\r" not in text

    def test_paragraphs_are_never_repeated(self) -> None:
        paragraphs = [p for file in SAMPLES for p in file.read_text("utf-8").split("\n\n")]
        assert len(set(paragraphs)) == len(paragraphs)

    def test_lengths_and_scripts(self) -> None:
        words = [len(file.read_text("utf-8").split()) for file in SAMPLES]
        assert 250 <= words[0] <= 400
        assert sum(60 <= count <= 100 for count in words) == 1
        assert sum(4800 <= count <= 5200 for count in words) == 1
        all_text = "".join(file.read_text("utf-8") for file in SAMPLES)
        for script in (
            "[\u4e00-\u9fff]",
            "[\u0600-\u06ff]",
            "[\u0590-\u05ff]",
            "[\u0400-\u04ff]",
            "[\U0001f300-\U0001faff]",
        ):
            assert re.search(script, all_text)


def test_the_wheel_takes_everything_but_screenshots() -> None:
    root = Path(__file__).parent.parent
    wheel = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    there = {f"resources/{entry.name}" for entry in (root / "resources").iterdir()} - {"resources/screenshots"}
    assert wheel["force-include"] == {each: f"annotator/_{each}" for each in there}


class TestIcons:
    def test_svg_is_one(self) -> None:
        root = ET.fromstring(resources.path("icons/annotator.svg").read_text("utf-8"))
        assert root.get("viewBox") == "0 0 256 256"

    def test_qt_can_show_both(self, qt_app: object) -> None:
        from PySide6.QtGui import QIcon

        for name in ("icons/annotator.svg", "icons/annotator.png"):
            assert not QIcon(str(resources.path(name))).pixmap(64, 64).isNull()


def test_desktop_entry_starts_the_program() -> None:
    assert "\nExec=annotator %f\n" in resources.path("annotator.desktop").read_text("utf-8")


@pytest.mark.parametrize("packaged", [True, False])
def test_found_in_a_wheel_and_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packaged: bool) -> None:
    package = tmp_path / "annotator"
    home = package / "_resources" if packaged else tmp_path / "resources"
    home.mkdir(parents=True)
    (home / "note.txt").write_bytes(b"caf\xc3\xa9\r\n")
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    assert resources.path("note.txt").read_bytes() == b"caf\xc3\xa9\r\n"
