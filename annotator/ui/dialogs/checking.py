"""Where the cursor stops, and what that would have missed so far."""

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QSlider, QWidget

from annotator.session.missed import Missed
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.dialogs.order import choice
from annotator.ui.fields import Note
from annotator.ui.missed_note import MissedNote, sentences
from annotator.ui.plain import plain_label
from annotator.ui.plot import RIGHT, Plot, Series
from annotator.ui.theme import Theme

_ALL = "Read the article; Tab and Space stop at each suggestion."
_LESS_SURE = "Tab and Space pass over the sure suggestions, and Enter confirms these unseen."
_GHOSTS = "Places that were left unmarked, but not surely: outlined with dots, and stopped at, too."
_HONEST = (
    "Counted from articles that were finished while everything was to be looked at. Those picked at random are "
    "always visited in full, so that this stays true for all others. Copies that one correction reached count each. "
    "The true shares are in the ranges with a certainty of 95%, if spans go wrong independently."
)
_EMPTY = "The plot comes with more finished articles."


class CheckingWish(NamedTuple):
    """What was chosen; as the settings hold it.

    :param all: every suggestion is visited.
    :param sure_from: in per cent.
    """

    all: bool
    sure_from: int
    ghosts: bool


class CheckingDialog(Frame):
    """Two ways, the threshold on a slider, and what it would have missed in words and as a plot."""

    def __init__(self, parent: QWidget | None, missed: Missed, theme: Theme, wish: CheckingWish) -> None:
        super().__init__(parent, "What to check", "Keep")
        self._missed = missed
        self.choices = QButtonGroup(self)
        for number, (title, about) in enumerate((("All suggestions", _ALL), ("Only the less sure", _LESS_SURE))):
            self.column.addLayout(choice(self.choices, number, title, about))
        self.choices.button(0 if wish.all else 1).setChecked(True)
        self._add_threshold(wish.sure_from)
        self.ghosts = QCheckBox("Show places that may hide an entity")
        self.ghosts.setChecked(wish.ghosts)
        self.column.addWidget(self.ghosts)
        self.column.addWidget(Note(_GHOSTS))
        self.column.addWidget(heading("What only the less sure would have missed so far"))
        self.note = MissedNote(missed, wish.sure_from, wish.ghosts, sentences)
        self.plot = Plot(theme, "", "sure from, per cent", _EMPTY, say=lambda share: f"{share:.0%}", top=1.0)
        self.plot.setAccessibleName("Looks saved and wrong ones unseen, by threshold")
        self.column.addWidget(self.note)
        self.column.addWidget(self.plot, 1)
        self.column.addWidget(Note(_HONEST))
        self.slider.valueChanged.connect(self._show)
        self.ghosts.toggled.connect(self._show)
        self.note.read.connect(self._show)
        self.choices.button(0 if wish.all else 1).setFocus()
        self.make_room(92, 35)

    def _add_threshold(self, sure_from: int) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(50, 99)
        self.slider.setPageStep(5)
        self.slider.setValue(sure_from)
        self.slider.setAccessibleName("Sure from, in per cent")
        self.number = plain_label("")
        self.number.setMinimumWidth(self.fontMetrics().averageCharWidth() * 6)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(plain_label("Sure from"))
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.column.addLayout(row)
        self.number.setText(f"{sure_from}%")

    def _show(self) -> None:
        below, ghosts = self.slider.value(), self.ghosts.isChecked()
        self.number.setText(f"{below}%")
        self.note.show_for(below, ghosts)
        self.plot.set_series(series(self._missed, ghosts, self.slider.minimum(), self.slider.maximum(), below))

    def wish(self) -> CheckingWish:
        """What is chosen now."""
        return CheckingWish(self.choices.checkedId() == 0, self.slider.value(), self.ghosts.isChecked())


def series(missed: Missed, ghosts: bool, least: int, most: int, at: int) -> list[Series]:
    """The looks saved and the wrong ones unseen over the thresholds with enough data; points mark the present one."""
    found = [each for each in (missed.estimate(below, ghosts) for below in range(least, most + 1)) if each.is_enough]
    if not found:
        return []
    xs = [float(each.below) for each in found]
    saved = [max(0.0, each.saved / each.suggestions) for each in found]
    wrong = [100 * each.wrong / each.unvisited for each in found]
    lines = [
        Series("looks saved", xs, saved, "blue"),
        Series("wrong among the unseen, per cent (right)", xs, wrong, "orange", axis=RIGHT),
    ]
    here = [n for n, each in enumerate(found) if each.below == at]
    marks = [each._replace(name="", xs=[xs[n]], ys=[each.ys[n]], kind="points") for n in here for each in lines]
    return lines + marks


def ask_checking(parent: QWidget | None, missed: Missed, theme: Theme, wish: CheckingWish) -> CheckingWish | None:
    """What is wanted, None where it was cancelled."""
    dialog = CheckingDialog(parent, missed, theme, wish)
    return dialog.wish() if dialog.asked() else None
