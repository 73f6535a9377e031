"""What an exporter writes, and the account it gives of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from annotator.model.article import AnnotatedArticle
from annotator.model.file_name import name_of, uid_of
from annotator.model.filed import Filed
from annotator.model.keeping import EVERYTHING, Part
from annotator.model.label import Label
from annotator.model.span import Span


@dataclass(frozen=True, slots=True)
class Options:
    """What every exporter is told.

    :param labels: the project's labels, in order, also retired ones that spans still have.
    :param with_rejected: rejected spans leave too, as negatives, where the format can hold them.
    :param language: spaCy's code of the project's language, as "en".
    :param name: the project's, for formats that have a title.
    :param guideline: the version of the guidelines that was labelled by, "" where nobody gave one.
    """

    labels: tuple[Label, ...] = ()
    with_rejected: bool = False
    language: str = "en"
    name: str = "dataset"
    guideline: str = ""


class LedgerLine(NamedTuple):
    """A span that did not leave as it is.

    :param article: the article's uid.
    :param start: first code point.
    :param end: one past the last code point.
    :param outcome: "adjusted" or "dropped".
    :param words: the text of the span.
    """

    article: str
    start: int
    end: int
    label: str
    outcome: str
    reason: str
    words: str


def ledger_line(annotated: AnnotatedArticle, span: Span, outcome: str, reason: str) -> LedgerLine:
    """The line for a span of an article."""
    return LedgerLine(
        *(annotated.article.uid, span.start, span.end, span.label, outcome, reason), annotated.surface(span)
    )


@dataclass(slots=True)
class Ledger:
    """What became of each article and each span that was to leave: written + adjusted + dropped = all.

    All are the confirmed spans and, where they were asked for, the rejected ones.

    :param notes: why spans were adjusted or dropped, one sentence each.
    :param lines: which spans were: adjusted + dropped of them.
    """

    articles: int = 0
    written: int = 0
    adjusted: int = 0
    dropped: int = 0
    notes: list[str] | None = None
    lines: list[LedgerLine] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Add a reason, once."""
        self.notes = self.notes or []
        if sentence not in self.notes:
            self.notes.append(sentence)


def note_cut(ledger: Ledger, uid: str) -> None:
    """Say of an id that is longer than names of files may be that it does not come back; for formats without ids."""
    if uid_of(name_of(uid)) != uid:
        ledger.note(f"The id “{uid[:40]}…” is too long for a file's name, and cut there.")


class Use(StrEnum):
    """What a format is mostly asked for; the window lists them in this order."""

    TRAIN = "To train on"
    READ = "To read"
    TOOLS = "For other programs"


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that can be written.

    :param name: for `--format`.
    :param title: for the window.
    :param suffix: the usual ending of the file's or folder's name, with the dot; ".doccano.jsonl" is one, too.
    :param write: writes all articles to a path that does not exist yet, or into an empty folder where
        `is_folder`; the caller moves it to its place.
    :param keeps: what the format holds of an annotated article; all else is lost.
    :param remark: one line on what is written.
    :param use: under which heading the window lists it.
    :param is_folder: it is a folder of files; the caller makes a zip file of it where one is asked for.
    :param write_filed: the same as `write` from articles as they are filed, for formats that need no tokens.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Iterable[AnnotatedArticle], Path, Options], Ledger]
    keeps: frozenset[Part]
    remark: str
    is_folder: bool = False
    use: Use = Use.TOOLS
    write_filed: Callable[[Iterable[Filed], Path, Options], Ledger] | None = None

    @property
    def loses(self) -> frozenset[Part]:
        """What it does not hold."""
        return EVERYTHING - self.keeps
