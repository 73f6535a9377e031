"""What an exporter writes, and the account it gives of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from annotator.model.article import AnnotatedArticle
from annotator.model.filed import Filed
from annotator.model.keeping import EVERYTHING, Part
from annotator.model.label import Label


@dataclass(frozen=True, slots=True)
class Options:
    """What every exporter is told.

    :param labels: the project's labels, in order, also retired ones that spans still have.
    :param with_rejected: rejected spans leave too, as negatives, where the format can hold them.
    :param language: spaCy's code of the project's language, as "en".
    :param name: the project's, for formats that have a title.
    """

    labels: tuple[Label, ...] = ()
    with_rejected: bool = False
    language: str = "en"
    name: str = "dataset"


@dataclass(slots=True)
class Ledger:
    """What became of each article and each span that was to leave: written + adjusted + dropped = all.

    All are the confirmed spans and, where they were asked for, the rejected ones.

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
    :param suffix: the usual ending of the file's or folder's name, with the dot; ".doccano.jsonl" is one, too.
    :param write: writes all articles to a path that does not exist yet, or into an empty folder where
        `is_folder`; the caller moves it to its place.
    :param keeps: what the format holds of an annotated article; all else is lost.
    :param remark: one line on what is written.
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
    write_filed: Callable[[Iterable[Filed], Path, Options], Ledger] | None = None

    @property
    def loses(self) -> frozenset[Part]:
        """What it does not hold."""
        return EVERYTHING - self.keeps
