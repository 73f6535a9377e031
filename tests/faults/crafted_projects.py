"""Projects that somebody made to do harm, and logs that somebody laid beside one.

Each case changes a sound project. "foreign" are those with parts that no project has, "damaged" those whose parts
cannot be worked with, "harmless" those that are to be opened all the same.
"""

import contextlib
import json
import random
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

PAGE = 4096
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


class Case(NamedTuple):
    """How a project is changed: by statements, or by whatever is done to the file."""

    name: str
    statements: tuple[str, ...] = ()
    change: Callable[[Path], None] | None = None

    def make(self, path: Path) -> None:
        """Change the project at a path."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for statement in self.statements:
                connection.execute(statement)
        if self.change is not None:
            self.change(path)


def _rewritten(table: str, old: str, new: str) -> tuple[str, ...]:
    """The SQL of a part, changed behind SQLite's back."""
    old, new = (sql.replace("'", "''") for sql in (old, new))
    return _schema(f"sql = replace(sql, '{old}', '{new}')", table)


def _schema(change: str, table: str) -> tuple[str, ...]:
    return "PRAGMA writable_schema = ON", f"UPDATE sqlite_schema SET {change} WHERE name = '{table}'"


_FORGED_COUNTS = "CREATE TRIGGER span_counted AFTER INSERT ON span BEGIN DELETE FROM article; END"

FOREIGN = (
    Case("a trigger on each step", ("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM span; END",)),
    Case("a trigger before a delete", ("CREATE TRIGGER t BEFORE DELETE ON span BEGIN SELECT RAISE(IGNORE); END",)),
    Case("a trigger on an update", ("CREATE TRIGGER t AFTER UPDATE OF state ON article BEGIN DELETE FROM meta; END",)),
    Case("a trigger on the facts", ("CREATE TRIGGER t AFTER INSERT ON meta BEGIN UPDATE article SET title = ''; END",)),
    Case("a trigger under our name", ("DROP TRIGGER span_counted", _FORGED_COUNTS)),
    Case("a trigger of ours is gone", ("DROP TRIGGER step_is_never_changed",)),
    Case("a view", ("CREATE VIEW v AS SELECT * FROM article",)),
    Case(
        "a view with a trigger",
        ("CREATE VIEW v AS SELECT 1 AS a", "CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END"),
    ),
    Case("a view in place of a table", ("DROP TABLE pattern", "CREATE VIEW pattern AS SELECT * FROM label")),
    Case(
        "a view that never ends",
        (
            "DROP TABLE pattern",
            "CREATE VIEW pattern AS WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT id FROM n",
        ),
    ),
    Case("a generated column", ("ALTER TABLE article ADD COLUMN g TEXT AS (upper(title))",)),
    Case("a column more", ("ALTER TABLE label ADD COLUMN more TEXT DEFAULT 'x'",)),
    Case("a table more", ("CREATE TABLE more (a)",)),
    Case("an index more", ("CREATE INDEX more ON span (label_id)",)),
    Case("a partial index", ("CREATE INDEX more ON span (start) WHERE state = 'confirmed'",)),
    Case("an index on an expression", ("CREATE INDEX more ON article (lower(title))",)),
    Case("an index of ours is gone", ("DROP INDEX article_by_state",)),
    Case("a virtual table", ("CREATE VIRTUAL TABLE more USING fts5 (a)",)),
    Case("a table of places", ("CREATE VIRTUAL TABLE more USING rtree (id, a, b)",)),
    Case("another rule", _rewritten("span", "end > start", "end > -1")),
    Case("another default", _rewritten("article", "DEFAULT ''", "DEFAULT (hex(randomblob(9)))")),
    Case("another order", _rewritten("label", "name TEXT NOT NULL UNIQUE", "name TEXT COLLATE NOCASE NOT NULL UNIQUE")),
    Case("no references", _rewritten("span", "REFERENCES label (id)", "")),
    Case(
        "a table without row numbers",
        ("DROP TABLE pattern", "CREATE TABLE pattern (id INTEGER PRIMARY KEY) WITHOUT ROWID"),
    ),
    Case("a table of ours is gone", ("DROP TABLE aside",)),
    Case(
        "statistics of another shape",
        (
            "CREATE TABLE more (tbl, idx, stat)",
            *_rewritten("more", "more", "sqlite_stat1"),
            "UPDATE sqlite_schema SET name = 'sqlite_stat1', tbl_name = 'sqlite_stat1' WHERE name = 'more'",
        ),
    ),
)


def _packed(size: int) -> str:
    return zlib.compress(b"[" + b"0," * size + b"0]", 9).hex()


def _loop(path: Path) -> None:
    """The first page of the articles becomes an inner page whose children are itself."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'article'").fetchone()
    raw = bytearray(path.read_bytes())
    at = (root - 1) * PAGE
    me = root.to_bytes(4, "big")
    cells = b"".join(me + bytes((n + 1,)) for n in range(100))
    head = bytes((5, 0, 0)) + (100).to_bytes(2, "big") + (PAGE - len(cells)).to_bytes(2, "big") + b"\0" + me
    places = b"".join((PAGE - len(cells) + 5 * n).to_bytes(2, "big") for n in range(100))
    raw[at : at + PAGE] = (head + places).ljust(PAGE - len(cells), b"\0") + cells
    path.write_bytes(raw)


def _header(at: int, value: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        raw[at : at + len(value)] = value
        path.write_bytes(raw)

    return change


_SPAN: dict[str, Any] = {
    **{"id": 99, "uid": "ghost", "article_id": 2, "start": 0, "end": 7, "label_id": 2, "state": "confirmed"},
    **{"decision": "add", "source": "", "confidence": None, "annotator_id": 1, "at": "2026-11-26T10:00:00Z"},
    **{"was_start": None, "was_end": None, "was_label_id": None},
}
_LABEL: dict[str, Any] = {
    **{"id": 77, "uid": "ghost", "name": "GHOST", "position": 9, "colour": "slate", "key": "", "description": ""},
    **{"from_model": "[]", "retired": 0},
}
_IMPORT: dict[str, Any] = {"id": 9, "first": 5, "last": 5, "files": "[]", "at": "2026-11-26T10:00:00Z"}
_ASIDE: dict[str, Any] = {
    **{"id": 99, "uid": "ghost", "article_id": 2, "start": 0, "end": 5, "state": "marked", "annotator_id": 1},
    "at": "2026-11-26T10:00:00Z",
}
_ARTICLE: dict[str, Any] = {"id": 2, "state": "open", "flagged": 0, "comment": ""}
_PATTERN: dict[str, Any] = {"id": 9, "uid": "p", "surface": "x", "label_id": 1, "any_case": 0, "origin": ""}


def _told(table: str, before: object, after: object = None) -> tuple[str]:
    """A step more, the next to be taken back; it says what nobody did."""
    changes = json.dumps([[table, before, after]]).replace("'", "''")
    return (
        "INSERT INTO step (uid, verb, undo_top, below, annotator_id, at, changes, hash)"
        f" SELECT 'crafted', 'add', seq + 1, undo_top, 1, at, '{changes}', '{'0' * 64}' FROM step"
        " ORDER BY seq DESC LIMIT 1",
    )


# Steps whose undo would write what the tables do not forbid, or move what they do not name.
HISTORIES = (
    Case("a step with a span far behind the text", _told("span", _SPAN | {"end": 10**9})),
    Case("a step with a span that ends before it begins", _told("span", _SPAN | {"start": 8})),
    Case("a step with a span in no article", _told("span", _SPAN | {"article_id": 777})),
    Case("a step with a span in a text", _told("span", _SPAN | {"start": "0"})),
    Case("a step with a span of a fraction", _told("span", _SPAN | {"start": 0.0})),
    Case("a step with a span of no state", _told("span", _SPAN | {"state": "x"})),
    Case("a step with a span of no moment", _told("span", _SPAN | {"at": "yesterday"})),
    Case("a step with a certainty in words", _told("span", _SPAN | {"confidence": "0.5"})),
    Case("a step with an aside far behind the text", _told("aside", _ASIDE | {"end": 10**12})),
    Case("a step with an aside of nobody", _told("aside", _ASIDE | {"annotator_id": None})),
    *(
        Case(f"a step with a label that means {number}", _told("label", _LABEL | {"from_model": means}))
        for number, means in enumerate(("null", "{", "[1,[2]]", "5", "[" * 900 + "]" * 900))
    ),
    Case("a step with a label that a terminal obeys", _told("label", _LABEL | {"name": "\x1b[2J"})),
    Case("a step with a key of two", _told("label", _LABEL | {"key": "ab"})),
    Case("a step with a flag that is none", _told("article", _ARTICLE | {"flagged": True}, _ARTICLE)),
    Case("a step with an article of no state", _told("article", _ARTICLE | {"state": "x"}, _ARTICLE)),
    Case("a step that takes an article away", _told("article", None, _ARTICLE)),
    Case("a step with an article that is new", _told("article", _ARTICLE | {"id": 555})),
    Case("a step with an import of all that is there", _told("import", _IMPORT | {"first": 1, "last": 4})),
    Case("a step with an import of all that will be", _told("import", _IMPORT | {"first": 1, "last": 2**53})),
    Case("a step with an import of no list", _told("import", _IMPORT | {"files": "null"})),
    Case("a step with an import that grows", _told("import", _IMPORT | {"id": 1, "last": 9}, _IMPORT | {"id": 1})),
    Case("a step with words that are none", _told("pattern", _PATTERN | {"surface": ""})),
    Case("a step with words of another kind", _told("pattern", _PATTERN | {"any_case": 2})),
    Case("a step with a row of a table that has none", _told("meta", {"id": 1})),
    Case("a step with a row of other columns", _told("pattern", {"id": 1})),
)

_NEVER = """CREATE TRIGGER step_is_never_changed BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END"""
_LATE_ARTICLE = (
    f"INSERT INTO article (id, uid, title, sha256, length) SELECT {2**53}, 'late', title, sha256, length"
    " FROM article WHERE id = 1"
)
_LATE_TEXT = f"INSERT INTO article_text SELECT {2**53}, text FROM article_text WHERE article_id = 1"
_NO_RULES = ("PRAGMA ignore_check_constraints = ON", "PRAGMA foreign_keys = OFF")


def _suggested(spans: bytes, tokens: bytes) -> tuple[str, ...]:
    """Every article gets these for each kind of suggestion."""
    rows = (f"SELECT id, '{kind}', 'm', '', 's' FROM article" for kind in ("pipeline", "learner", "ghost", "import"))
    packed = f"x'{zlib.compress(spans, 9).hex()}', x'{zlib.compress(tokens, 9).hex()}'"
    return (
        "DELETE FROM suggestion",
        *(f"INSERT INTO suggestion {row.replace(' FROM', f', {packed} FROM')}" for row in rows),
    )


def _taken_away(*tables: str) -> tuple[str, ...]:
    return tuple(f"DELETE FROM {table}" for table in tables)


def _known(facts: str) -> tuple[str]:
    return (f"UPDATE article SET meta = '{facts}'",)


def _fact(key: str, value: str) -> tuple[str]:
    return (f"INSERT OR REPLACE INTO meta VALUES ('{key}', {value})",)


DAMAGED = (
    *HISTORIES,
    Case("many small giants", _suggested(b"[" + b'[0,1,"A",0.5],' * 1_000_000 + b'[0,1,"A",0.5]]', b"[]")),
    Case("many tokens of no length", _suggested(b"[]", b"[" + b"0,0," * 10_000 + b"0,0]")),
    Case("much white space", _suggested(b" " * 66_000_000 + b"[]", b"[]")),
    Case("an import taken back whose articles are gone", _taken_away("gone_article", "gone_article_text")),
    Case("an import that stands without an article", (*_NO_RULES, "UPDATE import SET last = 9")),
    Case("a count that is missing", ("DELETE FROM article_tally WHERE state = 'skipped'",)),
    Case("a count of a label that is missing", ("DELETE FROM label_tally",)),
    Case("an article from the future", ("UPDATE article SET arrived = 9007199254740992",)),
    Case("an article like none", (*_NO_RULES, "UPDATE article SET twin_of = 777 WHERE id = 2")),
    Case("an article like itself", (*_NO_RULES, "UPDATE article SET twin_of = id")),
    Case("two articles like each other", ("UPDATE article SET twin_of = 3 - id WHERE id < 3",)),
    Case("an order that nobody chose", (*_NO_RULES, "UPDATE article SET picked = 'x'")),
    Case("facts that are no numbers for others", _known('{"x": NaN}')),
    Case("facts beyond all numbers", _known('{"x": -1e400}')),
    Case("facts that are nested too deeply to be written", _known('{"x":' * 200 + "1" + "}" * 200)),
    Case("a label with a zero in it", ("UPDATE label SET name = 'a' || char(0) || 'b' WHERE id = 4",)),
    Case("a label that a terminal obeys", ("UPDATE label SET name = char(27) || '[2J' WHERE id = 4",)),
    Case("a pipeline of a long name", _fact("model", f"'blank:{'x' * 1000}'")),
    Case("a pipeline with a zero in it", _fact("model", "char(0) || 'a'")),
    Case("a split of other parts", _fact("sides 80/10/10", """'{"train": [], "x": ["a"]}'""")),
    Case(
        "a schema that is no SQL",
        ("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = 'CREATE' WHERE name = 'span'"),
    ),
    Case(
        "a schema of odd types",
        ("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = 'x' WHERE name = 'span'"),
    ),
    Case(
        "two tables on one page",
        _schema("rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'meta')", "label"),
    ),
    Case(
        "a table far behind the end",
        ("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = 999999 WHERE name = 'label'"),
    ),
    Case("pages in a loop", change=_loop),
    Case("a version of none", ("PRAGMA user_version = 0",)),
    Case("a version below none", ("PRAGMA user_version = -1",)),
    Case("a journal of another kind", change=_header(18, b"\x80")),
    Case("another encoding", change=_header(56, (2).to_bytes(4, "big"))),
    Case(
        "an unpacked giant",
        (f"INSERT INTO suggestion VALUES (1, 'import', 'm', '', 's', x'{_packed(40_000_000)}', x'{_packed(0)}')",),
    ),
    Case(
        "a blob that is not packed",
        ("INSERT INTO suggestion VALUES (1, 'import', 'm', '', 's', zeroblob(5000000), x'')",),
    ),
    Case("a text of another length", (*_NO_RULES, "UPDATE article SET length = 99999 WHERE id = 1")),
    Case("a confidence beyond all", (*_NO_RULES, "UPDATE span SET confidence = 9e999")),
    Case("a place beyond all", (*_NO_RULES, "UPDATE span SET end = 9223372036854775807")),
    Case("a state that is none", (*_NO_RULES, "UPDATE span SET state = '<b>'")),
    Case("a label that is not there", (*_NO_RULES, "UPDATE span SET label_id = 77")),
    Case("odd types where none are kept", ("INSERT INTO gone_article (id, title, meta) VALUES ('x', x'ff', 7)",)),
    Case("facts that are nested without end", (f"UPDATE article SET meta = '{'[' * 100000}'",)),
    Case("facts that are no numbers", ("INSERT INTO meta VALUES ('random_share', 'many')",)),
    Case("a history without a head", (f"INSERT OR REPLACE INTO meta VALUES ('history_head', '{'9' * 5000} x')",)),
    Case("a text that is none", ("UPDATE article SET title = CAST(x'61ff' AS TEXT)",)),
    Case("numbers that are all given", ("UPDATE sqlite_sequence SET seq = 9223372036854775807",)),
    *(
        Case(
            f"numbers of {name} that leave no room",
            (f"UPDATE sqlite_sequence SET seq = {2**53} WHERE name = '{name}'",),
        )
        for name in ("span", "step", "label")
    ),
    Case("an article with a number that leaves no room", (_LATE_ARTICLE, _LATE_TEXT)),
    Case("numbers that are given twice", ("DELETE FROM sqlite_sequence",)),
    Case("counts that are wrong", ("UPDATE label_tally SET n = 0",)),
    Case("an import in the middle", ("INSERT INTO uncounted VALUES (1)",)),
    Case(
        "a history that bites its tail", ("DROP TRIGGER step_is_never_changed", "UPDATE step SET below = seq", _NEVER)
    ),
)

HARMLESS = (
    Case("labels that look like pages", ("UPDATE label SET name = '<img src=\"file:///etc/passwd\">' WHERE id = 1",)),
    Case("titles that a terminal obeys", ("UPDATE article SET title = char(27) || '[2J' || char(8238)",)),
    Case("a name that leads elsewhere", ("UPDATE label SET name = '../../../tmp/x' WHERE id = 1",)),
    Case("statistics", ("ANALYZE",)),
    Case("a fact that nobody knows", ("INSERT INTO meta VALUES ('odd', '')",)),
)


def other_steps(path: Path, chance: random.Random) -> None:
    """A step that says something else of a row than was done, or one of those that are made to do harm."""
    if chance.random() < 0.3:
        with contextlib.suppress(sqlite3.OperationalError):  # older projects have other columns
            chance.choice(HISTORIES).make(path)
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (never,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'step_is_never_changed'").fetchone()
        connection.execute("DROP TRIGGER step_is_never_changed")
        seq, text = chance.choice(connection.execute("SELECT seq, changes FROM step").fetchall())
        changes = json.loads(text)
        row = chance.choice([row for change in changes for row in change[1:] if row])
        row[chance.choice(list(row))] = chance.choice((None, -1, 0, 2**40, 0.5, True, "", "null", [], {}))
        connection.execute("UPDATE step SET changes = ? WHERE seq = ?", [json.dumps(changes), seq])
        connection.execute(never)


# What lies beside a project


def journal_that_names(other: Path) -> bytes:
    """A rollback journal of no pages that is one of several; another file is to say whether it counts."""
    name = bytes(other)
    head = JOURNAL_MAGIC + b"".join(n.to_bytes(4, "big") for n in (0, 7, 1, 512, PAGE))
    tail = (0x40000000 // PAGE + 1).to_bytes(4, "big") + name + len(name).to_bytes(4, "big")
    total = sum(each - 256 if each > 127 else each for each in name) % 2**32
    return head.ljust(512, b"\0") + tail + total.to_bytes(4, "big") + JOURNAL_MAGIC


def journal_of(other: bytes) -> bytes:
    """A rollback journal that brings in the pages of another project."""
    nonce, pages = 7, len(other) // PAGE
    head = JOURNAL_MAGIC + b"".join(n.to_bytes(4, "big") for n in (pages, nonce, pages, 512, PAGE))
    records = []
    for number in range(pages):
        page = other[number * PAGE : (number + 1) * PAGE]
        total = (nonce + sum(page[at] for at in range(PAGE - 200, 0, -200))) % 2**32
        records.append((number + 1).to_bytes(4, "big") + page + total.to_bytes(4, "big"))
    return head.ljust(512, b"\0") + b"".join(records)


def log_of(project: Path, *statements: str) -> bytes:
    """The log that a program would leave if it were killed after these statements; the project is as it was."""
    before = project.read_bytes()
    with closing(sqlite3.connect(project, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in statements:
            connection.execute(statement)
        log = project.with_name(project.name + "-wal").read_bytes()
    project.write_bytes(before)
    return log
