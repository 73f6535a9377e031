"""The account of an export, its manifest, and what it may be written over."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from annotator import __version__, exporters
from annotator.errors import KnownError
from annotator.exporters import Exporter, Ledger, Options, by_name
from annotator.model.article import AnnotatedArticle
from annotator.session import Session

TEXT = "Alibaba hires Jack Ma in Tel Aviv."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with six articles, all done; one span is off the token edges, one lies in another."""
    path = tmp_path / "in" / "news.annot"
    path.parent.mkdir()
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        suggested = [{"start": 25, "end": 33, "label": "LOC"}]
        records = [{"id": f"a{n}", "text": f"{TEXT} {n} {n}", "spans": list(suggested)} for n in range(6)]
        records[1]["spans"] += [{"start": 14, "end": 18, "label": "PER"}]  # type: ignore[operator]
        for article_id in session.add_articles(records):
            session.add(article_id, 0, 7, "ORG")
            if article_id == 2:
                session.reject(2, (14, 18))
            session.finish(article_id)
        session.add(1, 14, 19, "PER")  # "Jack "
        session.add(1, 25, 28, "PER")
    return path


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    """That project, open."""
    with Session.open(path, annotator="bo") as opened:
        yield opened


def manifest(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def names(folder: Path) -> list[str]:
    """What is in a folder, apart from what the program keeps of its own."""
    found = [path.relative_to(folder) for path in folder.rglob("*") if "in" not in path.parts[-2:]]
    return sorted(path.as_posix() for path in found if path.parts[0] != "home")


# Folders, as other formats are


def filling(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    ledger = Ledger()
    for annotated in articles:
        (path / f"{annotated.article.uid}.txt").write_text(annotated.text, "utf-8")
        ledger.articles += 1
        ledger.written += len(annotated.confirmed)
    return ledger


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Exporter:
    """A format that is a folder, with a file an article."""
    made = replace(by_name("jsonl"), name="many", suffix=".many", write=filling, write_filed=None, is_folder=True)
    monkeypatch.setattr(exporters, "EXPORTERS", (*exporters.EXPORTERS, made))
    return made


# The account


def test_each_span_that_did_not_leave_as_it_is_has_a_line(session: Session, tmp_path: Path) -> None:
    report = session.export(tmp_path / "out.conll", format="conll", with_rejected=True)
    ledger = report.files["out.conll"]
    assert (ledger.written, ledger.adjusted, ledger.dropped) == (12, 1, 2)
    assert [(line.article, line.start, line.end, line.label, line.outcome) for _, line in report.lines] == [
        ("a0", 14, 19, "PER", "adjusted"),
        ("a0", 25, 28, "PER", "dropped"),
        ("a1", 14, 18, "PER", "dropped"),
    ]


def test_strict_writes_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"1 span would be adjusted and 1 left out: a0: “Jack ” PER.*a0 14-19"):
        session.export(tmp_path / "out.conll", format="conll", strict=True)
    with pytest.raises(KnownError):
        session.export(tmp_path / "out.conll", format="conll", strict=True, split="50/50/0")
    assert names(tmp_path) == []
    assert session.project.meta("sides 50/50/0") == ""
    session.export(tmp_path / "out.jsonl", strict=True, with_rejected=True)


# The manifest


def test_the_manifest_says_what_a_dataset_is_made_of(session: Session, tmp_path: Path) -> None:
    session.guidelines.set("2.1")
    session.export(tmp_path / "out.conll", format="conll", with_rejected=True)
    told = manifest(tmp_path / "out.conll.manifest.json")
    content = (tmp_path / "out.conll").read_bytes()
    assert told["files"] == {"out.conll": {"sha256": sha256(content).hexdigest(), "bytes": len(content)}}
    assert (told["program"], told["format"], told["guideline"]) == (f"annotator {__version__}", "conll", "2.1")
    assert (told["articles"], told["spans"], told["rejected"]) == (6, {"LOC": 6, "ORG": 6, "PER": 2}, 1)
    assert told["suggested_by"] == {"import": 7, "person": 8}
    assert told["annotators"] == {"ana": 15}
    assert [label["name"] for label in told["labels"]["list"]] == ["PER", "ORG", "LOC", "MISC"]
    assert all(label["description"] for label in told["labels"]["list"])
    account = told["accounts"]["out.conll"]
    assert [account[key] for key in ("written", "adjusted", "dropped")] == [12, 1, 2]
    assert told["options"] == {"state": "done", "picked": "all", "with_rejected": True, "split": None, "group": []}


def test_the_same_project_gives_the_same_bytes_anywhere(path: Path, tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        copy = tmp_path / place / "copy.annot"
        copy.write_bytes(path.read_bytes())
        with Session.open(copy, annotator=place) as session:
            session.export(tmp_path / place / "out.jsonl", split="50/0/50", group=["day"])
    for name in ("out-train.jsonl", "out-test.jsonl", "out.jsonl.split.manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert str(tmp_path) not in (tmp_path / "one" / "out.jsonl.split.manifest.json").read_text("utf-8")


def test_the_manifest_of_a_split_tells_of_all_parts(session: Session, tmp_path: Path) -> None:
    report = session.export(tmp_path / "out.jsonl", split="50/0/50", group="source")
    assert list(report.files) == ["out-train.jsonl", "out-test.jsonl"]
    told = manifest(tmp_path / "out.jsonl.split.manifest.json")
    assert list(told["files"]) == ["out-train.jsonl", "out-test.jsonl"]
    assert {part: counts["articles"] for part, counts in told["parts"].items()} == {"train": 3, "test": 3}
    assert (told["options"]["split"], told["options"]["group"]) == ("50/0/50", ["source"])
    assert told["articles"] == 6


def test_a_checksum_of_the_labels_changes_with_what_they_mean(session: Session, tmp_path: Path) -> None:
    def digest() -> str:
        session.export(tmp_path / "out.jsonl")
        return str(manifest(tmp_path / "out.jsonl.manifest.json")["labels"]["sha256"])

    before = digest()
    session.set_labels([replace(label, colour="red") for label in session.labels])
    assert digest() == before
    session.set_labels([replace(label, description="Otherwise.") for label in session.labels])
    assert digest() != before


# What may be written over


def test_an_export_replaces_the_last_one_and_nothing_else(session: Session, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    session.export(out)
    session.relabel(1, (0, 7), "MISC")
    session.export(out)
    assert '"MISC"' in out.read_text("utf-8")
    out.write_text("mine", "utf-8")
    with pytest.raises(KnownError, match="not what the last export wrote"):
        session.export(out)
    assert out.read_text("utf-8") == "mine"
    session.export(out, replace=True)
    assert manifest(tmp_path / "out.jsonl.manifest.json")["articles"] == 6


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes there")
@pytest.mark.parametrize("exporter", exporters.EXPORTERS, ids=lambda exporter: exporter.name)
def test_a_name_that_is_no_text_is_no_reason_not_to_write(session: Session, tmp_path: Path, exporter: Exporter) -> None:
    """As one from another machine, or any beyond ASCII where the locale is C."""
    out = tmp_path / os.fsdecode(b"Z\xfcrich" + exporter.suffix.encode())
    for _ in range(2):  # the second time over what the manifest says is ours
        session.export(out, format=exporter.name)
    (name, *_) = manifest(out.with_name(f"{out.name}.manifest.json"))["files"]
    assert name.startswith("Z\ufffdrich")


def test_a_source_file_is_never_replaced_unasked(session: Session, tmp_path: Path) -> None:
    session.export(tmp_path / "source.jsonl")
    (tmp_path / "source.jsonl.manifest.json").unlink()
    before = (tmp_path / "source.jsonl").read_bytes()
    for split in (None, "50/50/0"):
        (tmp_path / "source-train.jsonl").write_bytes(before)
        with pytest.raises(KnownError, match="is there already"):
            session.export(tmp_path / "source.jsonl", split=split)
    (tmp_path / "other.jsonl.manifest.json").write_text("[]", "utf-8")
    with pytest.raises(KnownError, match=r"manifest\.json is there already"):
        session.export(tmp_path / "other.jsonl")
    assert (tmp_path / "source.jsonl").read_bytes() == (tmp_path / "source-train.jsonl").read_bytes() == before


def test_whole_and_split_exports_of_one_name_lie_side_by_side(session: Session, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for split in (None, "50/25/25", None, "50/25/25"):
        session.export(out, split=split)
    assert {"out.jsonl", "out-train.jsonl", "out-dev.jsonl", "out-test.jsonl"} <= set(names(tmp_path))


def test_no_part_of_an_older_split_stays_beside_the_new_one(session: Session, tmp_path: Path) -> None:
    session.export(tmp_path / "out.jsonl", split="50/25/25")
    session.export(tmp_path / "out.jsonl", split="50/0/50")
    assert not (tmp_path / "out-dev.jsonl").exists()
    (tmp_path / "out-dev.jsonl").write_text("mine", "utf-8")
    with pytest.raises(KnownError, match="no such part"):
        session.export(tmp_path / "out.jsonl", split="50/0/50", replace=True)


def test_a_folder_is_replaced_only_as_it_was_left(session: Session, tmp_path: Path, many: Exporter) -> None:
    out = tmp_path / "out"
    session.export(out, format="many")
    session.export(out, format="many", state="all")
    assert sorted(path.name for path in out.iterdir()) == [f"a{n}.txt" for n in range(6)]
    (out / "mine.txt").write_text("mine", "utf-8")
    for replacing in (False, True):
        with pytest.raises(KnownError, match="holds other things"):
            session.export(out, format="many", replace=replacing)
    assert (out / "mine.txt").is_file()
    assert not list(tmp_path.glob(".export*"))


def test_the_parts_of_a_folder_are_folders_in_it(session: Session, tmp_path: Path, many: Exporter) -> None:
    for name in ("out", "out.zip"):
        report = session.export(tmp_path / name, format="many", split="50/0/50")
        assert list(report.files) == [f"{name}/train", f"{name}/test"]
    told = manifest(tmp_path / "out.manifest.json")
    assert sorted(told["files"]) == [name for name in names(tmp_path) if name.endswith(".txt")]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["test", "train"]
    assert list(manifest(tmp_path / "out.zip.manifest.json")["files"]) == ["out.zip"]


# All or none


def test_all_parts_appear_or_none(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, calls = by_name("jsonl"), list[Path]()

    def failing(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return plain.write(articles, path, options)

    monkeypatch.setattr(exporters, "EXPORTERS", (replace(plain, write=failing, write_filed=None),))
    with pytest.raises(KnownError, match="No space left"):
        session.export(tmp_path / "out.jsonl", split="50/0/50")
    assert names(tmp_path) == []


def test_no_article_no_dataset(tmp_path: Path, session: Session) -> None:
    for article_id in session.article_ids():
        session.reopen(article_id)
    for split in (None, "80/10/10"):
        with pytest.raises(KnownError, match="No article is done yet"):
            session.export(tmp_path / "out.jsonl", split=split)
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="whether a process runs is not asked elsewhere")
def test_what_a_killed_export_left_goes_with_the_next(tmp_path: Path, session: Session) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _LEAVES_PARTS, str(tmp_path / "out.jsonl")], stdout=subprocess.PIPE, check=False
    )
    left = sorted(path.name for path in tmp_path.glob(".export-*"))
    assert (ended.returncode, len(left)) == (9, 2), left
    running = tmp_path / left[0].replace(left[0].split("-")[2], str(os.getpid()))
    elsewhere = tmp_path / left[0].replace(left[0].split("-")[1], "0" * 8)
    strange = tmp_path / ".export-of-mine.tmp"
    for each in (running, elsewhere, strange):
        each.touch()
    session.export(tmp_path / "out.jsonl")
    assert set(tmp_path.glob(".export-*")) == {running, elsewhere, strange}
    os.utime(elsewhere, (0, 0))
    session.export(tmp_path / "out.jsonl")
    assert set(tmp_path.glob(".export-*")) == {running, strange}


_LEAVES_PARTS = """
import os, sys
from pathlib import Path
from annotator.exporters import Kind, Target, staged
with staged([Target(Path(sys.argv[1])), Target(Path(sys.argv[1] + "2"), Kind.FOLDER)]) as (one, two):
    one.part.touch()
    os._exit(9)
"""


def test_guidelines_are_for_those_who_may_write(path: Path, session: Session) -> None:
    assert session.guidelines.version == ""
    session.guidelines.set(" 2026-03 ")
    assert session.guidelines.version == "2026-03"
    with Session.open(path, read_only=True) as reading, pytest.raises(KnownError, match="reading only"):
        reading.guidelines.set("3")
