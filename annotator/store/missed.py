"""What became of suggestions in finished articles, by how sure they were."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from annotator.model.aside import covers
from annotator.model.span import Decision
from annotator.store.asides import OUTSIDE, left_out
from annotator.store.project import Project
from annotator.store.suggestions import ghost_places


class Outcomes(NamedTuple):
    """Decided spans that were proposed and decided alike.

    :param percent: the confidence in whole per cent, rounded down; None for none.
    """

    percent: int | None
    source: str
    decision: Decision
    is_entity: bool
    times: int


# The last step that finished the article and stands says what was looked at; an imported one has none.
_FINISHED_BY = """
SELECT id FROM article WHERE id BETWEEN ? AND ? AND state = 'done' AND (
    SELECT verb FROM step WHERE step.article_id = article.id AND verb IN ('finish', 'finish_sure', 'decide')
    AND coalesce((SELECT verb FROM step AS later WHERE later.target = step.seq ORDER BY later.seq DESC LIMIT 1),
        'redo') = 'redo'
    ORDER BY seq DESC LIMIT 1
) IN (SELECT value FROM json_each(?))
"""
_OUTCOMES = f"""
SELECT CAST(confidence * 100 + 1e-6 AS INTEGER), source, decision, state, count(*)
FROM span WHERE article_id IN (SELECT value FROM json_each(?)) AND {OUTSIDE} GROUP BY 1, 2, 3, 4
"""
_ADDED = f"""
SELECT article_id, start, "end" FROM span
WHERE article_id IN (SELECT value FROM json_each(?)) AND decision = 'add' AND source = 'person'
    AND {OUTSIDE}
"""


def finished_by(project: Project, verbs: Sequence[str], first: int, last: int) -> list[int]:
    """Ids from `first` to `last` of finished articles that were finished by one of these verbs."""
    rows = project.connection.execute(_FINISHED_BY, [first, last, json.dumps(list(verbs))])
    return [int(row[0]) for row in rows]


def outcomes(project: Project, article_ids: Sequence[int]) -> list[Outcomes]:
    """All decided spans outside asides of some articles, those that are alike together."""
    rows = project.connection.execute(_OUTCOMES, [json.dumps(list(article_ids))])
    return [
        Outcomes(percent, source, Decision(decision), state == "confirmed", times)
        for percent, source, decision, state, times in rows
    ]


def offered(project: Project, article_ids: Sequence[int]) -> tuple[int, int]:
    """How many ghosts there were in some articles, and how many of the spans a person added stand exactly at one.

    What stands in asides does not count.
    """
    ghosts, ranges = ghost_places(project, article_ids), left_out(project, article_ids)
    for article_id in ranges.keys() & ghosts.keys():
        ghosts[article_id] = {place for place in ghosts[article_id] if not covers(ranges[article_id], *place)}
    rows = project.connection.execute(_ADDED, [json.dumps(list(ghosts))]) if ghosts else ()
    added = sum((start, end) in ghosts[article_id] for article_id, start, end in rows)
    return sum(len(places) for places in ghosts.values()), added
