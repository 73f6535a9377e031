"""How the work gets less: what each finished article took, from the project alone."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from annotator.model.article import ArticleState
from annotator.model.effort import FINISHING, Agreement, Decided, agreements, corrections
from annotator.session import elsewhere
from annotator.session.opened import Opened
from annotator.session.outcome import Changed
from annotator.store import articles as article_rows
from annotator.store import effort, history
from annotator.store.effort import StepRow

FINISHED_BY = ("finish", "finish_sure", "decide")
LONGEST_GAP = 60  # seconds between two steps that count as work
BLOCKS = ((1, 10), (11, 25), (26, 50), (51, 100), (101, 200), (201, 400), (401, None))

_STEPS_AT_A_TIME, _ARTICLES_AT_A_TIME = 500, 5


@dataclass(frozen=True, slots=True)
class Work:
    """What one finished article took.

    :param entities: confirmed spans.
    :param corrections: actions beside the one that confirmed the article.
    :param seconds: from step to step on the article, at most a minute each; the first begins with the step before.
    :param agreement: suggestions against decisions, by label id.
    """

    article_id: int
    entities: int
    corrections: int
    seconds: int
    agreement: dict[int, Agreement]

    @property
    def actions(self) -> int:
        """All actions, with the one that confirmed the article."""
        return self.corrections + FINISHING


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of finished articles, counted from 1 in the order in which they were finished.

    :param last: None for all that follow.
    """

    first: int
    last: int | None
    works: tuple[Work, ...]

    @property
    def entities(self) -> int:
        """Confirmed spans."""
        return sum(work.entities for work in self.works)

    @property
    def actions_an_entity(self) -> float | None:
        """All actions over all entities; None where there are none."""
        return sum(work.actions for work in self.works) / self.entities if self.entities else None

    @property
    def corrections_an_entity(self) -> float | None:
        """Corrections over entities; None where there are none."""
        return sum(work.corrections for work in self.works) / self.entities if self.entities else None

    @property
    def one_key_share(self) -> float:
        """The share of articles that needed only the one confirming key."""
        return sum(not work.corrections for work in self.works) / len(self.works)

    @property
    def seconds_an_article(self) -> float:
        """The mean."""
        return sum(work.seconds for work in self.works) / len(self.works)

    @property
    def agreement(self) -> Agreement:
        """Suggestions against decisions, of all labels."""
        return _sum(agreement for work in self.works for agreement in work.agreement.values())


class Curves:
    """Reads what is new since the last time, a little at a time, and keeps what it read.

    Articles that were finished here count; those that came as done with an import do not.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._last: StepRow | None = None
        self._finished: dict[int, int] = {}  # article id to the step that finished it last
        self._seconds: dict[int, int] = {}
        self._from_elsewhere: set[int] = set()  # spans that a correction in another article decided
        self._known: dict[int, Work] = {}
        self._order: list[int] | None = None  # of all that are done; None where that is to be read again
        self._waiting: list[int] = []  # those of them that are not known yet, the first one last
        opened.listeners.append(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        self._order = None
        for article_id in changed.articles & self._known.keys():
            del self._known[article_id]

    # Reading

    def read(self, seconds: float | None = None) -> bool:
        """Take in what is new.

        :param seconds: stop after so long, and be called again; None for all at once.
        :returns: is all taken in?
        """
        until = None if seconds is None else time.perf_counter() + seconds
        for take in (self._take_steps, self._take_articles):
            while take():
                if until is not None and time.perf_counter() >= until:
                    return False
        return True

    def _take_steps(self) -> bool:
        last = 0 if self._last is None else self._last.seq
        steps = effort.steps(self._opened.project, last, _STEPS_AT_A_TIME)
        if steps:
            self._order = None
        for before, step in pairwise([self._last or steps[0], *steps] if steps else []):
            self._take_step(before, step)
            self._last = step
        return len(steps) == _STEPS_AT_A_TIME

    def _take_step(self, before: StepRow, step: StepRow) -> None:
        if step.article_id is not None:
            gap = min(max(step.at - before.at, 0), LONGEST_GAP)  # a clock may have been put back
            self._seconds[step.article_id] = self._seconds.get(step.article_id, 0) + gap
            self._known.pop(step.article_id, None)
            if step.verb in FINISHED_BY:
                self._finished[step.article_id] = step.seq
        elif step.verb == elsewhere.VERB:
            changes = history.past_step(self._opened.project, step.seq).changes
            self._from_elsewhere |= {change.row_id for change in changes if change.table == "span"}

    def _take_articles(self) -> bool:
        self._in_order()
        batch, self._waiting = self._waiting[-_ARTICLES_AT_A_TIME:], self._waiting[:-_ARTICLES_AT_A_TIME]
        for article_id, decided in effort.decided(self._opened.project, batch, self._from_elsewhere).items():
            self._known[article_id] = self._work(article_id, decided)
        return bool(self._waiting)

    def _work(self, article_id: int, decided: Sequence[Decided]) -> Work:
        agreement = agreements(decided)
        entities = sum(each.decided for each in agreement.values())
        return Work(article_id, entities, corrections(decided), self._seconds.get(article_id, 0), agreement)

    def _in_order(self) -> list[int]:
        """The articles that are done, as they were finished."""
        if self._order is None:
            done = article_rows.article_ids(self._opened.project, (ArticleState.DONE,))
            self._order = sorted(self._finished.keys() & set(done), key=self._finished.__getitem__)
            self._waiting = [article_id for article_id in reversed(self._order) if article_id not in self._known]
        return self._order

    # What was read

    @property
    def works(self) -> tuple[Work, ...]:
        """The finished articles in the order in which they were finished, as far as they are read."""
        return tuple(self._known[article_id] for article_id in self._in_order() if article_id in self._known)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The works in blocks; no empty ones."""
        works = self.works
        blocks = (Block(first, last, works[first - 1 : last]) for first, last in BLOCKS)
        return tuple(block for block in blocks if block.works)

    def agreement(self, newest: int | None = None) -> dict[str, Agreement]:
        """Suggestions against decisions by label, in the labels' order; of the newest so many articles, or all."""
        works = self.works[-newest:] if newest else self.works
        by_label = {
            label.name: _sum(work.agreement.get(label.id or 0, Agreement()) for work in works)
            for label in self._opened.labels
        }
        return {name: agreement for name, agreement in by_label.items() if any(agreement)}


def moving(below: Sequence[float], above: Sequence[float], over: int, every: int = 1) -> list[float]:
    """For each number (or each `every`th) the sum of `above` over the sum of `below`, of it and those before it.

    :param over: of so many numbers at most; 0 over 0 is 0.
    """
    sums = [list(accumulate(values, initial=0.0)) for values in (above, below)]
    means = []
    for at in range(every, len(below) + 1, every):
        upper, lower = (each[at] - each[max(0, at - over)] for each in sums)
        means.append(upper / lower if lower else 0.0)
    return means


def _sum(agreements_: Iterable[Agreement]) -> Agreement:
    total = Agreement()
    for agreement in agreements_:
        total = total.plus(agreement)
    return total
