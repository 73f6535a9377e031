"""What is there: the part of a session that changes no decision."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from annotator.model.article import UNDECIDED, AnnotatedArticle, ArticleState
from annotator.model.label import Label
from annotator.session.alarm import Alarm
from annotator.session.asides import Asides
from annotator.session.backups import Backups
from annotator.session.checkup import Checkup
from annotator.session.curves import Curves
from annotator.session.elsewhere import Elsewhere
from annotator.session.ghosts import Ghosts
from annotator.session.guidelines import Guidelines
from annotator.session.learning import Learning
from annotator.session.memory import Memory
from annotator.session.missed import Missed
from annotator.session.opened import Listener, Opened
from annotator.session.ordering import Ordering
from annotator.session.outcome import Progress
from annotator.session.training import Training
from annotator.session.twins import Twins
from annotator.settings import login_name
from annotator.store import articles as article_rows
from annotator.store import labels as label_rows
from annotator.store import suggestions as suggestion_rows
from annotator.store.articles import ArticleFilter, ArticleRow
from annotator.store.project import Project
from annotator.suggest import DEFAULT_MODEL


class Reader:
    """An open project to look at; `Session` adds the verbs.

    `order` is the order of work, `twins` the articles that are nearly the same, `ghosts` the places that may
    hide an entity, `asides` the passages not to be labelled, `missed` what visiting only the less sure suggestions
    would have missed, `guidelines` which version of them is in force, `checkup` whether the project is whole, `alarm`
    how much one step may change, `backups` the copies of earlier states.
    """

    def __init__(self, project: Project, annotator: str | None = None) -> None:
        try:
            self._opened = Opened(project, annotator or login_name())
            self.memory = Memory(self._opened)
            self.training = Training(self._opened)
            self.learning = Learning(self._opened, self.memory.patterns)
        except BaseException:
            project.close()  # a damaged file is only noticed when its rows are read
            raise
        self.elsewhere = Elsewhere(self._opened)
        self.curves = Curves(self._opened)
        self.order = Ordering(self._opened)
        self.twins = Twins(self._opened)
        self.ghosts = Ghosts(self._opened)
        self.asides = Asides(self._opened)
        self.missed = Missed(self._opened)
        self.guidelines = Guidelines(self._opened)
        self.checkup = Checkup(self._opened)
        self.alarm = Alarm(self._opened)
        self.backups = Backups(self._opened)

    def close(self) -> None:
        """Leave one whole file behind."""
        self.backups.stop()
        self.learning.save()
        self.project.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.close()

    def rescue(self, to: str | Path, progress: Callable[[int, int], object] | None = None) -> None:
        """Save all that was decided in a new file, also where the project's own is gone from its folder.

        :param progress: called with (pages written, pages in all).
        :raises KnownError: something is there already, or it cannot be written.
        """
        self.project.rescue(Path(to), progress)

    def look_again(self) -> None:
        """Tell listeners what another program has changed meanwhile, where the project is open to look at."""
        self._opened.look_again()

    def subscribe(self, listener: Listener) -> None:
        """Have `listener` told of every change."""
        self._opened.listeners.append(listener)

    # What is there

    @property
    def project(self) -> Project:
        """The open file."""
        return self._opened.project

    @property
    def annotator(self) -> str:
        """Who decides."""
        return self._opened.annotator

    @property
    def model(self) -> str:
        """The spaCy pipeline that the project names."""
        return self.project.meta("model", DEFAULT_MODEL)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels on offer, in their order."""
        return tuple(label for label in self._opened.labels if not label.retired)

    @property
    def all_labels(self) -> tuple[Label, ...]:
        """The retired ones too."""
        return self._opened.labels

    @property
    def suggestible(self) -> frozenset[str]:
        """The labels of pipelines that a label of the project stands for."""
        return frozenset(self._opened.label_of)

    def article(self, article_id: int) -> AnnotatedArticle:
        """An article with all that is known about its spans at this moment."""
        return self._opened.article(article_id)

    def article_ids(self, states: tuple[ArticleState, ...] = ()) -> list[int]:
        """Ids of the articles in these states (empty: all), in the order of work."""
        return article_rows.article_ids(self.project, states)

    def rows(self, chosen: ArticleFilter, after: int = 0, limit: int = 200) -> list[ArticleRow]:
        """The next rows of the list of articles, in the order of work, behind an article; 0 for the first."""
        return article_rows.page(self.project, chosen, after, limit)

    def count(self, chosen: ArticleFilter) -> int:
        """How many articles the list has."""
        return article_rows.count(self.project, chosen)

    def row(self, article_id: int) -> ArticleRow | None:
        """One row of the list."""
        return article_rows.article_row(self.project, article_id)

    def neighbour(self, article_id: int, step: int, states: tuple[ArticleState, ...] = ()) -> int | None:
        """The next (step > 0) or previous article in one of these states; empty for any."""
        return article_rows.neighbour(self.project, article_id, step, states)

    def first_to_do(self) -> int | None:
        """The article to go on with: the one of last time, else the first undecided one, else the first."""
        article_id, _ = self.place()
        if article_id and self.row(article_id) is not None:
            return article_id
        undecided = self.neighbour(0, 1, UNDECIDED)
        return undecided if undecided is not None else self.neighbour(0, 1)

    def place(self) -> tuple[int, int]:
        """(article id, code point) that `remember_place` was told last; (0, 0) for none."""
        numbers = [int(part) for part in self.project.meta("place").split() if part.isdecimal()]
        return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)

    def remember_place(self, article_id: int, at: int = 0) -> None:
        """The next start goes on with this article, at this code point."""
        if not self.project.read_only:
            with self.project.transaction():
                self.project.set_meta("place", f"{article_id} {at}")

    def progress(self) -> Progress:
        """How far the project is; counts that are kept, not counted."""
        return Progress(article_rows.tally(self.project), label_rows.tally(self.project))

    def check(self) -> list[str]:
        """What is wrong with the project, one sentence each; empty where all holds."""
        return list(self.checkup.run().problems)

    def is_read(self, article_id: int) -> bool:
        """Has the project's pipeline read the article?"""
        return self._opened.sheet(article_id).stored.model == self.model

    def ahead(self, revision: str, limit: int, at: int) -> list[int]:
        """Those of the next undecided articles, from one on, whose suggestions were made with other knowledge.

        :param revision: what the learner knows.
        :param limit: how many articles are looked at.
        """
        return suggestion_rows.ahead(self.project, revision, limit, at)

    def unread(self, limit: int, after: int = 0) -> list[tuple[int, str]]:
        """(id, text) of undecided articles without suggestions of the project's pipeline.

        :param after: the article the annotator is at; that one and those behind it come first.
        """
        return suggestion_rows.unread(self.project, self.model, limit, after)

    def next_step(self, of: str) -> str | None:
        """The verb that the next "undo" or "redo" is about, None where there is none."""
        return self._opened.next_step(of)
