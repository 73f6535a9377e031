"""From files that were chosen to articles in the project: what has to be asked on the way, and the report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import importers
from annotator.errors import KnownError
from annotator.importers import ReadOptions, UnitUndecidedError
from annotator.importers.looking import look
from annotator.session import ImportReport, Session
from annotator.session.importing import UnknownLabelsError
from annotator.ui import words
from annotator.ui.dialogs.import_options import ImportWish, ask_import
from annotator.ui.dialogs.import_report import show_import_report
from annotator.ui.dialogs.offset_unit import ask_unit
from annotator.ui.dialogs.progress import Progress
from annotator.ui.dialogs.unknown_labels import ask_labels

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Importing:
    """Imports; errors are shown and change nothing."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    def run(self, paths: Sequence[Path], *, asks: bool = False) -> None:
        """Import files and folders.

        :param asks: ask how, also where no file can hold annotations.
        """
        try:
            wish = self._wished(paths, asks)
            report = self._imported(paths, wish) if wish is not None else None
        except KnownError as error:
            self._window.desk.fail(error)
        else:
            if report is not None:
                self._show(report)

    def _wished(self, paths: Sequence[Path], asks: bool) -> ImportWish | None:
        """How to import; bare articles need no question."""
        chosen = self._window.looks.settings
        found = look(importers.files_of(paths))
        if not asks and not found.may_hold_spans:
            return ImportWish(headline=chosen.get("headline"))
        wish = ask_import(self._window, found, importers.IMPORTERS, chosen.get("headline"))
        if wish is not None and wish.headline != chosen.get("headline"):
            chosen.set("headline", wish.headline)
        return wish

    def _imported(self, paths: Sequence[Path], wish: ImportWish | None) -> ImportReport | None:
        """Try until nothing is left to be asked; None where the person cancelled a question."""
        while wish is not None:
            try:
                return self._read(paths, wish)
            except UnknownLabelsError as error:
                wish = self._with_labels(wish, error.counts)
            except UnitUndecidedError as error:
                wish = self._with_unit(wish, error)
        return None

    def _read(self, paths: Sequence[Path], wish: ImportWish) -> ImportReport:
        with self._window.suggesting.held(), Progress(self._window, "Importing articles", "record") as progress:
            return self._session.import_files(
                paths,
                format=wish.format,
                strict=wish.strict,
                decided=wish.decided,
                labels=wish.labels,
                new_labels=wish.new_labels,
                ask=wish.labels is None,
                ask_unit=not wish.leaves_undecided,
                options=ReadOptions(None, wish.text_column, wish.headline, wish.otherwise),
                progress=progress.step,
            )

    def _with_unit(self, wish: ImportWish, error: UnitUndecidedError) -> ImportWish | None:
        answer = ask_unit(self._window, error.file, error.examples)
        return replace(wish, otherwise=answer.unit, leaves_undecided=answer.unit is None) if answer else None

    def _with_labels(self, wish: ImportWish, counts: Mapping[str, int]) -> ImportWish | None:
        answer = ask_labels(self._window, counts, self._session.labels, self._window.looks.theme)
        return replace(wish, labels=answer.labels, new_labels=answer.new_labels) if answer is not None else None

    def _show(self, report: ImportReport) -> None:
        self._window.desk.said.emit(report.summary() if report.records else words.NOTHING_TO_IMPORT)
        if report.lines:
            show_import_report(self._window, report)
        if report.twins:
            self._window.arranging.offer_twins(report.ids)
        first = self._session.order.first_of(report.ids)
        if first is not None and self._window.desk.article is None:
            self._window.desk.open_article(first)
