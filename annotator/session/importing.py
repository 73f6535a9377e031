"""Records into the project, each accounted for: one import is one step."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from annotator import importers
from annotator.errors import KnownError
from annotator.importers.base import Problem, Record
from annotator.model.article import ArticleState, text_sha256
from annotator.model.aside import Aside, AsideState, counting, covers
from annotator.model.label import Label, is_name, model_map
from annotator.model.span import Decision, Span, SpanState, Suggestion, Was
from annotator.model.text import storable, text_uid
from annotator.resources import HUES
from annotator.session.opened import Opened
from annotator.session.outcome import ImportReport, ReportLine, counted, labels_shown
from annotator.store import labels as label_rows
from annotator.store import spans as span_rows
from annotator.store.articles import Standing
from annotator.store.history import Step
from annotator.store.identity import now
from annotator.store.incoming import Arrival, AsideRow, Incoming, SpanRow
from annotator.store.suggestions import packed_reading

VERB = "import"
_DIGITS = "1234567890"  # the keys that are a label's or nobody's

_MOST_LINES = 100_000  # of a report: a file of nothing but bad lines may have millions
_LONGEST_LABEL = 200  # code points; what is longer is a text under the wrong key
_LONGEST_PLACE, _LONGEST_REASON = 300, 500  # code points; what quotes a file may be as long as the file


class Wish(NamedTuple):
    """How the spans of an import are to be taken.

    :param decided: those that other tools wrote are decisions, not suggestions, and their articles done.
    :param labels: the project's label for a label of the files; "" leaves such spans out.
    :param new_labels: a label that the project has not is added to it; else its spans are left out.
    :param ask: where there is such a label, nothing is imported and UnknownLabelsError raised.
    :param ask_unit: where a file does not say how it counts offsets, nothing is imported and UnitUndecidedError
        raised; else only that file is left out.
    """

    decided: bool = False
    labels: Mapping[str, str] = {}
    new_labels: bool = False
    ask: bool = False
    ask_unit: bool = False


class UnknownLabelsError(KnownError):
    """The files have labels that the project has not.

    :param counts: how many spans each of them has.
    """

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        super().__init__(f"The project has no label {labels_shown(counts)}.", "Say what becomes of their spans.")


@contextmanager
def importing(opened: Opened, wish: Wish, settle: Callable[[ImportReport], None]) -> Iterator["Import"]:
    """An import as one step; none at all where it brings no article or raises.

    :param settle: called in the end, when all articles are written.
    """
    with uncollected(), opened.step(VERB) as step:
        taking = Import(opened, step, wish)
        yield taking
        taking.finish()
        settle(taking.report)
    opened.articles_came(labels=bool(taking.report.new_labels))


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing that is made meanwhile refers to itself, and looking for such things would take a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def take_objects(taking: "Import", records: Iterable[Mapping[str, Any]]) -> list[int]:
    """Take records that a script has in memory; returns an id for each.

    :raises KnownError: one cannot be taken as it is.
    """
    if isinstance(records, str | bytes | Mapping) or not isinstance(records, Iterable):
        raise KnownError("No article was added: these are no records.", "Give a list of them.")
    ids = []
    for number, fields in enumerate(records, 1):
        if not isinstance(fields, Mapping):
            raise KnownError(f"No article was added: record {number} is {type(fields).__name__}, not a mapping.")
        ids.append(taking.take_whole(importers.record_of(dict(fields), f"record {number}")))
    return ids


class Import:
    """One import while it takes records, inside its step."""

    def __init__(self, opened: Opened, step: Step, wish: Wish) -> None:
        self._project, self._step, self._wish = opened.project, step, wish
        self._incoming = Incoming(opened.project, step)
        self._known = span_rows.names(opened.project)
        self._labels = list(opened.labels)
        self._label_of = {label.name: label.name for label in opened.labels} | model_map(opened.labels)
        self._annotator, self._now = opened.annotator, now()
        self._left_out: dict[str, ReportLine] = {}  # the first place of each label whose spans are left out
        self._unsaid = Counter[str]()  # remarks, by their kind, that the report has no room for
        self._left_out_as_told: dict[str, int] = {}
        self.files: list[str] = []
        self.asks_unit = wish.ask_unit
        self.report = ImportReport()
        for theirs, ours in wish.labels.items():
            self._label_of[theirs] = self._wished(ours)

    def _wished(self, name: str) -> str:
        if name and name not in self._known.label_ids and not self._wish.new_labels:
            names = ", ".join(label.name for label in self._labels if not label.retired)
            advice = f"It has {names}. Another is added where new labels are wanted (--new-labels)."
            raise KnownError(f"The project has no label {name}.", advice)
        return name

    # Records

    def take(self, item: Record | Problem) -> int | None:
        """Store one record; returns the article's id, also of one that was there already."""
        if isinstance(item, Problem):
            self._reject(item.where, item.reason)
            return None
        text, replaced = storable(item.article.text)
        uid, sha256 = item.article.uid or text_uid(text), text_sha256(text)
        there = self._incoming.known(uid)
        if there is not None:
            return self._met_again(item.where, uid, there, sha256)
        if replaced or uid != item.article.uid:
            item = replace(item, article=replace(item.article, uid=uid, text=text))
        notes = [f"{replaced} characters that cannot be stored were replaced by U+FFFD."] if replaced else []
        return self._store(item, sha256, notes)

    def take_whole(self, item: Record | Problem) -> int:
        """The same for a record of which nothing may be left out.

        :raises KnownError: it cannot be taken, or only in part.
        """
        left_out = self.report.spans_left_out
        article_id = self.take(item)
        if article_id is None or self.report.spans_left_out > left_out:
            line = next(iter(self._left_out.values()), None) or self.report.lines[-1]
            raise KnownError(f"No article was added: {line.where}: {line.reason}.")
        return article_id

    def _met_again(self, where: str, uid: str, there: tuple[int, str], sha256: str) -> int | None:
        article_id, known_sha256 = there
        if sha256 != known_sha256:
            self._reject(where, f"another article with the id {uid} is in the project already")
            return None
        self.report.skipped += 1
        self._remark(where, "skipped", "the article is in the project already")
        return article_id

    def _reject(self, where: str, reason: str) -> None:
        self.report.rejected += 1
        self._remark(where, "rejected", reason)

    def _store(self, record: Record, sha256: str, notes: list[str]) -> int:
        decide = self._wish.decided and record.state is ArticleState.NEW and _says_spans(record)
        state = ArticleState.DONE if decide else record.state
        spans = _Spans(record, decide)
        for span in record.spans:
            self._take_span(span, spans)
        if state is ArticleState.DONE and spans.lost:
            state = ArticleState.OPEN
            self.report.left_open += 1
        reading = packed_reading(VERB, "", spans.suggested, record.tokens) if spans.suggested or record.tokens else None
        standing = Standing(state, record.flagged, record.comment)
        left_out = counting(record.asides)
        offered = sum(not covers(left_out, span.start, span.end) for span in spans.suggested)
        asides = [self._aside_row(aside) for aside in record.asides]
        arrival = Arrival(record.article, sha256, standing, spans.rows, reading, offered, asides)
        article_id = self._incoming.add(arrival)
        self._account(article_id, spans, [*record.notes, *notes])
        return article_id

    def _account(self, article_id: int, spans: "_Spans", notes: list[str]) -> None:
        report = self.report
        report.ids.append(article_id)
        report.spans += len(spans.rows) + len(spans.suggested)
        report.spans_left_out += len(spans.problems)
        if notes or spans.lost or spans.problems:
            report.repaired += 1
        else:
            report.accepted += 1
        for remark in (*notes, *spans.problems):
            self._remark(spans.where, "repaired", remark)

    # Spans

    def _take_span(self, span: Span, into: "_Spans") -> None:
        label = self._label_of.get(span.label)
        if label is None and self._wish.new_labels and len(span.label) <= _LONGEST_LABEL and is_name(span.label):
            label = self._label_of[span.label] = span.label
        if not label:
            self._leave_out(span.label, into)
        elif not 0 <= span.start < span.end <= into.length:
            into.lose(f"span {span.start}-{span.end} left out: it is outside the text")
        elif (span.start, span.end, label) in into.taken:
            into.lose(f"span {span.start}-{span.end} left out: another one there is {label} already")
        else:
            into.taken.add((span.start, span.end, label))
            label_id = self._label_id(label)
            if span.state is SpanState.SUGGESTED and not into.decide:
                into.suggested.append(Suggestion(span.start, span.end, label, span.confidence, span.source))
            else:
                into.rows.append(self._row(span, label_id, into))

    def _leave_out(self, label: str, into: "_Spans") -> None:
        self.report.spans_left_out += 1
        if self._wish.labels.get(label) == "":
            self._left_out_as_told[label] = self._left_out_as_told.get(label, 0) + 1
            return
        into.lost = True
        counts = self.report.unknown_labels
        counts[label] = counts.get(label, 0) + 1
        self._left_out.setdefault(label, ReportLine(into.where, "repaired", f"the project has no label {label}"))

    def _row(self, span: Span, label_id: int, into: "_Spans") -> SpanRow:
        state = "rejected" if span.state is SpanState.REJECTED else "confirmed"
        decision = span.decision or (Decision.REJECT if state == "rejected" else Decision.ADD)
        was_start, was_end, was_label_id = (None, None, None) if span.was is None else self._was(span.was, into)
        annotator_id = self._annotator_id(span.annotator or self._annotator)
        return (
            *(span.uid, span.start, span.end, label_id, state, _DECISIONS[decision], span.source, span.confidence),
            *(annotator_id, span.at or self._now, was_start, was_end, was_label_id),
        )

    def _aside_row(self, aside: Aside) -> AsideRow:
        decided = aside.state is not AsideState.SUGGESTED
        by = (
            (self._annotator_id(aside.annotator or self._annotator), aside.at or self._now) if decided else (None, None)
        )
        return aside.uid, aside.start, aside.end, str(aside.state), *by

    def _was(self, was: Was, into: "_Spans") -> tuple[int | None, int | None, int | None]:
        label = self._label_of.get(was.label)
        if label:
            return was.start, was.end, self._label_id(label)
        into.problems.append(f"what a span was is left out: the project has no label {was.label}")
        return None, None, None

    def _label_id(self, name: str) -> int:
        if name not in self._known.label_ids:
            self._known.label_ids[name] = self._add_label(name)
        return self._known.label_ids[name]

    def _add_label(self, name: str) -> int:
        """Behind the others, in the first colour and with the first digit for a key that none of them has."""
        used = {label.colour for label in self._labels} | {label.key for label in self._labels}
        colour = next((hue for hue in HUES if hue not in used), "slate")
        label = Label(name, colour, next((digit for digit in _DIGITS if digit not in used), ""))
        row = label_rows.label_row(label, len(self._labels))
        self._labels.append(label)
        self.report.new_labels.append(name)
        return self._step.write("label", None, row)

    def _annotator_id(self, name: str) -> int:
        if name not in self._known.annotator_ids:
            self._known.annotator_ids[name] = label_rows.annotator_id(self._project, name)
        return self._known.annotator_ids[name]

    # The end

    def unless_unknown_labels(self) -> None:
        """For imports that ask.

        :raises UnknownLabelsError: the project has not all labels.
        """
        if self._wish.ask and self.report.unknown_labels:
            raise UnknownLabelsError(self.report.unknown_labels)

    def unless_all_accepted(self) -> None:
        """For strict imports.

        :raises KnownError: a record was rejected or repaired; names the first.
        """
        if self.report.rejected or self.report.repaired:
            lines = [*self.report.lines, *self._left_out.values()]
            first = next(line for line in lines if line.kind != "skipped")
            raise KnownError(
                f"Nothing was imported: {first.where}: {first.reason}.",
                "Mend the file, or import the rest.",
            )

    def finish(self) -> None:
        """Write the rest, and say once for each label what became of its spans."""
        for label, line in self._left_out.items():
            spans = counted(self.report.unknown_labels[label], "span")
            self._remark(line.where, line.kind, f"{spans} left out: {line.reason}")
        for label, count in self._left_out_as_told.items():
            self._remark("all files", "left out", f"{counted(count, 'span')} with the label {label}, as you said")
        self.report.lines += (ReportLine("all files", *each) for each in self._more())
        self._incoming.close(self.files)

    def _more(self) -> Iterator[tuple[str, str]]:
        yield from ((kind, f"{count:,} more remarks of this kind") for kind, count in self._unsaid.items())

    def _remark(self, where: str, kind: str, reason: str) -> None:
        if len(self.report.lines) >= _MOST_LINES:
            self._unsaid[kind] += 1
            return
        self.report.lines.append(
            ReportLine(_shortened(where, _LONGEST_PLACE), kind, _shortened(reason, _LONGEST_REASON))
        )


def _shortened(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _says_spans(record: Record) -> bool:
    """Has it spans that nobody decided on yet, or does it say that it has none?"""
    return record.lists_spans or any(span.state is SpanState.SUGGESTED for span in record.spans)


_DECISIONS = {decision: decision.value for decision in Decision}


class _Spans:
    """What becomes of the spans of one record.

    :ivar lost: a span that stands in the file is not in the project.
    """

    def __init__(self, record: Record, decide: bool) -> None:
        self.where, self.length, self.decide = record.where, len(record.article.text), decide
        self.taken: set[tuple[int, int, str]] = set()
        self.rows: list[SpanRow] = []
        self.suggested: list[Suggestion] = []
        self.problems = list(record.problems)
        self.lost = bool(record.problems)

    def lose(self, problem: str) -> None:
        """One of them cannot be taken."""
        self.problems.append(problem)
        self.lost = True
