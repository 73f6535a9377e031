"""What the learner should have learned, in which order: kept in step with the project, read once."""

import hashlib
from collections.abc import Collection, Sequence

from annotator.model.aside import Range
from annotator.store import asides, lessons
from annotator.store.history import Change
from annotator.store.project import Project

Triple = tuple[int, int, str]


class Curriculum:
    """The finished articles in the order in which they were finished, each with a name for what was decided.

    An article that was opened again stays as it was learned, until it is finished again.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._turns: list[lessons.Turn] | None = None
        self._names: dict[int, str] = {}
        self.version = 0  # another number as soon as the keys may be others

    def forget(self) -> None:
        """Read all again when next asked: articles or labels came or changed."""
        self._turns = None
        self.version += 1

    def took_place(self, seq: int | None, changes: Sequence[Change]) -> None:
        """A step was done, or done again."""
        if self._turns is not None and seq is not None:
            self._turns.extend(lessons.turns_in(seq, changes))
            self._reread(changes)

    def taken_back(self, seq: int, changes: Sequence[Change]) -> None:
        """A step was undone: the newest of those that stood."""
        if self._turns is not None:
            while self._turns and self._turns[-1].seq == seq:
                self._turns.pop()
            self._reread(changes)

    def _reread(self, changes: Sequence[Change]) -> None:
        touched = {change.article_id for change in changes}
        done = {each for each in touched if each is not None and self._is_done(each)}
        if done or any(lessons.turns_in(0, changes)):
            self.version += 1
        self._names |= self._named(done)

    def _named(self, done: Collection[int]) -> dict[int, str]:
        entities, ranges = lessons.entities(self._project, done), asides.left_out(self._project, list(done))
        return {each: name_of(entities.get(each, []), ranges.get(each, ())) for each in done}

    def _is_done(self, article_id: int) -> bool:
        row = self._project.connection.execute("SELECT state FROM article WHERE id = ?", [article_id]).fetchone()
        return row is not None and row[0] == "done"

    def keys(self) -> list[str]:
        """ "ARTICLE:NAME" for each; the name is "*" where what was decided then is not known any more."""
        if self._turns is None:
            self._turns = lessons.turns(self._project)
            entities, ranges = lessons.entities(self._project), asides.left_out(self._project)
            done = lessons.finished(self._project)
            self._names = {each: name_of(entities.get(each, []), ranges.get(each, ())) for each in done}
        place = lessons.finished(self._project)
        for turn in self._turns:
            if turn.finished or turn.article_id not in place:
                place[turn.article_id] = turn.seq
        return [f"{each}:{self._names.get(each, '*')}" for each in sorted(place, key=lambda each: (place[each], each))]


def name_of(entities: Sequence[Triple], left_out: Sequence[Range] = ()) -> str:
    """A short name for what was decided in an article.

    :param left_out: its asides; an article without any has the name that it had before there were asides.
    """
    decided = [*entities, *left_out]
    return hashlib.blake2b(repr(decided).encode(), digest_size=8).hexdigest()
