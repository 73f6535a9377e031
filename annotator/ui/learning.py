"""The panel that shows how the work gets less while the program learns."""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from annotator.session.curves import LONGEST_GAP, Curves, Work, moving
from annotator.session.outcome import counted
from annotator.ui.dialogs.frame import Frame
from annotator.ui.fields import Note
from annotator.ui.plot import Plot, Series, short
from annotator.ui.soon import soon
from annotator.ui.theme import Theme
from annotator.ui.timers import ticking

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

OVER, OVER_KEYS = 10, 25  # articles of a moving mean; a share of articles needs more of them to be calm
MOST_POINTS = 400  # painting more takes longer than a frame, and tells no more
NEWEST = 50  # articles whose suggestions are compared with what was decided

_TURN = 0.004  # seconds of reading between two looks at the keyboard
_TWO_COLUMNS = 90  # letters of width from which on two plots stand side by side
_MOST = 1.0  # corrections an entity that the axis reaches to; short articles can have more
_ARTICLES = "finished articles"
_ONE_KEY = "Articles that needed only the one key"
_ABOUT_CORRECTIONS = "How many corrections an entity needs, article by article."
_ABOUT_KEYS = "How many articles were right as they were suggested."
_ABOUT_LABELS = "How far suggestions and decisions agree, label by label."
_ABOUT_TIME = "How long an article takes."
_AGREEMENT = (("right", "precision", "blue"), ("found", "recall", "orange"), ("both: F1", "f1", "slate"))


class Learning:
    """Opens the panel of a window; there is one, which is made when it is first asked for."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.panel: LearningPanel | None = None

    def open(self) -> None:
        """Show the panel, or bring it to the front."""
        if self.panel is None:
            self.panel = LearningPanel(self._window)
            self._window.looks.on_theme(self.panel.set_theme)
        self.panel.show()
        self.panel.raise_()
        self.panel.activateWindow()


class LearningPanel(Frame):
    """Four plots of what the finished articles took; it follows the work while it is open."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window, "Learning")
        self._desk = window.desk
        theme = window.looks.theme
        self.sentence = Note()
        self.corrections = Plot(theme, "Corrections an entity", _ARTICLES, _ABOUT_CORRECTIONS, limit=_MOST)
        self.one_key = Plot(theme, _ONE_KEY, _ARTICLES, _ABOUT_KEYS, say=_percent, top=1.0)
        self.labels = Plot(theme, f"Suggestions, newest {NEWEST} articles", "", _ABOUT_LABELS, say=_percent, top=1.0)
        self.seconds = Plot(theme, "Time an article", _ARTICLES, _ABOUT_TIME, say=_duration)
        self.plots = (self.corrections, self.one_key, self.labels, self.seconds)
        self._lay_out()
        self._turns = ticking(self, 0)
        self._turns.timeout.connect(self._go_on)
        self._soon = soon(self, self._begin)
        self._desk.rows_changed.connect(lambda _ids: self._soon())
        self._desk.labels_changed.connect(self._soon)
        self.make_room(130, 34)

    def _lay_out(self) -> None:
        sheet = QWidget()
        self._grid = QGridLayout(sheet)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(18)
        self._columns = 0
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Plots")
        area.setWidget(sheet)
        self._arrange(2)
        self.column.addWidget(self.sentence)
        self.column.addWidget(area, 1)

    def _arrange(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            for number, plot in enumerate(self.plots):
                self._grid.addWidget(plot, number // columns, number % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _TWO_COLUMNS * self.fontMetrics().averageCharWidth()
        self._arrange(2 if wide else 1)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        for plot in self.plots:
            plot.set_theme(theme)

    @property
    def _curves(self) -> Curves:
        return self._desk.session.curves

    def _begin(self) -> None:
        if self.isVisible():
            self._turns.start()

    def _go_on(self) -> None:
        if self._curves.read(_TURN):
            self._turns.stop()
            self._show(self._curves.works)

    def _show(self, works: Sequence[Work]) -> None:
        self.sentence.setText(sentence(self._curves))
        with_entities = [(n, work.corrections, work.entities) for n, work in enumerate(works, 1) if work.entities]
        self.corrections.set_series(_course(with_entities, OVER, "blue"))
        keys = [(n, int(not work.corrections), 1) for n, work in enumerate(works, 1)]
        self.one_key.set_series(_course(keys, OVER_KEYS, "green")[1:])
        self.labels.set_series(*self._bars())
        timed = [(n, work.seconds, 1) for n, work in enumerate(works, 1) if work.seconds]
        self.seconds.set_series(_course(timed, OVER, "orange"))

    def _bars(self) -> tuple[list[Series], list[str]]:
        by_label = self._curves.agreement(NEWEST)
        at = range(len(by_label))
        bars = [
            Series(name, at, [getattr(each, key) or 0.0 for each in by_label.values()], hue, kind="bars")
            for name, key, hue in _AGREEMENT
        ]
        return bars, list(by_label)


def _course(values: Sequence[tuple[int, int, int]], over: int, hue: str) -> list[Series]:
    """Points and their moving mean; of very many articles several make one point, and the mean is over more.

    :param values: the article's number, and what is divided by what.
    """
    together = ceil(len(values) / MOST_POINTS) or 1
    over = max(over, len(values) // 50)
    numbers, above, below = ([value[part] for value in values] for part in range(3))
    numbers = numbers[together - 1 :: together]
    points, means = (
        list(zip(numbers, moving(below, above, window, together), strict=True)) for window in (together, over)
    )
    name = "each" if together == 1 else f"{together} together"
    return [_series(name, points, hue, "points"), _series(f"mean of {over}", means, hue, "line")]


def _series(name: str, values: Sequence[tuple[float, float]], hue: str, kind: str) -> Series:
    return Series(name, [x for x, _ in values], [y for _, y in values], hue, kind=kind)


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _duration(seconds: float) -> str:
    """Seconds as "40 s", or "2:30" from two minutes on."""
    return f"{round(seconds)} s" if seconds < 120 else f"{int(seconds // 60)}:{round(seconds % 60):02}"


def sentence(curves: Curves) -> str:
    """What the plots say, in words; and how time is counted."""
    blocks = curves.blocks
    if not blocks:
        return "Nothing is finished yet; the plots begin with the first article that is."
    first, last = blocks[0], blocks[-1]
    count = sum(len(block.works) for block in blocks)
    said = f"{counted(count, 'finished article')}; {short(first.corrections_an_entity or 0)} corrections an entity"
    if last is not first:
        begins = f"{last.first}–{last.first + len(last.works) - 1}"
        said += f" in the first {len(first.works)}, {short(last.corrections_an_entity or 0)} in articles {begins}"
    return f"{said}. Time is counted from step to step, at most {LONGEST_GAP} s each."
