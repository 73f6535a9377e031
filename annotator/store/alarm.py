"""The alarm: a step that would change many decided spans at once is refused until somebody says that it is meant."""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotator.errors import MassChangeError

if TYPE_CHECKING:
    from annotator.store.history import Change

_ASIDE_FROM = ("at", "annotator_id", "confidence", "source", "decision")  # says nothing else of the text


def watch(connection: sqlite3.Connection, limit: int | None, changes: Sequence["Change"]) -> None:
    """Look at the changes of a step before it stands.

    :param limit: how many decided spans it may change or remove; None for any number.
    :raises MassChangeError: it is more.
    """
    if limit is None:
        return
    # by place: where a span was relabelled, a rejected one may lie under the confirmed one
    places = {_place(each) for each in changes if each.table == "span" and _matters(each)}
    spans, articles = len(places), len({article_id for article_id, _, _ in places})
    for each in changes:
        if _goes(each) and each.before is not None:
            of_import = _in_import(connection, each.before["first"], each.before["last"])
            spans, articles = spans + of_import[0], articles + of_import[1]
    if spans > limit:
        gone = sum(each.before["last"] - each.before["first"] + 1 for each in changes if _goes(each) and each.before)
        raise refused(spans, articles, gone)


def watch_again(connection: sqlite3.Connection, limit: int | None, changes: Sequence["Change"]) -> None:
    """The same for a step that is taken back or done again: what is about one article is on the screen, and is let be.

    :raises MassChangeError: as `watch`.
    """
    if any(each.table == "import" for each in changes) or len({each.article_id for each in changes}) > 1:
        watch(connection, limit, changes)


def _goes(change: "Change") -> bool:
    """Is an import taken back?"""
    return change.table == "import" and change.before is not None


def refused(spans: int, articles: int, gone: int = 0) -> MassChangeError:
    """The sentence that a person is asked.

    :param gone: articles of an import that is taken back.
    """
    where = "1 article" if articles == 1 else f"{articles:,} articles"
    what = "1 span that was decided" if spans == 1 else f"{spans:,} spans that were decided"
    if gone:
        taken = "1 imported article" if gone == 1 else f"{gone:,} imported articles"
        return MassChangeError(
            f"This would take away {taken}, and {what}, in {where}.", "Nothing was changed.", spans, gone
        )
    return MassChangeError(f"This would change {what}, in {where}.", "Nothing was changed.", spans)


def _place(change: "Change") -> tuple[int, int, int]:
    assert change.before is not None
    return change.before["article_id"], change.before["start"], change.before["end"]


def _matters(change: "Change") -> bool:
    """Is another thing decided then, of a span that was decided before the step?"""
    if change.before is None or change.after is None:
        return change.before is not None
    return any(change.after[key] != value for key, value in change.before.items() if key not in _ASIDE_FROM)


def _in_import(connection: sqlite3.Connection, first: int, last: int) -> tuple[int, int]:
    """The decided spans of an import that goes, and how many articles have some."""
    query = "SELECT count(*), count(DISTINCT article_id) FROM span WHERE article_id BETWEEN ? AND ?"
    spans, articles = connection.execute(query, [first, last]).fetchone()
    return int(spans), int(articles)
