"""What the suggestions leave to do: actions an entity over a stream of articles, and on articles held out.

    python tests/benchmarks/effort.py FILE.jsonl [--held-out FILE] [--limit N] [--every-held-out 3]
        [--labels L1,L2] [--model MODEL] [--json OUT]

The articles come in file order, and each is suggested and counted before it is decided and learned.
In the same run: the pipeline alone (single), with propagation (with all, copies, verbs), and the
whole. The columns, counted by action_model.py, which has the costs:

    F1        exact range and label
    single    actions an entity, each for one place
    with all  the same where an action may reach all same occurrences
    copies    in reading order, each correction copied to the later same occurrences
    verbs     in reading order with the session's verbs, and what it suggests anew after each
    one key   share of articles that needed only the confirming key

Held-out articles are never decided or learned; "verbs" is tried on every k-th of them, then undone; both
columns in reading order are about these.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

from effort_stream import (
    CHECKPOINTS,
    Gold,
    Row,
    Run,
    Stream,
    Sure,
    as_json,
    can_learn,
    figures,
    open_session,
    write_scheme,
)
from effort_stream import read_gold as read

from annotator.errors import KnownError
from annotator.suggest import DEFAULT_MODEL, load_source

COLUMNS = {"f1": "F1", "single": "single", "everywhere": "with all", "copies": "copies", "verbs": "verbs"}
ENOUGH_LEARNED = 100  # articles, after which confidence is to be calibrated
Figures = dict[str, float | None]
Table = dict[str, dict[str, Figures]]


def stream_table(runs: dict[str, Run]) -> Table:
    """The figures of each run by blocks of articles."""
    return {name: _blocks(run.rows) for name, run in runs.items()}


def _blocks(rows: Sequence[Row]) -> dict[str, Figures]:
    blocks = {}
    for before, last in pairwise((0, *CHECKPOINTS, max(len(rows), CHECKPOINTS[-1] + 1))):
        if block := rows[before:last]:
            end = before + len(block)
            blocks[f"{before + 1}-{end}" if end > before + 1 else f"{end}"] = figures(block)
    return blocks | {"all": figures(rows)}


def held_out_table(runs: dict[str, Run]) -> Table:
    """The figures of each run on the held-out articles, by articles learned."""
    return {name: {str(after): figures(rows) for after, rows in run.held_out.items()} for name, run in runs.items()}


def print_table(title: str, table: Table) -> None:
    """A line for each run, and their ratio."""
    heads = "".join(f"{head:>10}" for head in COLUMNS.values())
    print(f"\n{title:22}{'':10}{heads}{'one key':>10}{'articles':>10}{'entities':>10}")
    baseline, *others = table
    for row in max(table.values(), key=len):
        base = table[baseline].get(row) or next(iter(table[baseline].values()))
        print(f"{row:>20}  {baseline:10}{_cells(base)}{base['articles']:>10}{base['entities']:>10}")
        for name in others:
            print(f"{'':22}{name:10}{_cells(table[name][row])}")
            print(f"{'':22}{'ratio':10}{_ratios(table[name][row], base)}")


def _cells(values: Figures) -> str:
    shown = [_cell(values[column], ".3f") for column in COLUMNS if column != "f1"]
    return "".join([_cell(values["f1"], ".1%"), *shown, _cell(values["one_key"], ".1%")])


def _cell(value: float | None, form: str) -> str:
    return f"{'-':>10}" if value is None else f"{value:>10{form}}"


def _ratios(values: Figures, base: Figures) -> str:
    return "".join(_cell(_ratio(values[column], base[column]), ".2f") for column in COLUMNS)


def _ratio(value: float | None, base: float | None) -> float | None:
    return value / base if value is not None and base else None


def reliability(sure: Sequence[Sure]) -> dict[str, Any]:
    """How often suggestions were right by tenth of confidence, and the expected calibration error (10 equal bins)."""
    bins: list[list[Sure]] = [[] for _ in range(10)]
    for one in sure:
        bins[min(9, int(one.confidence * 10))].append(one)
    tenths = [
        {
            "from": n / 10,
            "shown": len(tenth),
            "confidence": mean(one.confidence for one in tenth),
            "right": mean(one.is_right for one in tenth),
        }
        for n, tenth in enumerate(bins)
        if tenth
    ]
    error = sum(t["shown"] * abs(t["confidence"] - t["right"]) for t in tenths) / max(1, len(sure))
    return {"shown": len(sure), "tenths": tenths, "error": error if sure else None}


def confidence_of(run: Run) -> dict[str, Any]:
    """Reliability over the whole stream and behind its beginning."""
    late = [one for one in run.sure if one.after >= ENOUGH_LEARNED]
    return {"all": reliability(run.sure), f"after {ENOUGH_LEARNED}": reliability(late)}


def print_confidence(name: str, confidence: dict[str, Any]) -> None:
    """By tenth, then the errors."""
    for when, measured in confidence.items():
        error = "-" if measured["error"] is None else f"{measured['error']:.3f}"
        print(f"\nConfidence, {name}, {when}: {measured['shown']} shown, expected calibration error {error}")
        for tenth in measured["tenths"]:
            place = f"{tenth['from']:.1f}-{tenth['from'] + 0.1:.1f}"
            print(f"{place:>20}{tenth['shown']:>8}{tenth['confidence']:>10.3f}{tenth['right']:>10.1%} right")


def seconds_of(run: Run) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each kind of waiting."""
    return {
        what: {"median": median(took), "p95": quantiles(took, n=20, method="inclusive")[-1], "count": len(took)}
        for what, took in run.seconds.items()
        if len(took) > 1
    }


def print_seconds(name: str, seconds: dict[str, dict[str, float]]) -> None:
    """One line a kind."""
    titles = {"suggest": "a first suggestion", "again": "a suggestion after a fix", "learn": "an article learned"}
    print()
    for what, took in seconds.items():
        print(f"{name:10}{titles[what]:26}{took['median']:>9.4f} s median{took['p95']:>9.4f} s p95")


def measured(stream: list[Gold], held_out: list[Gold], scheme: Path, model: str, every: int) -> dict[str, Run]:
    """The runs by name, the baseline first."""
    load_source(model)  # so that no article waits for it
    runs = {}
    for name in ("pipeline", "whole") if can_learn() else ("pipeline",):
        with open_session(scheme.parent / name, scheme, model, learner=name == "whole") as session:
            # Without a learner the held-out suggestions never change.
            stops = CHECKPOINTS if name == "whole" else ()
            runs[name] = Stream(session, every).work(stream, held_out, stops, name)
    return runs


def print_summary(stream: Table) -> None:
    """The three things compared, over the whole stream."""
    alone = stream["pipeline"]["all"]["single"]
    lines = {"the pipeline alone": alone, "with propagation, static": stream["pipeline"]["all"]["everywhere"]}
    lines["with propagation, in reading order"] = stream["pipeline"]["all"]["verbs"]
    if "whole" in stream:
        lines["the whole, static"] = stream["whole"]["all"]["everywhere"]
        lines["the whole, in reading order"] = stream["whole"]["all"]["verbs"]
    print("\nActions an entity over the stream, and their ratio to the pipeline alone")
    for name, actions in lines.items():
        print(f"  {name:40}{_cell(actions, '.3f')}{_cell(_ratio(actions, alone), '.2f')}")


def print_undone(undone: dict[str, list[int]]) -> None:
    """Whether undo was unlearned."""
    for name, (changed, tried) in undone.items():
        if tried:
            print(f"{name:10}{changed} of {tried} trials on held-out articles left other suggestions after undo")


_LEGEND = """Actions an entity; lower is better, and confirming an article costs one always.
  single    the suggestions as they stand when the article opens, corrected one by one
  with all  the same, a correction reaching all same words of the article where that pays (static)
  copies    corrected in reading order, each copied to later same words, nothing suggested anew
  verbs     corrected in reading order with the session's own verbs, the rest suggested anew after each
  one key   articles that needed nothing but the confirming key
"pipeline" suggests alone, "whole" learns; "ratio" is whole to pipeline.
"""


def result_of(runs: dict[str, Run]) -> dict[str, Any]:
    """All that is printed, and every article's work."""
    return {
        "stream": stream_table(runs),
        "held_out": held_out_table(runs),
        "confidence": {name: confidence_of(run) for name, run in runs.items()},
        "seconds": {name: seconds_of(run) for name, run in runs.items()},
        "undone": {name: [run.not_forgotten, run.tried] for name, run in runs.items()},
        "articles": {name: as_json(run.rows) for name, run in runs.items()},
    }


def print_result(result: dict[str, Any]) -> None:
    """The tables, and first what is in them."""
    print(_LEGEND)
    print_table("Stream", result["stream"])
    if any(result["held_out"].values()):
        print_table("Held out, after", result["held_out"])
    for name, confidence in result["confidence"].items():
        print_confidence(name, confidence)
    for name, seconds in result["seconds"].items():
        print_seconds(name, seconds)
    print_undone(result["undone"])
    print_summary(result["stream"])


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path, help="gold articles in any format that can be imported")
    parser.add_argument("--held-out", type=Path, help="gold articles that are never learned")
    parser.add_argument("--limit", type=int, help="stop after so many articles of the stream")
    parser.add_argument("--every-held-out", type=int, default=3, help="verbs on every k-th held-out article")
    parser.add_argument("--labels", type=lambda names: names.split(","), default=[], help="only these (default: all)")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a pipeline, or blank:LANGUAGE")
    parser.add_argument("--json", type=Path, help="write all figures there")
    return parser.parse_args(given)


def main() -> int:
    """Measure and print; returns the exit code."""
    try:
        return measure(arguments())
    except (KnownError, OSError) as error:
        print(f"effort: {error}", file=sys.stderr)
        return 2


def measure(wanted: argparse.Namespace) -> int:
    """The same, of what was asked for."""
    everything = read(wanted.file, wanted.labels)
    if not any(gold.marks for gold in everything):
        raise KnownError(f"{wanted.file} has no article with gold spans.", "Name a file of labelled articles.")
    stream = everything[: wanted.limit]
    labels = wanted.labels or sorted({label for gold in everything for label in gold.marks.values()})
    held_out = read(wanted.held_out, labels) if wanted.held_out else []
    with tempfile.TemporaryDirectory() as folder:
        scheme = Path(folder) / "scheme.json"
        write_scheme(labels, scheme)
        runs = measured(stream, held_out, scheme, wanted.model, wanted.every_held_out)
    if not can_learn():
        print("The session has no learner to switch on: the pipeline only.", file=sys.stderr)
    result = result_of(runs)
    if wanted.json:
        wanted.json.write_text(json.dumps(result, indent=1), "utf-8")
    print_result(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
