"""Suggestions: one packed row an article and kind of source, replaced as a whole."""

import json
import zlib
from collections.abc import Container, Sequence
from typing import NamedTuple

from annotator.model.article import UNDECIDED
from annotator.model.aside import covers
from annotator.model.span import Suggestion
from annotator.model.tokens import Tokens, packed, unpacked
from annotator.store.articles import place_of, walk
from annotator.store.asides import left_out
from annotator.store.project import Project
from annotator.store.values import stored

AND_MORE = "|"


class Stored(NamedTuple):
    """What is stored of the sources' reading of one article; labels are the sources' own.

    :param imported: what somebody brought along, which beats what was guessed here.
    :param proposed: the learner's list of all sources, or the pipeline's alone where the learner made none.
    :param ghosts: places that the learner left unmarked and that may hide an entity.
    :param tokens: None where no pipeline has read it and it came without.
    :param came_with_tokens: they are those of the file that it came from.
    :param model: the pipeline that read it, "" for none.
    :param revision: what the learner knew, and behind AND_MORE a number for what else it was told;
        "" where it was not asked.
    """

    imported: tuple[Suggestion, ...] = ()
    proposed: tuple[Suggestion, ...] = ()
    ghosts: tuple[Suggestion, ...] = ()
    tokens: Tokens | None = None
    model: str = ""
    revision: str = ""
    came_with_tokens: bool = False

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """All, the winning kinds first."""
        return self.imported + self.proposed


def save_reading(
    project: Project,
    article_id: int,
    kind: str,
    model: str,
    suggestions: Sequence[Suggestion],
    tokens: Sequence[tuple[int, int]] = (),
    revision: str = "",
) -> None:
    """Replace one kind's suggestions for an article; inside a transaction.

    :param kind: "import", "pipeline", "learner" or "ghost".
    :param model: what the project called the source, as its `model` setting.
    :param revision: as `Stored.revision`.
    """
    project.connection.execute(
        "INSERT OR REPLACE INTO suggestion (article_id, kind, model, revision, source, spans, tokens)"
        " VALUES (?,?,?,?,?,?,?)",
        [article_id, *packed_reading(kind, model, suggestions, tokens, revision)],
    )


def packed_reading(
    kind: str,
    model: str,
    suggestions: Sequence[Suggestion],
    tokens: Sequence[tuple[int, int]] = (),
    revision: str = "",
) -> tuple[str, str, str, str, bytes, bytes]:
    """The row of one kind's suggestions without the article's id, in the order of the table's columns."""
    source = suggestions[0].source if suggestions else ""
    spans = [
        [s.start, s.end - s.start, s.label, s.confidence, *([s.source] if s.source != source else [])]
        for s in suggestions
    ]
    return kind, model, revision, source, _squeezed(spans), _squeezed(packed(tokens))


def reading(project: Project, article_id: int) -> Stored:
    """All stored suggestions of an article; the learner's only where they go with the pipeline's."""
    rows = project.connection.execute(
        "SELECT kind, model, revision, source, spans, tokens FROM suggestion WHERE article_id = ?", [article_id]
    ).fetchall()
    by_kind = {row[0]: row[1:] for row in rows}
    stored = Stored()
    if imported := by_kind.get("import"):
        stored = stored._replace(imported=_suggestions(*imported[2:4]))
    if pipeline := by_kind.get("pipeline"):
        model, _, source, spans, edges = pipeline
        stored = stored._replace(proposed=_suggestions(source, spans), tokens=unpacked(_spread(edges)), model=model)
    if imported and (own := unpacked(_spread(imported[4]))):
        stored = stored._replace(tokens=own, came_with_tokens=True)
    learner, ghosts = by_kind.get("learner"), by_kind.get("ghost")
    if learner and ghosts and learner[0] == ghosts[0] == stored.model:
        _, revision, source, spans, _ = learner
        stored = stored._replace(
            proposed=_suggestions(source, spans), ghosts=_suggestions(*ghosts[2:4]), revision=revision
        )
    return stored


def stored_tokens(project: Project, ids: str, wanted: Container[int]) -> dict[int, Tokens]:
    """The tokens of these articles where some are stored, the file's own before a pipeline's.

    :param ids: a JSON array.
    :param wanted: which of them.
    """
    rows = project.connection.execute(
        "SELECT article_id, tokens FROM json_each(?) CROSS JOIN suggestion ON article_id = value"
        " WHERE kind IN ('pipeline', 'import') AND (kind = 'pipeline' OR tokens <> ?)"
        " ORDER BY article_id, kind = 'import'",
        [ids, _NO_TOKENS],
    )
    return {row_id: unpacked(_spread(tokens)) for row_id, tokens in rows if row_id in wanted}


def _suggestions(source: str, spans: bytes) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(start, start + length, label, sure, own[0] if own else source)
        for start, length, label, sure, *own in _spread(spans)
    )


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


def ahead(project: Project, revision: str, limit: int, at: int) -> list[int]:
    """Those of the next undecided articles, from one on, whose suggestions the learner made knowing something else.

    :param limit: how many articles are looked at.
    """
    rows = project.connection.execute(
        f"SELECT id, (SELECT revision FROM suggestion WHERE article_id = id AND kind = 'learner')"
        f" FROM {walk(project, UNDECIDED)} WHERE (rank, id) >= (?, ?) AND state IN ('new', 'open')"
        " ORDER BY rank, id LIMIT ?",
        [*place_of(project, at), limit],
    )
    return [int(row_id) for row_id, made_with in rows if (made_with or "").partition(AND_MORE)[0] != revision]


def doubts(project: Project) -> dict[int, float]:
    """How much in doubt are the suggestions of each undecided article that something has read.

    :returns: the sum of 1 - confidence over its suggestions outside asides, by article; one without a confidence
        counts a half.
    """
    rows = project.connection.execute(
        "SELECT id, spans FROM suggestion JOIN article ON id = article_id"
        " WHERE kind IN ('pipeline', 'learner') AND state IN ('new', 'open')"
        " ORDER BY id, kind = 'learner'"  # of two readings the learner's counts
    )
    ranges = left_out(project)
    return {
        int(article_id): sum(
            _doubt(sure)
            for start, length, _, sure, *_ in _spread(spans)
            if not covers(ranges.get(article_id, ()), start, start + length)
        )
        for article_id, spans in rows
    }


def _doubt(confidence: float | None) -> float:
    return 0.5 if confidence is None else 1 - confidence


def forget_learned(project: Project) -> None:
    """Take away what the learner proposed; inside a transaction."""
    project.connection.execute("DELETE FROM suggestion WHERE kind IN ('learner', 'ghost')")


def ghost_places(project: Project, article_ids: Sequence[int]) -> dict[int, set[tuple[int, int]]]:
    """By article, the ranges (start, end) of its stored ghosts."""
    rows = project.connection.execute(
        "SELECT article_id, spans FROM suggestion WHERE kind = 'ghost'"
        " AND article_id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(article_ids))],
    )
    return {row_id: {(start, start + length) for start, length, *_ in _spread(spans)} for row_id, spans in rows}


def set_count(project: Project, article_id: int, n: int) -> None:
    """How many suggestions the list of articles shows; inside a transaction."""
    project.connection.execute("UPDATE article SET suggested = ? WHERE id = ?", [n, article_id])


def _squeezed(values: object) -> bytes:
    return zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def _spread(blob: bytes) -> list:  # type: ignore[type-arg]
    try:
        raw = zlib.decompress(blob)
    except zlib.error:
        raw = b""
    return stored(raw, list)


_NO_TOKENS = _squeezed([])
