"""Writing labelled datasets.

To add one: write a module with an `EXPORTER` (see `base.Exporter`) and append it to EXPORTERS.
The tests in tests/exporters hold every entry; give it a golden file there.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.errors import KnownError
from annotator.exporters import (
    bilou,
    brat,
    conll,
    dataset_folder,
    doccano,
    gliner,
    huggingface,
    jsonl,
    label_studio,
    labelbuddy,
    page,
    pdf,
    prodigy,
    spacy_docbin,
    spreadsheet,
    webanno,
    webannotation,
    xmi,
)
from annotator.exporters.base import Exporter, Ledger, LedgerLine, Options, ledger_line
from annotator.exporters.whole import Kind, Staged, Target, staged, whole_file
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part

EXPORTERS: tuple[Exporter, ...] = (
    jsonl.EXPORTER,
    spacy_docbin.EXPORTER,
    conll.EXPORTER,
    page.EXPORTER,
    pdf.EXPORTER,
    spreadsheet.EXPORTER,
    bilou.EXPORTER,
    brat.EXPORTER,
    webanno.EXPORTER,
    xmi.EXPORTER,
    webannotation.EXPORTER,
    prodigy.EXPORTER,
    doccano.EXPORTER,
    label_studio.EXPORTER,
    labelbuddy.EXPORTER,
    huggingface.PARQUET,
    huggingface.JSONL,
    dataset_folder.EXPORTER,
    gliner.EXPORTER,
)


def by_name(name: str) -> Exporter:
    """The exporter of that name; raises KnownError for an unknown one."""
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    known = ", ".join(exporter.name for exporter in EXPORTERS)
    raise KnownError(f"There is no export format “{name}”.", f"Choose one of {known}.")


def by_path(path: Path) -> Exporter | None:
    """The exporter whose ending the file's or folder's name has, the longest first; None for a name of none."""
    fitting = [each for each in EXPORTERS if _has_ending(path.name.lower(), each)]
    return max(fitting, key=lambda exporter: len(exporter.suffix), default=None)


def likely(path: Path) -> Exporter:
    """The exporter whose ending the name has, else the first one."""
    return by_path(path) or EXPORTERS[0]


def _has_ending(name: str, exporter: Exporter) -> bool:
    return name.endswith(exporter.suffix) or (exporter.is_folder and name.endswith(f"{exporter.suffix}.zip"))


def export(exporter: Exporter, articles: Iterable[AnnotatedArticle], path: str | Path, options: Options) -> Ledger:
    """Write all articles to a file or folder, or leave what was there before untouched.

    :param articles: read once, in order, and not held.
    :raises KnownError: the folder is missing or full, or may not be written to.
    """
    with staged([Target(Path(path), kind_of(exporter, Path(path)))]) as (place,):
        return write(exporter, articles, place.part, options)


def write(exporter: Exporter, articles: Iterable[AnnotatedArticle], part: Path, options: Options) -> Ledger:
    """Write all articles to a place that `staged` gives; every span that was to leave is in the ledger."""
    rejected = _Rejected(articles, options.with_rejected and Part.REJECTED not in exporter.keeps)
    ledger = exporter.write(rejected, part, options)
    if rejected.lines:
        ledger.dropped += len(rejected.lines)
        ledger.lines += rejected.lines
        ledger.note(f"{len(rejected.lines)} × {_NO_REJECTED}.")
    return ledger


_NO_REJECTED = "a rejected span, which this format cannot hold"


class _Rejected:
    """The articles, with a line for each rejected span where they are lost."""

    def __init__(self, articles: Iterable[AnnotatedArticle], are_lost: bool) -> None:
        self._articles, self._are_lost = articles, are_lost
        self.lines: list[LedgerLine] = []

    def __iter__(self) -> Iterator[AnnotatedArticle]:
        for annotated in self._articles:
            if self._are_lost:
                self.lines += [ledger_line(annotated, span, "dropped", _NO_REJECTED) for span in annotated.rejected]
            yield annotated


def kind_of(exporter: Exporter, path: Path) -> Kind:
    """What the exporter makes at a path: a folder's files in a zip file where the name ends so."""
    if not exporter.is_folder:
        return Kind.FILE
    return Kind.ZIP if path.suffix.lower() == ".zip" else Kind.FOLDER


__all__ = [
    "EXPORTERS",
    "Exporter",
    "Kind",
    "Ledger",
    "LedgerLine",
    "Options",
    "Staged",
    "Target",
    "by_name",
    "by_path",
    "export",
    "kind_of",
    "staged",
    "whole_file",
    "write",
]
