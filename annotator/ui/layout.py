"""The window's size and panels, kept between two starts."""

from collections.abc import Mapping

from PySide6.QtCore import QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from annotator import paths

_WIDTHS = [250, 760, 270]
_TITLE_BAR = 30


class Layout:
    """Kept in `config_dir()/window.ini`."""

    def __init__(self, window: QMainWindow, columns: QSplitter, panels: Mapping[str, QWidget]) -> None:
        self._window, self._columns, self._panels = window, columns, panels
        self._kept = QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)

    def restore(self) -> None:
        """As it was left; 1280 by 800 with all panels the first time."""
        if not self._window.restoreGeometry(self._kept.value("geometry") or b""):
            room = QGuiApplication.primaryScreen().availableSize()
            self._window.resize(QSize(1280, 800).boundedTo(room - QSize(0, _TITLE_BAR)))
        if not self._columns.restoreState(self._kept.value("columns") or b""):
            self._columns.setSizes(_WIDTHS)
        for name, panel in self._panels.items():
            panel.setVisible(self._kept.value(f"shown/{name}", "true") != "false")

    def save(self) -> None:
        """For the next start."""
        self._kept.setValue("geometry", self._window.saveGeometry())
        self._kept.setValue("columns", self._columns.saveState())
        for name, panel in self._panels.items():
            self._kept.setValue(f"shown/{name}", "false" if panel.isHidden() else "true")
