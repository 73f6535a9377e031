"""What an exporter writes, and the account it gives of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from annotator.model.article import AnnotatedArticle


@dataclass(frozen=True, slots=True)
class Options:
    """What every exporter is told.

    :param labels: names of the project's labels, in order.
    :param with_rejected: rejected spans leave too, as negatives, where the format can hold them.
    :param language: spaCy's code of the project's language, as "en".
    """

    labels: tuple[str, ...] = ()
    with_rejected: bool = False
    language: str = "en"


@dataclass(slots=True)
class Ledger:
    """What became of each article and each confirmed span: written + adjusted + dropped = all.

    :param notes: why spans were adjusted or dropped, one sentence each.
    """

    articles: int = 0
    written: int = 0
    adjusted: int = 0
    dropped: int = 0
    notes: list[str] | None = None

    def note(self, sentence: str) -> None:
        """Add a reason, once."""
        self.notes = self.notes or []
        if sentence not in self.notes:
            self.notes.append(sentence)


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that can be written.

    :param name: for `--format`.
    :param title: for the window.
    :param suffix: the usual ending of the file name, with the dot.
    :param write: writes all articles to a path that does not exist yet; the caller renames it.
    :param keeps: one line on what the format holds.
    :param loses: one line on what it cannot hold.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Iterable[AnnotatedArticle], Path, Options], Ledger]
    keeps: str
    loses: str
