"""Can a project's rows be worked with? Looked at before a file from elsewhere is opened.

Whatever the program reads later without asking again is asked here: numbers, texts, moments, JSON,
packed bytes, counts.
"""

import sqlite3
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from annotator.model.article import text_sha256
from annotator.model.label import is_name
from annotator.store import imports, values
from annotator.store.packed import Unpacking
from annotator.store.row_rules import changes_problem
from annotator.store.watch import Watch

_THOROUGH = 1 << 26  # bytes; a larger file's indexes are not compared with their tables, which takes minutes
_MOST = 20  # problems of one kind that are told
_NUMBERED = ("label", "span", "step", "pattern", "import", "aside")
# What a count may not say otherwise: at a wrong one the next decision could fail.
_COUNTS = {
    "It does not say which project it is": "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'project_uid')",
    "Articles by state are counted wrong": (
        "SELECT 1 FROM (SELECT state, n FROM article_tally) LEFT JOIN"
        " (SELECT state AS s, count(*) AS c FROM article GROUP BY state) ON s = state WHERE n <> coalesce(c, 0)"
        " UNION ALL SELECT 1 WHERE"
        " (SELECT count(*) FROM article_tally WHERE state IN ('new', 'open', 'done', 'skipped')) <> 4"
    ),
    "Spans by label are counted wrong": (
        "SELECT 1 FROM (SELECT label_id AS i, state AS s, count(*) AS c FROM span GROUP BY 1, 2)"
        " LEFT JOIN label_tally ON label_id = i AND state = s WHERE n IS NOT c"
        " UNION ALL SELECT 1 WHERE (SELECT total(n) FROM label_tally) <> (SELECT count(*) FROM span)"
    ),
    "Spans by article are counted wrong": (
        "SELECT 1 FROM article LEFT JOIN (SELECT article_id, sum(state = 'confirmed') AS c, sum(state = 'rejected')"
        " AS r FROM span GROUP BY article_id) ON article_id = id"
        " WHERE confirmed <> coalesce(c, 0) OR rejected <> coalesce(r, 0)"
    ),
}


class Table(NamedTuple):
    """A table.

    :param columns: with their types in capitals.
    :param rules: conditions that hold for every row; not known only where a value of them is missing.
    """

    name: str
    columns: dict[str, str]
    rules: list[str]


def problems(connection: sqlite3.Connection, size: int, watch: Watch) -> Iterator[str]:
    """One sentence for each thing that is wrong with the rows of a project whose schema is known to be ours.

    :param size: bytes of the file.
    :raises sqlite3.Error: and all that reading damaged pages may raise besides; TookTooLongError.
    """
    wrong = list(islice(_pages(connection, size), _MOST))
    yield from wrong
    if not wrong:
        yield from in_values(connection, size, watch)


def in_values(connection: sqlite3.Connection, size: int, watch: Watch) -> Iterator[str]:
    """As `problems`, of a file whose pages are whole and whose rows point to rows that are there."""
    found = {table.name: table for table in tables(connection)}
    kinds = (_numbers(connection, table, watch) for table in found.values())
    wrong = list(islice(chain(*kinds), _MOST))
    yield from wrong
    if wrong:  # what follows relies on the types of values
        return
    yield from _rows(connection, found, size, watch)
    yield from _history(connection, found, watch)
    for what, query in _COUNTS.items():
        if connection.execute(f"{query} LIMIT 1").fetchone():
            yield what
    yield from _sequences(connection, [name for name in _NUMBERED if name in found])


def tables(connection: sqlite3.Connection) -> list[Table]:
    """The tables of a project; those that were made like another have their types and rules from there."""
    made = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall())
    return [
        _table(connection, name, made[name.removeprefix("gone_")]) for name in made if not name.startswith("sqlite_")
    ]


def _table(connection: sqlite3.Connection, name: str, sql: str) -> Table:
    described = connection.execute(f'PRAGMA table_info("{name.removeprefix("gone_")}")').fetchall()
    needed = [f'"{row[1]}" IS NOT NULL' for row in described if row[3]]
    return Table(name, {row[1]: row[2] for row in described}, needed + _conditions(sql))


def _conditions(sql: str) -> list[str]:
    """What stands in the brackets behind each CHECK: SQLite 3.40 does not look at it in a file that is only read."""
    found = []
    for part in sql.split("CHECK (")[1:]:
        depth = 1
        for at, sign in enumerate(part):
            depth += (sign == "(") - (sign == ")")
            if not depth:
                found.append(part[:at])
                break
    return found


def _pages(connection: sqlite3.Connection, size: int) -> Iterator[str]:
    pragma = "integrity_check" if size <= _THOROUGH else "quick_check"
    for (answer,) in connection.execute(f"PRAGMA {pragma}({_MOST})"):
        if answer != "ok":
            yield f"Integrity: {answer}"
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"Row {row_id} of {table} points to a row of {parent} that is not there"


def _numbers(connection: sqlite3.Connection, table: Table, watch: Watch) -> Iterator[str]:
    """Each value is of its column's type, numbers far from what 64 bits hold; reads each row once."""
    wrong = [f"({_is_wrong(name, kind)})" for name, kind in table.columns.items()]
    names = ", ".join(f'"{name}"' for name in table.columns)
    for row in connection.execute(f'SELECT {" OR ".join(wrong)}, {names} FROM "{table.name}"'):
        watch.beat(done=1)
        if row[0]:
            yield f"A row of {table.name} has a value that is none of its column"
    for rule in table.rules:
        if connection.execute(f'SELECT 1 FROM "{table.name}" WHERE NOT ({rule}) LIMIT 1').fetchone():
            yield f"A row of {table.name} breaks a rule: {rule}"


def _is_wrong(column: str, kind: str) -> str:
    types = {"INTEGER": "'integer'", "TEXT": "'text'", "BLOB": "'blob'", "REAL": "'real', 'integer'"}[kind]
    wrong = f"typeof(\"{column}\") NOT IN ('null', {types})"
    return f'{wrong} OR abs("{column}") > {values.largest(column)}' if kind in ("INTEGER", "REAL") else wrong


def _rows(connection: sqlite3.Connection, found: dict[str, Table], size: int, watch: Watch) -> Iterator[str]:
    for key, value in connection.execute("SELECT key, value FROM meta"):
        if problem := values.meta_problem(str(key), value):
            yield f"The project's {key} {problem}"
    for row_id, name, from_model in connection.execute("SELECT id, name, from_model FROM label"):
        if not is_name(name):
            yield f"Label {row_id}: its name has control characters in it"
        if problem := values.names_problem(from_model):
            yield f"Label {row_id}: what it is for a model {problem}"
    if "import" in found:
        for row_id, files in connection.execute("SELECT id, files FROM import"):
            if problem := values.names_problem(files):
                yield f"Import {row_id}: its list of files {problem}"
    if "uncounted" in found and connection.execute("SELECT 1 FROM uncounted LIMIT 1").fetchone():
        yield "An import was left in the middle"
    yield from _hashes(connection, found)
    unpacking = Unpacking(size)
    for prefix in ("", "gone_") if "gone_article" in found else ("",):
        yield from _articles(connection, prefix, unpacking, watch)
        if "arrived" in found["article"].columns:
            late = f"SELECT id FROM {prefix}article WHERE arrived > (SELECT coalesce(max(seq), 0) FROM step) LIMIT 1"
            yield from (f"Article {row_id} came after the newest step" for (row_id,) in connection.execute(late))
        if "twin_of" in found["article"].columns:  # always an earlier one, so nobody is led in circles
            round_about = f"SELECT id FROM {prefix}article WHERE twin_of >= id LIMIT {_MOST}"
            yield from (
                f"Article {row_id} is the twin of no earlier one" for (row_id,) in connection.execute(round_about)
            )
        places = [prefix + name for name in ("span", "aside") if prefix + name in found]
        yield from _places(connection, places, prefix, watch)


def _hashes(connection: sqlite3.Connection, found: dict[str, Table]) -> Iterator[str]:
    """Numbers in hexadecimal digits, which are counted with."""
    for name, column in (("article", "seal"), ("gone_article", "seal"), ("step", "hash")):
        if name in found and column in found[name].columns:
            query = f"SELECT 1 FROM {name} WHERE {column} GLOB '*[^0-9a-f]*' OR length({column}) NOT IN (0, 64) LIMIT 1"
            if connection.execute(query).fetchone():
                yield f"A {column} of {name} is no number"


def _articles(connection: sqlite3.Connection, prefix: str, unpacking: Unpacking, watch: Watch) -> Iterator[str]:
    rows = connection.execute(
        f"SELECT id, meta, text, sha256, length FROM {prefix}article LEFT JOIN {prefix}article_text ON article_id = id"
    )
    for row_id, meta, text, sha256, length in rows:
        watch.beat(done=1)
        if text is None:
            yield f"Article {row_id}: its text is missing"
        elif len(text) != length or text_sha256(text) != sha256:
            yield f"Article {row_id}: its text is not the one that was imported"
        if problem := values.mapping_problem(meta):
            yield f"Article {row_id}: what is known about it {problem}"
    readings = connection.execute(
        f"SELECT article_id, spans, tokens, length FROM {prefix}suggestion JOIN {prefix}article ON article_id = id"
    )
    for row_id, spans, tokens, length in readings:
        watch.beat(done=1)
        if problem := unpacking.problem(spans, tokens, length):
            yield f"Article {row_id} {problem}"


def _places(connection: sqlite3.Connection, names: list[str], prefix: str, watch: Watch) -> Iterator[str]:
    for name in names:
        rows = connection.execute(
            f'SELECT t.id, start, "end", at, length FROM {name} t JOIN {prefix}article a ON a.id = article_id'
        )
        for row_id, start, end, at, length in rows:
            watch.beat(done=1)
            if not 0 <= start < end <= length:
                yield f"{name.capitalize()} {row_id} ({start}-{end}) reaches beyond the text"
            if at is not None and not values.is_moment(at):
                yield f"{name.capitalize()} {row_id} was made at no moment"


def _history(connection: sqlite3.Connection, found: dict[str, Table], watch: Watch) -> Iterator[str]:
    numbers = "target >= seq OR below >= seq OR undo_top > seq OR redo_top > seq"
    for (seq,) in connection.execute(f"SELECT seq FROM step WHERE {numbers} LIMIT 20"):
        yield f"Step {seq} points to a later one"
    untargeted = "SELECT seq FROM step WHERE redo_top IN (SELECT seq FROM step WHERE target IS NULL) LIMIT 20"
    for (seq,) in connection.execute(untargeted):
        yield f"Step {seq} would do something again that was never taken back"
    lengths, imported = lengths_of(connection), imports.Imported()
    for seq, at, changes in connection.execute("SELECT seq, strftime('%s', at), changes FROM step"):
        watch.beat(done=1)
        if at is None:
            yield f"Step {seq} was made at no moment"
        if problem := changes_problem(changes, lengths.get):
            yield f"Step {seq} {problem}"
        else:
            imported.take(values.parsed(changes))
    if "import" in found:
        yield from imported.problems(connection)


def lengths_of(connection: sqlite3.Connection) -> dict[int, int]:
    """The lengths of all texts in code points by article, of those too whose import was taken back."""
    made = connection.execute("SELECT name FROM sqlite_schema WHERE name IN ('article', 'gone_article')").fetchall()
    return dict(connection.execute(" UNION ALL ".join(f"SELECT id, length FROM {name}" for (name,) in made)))


def _sequences(connection: sqlite3.Connection, names: list[str]) -> Iterator[str]:
    """The numbers that SQLite gives to the next rows: a number that is taken would stop every decision."""
    rows = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    last = dict(rows)
    if len(last) < len(rows) or not all(values.is_number(seq) and seq <= values.LAST for seq in last.values()):
        yield "The numbers of the next rows make no sense"
        return
    for name in names:
        key = "seq" if name == "step" else "id"
        highest = connection.execute(f"SELECT max({key}) FROM {name}").fetchone()[0] or 0
        if highest > last.get(name, 0):
            yield f"The number of the next row of {name} is taken"
