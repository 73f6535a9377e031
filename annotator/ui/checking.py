"""What is worth a look, as the person chose: the settings put into effect, and asked for."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from annotator.model.visiting import Visit
from annotator.ui import words
from annotator.ui.dialogs.checking import CheckingWish, ask_checking
from annotator.ui.fields import NumberField
from annotator.ui.missed_note import MissedNote, brief

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

ALL, LESS_SURE = "all suggestions", "only the less sure"  # as the setting `visit` has it

_LINES = 3  # of room for a sentence that comes when all is counted


class Checking:
    """Has the desk stop, and the view show, where the settings say."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        window.looks.changed.connect(self._apply)
        window.looks.beside["sure_from"] = self._note

    @property
    def _wish(self) -> CheckingWish:
        chosen = self._window.looks.settings
        return CheckingWish(chosen.get("visit") == ALL, chosen.get("sure_from"), chosen.get("ghosts"))

    def _apply(self) -> None:
        wish, view = self._wish, self._window.view
        view.unsure_below = wish.sure_from / 100
        view.show_ghosts = wish.ghosts
        self._window.desk.set_visit(Visit(wish.all, wish.sure_from / 100, wish.ghosts))

    def choose(self) -> None:
        """Ask where the cursor is to stop."""
        window = self._window
        wish = ask_checking(window, window.desk.session.missed, window.looks.theme, self._wish)
        if wish is not None:
            window.looks.settings.set("visit", ALL if wish.all else LESS_SURE)
            window.looks.settings.set("sure_from", wish.sure_from)
            window.looks.settings.set("ghosts", wish.ghosts)
            window.looks.changed.emit()

    def switch_ghosts(self) -> None:
        """Show the places that may hide an entity, or show them no more."""
        self._window.looks.switch("ghosts")
        article = self._window.desk.article
        if article is not None:
            self._window.desk.said.emit(words.ghosts_shown(self._wish.ghosts, len(article.ghosts)))

    def _note(self, field: QWidget) -> QWidget:
        """Stands under the threshold in the settings dialog."""
        assert isinstance(field, NumberField)
        wish = self._wish
        note = MissedNote(self._window.desk.session.missed, wish.sure_from, wish.ghosts, brief)
        note.setMinimumHeight(note.fontMetrics().lineSpacing() * _LINES)
        field.textChanged.connect(lambda _text: note.show_for(field.value(), wish.ghosts))
        return note
