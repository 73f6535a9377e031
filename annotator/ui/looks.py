"""How the window looks and behaves: the settings, put into effect."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from annotator.settings import Settings
from annotator.ui.dialogs.settings import Beside, edit_settings
from annotator.ui.theme import Theme, palette, stylesheet, system_is_dark


def theme_of(settings: Settings) -> Theme:
    """The theme that the settings ask for."""
    chosen = settings.get("theme")
    dark = chosen == "dark" or (chosen == "system" and system_is_dark())
    return Theme(dark, float(settings.get("text_size")), settings.get("badges"))


def wear(theme: Theme) -> None:
    """Have all windows of the program look so."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setPalette(palette(theme))
        app.setStyleSheet(stylesheet(theme))


class Looks(QObject):
    """`theme_changed` (Theme) when colours or sizes change; `changed` when any setting does.

    `beside` is what the settings dialog shows under some of its fields.
    """

    theme_changed = Signal(object)
    changed = Signal()

    def __init__(self, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self.settings = settings
        self._window = window
        self.beside: Beside = {}
        self.theme = theme_of(self.settings)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.apply)

    def apply(self) -> None:
        """Put the settings into effect."""
        self.theme = theme_of(self.settings)
        wear(self.theme)
        self.theme_changed.emit(self.theme)
        self.changed.emit()

    def edit(self) -> None:
        """The settings dialog."""
        if edit_settings(self._window, self.settings, self.beside):
            self.apply()

    def _choose(self, key: str, value: bool | int | str) -> None:
        self.settings.set(key, value)
        self.apply()

    def switch(self, key: str) -> None:
        """Turn a setting that is on off, and one that is off on."""
        self.settings.set(key, not self.settings.get(key))
        self.changed.emit()

    def show_theme(self, name: str) -> None:
        """Be "light", "dark", or as the "system" has it."""
        self._choose("theme", name)

    def toggle_dark(self) -> None:
        """Light or dark, whatever the system says."""
        self.show_theme("light" if self.theme.dark else "dark")

    def toggle_badges(self) -> None:
        """Badges after the words or above the line."""
        self._choose("badges", "inline" if self.theme.badge == "above" else "above")

    def keep_size(self, size: float) -> None:
        """The article was zoomed: the next start begins there."""
        self.settings.set("text_size", round(size))
        self.theme = self.theme.resized(size)

    def on_theme(self, listener: Callable[[Theme], object]) -> None:
        """Have `listener` told of the theme, now and whenever it changes."""
        listener(self.theme)
        self.theme_changed.connect(listener)
