"""Bugs: written down where the next start finds them, shown once, never sent anywhere.

No state needs rescuing: every decision is in the project before the screen shows it.
"""

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from types import TracebackType
from typing import IO

from PySide6 import __version__ as qt_version
from PySide6.QtWidgets import QApplication, QWidget

from annotator import __version__, paths
from annotator.errors import KnownError
from annotator.ui.plain import tell, tell_report

_log = logging.getLogger(__name__)


class CrashReport:
    """Watches over one run of the window.

    Also what ends the process at once (a fault in C code) leaves its place in the file.
    """

    def __init__(self) -> None:
        self._path = paths.crash_log()
        self._window: QWidget | None = None
        self._reported: set[str] = set()
        self.from_last_time = self._read()
        self._file: IO[str] = self._path.open("w", encoding="utf-8")
        faulthandler.enable(self._file)
        sys.excepthook = self._on_error
        threading.excepthook = lambda args: self._on_error(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def _read(self) -> str:
        try:
            return self._path.read_text("utf-8", errors="replace").strip()
        except OSError:
            return ""

    def watch(self, window: QWidget) -> None:
        """Show reports on this window; that of the last run first."""
        self._window = window
        if self.from_last_time:
            tell_report(window, "The last run ended unexpectedly. Nothing decided was lost.", self.from_last_time)
            self.from_last_time = ""

    def _on_error(self, kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        shows = self._window is not None and threading.current_thread() is threading.main_thread()
        if shows and isinstance(error, KnownError):  # of a menu or a switch: not a bug, and the reason is what helps
            tell(self._window, error)
            return
        report = self._report(kind, place)
        if report in self._reported:  # an error in painting comes again with every paint, also behind its message
            return
        self._reported.add(report)
        _log.error("unexpected error", exc_info=(kind, error, place))
        self._file.write(report + "\n")
        self._file.flush()
        if shows:
            tell_report(self._window, "Something went wrong. Nothing decided was lost.", report)

    @staticmethod
    def _report(kind: type[BaseException], place: TracebackType | None) -> str:
        """The kind and place of an error, without its words: these may quote an article."""
        versions = (
            f"Annotator {__version__}, Python {platform.python_version()}, Qt {qt_version}, {platform.platform()}"
        )
        return f"{versions}\n{''.join(traceback.format_tb(place))}{kind.__name__}"

    def close(self) -> None:
        """An orderly end leaves no report."""
        faulthandler.disable()
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        written = self._file.tell()
        self._file.close()
        if not written:
            self._path.unlink(missing_ok=True)


def start_watching() -> CrashReport | None:
    """A crash report, or None where its file cannot be written."""
    try:
        return CrashReport()
    except (KnownError, OSError) as error:
        _log.warning("no crash report is kept: %s", error)
        return None
