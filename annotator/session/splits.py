"""Which article goes to which part of a split.

What is guaranteed:

- Articles that belong together are on one side: near-duplicates always, and where it is wished those of one outlet,
  or of one day; chains of such ties too.
- An article that was written to a part stays there as the project grows, for the same shares and the same ties. The
  sides are stored in the project. A hash of the article's id alone would need no memory and be the same on every
  machine, but nothing can then be balanced: of 60 articles it missed the wished share of the label that fared worst
  by 18 points on average, where this misses it by 2 (*measured* on Wikigold; by 12 where the articles come in fives).
- The same project gives the same sides on every machine; two that grew apart need not agree.
- Where a new article ties two groups together, all go to the side of the article that was imported first among those
  that have one. Others change sides then, and it is said how many: a test set that changes is seen, one that leaks
  is not.
- Each label's spans, and the articles, are shared out as wished, as near as the groups allow.
- Articles that were picked at random go to dev and test before any others do.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.errors import KnownError
from annotator.session.outcome import counted
from annotator.store.splits import Kin

PARTS = ("train", "dev", "test")
EVALUATED = PARTS[1:]
TIES: dict[str, Callable[[Kin], str]] = {
    "source": lambda kin: kin.source.strip().casefold(),
    "day": lambda kin: kin.day.strip(),
}
_ARTICLES = 0  # counted beside the labels, whose rows begin with 1
_ROUNDS, _MOST_TRIED = 10, 2000  # of many thousands the last ones are small enough to even out what is left

Shares = tuple[int, int, int]
_Node = int | tuple[str, str]  # an article's id, or a tie with the name that it has


def parsed_split(text: str) -> Shares:
    """The shares of train, dev and test, from "80/10/10".

    :raises KnownError: not three whole numbers that make 100.
    """
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        train, dev, test = (int(part) for part in parts)
        if train + dev + test == 100:
            return train, dev, test
    raise KnownError(f"{text} is no split.", "Give three shares that make 100, as 80/10/10.")


def known_ties(ties: Collection[str]) -> tuple[str, ...]:
    """The ties, each once, in the order of TIES; raises KnownError where one is unknown."""
    if unknown := sorted(set(ties) - TIES.keys()):
        raise KnownError(f"Articles cannot be kept together by {unknown[0]}.", f"Take {' or '.join(TIES)}.")
    return tuple(tie for tie in TIES if tie in ties)


def part_of(uid: str, shares: Shares) -> str:
    """Which part an article belongs to by the hash of its uid alone."""
    place = place_of(uid) % 100
    return PARTS[0] if place < shares[0] else PARTS[1] if place < shares[0] + shares[1] else PARTS[2]


def place_of(uid: str) -> int:
    """A number that looks random and is the same for an article on every machine and in every year."""
    return int.from_bytes(hashlib.sha256(uid.encode()).digest()[:4], "big")


def groups(articles: Iterable[Kin], ties: Collection[str]) -> list[list[Kin]]:
    """The articles that have to be on one side, each group and all groups in the order of import."""
    parents: dict[_Node, _Node] = {}

    def root(of: _Node) -> _Node:
        while (above := parents.setdefault(of, of)) != of:
            parents[of] = of = parents[above]
        return of

    articles = list(articles)
    for kin in articles:
        names: list[_Node] = [(tie, name) for tie in ties if (name := TIES[tie](kin))]
        for node in [kin.first, *names]:
            parents[root(node)] = root(kin.id)
    found: dict[_Node, list[Kin]] = {}
    for kin in articles:
        found.setdefault(root(kin.id), []).append(kin)
    return list(found.values())


@dataclass(slots=True)
class Bundle:
    """What of a group is exported.

    :param uids: in the order of import.
    :param labels: confirmed spans by label.
    :param is_random: all of them were picked at random.
    :param side: where it fell before, or falls now.
    :ivar amounts: what is to be shared out, its spans by label and its articles.
    """

    uids: Sequence[str]
    labels: Counter[int] = field(default_factory=Counter)
    is_random: bool = True
    side: str | None = None
    amounts: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.amounts = {**self.labels, _ARTICLES: len(self.uids)}


class Sides(NamedTuple):
    """Where articles fall, by uid.

    :param moved: those of them that were on another side before.
    :param largest: how many of the articles that are exported the largest group has.
    """

    parts: dict[str, str]
    moved: tuple[str, ...] = ()
    largest: int = 0


def sides(
    grouped: Iterable[Sequence[Kin]],
    chosen: Collection[str],
    labels: Mapping[int, Counter[int]],
    before: Mapping[str, str],
    shares: Shares,
) -> Sides:
    """The part of each chosen article, and of those that had one before.

    :param chosen: uids of the articles that are exported.
    :param labels: confirmed spans by label, by the article's id.
    :param before: the part of articles by uid, from earlier splits.
    :raises KnownError: there are fewer groups than parts.
    """
    bundles, parts, moved = [], dict(before), list[str]()
    for group in grouped:
        side = next((before[kin.uid] for kin in group if kin.uid in before), None)
        moved += [kin.uid for kin in group if before.get(kin.uid, side) != side]
        parts |= {kin.uid: side for kin in group if side and kin.uid in before}
        if taken := [kin for kin in group if kin.uid in chosen]:
            counts = sum((labels.get(kin.id, Counter()) for kin in taken), Counter[int]())
            bundles.append(Bundle([k.uid for k in taken], counts, all(k.is_random for k in taken), side))
    share_out(bundles, shares)
    parts |= {uid: str(bundle.side) for bundle in bundles for uid in bundle.uids}
    return Sides(parts, tuple(moved), max((len(bundle.uids) for bundle in bundles), default=0))


def share_out(bundles: Sequence[Bundle], shares: Shares) -> None:
    """Give each bundle without a side the one that brings all amounts nearest to the wished shares.

    The largest come first, so that the small ones even out what is left; equal ones by their hash. Then each is tried
    on the other sides until nothing gets better. Nearest is by chi-square: rare labels weigh as much as frequent ones.

    :raises KnownError: there are fewer bundles than parts.
    """
    balance = _Balance(bundles, shares)
    if len(bundles) < len(balance.wished):
        found = counted(len(bundles), "group") + " of articles that belong together"
        raise KnownError(
            f"There {'is' if len(bundles) == 1 else 'are'} {found}, too few for {len(balance.wished)} parts.",
            "Finish more articles first, or export them without a split.",
        )
    for few, allowed in balance.turns([bundle for bundle in bundles if not bundle.side]):
        ordered = sorted(few, key=balance.weight)
        for at, bundle in enumerate(ordered):
            balance.put(bundle, allowed, len(ordered) - at)
        for _ in range(_ROUNDS if len(ordered) <= _MOST_TRIED else 0):
            if not sum(balance.try_again(bundle, allowed) for bundle in ordered):
                break


class _Balance:
    """How much of everything each part has, and how much it should have."""

    def __init__(self, bundles: Sequence[Bundle], shares: Shares) -> None:
        self.wished = {part: share / 100 for part, share in zip(PARTS, shares, strict=True) if share}
        self._totals = Counter[int]()
        self._have = {part: Counter[int]() for part in PARTS}
        for bundle in bundles:
            self._totals.update(bundle.amounts)
            if bundle.side:
                self._have[bundle.side].update(bundle.amounts)

    def turns(self, waiting: Sequence[Bundle]) -> list[tuple[list[Bundle], list[str]]]:
        """Bundles, and the parts they may go to: those picked at random to dev and test, others where there is room."""
        every, evaluated = list(self.wished), [part for part in self.wished if part in EVALUATED]
        random = [bundle for bundle in waiting if bundle.is_random]
        others = [bundle for bundle in waiting if not bundle.is_random]
        if not evaluated or not others or "train" not in self.wished:
            return [(list(waiting), every)]
        share = sum(self.wished[part] for part in evaluated)
        needed = share * self._totals[_ARTICLES] - sum(self._have[part][_ARTICLES] for part in evaluated)
        if sum(len(bundle.uids) for bundle in random) >= needed and len(random) >= len(evaluated):
            return [(others, ["train"]), (random, every)]
        return [(random, evaluated), (others, every)]

    def weight(self, bundle: Bundle) -> tuple[float, int]:
        """Sorts the largest first."""
        return -sum(n / self._totals[what] for what, n in bundle.amounts.items()), place_of(bundle.uids[0])

    def put(self, bundle: Bundle, allowed: Sequence[str], left: int) -> None:
        """To the best side; no part stays empty while there are bundles left for all of them."""
        empty = [part for part in allowed if not self._have[part][_ARTICLES]]
        fitting = empty if empty and left <= len(empty) else allowed
        bundle.side = min(fitting, key=lambda part: self._cost(bundle, part))
        self._have[bundle.side].update(bundle.amounts)

    def try_again(self, bundle: Bundle, allowed: Sequence[str]) -> bool:
        """Is it better elsewhere now? The last one of a part stays."""
        side = str(bundle.side)
        self._have[side].subtract(bundle.amounts)
        if self._have[side][_ARTICLES]:
            bundle.side = min([side, *allowed], key=lambda part: self._cost(bundle, part))
        self._have[str(bundle.side)].update(bundle.amounts)
        return bundle.side != side

    def _cost(self, bundle: Bundle, part: str) -> float:
        """By how much chi-square grows when the bundle comes to a part."""
        have, share, cost = self._have[part], self.wished[part], 0.0
        for what, n in bundle.amounts.items():
            wished = share * self._totals[what]
            cost += n * (n + 2 * (have[what] - wished)) / wished
        return cost
