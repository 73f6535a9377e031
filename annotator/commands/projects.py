"""Commands on a project as a whole: new, stats, check, merge."""

import argparse
import os
from pathlib import Path

from annotator import terminal
from annotator.commands.base import (
    DONE,
    FAILED,
    Command,
    annotator,
    opened,
    say,
    takes_json,
    takes_project,
    tell_section,
)
from annotator.errors import KnownError


def _new_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--labels", metavar="SCHEME", help="a label scheme's name or .json file (default: news)")
    parser.add_argument("--model", metavar="MODEL", help="a spaCy pipeline's name or folder, or blank:LANGUAGE")


def _new(args: argparse.Namespace) -> int:
    from annotator.session import Session
    from annotator.suggest.pipelines import blank_language, find

    if os.path.lexists(args.project):
        raise KnownError(f"{args.project} is there already.", "Choose another name.")
    chosen = {key: value for key in ("labels", "model") if (value := getattr(args, key))}
    with Session.open(args.project, create=True, annotator=annotator(), **chosen) as session:
        labels, model = ", ".join(label.name for label in session.labels), session.model
    say(args, f"{args.project} is made, with the labels {labels} and the pipeline {model}.")
    if find(model) is None and blank_language(model) is None:
        say(args, f"{model} is not installed here, so there will be no suggestions. Type: annotator models")
    return DONE


def _project_and_json(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    takes_json(parser)


def _stats(args: argparse.Namespace) -> int:
    with opened(args.project, read_only=True) as session:
        progress = session.progress()
    articles = {str(state): n for state, n in progress.articles.items()} | {"total": progress.total}
    if args.json:
        terminal.tell_json({"articles": articles, "spans": progress.spans})
        return DONE
    tell_section("Articles", list(articles.items()))
    tell_section("Confirmed spans", [*progress.spans.items(), ("total", sum(progress.spans.values()))])
    return DONE


def _check(args: argparse.Namespace) -> int:
    with opened(args.project, read_only=True) as session:
        problems = session.check()
    if args.json:
        terminal.tell_json({"holds": not problems, "problems": problems})
    else:
        terminal.tell(*problems or ["all holds"])
    return FAILED if problems else DONE


def _merge_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("others", metavar="OTHER", nargs="+", type=Path, help="colleagues' project files")


def _merge(args: argparse.Namespace) -> int:
    raise KnownError(
        "Merging projects comes with a later version.", f"Until then, export from each and import into {args.project}."
    )


NEW = Command("new", "make an empty project", _new_takes, _new)
STATS = Command("stats", "count a project's articles by state and its spans by label", _project_and_json, _stats)
CHECK = Command("check", "look whether a project is whole: file, texts, offsets, counts", _project_and_json, _check)
MERGE = Command("merge", "take over colleagues' work (comes with a later version)", _merge_takes, _merge)
