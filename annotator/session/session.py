"""The session: an open project and everything that can be done with it."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from annotator import importers, resources
from annotator.errors import KnownError
from annotator.importers.base import AS_FOUND, Problem, ReadOptions, Record, UnitUndecidedError
from annotator.model import deciding
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.deciding import Edit, Reach
from annotator.model.label import Label, model_map
from annotator.model.span import Span, SpanState, Suggestion
from annotator.model.text import storable
from annotator.model.tokens import Tokens, whole_graphemes
from annotator.session.exporting import Choice, export_articles
from annotator.session.importing import Import, UnknownLabelsError, as_decided, unless_all_accepted
from annotator.session.outcome import Changed, ExportReport, ImportReport, Outcome
from annotator.session.reader import Reader
from annotator.session.scheme import checked_labels
from annotator.store import history
from annotator.store import suggestions as suggestion_rows
from annotator.store.project import Project
from annotator.suggest import DEFAULT_MODEL, Reading, exists, load_source

DEFAULT_LABELS = "news"

SpanLike = Span | tuple[int, int] | tuple[int, int, str]
Plan = Callable[[AnnotatedArticle, Span], list[Edit]]


class Session(Reader):
    """An open project. Use `Session.open`; close it, or use it in a `with`.

    Every verb raises KnownError where it cannot be done, and has then changed nothing.
    """

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = False,
        labels: str = DEFAULT_LABELS,
        model: str = DEFAULT_MODEL,
        annotator: str | None = None,
        read_only: bool = False,
        learner: bool = True,
    ) -> "Session":
        """Open a project.

        :param create: make it where it is not there; only then do labels, model and learner count.
        :param labels: a scheme's name ("ontonotes", "conll", "news") or the path of a scheme file.
        :param model: a spaCy pipeline by name or path, or "blank:LANGUAGE".
        :param annotator: who decides; the system's user name if left out.
        :param learner: suggestions are learned from decisions; else they are the pipeline's alone.
        :raises KnownError: not there, not a project, in use, made by a newer version.
        """
        path = Path(path)
        if not create or read_only or os.path.exists(path):  # noqa: PTH110 (Path's raises where the folder may not be entered)
            return cls(Project(path, read_only=read_only), annotator)
        scheme = resources.scheme(labels)
        session = cls(Project.create(path), annotator)
        with session.project.transaction():
            session.project.set_meta("model", model)
            session.project.set_meta("learner", "on" if learner else "off")
        session._opened.write_labels(scheme.labels, undoable=False)
        return session

    # Articles in and out

    def add_articles(self, records: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add articles given as {"id", "text", "meta", "spans"}; only the text is needed.

        :returns: an id for each record, in order; that of the article there already where the
            same one was added before.
        :raises KnownError: one cannot be added; then none is.
        """
        with self.project.transaction():
            importing = self._import()
            ids = [
                self._added(importing, importers.record_of(dict(r), f"record {n}")) for n, r in enumerate(records, 1)
            ]
            _settle(self, importing.report)
        self._opened.articles_came()
        return ids

    @staticmethod
    def _added(importing: Import, item: Record | Problem) -> int:
        left_out = importing.report.spans_left_out
        article_id = importing.take_one(item)
        if article_id is None or importing.report.spans_left_out > left_out:
            last = importing.report.lines[-1]
            raise KnownError(f"No article was added: {last.where}: {last.reason}.")
        return article_id

    def import_files(
        self,
        paths: str | Path | Sequence[str | Path],
        *,
        format: str | None = None,
        strict: bool = False,
        decided: bool = False,
        labels: Mapping[str, str] | None = None,
        new_labels: bool = False,
        ask: bool = False,
        options: ReadOptions = AS_FOUND,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Import files, folders and globs, all or (where `strict` and one is not accepted) none.

        :param decided: spans that other tools wrote are decisions, not suggestions, and their articles done.
        :param labels: from the files' labels to the project's; "" leaves such spans out.
        :param new_labels: a label that is not among these and that the project has not is added to it.
        :param ask: such a label raises UnknownLabelsError.
        :param options: how the files are to be read.
        :param progress: called before each record with (files read, files in all).
        :raises KnownError: a path is not there; the format is unknown; strict and not all accepted.
        :raises UnitUndecidedError: a file does not say how it counts offsets.
        """
        paths = [paths] if isinstance(paths, str | Path) else paths
        files = importers.files_of([Path(path) for path in paths])
        if format is not None:
            importers.by_name(format)
        if new_labels:
            records = (item for file in files for item in _records(file, format, options))
            _add_labels_of(self, records, labels or {})
        with self.project.transaction():
            importing = self._import(labels)
            for number, file in enumerate(files):
                for item in _records(file, format, options):
                    if progress is not None:
                        progress(number, len(files))
                    importing.take_one(as_decided(item) if decided else item)
            if ask and importing.unknown:
                raise UnknownLabelsError(importing.unknown)
            if strict:
                unless_all_accepted(importing.report)
            _settle(self, importing.report, lambda: progress(len(files), len(files)) if progress else None)
        self._opened.articles_came()
        return importing.report

    def _import(self, labels: Mapping[str, str] | None = None) -> Import:
        self._opened.may_write()
        return Import(self.project, self.all_labels, self.annotator, labels)

    def export(
        self,
        out: str | Path,
        *,
        format: str = "jsonl",
        state: str = "done",
        picked: str = "all",
        with_rejected: bool = False,
        split: str | None = None,
        group: Collection[str] = (),
        strict: bool = False,
        replace: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> ExportReport:
        """Write a dataset.

        :param state: "done", or "all" articles.
        :param picked: "random" for only those articles that were picked at random, the ones to evaluate on;
            "rest" for all others; "all" for both.
        :param with_rejected: rejected spans leave too, as negatives.
        :param split: shares of train, dev and test, as "80/10/10".
        :param strict: where the format cannot hold something, nothing is written.
        :param replace: write over whatever file is there.
        :param group: "source", "day": articles that are alike in these go to the same part.
        :raises KnownError: unknown format or split, or the file cannot be written; an old file
            of that name is then untouched.
        """
        choice = Choice(state, picked, with_rejected, split)
        return export_articles(self._opened, Path(out), format, choice, progress)

    # Suggestions

    def suggest(self, article_id: int) -> list[Suggestion]:
        """What the window highlights now, suggested and confirmed; reads the article first where needed."""
        if self.learning.is_on:
            self.learning.suggest(article_id)
        elif self._opened.sheet(article_id).stored.model != self.model:
            reading = load_source(self.model).read(self.article(article_id).text)
            if self.project.read_only:
                self.preview(article_id, reading)
            else:
                self.keep_reading(article_id, self.model, reading)
        shown = self.article(article_id).spans
        kept = [span for span in shown if span.state is not SpanState.REJECTED]
        return [Suggestion(s.start, s.end, s.label, s.confidence, s.source) for s in kept]

    def keep_reading(self, article_id: int, model: str, reading: Reading) -> None:
        """Store what a source made of an article; what a person decided stays as it is."""
        if model != self.model:
            return
        with self.project.transaction():
            suggestion_rows.save_reading(
                self.project, article_id, "pipeline", model, reading.suggestions, reading.tokens
            )
            known = [s for s in reading.suggestions if s.label in self._opened.label_of]
            suggestion_rows.set_count(self.project, article_id, len(known))
        self._opened.forget(article_id)
        self._opened.tell(Changed(frozenset([article_id])))

    def preview(self, article_id: int, reading: Reading) -> None:
        """Show suggestions for the beginning of an article that is still being read; nothing is stored."""
        self._opened.sheet(article_id).preview(reading.suggestions)
        self._opened.tell(Changed(frozenset([article_id])))

    def use_tokens(self, article_id: int, tokens: Sequence[tuple[int, int]]) -> None:
        """Snap to these tokens while the article is open; for when there is no pipeline to read it."""
        self._opened.sheet(article_id).use_tokens(whole_graphemes(self.article(article_id).text, Tokens(tokens)))
        self._opened.tell(Changed(frozenset([article_id])))

    def set_model(self, model: str) -> None:
        """Use another pipeline; articles are read again as they come up.

        :raises KnownError: there is none of that name or at that place.
        """
        self._opened.may_write()
        if not exists(model):
            raise KnownError(f"There is no pipeline {model}.", "The one before stays.")
        with self.project.transaction():
            if model != self.model:
                self.training.remember(self.model)
            self.project.set_meta("model", model)
        self._opened.forget()
        self._opened.tell(Changed(frozenset(self.article_ids())))

    def learn(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Return when everything decided so far has been learned; the next `suggest` knows it.

        :param progress: called before each lesson with (learned, all that wait).
        """
        self.learning.catch_up(progress)

    # Decisions. `everywhere`: True reaches all same occurrences in the article, "later" those behind the place.

    def confirm(self, article_id: int, span: SpanLike, *, everywhere: Reach = False) -> Outcome:
        """The span is right as it stands."""
        return self._decide("confirm", article_id, span, partial(deciding.confirm, everywhere=everywhere))

    def reject(self, article_id: int, span: SpanLike, *, everywhere: Reach = False) -> Outcome:
        """The span is no entity."""
        return self._decide("reject", article_id, span, partial(deciding.reject, everywhere=everywhere))

    def relabel(self, article_id: int, span: SpanLike, label: str, *, everywhere: Reach = False) -> Outcome:
        """The span is an entity of another kind."""
        self._known_label(label)
        plan = partial(deciding.relabel, label=label, everywhere=everywhere)
        return self._decide("relabel", article_id, span, plan)

    def relabel_all(self, article_id: int, spans: Sequence[SpanLike], label: str) -> Outcome:
        """Several spans are entities of another kind: one step."""
        self._known_label(label)
        on = self.article(article_id)
        chosen = list(dict.fromkeys(_found(on, span) for span in spans))
        place = min((span.range for span in chosen), default=None)
        return self._opened.write("relabel_all", article_id, deciding.relabel_all(on, chosen, label), place=place)

    def resize(self, article_id: int, span: SpanLike, start: int, end: int, *, everywhere: Reach = False) -> Outcome:
        """The span reaches from start to end."""
        on = self.article(article_id)
        _inside(on, start, end)
        edits = deciding.resize(on, _found(on, span), start, end, everywhere)
        return self._opened.write("resize", article_id, edits, place=(start, end))

    def add(self, article_id: int, start: int, end: int, label: str, *, everywhere: Reach = False) -> Outcome:
        """[start, end) is an entity."""
        on = self.article(article_id)
        _inside(on, start, end)
        self._known_label(label)
        return self._opened.write(
            "add", article_id, deciding.add(on, start, end, label, everywhere), place=(start, end)
        )

    def decide(self, article_id: int, spans: Iterable[Span | Sequence[Any]]) -> Outcome:
        """These are the article's spans: confirms, rejects, relabels, resizes, adds; and it is done.

        :param spans: (start, end, label) and whatever follows, as `suggest` answers; or Spans.
        """
        on, wanted = self.article(article_id), [_triple(span) for span in spans]
        for start, end, label in wanted:
            _inside(on, start, end)
            self._known_label(label)
        return self._opened.write("decide", article_id, deciding.decide(on, wanted), state=ArticleState.DONE)

    def finish(self, article_id: int, looked_at_all: bool = True) -> Outcome:
        """Confirm every suggestion that is left; the article is done.

        :param looked_at_all: False where only the less sure suggestions were visited: such an article cannot
            tell what that misses (see `Missed`), and its step says so.
        """
        edits = deciding.confirm_rest(self.article(article_id))
        verb = "finish" if looked_at_all else "finish_sure"
        return self._opened.write(verb, article_id, edits, state=ArticleState.DONE)

    def reopen(self, article_id: int) -> Outcome:
        """The article is not done after all."""
        return self._opened.write("reopen", article_id, [], state=ArticleState.OPEN)

    def skip(self, article_id: int) -> Outcome:
        """Leave the article out; its decisions stay."""
        return self._opened.write("skip", article_id, [], state=ArticleState.SKIPPED)

    def flag(self, article_id: int, flagged: bool = True) -> Outcome:
        """Mark the article for somebody to look at, or take the mark away."""
        return self._opened.write("flag", article_id, [], flagged=int(flagged))

    def comment(self, article_id: int, comment: str) -> Outcome:
        """Say something about the article; an empty comment takes it away."""
        return self._opened.write("comment", article_id, [], comment=storable(comment)[0])

    def set_labels(self, labels: Sequence[Label]) -> Outcome:
        """Make these the labels, in this order; one that is missing is retired, its spans stay.

        :raises KnownError: two have the same name or key, or one has no name.
        """
        self._opened.write_labels(checked_labels(labels, self.all_labels), undoable=True)
        return Outcome("labels", count=len(labels))

    def sign_as(self, annotator: str) -> None:
        """Somebody else decides from now on."""
        self._opened.may_write()
        self._opened.sign_as(annotator)

    def undo(self) -> Outcome | None:
        """Take back the newest step that stands; None where there is none."""
        return self._opened.replay("undo", history.undo)

    def redo(self) -> Outcome | None:
        """Do again what the newest undo took back; None where there is none."""
        return self._opened.replay("redo", history.redo)

    def _decide(self, verb: str, article_id: int, span: SpanLike, plan: Plan) -> Outcome:
        on = self.article(article_id)
        found = _found(on, span)
        return self._opened.write(verb, article_id, plan(on, found), place=found.range)

    def _known_label(self, name: str) -> None:
        if not any(label.name == name for label in self.labels):
            names = ", ".join(label.name for label in self.labels)
            raise KnownError(f"The project has no label {name}.", f"It has {names}.")


def _records(file: Path, format: str | None, options: ReadOptions) -> Iterator[Record | Problem]:
    """What a file holds; one that cannot be read is a problem of its own and stops no other."""
    try:
        yield from importers.read(file, format, options)
    except UnitUndecidedError:
        raise
    except KnownError as error:
        yield Problem(file.name, f"{error.title} {error.advice}".strip())


def _add_labels_of(session: Session, records: Iterable[Record | Problem], meanings: Mapping[str, str]) -> None:
    """Labels that the project has not become its own."""
    spans = (span for item in records if isinstance(item, Record) for span in item.spans)
    known = {label.name for label in session.all_labels} | set(model_map(session.all_labels)) | set(meanings)
    new = dict.fromkeys(span.label for span in spans if span.label not in known)
    session._opened.write_labels((*session.all_labels, *map(Label, new)), undoable=True)


def _settle(session: Session, report: ImportReport, beat: Callable[[], object] = lambda: None) -> None:
    """Find which new articles are nearly the same as earlier ones, and give all their places; inside a transaction."""
    report.twins = session.twins.find(report.ids, beat)
    session.order.place_new(report.ids)


def _triple(span: Span | Sequence[Any]) -> tuple[int, int, str]:
    triple = (span.start, span.end, span.label) if isinstance(span, Span) else tuple(span)[:3]
    if len(triple) != 3 or [type(part) for part in triple] != [int, int, str]:
        raise KnownError(f"{span!r} is no span.", "A span is start, end and label.")
    return triple


def _found(on: AnnotatedArticle, span: SpanLike) -> Span:
    """The span that is shown at a place."""
    start, end, *label = (span.start, span.end, span.label) if isinstance(span, Span) else span
    there = [s for s in on.spans if s.range == (start, end) and (not label or s.label == label[0])]
    if not there:
        raise KnownError(f"There is no span {start}-{end} in the article.", "It may have been changed meanwhile.")
    return min(there, key=lambda span: span.state is SpanState.REJECTED)


def _inside(on: AnnotatedArticle, start: int, end: int) -> None:
    if not 0 <= start < end <= len(on.text):
        raise KnownError(f"The span {start}-{end} is not inside the text of {len(on.text)} characters.")
