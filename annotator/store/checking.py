"""Is the project whole? What `annotator check` looks at."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from sqlite_utils import Database

from annotator.model.article import text_sha256
from annotator.store.migrations import APPLICATION_ID, MIGRATIONS
from annotator.store.project import Project

_RECOUNTS = {
    "articles by state": (
        "SELECT count(*) FROM article_tally t WHERE n <> (SELECT count(*) FROM article WHERE state = t.state)"
    ),
    "spans of an article": (
        "SELECT count(*) FROM article a"
        " WHERE confirmed <> (SELECT count(*) FROM span WHERE article_id = a.id AND state = 'confirmed')"
        " OR rejected <> (SELECT count(*) FROM span WHERE article_id = a.id AND state = 'rejected')"
    ),
    "spans of a label": (
        "SELECT count(*) FROM label_tally t WHERE n <>"
        " (SELECT count(*) FROM span WHERE label_id = t.label_id AND state = t.state)"
    ),
}


def problems(project: Project) -> Iterator[str]:
    """One sentence for each thing that is wrong; nothing where all holds."""
    try:
        yield from _damage(project.connection)
        yield from _schema(project)
        yield from _texts(project.connection)
        yield from _spans(project.connection)
        yield from _counts(project.connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        yield f"The file cannot be read to its end: {error}"


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    for (answer,) in connection.execute("PRAGMA integrity_check"):
        if answer != "ok":
            yield f"Integrity: {answer}"
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"Row {row_id} of {table} points to a row of {parent} that is not there"


def _schema(project: Project) -> Iterator[str]:
    """A project has the parts that a fresh one has, and no others: a foreign trigger would run at each decision."""
    query = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for migration in MIGRATIONS:
            migration(Database(fresh, execute_plugins=False))
        ours, theirs = set(fresh.execute(query)), set(project.connection.execute(query))
    for kind, name, _ in sorted(ours ^ theirs):
        yield f"Schema: the {kind} {name} is not as this version makes it"
    application_id = project.connection.execute("PRAGMA application_id").fetchone()[0]
    if application_id != APPLICATION_ID:
        yield "Schema: the file's application id is not Annotator's"


def _texts(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        "SELECT id, title, text, sha256, length FROM article LEFT JOIN article_text ON article_id = id"
    )
    for row_id, title, text, sha256, length in rows:
        if text is None:
            yield f"Article {row_id} ({title}): its text is missing"
        elif len(text) != length or text_sha256(text) != sha256:
            yield f"Article {row_id} ({title}): its text is not the one that was imported"


def _spans(connection: sqlite3.Connection) -> Iterator[str]:
    for table in ("span", "aside"):
        rows = connection.execute(
            f'SELECT {table}.id, article_id, start, "end" FROM {table} JOIN article ON article.id = article_id'
            ' WHERE "end" > length'
        )
        for row_id, article_id, start, end in rows:
            yield f"{table.capitalize()} {row_id} ({start}-{end}) reaches beyond the text of article {article_id}"


def _counts(connection: sqlite3.Connection) -> Iterator[str]:
    for what, query in _RECOUNTS.items():
        wrong = connection.execute(query).fetchone()[0]
        if wrong:
            yield f"Counts: {wrong} counts of {what} are wrong"
