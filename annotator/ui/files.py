"""Projects and files: what the File menu does."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from annotator import __version__, importers, resources, settings, suggest
from annotator.errors import KnownError
from annotator.places import settled
from annotator.session import Session
from annotator.session.replacing import refuse_projects
from annotator.suggest import trust
from annotator.ui import keys, words
from annotator.ui.dialogs.new_project import ask_new_project
from annotator.ui.dialogs.pipeline import ask_pipeline
from annotator.ui.exporting import Exporting
from annotator.ui.importing import Importing
from annotator.ui.opening import Opening, open_project
from annotator.ui.outside import open_own
from annotator.ui.plain import tell, tell_plainly

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_PROJECTS = "Annotator projects (*.annot);;All files (*)"


def _articles() -> str:
    formats = [suffix for importer in importers.IMPORTERS for suffix in importer.suffixes]
    suffixes = dict.fromkeys(f"*{suffix}" for suffix in (*formats, *importers.ARCHIVES))
    return f"All files (*);;Articles ({' '.join(suffixes)})"


def _last_folder() -> str:
    return str(settings.import_folder())


class Files:
    """File dialogs and what follows from them; errors are shown and change nothing."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._importing = Importing(window)
        self._exporting = Exporting(window)

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    def _folder(self) -> Path:
        return self._session.project.path.parent

    # Projects

    def new(self) -> None:
        """Ask for name, labels and pipeline of a new project, and open it."""
        models = [model.name for model in suggest.installed_models()]
        wish = ask_new_project(self._window, resources.schemes(), models, self._folder())
        if wish is not None:
            made = partial(Session.open, wish.path, create=True, labels=wish.labels, model=wish.model)
            self._show(lambda annotator: Opening(made(annotator=annotator)))

    def open(self) -> None:
        """Ask for a project, and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open project", str(self._folder()), _PROJECTS)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path, *, again: bool = False) -> None:
        """Open a project in place of the present one.

        :param again: also the present one, to write to it at last.
        """
        self._session.project.checkpoint()  # it may be the present one, moved: then its log lies at the old name
        if again or path.resolve() != self._session.project.path.resolve():
            self._show(partial(open_project, path, parent=self._window))

    def _show(self, opening: Callable[..., Opening | None]) -> None:
        try:
            opened = opening(annotator=self._window.looks.settings.get("annotator"))
            if opened is None:
                return
            self._window.show_session(opened.session, opened.why)
        except KnownError as error:
            tell(self._window, error)
        else:
            with suppress(KnownError):  # it is open all the same
                settings.remember(opened.session.project.path)

    # Articles in and out

    def import_(self, *, asks: bool = False) -> None:
        """Ask for files of articles; also how to import them, where `asks` or where they can hold annotations."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Import articles", _last_folder(), _articles())
        self._import_chosen([Path(name) for name in names], asks=asks)

    def import_folder(self) -> None:
        """Ask for a folder of articles."""
        name = QFileDialog.getExistingDirectory(self._window, "Import a folder", _last_folder())
        self._import_chosen([Path(name)] if name else [])

    def _import_chosen(self, paths: Sequence[Path], *, asks: bool = False) -> None:
        if paths:
            with suppress(KnownError):  # no reason not to import them
                settings.remember_import_folder(paths[0].parent)
            self.import_paths(paths, asks=asks)

    def import_paths(self, paths: Sequence[Path], *, asks: bool = False) -> None:
        """Import files and folders; a project on its own is opened instead."""
        if len(paths) == 1 and paths[0].suffix == ".annot":
            self.open_path(paths[0])
        elif paths and self._window.desk.may_change():
            self._importing.run(paths, asks=asks)

    def export(self) -> None:
        """Ask for a format and a file, and write the dataset."""
        self._exporting.run()

    def print_article(self) -> None:
        """Print the article on the desk, or make a PDF of it."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if not QPrintDialog(printer, self._window).exec():
            return
        try:
            if printer.outputFileName():
                refuse_projects(self._session.project.path, settled(Path(printer.outputFileName())))
        except KnownError as error:
            tell(self._window, error)
        else:
            self._window.view.print_to(printer)

    def choose_pipeline(self) -> None:
        """Ask which pipeline suggests."""
        models = [model.name for model in suggest.installed_models()] + self._session.training.trained()
        model = ask_pipeline(self._window, models, self._session.model, not trust.is_chosen(self._session.model))
        if model is None:
            return
        try:
            self._session.set_model(model)
        except KnownError as error:
            tell(self._window, error)
        else:
            self._window.suggesting.start_again(anew=True)

    def switch_learning(self) -> None:
        """Have suggestions learned from decisions, or leave them to the pipeline alone."""
        learning = self._session.learning
        try:
            learning.switch(not learning.is_on)
        except KnownError as error:
            tell(self._window, error)
        self._window.desk.said.emit(words.LEARNING_IS[learning.is_on])
        self._window.suggesting.start_again()
        self._window.looks.changed.emit()  # the menu shows whether it is on

    # Help

    def show_keys_file(self) -> None:
        """Open the keys file in the system's editor; made with all defaults where it is not there."""
        path = keys.keys_file()
        try:
            if not path.exists():
                keys.write_defaults(path)
        except OSError as error:
            tell(self._window, KnownError(f"{path} cannot be written: {error.strerror}."))
            return
        if not open_own(path):
            tell_plainly(self._window, "Change keys", f"Edit {path} and start Annotator again.")

    def about(self) -> None:
        """Version, and where data lies."""
        tell_plainly(self._window, f"Annotator {__version__}", words.about(self._session.project.path))
