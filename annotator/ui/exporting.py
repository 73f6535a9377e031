"""From what is wanted of an export to the dataset and its report; what fails is asked again as it was answered."""

from pathlib import Path
from typing import TYPE_CHECKING

from annotator import exporters
from annotator.errors import KnownError
from annotator.session import Session
from annotator.session.outcome import ExportReport
from annotator.session.replacing import TakenError
from annotator.ui.dialogs.destination import REPLACED
from annotator.ui.dialogs.export import ExportWish, ask_export
from annotator.ui.dialogs.export_report import show_export_report
from annotator.ui.dialogs.progress import CancelledError, Progress
from annotator.ui.plain import ask

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Exporting:
    """Exports; the dialog comes up with what was wanted of the same project before."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._before: dict[Path, ExportWish] = {}

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    def run(self) -> None:
        """Ask until a dataset is written, or the person has enough."""
        project = self._session.project.path
        while True:
            before = self._before.get(project)
            wish = ask_export(self._window, exporters.EXPORTERS, project.parent, project.stem, before)
            if wish is None:
                return
            self._before[project] = wish
            if self._is_settled(wish):
                return

    def _is_settled(self, wish: ExportWish) -> bool:
        """Write it; is nothing left to be asked?"""
        try:
            report = self._written(wish)
        except CancelledError as error:
            self._window.desk.fail(error)
        except KnownError as error:
            self._window.desk.said.emit("Nothing was exported.")
            self._window.desk.fail(error)
            return False
        else:
            if report is None:
                return False
            self._window.desk.said.emit(report.summary())
            show_export_report(self._window, report, wish.path.parent)
        return True

    def _written(self, wish: ExportWish) -> ExportReport | None:
        """None where something is there that is not to be replaced."""
        try:
            return self._write(wish, replace=False)
        except TakenError as error:
            if ask(self._window, error.title, REPLACED, "Replace", enter_means_no=True):
                return self._write(wish, replace=True)
        return None

    def _write(self, wish: ExportWish, *, replace: bool) -> ExportReport:
        self._window.desk.said.emit("Exporting the dataset…")  # the first article may wait for a pipeline's tokens
        with Progress(self._window, "Exporting the dataset") as progress:
            return self._session.export(
                wish.path,
                format=wish.format,
                state=wish.state,
                picked=wish.picked,
                split=wish.split,
                with_rejected=wish.with_rejected,
                strict=wish.strict,
                group=wish.group,
                replace=replace,
                progress=progress.step,
            )
