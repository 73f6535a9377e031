"""Rows and decided spans."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from annotator.model.deciding import Edit
from annotator.model.span import Decision, Span, SpanState, Was
from annotator.store.history import Row, Step
from annotator.store.identity import new_uid, now
from annotator.store.project import Project

_COLUMNS = (
    'id, uid, start, "end", label_id, state, decision, source, confidence,'
    " annotator_id, at, was_start, was_end, was_label_id"
)


class Names:
    """The present names behind the numbers in span rows, and the numbers behind the names."""

    def __init__(self, labels: dict[int, str], annotators: dict[int, str]) -> None:
        self.labels, self.annotators = labels, annotators
        self.label_ids = {name: row_id for row_id, name in labels.items()}
        self.annotator_ids = {name: row_id for row_id, name in annotators.items()}


def names(project: Project) -> Names:
    """Read the names of labels and annotators; they change seldom, so keep them."""
    return Names(
        dict(project.connection.execute("SELECT id, name FROM label").fetchall()),
        dict(project.connection.execute("SELECT id, name FROM annotator").fetchall()),
    )


def decided_spans(project: Project, article_id: int, known: Names) -> list[Span]:
    """All spans of an article that a person decided on."""
    rows = project.connection.execute(f"SELECT {_COLUMNS} FROM span WHERE article_id = ?", [article_id])
    return [_span(row, known) for row in rows]


def spans_by_id(project: Project, ids: Sequence[int], known: Names) -> list[Span]:
    """Those of these spans that are there."""
    marks = ",".join("?" * len(ids))
    rows = project.connection.execute(f"SELECT {_COLUMNS} FROM span WHERE id IN ({marks})", list(ids))
    return [_span(row, known) for row in rows]


def _span(row: tuple[Any, ...], known: Names) -> Span:
    row_id, uid, start, end, label_id, state, decision, source, confidence, annotator_id, at, *was = row
    return Span(
        start,
        end,
        known.labels[label_id],
        SpanState(state),
        source,
        confidence,
        Decision(decision),
        known.annotators[annotator_id],
        at,
        None if was[0] is None else Was(was[0], was[1], known.labels[was[2]]),
        row_id,
        uid,
    )


def span_row(span: Span, article_id: int, known: Names) -> Row:
    """A decided span as the row it is stored in; annotator and time must be filled in."""
    assert span.annotator is not None
    was = span.was
    return {
        "id": span.id,
        "uid": span.uid or new_uid(),
        "article_id": article_id,
        "start": span.start,
        "end": span.end,
        "label_id": known.label_ids[span.label],
        "state": str(span.state),
        "decision": str(span.decision),
        "source": span.source,
        "confidence": span.confidence,
        "annotator_id": known.annotator_ids[span.annotator],
        "at": span.at or now(),
        "was_start": was.start if was else None,
        "was_end": was.end if was else None,
        "was_label_id": known.label_ids[was.label] if was else None,
    }


def write_edits(step: Step, article_id: int, edits: Iterable[Edit], known: Names, annotator: str) -> None:
    """Change decided spans, in order, each stamped with who and when."""
    at = now()
    for edit in edits:
        before = None if edit.before is None else span_row(edit.before, article_id, known)
        after = None
        if edit.after is not None:
            after = span_row(replace(edit.after, annotator=annotator, at=at), article_id, known)
        step.write("span", before, after)
