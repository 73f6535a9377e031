"""What an importer reads a file into, and what it says about what it could not read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import KnownError
from annotator.model.article import Article, ArticleState
from annotator.model.aside import Aside
from annotator.model.keeping import Part
from annotator.model.offsets import Unit
from annotator.model.span import Span


@dataclass(frozen=True, slots=True)
class Record:
    """One article that was read.

    :param where: file and line or number, as "news.jsonl:3".
    :param spans: with their state: suggested (a proposal), confirmed or rejected (decided).
        Inside the text, labels as they stand in the file.
    :param notes: what was repaired or is doubtful, one sentence each.
    :param problems: what was left out, one sentence each.
    :param tokens: (start, end) of the file's own tokens where it has them, else empty: the article keeps them.
    :param asides: passages not to be labelled, inside the text, no two with the same range.
    :param lists_spans: the file says which spans there are, if only that there are none, and not how far the work is.
    """

    where: str
    article: Article
    spans: tuple[Span, ...] = ()
    state: ArticleState = ArticleState.NEW
    flagged: bool = False
    comment: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    tokens: tuple[tuple[int, int], ...] = ()
    asides: tuple[Aside, ...] = ()
    lists_spans: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A record, or a whole file, that could not be read."""

    where: str
    reason: str


# One record of a file, read when it is called; None where there is no article in it.
Piece = Callable[[], Record | Problem | None]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person said about how files are to be read.

    :param unit: how the file counts offsets, also by its name; None finds it from the surface texts in the file.
    :param text_column: which column of a table, or key of a record, holds the text; "" finds it.
    :param headline: the headline of a page, feed or message is the first paragraph of the text, not only metadata.
    :param otherwise: the unit of files that do not say how they count; None raises UnitUndecidedError at one.
    """

    unit: Unit | None = None
    text_column: str = ""
    headline: bool = False
    otherwise: Unit | None = None

    def __post_init__(self) -> None:
        for name in ("unit", "otherwise"):
            unit = getattr(self, name)
            if unit is not None and unit not in set(Unit):
                raise KnownError(f"{unit} is no unit of offsets.", f"It is one of {', '.join(Unit)}.")
            object.__setattr__(self, name, None if unit is None else Unit(unit))


AS_FOUND = ReadOptions()


def all_of(
    pieces: Callable[[Path, ReadOptions], Iterator[tuple[str, Piece]]],
) -> Callable[[Path, ReadOptions], Iterator[Record | Problem]]:
    """An importer's `read` that reads each of its pieces."""

    def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
        items = (piece() for _, piece in pieces(path, options))
        yield from (item for item in items if item is not None)

    return read


class UnitUndecidedError(KnownError):
    """The file's offsets can be counted in several ways, and nothing in it says which one is meant.

    :param examples: for each unit that is possible, the words that it would mark, the likeliest first.
    :ivar reason: why such a file was left out, for a report that names it.
    """

    def __init__(self, file: str, examples: dict[Unit, tuple[str, ...]]) -> None:
        self.file, self.examples = file, examples
        shown = "; ".join(f"{unit}: {', '.join(f'“{word}”' for word in words)}" for unit, words in examples.items())
        super().__init__(
            f"{file} does not say how it counts offsets, and the spans differ: {shown}.",
            "Say which.",
            "--offsets",
        )
        # what to do comes first: a report has not room for all that a file may hold
        self.reason = f"it does not say how it counts offsets; import it again and say which (--offsets): {shown}"


@dataclass(frozen=True, slots=True)
class Importer:
    """A format that can be read.

    :param name: for `--format`.
    :param title: for the window.
    :param suffixes: file name endings that belong to it, lower case, with the dot.
    :param matches: does this look like it? Given the path and its first 64 KiB.
    :param read: yields every record or problem of one file, in order, without holding the
        file in memory; raises KnownError where the file cannot be opened, UnitUndecidedError before the first record
        that needs the unit.
    :param guarded: its parser is slow, large or written for files that mean well, so that it works in a process of
        its own, with limits on time and memory; see `guard`.
    :param companions: of a guarded one, names of files beside one that it reads, too.
    :param patience: of a guarded one, seconds that it may take for one record.
    :param pieces: of a guarded one whose files hold many records, in place of `read`: (where, piece) for each, found
        without being read, so that one that never ends does not hide the next.
    :param keeps: what comes in of what an annotated article has; None for formats of bare articles.
    :param remark: one line on what comes in.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    matches: Callable[[Path, bytes], bool]
    read: Callable[[Path, ReadOptions], Iterator[Record | Problem]]
    keeps: frozenset[Part] | None
    remark: str
    guarded: bool = False
    companions: tuple[str, ...] = ()
    patience: float = 10.0
    pieces: Callable[[Path, ReadOptions], Iterator[tuple[str, Piece]]] | None = None
