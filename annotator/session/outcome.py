"""What verbs answer, and what listeners are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from annotator.exporters.base import Ledger, LedgerLine
from annotator.model.article import ArticleState

_SHOWN_LABELS, _LONGEST_LABEL = 20, 60


def counted(number: int, noun: str, several: str = "") -> str:
    """A number and its noun: "1 article", "2 articles"."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def labels_shown(counts: Mapping[str, int]) -> str:
    """Labels with their spans, of many the first: "FIRM (2), PLACE (1)"; a stranger's file may have very long ones."""
    shown = [f"{label[:_LONGEST_LABEL]} ({n})" for label, n in islice(counts.items(), _SHOWN_LABELS)]
    return ", ".join(shown) + (f" and {len(counts) - len(shown)} more" if len(counts) > len(shown) else "")


@dataclass(frozen=True, slots=True)
class Changed:
    """What a step touched; views read these again.

    :param articles: ids of articles whose spans, suggestions or standing changed.
    :param labels: labels changed.
    :param listing: articles came or went.
    :param memory: entries that a person made changed.
    """

    articles: frozenset[int] = frozenset()
    labels: bool = False
    listing: bool = False
    memory: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did.

    :param verb: "confirm", "relabel", "undo" ...; for undo and redo `of` says which verb it was.
    :param count: how many spans it changed.
    :param articles: how many articles it changed.
    :param place: (start, end) that shows it; None where it is about the whole article.
    """

    verb: str
    article_id: int | None = None
    count: int = 0
    place: tuple[int, int] | None = None
    of: str = ""
    articles: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the project is.

    :param articles: number of articles by state.
    :param spans: confirmed spans by label name.
    """

    articles: dict[ArticleState, int]
    spans: dict[str, int]

    @property
    def total(self) -> int:
        """All articles."""
        return sum(self.articles.values())

    @property
    def decided(self) -> int:
        """Articles done or skipped."""
        return self.articles[ArticleState.DONE] + self.articles[ArticleState.SKIPPED]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One remark of an import: where, what kind ("repaired", "skipped", "rejected") and why."""

    where: str
    kind: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What became of each record: accepted + repaired + skipped + rejected = records.

    :param twins: how many of the articles that came are nearly the same as an earlier one.
    :param left_open: how many articles were decided on elsewhere and are open here, as spans had to be left out.
    :param unknown_labels: how many spans were left out, by the label that the project has not.
    :param new_labels: labels that the project got by this import.
    """

    accepted: int = 0
    repaired: int = 0
    skipped: int = 0
    rejected: int = 0
    spans: int = 0
    spans_left_out: int = 0
    twins: int = 0
    left_open: int = 0
    unknown_labels: dict[str, int] = field(default_factory=dict)
    new_labels: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    lines: list[ReportLine] = field(default_factory=list)

    @property
    def records(self) -> int:
        """All records that were met."""
        return self.accepted + self.repaired + self.skipped + self.rejected

    def summary(self) -> str:
        """One sentence."""
        parts = [f"{self.accepted + self.repaired} of {counted(self.records, 'article')} imported"]
        counts = (
            (self.repaired, f"{self.repaired} of them repaired"),
            (self.skipped, f"{self.skipped} there already"),
            (self.rejected, f"{self.rejected} rejected"),
            (self.twins, f"{self.twins} nearly the same as another"),
            (self.spans, counted(self.spans, "span")),
            (self.spans_left_out, f"{counted(self.spans_left_out, 'span')} left out"),
            (self.left_open, f"{self.left_open} open, not done, as spans were left out"),
        )
        sentence = ", ".join(parts + [words for number, words in counts if number]) + "."
        if self.new_labels:
            sentence += f" New labels: {', '.join(self.new_labels)}."
        if self.unknown_labels:
            sentence += f" The project has no label {labels_shown(self.unknown_labels)}."
        return sentence


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: each file with its ledger.

    :param notes: sentences on what is to be known of the dataset as a whole.
    """

    files: dict[str, Ledger]
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[str, LedgerLine]]:
        """The spans that did not leave as they are, each with the file's name."""
        return [(name, line) for name, ledger in self.files.items() for line in ledger.lines]

    @property
    def remarks(self) -> list[str]:
        """Why spans did not leave as they are, by file where there are several, and the notes."""
        several = len(self.files) > 1
        told = ((name, note) for name, ledger in self.files.items() for note in ledger.notes or ())
        return [f"{name}: {note}" if several else note for name, note in told] + list(self.notes)

    def summaries(self) -> list[str]:
        """One sentence a file."""
        return [f"{name}: {_account(ledger)}" for name, ledger in self.files.items()]

    def summary(self) -> str:
        """The same as one text."""
        return " ".join(self.summaries())


def _account(ledger: Ledger) -> str:
    account = f"{counted(ledger.articles, 'article')}, {counted(ledger.written + ledger.adjusted, 'span')} written"
    if ledger.adjusted:
        account += f", {ledger.adjusted} of them adjusted"
    if ledger.dropped:
        account += f", {ledger.dropped} left out"
    return account + "."


@dataclass(frozen=True, slots=True)
class PatternsReport:
    """What became of the memory's entries: written, below the bounds, and never an entity."""

    written: int
    below: int
    never: int

    def summary(self) -> str:
        """One sentence."""
        parts = [f"{counted(self.written, 'pattern')} written"]
        if self.below:
            parts.append(f"{self.below} less sure or less frequent left out")
        if self.never:
            parts.append(f"{self.never} that are never an entity left out")
        return ", ".join(parts) + "."
