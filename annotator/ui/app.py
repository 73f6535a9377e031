"""Starts the window: application, project, crash report."""

import gc
import signal
import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from annotator import paths, resources, settings
from annotator.errors import KnownError
from annotator.last_words import LastWords
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui import accessible
from annotator.ui.crash import CrashReport
from annotator.ui.looks import theme_of, wear
from annotator.ui.main_window import MainWindow
from annotator.ui.opening import Opening, open_project, tell_if_seen


def application() -> QApplication:
    """The one QApplication, made and named where there is none yet."""
    made = QApplication.instance()
    if isinstance(made, QApplication):
        return made
    app = QApplication(sys.argv[:1])
    app.setApplicationName("annotator")
    app.setApplicationDisplayName("Annotator")
    app.setDesktopFileName("annotator")
    app.setWindowIcon(QIcon(str(resources.path("icons/annotator.svg"))))
    app.setStyle("Fusion")
    accessible.install()
    return app


def open_first(project: Path | None, chosen: Settings) -> Opening | None:
    """The named project, else the last one, else the default one, made with the sample articles.

    :returns: None where another window has it open and came to the front, or the person wants none.
    :raises KnownError: the project cannot be opened.
    """
    annotator = chosen.get("annotator")
    if project is not None:
        return open_project(project, annotator)
    path, gone = settings.last_project() or paths.default_project(), settings.missing_project()
    if path.exists():
        opened = open_project(path, annotator)
        return opened and opened._replace(gone=gone)
    session = Session.open(path, create=True, annotator=annotator)
    session.import_files(resources.sample_articles())
    return Opening(session, gone=gone)


def build(project: Path | None = None) -> MainWindow | None:
    """The window on a project, not yet shown; None where there is to be none (see `open_first`).

    :raises KnownError: the project cannot be opened.
    """
    application()
    chosen = Settings()
    wear(theme_of(chosen))  # a question may come before the window
    opened = open_first(project, chosen)
    if opened is None:
        return None
    with suppress(KnownError):  # a full disk is no reason not to look at a project
        settings.remember(opened.session.project.path)
    window = MainWindow(opened.session, chosen, opened.why)
    if opened.gone is not None:
        window.safety.tell_gone(opened.gone)
    return window


def _built(project: Path | None) -> MainWindow | None:
    try:
        return build(project)
    except KnownError as error:
        if sys.stderr is None or not sys.stderr.isatty():  # started from a desktop, where nobody reads stderr
            tell_if_seen(error)
        raise


def run(project: Path | None = None, *, last_words: LastWords | None = None) -> int:
    """Show the window until it is closed; returns the exit code.

    :param last_words: where bugs are kept for the next start; None where they only go to stderr.
    :raises KnownError: the project cannot be opened.
    """
    app = application()
    # every decision is committed, so an interrupt from the terminal may end the program at once
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    report = None if last_words is None else CrashReport(last_words)
    try:
        window = _built(project)
        if window is None:
            return 0
        window.show()
        gc.freeze()  # what lives as long as the window is not looked through at each collection
        if report is not None:
            report.watch(window)
        return app.exec()
    finally:
        if report is not None:
            report.close()
