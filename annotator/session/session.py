"""The session: an open project and everything that can be done with it."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from annotator import exporters, importers, resources
from annotator.errors import KnownError
from annotator.importers.base import AS_FOUND, ReadOptions
from annotator.model import deciding
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.aside import covers
from annotator.model.deciding import Edit, Reach
from annotator.model.label import Label
from annotator.model.span import Span, SpanState, Suggestion
from annotator.model.text import storable
from annotator.model.tokens import Tokens, whole_graphemes
from annotator.session.exporting import Choice, export_articles
from annotator.session.from_files import take_files
from annotator.session.importing import Import, Wish, importing, take_objects
from annotator.session.outcome import Changed, ExportReport, ImportReport, Outcome
from annotator.session.reader import Reader
from annotator.session.scheme import checked_labels
from annotator.store import asides as aside_rows
from annotator.store import history
from annotator.store import suggestions as suggestion_rows
from annotator.store.complaints import known_errors
from annotator.store.project import Project
from annotator.store.values import LONGEST_MODEL
from annotator.suggest import DEFAULT_MODEL, Reading, exists, load_source, tokenizer, trust

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
        anyway: bool = False,
        learner: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Session":
        """Open a project.

        :param create: make it where it is not there; only then do labels, model and learner count.
        :param labels: a scheme's name ("ontonotes", "conll", "news") or the path of a scheme file.
        :param model: a spaCy pipeline by name or path, or "blank:LANGUAGE".
        :param annotator: who decides; the system's user name if left out.
        :param read_only: to look only: takes no lock, follows what another program writes meanwhile.
        :param anyway: also where a computer that is not this one says that it has the project open.
        :param learner: suggestions are learned from decisions; else they are the pipeline's alone.
        :param progress: called now and then with (what is done, what there is to do) while a project that this
            program did not leave so is looked through; what it raises ends that, and nothing is opened.
        :raises KnownError: not there, not a project, in use, made by a newer version.
        """
        path = Path(path)
        if not create or read_only or os.path.exists(path):  # noqa: PTH110 (Path's raises where the folder may not be entered)
            with known_errors(path):  # a file that was sound when it was closed may have suffered since
                return cls(Project(path, read_only=read_only, anyway=anyway, progress=progress), annotator)
        scheme = resources.scheme(labels)
        trust.choose(model)
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
        with self._importing(Wish()) as taking:
            return take_objects(taking, records)

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
        ask_unit: bool = False,
        options: ReadOptions = AS_FOUND,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Import files, folders and globs as one step.

        :param format: as `annotator formats` names it, for all files; by default each one's content tells.
        :param strict: where a record is not in order, and could only be repaired or left out, nothing is imported.
        :param decided: spans that other tools wrote are decisions, not suggestions, and their articles done;
            one of whose spans some had to be left out is open.
        :param labels: the project's label for a label of the files; "" leaves such spans out.
        :param new_labels: a label that the project has not is added to it; else its spans are left out.
        :param ask: raises UnknownLabelsError where there is such a label.
        :param ask_unit: raises UnitUndecidedError where a file does not say how it counts offsets;
            else such a file is left out, and the report says so.
        :param options: how the files are to be read, as `ReadOptions(Unit.UTF16, text_column="body")`.
        :param progress: called before each record, and while one is waited for, with (files read, files in all).
        :returns: what became of each record, with the ids of the articles that came; empty where none did.
        :raises KnownError: a path is not there; the format is unknown; strict and not all accepted; one of
            those that are asked for. Then nothing is imported.
        """
        files = importers.names_of([paths] if isinstance(paths, str | Path) else paths)
        if format is not None:
            importers.by_name(format)
        beat = (lambda: progress(len(files), len(files))) if progress else (lambda: None)
        with self._importing(Wish(decided, dict(labels or {}), new_labels, ask, ask_unit), beat) as taking:
            take_files(taking, files, format, strict, options, progress)
        return taking.report

    def _importing(self, wish: Wish, beat: Callable[[], object] = lambda: None) -> AbstractContextManager[Import]:
        return importing(self._opened, wish, partial(self._settle, beat))

    def _settle(self, beat: Callable[[], object], report: ImportReport) -> None:
        """Find which new articles are nearly the same as earlier ones, and give all their places."""
        report.twins = self.twins.find(report.ids, beat)
        self.order.place_new(report.ids)

    def export(
        self,
        out: str | Path,
        *,
        format: str | None = None,
        state: str = "done",
        picked: str = "all",
        with_rejected: bool = False,
        split: str | None = None,
        group: Collection[str] = (),
        strict: bool = False,
        replace: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> ExportReport:
        """Write a dataset, and beside it a manifest, which says what it is made of; see `annotator.session.manifest`.

        :param out: the file, or the folder; with a split, what its parts are named after.
        :param format: as `annotator formats` names it; by default the one that the ending belongs to, else JSONL.
        :param state: "done", or "all" articles.
        :param picked: "random" for only those articles that were picked at random, the ones to evaluate on;
            "rest" for all others; "all" for both.
        :param with_rejected: rejected spans leave too, as negatives.
        :param split: shares of train, dev and test, as "80/10/10"; see `annotator.session.splits`.
        :param group: "source", "day" or both: articles alike in it are on one side, as near-duplicates always are.
        :param strict: write nothing where a span would be adjusted or left out.
        :param replace: write over whatever file is there; else only over what the last export left there.
        :param progress: called with (articles read, articles in all).
        :returns: for each file how many articles and spans it holds, and each span that did not leave as it is.
        :raises KnownError: unknown format, split or group; no article; strict and a span is not written as it is;
            or the file cannot be written. An old file of that name is then untouched.
        """
        ties = (group,) if isinstance(group, str) else tuple(group)
        choice = Choice(state, picked, with_rejected, split, ties, strict, replace)
        return export_articles(self._opened, Path(out), format or exporters.likely(Path(out)).name, choice, progress)

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
            left_out = aside_rows.left_out(self.project, [article_id]).get(article_id, ())
            known = [s for s in reading.suggestions if s.label in self._opened.label_of]
            offered = sum(not covers(left_out, s.start, s.end) for s in known)
            suggestion_rows.set_count(self.project, article_id, offered)
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

    def set_model(self, model: str, *, chosen: bool = True) -> None:
        """Use another pipeline; articles are read again as they come up.

        :param chosen: a person named it, so that its folder may be loaded here from now on; False for one that
            stands in the project.
        :raises KnownError: there is none of that name or at that place.
        """
        self._opened.may_write()
        if not exists(model) or len(model) > LONGEST_MODEL:
            raise KnownError(f"There is no pipeline {model[:LONGEST_MODEL]}.", "The one before stays.")
        if chosen:
            trust.choose(model)
            tokenizer.cache_clear()
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

    def decide(self, article_id: int, spans: Iterable[Span | Sequence[Any] | Mapping[str, Any]]) -> Outcome:
        """These are the article's spans: confirms, rejects, relabels, resizes, adds; and it is done.

        :param spans: (start, end, label) and whatever follows, as `suggest` answers; {"start", "end", "label"} and
            whatever else; or Spans.
        """
        if isinstance(spans, str | bytes | Mapping) or not isinstance(spans, Iterable):
            raise KnownError(f"{spans!r} are no spans.", "Give a list of them.")
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


def _triple(span: Span | Sequence[Any] | Mapping[str, Any]) -> tuple[int, int, str]:
    if isinstance(span, Span):
        return span.start, span.end, span.label
    triple: Sequence[Any] = span[:3] if isinstance(span, Sequence) else ()
    if isinstance(span, Mapping):
        triple = [span.get(key) for key in ("start", "end", "label")]
    if [type(part) for part in triple] != [int, int, str]:
        raise KnownError(f"{span!r} is no span.", "A span is start, end and label.")
    start, end, label = triple
    return start, end, label


def _found(on: AnnotatedArticle, span: SpanLike) -> Span:
    """The span that is shown at a place."""
    start, end, *label = (span.start, span.end, span.label) if isinstance(span, Span) else span
    there = [s for s in on.spans if s.range == (start, end) and (not label or s.label == label[0])]
    if not there:
        raise KnownError(
            "This highlight is gone: it was changed or taken back meanwhile.",
            "Go to another one, or choose the words anew.",
            detail=f"There is no span {start}-{end} in article {on.id}.",
        )
    return min(there, key=lambda span: span.state is SpanState.REJECTED)


def _inside(on: AnnotatedArticle, start: int, end: int) -> None:
    if not 0 <= start < end <= len(on.text):
        raise KnownError(
            "These words are not in the text of the article.",
            "Choose others.",
            detail=f"The span {start}-{end} is not inside the text of {len(on.text)} characters.",
        )
