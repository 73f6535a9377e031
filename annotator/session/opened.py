"""What every verb stands on: the project, what is kept in memory of it, and how a step is written."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle
from annotator.model.deciding import Edit
from annotator.model.label import Label, model_map
from annotator.model.pattern import Pattern
from annotator.session.curriculum import Curriculum
from annotator.session.outcome import Changed, Outcome
from annotator.session.sheet import Sheet
from annotator.store import asides as aside_rows
from annotator.store import history
from annotator.store import labels as label_rows
from annotator.store import memory as memory_rows
from annotator.store import spans as span_rows
from annotator.store import suggestions as suggestion_rows
from annotator.store.identity import now
from annotator.store.project import Project

MANY = 10  # articles; before a step on more, a copy of the project is kept
_SHEETS_KEPT = 8

Listener = Callable[[Changed], None]
Work = tuple[int, Sequence[Edit], dict[str, str | int]]  # article, edits of its spans, its standing
Replay = Callable[[Project, int], history.PastStep | None]


class Opened:
    """An open project with its labels, names and the articles used last."""

    def __init__(self, project: Project, annotator: str) -> None:
        self.project = project
        self.listeners: list[Listener] = []
        self.secure: Callable[[str], object] = lambda _reason: None  # keeps a copy before much changes
        self._sheets: dict[int, Sheet] = {}
        self._seen = project.data_version()
        self.curriculum = Curriculum(project)
        self.sign_as(annotator)

    def sign_as(self, annotator: str) -> None:
        """Who decides from now on."""
        self.annotator, self._annotator_id = annotator, 0
        if not self.project.read_only:
            with self.project.transaction():
                self._annotator_id = label_rows.annotator_id(self.project, annotator)
        self.read_labels()

    def read_labels(self) -> None:
        """Labels changed: nothing kept in memory holds any more."""
        self.labels = label_rows.labels(self.project)
        self.label_of = model_map(self.labels)
        self.known = span_rows.names(self.project)
        self.forget()
        self.curriculum.forget()

    @property
    def kept(self) -> frozenset[int]:
        """The articles in memory."""
        return frozenset(self._sheets)

    def forget(self, article_id: int | None = None) -> None:
        """Read an article, or all, again from the file when next asked for."""
        if article_id is None:
            self._sheets.clear()
        else:
            self._sheets.pop(article_id, None)

    def tell(self, changed: Changed) -> None:
        """Tell all listeners."""
        for listener in self.listeners:
            listener(changed)

    def articles_came(self, labels: bool = False) -> None:
        """An import is through or taken back; it may have brought annotators that nobody knew, and labels."""
        if labels:
            self.read_labels()
        self.known = span_rows.names(self.project)
        self.forget()
        self.curriculum.forget()
        self.tell(Changed(listing=True, labels=labels))

    def may_write(self) -> None:
        """:raises KnownError: the project is open for reading only."""
        if self.project.read_only:
            raise KnownError("The project is open for reading only.")

    def step(self, verb: str) -> AbstractContextManager[history.Step]:
        """A step on the project as a whole, for whoever writes its rows."""
        self.may_write()
        return history.step(self.project, verb, self._annotator_id)

    def sheet(self, article_id: int) -> Sheet:
        """The article in memory; those used last are kept.

        :raises KnownError: there is no such article.
        """
        if type(article_id) is not int:
            raise KnownError(
                "There is no such article.", detail=f"There is no article {article_id!r}: articles have whole numbers."
            )
        self.project.check_readable()
        if self.project.read_only and self._changed_elsewhere():
            self.forget()
        sheet = self._sheets.pop(article_id, None) or self.fresh_sheet(article_id)
        self._sheets[article_id] = sheet
        while len(self._sheets) > _SHEETS_KEPT:
            del self._sheets[next(iter(self._sheets))]
        return sheet

    def _changed_elsewhere(self) -> bool:
        seen, self._seen = self._seen, self.project.data_version()
        return seen != self._seen

    def look_again(self) -> None:
        """Tell listeners where another program has changed the project; for one that is open to look at."""
        if self._changed_elsewhere():
            self.articles_came(labels=True)

    def fresh_sheet(self, article_id: int) -> Sheet:
        """The article read from the file and not kept."""
        return Sheet(self.project, article_id, self.known)

    def article(self, article_id: int) -> AnnotatedArticle:
        """An article with all that is known about its spans at this moment."""
        return self.sheet(article_id).annotated(self.label_of)

    def write(
        self,
        verb: str,
        article_id: int,
        edits: Sequence[Edit] = (),
        place: tuple[int, int] | None = None,
        *,
        spread: bool = True,
        **standing: str | int,
    ) -> Outcome:
        """One step: edits of spans, and state, flagged or comment of the article.

        :param place: (start, end) that the decision was made at.
        :param spread: it was meant for the same words wherever they stand in the article.
        """
        self.may_write()
        sheet = self.sheet(article_id)
        with history.step(self.project, verb, self._annotator_id, article_id) as step:
            step.place, step.spread = place, spread
            span_rows.write_edits(step, article_id, edits, self.known, self.annotator)
            if edits and sheet.standing.state == "new":
                standing.setdefault("state", "open")
            self._write_standing(step, article_id, standing)
        self.curriculum.took_place(step.seq, step.changes)
        if self._reread(step.changes):
            self.tell(Changed(frozenset([article_id])))
        return Outcome(verb, article_id, _spans_in(step.changes), place)

    def write_many(self, verb: str, works: Iterable[Work]) -> Outcome:
        """One step on several articles: edits of spans of each, and its state, flagged or comment.

        :param works: may be made one by one while the step is written; what they raise undoes all of it.
        """
        self.may_write()
        with history.step(self.project, verb, self._annotator_id) as step:
            for article_id, edits, standing in works:
                span_rows.write_edits(step, article_id, edits, self.known, self.annotator)
                self._write_standing(step, article_id, standing)
        self.curriculum.took_place(step.seq, step.changes)
        touched = self._reread(step.changes)
        if touched:
            self.tell(Changed(touched))
        return Outcome(verb, count=_spans_in(step.changes), articles=len(touched))

    def write_asides(
        self, verb: str, article_id: int, edits: Sequence[aside_rows.Edit], place: tuple[int, int]
    ) -> Outcome:
        """One step: passages of an article that are not, or again, to be labelled."""
        self.may_write()
        with history.step(self.project, verb, self._annotator_id, article_id) as step:
            step.place, step.spread = place, False
            signed = [edit._replace(after=replace(edit.after, annotator=self.annotator, at=now())) for edit in edits]
            aside_rows.write_edits(step, article_id, signed, self.known)
        self.curriculum.took_place(step.seq, step.changes)
        if self._reread(step.changes):
            self.tell(Changed(frozenset([article_id])))
        return Outcome(verb, article_id, len(edits), place)

    def write_rewound(self, verb: str, write: Callable[[history.Step], None]) -> Outcome:
        """One step that puts rows of an earlier state back, labels and annotators among them."""
        with self.step(verb) as step:
            write(step)
        self.read_labels()
        for article_id in {change.article_id for change in step.changes if change.table == "aside"}:
            with self.project.transaction():
                self.count_suggestions(article_id or 0)
        touched = frozenset(each for change in step.changes if (each := change.article_id) is not None)
        if step.changes:
            self.tell(Changed(touched, labels=any(change.table == "label" for change in step.changes)))
        return Outcome(verb, count=_spans_in(step.changes), articles=len(touched))

    def count_suggestions(self, article_id: int) -> None:
        """Count again what the list of articles shows; inside a transaction."""
        suggestion_rows.set_count(self.project, article_id, self.sheet(article_id).offered(self.label_of))

    def _reread(self, changes: Sequence[history.Change]) -> frozenset[int]:
        """Bring what is in memory of articles in step with these changes; returns the articles' ids."""
        with_asides = {change.article_id for change in changes if change.table == "aside"}
        spans: dict[int, list[int]] = {}
        for change in changes:
            if change.article_id is not None:
                of_article = spans.setdefault(change.article_id, [])
                of_article += [change.row_id] if change.table == "span" else []
        for article_id in spans.keys() & self._sheets.keys():
            self._sheets[article_id].reread(spans[article_id], article_id in with_asides)
        for article_id in spans.keys() & with_asides:
            with self.project.transaction():
                self.count_suggestions(article_id)
        return frozenset(spans)

    def _write_standing(self, step: history.Step, article_id: int, standing: dict[str, str | int]) -> None:
        before = history.tracked_row(self.project.connection, "article", article_id)
        assert before is not None
        after = before | standing
        if after != before:
            step.write("article", before, after)

    def replay(self, verb: str, take: Replay) -> Outcome | None:
        """Undo or redo one step."""
        self.may_write()
        if verb == "undo" and self.next_step(verb) == "import":
            self.secure("before-undo")
        past = take(self.project, self._annotator_id)
        if past is None:
            return None
        (self.curriculum.taken_back if verb == "undo" else self.curriculum.took_place)(past.seq, past.changes)
        tables = {change.table for change in past.changes}
        if "label" in tables:
            self.read_labels()
        if "import" in tables:
            self.articles_came(labels="label" in tables)
            return Outcome(verb, of=past.verb, articles=sum(map(_articles_in, past.changes)))
        touched = self._reread(past.changes)
        self.tell(Changed(touched, labels="label" in tables, memory="pattern" in tables))
        place = None if past.start is None or past.end is None else (past.start, past.end)
        return Outcome(verb, past.article_id, _spans_in(past.changes), place, of=past.verb, articles=len(touched))

    def write_labels(self, labels: Sequence[Label], *, undoable: bool) -> None:
        """Make these the labels; the first ones of a project are no step."""
        self.may_write()
        if undoable:
            if _loses_names(self.labels, labels):
                self.secure("before-labels")
            with history.step(self.project, "labels", self._annotator_id) as step:
                label_rows.write_labels(step, self.project, tuple(labels))
        else:
            with self.project.transaction():
                step = history.Step(self.project, "labels", self._annotator_id, None)
                label_rows.write_labels(step, self.project, tuple(labels))
        if step.changes:
            self.read_labels()
            self.tell(Changed(labels=True))

    def write_memory(self, verb: str, wanted: Iterable[Pattern], gone: Sequence[Pattern] = ()) -> int:
        """One step: add or change entries of the memory, and take others away; returns how many it touched."""
        self.may_write()
        with history.step(self.project, verb, self._annotator_id) as step:
            memory_rows.remove_patterns(step, gone, self.project)
            memory_rows.write_patterns(step, wanted, self.project, self.known.label_ids)
        if step.changes:
            self.tell(Changed(memory=True))
        return len(step.changes)

    def next_step(self, of: str) -> str | None:
        """The verb that the next "undo" or "redo" is about, None where there is none."""
        undo_top, redo_top = history.tops(self.project)
        if of == "undo":
            verb = None if undo_top is None else history.past_step(self.project, undo_top).verb
            return None if verb == history.SALVAGE else verb
        target = None if redo_top is None else history.past_step(self.project, redo_top).target
        return None if target is None else history.past_step(self.project, target).verb


def _loses_names(before: Sequence[Label], after: Sequence[Label]) -> bool:
    """Is a label on offer renamed or retired?"""
    names = {label.id: label.name for label in after if not label.retired}
    return any(names.get(label.id) != label.name for label in before if not label.retired)


def _spans_in(changes: Iterable[history.Change]) -> int:
    return len({change.row_id for change in changes if change.table == "span"})


def _articles_in(change: history.Change) -> int:
    """How many articles an import brought."""
    row = change.after or change.before or {}
    return int(row["last"] - row["first"] + 1) if change.table == "import" else 0
