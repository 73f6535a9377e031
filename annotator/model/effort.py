"""What the decisions on an article cost: the action model.

One action to confirm the article and go on; a relabel 1, a rejection 1, an edge 1 for each word it
moves and 1 more where the label changes too, but never more than 2; a new span 2. Going to the
next place is free. What was decided alike for the same words of an article counts once, since one
decision reaches them all.
"""

from collections.abc import Iterable
from typing import NamedTuple

from annotator.model.span import Decision
from annotator.model.tokens import rough_tokens

FINISHING = 1
_COSTS = {Decision.RELABEL: 1, Decision.REJECT: 1, Decision.ADD: 2}
_EDGE_AT_MOST = 2


class Decided(NamedTuple):
    """Spans of one article that were decided alike.

    :param words: of the spans; may be empty where they were only confirmed.
    :param label: a label's id, as `was_label` is, the one that was proposed; None for none.
    :param moved: the words that edges moved over.
    :param is_free: they cost nothing, as what was decided in another article.
    :param unmarked: no suggestion stood there; the source only said that there may be an entity.
    """

    decision: Decision
    words: str
    label: int
    was_label: int | None
    moved: str
    is_free: bool
    times: int
    unmarked: bool = False


def corrections(decided: Iterable[Decided]) -> int:
    """The actions that an article took beside confirming it."""
    cheapest: dict[tuple[bool, str, int], int] = {}
    for each in decided:
        if not each.is_free and each.decision is not Decision.CONFIRM:
            alike = each.decision is Decision.REJECT, each.words, each.label
            cheapest[alike] = min(cheapest.get(alike, _EDGE_AT_MOST), _cost(each))
    return sum(cheapest.values())


def _cost(each: Decided) -> int:
    if each.decision is not Decision.RESIZE:
        return _COSTS[each.decision]
    moved = max(1, len(rough_tokens(each.moved)))
    return min(moved + (each.label != each.was_label), _EDGE_AT_MOST)


class Agreement(NamedTuple):
    """What was suggested against what was decided, for one label or all.

    A suggestion that silently gave way to a longer span of a person's is in none of the counts.

    :param right: suggested spans that were confirmed as they stood.
    :param suggested: suggested spans.
    :param decided: confirmed spans.
    """

    right: int = 0
    suggested: int = 0
    decided: int = 0

    def plus(self, other: "Agreement") -> "Agreement":
        """Both counts together."""
        return Agreement(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float | None:
        """The share of what was suggested that was right; None where nothing was."""
        return self.right / self.suggested if self.suggested else None

    @property
    def recall(self) -> float | None:
        """The share of what was decided that had been suggested so; None where nothing was."""
        return self.right / self.decided if self.decided else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where there is neither."""
        both = self.suggested + self.decided
        return 2 * self.right / both if both else None


def agreements(decided: Iterable[Decided]) -> dict[int, Agreement]:
    """The agreement by label id."""
    found: dict[int, Agreement] = {}
    for each in decided:
        for label, agreement in _agreed(each):
            found[label] = found.get(label, Agreement()).plus(agreement)
    return found


def _agreed(each: Decided) -> Iterable[tuple[int, Agreement]]:
    n = each.times
    if each.decision is Decision.CONFIRM:
        return [(each.label, Agreement(n, n, n))]
    if each.decision is Decision.REJECT:
        return [] if each.unmarked else [(each.label, Agreement(suggested=n))]
    proposed = [] if each.was_label is None else [(each.was_label, Agreement(suggested=n))]
    return [*proposed, (each.label, Agreement(decided=n))]
