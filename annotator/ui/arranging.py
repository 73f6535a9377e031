"""What is worked on, and in which order: the order of work and near-duplicates, as the menus offer them."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from annotator.errors import KnownError
from annotator.model.article import UNDECIDED, AnnotatedArticle
from annotator.model.order import ORDERS
from annotator.session import Session
from annotator.ui import words
from annotator.ui.dialogs.order import ask_order
from annotator.ui.dialogs.progress import Progress
from annotator.ui.dialogs.twins import ask_twins

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Arranging:
    """Asks, and has the session do it; what stands in the way is shown and changes nothing."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        window.desk.opened.connect(self._on_opened)

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    def choose_order(self) -> None:
        """Ask for an order of work, and put the undecided articles in it."""
        order = self._session.order
        wish = ask_order(self._window, ORDERS, order.name, order.share)
        if wish is None:
            return
        try:
            with Progress(self._window, "Putting the articles in order") as progress:
                order.choose(wish.name, wish.share, progress.step)
        except KnownError as error:
            self._window.desk.fail(error)
        else:
            self._window.desk.said.emit(words.in_order(wish.title))

    def offer_twins(self, among: Iterable[int] | None = None) -> None:
        """Ask what becomes of undecided articles that are nearly the same as others.

        :param among: articles that just came; all, where left out.
        """
        twins, chosen = self._session.twins, None if among is None else set(among)
        to_skip, to_take_over = twins.to_skip(chosen), twins.to_take_over(chosen)
        if not to_skip and not to_take_over:
            self._window.desk.said.emit(words.NO_TWINS)
            return
        waiting = {*to_skip, *to_take_over}
        groups = [group for group in twins.groups() if waiting.intersection(twin.id for twin in group)]
        wish = ask_twins(self._window, groups, len(to_skip), len(to_take_over))
        if wish == "skip":
            self._window.desk.attempt(partial(twins.skip, to_skip))
        elif wish == "take_over":
            self._take_over(to_take_over)

    def _take_over(self, ids: list[int]) -> None:
        with self._window.suggesting.held(), Progress(self._window, "Taking over decisions") as progress:
            self._window.desk.attempt(partial(self._session.twins.take_over, ids, progress.step))

    def take_over(self) -> None:
        """Give the article on the desk the decisions of its twin that is done."""
        article = self._window.desk.article
        if article is None or article.state not in UNDECIDED or self._session.twins.decided_twin(article.id) is None:
            self._window.desk.said.emit(words.NO_TWIN)
        else:
            self._window.desk.attempt(partial(self._session.twins.take_over, [article.id]))

    def _on_opened(self, article: AnnotatedArticle | None) -> None:
        if article is not None and article.state in UNDECIDED:
            twin = self._session.twins.decided_twin(article.id)
            if twin is not None:
                self._window.desk.said.emit(words.twin_is_done(twin.title))
