"""What a check found: the sentences, the articles that are damaged, and what is safe."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from annotator.store.watch import TookTooLongError

_MOST = 500  # problems and damaged articles that are named; a page of noise may make a hundred thousand
# What a damaged file raises: SQLite's errors, and what comes of a value that is of no kind that its column has.
UNREADABLE = (sqlite3.Error, ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a check.

    :param problems: one sentence for each thing that is wrong.
    :param damaged: titles of the articles that are not as they were left, by id; the first few hundred of them.
    :param count_damaged: how many these are in all.
    :param unreadable: what could not be read to its end, as "Articles".
    :param articles: how many were looked at.
    :param decisions: decided spans of articles that are whole.
    :param steps: how many there are in the history.
    :param steps_verified: how many of them, from the first on, are as they were written.
    :param history_holds: all of them are, and none is missing.
    :param labels_hold: the labels are as they were left.
    """

    problems: tuple[str, ...]
    damaged: dict[int, str]
    count_damaged: int
    unreadable: tuple[str, ...]
    articles: int
    decisions: int
    steps: int
    steps_verified: int
    history_holds: bool
    labels_hold: bool

    @property
    def holds(self) -> bool:
        """Nothing is wrong."""
        return not self.problems

    def summary(self) -> str:
        """All of it in a line or two: how bad it is, and what is safe."""
        verified = f"{_counted(self.decisions, 'decision')} verified"
        if self.holds:
            return f"All holds: {_counted(self.articles, 'article')}, {verified}."
        where = f"Damage in {self.count_damaged:,} of {_counted(self.articles, 'article')}"
        return f"{where}; {verified}. {self.safe()}"

    def safe(self) -> str:
        """What can be trusted in a project that is damaged."""
        whole = self.articles - self.count_damaged
        parts = [f"{_counted(whole, 'article')} with {_counted(self.decisions, 'decision')}"] if whole else []
        parts += ["the labels"] if self.labels_hold else []
        if self.history_holds:
            parts.append("the whole history")
        elif self.steps_verified:
            parts.append(f"the history up to step {self.steps_verified:,}")
        return f"Safe: {', '.join(parts)}." if parts else "Nothing in it is certain to be safe."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@dataclass(slots=True)
class Findings:
    """A verdict in the making."""

    problems: list[str] = field(default_factory=list)
    damaged: dict[int, str] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    articles: int = 0
    decisions: int = 0
    steps: int = 0
    steps_verified: int = 0
    history_holds: bool = False
    labels_hold: bool = False
    _damaged: set[int] = field(default_factory=set)
    _untold: int = 0

    def tell(self, sentence: str) -> None:
        """Something is wrong."""
        if len(self.problems) < _MOST:
            self.problems.append(sentence)
        else:
            self._untold += 1

    def is_damaged(self, article_id: int) -> bool:
        """Is it known already?"""
        return article_id in self._damaged

    def damage(self, article_id: int, title: str) -> None:
        """An article is not as it was left."""
        self._damaged.add(article_id)
        if len(self.damaged) < _MOST:
            self.damaged.setdefault(article_id, title)

    @contextmanager
    def part(self, what: str) -> Iterator[None]:
        """A part of the check; what cannot be read in it hides no other part.

        :param what: as in "Articles cannot be read to their end".
        """
        try:
            yield
        except UNREADABLE as error:
            too_long = getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT"
            self._unread(what, "it took too long" if too_long else f"{error}" or "it needs more memory than there is")
        except TookTooLongError:
            self._unread(what, "it took too long")

    def _unread(self, what: str, reason: str) -> None:
        self.unreadable.append(what)
        self.tell(f"{what}: cannot be read to the end ({reason})")

    def verdict(self) -> Verdict:
        """All that was found."""
        more = (f"... and {self._untold:,} more problems",) if self._untold else ()
        found = (*self.problems, *more), self.damaged, len(self._damaged), tuple(self.unreadable)
        counts = self.articles, self.decisions, self.steps, self.steps_verified
        return Verdict(*found, *counts, history_holds=self.history_holds, labels_hold=self.labels_hold)
