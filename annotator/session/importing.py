"""Records into the project, each accounted for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from annotator.errors import KnownError
from annotator.importers.base import Problem, Record
from annotator.model.article import ArticleState, text_sha256
from annotator.model.label import Label, model_map
from annotator.model.span import Decision, Span, SpanState, Suggestion, Was
from annotator.model.text import storable, text_uid
from annotator.session.outcome import ImportReport, ReportLine
from annotator.store import articles as article_rows
from annotator.store import spans as span_rows
from annotator.store import suggestions as suggestion_rows
from annotator.store.history import TRACKED
from annotator.store.labels import annotator_id
from annotator.store.project import Project

_INSERT_SPAN = (
    f"INSERT INTO span ({','.join(chr(34) + c + chr(34) for c in TRACKED['span'])})"
    f" VALUES ({','.join('?' * len(TRACKED['span']))})"
)


class UnknownLabelsError(KnownError):
    """Files have labels that the project has not, and it was asked to be told of them.

    :param counts: how many spans each of these labels has.
    """

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        super().__init__(f"The project has no label {', '.join(counts)}.", "Say what becomes of them.")


class Import:
    """One import into a project; inside a transaction.

    :param labels: the project's; a span whose label they do not know is left out and reported.
    :param annotator: who decided on decided spans that do not say so.
    """

    def __init__(
        self, project: Project, labels: tuple[Label, ...], annotator: str, meanings: Mapping[str, str] | None = None
    ) -> None:
        self._project, self._annotator = project, annotator
        self._label_of = {label.name: label.name for label in labels} | model_map(labels) | dict(meanings or {})
        self.unknown: Counter[str] = Counter()
        self._known = span_rows.names(project)
        self.report = ImportReport()

    def take_one(self, item: Record | Problem) -> int | None:
        """Store one record; returns the article's id, also of one that was there already."""
        if isinstance(item, Problem):
            self.report.rejected += 1
            self._remark(item.where, "rejected", item.reason)
            return None
        text, replaced = storable(item.article.text)
        uid = item.article.uid or text_uid(text)
        there = article_rows.known_article(self._project, uid)
        if there is not None:
            return self._met_again(item.where, uid, there, text)
        notes = list(item.notes)
        if replaced:
            notes.append(f"{replaced} characters that cannot be stored were replaced by U+FFFD.")
        return self._store(replace(item, article=replace(item.article, uid=uid, text=text)), notes)

    def _met_again(self, where: str, uid: str, there: tuple[int, str], text: str) -> int | None:
        article_id, sha256 = there
        if sha256 == text_sha256(text):
            self.report.skipped += 1
            self._remark(where, "skipped", "the article is in the project already")
            return article_id
        self.report.rejected += 1
        self._remark(where, "rejected", f"another article with the id {uid} is in the project already")
        return None

    def _store(self, record: Record, notes: list[str]) -> int:
        standing = article_rows.Standing(record.state, record.flagged, record.comment)
        article_id = article_rows.add_article(self._project, record.article, standing)
        spans, problems = self._with_known_labels(record)
        decided = [span for span in spans if span.state is not SpanState.SUGGESTED]
        suggested = [span for span in spans if span.state is SpanState.SUGGESTED]
        self._store_decided(article_id, decided)
        self._store_suggested(article_id, suggested, record.tokens)
        self._account(record, article_id, notes, problems, len(spans))
        return article_id

    def _account(self, record: Record, article_id: int, notes: list[str], problems: list[str], spans: int) -> None:
        report = self.report
        report.ids.append(article_id)
        report.spans += spans
        report.spans_left_out += len(problems)
        if notes or problems:
            report.repaired += 1
        else:
            report.accepted += 1
        for remark in (*notes, *problems):
            self._remark(record.where, "repaired", remark)

    def _with_known_labels(self, record: Record) -> tuple[list[Span], list[str]]:
        spans, problems = {}, list(record.problems)
        for span in record.spans:
            label = self._label_of.get(span.label)
            if not label:
                if label is None:
                    self.unknown[span.label] += 1
                problems.append(f"span {span.start}-{span.end} left out: the project has no label {span.label}")
            elif not 0 <= span.start < span.end <= len(record.article.text):
                problems.append(f"span {span.start}-{span.end} left out: it is outside the text")
            elif (*span.range, label) in spans:
                problems.append(f"span {span.start}-{span.end} left out: another one there is {label} already")
            else:
                spans[*span.range, label] = replace(span, label=label, was=self._known_was(span.was, problems))
        return list(spans.values()), problems

    def _known_was(self, was: Was | None, problems: list[str]) -> Was | None:
        label = self._label_of.get(was.label) if was else None
        if was and not label:
            problems.append(f"what a span was is left out: the project has no label {was.label}")
        return was._replace(label=label) if was and label else None

    def _store_decided(self, article_id: int, spans: list[Span]) -> None:
        for span in spans:
            name = span.annotator or self._annotator
            if name not in self._known.annotator_ids:
                self._known.annotator_ids[name] = annotator_id(self._project, name)
            decision = span.decision or (Decision.ADD if span.state is SpanState.CONFIRMED else Decision.REJECT)
            uid = None if span_rows.is_known(self._project, span.uid) else span.uid
            decided = replace(span, annotator=name, decision=decision, uid=uid)
            row = span_rows.span_row(decided, article_id, self._known)
            self._project.connection.execute(_INSERT_SPAN, [row[column] for column in TRACKED["span"]])

    def _store_suggested(self, article_id: int, spans: list[Span], tokens: tuple[tuple[int, int], ...]) -> None:
        if spans or tokens:
            proposed = [Suggestion(s.start, s.end, s.label, s.confidence, s.source) for s in spans]
            suggestion_rows.save_reading(self._project, article_id, "import", "", proposed, tokens)
            suggestion_rows.set_count(self._project, article_id, len(spans))

    def _remark(self, where: str, kind: str, reason: str) -> None:
        self.report.lines.append(ReportLine(where, kind, reason))


def as_decided(item: Record | Problem) -> Record | Problem:
    """A record whose suggested spans somebody decided on elsewhere; one without spans stays as it is."""
    if isinstance(item, Problem) or not item.spans or item.state is not ArticleState.NEW:
        return item
    return replace(item, spans=tuple(map(_confirmed, item.spans)), state=ArticleState.DONE)


def _confirmed(span: Span) -> Span:
    if span.state is not SpanState.SUGGESTED:
        return span
    return replace(span, state=SpanState.CONFIRMED, decision=Decision.ADD)


def unless_all_accepted(report: ImportReport) -> None:
    """For strict imports.

    :raises KnownError: a record was rejected or repaired; names the first.
    """
    if report.rejected or report.repaired:
        first = next(line for line in report.lines if line.kind != "skipped")
        raise KnownError(
            f"Nothing was imported: {first.where}: {first.reason}.", "Mend the file, or import it without --strict."
        )
