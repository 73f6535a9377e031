"""The rows behind a split: what articles have in common, which labels they hold, and where they fell before.

The sides lie in the project's meta, one row for each way to split: they are no decisions, and undo leaves
them as they are.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from annotator.store.articles import RANDOM
from annotator.store.project import Project
from annotator.store.values import stored

_KEY = "sides "


class Kin(NamedTuple):
    """What an article may have in common with others.

    :param first: the earliest article with nearly the same text; its own id where there is none.
    :param day: of publication, as "2026-01-31"; "" where it is not known.
    """

    id: int
    uid: str
    first: int
    source: str
    day: str
    is_random: bool


def kin(project: Project) -> list[Kin]:
    """All articles, in the order of import."""
    rows = project.connection.execute(
        "SELECT id, uid, coalesce(twin_of, id), source, published, picked FROM article ORDER BY id"
    )
    return [Kin(id_, uid, first, source, day[:10], picked == RANDOM) for id_, uid, first, source, day, picked in rows]


def labels_of(project: Project) -> dict[int, Counter[int]]:
    """How many confirmed spans of each label (by its row) an article has."""
    counts: dict[int, Counter[int]] = {}
    rows = project.connection.execute(
        "SELECT article_id, label_id, count(*) FROM span WHERE state = 'confirmed' GROUP BY article_id, label_id"
    )
    for article_id, label_id, number in rows:
        counts.setdefault(article_id, Counter())[label_id] = number
    return counts


def sides(project: Project, way: str) -> dict[str, str]:
    """The part that each article fell to, by uid, where it was split so before."""
    by_part = stored(project.meta(_KEY + way, "{}"), dict)
    return {uid: part for part, uids in by_part.items() for uid in uids}


def keep_sides(project: Project, way: str, sides: Mapping[str, str]) -> None:
    """Remember where each article fell; inside a transaction."""
    by_part: dict[str, list[str]] = {}
    for uid, part in sides.items():
        by_part.setdefault(part, []).append(uid)
    project.set_meta(_KEY + way, json.dumps(by_part))
