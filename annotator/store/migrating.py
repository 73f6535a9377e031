"""Making a project's schema, in a new file or from an older version's."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from annotator.store.identity import new_uid
from annotator.store.migrations import APPLICATION_ID, MIGRATIONS


def build(path: Path) -> None:
    """Make a new, empty project of this version in an empty file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db = Database(connection, execute_plugins=False)
        migrate(db, 0)
        db.table("meta").insert({"key": "project_uid", "value": new_uid()})
    finally:
        connection.close()


def migrate(db: Database, version: int) -> None:
    """Bring a project from that version to this one, one transaction for each step between them."""
    connection = db.conn
    assert connection is not None
    for number, migration in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            migration(db)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
