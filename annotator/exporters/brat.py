"""brat's standoff: for each article a text and its annotations; https://brat.nlplab.org/standoff.html."""

import re
from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path

from annotator.exporters.base import Exporter, Ledger, Options, note_cut
from annotator.exporters.overlaps import Account
from annotator.model.article import AnnotatedArticle
from annotator.model.file_name import name_of
from annotator.model.keeping import Part

_NO_ONE_LINE = re.compile(r"[\t-\r\x1c-\x1e\x85\u2028\u2029]")


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """NAME.txt, as the text is, and NAME.ann for each article, and the labels in annotation.conf."""
    account, types = Account(), _Types(label.name for label in options.labels)
    for annotated in articles:
        name = name_of(annotated.article.uid)
        _put(path / f"{name}.txt", annotated.text)
        _put(path / f"{name}.ann", _annotations(annotated, types))
        for span in annotated.confirmed:
            if types.of(span.label) == span.label:
                account.written()
            else:
                account.adjusted(f"the label “{span.label}” is {types.of(span.label)} there", annotated, span)
        account.ledger.articles += 1
        note_cut(account.ledger, annotated.article.uid)
    _put(path / "annotation.conf", _configuration(types.all()))
    return account.closed()


class _Types:
    """brat's names of types are words: a label that is none becomes one, and never that of another label."""

    def __init__(self, labels: Iterable[str]) -> None:
        labels = list(labels)
        self._of = {label: label for label in labels if _type(label) == label}
        self._taken = set(self._of)
        self._order = [self.of(label) for label in labels]

    def of(self, label: str) -> str:
        """The type of a label, always the same."""
        if label not in self._of:
            name = _type(label)
            names = chain((name,), (f"{name}_{number}" for number in count(2)))
            self._of[label] = next(each for each in names if each not in self._taken)
            self._taken.add(self._of[label])
        return self._of[label]

    def all(self) -> list[str]:
        """All types, those of the project's labels first."""
        return list(dict.fromkeys((*self._order, *self._of.values())))


def _annotations(annotated: AnnotatedArticle, types: _Types) -> str:
    lines = (
        f"T{number}\t{types.of(span.label)} {span.start} {span.end}\t{_NO_ONE_LINE.sub(' ', annotated.surface(span))}\n"
        for number, span in enumerate(annotated.confirmed, 1)
    )
    return "".join(lines)


def _type(label: str) -> str:
    """The nearest word."""
    return re.sub(r"[^\w-]", "_", label)


def _configuration(labels: Iterable[str]) -> str:
    """All four sections have to be there: https://brat.nlplab.org/configuration.html."""
    entities = "".join(f"{label}\n" for label in labels)
    return f"[entities]\n{entities}\n[relations]\n\n[events]\n\n[attributes]\n"


def _put(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(content)


EXPORTER = Exporter(
    name="brat",
    title="brat standoff",
    suffix=".brat",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.EDGES, Part.OVERLAPS}),
    remark="A folder with a .txt and an .ann for each article, and annotation.conf; files are named by the ids.",
    is_folder=True,
)
