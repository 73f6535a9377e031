"""Commands that move articles: import, suggest, export."""

import argparse
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import DONE, Command, bar, opened, say, takes_json, takes_project
from annotator.commands.listing import formats_for
from annotator.errors import KnownError
from annotator.model.offsets import Unit

if TYPE_CHECKING:
    from annotator.exporters import LedgerLine
    from annotator.model.label import Label
    from annotator.session import ExportReport, ImportReport, Session

_BATCH = 200  # articles
_KNOWN_TOLD = 10
_GUESSES_TOLD = 5


def _import_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="files, folders or patterns")
    parser.add_argument("--format", metavar="NAME", help="read all of them as this format (default: by content)")
    parser.add_argument("--decided", action="store_true", help="spans of other tools are decisions, not suggestions")
    parser.add_argument("--strict", action="store_true", help="import nothing unless every record is in order")
    parser.add_argument(
        *("--map",),
        metavar="THEIRS=OURS",
        type=_pair,
        action="append",
        default=[],
        help="take this label of the files for one of the project's; THEIRS= leaves its spans out; may be repeated",
    )
    parser.add_argument("--new-labels", action="store_true", help="add labels that the project has not")
    parser.add_argument(
        *("--offsets",), metavar="UNIT", type=_unit, help=f"how the files count offsets: {', '.join(Unit)}"
    )
    parser.add_argument("--text-column", metavar="NAME", default="", help="the column or key that holds the text")
    parser.add_argument("--headline", action="store_true", help="headlines are the first paragraph of the text, too")
    takes_json(parser)


def _pair(text: str) -> tuple[str, str]:
    theirs, sign, ours = text.rpartition("=")
    if not sign or not theirs:
        raise argparse.ArgumentTypeError(f"{text} is not like PERSON=PER")
    return theirs, ours


def _unit(text: str) -> Unit:
    try:
        return Unit(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(Unit)}") from None


def _import(args: argparse.Namespace) -> int:
    from annotator.importers.base import ReadOptions

    with opened(args) as session, bar(args, "Importing", "files") as progress:
        report = session.import_files(
            args.paths,
            format=args.format,
            strict=args.strict,
            decided=args.decided,
            labels=dict(args.map),
            new_labels=args.new_labels,
            options=ReadOptions(args.offsets, args.text_column, args.headline),
            progress=progress,
        )
        advice = _labels_advice(args.project, report.unknown_labels, session.labels)
    if args.json:
        from dataclasses import asdict

        terminal.tell_json({"records": report.records, **asdict(report)})
    else:
        terminal.tell(*_told(report))
    if report.records == report.rejected:
        raise KnownError("Nothing was imported.", "" if report.records else "There is no article in these files.")
    if not args.json:
        terminal.tell(report.summary())
    if advice:
        say(args, advice)
    if report.twins:
        say(args, "What to do with those that are nearly the same: annotator twins --help")
    return DONE


def _labels_advice(project: Path, unknown: Iterable[str], labels: "Sequence[Label]") -> str:
    """How to have the spans whose labels the project has not, with a guess what they mean; "" where all are known."""
    from annotator.model.label_guess import guessed_label

    meant = [(theirs, guessed_label(theirs, labels)) for theirs in unknown]
    if not meant:
        return ""
    likely = [pair for pair in meant if pair[1]] or [(meant[0][0], "LABEL")]
    maps = " ".join(f"--map {shlex.quote(f'{theirs}={ours}')}" for theirs, ours in likely[:_GUESSES_TOLD])
    return (
        f"To have such spans, take the import back (annotator undo {project}) and repeat it with --new-labels or {maps}"
    )


def _told(report: "ImportReport") -> Iterator[str]:
    """A line for each remark; of articles that are there already only the first few."""
    known = 0
    for line in report.lines:
        known += line.kind == "skipped"
        if line.kind != "skipped" or known <= _KNOWN_TOLD:
            yield f"{line.where}: {line.kind}: {line.reason}"
    if known > _KNOWN_TOLD:
        yield f"... and {known - _KNOWN_TOLD} more that are in the project already"


def _suggest_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--workers", metavar="N", type=_count, default=1, help="processes at work (default: 1)")
    parser.add_argument("--all", action="store_true", help="again for undecided articles that have suggestions")
    takes_json(parser)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _suggest(args: argparse.Namespace) -> int:
    with opened(args) as session:
        if session.learning.is_on and session.learning.keys():
            return _suggest_learned(args, session)
        return _suggest_read(args, session)


def _suggest_learned(args: argparse.Namespace, session: "Session") -> int:
    """With what the decided articles teach; in this process, since one learner learns all of them."""
    from annotator.model.article import UNDECIDED
    from annotator.session.outcome import counted

    with bar(args, "Learning", "articles") as progress:
        session.learning.catch_up(progress)
    waiting = session.article_ids(UNDECIDED)
    with bar(args, "Suggesting", "articles") as progress:
        for number, article_id in enumerate(waiting, 1):
            session.suggest(article_id)
            progress(number, len(waiting))
    learned = len(session.learning.keys())
    _tell_read(args, len(waiting), len(waiting), session.model, {})
    say(args, f"{counted(len(waiting), 'article')} read by {session.model}, knowing {counted(learned, 'decided one')}.")
    return DONE


def _suggest_read(args: argparse.Namespace, session: "Session") -> int:
    from annotator.suggest import suggest_all

    with bar(args, "Reading", "articles") as progress:
        waiting = _undecided if args.all else _unread
        read, total = 0, sum(1 for _ in waiting(session))
        found: Counter[str] = Counter()
        for article_id, reading, _ in suggest_all(session.model, waiting(session), workers=args.workers):
            session.keep_reading(article_id, session.model, reading)
            found.update(suggestion.label for suggestion in reading.suggestions)
            read += 1
            progress(read, total)
        model, known = session.model, session.suggestible
    _tell_read(args, read, total, model, {label: n for label, n in sorted(found.items()) if label not in known})
    say(args, f"{read} of {total} articles read by {model}." if total else "There is nothing to read.")
    if foreign := sorted(found.keys() - known):
        left_out = sum(found[label] for label in foreign)
        say(args, f"{left_out} suggestions left out: no label of the project stands for {', '.join(foreign)}.")
    return DONE


def _tell_read(args: argparse.Namespace, read: int, total: int, model: str, left_out: dict[str, int]) -> None:
    if args.json:
        terminal.tell_json({"read": read, "waiting": total, "model": model, "left_out": left_out})


def _unread(session: "Session") -> Iterator[tuple[int, str]]:
    """(id, text) of the undecided articles without suggestions, in the order of work, a batch of them in memory."""
    last, seen = 0, set[int]()
    # those behind the last one come first, so that a batch without a new one is the end
    while batch := [each for each in session.unread(_BATCH, after=last) if each[0] not in seen]:
        seen.update(article_id for article_id, _ in batch)
        yield from batch
        last = batch[-1][0]


def _undecided(session: "Session") -> Iterator[tuple[int, str]]:
    """(id, text) of all undecided articles, one of them in memory."""
    from annotator.model.article import UNDECIDED

    for article_id in session.article_ids(UNDECIDED):
        yield article_id, session.article(article_id).text


def _export_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("out", metavar="OUT", type=Path, help="the file to write, or the folder")
    parser.add_argument("--format", metavar="NAME", help="default: by OUT's ending, else jsonl")
    parser.add_argument("--state", choices=("done", "all"), default="done", help="which articles (default: done)")
    parser.add_argument(
        *("--picked",),
        choices=("random", "rest", "all"),
        default="all",
        help="random: only articles picked at random, to evaluate on; rest: all others, to train on (default: all)",
    )
    parser.add_argument("--with-rejected", action="store_true", help="rejected spans too, as negatives")
    parser.add_argument("--split", metavar="80/10/10", help="into OUT-train, OUT-dev and OUT-test, in these shares")
    parser.add_argument(
        *("--group",),
        metavar="source|day",
        action="append",
        default=[],
        help="with --split: articles of one outlet, or of one day, are on one side; may be repeated",
    )
    parser.add_argument("--strict", action="store_true", help="write nothing where a span would change or be left out")
    parser.add_argument("--replace", action="store_true", help="write over a file that is no earlier export")
    parser.add_argument("--verbose", action="store_true", help="name each span that changed or was left out")
    parser.add_argument("--ledger", metavar="FILE", type=Path, help="write these to a CSV file")
    takes_json(parser)


def _export(args: argparse.Namespace) -> int:
    ledger = _ledger_place(args.project, args.ledger) if args.ledger else None
    with _opened_to_export(args) as session, bar(args, "Exporting", "articles") as progress:
        report = session.export(
            args.out,
            format=args.format or _format_of(args.out),
            state=args.state,
            picked=args.picked,
            with_rejected=args.with_rejected,
            split=args.split,
            group=args.group,
            strict=args.strict,
            replace=args.replace,
            progress=progress,
        )
    if ledger is not None:
        _write_ledger(report, ledger)
    _tell_export(args, report)
    return DONE


@contextmanager
def _opened_to_export(args: argparse.Namespace) -> Iterator["Session"]:
    """For reading, beside a window; a split is remembered in the project, where nothing else writes to it."""
    with ExitStack() as stack:
        try:
            session = stack.enter_context(opened(args, read_only=args.split is None))
        except KnownError:
            if args.split is None:
                raise
            session = stack.enter_context(opened(args, read_only=True))
            say(args, f"{args.project.name} cannot be written to now: which part new articles fell to is not kept.")
        yield session


def _tell_export(args: argparse.Namespace, report: "ExportReport") -> None:
    if args.json:
        terminal.tell_json(_export_as_json(report))
    elif args.verbose:
        terminal.tell(*(_told_line(name, line) for name, line in report.lines))
    say(args, *report.summaries(), *report.remarks)


def _export_as_json(report: "ExportReport") -> dict[str, Any]:
    files = {
        name: {
            "articles": ledger.articles,
            "written": ledger.written,
            "adjusted": ledger.adjusted,
            "dropped": ledger.dropped,
            "notes": ledger.notes or [],
            "lines": [line._asdict() for line in ledger.lines],
        }
        for name, ledger in report.files.items()
    }
    return {"files": files, "notes": list(report.notes)}


def _told_line(name: str, line: "LedgerLine") -> str:
    return f"{name}: {line.article} {line.start}-{line.end} {line.label} “{line.words}”: {line.outcome}: {line.reason}"


_LEDGER = ("file", "article", "start", "end", "label", "outcome", "reason")


def _ledger_place(project: Path, path: Path) -> Path:
    """Where the ledger is written; raises KnownError where that holds something else than a ledger."""
    from annotator.places import refuse_link, settled
    from annotator.session.replacing import refuse_projects

    ledger = settled(path)
    refuse_link(ledger)
    refuse_projects(project, ledger)
    if ledger.is_file() and ledger.stat().st_size and not _is_ledger(ledger):
        raise KnownError(f"{ledger.name} is there already, and is no ledger.", "Choose another name.")
    return ledger


def _is_ledger(path: Path) -> bool:
    first = ",".join(_LEDGER).encode()
    with path.open("rb") as file:
        return file.read(len(first)) == first


def _write_ledger(report: "ExportReport", path: Path) -> None:
    """A row for each span that did not leave as it is; no spreadsheet calculates any of it."""
    import csv

    from annotator.exporters import whole_file
    from annotator.exporters.spreadsheet import defused

    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_LEDGER)
        rows.writerows([defused(str(cell)) for cell in (name, *line[:-1])] for name, line in report.lines)


def _format_of(out: Path) -> str:
    from annotator.exporters import by_path, likely

    if by_path(out) is None and out.suffix and out.suffix.lower() != ".json":
        raise KnownError(f"No format is known by {out.suffix}.", "Name one with --format.")
    return likely(out).name


IMPORT = Command(
    "import",
    "read articles from files, folders and patterns",
    _import_takes,
    _import,
    lambda: formats_for("import"),
)
SUGGEST = Command("suggest", "suggest in the articles that nobody decided on", _suggest_takes, _suggest)
EXPORT = Command(
    "export",
    "write a labelled dataset",
    _export_takes,
    _export,
    lambda: formats_for("export"),
)
