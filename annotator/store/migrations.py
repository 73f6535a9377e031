"""The schema, as a history that is only ever appended to.

To add one: append a function to MIGRATIONS, never edit one that was released, and put a dump of
the schema before it into tests/data/projects/ (the test there upgrades every dump and compares
the result with a fresh file). `user_version` is the number of functions applied.
"""

import sqlite3
from collections.abc import Callable, Sequence

from sqlite_utils import Database

from annotator.store import chain, seals

APPLICATION_ID = 0x414E4E54  # "ANNT", in the header's application id field


def _first(db: Database) -> None:
    _run(db, _TABLES + _COUNTS)


def _run(db: Database, script: str) -> None:
    """Statement by statement: sqlite3's executescript would commit the migration's transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE annotator (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

CREATE TABLE label (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    position INTEGER NOT NULL,
    colour TEXT NOT NULL CHECK (colour <> ''),
    key TEXT NOT NULL DEFAULT '' CHECK (length(key) <= 1),
    description TEXT NOT NULL DEFAULT '',
    from_model TEXT NOT NULL DEFAULT '[]',
    retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;

CREATE TABLE article (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    title TEXT NOT NULL, source TEXT NOT NULL DEFAULT '', published TEXT NOT NULL DEFAULT '',
    meta TEXT NOT NULL DEFAULT '{}',
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    length INTEGER NOT NULL CHECK (length >= 0),
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'done', 'skipped')),
    flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
    comment TEXT NOT NULL DEFAULT '',
    suggested INTEGER NOT NULL DEFAULT 0 CHECK (suggested >= 0),
    confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
    rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0)
) STRICT;
CREATE INDEX article_by_state ON article (state, id);
CREATE INDEX article_by_sha256 ON article (sha256);

CREATE TABLE article_text (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, text TEXT NOT NULL
) STRICT;
CREATE TRIGGER article_text_is_immutable BEFORE UPDATE ON article_text
BEGIN SELECT RAISE(ABORT, 'an article''s text never changes'); END;

CREATE TABLE suggestion (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('pipeline', 'import')),
    model TEXT NOT NULL, source TEXT NOT NULL,
    spans BLOB NOT NULL, tokens BLOB NOT NULL,
    PRIMARY KEY (article_id, kind)
) STRICT;

-- The id of a row that went is never used again: undo may bring the row back.
CREATE TABLE span (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL CHECK (start >= 0),
    end INTEGER NOT NULL CHECK (end > start),
    label_id INTEGER NOT NULL REFERENCES label (id),
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'rejected')),
    decision TEXT NOT NULL CHECK (decision IN ('confirm', 'reject', 'relabel', 'resize', 'add')),
    source TEXT NOT NULL,
    confidence REAL CHECK (confidence BETWEEN 0 AND 1),
    annotator_id INTEGER NOT NULL REFERENCES annotator (id),
    at TEXT NOT NULL,
    was_start INTEGER, was_end INTEGER, was_label_id INTEGER REFERENCES label (id),
    UNIQUE (article_id, start, end, label_id),
    CHECK ((was_start IS NULL) = (was_end IS NULL) AND (was_start IS NULL) = (was_label_id IS NULL))
) STRICT;

-- One row a step, never changed; undo and redo are rows too. undo_top and redo_top are the steps
-- that the next undo and the next redo would take, as of this row; below is the step that lies
-- under this one in its pile.
CREATE TABLE step (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    verb TEXT NOT NULL CHECK (verb <> ''),
    target INTEGER REFERENCES step (seq),
    undo_top INTEGER REFERENCES step (seq), redo_top INTEGER REFERENCES step (seq),
    below INTEGER REFERENCES step (seq),
    article_id INTEGER, start INTEGER, end INTEGER,
    annotator_id INTEGER NOT NULL REFERENCES annotator (id),
    at TEXT NOT NULL,
    changes TEXT NOT NULL
) STRICT;
CREATE TRIGGER step_is_never_changed BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END;
CREATE TRIGGER step_is_never_deleted BEFORE DELETE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END;

CREATE TABLE article_tally (state TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0)) STRICT;
INSERT INTO article_tally VALUES ('new', 0), ('open', 0), ('done', 0), ('skipped', 0);

CREATE TABLE label_tally (
    label_id INTEGER NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (label_id, state)
) STRICT, WITHOUT ROWID;
"""

# Panels read these counts at every step; counting 30 million rows takes seconds, a trigger microseconds.
_COUNTS = """
CREATE TRIGGER article_counted AFTER INSERT ON article
BEGIN UPDATE article_tally SET n = n + 1 WHERE state = NEW.state; END;
CREATE TRIGGER article_uncounted AFTER DELETE ON article
BEGIN UPDATE article_tally SET n = n - 1 WHERE state = OLD.state; END;
CREATE TRIGGER article_recounted AFTER UPDATE OF state ON article WHEN OLD.state <> NEW.state
BEGIN
    UPDATE article_tally SET n = n - 1 WHERE state = OLD.state;
    UPDATE article_tally SET n = n + 1 WHERE state = NEW.state;
END;

CREATE TRIGGER span_counted AFTER INSERT ON span
BEGIN
    UPDATE article SET confirmed = confirmed + (NEW.state = 'confirmed'),
        rejected = rejected + (NEW.state = 'rejected') WHERE id = NEW.article_id;
    INSERT INTO label_tally VALUES (NEW.label_id, NEW.state, 1)
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER span_uncounted AFTER DELETE ON span
BEGIN
    UPDATE article SET confirmed = confirmed - (OLD.state = 'confirmed'),
        rejected = rejected - (OLD.state = 'rejected') WHERE id = OLD.article_id;
    UPDATE label_tally SET n = n - 1 WHERE label_id = OLD.label_id AND state = OLD.state;
END;
CREATE TRIGGER span_recounted AFTER UPDATE OF state, label_id ON span
BEGIN
    UPDATE article SET
        confirmed = confirmed + (NEW.state = 'confirmed') - (OLD.state = 'confirmed'),
        rejected = rejected + (NEW.state = 'rejected') - (OLD.state = 'rejected')
        WHERE id = NEW.article_id;
    UPDATE label_tally SET n = n - 1 WHERE label_id = OLD.label_id AND state = OLD.state;
    INSERT INTO label_tally VALUES (NEW.label_id, NEW.state, 1)
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + 1;
END;
"""


def _second(db: Database) -> None:
    _run(db, _LEARNING)


_LEARNING = """
-- The order of work is by rank, then by id; picked says what gave an article its rank; arrived is the
-- newest step when it came; twin_of is an earlier article with nearly the same text.
ALTER TABLE article ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN picked TEXT NOT NULL DEFAULT 'given'
    CHECK (picked IN ('given', 'date', 'topics', 'teaches', 'random'));
ALTER TABLE article ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0 CHECK (arrived >= 0);
ALTER TABLE article ADD COLUMN twin_of INTEGER REFERENCES article (id) CHECK (twin_of <> id);
CREATE INDEX article_by_rank ON article (rank, id);

-- spread: the decision was meant for the same words wherever they stand in the article.
ALTER TABLE step ADD COLUMN spread INTEGER NOT NULL DEFAULT 1 CHECK (spread IN (0, 1));
CREATE INDEX step_by_article ON step (article_id, seq);
CREATE INDEX step_by_target ON step (target, seq);

-- revision says what the learner knew when it made its suggestions; ghosts are places that it left unmarked.
CREATE TABLE suggestion_2 (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('pipeline', 'learner', 'ghost', 'import')),
    model TEXT NOT NULL, revision TEXT NOT NULL DEFAULT '', source TEXT NOT NULL,
    spans BLOB NOT NULL, tokens BLOB NOT NULL,
    PRIMARY KEY (article_id, kind)
) STRICT;
INSERT INTO suggestion_2 SELECT article_id, kind, model, '', source, spans, tokens FROM suggestion;
DROP TABLE suggestion;
ALTER TABLE suggestion_2 RENAME TO suggestion;

-- Words that somebody put into the memory by hand; without a label they are never an entity.
CREATE TABLE pattern (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    surface TEXT NOT NULL CHECK (surface <> ''),
    label_id INTEGER REFERENCES label (id),
    any_case INTEGER NOT NULL DEFAULT 0 CHECK (any_case IN (0, 1)),
    origin TEXT NOT NULL DEFAULT '',
    UNIQUE (surface, any_case)
) STRICT;
"""


def _third(db: Database) -> None:
    _run(db, _IMPORTS + goes_and_comes(_IMPORTED))


_IMPORTED = ("article", "article_text", "suggestion", "span")
_IMPORTS = """
-- A row stands as long as its import does: what came with it has the ids from first to last. Taking the row
-- away moves these articles, with all that belongs to them, into the tables gone_*; putting it back brings them
-- back. No id of a gone article is ever given to another.
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first INTEGER NOT NULL UNIQUE CHECK (first > 0), last INTEGER NOT NULL CHECK (last >= first),
    files TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

-- While a row is in it, whoever writes spans keeps the counts: a trigger for each of 300,000 takes ten seconds.
CREATE TABLE uncounted (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;

CREATE TABLE gone_article AS SELECT * FROM article WHERE 0;
CREATE TABLE gone_article_text AS SELECT * FROM article_text WHERE 0;
CREATE TABLE gone_suggestion AS SELECT * FROM suggestion WHERE 0;
CREATE TABLE gone_span AS SELECT * FROM span WHERE 0;
CREATE INDEX gone_article_by_id ON gone_article (id);
CREATE INDEX article_by_twin ON article (twin_of) WHERE twin_of IS NOT NULL;

DROP TRIGGER span_counted;
DROP TRIGGER span_uncounted;
CREATE TRIGGER span_counted AFTER INSERT ON span WHEN NOT EXISTS (SELECT 1 FROM uncounted)
BEGIN
    UPDATE article SET confirmed = confirmed + (NEW.state = 'confirmed'),
        rejected = rejected + (NEW.state = 'rejected') WHERE id = NEW.article_id;
    INSERT INTO label_tally VALUES (NEW.label_id, NEW.state, 1)
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER span_uncounted AFTER DELETE ON span WHEN NOT EXISTS (SELECT 1 FROM uncounted)
BEGIN
    UPDATE article SET confirmed = confirmed - (OLD.state = 'confirmed'),
        rejected = rejected - (OLD.state = 'rejected') WHERE id = OLD.article_id;
    UPDATE label_tally SET n = n - 1 WHERE label_id = OLD.label_id AND state = OLD.state;
END;
"""


def goes_and_comes(tables: tuple[str, ...]) -> str:
    """The triggers that move an import's rows out and in; each table has one gone_* with the same columns.

    A table of a later migration that belongs to articles joins in with its own gone_* table and
    `DROP TRIGGER import_goes; DROP TRIGGER import_comes;` before these triggers for all tables, the
    articles first. A column that is added to one of the tables is added to its gone_* table as well.
    """
    there = [(table, "id" if table == "article" else "article_id") for table in tables]
    out = [
        f"INSERT INTO gone_{table} SELECT * FROM {table} WHERE {key} BETWEEN OLD.first AND OLD.last;\n"
        f"    DELETE FROM {table} WHERE {key} BETWEEN OLD.first AND OLD.last;"
        for table, key in reversed(there)
    ]
    back = [
        f"INSERT INTO {table} SELECT * FROM gone_{table} WHERE {key} BETWEEN NEW.first AND NEW.last;\n"
        f"    DELETE FROM gone_{table} WHERE {key} BETWEEN NEW.first AND NEW.last;"
        for table, key in there
    ]
    return _GOES_AND_COMES.format(out="\n    ".join(out), back="\n    ".join(back))


_GOES_AND_COMES = """
CREATE TRIGGER import_goes AFTER DELETE ON import
BEGIN
    INSERT INTO uncounted VALUES (1);
    UPDATE label_tally SET n = label_tally.n - counted.n FROM (
        SELECT label_id, state, count(*) AS n FROM span WHERE article_id BETWEEN OLD.first AND OLD.last GROUP BY 1, 2
    ) AS counted WHERE label_tally.label_id = counted.label_id AND label_tally.state = counted.state;
    {out}
    DELETE FROM uncounted;
END;
CREATE TRIGGER import_comes AFTER INSERT ON import
WHEN EXISTS (SELECT 1 FROM gone_article WHERE id BETWEEN NEW.first AND NEW.last)
BEGIN
    INSERT INTO uncounted VALUES (1);
    {back}
    INSERT INTO label_tally
        SELECT label_id, state, count(*) FROM span WHERE article_id BETWEEN NEW.first AND NEW.last GROUP BY 1, 2
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + excluded.n;
    DELETE FROM uncounted;
END;
"""


def _fourth(db: Database) -> None:
    _run(db, _ASIDES + goes_and_comes((*_IMPORTED, "aside")))


_ASIDES = """
-- Passages that are not to be labelled; a suggested one counts until somebody clears it.
CREATE TABLE aside (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL CHECK (start >= 0),
    end INTEGER NOT NULL CHECK (end > start),
    state TEXT NOT NULL CHECK (state IN ('suggested', 'marked', 'cleared')),
    annotator_id INTEGER REFERENCES annotator (id),
    at TEXT,
    UNIQUE (article_id, start, end),
    CHECK ((state = 'suggested') = (annotator_id IS NULL) AND (annotator_id IS NULL) = (at IS NULL))
) STRICT;
CREATE TABLE gone_aside AS SELECT * FROM aside WHERE 0;
DROP TRIGGER import_goes;
DROP TRIGGER import_comes;
"""


def _fifth(db: Database) -> None:
    assert db.conn is not None
    _run(db, _SEALS)
    seal_anew(db.conn)


def seal_anew(connection: sqlite3.Connection) -> None:
    """Link and seal what is there, as it is; inside a transaction. Also for a project made of saved rows."""
    connection.execute("DROP TRIGGER step_is_never_changed")
    chain.relink(connection)
    seals.reseal(connection)
    connection.execute(_STEP_IS_NEVER_CHANGED)


_SEALS = """
-- hash: of this step and all before it; seal: of the article, its spans and its asides, or of the annotator.
ALTER TABLE step ADD COLUMN hash TEXT CHECK (length(hash) = 64);
ALTER TABLE article ADD COLUMN seal TEXT NOT NULL DEFAULT '' CHECK (length(seal) IN (0, 64));
ALTER TABLE gone_article ADD COLUMN seal TEXT;
ALTER TABLE annotator ADD COLUMN seal TEXT NOT NULL DEFAULT '' CHECK (length(seal) IN (0, 64));
"""
_STEP_IS_NEVER_CHANGED = """CREATE TRIGGER step_is_never_changed BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END"""

SEALED_FROM = 5  # version
MIGRATIONS: tuple[Callable[[Database], None], ...] = (_first, _second, _third, _fourth, _fifth)


def migrate(db: Database, version: int, migrations: Sequence[Callable[[Database], None]]) -> None:
    """Bring a project of this version up to date, with each of the migrations whole or not at all."""
    connection = db.conn
    assert connection is not None
    for number, migration in enumerate(migrations[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            migration(db)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
