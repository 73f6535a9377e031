"""Near-duplicates: the same wire story in several papers, found at import.

What they are is said in `annotator.suggest.likeness`. A group is known by its first article, the
one that came earliest.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from annotator.model import deciding
from annotator.model.alignment import Alignment
from annotator.model.article import UNDECIDED, AnnotatedArticle, ArticleState
from annotator.model.span import SpanState
from annotator.session.opened import MANY, Opened, Work
from annotator.session.outcome import Changed, Outcome
from annotator.store import articles as article_rows
from annotator.store import twins as twin_rows
from annotator.store.articles import ArticleFilter
from annotator.store.twins import Twin

if TYPE_CHECKING:
    from annotator.suggest.likeness import Numbers, Sketches

OnProgress = Callable[[int, int], None]
Group = tuple[Twin, ...]
_AT_A_TIME = 512  # texts
_KEPT = 256  # texts whose runs are kept while they are compared


class Twins:
    """The near-duplicates of an open project, and what can be done with them, each one undoable step."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._sketches: Sketches | None = None
        self._seen = 0  # the last article in them
        self._groups: dict[int, tuple[int, ...]] | None = None
        opened.listeners.append(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        """An import was taken back or made again."""
        if changed.listing:
            self._groups = None
            if not twin_rows.is_last(self._opened.project, self._seen):
                self._sketches, self._seen = None, 0

    def find(self, new: Iterable[int] | None = None, beat: Callable[[], object] = lambda: None) -> int:
        """Look which articles are nearly the same as earlier ones, and remember it; inside a transaction.

        :param new: articles that just came; all, where left out.
        :param beat: called once an article; what it raises ends the search.
        :returns: for how many articles an earlier twin was found.
        """
        wanted = None if new is None else set(new)
        if wanted is not None and not wanted:
            return 0
        if wanted is None or min(wanted) <= self._seen:  # the import that they came with was given up
            self._sketches, self._seen = None, 0
        firsts, found = twin_rows.firsts(self._opened.project), dict[int, int]()
        runs = lru_cache(_KEPT)(self._runs)
        for article_id, candidates in self._candidates(beat):
            if (wanted is None or article_id in wanted) and article_id not in firsts:
                twin = next((each for each in candidates if self._alike(runs(article_id), runs(each))), None)
                if twin is not None:
                    firsts[article_id] = found[article_id] = firsts.get(twin, twin)
        twin_rows.set_firsts(self._opened.project, found.items())
        self._groups = None
        return len(found)

    def look_again(self, progress: OnProgress | None = None) -> int:
        """Compare all articles of the project, as for one that was made before twins were looked for.

        :param progress: called with (articles seen, articles in all).
        :returns: for how many articles an earlier twin was found that was not known.
        """
        self._opened.may_write()
        total, seen = article_rows.count(self._opened.project, ArticleFilter()), itertools.count(1)
        with self._opened.project.transaction():
            found = self.find(beat=lambda: progress(next(seen), total) if progress else None)
        self._opened.tell(Changed(listing=True))
        return found

    def _candidates(self, beat: Callable[[], object]) -> Iterator[tuple[int, list[int]]]:
        """Each article that was not looked at yet, with earlier ones to compare it with."""
        from annotator.suggest.likeness import Sketches

        sketches = self._sketches = self._sketches or Sketches()
        texts = twin_rows.texts(self._opened.project, self._seen)
        while some := list(itertools.islice(texts, _AT_A_TIME)):
            numbers, bands = [], []
            for (article_id, _), of_article in zip(some, sketches.bands([text for _, text in some]), strict=True):
                beat()
                if of_article is not None:
                    numbers.append(article_id)
                    bands.append(of_article)
                self._seen = article_id
            sketches.add(numbers, bands)
            yield from sketches.candidates(numbers, bands)

    def _runs(self, article_id: int) -> "Numbers":
        from annotator.suggest.likeness import runs_of

        return runs_of(twin_rows.text(self._opened.project, article_id))

    @staticmethod
    def _alike(one: "Numbers", other: "Numbers") -> bool:
        from annotator.suggest.likeness import are_twins

        return are_twins(one, other)

    # What was found

    def groups(self) -> list[Group]:
        """Articles that are nearly the same, the earliest first."""
        return [self._shown(members) for members in dict.fromkeys(self._members().values())]

    def group_of(self, article_id: int) -> Group:
        """The articles that are nearly the same as this one, with it; empty where there is none."""
        return self._shown(self._members().get(article_id, ()))

    def decided_twin(self, article_id: int) -> Twin | None:
        """The earliest article that is done and nearly the same as this one."""
        twins = (twin for twin in self.group_of(article_id) if twin.id != article_id)
        return next((twin for twin in twins if twin.state is ArticleState.DONE), None)

    def to_skip(self, among: Iterable[int] | None = None) -> list[int]:
        """Undecided articles that another one of their group stands for: one that is done, else the first."""
        spare = []
        for group in self.groups():
            left = [twin for twin in group if twin.state is not ArticleState.SKIPPED]
            kept = next((twin for twin in left if twin.state is ArticleState.DONE), next(iter(left), None))
            spare += [twin.id for twin in left if twin is not kept and twin.state in UNDECIDED]
        return _among(spare, among)

    def to_take_over(self, among: Iterable[int] | None = None) -> list[int]:
        """Undecided articles whose group has one that is done."""
        groups = [group for group in self.groups() if any(twin.state is ArticleState.DONE for twin in group)]
        return _among([twin.id for group in groups for twin in group if twin.state in UNDECIDED], among)

    def _members(self) -> dict[int, tuple[int, ...]]:
        """The group of each article that has one; read once after each search."""
        if self._groups is None:
            by_first: dict[int, list[int]] = {}
            for article_id, first in twin_rows.firsts(self._opened.project).items():
                by_first.setdefault(first, [first]).append(article_id)
            self._groups = {each: tuple(group) for group in by_first.values() for each in group}
        return self._groups

    def _shown(self, members: Iterable[int]) -> Group:
        return tuple(twin_rows.twin(self._opened.project, article_id) for article_id in members)

    # What is done with them

    def skip(self, ids: Sequence[int]) -> Outcome:
        """Leave out those of these articles that are undecided; their decisions stay."""
        undecided = [each for each in ids if twin_rows.twin(self._opened.project, each).state in UNDECIDED]
        self._secure(undecided)
        return self._opened.write_many(
            "skip_twins", [(each, [], {"state": ArticleState.SKIPPED}) for each in undecided]
        )

    def take_over(self, ids: Sequence[int], progress: OnProgress | None = None) -> Outcome:
        """Give undecided articles the decisions of the one that is done and nearly the same.

        A span is taken over where the same words stand at the same place of the text, and nobody
        decided on that place. An article whose text differs in white space alone is done then; any
        other is left open for a look at the rest.

        :param progress: called with (articles seen, articles in all).
        """
        self._secure(ids)
        return self._opened.write_many("take_over", self._works(ids, progress))

    def _secure(self, ids: Sequence[int]) -> None:
        if len(ids) > MANY:
            self._opened.secure("before-twins")

    def _works(self, ids: Sequence[int], progress: OnProgress | None) -> Iterator[Work]:
        for number, article_id in enumerate(ids, 1):
            if progress is not None:
                progress(number, len(ids))
            on, twin = self._article(article_id), self.decided_twin(article_id)
            if twin is not None and on.state in UNDECIDED:
                yield self._work(on, self._article(twin.id))

    def _article(self, article_id: int) -> AnnotatedArticle:
        return self._opened.fresh_sheet(article_id).annotated(self._opened.label_of)

    @staticmethod
    def _work(on: AnnotatedArticle, twin: AnnotatedArticle) -> Work:
        alignment = Alignment(twin.text, on.text)
        labelled = [span for span in twin.spans if not twin.is_aside(*span.range)]
        there = [(span, place) for span in labelled if (place := alignment.find(*span.range)) is not None]
        edits = deciding.take_over(on, there, f"twin {twin.article.uid}")
        is_untouched = not any(span.state is not SpanState.SUGGESTED for span in on.spans)
        whole = alignment.is_equal and is_untouched and len(edits) == len(labelled)
        state = ArticleState.DONE if whole else ArticleState.OPEN if edits else on.state
        return on.id, edits, {"state": state}


def _among(ids: list[int], wanted: Iterable[int] | None) -> list[int]:
    chosen = set(ids if wanted is None else wanted)
    return [each for each in ids if each in chosen]
