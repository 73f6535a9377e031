"""annotator salvage: what can be read of a damaged project, in a new one."""

import argparse
from pathlib import Path

from annotator import terminal
from annotator.commands.base import DONE, Command, bar, takes_json, takes_project


def _takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("new", metavar="NEW", type=Path, help="the file of the new project")
    takes_json(parser)


def _salvage(args: argparse.Namespace) -> int:
    from annotator.session import salvage

    with bar(args, "Saving what can be read", "parts") as progress:
        saved = salvage(args.project, args.new, progress)
    if args.json:
        kept, lost = dict(sorted(saved.kept.items())), dict(sorted(saved.lost.items()))
        terminal.tell_json(
            {
                "project": str(args.new),
                "whole": saved.is_whole,
                "kept": kept,
                "lost": lost,
                "unread": sorted(saved.unread),
                "history": saved.has_history,
                "shown": saved.shown,
            }
        )
    else:
        terminal.tell(*saved.lines(), f"The new project is {args.new}; {args.project} was not changed.")
    return DONE


SALVAGE = Command("salvage", "save what can be read of a project that is not opened, in a new one", _takes, _salvage)
