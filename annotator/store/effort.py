"""What the work on articles took, as steps and decided spans tell."""

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from annotator.model.effort import Decided
from annotator.model.span import UNMARKED, Decision
from annotator.store.asides import OUTSIDE
from annotator.store.project import Project


class StepRow(NamedTuple):
    """A step without its changes; `at` in whole seconds since 1970."""

    seq: int
    verb: str
    article_id: int | None
    at: int


def steps(project: Project, after: int, limit: int) -> list[StepRow]:
    """The next steps behind a sequence number, undone ones, undos and redos among them."""
    rows = project.connection.execute(
        "SELECT seq, verb, article_id, CAST(strftime('%s', at) AS INTEGER) FROM step"
        " WHERE seq > ? ORDER BY seq LIMIT ?",
        [after, limit],
    )
    return [StepRow(*row) for row in rows]


# What lies between an old and a new edge; both are the same where the edge did not move.
_DECIDED = f"""
SELECT span.article_id, decision, CASE decision WHEN 'confirm' THEN '' ELSE substr(text, start + 1, "end" - start) END,
    label_id, was_label_id,
    substr(text, min(start, coalesce(was_start, start)) + 1, abs(start - coalesce(was_start, start)))
    || ' ' ||
    substr(text, min("end", coalesce(was_end, "end")) + 1, abs("end" - coalesce(was_end, "end"))),
    id IN (SELECT value FROM json_each(?)), source LIKE ?, count(*)
FROM span JOIN article_text ON article_text.article_id = span.article_id
WHERE span.article_id IN (SELECT value FROM json_each(?)) AND {OUTSIDE}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


def decided(project: Project, article_ids: Sequence[int], free: Collection[int]) -> dict[int, list[Decided]]:
    """The decisions outside asides of some articles by article, those that were alike together.

    :param free: ids of spans that cost nothing.
    """
    found: dict[int, list[Decided]] = {article_id: [] for article_id in article_ids}
    values = [json.dumps(list(free)), f"%{UNMARKED}", json.dumps(list(article_ids))]
    for article_id, decision, words, label, was_label, moved, is_free, unmarked, count in project.connection.execute(
        _DECIDED, values
    ):
        each = Decided(Decision(decision), words, label, was_label, moved, bool(is_free), count, bool(unmarked))
        found[article_id].append(each)
    return found
