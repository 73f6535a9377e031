"""brat's standoff: for each article a text and its annotations; https://brat.nlplab.org/standoff.html."""

import re
from collections.abc import Iterable
from pathlib import Path

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.model.article import AnnotatedArticle
from annotator.model.file_name import name_of
from annotator.model.keeping import Part

_NO_ONE_LINE = re.compile(r"[\t-\r\x1c-\x1e\x85\u2028\u2029]")


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """NAME.txt, as the text is, and NAME.ann for each article, and the labels in annotation.conf."""
    ledger = Ledger()
    labels = {label.name: _type(label.name) for label in options.labels}
    for annotated in articles:
        name = name_of(annotated.article.uid)
        _put(path / f"{name}.txt", annotated.text)
        _put(path / f"{name}.ann", _annotations(annotated))
        labels |= {span.label: _type(span.label) for span in annotated.confirmed}
        ledger.articles += 1
        ledger.written += len(annotated.confirmed)
    for label, changed in labels.items():
        if label != changed:
            ledger.note(f"The label “{label}” is {changed} there.")
    _put(path / "annotation.conf", _configuration(dict.fromkeys(labels.values())))
    return ledger


def _annotations(annotated: AnnotatedArticle) -> str:
    lines = (
        f"T{number}\t{_type(span.label)} {span.start} {span.end}\t{_NO_ONE_LINE.sub(' ', annotated.surface(span))}\n"
        for number, span in enumerate(annotated.confirmed, 1)
    )
    return "".join(lines)


def _type(label: str) -> str:
    """brat's names of types are words."""
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
