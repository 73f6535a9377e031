"""Bugs: written down where the next start finds them, shown once, never sent anywhere.

No state needs rescuing: every decision is in the project before the screen shows it.
"""

import logging
import platform
import re
import sys
import threading
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from annotator import __version__
from annotator.discretion import kind_and_place
from annotator.errors import KnownError
from annotator.last_words import LastWords
from annotator.store.complaints import known_error
from annotator.ui.main_window import MainWindow
from annotator.ui.plain import tell, tell_report

_log = logging.getLogger(__name__)

_QUOTED = re.compile(r"[\"'“‘`].*", re.DOTALL)


class CrashReport:
    """Watches over one run of the window: errors in slots, in threads, in `__del__`, and what Qt ends the program for.

    :param last_words: where reports are kept for the next start; what ends the process at once leaves its place there.
    """

    def __init__(self, last_words: LastWords) -> None:
        self._last_words = last_words
        self._window: QWidget | None = None
        self._reported: set[str] = set()
        self._from_before = "\n\n".join(last_words.from_before)
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_error
        threading.excepthook = lambda args: self._on_error(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )
        sys.unraisablehook = lambda args: self._on_error(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback, shows=False
        )
        self._qt_said = qInstallMessageHandler(self._on_qt_message)

    def watch(self, window: QWidget) -> None:
        """Show reports on this window; those of runs before first."""
        self._window = window
        if self._from_before:
            tell_report(window, "The last run ended unexpectedly. Nothing decided was lost.", self._from_before)
            self._from_before = ""

    def _on_error(
        self, kind: type[BaseException], error: BaseException, place: TracebackType | None, *, shows: bool = True
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        shows = shows and self._window is not None and threading.current_thread() is threading.main_thread()
        if shows and isinstance(error, KnownError):  # of a menu or a switch: not a bug, and the reason is what helps
            tell(self._window, error)
            return
        if shows and (damage := self._damage(error)):
            self._tell_once(damage)
            return
        report = f"{_versions()}\n{kind_and_place(kind, place)}"
        if report in self._reported:  # an error in painting comes again with every paint, also behind its message
            return
        self._reported.add(report)
        _log.error("unexpected error", exc_info=(kind, error, place))
        self._last_words.write(report)
        if shows:
            tell_report(self._window, "Something went wrong. Nothing decided was lost.", report)

    def _damage(self, error: BaseException) -> KnownError | None:
        """What a complaint of SQLite, in the midst of reading, says of the project's file; None for a bug."""
        if not (isinstance(self._window, MainWindow) and type(error).__module__ == "sqlite3"):
            return None
        return known_error(error, self._window.desk.session.project.path)

    def _tell_once(self, damage: KnownError) -> None:
        """Unless the bar over the window says already that the file has gone."""
        assert isinstance(self._window, MainWindow)
        self._window.safety.look()
        if str(damage) not in self._reported and not self._window.safety.bar.has("moved"):
            self._reported.add(str(damage))
            tell(self._window, damage)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """What Qt warns of goes to stderr; before it ends the program, its reason is kept.

        Up to the first quotation: what Qt quotes may be a title or a file's name.
        """
        said = _QUOTED.sub("…", message)
        if sys.stderr is not None:
            sys.stderr.write(f"{said}\n")
        if kind is QtMsgType.QtFatalMsg:
            self._last_words.write(f"{_versions()}\nQt: {said}")

    def close(self) -> None:
        """Errors are handled as they were before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        qInstallMessageHandler(self._qt_said)


def _versions() -> str:
    return f"Annotator {__version__}, Python {platform.python_version()}, Qt {qt_version}, {platform.platform()}"
