"""After a correction: the offer to make the same change in other articles, and what follows from it."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from annotator.model.article import AnnotatedArticle
from annotator.model.elsewhere import Correction
from annotator.session import Outcome
from annotator.session.elsewhere import CORRECTING, Place
from annotator.ui import words
from annotator.ui.dialogs.elsewhere import ask_places
from annotator.ui.dialogs.progress import Progress
from annotator.ui.plain import plain_label
from annotator.ui.timers import once_after, ticking

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

MOST = 2000  # places at a time
_TURN = 0.002  # seconds of looking between two looks at the keyboard
_REST = 150  # milliseconds after a decision: the next key comes first
_TAKEN_BACK = ("undo", "redo", "elsewhere")


class Elsewhere(QWidget):
    """A quiet strip under the article: hidden while there is nothing to offer.

    Other articles are looked through in turns of a few milliseconds, whenever the window has
    nothing else to do.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self.setObjectName("offer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window, self._desk = window, window.desk
        self._correction: Correction | None = None
        self._made_in = 0  # the article it was made in
        self._looking: Iterator[list[Place]] | None = None
        self.places: list[Place] = []
        self._is_wanted = False  # somebody waits for the list
        self._rest = once_after(self, _REST)
        self._rest.timeout.connect(self._begin)
        self._turns = ticking(self, 0)
        self._turns.timeout.connect(self._go_on)
        self.label = plain_label("")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a narrow window cuts it
        self._lay_out()
        self.hide()
        self._desk.decided.connect(self._on_decided)
        self._desk.opened.connect(self._on_opened)
        self._desk.labels_changed.connect(self.withdraw)  # its label may have another name now, or none

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 3, 12, 3)
        layout.setSpacing(4)
        layout.addWidget(self.label, 1)
        self._button = QToolButton(text="Look")
        self._button.setObjectName("do_elsewhere")
        self._button.clicked.connect(self.look)
        close = QToolButton(text="×", toolTip="Not now")
        close.setAccessibleName("Not now")
        close.clicked.connect(self.withdraw)
        for button in (self._button, close):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            layout.addWidget(button)

    def show_key(self, action: QAction) -> None:
        """The button says which key does the same."""
        key = action.shortcut().toString()
        self._button.setText(f"Look  {key}".rstrip())
        self._button.setAccessibleName(action.text())

    # What was decided

    def _on_decided(self, outcome: Outcome) -> None:
        if outcome.verb in _TAKEN_BACK:
            self.withdraw()
        if outcome.verb not in CORRECTING or outcome.article_id is None:
            return
        self._correction = self._desk.session.elsewhere.correction(outcome)
        self._made_in = outcome.article_id
        self._look_again()

    def _on_opened(self, article: AnnotatedArticle | None) -> None:
        if article is None:
            self.withdraw()
        elif self._correction is not None:
            self._look_again()  # some of the places may have been decided meanwhile

    def withdraw(self) -> None:
        """Nothing is offered any more."""
        self._correction = None
        self._look_again()

    # Looking

    def _look_again(self) -> None:
        self._turns.stop()
        self._looking, self._is_wanted = None, False
        if self._correction is None:
            self._rest.stop()
            self.places = []
            self.hide()
        else:
            self._rest.start()

    def _begin(self) -> None:
        if self._correction is not None:
            self.places = []
            self._looking = self._desk.session.elsewhere.look(self._correction, seen=[self._made_in])
            self._turns.start()

    def _go_on(self) -> None:
        until = time.perf_counter() + _TURN
        while self._looking is not None and time.perf_counter() < until:
            found = next(self._looking, None)
            self.places += found or []
            if found is None or len(self.places) >= MOST:
                self._looking = None
        if self._looking is None:
            self._turns.stop()
            self._on_found()

    def _on_found(self) -> None:
        assert self._correction is not None
        self.setVisible(bool(self.places))
        self.label.setText(offer(self._correction, self.places))
        if self._is_wanted:
            self.look()

    # What follows

    def look(self) -> None:
        """Show the places, and make the change at those that are left ticked."""
        if self._correction is None:
            self._desk.said.emit(words.NO_CORRECTION)
        elif self._looking is not None or self._rest.isActive():
            self._is_wanted = True
            self._desk.said.emit(words.STILL_LOOKING)
        elif not self.places:
            self._desk.said.emit(words.NOWHERE_ELSE)
        else:
            self._is_wanted = False
            theme, hues = self._window.looks.theme, self._desk.hues
            chosen = ask_places(self._window, self._correction, self.places, theme, hues)
            if chosen:
                self._apply(chosen, self._correction)

    def _apply(self, chosen: list[Place], correction: Correction) -> None:
        session, is_more = self._desk.session, len(self.places) >= MOST
        with self._window.suggesting.held(), Progress(self._window, "Changing other articles") as progress:
            self._desk.attempt(lambda: session.elsewhere.apply(chosen, correction, progress.step))
        if is_more:
            self._correction = correction
            self._look_again()


def offer(correction: Correction, places: list[Place]) -> str:
    """One line on where else the change could be made."""
    doubtful = sum(place.doubtful for place in places)
    doubt = f", {doubtful} doubtful" if doubtful else ""
    more = " or more" if len(places) >= MOST else ""
    articles = len({place.article_id for place in places})
    return f"{words.correction(correction)} in {words.reach(len(places), articles)}{more}{doubt}"
