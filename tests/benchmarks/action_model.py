"""What an annotator has to do until the marks of an article are the right ones, counted in actions.

Confirming the article and going on is 1, always. A relabel is 1, a rejection 1, an edge 1 for each
token moved (and 1 if the label changes too, never more than 2), an addition 2, and it replaces
whatever it touches; going to the next place is free. Two annotators are counted:

- `static_work`: the suggestions stay as they are; the annotator finds the cheapest actions, also those
  that reach all same occurrences (one action), the best first, as long as they save any.
- `reading_order_work`: the annotator goes from the top to the next wrong place and corrects it by the
  cheapest single action; what lies before is checked. `next_fix` is one such step, so that a program
  can take it with the actions of the real thing.

Marks are {(start, end): label} in code points; where some overlap, `flat` says which count.
"""

import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

CONFIRM = RELABEL = REJECT = 1
ADD = 2

Range = tuple[int, int]
Marks = dict[Range, str]

_WORD_OR_SIGN = re.compile(r"\w+(?:[.'’&-]\w+)*|\S")


@dataclass(frozen=True)
class Work:
    """What one article took.

    :param edits: actions without the one that confirms the article.
    :param gold: how many marks are right in the end.
    :param shown: how many were suggested.
    :param right: how many of these had the right range and label.
    :param words: of the text, signs included.
    :param kinds: how many of each kind of edit: relabel, reject, edge, add, set_all, reject_all.
    """

    edits: int
    gold: int
    shown: int
    right: int
    words: int
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def actions(self) -> int:
        """With the one that confirms the article."""
        return CONFIRM + self.edits

    @property
    def is_clean(self) -> bool:
        """Was the confirming key enough?"""
        return not self.edits


class Fix(NamedTuple):
    """One correction.

    :param kind: "reject", "relabel", "edge" or "add".
    :param shown: the range of the mark that is corrected; None for an addition.
    :param to: the range that is right; None for a rejection.
    :param label: the label that is right; "" for a rejection.
    :param cost: in actions.
    """

    kind: str
    shown: Range | None
    to: Range | None
    label: str
    cost: int

    @property
    def checked(self) -> int:
        """Everything before this place is checked once the correction is made."""
        place = self.to or self.shown
        assert place
        return place[1]


class Text:
    """An article's text with its word edges and the places of its surfaces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [match.start() for match in _WORD_OR_SIGN.finditer(text)]
        self._places: dict[str, list[Range]] = {}

    @property
    def words(self) -> int:
        """How many words and signs there are."""
        return len(self._starts)

    def surface(self, place: Range) -> str:
        """The words at a place."""
        return self.text[slice(*place)]

    def places(self, surface: str) -> list[Range]:
        """Every place where the surface stands as whole words, in the same casing."""
        if surface not in self._places:
            before = r"(?<!\w)" if surface[0].isalnum() else ""
            behind = r"(?!\w)" if surface[-1].isalnum() else ""
            pattern = before + re.escape(surface) + behind
            self._places[surface] = [match.span() for match in re.finditer(pattern, self.text)]
        return self._places[surface]

    def edge_moves(self, shown: Range, to: Range) -> int:
        """By how many words the edges of a mark move; at least 1."""
        moves = (abs(self._word(a) - self._word(b)) for a, b in zip(shown, to, strict=True))
        return max(1, sum(moves))

    def _word(self, position: int) -> int:
        return bisect_left(self._starts, position)

    def edge_cost(self, shown: Range, label: str, to: Range, right: str) -> int:
        """Actions to make one mark another by moving its edges, however many."""
        return self.edge_moves(shown, to) + (RELABEL if label != right else 0)


def flat(marks: Mapping[Range, str]) -> Marks:
    """The marks in reading order without those that overlap an earlier, or as early a longer, one."""
    kept: Marks = {}
    end = -1
    for place in sorted(marks, key=lambda place: (place[0], -place[1])):
        if place[0] >= end:
            kept[place] = marks[place]
            end = place[1]
    return kept


def touching(marks: Iterable[Range], place: Range) -> list[Range]:
    """Those marks that have a character of the place."""
    return [mark for mark in marks if mark[0] < place[1] and place[0] < mark[1]]


def static_work(text: Text, suggested: Mapping[Range, str], gold: Mapping[Range, str], *, everywhere: bool) -> Work:
    """The cheapest corrections of suggestions that stay as they are.

    :param everywhere: may an action reach all same occurrences in the article?
    """
    shown, right = flat(suggested), flat(gold)
    kinds: Counter[str] = Counter()
    edits, left = _global_edits(text, shown, right, kinds) if everywhere else (0, shown)
    edits += _single_edits(text, left, right, kinds)
    return work_of(text, shown, right, edits, kinds)


def work_of(text: Text, shown: Marks, gold: Marks, edits: int, kinds: Mapping[str, int]) -> Work:
    """The work of an article that took so many edits.

    :param shown: what was suggested at first, flat.
    :param gold: what is right, flat.
    """
    agreeing = sum(gold.get(place) == label for place, label in shown.items())
    return Work(edits, len(gold), len(shown), agreeing, text.words, dict(kinds))


def _single_edits(text: Text, shown: Marks, gold: Marks, kinds: Counter[str]) -> int:
    """Actions of one place each; the wrong marks that touch a missing one go with it."""
    relabels = sum(shown.get(place, label) != label for place, label in gold.items())
    wrong = deque(sorted(place for place in shown if place not in gold))
    edits = rejects = 0
    for place, label in gold.items():
        if place in shown:
            continue
        while wrong and wrong[0][1] <= place[0]:
            wrong.popleft()
            rejects += 1
        cost = ADD
        while wrong and wrong[0][0] < place[1]:
            mark = wrong.popleft()
            cost = min(cost, text.edge_cost(mark, shown[mark], place, label))
        kinds["edge" if cost < ADD else "add"] += 1
        edits += cost
    rejects += len(wrong)
    kinds.update(relabel=relabels, reject=rejects)
    return edits + RELABEL * relabels + REJECT * rejects


def _global_edits(text: Text, shown: Marks, gold: Marks, kinds: Counter[str]) -> tuple[int, Marks]:
    """Actions that reach all same occurrences, the one that saves most first; and what they leave."""
    edits, left = 0, _single_edits(text, shown, gold, Counter())
    while left:
        best = 0
        for (surface, label), cost in _global_candidates(text, shown, gold).items():
            if len(text.places(surface)) < 2:
                continue
            after = _set_all(text, shown, surface, label) if label else _without(text, shown, surface)
            then = _single_edits(text, after, gold, Counter())
            if left - then - cost > best:
                best, chosen = left - then - cost, ("set_all" if label else "reject_all", cost, after, then)
        if not best:
            break
        kind, cost, shown, left = chosen
        kinds[kind] += 1
        edits += cost
    return edits, shown


def _global_candidates(text: Text, shown: Marks, gold: Marks) -> dict[tuple[str, str], int]:
    """(surface, label, "" for none) that is wrong or missing somewhere, and the cost of saying so."""
    candidates: dict[tuple[str, str], int] = {}
    for place, label in gold.items():
        if shown.get(place) != label:
            cost = RELABEL if place in shown else ADD
            key = (text.surface(place), label)
            candidates[key] = min(cost, candidates.get(key, cost))
    for place in shown:
        if place not in gold:
            candidates[text.surface(place), ""] = REJECT
    return candidates


def _set_all(text: Text, shown: Marks, surface: str, label: str) -> Marks:
    """The label at every place of a surface that lies in no longer mark."""
    after = dict(shown)
    for place in text.places(surface):
        _set(after, place, label)
    return after


def _set(marks: Marks, place: Range, label: str) -> None:
    """Mark a place, or ("") unmark it, unless it lies in a longer mark; what it touches goes."""
    there = touching(marks, place)
    if any(mark != place and mark[0] <= place[0] and place[1] <= mark[1] for mark in there):
        return
    for mark in there:
        del marks[mark]
    if label:
        marks[place] = label


def _without(text: Text, shown: Marks, surface: str) -> Marks:
    return {place: label for place, label in shown.items() if text.surface(place) != surface}


def next_fix(text: Text, shown: Marks, gold: Marks, cursor: int) -> Fix | None:
    """The correction of the first wrong place in reading order; None where all is right.

    :param shown: the marks that begin at the cursor or behind it, flat.
    :param gold: all that are right, flat.
    """
    ahead = {place: label for place, label in gold.items() if place[0] >= cursor}
    wrong = [(start, -end, True) for (start, end), label in shown.items() if gold.get((start, end)) != label]
    missing = [(start, -end, False) for start, end in ahead if (start, end) not in shown]
    if not wrong and not missing:
        return None
    start, minus_end, is_shown = min(wrong + missing)
    place = (start, -minus_end)
    hit = [place] if place in ahead else touching(ahead, place)
    if is_shown and not hit:
        return Fix("reject", place, None, "", REJECT)
    return _cheapest(text, shown, hit[0], ahead[hit[0]])


def _cheapest(text: Text, shown: Marks, to: Range, label: str) -> Fix:
    if to in shown:
        return Fix("relabel", to, to, label, RELABEL)
    costs = {mark: text.edge_cost(mark, shown[mark], to, label) for mark in touching(shown, to)}
    mark = min(costs, key=lambda mark: costs[mark], default=None)
    if mark is None or costs[mark] >= ADD:
        return Fix("add", None, to, label, ADD)
    return Fix("edge", mark, to, label, costs[mark])


Again = Callable[[int], Mapping[Range, str]]


def reading_order_work(
    text: Text,
    suggested: Mapping[Range, str],
    gold: Mapping[Range, str],
    *,
    copies: bool,
    again: Again | None = None,
) -> Work:
    """Corrections from the top to the end by single actions.

    :param copies: is every correction copied to the later places of its surface? The latest of a surface counts.
    :param again: answers new suggestions, given the place up to which all is checked; only those
        that begin there or behind are used. None: they stay as they are.
    """
    first, right = flat(suggested), flat(gold)
    shown, cursor, edits = dict(first), 0, 0
    kinds: Counter[str] = Counter()
    said: dict[str, tuple[str, int]] = {}
    while fix := next_fix(text, shown, right, cursor):
        cursor = fix.checked
        edits += fix.cost
        kinds[fix.kind] += 1
        if place := fix.to or fix.shown:
            said[text.surface(place)] = (fix.label, place[1])
        shown = ahead_of(again(cursor) if again else shown, cursor)
        if copies:
            _copy(text, shown, said, cursor)
    return work_of(text, first, right, edits, kinds)


def ahead_of(marks: Mapping[Range, str], cursor: int) -> Marks:
    """The marks that begin at the cursor or behind it, flat."""
    return flat({place: label for place, label in marks.items() if place[0] >= cursor})


def _copy(text: Text, shown: Marks, said: Mapping[str, tuple[str, int]], cursor: int) -> None:
    for surface, (label, behind) in said.items():
        for place in text.places(surface):
            if place[0] >= max(behind, cursor):
                _set(shown, place, label)
