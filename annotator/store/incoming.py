"""Articles on their way into the project, written some at a time: an import of ten thousand takes seconds."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from annotator.model.article import Article
from annotator.store import seals
from annotator.store.articles import Standing
from annotator.store.history import TRACKED, Step
from annotator.store.identity import new_uid, now
from annotator.store.project import Project
from annotator.store.values import LAST, following

_ARTICLES_AT_A_TIME, _SPANS_AT_A_TIME = 100, 200
_SPAN_COLUMNS = ",".join(f'"{column}"' for column in TRACKED["span"][1:])
_ARTICLE = (
    "INSERT INTO article (id, uid, title, source, published, meta, sha256, length, state, flagged, comment,"
    " suggested, confirmed, rejected, rank, arrived, seal) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_ASIDE = 'INSERT INTO aside (uid, article_id, start, "end", state, annotator_id, at) VALUES (?,?,?,?,?,?,?)'
_TALLY = "INSERT INTO label_tally VALUES (?, ?, ?) ON CONFLICT (label_id, state) DO UPDATE SET n = n + excluded.n"

SpanRow = tuple[Any, ...]  # the columns of a span as the history names them, from the uid on without the article
AsideRow = tuple[Any, ...]  # the same of the table of asides


class Arrival(NamedTuple):
    """One article with what comes along.

    :param sha256: of its text.
    :param spans: decided ones; a uid may be None.
    :param reading: a row of `suggestion` without the article's id, as `suggestions.packed_reading` makes it.
    :param suggested: how many of the suggestions in it are shown.
    :param asides: a uid may be None.
    """

    article: Article
    sha256: str
    standing: Standing
    spans: Sequence[SpanRow] = ()
    reading: tuple[Any, ...] | None = None
    suggested: int = 0
    asides: Sequence[AsideRow] = ()


class Incoming:
    """What comes with one import, which is one step; use it inside that step, and close it at the end."""

    def __init__(self, project: Project, step: Step) -> None:
        self._project, self._connection, self._step = project, project.connection, step
        self.first = self._next = _next_id(self._connection)
        self._rank, self._arrived = self._connection.execute(
            f"SELECT coalesce(min(max(rank), {LAST}), 0), (SELECT coalesce(max(seq), 0) FROM step) FROM article"
        ).fetchone()
        self._waiting: dict[str, tuple[int, Arrival]] = {}
        self._tally: Counter[tuple[int, str]] = Counter()
        self._connection.execute("INSERT INTO uncounted VALUES (1)")

    def known(self, uid: str) -> tuple[int, str] | None:
        """(id, SHA-256 of the text) of the article with this uid, also of one that only just came."""
        if waiting := self._waiting.get(uid):
            return waiting[0], waiting[1].sha256
        row = self._connection.execute("SELECT id, sha256 FROM article WHERE uid = ?", [uid]).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def add(self, arrival: Arrival) -> int:
        """Take an article whose uid is not known; returns its id."""
        article_id, self._next = self._next, following(self._next)
        self._waiting[arrival.article.uid] = article_id, arrival
        if len(self._waiting) >= _ARTICLES_AT_A_TIME:
            self.write()
        return article_id

    def write(self) -> None:
        """Write what waits, so that all of it can be read."""
        arrivals, self._waiting = list(self._waiting.values()), {}
        spans = [(row[0], each, *row[1:]) for each, arrival in arrivals for row in arrival.spans]
        spans = _with_uids(self._connection, "span", spans)
        asides = [(row[0], each, *row[1:]) for each, arrival in arrivals for row in arrival.asides]
        asides = _with_uids(self._connection, "aside", asides)
        rows = [self._article_row(each, arrival) for each, arrival in arrivals]
        self._connection.executemany(_ARTICLE, _sealed(rows, spans, asides))
        self._connection.executemany(
            "INSERT INTO article_text VALUES (?, ?)", [(each, arrival.article.text) for each, arrival in arrivals]
        )
        self._connection.executemany(
            "INSERT INTO suggestion (article_id, kind, model, revision, source, spans, tokens) VALUES (?,?,?,?,?,?,?)",
            [(each, *arrival.reading) for each, arrival in arrivals if arrival.reading is not None],
        )
        self._tally.update([(row[4], row[5]) for row in spans])
        _insert_spans(self._connection, spans)
        self._connection.executemany(_ASIDE, asides)

    def close(self, files: Sequence[str]) -> bool:
        """Write the rest and the row that stands for all of it; false where no article came."""
        self.write()
        self._connection.executemany(_TALLY, [(*counted, n) for counted, n in self._tally.items()])
        self._connection.execute("DELETE FROM uncounted")
        came = self._next > self.first
        if came:
            files_json = json.dumps(list(files), ensure_ascii=False)
            row = {"id": None, "first": self.first, "last": self._next - 1, "files": files_json, "at": now()}
            self._step.write("import", None, row)
        return came

    def _article_row(self, article_id: int, arrival: Arrival) -> tuple[Any, ...]:
        article, standing = arrival.article, arrival.standing
        confirmed = [row[4] for row in arrival.spans].count("confirmed")
        return (
            *(article_id, article.uid, article.title),
            *(str(article.meta.get("source") or ""), str(article.meta.get("published") or "")),
            *(json.dumps(dict(article.meta), ensure_ascii=False), arrival.sha256, len(article.text)),
            *(str(standing.state), int(standing.flagged), standing.comment),
            *(arrival.suggested, confirmed, len(arrival.spans) - confirmed, self._rank, self._arrived),
        )


def _sealed(
    articles: Sequence[tuple[Any, ...]], spans: Iterable[tuple[Any, ...]], asides: Iterable[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """The rows of articles, each with its seal at the end."""
    weights = {row[0]: seals.weight("arrived", row[1:8]) + seals.weight("article", row[8:11]) for row in articles}
    for kind, rows in (("span", spans), ("aside", asides)):
        for uid, article_id, *values in rows:
            weights[article_id] += seals.weight(kind, (uid, *values))
    return [(*row, seals.seal_of(weights[row[0]])) for row in articles]


def _next_id(connection: sqlite3.Connection) -> int:
    row = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM article), 0), coalesce((SELECT max(id) FROM gone_article), 0))"
    ).fetchone()
    return following(int(row[0]))


def _with_uids(connection: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows, with a new uid for each that has none or one that another row of the table has already."""
    uids = [row[0] for row in rows if row[0] is not None]
    query = f"SELECT uid FROM {table} WHERE uid IN (SELECT value FROM json_each(?))"
    taken = set(chain.from_iterable(connection.execute(query, [json.dumps(uids)])))
    if len(uids) == len(rows) and not taken and len(set(uids)) == len(uids):
        return rows
    named = []
    for row in rows:
        uid = row[0] if row[0] is not None and row[0] not in taken else new_uid()
        taken.add(uid)
        named.append((uid, *row[1:]))
    return named


def _insert_spans(connection: sqlite3.Connection, spans: Sequence[SpanRow]) -> None:
    """Many rows a statement: one statement for each would cost three times as much."""
    one = f"({','.join('?' * len(TRACKED['span'][1:]))})"
    for at in range(0, len(spans), _SPANS_AT_A_TIME):
        rows = spans[at : at + _SPANS_AT_A_TIME]
        connection.execute(
            f"INSERT INTO span ({_SPAN_COLUMNS}) VALUES {','.join([one] * len(rows))}", list(chain.from_iterable(rows))
        )
