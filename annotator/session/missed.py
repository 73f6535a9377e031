"""What visiting only the less sure suggestions would have missed so far, estimated from decisions.

Only articles count in which everything was looked at: those that were finished so, never those in which
only the less sure suggestions were visited (they cannot tell what that missed), and none that was imported
as done. Articles picked at random are always visited in full, so that the estimate stays unbiased also when
all others are not.

What would not have been visited counts as wrong where it was not confirmed as it stood, also where another
correction reached it as a copy: the true share is rather lower. The confidence is the one that was shown when
the span was decided.
"""

import math
import time
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from annotator.model.article import ArticleState
from annotator.model.deciding import PERSON
from annotator.model.span import UNMARKED, Decision
from annotator.session.opened import Opened
from annotator.session.outcome import Changed
from annotator.store import articles as article_rows
from annotator.store import missed
from annotator.store.missed import Outcomes

LOOKED_AT_ALL = ("finish", "decide")  # verbs
LEAST_ARTICLES, LEAST_SUGGESTIONS = 10, 30  # with fewer there is no estimate

_STRETCH = 32  # article ids counted together, in a few milliseconds
_Z = 1.959964  # of the normal distribution: 95 of 100 lie between - and +
_UNKNOWN = -1  # the per cent of suggestions without a confidence: they are always visited

Counts = Counter[tuple[str, int]]  # of what, and of which per cent


class Share(NamedTuple):
    """A part of a number with Wilson's 95 % interval (Wilson 1927), as if cases were independent.

    :param low: with high, 0 to 1.
    """

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """0 to 1."""
        return self.part / self.whole


def share(part: int, whole: int) -> Share:
    """A part of at least one."""
    p, n = part / whole, whole
    middle, spread = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return Share(part, whole, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What would have been missed if only suggestions less sure than `below` per cent had been visited.

    :param ghosts: places that may hide an entity would have been visited, too.
    :param articles: that count.
    :param suggestions: in these; `unvisited` of them would not have been visited, `wrong` of those were not
        confirmed as they stood.
    :param added: entities that neither a suggestion nor (with ghosts) a ghost offered.
    :param offered: entities that only a ghost offered; without ghosts they are among the added ones.
    :param ghost_looks: how many ghosts there are to look at; 0 without ghosts.
    """

    below: int
    ghosts: bool
    articles: int
    suggestions: int
    unvisited: int
    wrong: int
    entities: int
    added: int
    offered: int
    ghost_looks: int

    @property
    def is_enough(self) -> bool:
        """Is it worth telling?"""
        return self.articles >= LEAST_ARTICLES and self.unvisited >= LEAST_SUGGESTIONS

    @property
    def saved(self) -> int:
        """How many looks fewer."""
        return self.unvisited - self.ghost_looks

    @property
    def wrong_share(self) -> Share | None:
        """The wrong ones of those that would not have been visited; None where these are too few."""
        return share(self.wrong, self.unvisited) if self.is_enough else None

    @property
    def added_share(self) -> Share | None:
        """The added ones of all entities; None where there are too few articles."""
        return share(self.added, self.entities) if self.is_enough and self.entities else None


class Missed:
    """Reads what is new since the last time, a little at a time, and keeps the counts of stretches of articles."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._known: dict[int, Counts] = {}  # by the number of the stretch
        self._total: Counts | None = None
        self._waiting: list[int] | None = None  # None: which stretches there are is to be read again
        opened.listeners.append(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        self._waiting = None
        for stretch in {article_id // _STRETCH for article_id in changed.articles}:
            if self._known.pop(stretch, None) is not None:
                self._total = None

    def read(self, seconds: float | None = None) -> bool:
        """Take in what is new.

        :param seconds: stop after so long, and be called again; None for all at once.
        :returns: is all taken in?
        """
        until = None if seconds is None else time.perf_counter() + seconds
        while self._take_stretch():
            if until is not None and time.perf_counter() >= until:
                return False
        return True

    def _take_stretch(self) -> bool:
        if self._waiting is None:
            done = article_rows.article_ids(self._opened.project, (ArticleState.DONE,))
            self._waiting = sorted({article_id // _STRETCH for article_id in done} - self._known.keys())
        elif self._waiting:
            stretch = self._waiting.pop()
            self._known[stretch], self._total = self._counted(stretch * _STRETCH), None
        return bool(self._waiting)

    def _summed(self) -> Counts:
        if self._total is None:
            self._total = Counts()
            for counts in self._known.values():
                self._total.update(counts)
        return self._total

    def _counted(self, first: int) -> Counts:
        project, counts = self._opened.project, Counts()
        ids = missed.finished_by(project, LOOKED_AT_ALL, first, first + _STRETCH - 1)
        for each in missed.outcomes(project, ids):
            counts[_what(each)] += each.times
            counts["entities", 0] += each.times * each.is_entity
        ghosts, at_ghosts = missed.offered(project, ids)
        counts["articles", 0] = len(ids)
        counts["ghosts", 0] = max(ghosts, counts["offered", 0] + counts["dismissed", 0])
        counts["offered", 0] += at_ghosts
        counts["added", 0] -= at_ghosts
        return counts

    def estimate(self, below: int, ghosts: bool = False) -> Estimate:
        """Of what was read so far.

        :param below: in per cent; suggestions less sure than this would have been visited.
        :param ghosts: as would the places that may hide an entity.
        """
        total = self._summed()
        right, wrong = ({p: n for (what, p), n in total.items() if what == each} for each in ("right", "wrong"))
        unvisited, not_right = (sum(n for p, n in each.items() if p >= below) for each in (right, wrong))
        offered = total["offered", 0]
        return Estimate(
            below,
            ghosts,
            total["articles", 0],
            sum(right.values()) + sum(wrong.values()),
            unvisited + not_right,
            not_right,
            total["entities", 0],
            total["added", 0] + (0 if ghosts else offered),
            offered,
            total["ghosts", 0] if ghosts else 0,
        )


def _what(each: Outcomes) -> tuple[str, int]:
    """What to count decided spans as, and their confidence in per cent."""
    if each.source.endswith(UNMARKED):
        return ("offered" if each.is_entity else "dismissed"), 0
    if each.source == PERSON:
        return "added", 0
    return (
        "right" if each.decision is Decision.CONFIRM else "wrong"
    ), _UNKNOWN if each.percent is None else each.percent
