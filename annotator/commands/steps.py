"""Steps taken back and made again: undo, redo."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator import terminal
from annotator.commands.base import DONE, Command, opened, takes_json, takes_project
from annotator.errors import KnownError, MassChangeError

if TYPE_CHECKING:
    from annotator.session import Outcome, Session


def _takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--yes", action="store_true", help="also where many decided spans go with an import")
    takes_json(parser)


def _undo(args: argparse.Namespace) -> int:
    return _replayed(args, "undo", lambda session: session.undo(), "There is nothing to undo.")


def _redo(args: argparse.Namespace) -> int:
    return _replayed(args, "redo", lambda session: session.redo(), "There is nothing to redo.")


def _replayed(args: argparse.Namespace, verb: str, take: "Callable[[Session], Outcome | None]", nothing: str) -> int:
    """One step; that there is none is an error, so that a script's loop over all steps ends."""
    from annotator.ui import words

    with opened(args) as session:
        if not args.yes and session.next_step(verb) == "import":
            session.alarm.limit = _alarm()
        try:
            done = take(session)
        except MassChangeError as error:
            error.option = "--yes"
            raise
        if done is None:
            raise KnownError(nothing)
        uid = None if done.article_id is None else session.article(done.article_id).article.uid
    if args.json:
        counts = {"articles": done.articles, "spans": done.count, "article": uid}
        terminal.tell_json({"verb": done.verb, "of": done.of, **counts})
    else:
        terminal.tell(words.outcome(done).removesuffix(".") + (f", in {uid}." if uid else "."))
    return DONE


def _alarm() -> int | None:
    """As it is set in the window; None where it is off."""
    from annotator.settings import Settings

    return int(Settings().get("alarm")) or None


UNDO = Command("undo", "take back the newest step: an import, a decision, whatever it was", _takes, _undo)
REDO = Command("redo", "make the step again that the newest undo took back", _takes, _redo)
