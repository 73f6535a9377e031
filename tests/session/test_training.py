"""What is trained on, the process that trains, and the pipeline before."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from annotator import processes
from annotator.errors import KnownError
from annotator.session import Session
from annotator.session.training import FEWEST_ARTICLES, left_out, summary
from annotator.session.training_process import TrainingProcess, Wish, begun, discard
from annotator.suggest import child
from annotator.suggest.training_state import Workshop
from annotator.suggest.wire import decoded, encoded
from tests.decided import decided_project, record


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    return decided_project(tmp_path / "made-up.annot")


@pytest.fixture
def opened(decided: Path) -> Iterator[Session]:
    with Session.open(decided, annotator="ana") as session:
        yield session


# What is trained on


def test_an_article_stays_on_its_side_as_the_project_grows(opened: Session) -> None:
    before = opened.training.split()
    assert len(before.train) + len(before.held_out) == 20
    for number in range(20, 60):
        made = record(number)
        (article_id,) = opened.add_articles([made])
        opened.decide(article_id, [(s["start"], s["end"], s["label"]) for s in made["spans"]])
    after = opened.training.split()
    assert set(before.train) <= set(after.train)
    assert set(before.held_out) <= set(after.held_out)
    assert 0.1 < len(after.held_out) / 60 < 0.35


def test_one_article_with_spans_is_always_held_out(tmp_path: Path) -> None:
    for articles in range(FEWEST_ARTICLES, 10):
        path = decided_project(tmp_path / f"{articles}.annot", articles)
        with Session.open(path, annotator="ana") as session:
            split = session.training.split()
            assert any(gold.spans for gold in session.training.articles(split.held_out))
            assert split.train


def test_near_duplicates_are_on_the_same_side(opened: Session) -> None:
    split = opened.training.split()
    with opened.project.transaction():
        opened.project.connection.execute(
            "UPDATE article SET twin_of = ? WHERE id = ?", [split.held_out[0], split.train[0]]
        )
    assert split.train[0] in opened.training.split().held_out


def test_too_little_is_refused_with_advice(tmp_path: Path) -> None:
    path = decided_project(tmp_path / "four.annot", 4)
    with Session.open(path, annotator="ana") as session:
        with pytest.raises(KnownError, match=r"4 articles are done, and training needs 5\. Finish more"):
            session.training.split()
        for number in range(4):
            (article_id,) = session.add_articles([{"id": f"plain-{number}", "text": f"Nothing {number}."}])
            session.decide(article_id, [])
        for article_id in session.article_ids()[:3]:
            session.reopen(article_id)
        with pytest.raises(KnownError, match=r"confirmed spans? to learn from"):
            session.training.split()


def test_only_what_is_confirmed_in_finished_articles_is_an_entity(opened: Session) -> None:
    text = "Anna and Bjorn of the Oslo City Museum went to  Riga ."
    (article_id,) = opened.add_articles(
        [
            {
                "id": "x",
                "text": text,
                "spans": [{"start": 0, "end": 4, "label": "PER"}, {"start": 9, "end": 14, "label": "PER"}],
            }
        ]
    )
    opened.confirm(article_id, (0, 4))
    opened.reject(article_id, (9, 14))
    opened.add(article_id, 22, 38, "ORG")
    opened.add(article_id, 46, 53, "LOC")  # with its white space
    assert article_id not in [*opened.training.split().train, *opened.training.split().held_out]
    opened.finish(article_id)
    opened.add(article_id, 22, 26, "LOC")  # inside the museum
    opened.add(article_id, 15, 17, "MISC")
    opened.set_labels([label for label in opened.labels if label.name != "MISC"])
    (gold,) = opened.training.articles([article_id])
    spans = [(text[start:end], label) for start, end, label in gold.spans]
    assert spans == [("Anna", "PER"), ("Oslo City Museum", "ORG"), ("Riga", "LOC")]
    assert (gold.overlapping, gold.retired) == (1, 1)
    assert "MISC" not in opened.training.labels()
    assert opened.training.labels()["PER"] == ["PERSON", "PER"]


def test_what_was_left_out_is_said() -> None:
    part = {"articles": 2, "spans": {"PER": 3, "LOC": 1}, "off_tokens": 0, "overlapping": 1, "retired": 0}
    parts = {"train": part, "held_out": part | {"articles": 1, "off_tokens": 2, "overlapping": 0}}
    assert summary(parts) == "2 articles with 4 spans to learn from, 1 with 4 spans held out for the score."
    assert left_out(parts) == [
        "2 spans met no token edges: the words there are left open, neither entity nor not.",
        "1 span overlapped a longer one: not learned.",
    ]


# The pipeline before


def test_the_pipeline_before_is_remembered(opened: Session) -> None:
    assert opened.training.model_before() == ""
    opened.set_model("blank:de")
    opened.set_model("blank:de")
    assert opened.training.model_before() == "blank:en"
    opened.set_model(opened.training.model_before())
    assert (opened.model, opened.training.model_before()) == ("blank:en", "blank:de")


# The process


def heard(process: TrainingProcess, enough: Any = lambda _: False) -> list[dict[str, Any]]:
    """What a training told, until it has told enough or is through; then it is ended."""
    told = []
    try:
        for message in process.messages():
            told.append(message)
            if enough(message):
                break
    finally:
        process.kill()
    return told


def rounds(told: list[dict[str, Any]]) -> list[dict[str, float]]:
    return [message["round"] for message in told if "round" in message]


def test_a_killed_training_goes_on_from_its_last_round(decided: Path, tmp_path: Path) -> None:
    wish = Wish(str(decided), str(tmp_path / "out"), passes=6)
    heard(TrainingProcess(wish), lambda message: "parts" in message)  # killed before the first round
    assert begun(tmp_path / "out")
    first = heard(
        TrainingProcess(replace(wish, resume=True)), lambda message: message.get("round", {}).get("pass", 0) > 2
    )
    assert not (tmp_path / "out").exists()
    kept = Workshop(tmp_path / "out").state().rounds
    assert kept[: len(rounds(first))] == rounds(first)
    second = heard(TrainingProcess(replace(wish, resume=True)))
    assert rounds(second)[: len(kept)] == kept
    report = second[-1]["finished"]
    passes = [each["pass"] for each in report["rounds"]]
    assert passes == sorted(passes)
    assert passes[-1] == pytest.approx(6, abs=0.5)
    assert rounds(second)[len(kept)]["f"] >= kept[-1]["f"] - 0.2  # it did not begin anew
    assert report["score"]["f"] > 0.9
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("out")) == ["out"]


def test_a_training_that_was_begun_is_neither_lost_nor_run_twice(decided: Path, tmp_path: Path) -> None:
    wish = Wish(str(decided), str(tmp_path / "out"), passes=500)
    with pytest.raises(KnownError, match="No training to out was begun"):
        heard(TrainingProcess(replace(wish, resume=True)))
    assert not list(tmp_path.glob("out*"))
    running = TrainingProcess(wish)
    messages = running.messages()
    assert any("before" in message or "done" in message for message in messages)
    try:
        with pytest.raises(KnownError, match=f"process {running.pid}"):
            heard(TrainingProcess(replace(wish, resume=True)))
        with pytest.raises(KnownError, match=f"process {running.pid}"):
            discard(tmp_path / "out")
    finally:
        running.kill()
        with pytest.raises(KnownError, match="has stopped"):
            list(messages)
    with pytest.raises(KnownError, match="begun before"):
        heard(TrainingProcess(wish))
    discard(tmp_path / "out")
    assert [path.name for path in tmp_path.glob("out*")] == []


def test_it_ends_with_the_program_that_started_it(decided: Path, tmp_path: Path) -> None:
    words = child.command("annotator.session.training_process", "--training-worker")
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=processes.environment())
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(encoded(asdict(Wish(str(decided), str(tmp_path / "out"), passes=500))))
        process.stdin.flush()
        assert "parts" in decoded(process.stdout.readline())
        if hasattr(os, "getpriority"):
            assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)
        process.stdin.close()
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert begun(tmp_path / "out")


def test_the_project_is_worked_on_meanwhile(opened: Session, tmp_path: Path) -> None:
    process = TrainingProcess(Wish(str(opened.project.path), str(tmp_path / "out"), passes=2))
    (article_id,) = opened.add_articles([{"id": "new", "text": "Anna went to Oslo."}])
    slowest = 0.0
    for message in process.messages():
        began = time.monotonic()
        opened.flag(article_id, "done" in message)
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1.0
    opened.set_model(str(tmp_path / "out"))
    assert [(s.start, s.label) for s in opened.suggest(article_id)] == [(0, "PER"), (13, "LOC")]
    assert opened.check() == []


def test_a_project_closed_meanwhile_is_one_whole_file(decided: Path, tmp_path: Path) -> None:
    process = TrainingProcess(Wish(str(decided), str(tmp_path / "out"), passes=500))
    messages = process.messages()
    assert any("done" in message for message in messages)
    with Session.open(decided, annotator="ana") as session:
        session.flag(1)
    beside = [path.name for path in tmp_path.glob("made-up.annot*")]
    process.kill()
    with pytest.raises(KnownError, match="has stopped"):
        list(messages)
    assert beside == ["made-up.annot"]


def test_a_damaged_project_is_no_bug(decided: Path, tmp_path: Path) -> None:
    whole = decided.read_bytes()
    decided.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KnownError, match=r"made-up\.annot"):
        heard(TrainingProcess(Wish(str(decided), str(tmp_path / "out"))))
    assert list(tmp_path.glob("out*")) == []


def test_a_packed_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert child.command("annotator.session.training_process", "--training-worker") == [
        sys.executable,
        "--training-worker",
    ]
