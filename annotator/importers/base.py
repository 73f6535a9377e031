"""What an importer reads a file into, and what it says about what it could not read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.model.article import Article, ArticleState
from annotator.model.aside import Aside
from annotator.model.span import Span


@dataclass(frozen=True, slots=True)
class Record:
    """One article that was read.

    :param where: file and line or number, as "news.jsonl:3".
    :param spans: with their state: suggested (a proposal), confirmed or rejected (decided).
        Inside the text, labels as they stand in the file.
    :param notes: what was repaired or is doubtful, one sentence each.
    :param problems: what was left out, one sentence each.
    :param asides: passages not to be labelled, inside the text, no two with the same range.
    """

    where: str
    article: Article
    spans: tuple[Span, ...] = ()
    state: ArticleState = ArticleState.NEW
    flagged: bool = False
    comment: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A record, or a whole file, that could not be read."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Importer:
    """A format that can be read.

    :param name: for `--format`.
    :param title: for the window.
    :param suffixes: file name endings that belong to it, lower case, with the dot.
    :param matches: does this look like it? Given the path and its first 64 KiB.
    :param read: yields every record or problem of one file, in order, without holding the
        file in memory; raises KnownError where the file cannot be opened.
    :param keeps: one line on what comes in.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    matches: Callable[[Path, bytes], bool]
    read: Callable[[Path], Iterator[Record | Problem]]
    keeps: str
