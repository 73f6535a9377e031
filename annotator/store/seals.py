"""Seals: what an article, its decided spans and its asides must be, as one number kept in the article's row.

The seal of an article is the sum of the hashes of its rows, modulo 2**256: a step that changes one span takes the
hash before out of the sum and puts the hash after in, however many spans there are (an incremental multiset hash,
as MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend, Suh, "Incremental Multiset Hash Functions", 2003). It also
covers what no step tells of: what came with an import. A row's hash is SHA-256 over the canonical JSON of its table's
name and the columns in SEALED. The text is held by `article.sha256`, which is one of them.

Labels are few; one hash over all of them is in `meta`. An annotator's row holds its own.
"""

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.store.chain import canonical

LABELS = "labels_seal"  # in `meta`
UNSEALED = ""
SPAN = (
    *("uid", "start", "end", "label_id", "state", "decision", "source", "confidence"),
    *("annotator_id", "at", "was_start", "was_end", "was_label_id"),
)
ASIDE = ("uid", "start", "end", "state", "annotator_id", "at")
STANDING = ("state", "flagged", "comment")
ARRIVED = ("uid", "title", "source", "published", "meta", "sha256", "length")
# kind of row, its table, the column with the article's id, the columns that are sealed
SEALED = (
    ("arrived", "article", "id", ARRIVED),
    ("article", "article", "id", STANDING),
    ("span", "span", "article_id", SPAN),
    ("aside", "aside", "article_id", ASIDE),
)
_LABEL = ("id", "uid", "name", "position", "colour", "key", "description", "from_model", "retired")
_COLUMNS = {kind: columns for kind, _, _, columns in SEALED}
_SURE = SPAN.index("confidence")
_MODULUS = 1 << 256


def weight(kind: str, values: Sequence[Any]) -> int:
    """What a row adds to the seal of its article.

    :param kind: as in SEALED.
    :param values: of its columns.
    """
    if kind == "span" and not (values[_SURE] is None or (type(values[_SURE]) is float and values[_SURE])):
        # as SQLite gives it back: no integer, no negative zero
        values = [*values[:_SURE], float(values[_SURE]) + 0.0, *values[_SURE + 1 :]]
    return int.from_bytes(hashlib.sha256(canonical((kind, *values))).digest(), "big")


def row_weight(table: str, row: Mapping[str, Any] | None) -> int:
    """The same of a row of history; 0 for none."""
    return 0 if row is None else weight(table, [row[column] for column in _COLUMNS[table]])


def seal_of(weights: int) -> str:
    """The seal of an article whose rows add up to this: 64 hexadecimal digits."""
    return f"{weights % _MODULUS:064x}"


def move(connection: sqlite3.Connection, deltas: Mapping[int, int]) -> None:
    """Change the seals of articles by these amounts; inside a transaction."""
    for article_id, delta in deltas.items():
        row = connection.execute("SELECT seal FROM article WHERE id = ?", [article_id]).fetchone()
        if row is not None and row[0] != UNSEALED:
            moved = seal_of(int(row[0], 16) + delta)
            connection.execute("UPDATE article SET seal = ? WHERE id = ?", [moved, article_id])


def quoted(columns: Iterable[str]) -> str:
    """Names of columns for a query; some are words of SQL."""
    return ",".join(f'"{column}"' for column in columns)


def weights(connection: sqlite3.Connection, gone: str = "") -> dict[int, int]:
    """What the rows of each article add up to, read from the tables from one end to the other.

    :param gone: "gone_" for the articles of imports that were taken back.
    """
    sums: defaultdict[int, int] = defaultdict(int)
    for kind, table, key, columns in SEALED:
        for article_id, *values in connection.execute(f"SELECT {key},{quoted(columns)} FROM {gone}{table}"):
            sums[article_id] += weight(kind, values)
    return sums


def reseal(connection: sqlite3.Connection) -> None:
    """Seal everything as it is now; inside a transaction. For migrations, and for projects made of saved rows."""
    for gone in ("", "gone_"):
        sealed = ((seal_of(total), article_id) for article_id, total in weights(connection, gone).items())
        connection.executemany(f"UPDATE {gone}article SET seal = ? WHERE id = ?", sealed)
    names = connection.execute("SELECT uid, name, id FROM annotator").fetchall()
    signed = [(annotator_seal(uid, name), row_id) for uid, name, row_id in names]
    connection.executemany("UPDATE annotator SET seal = ? WHERE id = ?", signed)
    seal_labels(connection)


def annotator_seal(uid: str, name: str) -> str:
    """The seal of an annotator's row."""
    return hashlib.sha256(canonical(["annotator", uid, name])).hexdigest()


def seal_labels(connection: sqlite3.Connection) -> None:
    """Seal the labels as they are now; inside a transaction."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [LABELS, labels_seal(connection)])


def labels_seal(connection: sqlite3.Connection) -> str:
    """The seal that the labels make now."""
    digest = hashlib.sha256()
    for row in connection.execute(f"SELECT {quoted(_LABEL)} FROM label ORDER BY id"):
        digest.update(canonical(row))
    return digest.hexdigest()
