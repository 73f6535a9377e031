"""An entry of the memory: what was decided on some words so far, and what a person said of them by hand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.model.pattern import Pattern, folded
from annotator.store.memory import Tally

NEVER = ""  # instead of a label's name, where one asks for the words that are never an entity
_NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the memory knows of some words.

    :param surface: the words; where `any_case` in every casing, else in this one alone.
    :param label: what they are taken for; None where they are never an entity.
    :param decisions: how many were made on the words.
    :param confirmed: how often a person said so.
    :param rejected: how often a person said that they are no entity.
    :param others: how often they were confirmed with other labels, the most frequent first.
    :param confidence: that the label is right where the words stand, 0 to 1; see `confidence_of`.
    :param pattern: the entry made by hand; None where all is learned from decisions.
    :param articles: in how many articles somebody decided on the words.
    :param last: when that was last, ISO 8601 in UTC; "" for never.
    :param by: who that was.
    """

    surface: str
    label: str | None
    decisions: int = 0
    confirmed: int = 0
    rejected: int = 0
    others: tuple[tuple[str, int], ...] = ()
    confidence: float = 0.5
    pattern: Pattern | None = None
    articles: int = 0
    last: str = ""
    by: str = ""
    folded: str = field(default="", repr=False, compare=False)

    @property
    def any_case(self) -> bool:
        """Are the words meant in every casing?"""
        return self.pattern is not None and self.pattern.any_case

    @property
    def key(self) -> tuple[str, bool]:
        """What there is only one of in the memory."""
        return self.surface, self.any_case

    @property
    def against(self) -> int:
        """How often a person said something else."""
        return self.decisions - self.confirmed


def learned(surface: str, tally: Tally) -> Entry:
    """The entry that follows from decisions alone: the label most often confirmed, else most often refused."""
    return _made(surface, _most(tally.confirmed) or _most(tally.rejected), tally, None)


def by_hand(pattern: Pattern, tallies: Iterable[Tally]) -> Entry:
    """The entry that a person made.

    :param tallies: of the words in each casing that is meant.
    """
    return _made(pattern.surface, pattern.label, _together(list(tallies)), pattern)


def confidence_of(for_it: int, decisions: int) -> float:
    """The share of decisions that were for it, drawn to one half by half a decision; 0 to 1."""
    return (for_it + 0.25) / (decisions + 0.5)


def _made(surface: str, label: str | None, tally: Tally, pattern: Pattern | None) -> Entry:
    rejected = sum(tally.rejected.values())
    confirmed = rejected if label is None else tally.confirmed.get(label, 0)
    others = tuple(sorted(((k, n) for k, n in tally.confirmed.items() if k != label), key=lambda o: (-o[1], o[0])))
    decisions = rejected + sum(tally.confirmed.values())
    said = pattern is not None  # by hand: as good as one decision more
    sure = confidence_of(confirmed + said, decisions + said)
    seen = tally.articles, tally.last, tally.by
    return Entry(surface, label, decisions, confirmed, rejected, others, sure, pattern, *seen, folded(surface))


def _most(counts: dict[str, int]) -> str | None:
    return min(counts, key=lambda label: (-counts[label], label)) if counts else None


def _together(tallies: list[Tally]) -> Tally:
    if len(tallies) < 2:
        return tallies[0] if tallies else _NOTHING
    confirmed: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for tally in tallies:
        confirmed.update(tally.confirmed)
        rejected.update(tally.rejected)
    newest = max(tallies, key=lambda tally: tally.last)
    articles = sum(tally.articles for tally in tallies)
    return Tally(dict(confirmed), dict(rejected), articles, newest.last, newest.by)
