"""Flip one bit of a project, have it checked, and again: how many flips does the check notice?

    python tests/faults/bit_flips.py [--flips N] [--seed N]

Prints how many were tried, noticed, and not noticed. Of the last ones those matter that changed something that can be
read; each is told by table and column. The others fell on bytes that hold nothing: free room in pages, freed pages,
counters of SQLite's that it makes anew.
"""

import argparse
import json
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ARTICLES, DECISIONS, BATCH = 40, 400, 20
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout
sys.path.insert(0, str(HERE.parent))

Content = dict[tuple[str, str], list[Any]]  # the values of a column, by table and column


@dataclass
class Result:
    """What became of the flips.

    :ivar used: what those changed that nobody noticed, by "table.column".
    """

    tried: int = 0
    noticed: int = 0
    unused: int = 0
    crashed: int = 0
    used: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        """One line, and one for each column."""
        missed = self.tried - self.noticed - self.unused - self.crashed
        line = (
            f"bit flips tried {self.tried}, noticed {self.noticed} ({self.noticed / self.tried:.0%}),"
            f" in bytes that hold nothing {self.unused}, unnoticed in used bytes {missed}, crashed {self.crashed}"
        )
        return "\n".join([line, *(f"  {what}: {n}" for what, n in self.used.most_common())])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.annot"
        realistic_project(path, random.Random(given.seed))
        result = flip_again_and_again(path, given.flips, random.Random(given.seed))
    sys.stdout.write(result.summary() + "\n")
    sys.exit(0 if not result.crashed else 1)


def realistic_project(path: Path, chance: random.Random) -> None:
    """Articles with suggestions, decisions of every kind, an import with decisions, another one taken back."""
    from random_work import Worker, records

    from annotator.session import Session

    with Session.open(path, create=True, labels="conll", annotator="ana") as session:
        session.add_articles(records(ARTICLES, chance))
        worker = Worker(session, chance)
        worker.read_all()
        for _ in range(DECISIONS):
            worker.work()
        for name in ("kept", "gone"):
            session.add_articles(decided(f"{name}-{each['id']}", each["text"]) for each in records(BATCH, chance))
        session.undo()


def decided(uid: str, text: str) -> dict[str, Any]:
    """A record as this program exports it, with its spans decided."""
    spans = [{"start": at, "end": at + 3, "label": "ORG", "text": text[at : at + 3]} for at in range(0, 40, 8)]
    meta = {"title": f"About {uid}", "source": "Reuters", "published": "2017-10-11"}
    own = {"state": "done", "answer": "accept", "schema": "annotator/1", "offsets": "codepoint"}
    return {"id": uid, "text": text, "spans": spans, "meta": meta, **own}


def flip_again_and_again(path: Path, flips: int, chance: random.Random) -> Result:
    """One bit at a time of the same project."""
    whole, result = path.read_bytes(), Result()
    before = content_of(path)
    damaged = path.with_name("damaged.annot")
    for _ in range(flips):
        data, at = bytearray(whole), chance.randrange(len(whole))
        data[at] ^= 1 << chance.randrange(8)
        damaged.write_bytes(data)
        take(damaged, before, result)
    return result


def take(damaged: Path, before: Content, result: Result) -> None:
    """Count what the check says of a file."""
    result.tried += 1
    try:
        noticed = is_noticed(damaged)
    except Exception as error:
        result.crashed += 1
        sys.stdout.write(f"crash: {error!r}\n")
        return
    if noticed:
        result.noticed += 1
    elif changed := differing(before, content_of(damaged)):
        result.used[changed] += 1
    else:
        result.unused += 1


def is_noticed(path: Path) -> bool:
    """Does the check say that something is wrong?"""
    from annotator.errors import KnownError
    from annotator.store.checking import check_file

    try:
        return not check_file(path).holds
    except KnownError:
        return True


def content_of(path: Path) -> Content:
    """All that can be read, column by column."""
    content: Content = {}
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        named = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        tables = [name.decode() for (name,) in named]
        for table in ("sqlite_schema", *tables):
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            rows = sorted(cursor.fetchall(), key=json_of)
            columns = zip(*rows, strict=True) if rows else ([] for _ in names)
            content |= {(table, name): list(values) for name, values in zip(names, columns, strict=True)}
        for pragma in ("user_version", "application_id", "encoding", "auto_vacuum"):
            content["pragma", pragma] = list(connection.execute(f"PRAGMA {pragma}"))
    return content


def json_of(row: Any) -> str:
    return json.dumps(row, default=repr)


def differing(before: Content, after: Content) -> str:
    """The first column that is not the same; "" for none."""
    found = (f"{table}.{column}" for (table, column), values in before.items() if after[table, column] != values)
    return next(found, "")


if __name__ == "__main__":
    main()
