"""The command line: the same verbs as the window, with a progress bar for a listener.

To add a command: write a Command into a module of `annotator/commands` and append it to COMMANDS.

Everything heavy is imported inside the commands: `--help` needs no display, no spaCy and no
database, and answers at once. Exit codes: 0 done, 2 a known error or wrong usage (one line on
stderr, nothing changed), 1 a bug, 130 after Ctrl+C.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from annotator import __version__, last_words, terminal
from annotator.commands import articles, backups, listing, memory, order, projects, salvage, steps, training, window
from annotator.commands.base import BUG, DONE, FAILED, INTERRUPTED, NOBODY_READS, Command
from annotator.errors import KnownError

COMMANDS: tuple[Command, ...] = (
    projects.NEW,
    articles.IMPORT,
    articles.SUGGEST,
    articles.EXPORT,
    memory.MEMORY,
    order.ORDER,
    order.TWINS,
    training.TRAIN,
    steps.UNDO,
    steps.REDO,
    backups.BACKUPS,
    backups.RESTORE,
    projects.STATS,
    projects.CHECK,
    salvage.SALVAGE,
    projects.GUIDELINES,
    listing.FORMATS,
    listing.MODELS,
    listing.LABELS,
)

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or the window; returns the exit code.

    :param argv: the words behind the program's name; left out where the process is ours, and all that ends it is
        watched.
    """
    if argv is None:
        terminal.open_closed_streams()
        last_words.begin()
    words = sys.argv[1:] if argv is None else list(argv)
    if words[:1] == ["--suggest-worker"]:
        from annotator.suggest import worker

        worker.main()
        return DONE
    if words[:1] == ["--training-worker"]:
        from annotator.session import training_process

        training_process.main()
        return DONE
    if words[:1] == ["--import-worker"]:
        from annotator.importers import guarded

        guarded.main()
        return DONE
    if words[:1] == ["--print-worker"]:
        from annotator.ui import pdf

        return pdf.main()
    terminal.take_any_character()
    try:
        code = _run(words, is_watched=argv is None)
        terminal.flush()
        return code
    except KnownError as error:
        terminal.say(error.as_line())
        return FAILED
    except KeyboardInterrupt:
        terminal.say("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        terminal.give_up_stdout()
        return NOBODY_READS
    except Exception:
        _log.exception("This is a bug in Annotator. Whatever was decided is in the project.")
        return BUG


def _run(words: list[str], *, is_watched: bool) -> int:
    try:
        args = _parsed(words)
    except SystemExit as end:  # how argparse leaves after --help and --version
        return int(end.code or DONE)
    from annotator import log

    is_window = args.run is window.run
    log.set_up(args.debug, is_discreet=is_window and not args.debug)
    role = last_words.WINDOW if is_window else last_words.COMMAND
    # while debugging, whatever happens is told on stderr at once
    args.last_words = last_words.keep(role) if is_watched and not args.debug else None
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    finally:
        if args.last_words is not None:
            args.last_words.close()


def _parsed(words: list[str]) -> argparse.Namespace:
    """The first word that is no option names a command; any other is a project for the window."""
    first = next((word for word in words if word == "--" or not word.startswith("-")), None)
    is_command = first in [command.name for command in COMMANDS]
    asked = [word for word in words if word in ("-h", "--help", "--version")]
    if asked and not is_command:
        words = asked[:1]
    parser = _parser() if is_command or asked else _window_parser()
    return parser.parse_args(words, argparse.Namespace(debug=False, quiet=False))


class _Parser(argparse.ArgumentParser):
    """Wrong usage is a known error; the help's ending is made only when somebody asks for it."""

    def __init__(self, *, ending: Callable[[], str] = str, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options)
        self._ending = ending
        # suppressed, so that a command's parser does not take back what was said before the command
        for name, meaning in (
            ("--debug", "log everything, here and in the log file"),
            ("--quiet", "only results and errors: no messages, no bars"),
        ):
            self.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=meaning)

    def format_help(self) -> str:
        self.epilog = self._ending()
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        raise KnownError(f"Wrong usage: {message}.", f"Type: {self.prog} --help")


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="annotator", add_help=False)
    parser.add_argument("project", metavar="PROJECT", nargs="?", type=Path)
    parser.add_argument("rest", metavar="ARGUMENT", nargs="*")
    parser.set_defaults(run=window.run)
    return parser


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="annotator",
        usage="annotator [PROJECT]\n       annotator COMMAND [ARGUMENT ...]",
        description="Label named entities in news articles, on your own machine.\n\n"
        "Without a command: the window, on PROJECT or on the project opened last.",
        ending=listing.formats_in_short,
    )
    parser.add_argument("--version", action="version", version=f"annotator {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        own = commands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            ending=command.ending,
            prog=f"annotator {command.name}",
        )
        command.declare(own)
        own.set_defaults(run=command.run)
    return parser
