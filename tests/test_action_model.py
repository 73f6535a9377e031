"""The counting of the effort benchmark, by hand; and the benchmark itself on a small file."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"
Marks = dict[tuple[int, int], str]


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


model = loaded("action_model")


def marks(text: str, *wanted: str) -> Marks:
    """Marks written as "surface/LABEL" or "surface/LABEL/n" for the n-th place, the first being 0."""
    found: Marks = {}
    for each in wanted:
        surface, label, nth = [*each.split("/"), "0"][:3]
        start = -1
        for _ in range(int(nth) + 1):
            start = text.index(surface, start + 1)
        found[start, start + len(surface)] = label
    return found


TEAM = "Leeds United beat Derby County."


@pytest.mark.parametrize(
    ("shown", "gold", "edits", "kind"),
    [
        (["Leeds United/ORG"], ["Leeds United/ORG"], 0, None),
        (["Leeds United/LOC"], ["Leeds United/ORG"], 1, "relabel"),
        (["Leeds United/ORG"], [], 1, "reject"),
        ([], ["Leeds United/ORG"], 2, "add"),
        (["Leeds/ORG"], ["Leeds United/ORG"], 1, "edge"),
        (["Leeds/LOC"], ["Leeds United/ORG"], 2, "add"),
        (["Leeds United beat Derby/ORG"], ["Leeds United/ORG"], 2, "add"),
        (["Leeds/ORG", "United/ORG"], ["Leeds United/ORG"], 1, "edge"),
        (["Leeds United beat Derby County/ORG"], ["Leeds United/ORG", "Derby County/ORG"], 4, "add"),
    ],
)
def test_an_article_costs_its_single_corrections(shown: list[str], gold: list[str], edits: int, kind: str) -> None:
    text = model.Text(TEAM)
    work = model.static_work(text, marks(TEAM, *shown), marks(TEAM, *gold), everywhere=False)
    assert (work.edits, work.actions, work.is_clean) == (edits, edits + 1, not edits)
    assert {name for name, count in work.kinds.items() if count} == ({kind} if kind else set())
    in_order = model.reading_order_work(text, marks(TEAM, *shown), marks(TEAM, *gold), copies=False)
    assert in_order.edits == edits


TRIO = "Celtic won. Celtic lost. Celtic Park. Celtic drew."


def test_one_action_that_reaches_all_counts_once() -> None:
    gold = marks(TRIO, "Celtic/ORG", "Celtic/ORG/1", "Celtic Park/LOC", "Celtic/ORG/3")
    shown = marks(TRIO, "Celtic/LOC", "Celtic/LOC/1", "Celtic Park/LOC", "Celtic/LOC/3")
    text = model.Text(TRIO)
    assert model.static_work(text, shown, gold, everywhere=False).edits == 3
    work = model.static_work(text, shown, gold, everywhere=True)
    assert (work.edits, work.kinds["set_all"], work.kinds["relabel"]) == (1, 1, 0)


def test_all_is_only_used_where_it_saves_something() -> None:
    gold = marks(TRIO, "Celtic/ORG")
    work = model.static_work(model.Text(TRIO), {}, gold, everywhere=True)
    assert (work.edits, work.kinds["add"], work.kinds.get("set_all", 0)) == (2, 1, 0)


def test_rejecting_all_takes_every_place_of_the_surface() -> None:
    shown = marks(TRIO, "Celtic/ORG", "Celtic/ORG/1", "Celtic/LOC/3")
    work = model.static_work(model.Text(TRIO), shown, {}, everywhere=True)
    assert (work.edits, work.kinds["reject_all"]) == (1, 1)


def test_what_is_shown_and_right_makes_the_f1() -> None:
    shown, gold = marks(TEAM, "Leeds United/ORG", "Derby/ORG"), marks(TEAM, "Leeds United/ORG", "Derby County/ORG")
    work = model.static_work(model.Text(TEAM), shown, gold, everywhere=False)
    assert (work.shown, work.gold, work.right, work.words) == (2, 2, 1, 6)


def test_in_reading_order_a_correction_goes_to_the_later_places() -> None:
    gold = marks(TRIO, "Celtic/ORG", "Celtic/ORG/1", "Celtic Park/LOC", "Celtic/ORG/3")
    text = model.Text(TRIO)
    assert model.reading_order_work(text, {}, gold, copies=False).edits == 8
    # The copy into "Celtic Park" is made longer and relabelled: as dear as adding it.
    assert model.reading_order_work(text, {}, gold, copies=True).edits == 2 + 2


def test_the_latest_correction_of_a_surface_counts() -> None:
    gold = marks(TRIO, "Celtic/ORG", "Celtic/LOC/1", "Celtic Park/LOC", "Celtic/LOC/3")
    shown = marks(TRIO, "Celtic Park/LOC")
    assert model.reading_order_work(model.Text(TRIO), shown, gold, copies=True).edits == 2 + 1


def test_new_suggestions_count_only_behind_what_is_checked() -> None:
    asked = []

    def again(checked: int) -> Marks:
        asked.append(checked)
        return marks(TEAM, "Leeds/LOC", "Derby County/ORG")

    gold = marks(TEAM, "Leeds United/ORG", "Derby County/ORG")
    work = model.reading_order_work(model.Text(TEAM), {}, gold, copies=False, again=again)
    assert (work.edits, asked) == (2, [len("Leeds United")])


def test_a_place_is_whole_words_in_the_same_casing() -> None:
    text = model.Text("Derby, Derbyshire, DERBY, Derby's")
    assert text.places("Derby") == [(0, 5), (26, 31)]


@pytest.fixture
def results(tmp_path: Path) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    stream, held_out, out = tmp_path / "stream.jsonl", tmp_path / "held_out.jsonl", tmp_path / "out.json"
    records = [
        {"text": text, "spans": [[*place, label] for place, label in gold.items()]}
        for text, gold in [
            (TEAM, marks(TEAM, "Leeds United/ORG", "Derby County/ORG")),
            (TRIO, marks(TRIO, "Celtic/ORG", "Celtic/ORG/1", "Celtic Park/LOC", "Celtic/ORG/3")),
        ]
    ]
    stream.write_text("\n".join(map(json.dumps, records)), "utf-8")
    held_out.write_text(json.dumps({"text": "Rangers won.", "spans": [[0, 7, "ORG"]]}), "utf-8")
    command = [sys.executable, str(BENCHMARKS / "effort.py"), str(stream), "--held-out", str(held_out)]
    environment = {**os.environ, "PYTHONPATH": str(BENCHMARKS.parent.parent)}
    command += ["--model", "blank:en", "--json", str(out)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    found: dict[str, dict[str, dict[str, dict[str, float]]]] = json.loads(out.read_text("utf-8"))
    return found


def test_the_benchmark_counts_a_stream_without_suggestions(
    results: dict[str, dict[str, dict[str, dict[str, float]]]],
) -> None:
    blocks = results["stream"]["pipeline"]
    assert list(blocks) == ["1", "2", "all"]
    assert {name: blocks["2"][name] for name in ("f1", "single", "everywhere", "verbs", "one_key")} == {
        "f1": 0,
        "single": (1 + 8) / 4,
        "everywhere": (1 + 2 + 2) / 4,
        "verbs": (1 + 2 + 2) / 4,
        "one_key": 0,
    }
    assert results["held_out"]["pipeline"]["2"]["verbs"] == 3
