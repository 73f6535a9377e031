"""All entries of the memory in order, and what changes in them when a person makes, changes or forgets some."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable

from annotator.model.pattern import Pattern, folded
from annotator.session import entries
from annotator.session.entries import Entry
from annotator.store.memory import Evidence

_FEW = 500  # entries that are put into their places one by one; beyond, sorting anew is faster

SortKey = tuple[float, str, str, bool]

ORDERS: dict[str, Callable[[Entry], SortKey]] = {
    "use": lambda entry: (-entry.decisions, entry.folded, *entry.key),
    "words": lambda entry: (0, entry.folded, *entry.key),
    "unsure": lambda entry: (entry.confidence, entry.folded, *entry.key),
}


class Book:
    """Decisions counted by their words, under the entries made by hand. Made in whatever thread, then kept in one.

    :param evidence: the decisions.
    :param patterns: the entries made by hand.
    """

    def __init__(self, evidence: Evidence, patterns: Iterable[Pattern]) -> None:
        self.mark = evidence.mark
        self._tallies = evidence.tallies
        self._learned = {surface: entries.learned(surface, tally) for surface, tally in evidence.tallies.items()}
        self._casings: dict[str, list[str]] = {}
        for surface, entry in self._learned.items():
            self._casings.setdefault(entry.folded, []).append(surface)
        self._patterns = {(pattern.surface, pattern.any_case): pattern for pattern in patterns}
        surfaces = dict.fromkeys([*self._learned, *(surface for surface, _ in self._patterns)])
        everything = [entry for surface in surfaces for entry in self.of(surface)]
        self._sorted = {order: sorted(everything, key=key) for order, key in ORDERS.items()}

    def of(self, surface: str) -> list[Entry]:
        """What is known of these very words: of this casing, then of any. By hand stands for what was learned."""
        exact, in_any = self._patterns.get((surface, False)), self._patterns.get((surface, True))
        found = [self._by_hand(pattern) for pattern in (exact, in_any) if pattern is not None]
        return found or ([self._learned[surface]] if surface in self._learned else [])

    def _by_hand(self, pattern: Pattern) -> Entry:
        casings = self._casings.get(folded(pattern.surface), []) if pattern.any_case else [pattern.surface]
        return entries.by_hand(pattern, [self._tallies[each] for each in casings if each in self._tallies])

    def in_order(self, order: str) -> list[Entry]:
        """All entries; to be looked at only."""
        return self._sorted[order]

    def keep_up(self, patterns: Iterable[Pattern]) -> None:
        """These are the entries made by hand now."""
        there, now = set(self._patterns.values()), set(patterns)
        self.replace(there - now, now - there)

    def replace(self, gone: Iterable[Pattern], came: Iterable[Pattern]) -> None:
        """A person took entries away and made others."""
        gone, came = list(gone), list(came)
        surfaces = dict.fromkeys(pattern.surface for pattern in (*gone, *came))
        before = [entry for surface in surfaces for entry in self.of(surface)]
        for pattern in gone:
            self._patterns.pop((pattern.surface, pattern.any_case), None)
        self._patterns |= {(pattern.surface, pattern.any_case): pattern for pattern in came}
        after = [entry for surface in surfaces for entry in self.of(surface)]
        for order, found in self._sorted.items():
            self._sorted[order] = _replaced(found, before, after, ORDERS[order])


def _replaced(found: list[Entry], gone: list[Entry], came: list[Entry], key: Callable[[Entry], SortKey]) -> list[Entry]:
    if len(gone) + len(came) > _FEW:
        left = {entry.key for entry in gone}
        return sorted([*(entry for entry in found if entry.key not in left), *came], key=key)
    found = found.copy()  # somebody may be looking at the old one
    for entry in gone:
        del found[bisect_left(found, key(entry), key=key)]
    for entry in came:
        insort(found, entry, key=key)
    return found
