"""What visiting only the less sure suggestions would have missed, in words, read a little at a time."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from annotator.session.missed import LEAST_ARTICLES, LEAST_SUGGESTIONS, Estimate, Missed, Share
from annotator.session.outcome import counted
from annotator.ui.fields import Note

_TURN = 0.004  # seconds of reading between two looks at the keyboard


class MissedNote(Note):
    """A few sentences under the threshold. `read` when all decisions are counted.

    :param below: the threshold in per cent.
    """

    read = Signal()

    def __init__(self, missed: Missed, below: int, ghosts: bool, parent: QWidget | None = None) -> None:
        super().__init__("Counting decisions…", parent)
        self.setObjectName("missed")
        self._missed, self._is_read = missed, False
        self._below, self._ghosts = below, ghosts
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._go_on)
        self._turns.start()

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
            self.setText(sentences(self._missed.estimate(below, ghosts)))


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


def _unvisited(of: Estimate, where: str) -> str:
    assert of.wrong_share is not None
    wrong = f"{of.wrong:,} of these {'was' if of.wrong == 1 else 'were'} wrong, {_interval(of.wrong_share)}"
    return (
        f"In {where}, {of.unvisited:,} of {counted(of.suggestions, 'suggestion')} would not have been visited; {wrong}."
    )


def _added(of: Estimate) -> str:
    if of.added_share is None:
        return ""
    offered = f" {of.offered:,} more would have been offered as places that may hide one." if of.ghosts else ""
    return (
        f"{of.added:,} of {counted(of.entities, 'entity', 'entities')} had no suggestion and would have been "
        f"missed, too, {_interval(of.added_share)}.{offered}"
    )


def _looks(of: Estimate) -> str:
    if of.saved <= 0:
        return f"It would have saved no looks: {of.ghost_looks:,} such places come on top."
    return f"It would have saved {counted(of.saved, 'look')} of {of.suggestions:,}."


def _interval(share: Share) -> str:
    """ "1.4% (95% sure: 0.8 to 2.6%)"."""
    return f"{share.value:.1%} (most likely {100 * share.low:.1f} to {share.high:.1%})"
