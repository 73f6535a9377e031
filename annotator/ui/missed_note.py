"""What visiting only the less sure suggestions would have missed, in words, read a little at a time."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from annotator.session.missed import LEAST_ARTICLES, LEAST_SUGGESTIONS, Estimate, Missed, Share
from annotator.session.outcome import counted
from annotator.ui import words
from annotator.ui.fields import Note
from annotator.ui.timers import ticking

_TURN = 0.004  # seconds of reading between two looks at the keyboard


class MissedNote(Note):
    """A few sentences under the threshold. `read` when all decisions are counted.

    :param below: the threshold in per cent.
    :param say: puts an estimate into words.
    """

    read = Signal()

    def __init__(self, missed: Missed, below: int, ghosts: bool, say: Callable[[Estimate], str]) -> None:
        super().__init__(words.COUNTING)
        self.setObjectName("missed")
        self._missed, self._say, self._is_read = missed, say, False
        self._below, self._ghosts = below, ghosts
        self._turns = ticking(self, 0)
        self._turns.timeout.connect(self._go_on)

    def showEvent(self, event: QShowEvent) -> None:
        self._turns.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The project may be closed as soon as nobody looks."""
        self._turns.stop()
        super().hideEvent(event)

    def _go_on(self) -> None:
        if self._missed.read(_TURN):
            self._turns.stop()
            self._is_read = True
            self.show_for(self._below, self._ghosts)
            self.read.emit()

    def show_for(self, below: int, ghosts: bool) -> None:
        """Say it for another threshold, or with or without the places that may hide an entity."""
        self._below, self._ghosts = below, ghosts
        if self._is_read:
            self.setText(self._say(self._missed.estimate(below, ghosts)))


def sentences(of: Estimate) -> str:
    """The estimate in words; that there are too few data where there are."""
    where = f"{counted(of.articles, 'article')} in which everything was looked at"
    if not of.is_enough:
        return (
            f"Too little to say what this would have missed: so far {where}, with "
            f"{counted(of.unvisited, 'suggestion')} at {of.below}% or more. "
            f"{LEAST_ARTICLES} articles and {LEAST_SUGGESTIONS} such suggestions are needed."
        )
    return " ".join(filter(None, (_unvisited(of, where), _added(of), _looks(of))))


def brief(of: Estimate) -> str:
    """The same in one sentence."""
    if not of.is_enough:
        return "Too little was finished yet to say what stopping only at the less sure would have missed."
    return (
        f"So far that saves {_saved(of)}, leaves {of.wrong:,} wrong unseen{_range(of.wrong_share)}, and misses "
        f"{counted(of.added, 'unmarked entity', 'unmarked entities')}{_range(of.added_share)}."
    )


def _unvisited(of: Estimate, where: str) -> str:
    wrong = f"{of.wrong:,} of these {'was' if of.wrong == 1 else 'were'} wrong{_range(of.wrong_share)}"
    return (
        f"In {where}, {of.unvisited:,} of {counted(of.suggestions, 'suggestion')} would not have been visited; {wrong}."
    )


def _added(of: Estimate) -> str:
    if of.added_share is None:
        return ""
    offered = f" {of.offered:,} more would have been offered as places that may hide one." if of.ghosts else ""
    return (
        f"{of.added:,} of {counted(of.entities, 'entity', 'entities')} had no suggestion and would have been "
        f"missed, too{_range(of.added_share)}.{offered}"
    )


def _looks(of: Estimate) -> str:
    on_top = f"With {counted(of.ghost_looks, 'such place')} to look at, it" if of.ghosts else "It"
    return f"{on_top} would have saved {_saved(of)}."


def _saved(of: Estimate) -> str:
    return f"{of.saved:,} of {counted(of.suggestions, 'look')}" if of.saved > 0 else "no looks"


def _range(share: Share | None) -> str:
    """ ", 1.4% (0.8 to 2.6%)"."""
    return "" if share is None else f", {share.value:.1%} ({100 * share.low:.1f} to {share.high:.1%})"
