"""Are the articles as they were left? One after the other, so that a damaged page costs only those on it."""

import sqlite3
from array import array
from collections.abc import Iterator

from annotator.model.article import text_sha256
from annotator.store import seals
from annotator.store.packed import Unpacking
from annotator.store.verdict import UNREADABLE, Findings
from annotator.store.watch import Watch

_TITLE = 100  # code points of a title in a sentence
_ARTICLE = (
    f"SELECT {seals.quoted((*seals.ARRIVED, *seals.STANDING))}, seal, confirmed, rejected, text"
    " FROM article LEFT JOIN article_text ON article_id = id WHERE id = ?"
)
_SPANS = f"SELECT {seals.quoted(seals.SPAN)}, id FROM span WHERE article_id = ?"
_ASIDES = f"SELECT {seals.quoted(seals.ASIDE)}, id FROM aside WHERE article_id = ?"
_SUGGESTIONS = "SELECT kind, spans, tokens FROM suggestion WHERE article_id = ?"
_GONE = f"SELECT id, {seals.quoted(seals.ARRIVED)}, seal FROM gone_article"
# of each import that stands how many articles it brought, how many are there, how many lie where they should not
_IMPORTS = (
    "SELECT id, last - first + 1, (SELECT count(*) FROM article WHERE article.id BETWEEN first AND last),"
    ' (SELECT count(*) FROM gone_article WHERE gone_article.id BETWEEN first AND last) FROM "import"'
)


def articles(connection: sqlite3.Connection, findings: Findings, watch: Watch, size: int) -> None:
    """All articles that are there, with their spans, asides and suggestions.

    :param size: bytes of the project.
    """
    wrong, unpacking = 0, Unpacking(size)
    for article_id in _ids(connection):
        watch.beat(done=1)
        checking = _Article(connection, article_id, unpacking)
        checking.try_to_read()
        findings.articles += 1
        if checking.reasons:
            findings.damage(article_id, checking.title)
            findings.tell(f"Article {article_id} ({checking.title}): {'; '.join(checking.reasons)}")
        findings.decisions += checking.spans if checking.is_verified else 0
        wrong += checking.miscounted
    if wrong:
        findings.tell(f"Counts: {wrong} counts of spans of an article are wrong")


def looked_at(connection: sqlite3.Connection, article_id: int, size: int) -> tuple[str, list[str]]:
    """The title of one article, and why it is not as it was left; no reason where it is.

    :param size: bytes of the project.
    """
    checking = _Article(connection, article_id, Unpacking(size))
    checking.try_to_read()
    return checking.title, checking.reasons


def _ids(connection: sqlite3.Connection) -> "array[int]":
    """By whatever way there is: the table itself is read article by article."""
    ways = ("INDEXED BY article_by_rank", "INDEXED BY article_by_state", "NOT INDEXED")
    for way in ways[:-1]:
        try:
            return array("q", (row[0] for row in connection.execute(f"SELECT id FROM article {way}")))
        except UNREADABLE:
            continue
    return array("q", (row[0] for row in connection.execute(f"SELECT id FROM article {ways[-1]}")))


class _Article:
    """One article while it is looked at.

    :ivar reasons: why it is not as it was left.
    :ivar is_verified: its text, spans and asides are as they were left, whatever its suggestions are.
    :ivar spans: how many decided ones it has.
    :ivar miscounted: its own count of them is wrong.
    """

    def __init__(self, connection: sqlite3.Connection, article_id: int, unpacking: Unpacking) -> None:
        self._connection, self._id, self._unpacking = connection, article_id, unpacking
        self.title, self.reasons, self.is_verified = "?", list[str](), False
        self.spans, self.miscounted = 0, False

    def try_to_read(self) -> None:
        """Look at all that belongs to it."""
        try:
            self._read()
        except UNREADABLE as error:
            self.reasons.append(f"it cannot be read ({error})")

    def _read(self) -> None:
        row = self._connection.execute(_ARTICLE, [self._id]).fetchone()
        if row is None:
            self.reasons.append("it is in the list of articles, but not there")
            return
        arrived, standing, (seal, *counts, text) = row[:7], row[7:10], row[10:]
        self.title = str(arrived[1])[:_TITLE]
        self._length = arrived[6]
        self.reasons += _text_reasons(text, arrived[5], arrived[6])
        total = seals.weight("arrived", arrived) + seals.weight("article", standing)
        total += self._read_spans(counts) + self._read_asides()
        if not self.reasons and seals.seal_of(total) != seal:
            self.reasons.append("what is said of it, its spans or its asides are not as they were left")
        self.is_verified = not self.reasons
        self.reasons += self._suggested()

    def _read_spans(self, counts: list[int]) -> int:
        weights, states = 0, list[str]()
        for *values, span_id in self._connection.execute(_SPANS, [self._id]):
            weights += seals.weight("span", values)
            states.append(values[4])
            if values[2] > self._length:
                self.reasons.append(f"span {span_id} ({values[1]}-{values[2]}) reaches beyond its text")
        self.spans = len(states)
        self.miscounted = counts != [states.count("confirmed"), states.count("rejected")]
        return weights

    def _read_asides(self) -> int:
        weights = 0
        for *values, aside_id in self._connection.execute(_ASIDES, [self._id]):
            weights += seals.weight("aside", values)
            if values[2] > self._length:
                self.reasons.append(f"aside {aside_id} ({values[1]}-{values[2]}) reaches beyond its text")
        return weights

    def _suggested(self) -> Iterator[str]:
        """What is wrong with its suggestions, which are packed, with a checksum of their own."""
        for kind, spans, tokens in self._connection.execute(_SUGGESTIONS, [self._id]):
            if problem := self._unpacking.problem(spans, tokens, self._length):
                yield f"it {problem} ({kind})"


def _text_reasons(text: str | None, sha256: str, length: int) -> list[str]:
    if text is None:
        return ["its text is missing"]
    if len(text) != length or text_sha256(text) != sha256:
        return ["its text is not the one that was imported"]
    return []


def gone(connection: sqlite3.Connection, findings: Findings) -> None:
    """The articles of imports that were taken back, which are kept for the redo; each table from end to end."""
    weights = seals.weights(connection, "gone_")
    texts = {
        row_id: (len(text), text_sha256(text))
        for row_id, text in connection.execute("SELECT article_id, text FROM gone_article_text")
    }
    for row_id, *arrived, seal in connection.execute(_GONE):
        if texts.get(row_id) != (arrived[6], arrived[5]) or seals.seal_of(weights[row_id]) != seal:
            title = str(arrived[1])[:_TITLE]
            findings.tell(f"Article {row_id} ({title}), whose import was taken back, is not as it was left")


def imports(connection: sqlite3.Connection, findings: Findings) -> None:
    """Each import that stands has all its articles, and only one that was taken back has gone ones."""
    for row_id, came, there, gone in connection.execute(_IMPORTS):
        if there != came:
            findings.tell(f"Import {row_id} brought {came} articles, and {there} are there")
        if gone:
            findings.tell(f"Import {row_id} stands, and {gone} of its articles are put away as if it did not")
