"""The command that trains a pipeline from the decided articles, and goes back to the one before."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import DONE, Command, bar, opened, say, takes_json, takes_project, tell_section
from annotator.errors import KnownError

if TYPE_CHECKING:
    from annotator.session.training_process import TrainingProcess, Wish
    from annotator.terminal import Bar

_SHARES = 1000  # of all passes, for the bar


def _takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("out", metavar="OUT", nargs="?", type=Path, help="the folder to make; nothing may be there")
    parser.add_argument(
        *("--from", "-f"),
        dest="base",
        metavar="MODEL",
        help="begin from this pipeline, or from nothing: blank:LANGUAGE (default: the project's pipeline)",
    )
    parser.add_argument("--passes", metavar="N", type=_passes, help="over all articles at most (15, or 40 from blank)")
    parser.add_argument("--resume", action="store_true", help="go on with a training that was ended")
    parser.add_argument("--use", action="store_true", help="make it the project's pipeline when it is through")
    parser.add_argument("--back", action="store_true", help="train nothing: use the pipeline before the present one")
    takes_json(parser)


def _passes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 1000")
    return int(text)


def _train(args: argparse.Namespace) -> int:
    if args.back == (args.out is not None):
        raise KnownError("Name the folder to make, or --back to use the pipeline before.")
    return _go_back(args) if args.back else _make(args)


def _go_back(args: argparse.Namespace) -> int:
    with opened(args) as session:
        before = session.training.model_before()
        if not before:
            raise KnownError("The project has used no other pipeline.")
        session.set_model(before, chosen=False)
    if args.json:
        terminal.tell_json({"model": before})
    say(args, f"{args.project} uses {before} now.")
    return DONE


def _make(args: argparse.Namespace) -> int:
    out = Path(os.path.abspath(args.out))  # noqa: PTH100 (a link stays a link)
    with opened(args, read_only=not args.use):
        pass  # what is wrong with it is said before the work
    report = _trained(args, _wish(args, out))
    if args.json:
        terminal.tell_json(report)
    else:
        _tell(report)
    say(args, f"{out} is made.")
    if args.use:
        _use(args, out)
    return DONE


def _wish(args: argparse.Namespace, out: Path) -> "Wish":
    from annotator.session.training_process import Wish
    from annotator.suggest.trust import choose

    if args.base:
        choose(args.base)
    return Wish(str(args.project), str(out), args.base or "", args.passes or 0, args.resume)


def _trained(args: argparse.Namespace, wish: "Wish") -> dict[str, Any]:
    from annotator.session.training_process import TrainingProcess

    process = TrainingProcess(wish)
    try:
        with bar(args, "Training", "‰") as progress:
            return _heard(args, process, progress)
    except KeyboardInterrupt:
        say(args, "Add --resume to go on from the last round.")
        raise
    finally:
        process.kill()


def _heard(args: argparse.Namespace, process: "TrainingProcess", progress: "Bar") -> dict[str, Any]:
    report: dict[str, Any] = {}
    for message in process.messages():
        if "done" in message:
            progress(round(message["done"] * _SHARES), _SHARES)
            continue
        progress.clear()
        if "parts" in message:
            say(args, *_parts_in_words(message["parts"]))
        elif "before" in message:
            say(args, f"Before: {_in_words(message['before'])}.")
        elif "round" in message:
            reached = message["round"]
            say(args, f"Pass {reached['pass']:.1f}: loss {reached['loss']:.1f}, {_in_words(reached)}.")
        report = message.get("finished", report)
    return report


def _parts_in_words(parts: dict[str, Any]) -> list[str]:
    from annotator.session.training import left_out, summary

    return [summary(parts), *left_out(parts)]


def _in_words(score: dict[str, Any]) -> str:
    return f"F1 {score['f'] * 100:.1f} (precision {score['p'] * 100:.1f}, recall {score['r'] * 100:.1f})"


def _tell(report: dict[str, Any]) -> None:
    score = report["score"]
    rows = [("all", score), *score["labels"].items()]
    spans = {"all": sum(each["spans"] for each in score["labels"].values())}
    table: list[tuple[terminal.Cell, ...]] = [("", "spans", "precision", "recall", "F1")]
    for label, each in rows:
        figures = (f"{each[which] * 100:.1f}" for which in ("p", "r", "f"))
        table.append((label, str(each.get("spans", spans.get(label, 0))), *figures))
    tell_section("Held-out score", table)


def _use(args: argparse.Namespace, out: Path) -> None:
    try:
        with opened(args) as session:
            session.set_model(str(out))
    except KnownError as error:
        raise KnownError(f"The pipeline is made, but not in use: {error.title}", "Choose it in the window.") from error
    say(args, f"{args.project} uses it now; --back takes the one before.")


TRAIN = Command("train", "make a spaCy pipeline from the articles that are done", _takes, _train)
