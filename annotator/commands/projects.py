"""Commands on a project as a whole: new, stats, check, guidelines."""

import argparse
import os
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import (
    DONE,
    FAILED,
    Command,
    annotator,
    bar,
    opened,
    say,
    takes_json,
    takes_project,
    tell_section,
)
from annotator.commands.learning import learning_as_json, tell_learning
from annotator.errors import KnownError
from annotator.model.article import ArticleState

if TYPE_CHECKING:
    from annotator.store.verdict import Verdict

_TURN = 0.2  # seconds between two steps of the bar
_AFTER_DAMAGE = (
    "Nothing was changed. Keep the file as it is; go back to a backup (annotator backups PROJECT),"
    " or take what is whole into a new project (annotator salvage PROJECT NEW)."
)


def _new_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--labels", metavar="SCHEME", help="a label scheme's name or .json file (default: news)")
    parser.add_argument("--model", metavar="MODEL", help="a spaCy pipeline's name or folder, or blank:LANGUAGE")
    takes_json(parser)


def _new(args: argparse.Namespace) -> int:
    from annotator.session import Session
    from annotator.suggest.pipelines import blank_language, find

    if os.path.lexists(args.project):
        raise KnownError(f"{args.project} is there already.", "Choose another name.")
    chosen = {key: value for key in ("labels", "model") if (value := getattr(args, key))}
    with Session.open(args.project, create=True, annotator=annotator(), **chosen) as session:
        labels, model = [label.name for label in session.labels], session.model
    is_there = find(model) is not None or blank_language(model) is not None
    if args.json:
        terminal.tell_json({"project": str(args.project), "labels": labels, "model": model, "installed": is_there})
    say(args, f"{args.project} is made, with the labels {', '.join(labels)} and the pipeline {model}.")
    if not is_there:
        say(args, f"{model} is not installed here, so there will be no suggestions. Type: annotator models")
    return DONE


def _project_and_json(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    takes_json(parser)


def _stats(args: argparse.Namespace) -> int:
    with opened(args, read_only=True) as session, bar(args, "Reading the history", "articles") as progress:
        counts = session.progress()
        done = counts.articles[ArticleState.DONE]
        while not session.curves.read(_TURN):
            progress(len(session.curves.works), done)
        learning = learning_as_json(session.curves)
    articles = {str(state): n for state, n in counts.articles.items()} | {"total": counts.total}
    if args.json:
        terminal.tell_json({"articles": articles, "spans": counts.spans, "learning": learning})
        return DONE
    tell_section("Articles", list(articles.items()))
    tell_section("Confirmed spans", [*counts.spans.items(), ("total", sum(counts.spans.values()))])
    tell_learning(learning)
    return DONE


def _check(args: argparse.Namespace) -> int:
    from annotator.store.checking import check_file
    from annotator.store.complaints import known_errors

    with known_errors(args.project), bar(args, "Checking", "rows") as progress:
        verdict = check_file(args.project, progress)
    if args.json:
        terminal.tell_json(_verdict_as_json(verdict))
    else:
        terminal.tell(*verdict.problems, verdict.summary(), *([] if verdict.holds else [_AFTER_DAMAGE]))
    return DONE if verdict.holds else FAILED


def _verdict_as_json(verdict: "Verdict") -> dict[str, Any]:
    return {
        "holds": verdict.holds,
        "summary": verdict.summary(),
        "problems": verdict.problems,
        "articles": verdict.articles,
        "decisions": verdict.decisions,
        "steps": {"all": verdict.steps, "verified": verdict.steps_verified},
        "damaged": {
            "count": verdict.count_damaged,
            "articles": [{"id": row_id, "title": title} for row_id, title in verdict.damaged.items()],
        },
        "unreadable": verdict.unreadable,
    }


def _guidelines_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("version", metavar="VERSION", nargs="?", help="in force from now on; an empty one for none")
    takes_json(parser)


def _guidelines(args: argparse.Namespace) -> int:
    with opened(args, read_only=args.version is None) as session:
        if args.version is not None:
            session.guidelines.set(args.version)
        version = session.guidelines.version
    if args.json:
        terminal.tell_json({"version": version})
    elif args.version is None and version:
        terminal.tell(version)
    else:
        say(args, f"Guidelines {version} are in force." if version else "No version of the guidelines is named.")
    return DONE


NEW = Command("new", "make an empty project", _new_takes, _new)
STATS = Command("stats", "count articles and spans, and what the finished articles took", _project_and_json, _stats)
CHECK = Command(
    "check", "look whether a project is whole: file, articles, decisions, history", _project_and_json, _check
)
GUIDELINES = Command(
    "guidelines", "say which version of the guidelines is in force, or name one", _guidelines_takes, _guidelines
)
