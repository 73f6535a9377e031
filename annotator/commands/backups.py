"""Commands on earlier states of a project: backups, restore."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import DONE, Command, bar, opened, say, takes_json, takes_project
from annotator.errors import KnownError

if TYPE_CHECKING:
    from annotator.session import Session
    from annotator.session.backups import Look
    from annotator.store.backups import Backup

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def _backups_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--make", action="store_true", help="make one now, where something changed since the last")
    takes_json(parser)


def _backups(args: argparse.Namespace) -> int:
    from annotator.store.backups import backups_of
    from annotator.store.origins import titles

    if args.make:
        with opened(args, read_only=True) as session, bar(args, "Backing up", "bytes") as progress:
            made = session.backups.make(progress=progress)
        say(args, f"Backup {made.number} holds the project as it is: {made.path}")
    found = backups_of(args.project)
    if not found and not args.project.exists():
        raise KnownError(f"There is no project {args.project}, and no backup of one that was there.")
    if args.json:
        terminal.tell_json({"backups": [_as_json(each) for each in found]})
    elif found:
        files = titles([each.origin for each in found], args.project)
        terminal.tell(*terminal.table([_row(each, files) for each in found]))
    else:
        say(args, "There are no backups yet. Make one with --make.")
    return DONE


def _as_json(backup: "Backup") -> dict[str, Any]:
    return {
        "number": backup.number,
        "at": backup.at.strftime(_TIME),
        "reason": backup.reason,
        "articles": backup.articles,
        "decisions": backup.decisions,
        "bytes": backup.size,
        "path": str(backup.path),
        "made_from": None if backup.origin is None else str(backup.origin),
    }


def _row(backup: "Backup", files: "Mapping[Path | None, str]") -> list[str]:
    from annotator.session.outcome import counted
    from annotator.ui.words import backup_reason

    facts = backup.facts
    held = [counted(facts.articles, "article"), counted(facts.decisions, "decision")] if facts else ["damaged", ""]
    why = backup_reason(backup.reason)
    made_from = [f"from {files[backup.origin]}"] if files else []
    return [str(backup.number), backup.at.strftime(_TIME), why, *held, f"{backup.size / 1e6:.1f} MB", *made_from]


def _restore_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("backup", metavar="BACKUP", help="its number or its time, as `annotator backups` lists them")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", metavar="NEW", type=Path, help="to a new file; the project stays as it is")
    what.add_argument(
        *("--article",),
        metavar="ID",
        action="append",
        default=[],
        help="only this article, as one step that undo takes back; may be repeated",
    )
    takes_json(parser)


def _restore(args: argparse.Namespace) -> int:
    from annotator.session.backups import restore_in_place
    from annotator.store.backups import backups_of
    from annotator.store.origins import is_other
    from annotator.store.restoring import to_new_file

    backup = _named(backups_of(args.project), args.backup)
    answer: dict[str, Any] = {"backup": backup.number}
    if args.article:
        answer |= _restore_articles(args, backup)
    elif args.to is not None:
        to_new_file(backup, args.to)
        say(args, f"{args.to} is the project as of {backup.at.strftime(_TIME)}.")
        answer["project"] = str(args.to)
    else:
        if is_other(backup.origin, args.project):
            say(args, f"The backup was not made from {args.project.name}, but from {backup.origin}.")
        kept = restore_in_place(backup, args.project)
        say(args, f"{args.project} is as of {backup.at.strftime(_TIME)} again.")
        if kept.exists():
            say(args, f"What was there is kept as {kept}")
        answer |= {"project": str(args.project), "kept": str(kept) if kept.exists() else None}
    if args.json:
        terminal.tell_json(answer)
    return DONE


def _restore_articles(args: argparse.Namespace, backup: "Backup") -> dict[str, Any]:
    from annotator.ui.words import outcome

    with opened(args) as session:
        done = session.backups.restore_articles(backup, _numbers(session, backup, args.article))
    say(args, outcome(done).replace("Ctrl+Z takes", "annotator undo takes"))
    return {"articles": done.articles, "spans": done.count}


def _numbers(session: "Session", backup: "Backup", wanted: Sequence[str]) -> list[int]:
    """The articles that are meant, by id or by number."""
    with session.backups.look(backup) as look:
        by_id = _ids(look)
    missing = [each for each in wanted if each not in by_id]
    if missing:
        raise KnownError(f"The backup has no article {', '.join(missing)}.", "Nothing was changed.")
    return [by_id[each] for each in wanted]


def _ids(look: "Look") -> dict[str, int]:
    numbers = [each.id for each in look.articles()]
    return {str(number): number for number in numbers} | {
        look.article(number).article.uid: number for number in numbers
    }


def _named(found: "Sequence[Backup]", name: str) -> "Backup":
    """By number, by time, or by the beginning of one time alone."""
    exact = [each for each in found if name in (str(each.number), each.at.strftime(_TIME))]
    alike = exact or [each for each in found if each.at.strftime(_TIME).startswith(name)]
    if len(alike) != 1:
        title = f"{len(alike)} backups are from {name}." if alike else f"There is no backup {name}."
        raise KnownError(title, "Type: annotator backups PROJECT")
    return alike[0]


BACKUPS = Command("backups", "list the earlier states that are kept, or keep one", _backups_takes, _backups)
RESTORE = Command("restore", "go back to an earlier state: all of it, or some articles", _restore_takes, _restore)
