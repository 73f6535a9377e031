"""What a project holds, in a few checksums: told by a victim after each verb, compared after its end."""

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

_ROWS = (
    "SELECT * FROM span ORDER BY id",
    "SELECT * FROM aside ORDER BY id",
    "SELECT * FROM label ORDER BY id",
    "SELECT * FROM pattern ORDER BY id",
    'SELECT id, first, last FROM "import" ORDER BY id',
    "SELECT id, state, flagged, comment, confirmed, rejected FROM article ORDER BY id",
)
_FACTS = (
    "SELECT name FROM annotator ORDER BY id",
    "SELECT key, value FROM meta WHERE key IN ('place', 'guideline', 'order', 'model') ORDER BY key",
)


class State(NamedTuple):
    """What was acknowledged.

    :param steps: how many steps there are.
    :param rows: a checksum of all that steps change.
    :param facts: one of what no step changes: who decided, the place of last time.
    :param datasets: one of each exported file, by its path.
    """

    steps: int
    rows: str
    facts: str
    datasets: dict[str, str]


def state_of(connection: sqlite3.Connection, folder: Path) -> State:
    """What stands in the project, and in `folder`, where the datasets are."""
    steps = int(connection.execute("SELECT coalesce(max(seq), 0) FROM step").fetchone()[0])
    return State(steps, _digest(connection, _ROWS), _digest(connection, _FACTS), digests(folder))


def _digest(connection: sqlite3.Connection, queries: tuple[str, ...]) -> str:
    rows = [connection.execute(query).fetchall() for query in queries]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def digests(folder: Path) -> dict[str, str]:
    """Each dataset by its name; a folder is one as a whole."""
    return {each.name: digest_of(each) for each in sorted(folder.glob("out*"))}


def digest_of(path: Path) -> str:
    """Of a file's bytes, or of all files below a folder with their names; "-" where there is nothing."""
    sha = hashlib.sha256()
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    if not path.exists():
        return "-"
    for each in files:
        sha.update(each.name.encode() + b"\0" + each.read_bytes())
    return sha.hexdigest()[:16]
