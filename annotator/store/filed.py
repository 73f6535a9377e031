"""Articles on their way out, some hundred at a time, with all that leaves with them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

from annotator.model.filed import Filed, FiledSpan
from annotator.model.span import Was
from annotator.model.tokens import Tokens, whole_graphemes
from annotator.store.asides import asides_of
from annotator.store.project import Project
from annotator.store.spans import Names
from annotator.store.suggestions import stored_tokens
from annotator.store.values import stored

_AT_A_TIME = 200  # articles
_ARTICLES = """
SELECT article.id, uid, text, sha256, meta, state, flagged, comment
FROM json_each(?) CROSS JOIN article ON article.id = value CROSS JOIN article_text ON article_id = article.id
"""
_SPANS = """
SELECT article_id, state, start, "end", label_id, uid, source, confidence, decision, annotator_id, at,
    was_start, was_end, was_label_id
FROM json_each(?) CROSS JOIN span ON article_id = value
"""

_Sides = tuple[list[FiledSpan], list[FiledSpan]]


def filed(project: Project, ids: Sequence[int], known: Names) -> Iterator[Filed]:
    """These articles in this order, in memory a few hundred at a time."""
    for at in range(0, len(ids), _AT_A_TIME):
        some = json.dumps(list(ids[at : at + _AT_A_TIME]))
        spans = _spans(project, some, known)
        tokens = stored_tokens(project, some, spans)
        asides = asides_of(project, some, known)
        for row_id, uid, text, sha256, meta, state, flagged, comment in project.connection.execute(_ARTICLES, [some]):
            confirmed, rejected = spans.get(row_id, ([], []))
            standing = state, bool(flagged), comment
            cut = _cut(text, tokens.get(row_id))
            yield Filed(
                uid, text, sha256, stored(meta, dict), *standing, confirmed, rejected, cut, asides.get(row_id, ())
            )


def _cut(text: str, tokens: Tokens | None) -> Tokens | None:
    return None if tokens is None else whole_graphemes(text, tokens)


def _spans(project: Project, ids: str, known: Names) -> dict[int, _Sides]:
    """By article its confirmed and its rejected spans, where it has some."""
    found: dict[int, _Sides] = {}
    rows: Iterable[Any] = project.connection.execute(_SPANS, [ids])
    labels, annotators, last = known.labels, known.annotators, 0
    sides: _Sides = [], []
    for row_id, state, start, end, label, uid, source, sure, decision, by, at, was_start, was_end, was in rows:
        if row_id != last:
            last, sides = row_id, found.setdefault(row_id, ([], []))
        before = None if was_start is None else Was(was_start, was_end, labels[was])
        span = start, end, labels[label], uid, source, sure, decision, annotators[by], at, before
        sides[state == "rejected"].append(span)
    for side in chain.from_iterable(found.values()):
        if not all(one[0] < other[0] for one, other in pairwise(side)):  # as they mostly are
            side.sort(key=_reading_order)
    return found


def _reading_order(span: FiledSpan) -> tuple[int, int, str]:
    return span[0], -span[1], span[2]
