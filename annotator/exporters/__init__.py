"""Writing labelled datasets.

To add one: write a module with an `EXPORTER` (see `base.Exporter`) and append it to EXPORTERS.
The tests in tests/exporters hold every entry; give it a golden file there.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from annotator.errors import KnownError
from annotator.exporters import conll, jsonl, spacy_docbin
from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.whole import whole_file, whole_folder, zipped_folder
from annotator.model.article import AnnotatedArticle
from annotator.model.filed import Filed
from annotator.model.keeping import Part

EXPORTERS: tuple[Exporter, ...] = (
    jsonl.EXPORTER,
    spacy_docbin.EXPORTER,
    conll.EXPORTER,
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


def _has_ending(name: str, exporter: Exporter) -> bool:
    return name.endswith(exporter.suffix) or (exporter.is_folder and name.endswith(f"{exporter.suffix}.zip"))


def export(exporter: Exporter, articles: Iterable[AnnotatedArticle], path: str | Path, options: Options) -> Ledger:
    """Write all articles to a file or folder, or leave what was there before untouched.

    :param articles: read once, in order, and not held.
    :raises KnownError: the folder is missing or full, or may not be written to.
    """
    rejected = _Rejected(articles)
    with _place(exporter, Path(path)) as part:
        ledger = exporter.write(rejected, part, options)
    if options.with_rejected and Part.REJECTED not in exporter.keeps and rejected.count:
        ledger.dropped += rejected.count
        ledger.note(f"{rejected.count} × a rejected span, which this format cannot hold.")
    return ledger


def export_filed(exporter: Exporter, articles: Iterable[Filed], path: str | Path, options: Options) -> Ledger:
    """As `export`, from articles as they are filed, where the exporter takes these."""
    assert exporter.write_filed is not None
    with _place(exporter, Path(path)) as part:
        return exporter.write_filed(articles, part, options)


class _Rejected:
    """The articles, counting the rejected spans on the way."""

    def __init__(self, articles: Iterable[AnnotatedArticle]) -> None:
        self._articles, self.count = articles, 0

    def __iter__(self) -> Iterator[AnnotatedArticle]:
        for annotated in self._articles:
            self.count += len(annotated.rejected)
            yield annotated


def _place(exporter: Exporter, path: Path) -> AbstractContextManager[Path]:
    if not exporter.is_folder:
        return whole_file(path)
    return zipped_folder(path) if path.suffix.lower() == ".zip" else whole_folder(path)


__all__ = ["EXPORTERS", "Exporter", "Ledger", "Options", "by_name", "by_path", "export", "export_filed", "whole_file"]
