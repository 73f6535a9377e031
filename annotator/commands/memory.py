"""What the memory knows, on the command line: look, put lists in, take patterns out."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import DONE, Command, bar, opened, say, takes_json, takes_project
from annotator.errors import KnownError

if TYPE_CHECKING:
    from annotator.session import Entry


def _takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--search", metavar="WORDS", help="only entries in which each of these words stands")
    parser.add_argument("--label", metavar="LABEL", help="only entries of this label; of imported words without one")
    parser.add_argument("--never", action="store_true", help="in place of --label: words that are never an entity")
    parser.add_argument("--import", metavar="LIST", dest="list", type=Path, help="put in words or spaCy's patterns")
    parser.add_argument("--any-case", action="store_true", help="imported words are meant in every casing")
    parser.add_argument("--export", metavar="OUT", dest="out", type=Path, help="write patterns for spaCy's EntityRuler")
    parser.add_argument("--sure", metavar="PERCENT", type=_percent, help="export what is so sure (default: 50)")
    parser.add_argument("--count", metavar="N", type=_count, help="export what was confirmed N times (default: 1)")
    takes_json(parser)


def _percent(text: str) -> float:
    if not text.isdecimal() or int(text) > 100:
        raise argparse.ArgumentTypeError(f"{text} is no per cent from 0 to 100")
    return int(text) / 100


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _run(args: argparse.Namespace) -> int:
    _refuse_mixtures(args)
    if args.list is not None:
        return _import(args)
    return _list(args) if args.out is None else _export(args)


def _refuse_mixtures(args: argparse.Namespace) -> None:
    """Options that would say nothing are a slip of the person's."""
    given = {f"--{name.replace('_', '-')}" for name, value in vars(args).items() if value not in (None, False)}
    given |= {"--import"} if args.list else set()
    given |= {"--export"} if args.out else set()
    for pair in (*_APART, *(("--search", each) for each in ("--import", "--export"))):
        if given.issuperset(pair):
            raise KnownError(f"Wrong usage: {pair[0]} and {pair[1]} cannot be used together.")
    for option, needs in _NEEDS.items():
        if option in given and needs not in given:
            raise KnownError(f"Wrong usage: {option} is for {needs}.")


_APART = (("--import", "--export"), ("--label", "--never"), ("--label", "--export"), ("--never", "--export"))
_NEEDS = {"--any-case": "--import", "--sure": "--export", "--count": "--export"}


def _label(args: argparse.Namespace) -> str | None:
    from annotator.session import NEVER

    return NEVER if args.never else args.label


def _list(args: argparse.Namespace) -> int:
    with opened(args, read_only=True) as session:
        if args.label is not None and args.label not in [label.name for label in session.all_labels]:
            raise KnownError(f"The project has no label {args.label}.", "Type: annotator labels PROJECT")
        found = session.memory.entries(args.search or "", _label(args), limit=None)
    if args.json:
        terminal.tell_json([_as_json(entry) for entry in found])
    elif found:
        terminal.tell(*terminal.table([_row(entry) for entry in found], indent=""))
    else:
        say(args, "The memory knows no such words.")
    return DONE


def _row(entry: "Entry") -> list[terminal.Cell]:
    made = ["by hand" if entry.pattern else "", "any case" if entry.any_case else ""]
    sure = f"{entry.confidence:.0%}".rjust(4)
    return [entry.label or "never", entry.confirmed, entry.against, sure, entry.surface, ", ".join(filter(None, made))]


def _as_json(entry: "Entry") -> dict[str, Any]:
    return {
        "words": entry.surface,
        "label": entry.label,
        "confirmed": entry.confirmed,
        "rejected": entry.rejected,
        "others": dict(entry.others),
        "confidence": round(entry.confidence, 4),
        "by_hand": entry.pattern is not None,
        "any_case": entry.any_case,
        "origin": entry.pattern.origin if entry.pattern else None,
        "articles": entry.articles,
        "last": entry.last or None,
        "by": entry.by or None,
    }


def _import(args: argparse.Namespace) -> int:
    with opened(args) as session, bar(args, "Importing", "entries") as progress:
        report = session.memory.import_list(args.list, _label(args), any_case=args.any_case, progress=progress)
    if args.json:
        terminal.tell_json({"records": report.records, **asdict(report)})
    else:
        terminal.tell(*(f"{line.where}: {line.kind}: {line.reason}" for line in report.lines))
    if report.records == report.rejected:
        raise KnownError("Nothing was imported.", "Each line is named with its reason.")
    if not args.json:
        terminal.tell(report.summary())
    return DONE


def _export(args: argparse.Namespace) -> int:
    bounds = {} if args.sure is None else {"least_confidence": args.sure}
    with opened(args, read_only=True) as session:
        report = session.memory.export_patterns(args.out, least_count=args.count or 1, **bounds)
    if args.json:
        terminal.tell_json(asdict(report))
    else:
        say(args, report.summary())
    return DONE


MEMORY = Command("memory", "show what the memory knows; put word lists in, take spaCy patterns out", _takes, _run)
