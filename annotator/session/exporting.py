"""Articles out of the project, in one file or split into three."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

from annotator import exporters, suggest
from annotator.errors import KnownError
from annotator.exporters.base import Exporter, Ledger, Options
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.filed import Filed
from annotator.model.order import ORDERS
from annotator.session.opened import Opened
from annotator.session.outcome import ExportReport
from annotator.store import articles as article_rows
from annotator.store import labels as label_rows
from annotator.store.filed import filed
from annotator.store.project import Project

_DATABASE = b"SQLite format 3\0"  # how every project begins
PARTS = ("train", "dev", "test")

_NOT_RANDOM = tuple(order.name for order in ORDERS)
_CHOSEN = tuple(name for name in _NOT_RANDOM if name != "given")

Shares = tuple[int, int, int]
OnProgress = Callable[[int, int], None]


def parsed_split(text: str) -> Shares:
    """The shares of train, dev and test, from "80/10/10".

    :raises KnownError: not three whole numbers that make 100.
    """
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        train, dev, test = (int(part) for part in parts)
        if train + dev + test == 100:
            return train, dev, test
    raise KnownError(f"{text} is no split.", "Give three shares that make 100, as 80/10/10.")


def part_of(uid: str, shares: Shares) -> str:
    """Which part an article belongs to: by the hash of its uid, so that it stays there as the project grows."""
    place = place_of(uid) % 100
    return PARTS[0] if place < shares[0] else PARTS[1] if place < shares[0] + shares[1] else PARTS[2]


class Choice(NamedTuple):
    """What of a project is exported, as `Session.export` takes it."""

    state: str
    picked: str
    with_rejected: bool
    split: str | None

    def uids(self, project: Project) -> dict[int, str]:
        """The chosen articles' uids by id, in the order of import.

        :raises KnownError: there is no such choice.
        """
        states = {"done": (ArticleState.DONE,), "all": ()}.get(self.state)
        if states is None:
            raise KnownError(f"{self.state} is no choice of articles.", "Take done or all.")
        reasons = {"random": (article_rows.RANDOM,), "rest": _NOT_RANDOM, "all": ()}.get(self.picked)
        if reasons is None:
            raise KnownError(f"{self.picked} is no choice of articles.", "Take random, rest or all.")
        return article_rows.uids(project, states, reasons)


def place_of(uid: str) -> int:
    """A number that looks random and is the same for an article on every machine and in every year."""
    return int.from_bytes(hashlib.sha256(uid.encode()).digest()[:4], "big")


def export_articles(
    opened: Opened, out: Path, name: str, choice: Choice, progress: OnProgress | None = None
) -> ExportReport:
    """Write the articles; with a split, to OUT-train, OUT-dev and OUT-test, else to OUT."""
    exporter = exporters.by_name(name)
    uids = choice.uids(opened.project)
    files = _files(out, exporter.suffix, uids, choice.split)
    for path in files:
        refuse_projects(opened.project.path, path)
    options = Options(label_rows.labels(opened.project), choice.with_rejected, name=out.stem)
    if exporter.write_filed is not None:
        ledgers = _export_filed(opened, exporter, files, options, progress or _nobody)
    else:
        options = replace(options, language=suggest.language_of(opened.project.meta("model")))
        read = _Reader(opened, len(uids), progress)
        ledgers = {p.name: exporters.export(exporter, map(read, ids), p, options) for p, ids in files.items()}
    tested = list(files.values())[-1] if choice.split else []
    return ExportReport(ledgers, _notes(opened, set(tested)))


def _export_filed(
    opened: Opened, exporter: Exporter, files: dict[Path, list[int]], options: Options, progress: OnProgress
) -> dict[str, Ledger]:
    """For formats that need no pipeline's tokens: straight from the rows."""
    total, seen = sum(map(len, files.values())), count(1)

    def told(ids: list[int]) -> Iterator[Filed]:
        for each in filed(opened.project, ids, opened.known):
            progress(next(seen), total)
            yield each

    return {path.name: exporters.export_filed(exporter, told(ids), path, options) for path, ids in files.items()}


def _nobody(_done: int, _total: int) -> None:
    """Nobody wants to know."""


def _notes(opened: Opened, tested: set[int]) -> tuple[str, ...]:
    """What whoever evaluates on these articles should know."""
    chosen = article_rows.uids(opened.project, picked=_CHOSEN)
    number = len(tested.intersection(chosen))
    if not number:
        return ()
    what = "1 article of the test part was" if number == 1 else f"{number} articles of the test part were"
    return (f"{what} not picked at random: figures on it need not hold for all articles.",)


def _files(out: Path, suffix: str, uids: dict[int, str], split: str | None) -> dict[Path, list[int]]:
    """The articles' ids by the file that they go to."""
    if split is None:
        return {out: list(uids)}
    shares = parsed_split(split)
    files: dict[Path, list[int]] = {out.with_name(f"{out.stem}-{part}{out.suffix or suffix}"): [] for part in PARTS}
    by_part = dict(zip(PARTS, files.values(), strict=True))
    for article_id, uid in uids.items():
        by_part[part_of(uid, shares)].append(article_id)
    return files


def refuse_projects(project: Path, out: Path) -> None:
    """A dataset never takes the place of somebody's work, in this project or another, nor of a device."""
    if out.exists() and not out.is_file() and not out.is_dir():
        raise KnownError(f"{out} is no ordinary file.", "Choose another name.")
    if out.name.startswith(project.name) and out.name[len(project.name) :] in _BESIDE_A_PROJECT:
        raise KnownError(f"{out.name} belongs to the project.", "Choose another name.")
    try:
        if not out.is_file():
            return
        with out.open("rb") as file:
            begins = file.read(len(_DATABASE))
        is_this_one = out.samefile(project)
    except OSError:  # the exporter will say what is wrong with the place
        return
    if is_this_one:
        raise KnownError("That file is the project itself.", "Choose another name.")
    if begins == _DATABASE:
        raise KnownError(f"{out.name} is a project or another database.", "Choose another name.")


# SQLite's own files, and ours; see store/lock.py
_BESIDE_A_PROJECT = ("-wal", "-shm", "-journal", ".lock", ".part", ".learned", ".learned.part")


class _Reader:
    """Articles with the tokens of the project's pipeline, one at a time: memory does not grow with the project."""

    def __init__(self, opened: Opened, total: int, progress: OnProgress | None) -> None:
        self._opened, self._total, self._progress = opened, total, progress
        self._tokens = suggest.tokenizer(opened.project.meta("model"))
        self._seen = 0

    def __call__(self, article_id: int) -> AnnotatedArticle:
        self._seen += 1
        if self._progress is not None:
            self._progress(self._seen, self._total)
        sheet = self._opened.fresh_sheet(article_id)
        if not sheet.stored.came_with_tokens:
            sheet.use_tokens(self._tokens(sheet.article.text))
        return sheet.annotated(self._opened.label_of)
