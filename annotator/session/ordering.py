"""The order of work: which article comes next, and why.

It is a fact about the project and no decision, so it is no step to be undone: choosing the order
that was there before brings it back. Only undecided articles are put in order; what is done or
skipped stays where it is, in front, and keeps its reason. The order of import is never lost: it
is the order of ids, and exports keep it.

A share of the articles is picked at random and marked so. Only these may stand for all articles
in an evaluation, because nothing about them had a say in their being picked. Which ones are picked
depends on nothing but the articles' and the project's uids: the same under every order, and a
larger share holds the smaller one. A new project has the given order, as one expects of a list,
with 20 % marked where they stand: nothing moves, and an evaluation is possible from the first
import on. Under every other order they are moved, so that they are evenly spread over the work and
come in random order: wherever one stops, those that are done are a fair sample of all.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from annotator.errors import KnownError
from annotator.model.order import ORDERS, Order
from annotator.session.opened import Opened
from annotator.session.outcome import Changed
from annotator.store import order as order_rows
from annotator.store import suggestions as suggestion_rows
from annotator.store.articles import RANDOM
from annotator.store.order import Placed, Waiting

OnProgress = Callable[[int, int], None]
Reasoned = tuple[Waiting, str]

DEFAULT_ORDER, DEFAULT_SHARE = "given", 20
_ISO_DATE = re.compile(r"\d{4}(-\d\d(-\d\d.*)?)?$", re.DOTALL)


class Task(NamedTuple):
    """Undecided articles that are to be put in order.

    :param articles: shuffled, always in the same way.
    :param seed: for what else has to be random, and always the same.
    """

    opened: Opened
    articles: list[Waiting]
    seed: int
    progress: OnProgress

    def texts(self, articles: Sequence[Waiting]) -> Iterator[tuple[int, str]]:
        """(id, text) of each, telling the progress."""
        texts = order_rows.texts(self.opened.project, [article.id for article in articles])
        for number, each in enumerate(texts, 1):
            self.progress(number, len(articles))
            yield each


def _given(task: Task) -> list[Reasoned]:
    return [(article, "given") for article in sorted(task.articles)]


def _by_date(task: Task) -> list[Reasoned]:
    """The oldest first; those without a date last, in the order of import."""
    dated = [article for article in task.articles if _ISO_DATE.match(article.published)]
    others = sorted(set(task.articles).difference(dated))
    dated.sort(key=lambda article: (article.published, article.id))
    return [(article, "date") for article in dated + others]


def _by_topics(task: Task) -> list[Reasoned]:
    from annotator.suggest.topics import by_topics

    by_id = {article.id: article for article in task.articles}
    return [(by_id[each], "topics") for each in by_topics(task.texts(task.articles), task.seed)]


def _by_worth(task: Task) -> list[Reasoned]:
    """What nothing has read yet comes behind, by topics."""
    from annotator.suggest.topics import by_worth

    doubts = suggestion_rows.doubts(task.opened.project)
    by_id = {article.id: article for article in task.articles}
    read = [article for article in task.articles if article.id in doubts]
    unread = [article for article in task.articles if article.id not in doubts]
    first = [(by_id[each], "teaches") for each in by_worth(task.texts(read), doubts)]
    return first + _by_topics(task._replace(articles=unread))


# How each of ORDERS puts articles in order, each with the reason that it records.
_ARRANGE: dict[str, Callable[[Task], list[Reasoned]]] = {
    "given": _given,
    "date": _by_date,
    "topics": _by_topics,
    "teaches": _by_worth,
}


class Ordering:
    """The order of work of an open project."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    @property
    def name(self) -> str:
        """The order that was chosen, as ORDERS calls it."""
        return self._opened.project.meta("order", DEFAULT_ORDER)

    @property
    def share(self) -> int:
        """How many of a hundred articles are picked at random."""
        return int(self._opened.project.meta("random_share", str(DEFAULT_SHARE)))

    def reasons(self) -> dict[str, int]:
        """How many articles got their place by what: "given", "date", "topics", "teaches", "random"."""
        return order_rows.reasons(self._opened.project)

    def choose(self, name: str, share: int | None = None, progress: OnProgress | None = None) -> None:
        """Put the undecided articles in another order, and all that come later.

        :param name: one of ORDERS.
        :param share: how many of a hundred are picked at random; None for as many as before.
        :param progress: called with (articles read, articles to read).
        :raises KnownError: there is no such order or share; then all is as before.
        """
        self._opened.may_write()
        share = self.share if share is None else share
        if not 0 <= share <= 100:
            raise KnownError(f"{share} % is no share.", "Take a number from 0 to 100.")
        project = self._opened.project
        places = self._places(_by_name(name), share, order_rows.waiting(project), progress or _nobody)
        base = order_rows.last_decided(project)
        # where nothing was ever moved, the ids alone say the given order
        ranks = [0 if name == "given" and not base else base + 1 + place.rank for place in places]
        with project.transaction():
            project.set_meta("order", name)
            project.set_meta("random_share", str(share))
            order_rows.place(project, [p._replace(rank=rank) for p, rank in zip(places, ranks, strict=True)])
        self._opened.tell(Changed(listing=True))

    def place_new(self, ids: Iterable[int]) -> None:
        """Put articles that just came behind all others, in the chosen order; inside a transaction."""
        new, project = set(ids), self._opened.project
        articles = [article for article in order_rows.waiting(project) if article.id in new] if new else []
        places = self._places(_by_name(self.name), self.share, articles, _nobody)
        base = order_rows.last(project)
        ahead = 0 if self.name == "given" else 1
        order_rows.place(project, [place._replace(rank=base + ahead + place.rank) for place in places])

    def _places(self, order: Order, share: int, articles: list[Waiting], progress: OnProgress) -> list[Placed]:
        """The articles' places, counted from 0; in the given order all have the same, and ids decide."""
        from annotator.suggest.topics import interleaved

        salt = self._opened.project.meta("project_uid")
        lots = {article: _lot(salt, article.uid) for article in articles}
        shuffled = sorted(articles, key=lambda article: (lots[article], article.uid))
        if order.name == "given":
            picked = [(article, RANDOM if lots[article] < share / 100 else "given") for article in shuffled]
            return [Placed(0, reason, article.id) for article, reason in picked]
        by_lot = [(article, RANDOM) for article in shuffled if lots[article] < share / 100]
        task = Task(self._opened, shuffled[len(by_lot) :], int(_lot(salt, "topics") * 2**32), progress)
        reasoned = interleaved(by_lot, _ARRANGE[order.name](task))
        return [Placed(rank, reason, article.id) for rank, (article, reason) in enumerate(reasoned)]

    def first_of(self, ids: Iterable[int]) -> int | None:
        """The article among these that is worked on first."""
        return order_rows.first_of(self._opened.project, ids)


def _by_name(name: str) -> Order:
    found = next((order for order in ORDERS if order.name == name), None)
    if found is None:
        raise KnownError(f"There is no order {name}.", f"Take one of: {', '.join(order.name for order in ORDERS)}.")
    return found


def _lot(salt: str, uid: str) -> float:
    """What an article drew, from 0 to 1: always the same in this project, and nothing to do with its text."""
    digest = hashlib.blake2b(uid.encode("utf-8", "replace"), key=salt.encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _nobody(_done: int, _total: int) -> None:
    """Nobody wants to know."""
