"""What the learner is taught from: which articles were finished when, what was decided in them, and
what a person fixed in the article at hand. Read from the history as it stands: an undone step never was.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from annotator.model.aside import outside
from annotator.store.asides import OUTSIDE, left_out
from annotator.store.history import Change, changes_in
from annotator.store.project import Project

_STANDING = """
WITH RECURSIVE pile (seq) AS (
    SELECT (SELECT undo_top FROM step ORDER BY seq DESC LIMIT 1)
    UNION ALL SELECT below FROM step JOIN pile USING (seq) WHERE below IS NOT NULL
)
SELECT seq, changes FROM pile CROSS JOIN step USING (seq)
WHERE instr(changes, '"state":"done"') ORDER BY seq
"""


class Fix(NamedTuple):
    """A decision on one place of an article.

    :param spread: it was meant for the same words wherever they stand.
    """

    seq: int
    verb: str
    start: int
    end: int
    spread: bool


class Turn(NamedTuple):
    """A step that finished an article, or opened a finished one again."""

    seq: int
    article_id: int
    finished: bool


def turns(project: Project) -> list[Turn]:
    """Every turn that stands, in order."""
    rows = project.connection.execute(_STANDING)
    return [turn for seq, changes in rows for turn in turns_in(seq, changes_in(changes))]


def turns_in(seq: int, changes: Iterable[Change]) -> Iterator[Turn]:
    """The turns that one step made."""
    for table, before, after in changes:
        states = {before["state"], after["state"]} if table == "article" and before and after else set()
        if after and len(states) == 2 and "done" in states:
            yield Turn(seq, int(after["id"]), after["state"] == "done")


def finished(project: Project) -> dict[int, int]:
    """By id, the step after which each finished article came."""
    return dict(project.connection.execute("SELECT id, arrived FROM article WHERE state = 'done' ORDER BY id"))


def entities(project: Project, article_ids: Iterable[int] | None = None) -> dict[int, list[tuple[int, int, str]]]:
    """By article, its confirmed spans (start, end, label) outside asides, in reading order.

    :param article_ids: None for all finished articles.
    """
    query = (
        'SELECT article_id, start, "end", name FROM span JOIN label ON label.id = label_id'
        f" WHERE span.state = 'confirmed' AND {OUTSIDE} AND {{}} ORDER BY article_id, start, \"end\", name"
    )
    if article_ids is None:
        chosen = "article_id IN (SELECT id FROM article WHERE state = 'done')"
        rows = project.connection.execute(query.format(chosen)).fetchall()
    else:
        rows = [
            row
            for each in article_ids
            for row in project.connection.execute(query.format("article_id = ?"), [each]).fetchall()
        ]
    found: dict[int, list[tuple[int, int, str]]] = {}
    for article_id, start, end, label in rows:
        found.setdefault(article_id, []).append((start, end, label))
    return found


def fixes(project: Project, article_id: int) -> list[Fix]:
    """Every decision on a place of an article that stands, in order."""
    rows = project.connection.execute(
        'SELECT seq, verb, start, "end", spread FROM step WHERE article_id = ? AND target IS NULL AND start IS NOT NULL'
        " AND coalesce((SELECT verb FROM step AS later WHERE later.target = step.seq ORDER BY later.seq DESC LIMIT 1),"
        " 'redo') = 'redo' ORDER BY seq",
        [article_id],
    )
    return [Fix(seq, verb, start, end, bool(spread)) for seq, verb, start, end, spread in rows]


def decisions(
    project: Project, also: Iterable[int] = (), article_id: int | None = None
) -> dict[int, list[tuple[str, str, bool]]]:
    """By open article, what a person said of its places outside asides: words, label, confirmed or not.

    :param also: finished articles to look into as well.
    :param article_id: only this one; None for all.
    """
    rows = project.connection.execute(
        "SELECT article_id, substr(text, start + 1, \"end\" - start), name, span.state = 'confirmed'"
        " FROM span JOIN article ON article.id = article_id JOIN article_text USING (article_id)"
        f" JOIN label ON label.id = label_id WHERE {OUTSIDE}"
        " AND (?2 IS NULL OR article_id = ?2) AND (article.state = 'open'"
        "  OR (article.state = 'done' AND article_id IN (SELECT value FROM json_each(?1))))"
        " ORDER BY article_id, span.id",
        [json.dumps(sorted(also)), article_id],
    )
    found: dict[int, list[tuple[str, str, bool]]] = {}
    for row_id, words, label, confirmed in rows:
        found.setdefault(row_id, []).append((words, label, bool(confirmed)))
    return found


def first_texts(project: Project, limit: int) -> list[str]:
    """The texts of the articles that came first, without their asides."""
    rows = project.connection.execute("SELECT article_id, text FROM article_text ORDER BY article_id LIMIT ?", [limit])
    texts = dict(rows.fetchall())
    ranges = left_out(project, list(texts))
    return [outside(text, ranges.get(article_id, ())) for article_id, text in texts.items()]
