"""Suggestions: one packed row an article and kind of source, replaced as a whole."""

import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from annotator.model.article import UNDECIDED
from annotator.model.span import Suggestion
from annotator.model.tokens import Tokens, packed, unpacked
from annotator.store.articles import place_of, walk
from annotator.store.project import Project

# In the order in which they win: what somebody brought along beats what a pipeline guesses.
KINDS = ("import", "pipeline")


class Stored(NamedTuple):
    """What is stored of the sources' reading of one article; labels are the sources' own."""

    suggestions: tuple[Suggestion, ...]
    tokens: Tokens | None
    model: str


def save_reading(
    project: Project,
    article_id: int,
    kind: str,
    model: str,
    suggestions: Sequence[Suggestion],
    tokens: Sequence[tuple[int, int]] = (),
) -> None:
    """Replace one kind's suggestions for an article; inside a transaction.

    :param model: what the project called the source, as its `model` setting.
    """
    source = suggestions[0].source if suggestions else ""
    spans = [[s.start, s.end - s.start, s.label, s.confidence] for s in suggestions]
    project.connection.execute(
        "INSERT OR REPLACE INTO suggestion (article_id, kind, model, source, spans, tokens) VALUES (?,?,?,?,?,?)",
        [article_id, kind, model, source, _squeezed(spans), _squeezed(packed(tokens))],
    )


def reading(project: Project, article_id: int) -> Stored:
    """All stored suggestions of an article, the winning kinds first."""
    rows = project.connection.execute(
        "SELECT kind, model, source, spans, tokens FROM suggestion WHERE article_id = ?", [article_id]
    ).fetchall()
    rows.sort(key=lambda row: KINDS.index(row[0]))
    found, tokens, model = [], None, ""
    for kind, of_model, source, spans, edges in rows:
        found += [Suggestion(a, a + n, label, sure, source) for a, n, label, sure in _spread(spans)]
        if kind == "pipeline":
            tokens, model = unpacked(_spread(edges)), of_model
    return Stored(tuple(found), tokens, model)


def unread(project: Project, model: str, limit: int, after: int = 0) -> list[tuple[int, str]]:
    """(id, text) of undecided articles that this model has not read, in the order of work.

    :param after: the article the annotator is at; that one and those behind it come first.
    """
    place = place_of(project, after)
    found = _unread(project, model, limit, ">=", place)
    return found + _unread(project, model, limit - len(found), "<", place)


def _unread(project: Project, model: str, limit: int, compare: str, place: tuple[int, int]) -> list[tuple[int, str]]:
    rows = project.connection.execute(
        f"SELECT id, text FROM {walk(project, UNDECIDED)} JOIN article_text ON article_id = id"
        f" WHERE (rank, id) {compare} (?, ?) AND state IN ('new', 'open') AND NOT EXISTS (SELECT 1 FROM suggestion"
        "  WHERE suggestion.article_id = id AND kind = 'pipeline' AND model = ?)"
        " ORDER BY rank, id LIMIT ?",
        [*place, model, limit],
    )
    return [(int(row_id), str(text)) for row_id, text in rows]


def doubts(project: Project) -> dict[int, float]:
    """How much in doubt are the suggestions of each undecided article that something has read.

    :returns: the sum of 1 - confidence over its suggestions, by article; one without a confidence counts a half.
    """
    rows = project.connection.execute(
        "SELECT id, spans FROM suggestion JOIN article ON id = article_id"
        " WHERE kind IN ('pipeline', 'learner') AND state IN ('new', 'open')"
        " ORDER BY id, kind = 'learner'"  # of two readings the learner's counts
    )
    return {int(article_id): sum(_doubt(span[3]) for span in _spread(spans)) for article_id, spans in rows}


def _doubt(confidence: float | None) -> float:
    return 0.5 if confidence is None else 1 - confidence


def set_count(project: Project, article_id: int, n: int) -> None:
    """How many suggestions the list of articles shows; inside a transaction."""
    project.connection.execute("UPDATE article SET suggested = ? WHERE id = ?", [n, article_id])


def _squeezed(values: object) -> bytes:
    return zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def _spread(blob: bytes) -> list:  # type: ignore[type-arg]
    values: list = json.loads(zlib.decompress(blob))  # type: ignore[type-arg]
    return values
