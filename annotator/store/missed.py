"""What became of suggestions in finished articles, by how sure they were."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from annotator.model.span import UNMARKED
from annotator.store.project import Project
from annotator.store.suggestions import ghost_places


class Outcomes(NamedTuple):
    """Decided spans of one article that were proposed and decided alike.

    :param percent: the confidence in whole per cent, rounded down; None for none.
    :param by_person: nothing proposed them.
    :param unmarked: they were ghosts.
    :param as_proposed: decided as they stood.
    :param is_entity: confirmed, with whatever label.
    """

    percent: int | None
    by_person: bool
    unmarked: bool
    as_proposed: bool
    is_entity: bool
    times: int


class Finished(NamedTuple):
    """A finished article.

    :param verb: of the step that finished it; "" where none did, as for one that was imported as done.
    :param ghosts: how many places were offered as ghosts.
    :param offered: how many of the spans that a person added stand exactly at one of these.
    """

    verb: str
    outcomes: list[Outcomes]
    ghosts: int
    offered: int


_VERBS = """
SELECT value, coalesce((
    SELECT verb FROM step WHERE step.article_id = value AND verb IN ('finish', 'finish_sure', 'decide')
    AND coalesce((SELECT verb FROM step AS later WHERE later.target = step.seq ORDER BY later.seq DESC LIMIT 1),
        'redo') = 'redo'
    ORDER BY seq DESC LIMIT 1), '')
FROM json_each(?)
"""
_OUTCOMES = """
SELECT article_id, CAST(confidence * 100 + 1e-6 AS INTEGER), source = 'person', source LIKE ?,
    decision = 'confirm', state = 'confirmed', count(*)
FROM span WHERE article_id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3, 4, 5, 6
"""
_ADDED = """
SELECT article_id, start, "end" FROM span
WHERE article_id IN (SELECT value FROM json_each(?)) AND source = 'person' AND decision = 'add'
"""


def finished(project: Project, article_ids: Sequence[int]) -> dict[int, Finished]:
    """By id, how some finished articles were finished and what was decided in them."""
    ids = json.dumps(list(article_ids))
    outcomes: dict[int, list[Outcomes]] = {article_id: [] for article_id in article_ids}
    for article_id, percent, person, unmarked, kept, entity, times in project.connection.execute(
        _OUTCOMES, [f"%{UNMARKED}", ids]
    ):
        each = Outcomes(percent, bool(person), bool(unmarked), bool(kept), bool(entity), times)
        outcomes[article_id].append(each)
    ghosts = ghost_places(project, article_ids)
    offered = dict.fromkeys(article_ids, 0)
    for article_id, start, end in project.connection.execute(_ADDED, [ids]):
        offered[article_id] += (start, end) in ghosts.get(article_id, ())
    return {
        article_id: Finished(verb, outcomes[article_id], len(ghosts.get(article_id, ())), offered[article_id])
        for article_id, verb in project.connection.execute(_VERBS, [ids])
    }
