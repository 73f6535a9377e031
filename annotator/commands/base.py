"""What a command is, and what several of them need."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from annotator import terminal
from annotator.errors import KnownError

if TYPE_CHECKING:
    from annotator.session import Session

# Exit codes; the last two are what shells report for a program ended by SIGINT and by SIGPIPE.
DONE, BUG, FAILED, INTERRUPTED, NOBODY_READS = 0, 1, 2, 130, 141
_BAR_AFTER = 0.5  # seconds


class Command(NamedTuple):
    """One verb of the command line.

    :param name: as it is typed.
    :param summary: one line for `annotator --help`, without a full stop.
    :param declare: adds its arguments to a parser.
    :param run: does it; returns the exit code, raises KnownError where it cannot be done.
    :param ending: makes the last paragraphs of its own help.
    """

    name: str
    summary: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    ending: Callable[[], str] = str


@contextmanager
def opened(args: argparse.Namespace, *, read_only: bool = False) -> Iterator["Session"]:
    """The project, closed again in the end; damage that shows while reading it is a known error.

    A large one from elsewhere is looked through first, with a progress bar.

    A backup is made before much changes at once; that there could be none is said, and stands in the way of nothing.
    """
    from annotator.session import Session
    from annotator.store.complaints import known_errors

    who = None if read_only else annotator()
    looking = terminal.Bar(
        f"Looking through {terminal.plain(args.project.name)}", "rows", quiet=args.quiet, after=_BAR_AFTER
    )
    with known_errors(args.project), ExitStack() as stack:
        with looking:
            session = stack.enter_context(
                Session.open(args.project, annotator=who, read_only=read_only, progress=looking)
            )
        for notice in session.project.notices:
            terminal.say(notice)
        if found := session.checkup.at_opening():
            terminal.say(
                f"Somebody or something changed this project outside the program: {found[0].what}."
                f" What is as it was left says: annotator check {args.project};"
                f" earlier states: annotator backups {args.project}"
            )
        session.backups.automatic = not read_only
        session.backups.listeners.append(_say_trouble)
        yield session


def _say_trouble(_backup: object, trouble: KnownError | None) -> None:
    if trouble is not None:
        terminal.say(str(trouble))


def annotator() -> str | None:
    """The name chosen in the window; None where the settings cannot be read."""
    from annotator.settings import Settings

    with suppress(KnownError):
        return str(Settings().get("annotator"))
    return None


def takes_project(parser: argparse.ArgumentParser) -> None:
    """The first argument is the project."""
    parser.add_argument("project", metavar="PROJECT", type=Path, help="the project's file")


def takes_json(parser: argparse.ArgumentParser) -> None:
    """There is an answer for programs."""
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def say(args: argparse.Namespace, *messages: str) -> None:
    """Messages on stderr, unless nobody wants them."""
    for message in () if args.quiet else messages:
        terminal.say(message)


def bar(args: argparse.Namespace, title: str, unit: str) -> terminal.Bar:
    """A progress bar, unless nobody wants it."""
    return terminal.Bar(title, unit, quiet=args.quiet)


def tell_section(title: str, rows: Sequence[Sequence[terminal.Cell]]) -> None:
    """A heading with a table below."""
    terminal.tell(title, *terminal.table(rows))
