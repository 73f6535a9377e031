"""Rows and asides."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from annotator.model.aside import Aside, AsideState, Range, counting
from annotator.store.history import Row, Step
from annotator.store.identity import new_uid, now
from annotator.store.project import Project
from annotator.store.spans import Names

# A condition on rows of `span`: no code point of it stands in an aside that counts.
OUTSIDE = (
    "NOT EXISTS (SELECT 1 FROM aside WHERE aside.article_id = span.article_id AND aside.state <> 'cleared'"
    ' AND aside.start < span."end" AND span.start < aside."end")'
)
_COLUMNS = 'id, uid, start, "end", state, annotator_id, at'


class Edit(NamedTuple):
    """One aside before and after; None where there was no row."""

    before: Aside | None
    after: Aside


def asides(project: Project, article_id: int, known: Names) -> tuple[Aside, ...]:
    """All asides of an article, the cleared ones too, by start."""
    rows = project.connection.execute(
        f'SELECT {_COLUMNS} FROM aside WHERE article_id = ? ORDER BY start, "end"', [article_id]
    )
    return tuple(_aside(row, known) for row in rows)


def asides_of(project: Project, article_ids: str, known: Names) -> dict[int, list[Aside]]:
    """The same by article, where it has some.

    :param article_ids: a JSON list.
    """
    rows = project.connection.execute(
        f"SELECT article_id, {_COLUMNS} FROM aside WHERE article_id IN (SELECT value FROM json_each(?))"
        ' ORDER BY article_id, start, "end"',
        [article_ids],
    )
    found: dict[int, list[Aside]] = {}
    for article_id, *row in rows:
        found.setdefault(article_id, []).append(_aside(tuple(row), known))
    return found


def _aside(row: tuple[Any, ...], known: Names) -> Aside:
    row_id, uid, start, end, state, annotator_id, at = row
    return Aside(start, end, AsideState(state), known.annotators.get(annotator_id), at, row_id, uid)


def left_out(project: Project, article_ids: Sequence[int] | None = None) -> dict[int, tuple[Range, ...]]:
    """What counts now, as `counting` gives it, by article; only articles that have such a passage.

    :param article_ids: None for all.
    """
    chosen = "1" if article_ids is None else "article_id IN (SELECT value FROM json_each(?))"
    rows = project.connection.execute(
        f"SELECT article_id, start, \"end\" FROM aside WHERE state <> 'cleared' AND {chosen}",
        [] if article_ids is None else [json.dumps(list(article_ids))],
    )
    found: dict[int, list[Aside]] = {}
    for article_id, start, end in rows:
        found.setdefault(article_id, []).append(Aside(start, end))
    return {article_id: counting(of_article) for article_id, of_article in found.items()}


def aside_row(aside: Aside, article_id: int, known: Names) -> Row:
    """An aside as the row it is stored in; the annotator's name must be known."""
    decided = aside.state is not AsideState.SUGGESTED
    return {
        "id": aside.id,
        "uid": aside.uid or new_uid(),
        "article_id": article_id,
        "start": aside.start,
        "end": aside.end,
        "state": str(aside.state),
        "annotator_id": known.annotator_ids[aside.annotator] if decided and aside.annotator else None,
        "at": (aside.at or now()) if decided else None,
    }


def write_edits(step: Step, article_id: int, edits: Iterable[Edit], known: Names) -> None:
    """Add asides, or change their state."""
    for before, after in edits:
        row = None if before is None else aside_row(before, article_id, known)
        step.write("aside", row, aside_row(after, article_id, known))
