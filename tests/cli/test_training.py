"""annotator train: a real pipeline from a small project, told in words and in JSON, used and gone back from."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.commands import training
from annotator.session import Session
from annotator.session.training_process import TrainingProcess, begun
from tests.cli.conftest import Run
from tests.decided import decided_project


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    return decided_project(tmp_path / "made-up.annot")


def model_of(project: Path) -> str:
    with Session.open(project, read_only=True) as session:
        return session.model


def test_train_use_and_back(run: Run, decided: Path, tmp_path: Path) -> None:
    answer = run("train", decided, tmp_path / "out", "--passes", "4", "--use")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "Held-out score"
    assert lines[1].split() == ["spans", "precision", "recall", "F1"]
    assert [line.split()[0] for line in lines[2:]] == ["all", "LOC", "PER"]
    assert "20 articles" not in answer.err
    assert "held out for the score." in answer.err
    assert "Pass 4" in answer.err
    assert model_of(decided) == str(tmp_path / "out")

    assert run("suggest", decided).code == 0
    answer = run("train", decided, "--back", "--json")
    assert (answer.code, json.loads(answer.out)) == (0, {"model": "blank:en"})
    assert model_of(decided) == "blank:en"
    assert run("train", decided, "--back").code == 0
    assert model_of(decided) == str(tmp_path / "out")


def test_json_is_the_report_beside_the_pipeline(run: Run, decided: Path, tmp_path: Path) -> None:
    answer = run("--quiet", "train", decided, tmp_path / "out", "--from", "blank:de", "--passes", "2", "--json")
    assert (answer.code, answer.err) == (0, "")
    report = json.loads(answer.out)
    assert report == json.loads((tmp_path / "out" / "training.json").read_text("utf-8"))
    assert report["from"] == "blank:de"
    assert model_of(decided) == "blank:en"


def test_interrupted_and_gone_on_with(run: Run, decided: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[TrainingProcess] = []

    def interrupted(args: Any, process: TrainingProcess, progress: Any) -> dict[str, Any]:
        next(message for message in process.messages() if "round" in message)
        ended.append(process)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "_heard", interrupted)
        answer = run("train", decided, tmp_path / "out", "--passes", "3")
    assert answer.code == 130
    assert "--resume" in answer.err
    assert begun(tmp_path / "out")

    again = run("train", decided, tmp_path / "out")
    assert again.failed_plainly()
    assert "begun before" in again.err
    answer = run("train", decided, tmp_path / "out", "--resume", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["rounds"][-1]["pass"] == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name the folder"),
        (("out", "--back"), "Name the folder"),
        (("--back",), "no other pipeline"),
        (("out", "--passes", "0"), "not a number from 1"),
        (("out", "--from", "de_core_news_none"), "not installed"),
        (("out", "--resume"), "No training to out was begun"),
        (("made-up.annot",), "there already"),
        (("nowhere/out",), "There is no folder"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run, decided: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run("train", decided, *words)
    assert answer.failed_plainly(), answer
    assert said in answer.err
    assert list(tmp_path.glob("out*")) == []


def test_too_few_articles_leave_nothing_behind(run: Run, project: Path, tmp_path: Path) -> None:
    answer = run("train", project, tmp_path / "out")
    assert answer.failed_plainly()
    assert "1 article is done, and training needs 5." in answer.err
    assert list(tmp_path.glob("out*")) == []


def test_a_project_in_use_is_told_before_the_work(run: Run, decided: Path, tmp_path: Path) -> None:
    with Session.open(decided, annotator="ana"):
        answer = run("train", decided, tmp_path / "out", "--use")
    assert answer.failed_plainly()
    assert list(tmp_path.glob("out*")) == []
