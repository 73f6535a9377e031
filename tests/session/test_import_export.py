"""Articles in and out of a project: every record accounted for, and our own export comes back byte for byte."""

import json
import re
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.session import Session
from annotator.session.splits import part_of

MODEL = "blank:en"
_TOKENS = re.compile(rb'"token_start":\d+,"token_end":\d+,')


def write(path: Path, *records: Any) -> Path:
    """Records as JSON Lines; a string is written as it is."""
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in records]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def opened(path: Path, scheme: str = "conll") -> Session:
    return Session.open(path, create=True, labels=scheme, model=MODEL, annotator="ana")


@pytest.mark.parametrize("with_rejected", [False, True])
def test_our_own_export_comes_back_byte_for_byte(tmp_path: Path, random_work: ModuleType, with_rejected: bool) -> None:
    random, first, second = Random(7), tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    with opened(tmp_path / "from.annot") as session:
        session.add_articles(random_work.records(12, random))
        worker = random_work.Worker(session, random)
        worker.verbs = tuple(verb for verb in worker.verbs if verb != worker.labels)
        worker.read_all()
        for _ in range(200):
            worker.work()
        session.export(first, state="all", with_rejected=with_rejected)
        rejected = sum(len(session.article(number).rejected) for number in session.article_ids())
    with opened(tmp_path / "to.annot") as session:
        report = session.import_files([first])
        assert (report.accepted, report.records, report.lines) == (12, 12, [])
        session.export(second, state="all", with_rejected=with_rejected)
        assert session.check() == []
        assert rejected > 10
        assert sum(session.row(n).rejected for n in session.article_ids()) == (rejected if with_rejected else 0)  # type: ignore[union-attr]
    assert second.read_bytes() == _TOKENS.sub(b"", first.read_bytes()), "nobody cut the second project into tokens"


def test_the_same_project_exports_the_same_bytes(tmp_path: Path, session: Session) -> None:
    session.finish(2)
    for name in ("one", "other"):
        session.export(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes() != b""


def test_only_finished_articles_leave_unless_all_are_wanted(tmp_path: Path, session: Session) -> None:
    session.finish(2)
    done, everything = tmp_path / "done.jsonl", tmp_path / "all.jsonl"
    report = session.export(done)
    session.export(everything, state="all")
    assert [json.loads(line)["id"] for line in done.read_text("utf-8").splitlines()] == ["article-1"]
    assert len(everything.read_text("utf-8").splitlines()) == 3
    assert report.files["done.jsonl"].articles == 1
    assert report.files["done.jsonl"].written == len(session.article(2).confirmed)


def test_texts_leave_as_they_came(tmp_path: Path) -> None:
    text = "\ufeffA\r\nb\rc\u2028d\u2029\u0085e\u00a0 \t 👩\u200d🚀 e\u0301 שלום عربى 阿里巴巴"
    with opened(tmp_path / "news.annot") as session:
        session.import_files([write(tmp_path / "in.jsonl", {"id": "x", "text": text})])
        session.export(tmp_path / "out.jsonl", state="all")
    lines = (tmp_path / "out.jsonl").read_bytes().decode("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [text]


def test_each_record_is_accounted_for(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": "a", "text": "Alibaba", "spans": [{"start": 0, "end": 7, "label": "ORG"}]},
        {"id": "a", "text": "Alibaba"},
        {"id": "a", "text": "Another"},
        "{broken",
        {"id": "b", "text": "MoneyGram", "spans": [[0, 9, "FIRM"], [5, 99, "ORG"]]},
        {"id": "c", "text": "nul \x00"},
    )
    with opened(tmp_path / "news.annot") as session:
        report = session.import_files([source])
        assert (report.accepted, report.repaired, report.skipped, report.rejected) == (1, 2, 1, 2)
        assert (report.records, report.spans, report.spans_left_out, report.ids) == (6, 1, 2, [1, 2, 3])
        assert [(line.where.split(":")[-1], line.kind) for line in report.lines] == [
            ("2", "skipped"),
            ("3", "rejected"),
            ("4", "rejected"),
            ("5", "repaired"),
            ("6", "repaired"),
            ("5", "repaired"),
        ]
        assert report.lines[-1].reason == "1 span left out: the project has no label FIRM"
        assert report.unknown_labels == {"FIRM": 1}
        assert session.article(3).text == "nul \ufffd"
        assert [span.state for span in session.article(1).spans] == ["suggested"]
        again = session.import_files([source])
        assert (again.skipped, again.rejected, again.ids) == (4, 2, [])
        assert session.check() == []


def test_a_strict_import_takes_all_or_nothing(tmp_path: Path, session: Session) -> None:
    before = session.article_ids()
    source = write(tmp_path / "in.jsonl", {"id": "x", "text": "fine"}, "{broken")
    with pytest.raises(KnownError, match=r"in.jsonl:2"):
        session.import_files([source], strict=True)
    assert session.article_ids() == before
    good = write(tmp_path / "good.jsonl", {"id": "x", "text": "fine"}, {"id": "x", "text": "fine"})
    assert session.import_files([good], strict=True).summary().startswith("1 of 2 articles imported")


def test_an_unreadable_file_among_others_leaves_nothing(tmp_path: Path, session: Session) -> None:
    good = write(tmp_path / "good.jsonl", {"id": "x", "text": "fine"})
    with pytest.raises(KnownError):
        session.import_files([good, tmp_path / "missing.jsonl"])
    assert session.article_ids() == [1, 2, 3]


def exported_span(**more: Any) -> dict[str, Any]:
    return {"start": 0, "end": 7, "label": "ORG", "id": "span-1", "source": "person", "decision": "add"} | more


def own_record(uid: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = {"id": uid, "text": "Alibaba is here.", "spans": list(spans), "state": "done", "schema": "annotator/1"}
    return own | more


def test_decisions_of_a_colleague_come_with_their_name(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", own_record("a", exported_span(annotator="bo", at="2026-01-31T09:30:00Z")))
    with opened(tmp_path / "news.annot") as session:
        session.import_files([source])
        (span,) = session.article(1).confirmed
        assert (span.annotator, span.at, span.uid) == ("bo", "2026-01-31T09:30:00Z", "span-1")
        session.relabel(1, (0, 7), "PER")
        assert session.article(1).confirmed[0].annotator == "ana"
        session.undo()
        assert session.article(1).confirmed == (span,)


def test_no_span_is_lost_where_two_articles_bring_the_same_id(tmp_path: Path) -> None:
    records = [own_record(uid, exported_span()) for uid in ("a", "b")]
    with opened(tmp_path / "news.annot") as session:
        report = session.import_files([write(tmp_path / "in.jsonl", *records)])
        assert (report.accepted, report.spans) == (2, 2)
        uids = [session.article(number).confirmed[0].uid for number in (1, 2)]
    assert uids[0] == "span-1" != uids[1]


def test_spans_that_become_the_same_by_the_labels_are_reported(tmp_path: Path) -> None:
    spans = (exported_span(label="PER"), exported_span(label="PERSON", id="span-2"))
    with opened(tmp_path / "news.annot") as session:
        report = session.import_files([write(tmp_path / "in.jsonl", own_record("a", *spans))])
        assert (report.repaired, report.spans, report.spans_left_out) == (1, 1, 1)
        assert "another one there is PER already" in report.lines[0].reason


def test_an_import_between_a_step_and_its_undo_is_in_nobodys_way(tmp_path: Path) -> None:
    with opened(tmp_path / "news.annot") as session:
        session.add_articles([{"id": "first", "text": "Alibaba is here."}])
        session.add(1, 0, 7, "ORG")
        session.reject(1, (0, 7))
        session.import_files([write(tmp_path / "in.jsonl", own_record("a", exported_span()))])
        for _ in range(3):
            session.undo()
        assert session.article(1).confirmed == ()
        for _ in range(3):
            session.redo()
        assert [span.range for span in session.article(2).confirmed] == [(0, 7)]
        assert session.check() == []


# Splits


def ids_in(folder: Path) -> dict[str, set[str]]:
    return {
        path.stem.removeprefix("out-"): {json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()}
        for path in folder.glob("out-*.jsonl")
    }


def test_parts_are_disjoint_complete_and_stay_as_the_project_grows(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with opened(tmp_path / "news.annot") as session:
        session.add_articles({"id": f"a{n}", "text": f"Text {n}"} for n in range(300))
        report = session.export(first / "out.jsonl", state="all", split="80/10/10")
        session.add_articles({"id": f"b{n}", "text": f"Other text {n}"} for n in range(100))
        session.export(second / "out.jsonl", state="all", split="80/10/10")
    before, after = ids_in(first), ids_in(second)
    assert list(report.files) == ["out-train.jsonl", "out-dev.jsonl", "out-test.jsonl"]
    assert sum(map(len, before.values())) == 300 == len(set().union(*before.values()))
    assert all(before[part] == {uid for uid in after[part] if uid.startswith("a")} for part in before)
    assert 220 < len(before["train"]) < 260
    assert 15 < len(before["dev"]) < 45


@pytest.mark.parametrize(("shares", "part"), [((100, 0, 0), "train"), ((0, 100, 0), "dev"), ((0, 0, 100), "test")])
def test_a_share_of_all_takes_all(shares: tuple[int, int, int], part: str) -> None:
    assert {part_of(f"article-{n}", shares) for n in range(500)} == {part}


@pytest.mark.parametrize("split", ["80/10", "80/10/11", "a/b/c", "80/10/10/0", "110/-5/-5", ""])
def test_a_split_that_is_none(tmp_path: Path, session: Session, split: str) -> None:
    with pytest.raises(KnownError, match="is no split"):
        session.export(tmp_path / "out.jsonl", split=split)
    assert not list(tmp_path.glob("out*"))


def test_an_export_never_takes_the_place_of_a_project(tmp_path: Path, session: Session) -> None:
    with opened(tmp_path / "other.annot"):
        pass
    for name in ("news.annot", "other.annot"):
        with pytest.raises(KnownError, match="project"):
            session.export(tmp_path / name)
    assert session.check() == []


def test_progress_is_told(tmp_path: Path, session: Session) -> None:
    seen: list[tuple[int, int]] = []
    session.export(tmp_path / "out.jsonl", state="all", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_of_everything_is_told_apart_in_the_report(tmp_path: Path, session: Session) -> None:
    folder = tmp_path / "news"
    page = "<html><body><article><p>Alibaba opened a lab in Oslo, it said.</p></article></body></html>"
    files = {
        "2017/a.html": page.encode(),
        "2018/a.html": b"<html><body></body></html>",
        "2018/b.csv": b"title,text\nA,Rome.\nB,\n",
        "c.png": b"\x89PNG\r\n",
        ".hidden.png": b"\x89PNG\r\n",
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    report = session.import_files([folder])
    assert (report.accepted, report.repaired, report.rejected) == (2, 0, 3)
    assert [(line.where, line.reason) for line in report.lines] == [
        ("2018/a.html", "no article was found on the page"),
        ("b.csv:3", "nothing in the column “text”"),
        ("c.png", "not a text file (PNG)"),
    ]
    first, second = (session.article(number).article for number in report.ids)
    assert (first.text, first.meta["file"]) == ("Alibaba opened a lab in Oslo, it said.", "2017/a.html")
    assert (second.text, second.title) == ("Rome.", "A")
