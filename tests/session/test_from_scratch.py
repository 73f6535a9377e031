"""From nothing to useful: a blank German pipeline, labels no pipeline knows, and decisions alone."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from annotator.session import Session

TESTS = Path(__file__).parents[1]
ARTICLES = TESTS / "data" / "german" / "articles.txt"
LABELS = {"VEREIN", "AMT", "ORT", "MENSCH", "FIRMA", "EREIGNIS"}
DECIDED, LAST = 40, 20  # articles


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TESTS / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # the next one imports it
    spec.loader.exec_module(module)
    return module


action_model, stream_of, marked_articles = map(loaded, ("action_model", "effort_stream", "marked_articles"))


@dataclass
class Worked:
    """One article of the stream: what its suggestions left to do, what an empty page would have, and their words."""

    learned: Any
    by_hand: Any
    suggested: list[str]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> list[Worked]:
    """Article after article: suggested, counted, decided, learned."""
    folder: Path = tmp_path_factory.mktemp("scratch")
    scheme = folder / "labels.json"
    scheme.write_text(json.dumps({"labels": [{"name": label} for label in sorted(LABELS)]}), "utf-8")
    with Session.open(folder / "de.annot", create=True, labels=str(scheme), model="blank:de") as session:
        return [_worked(session, gold) for gold in marked_articles.read_marked(ARTICLES)[:DECIDED]]


def _worked(session: Session, gold: Any) -> Worked:
    (article_id,) = session.add_articles([{"id": gold.id, "text": gold.text}])
    text, marks = action_model.Text(gold.text), stream_of.marks_of(session.suggest(article_id))
    session.decide(article_id, [(*place, label) for place, label in gold.marks.items()])
    session.learn()
    return Worked(
        action_model.static_work(text, marks, gold.marks, everywhere=True),
        action_model.static_work(text, {}, gold.marks, everywhere=True),
        [text.surface(place) for place in marks],
    )


def f1(worked: Sequence[Worked]) -> float:
    """Exact range and label."""
    works = [each.learned for each in worked]
    return 2 * sum(work.right for work in works) / sum(work.shown + work.gold for work in works)


def test_an_article_before_any_decision_is_an_empty_page(worked: list[Worked]) -> None:
    assert worked[0].suggested == []


# Measured: 38 % over the first ten articles, 83 % over the last twenty; there 0.50 actions an entity, by hand 1.89.
def test_suggestions_become_right(worked: list[Worked]) -> None:
    assert f1(worked[-LAST:]) > 0.65
    assert f1(worked[-LAST:]) > f1(worked[:10]) + 0.2


def test_the_work_becomes_less_than_half_of_marking_by_hand(worked: list[Worked]) -> None:
    last = worked[-LAST:]
    assert sum(each.learned.actions for each in last) < 0.5 * sum(each.by_hand.actions for each in last)


def test_no_suggestion_reaches_over_a_line(worked: list[Worked]) -> None:
    assert not [words for each in worked for words in each.suggested if "\n" in words]


def test_marks_are_read_from_the_text(tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text(
        "# a comment\n\n[Köln|ORT] jubelt\n\nDer [1. FC|VEREIN] siegt.\n---\nNichts – gar nichts.\n", "utf-8"
    )
    first, second = marked_articles.read_marked(path)
    assert (first.id, first.text) == ("two 1", "Köln jubelt\n\nDer 1. FC siegt.")
    assert first.marks == {(0, 4): "ORT", (17, 22): "VEREIN"}
    assert (second.id, second.text, second.marks) == ("two 2", "Nichts – gar nichts.", {})


@pytest.mark.parametrize(
    "wrong", ["[Köln|ORT", "Köln|ORT]", "[Köln]", "[|ORT]", "[Köln|]", "[[Köln|ORT] am Rhein|ORT]"]
)
def test_markup_that_is_none_is_an_error(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a mark"):
        marked_articles.unmarked(f"Wir fahren nach {wrong}.")


def test_the_german_articles_are_marked_throughout() -> None:
    articles = marked_articles.read_marked(ARTICLES)
    assert len(articles) == 80
    assert {label for gold in articles for label in gold.marks.values()} == LABELS
    for gold in articles:
        headline, *paragraphs = gold.text.split("\n\n")
        assert "\n" not in headline
        assert len(paragraphs) in (2, 3)
        assert all(surface == surface.strip(" „“,:;") for surface in (gold.text[slice(*place)] for place in gold.marks))


def test_the_benchmark_shows_the_curve_of_any_gold_file(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    records = [
        {"text": f"Ville {n} aime Paris.", "spans": [[13 + n // 10, 18 + n // 10, "LIEU"]]} for n in range(7, 10)
    ]
    gold.write_text("\n".join(map(json.dumps, records)), "utf-8")
    command = [sys.executable, str(TESTS / "benchmarks" / "from_scratch.py"), str(gold), "--block", "2"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*command, "--model", "blank:fr"], check=True, capture_output=True, encoding="utf-8", env=environment
    )
    lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    # By hand the place is added (2) and the article confirmed (1); the third article has it from the others.
    assert (lines["1-2"][:2], lines["1-2"][-2:]) == (["2", "50.0%"], ["3.00", "3.00"])
    assert lines["3-3"] == ["1", "100.0%", "100.0%", "1.00", "1.00", "100%", "3.00", "3.00"]
    assert "Actions an entity in reading order" in done.stdout
