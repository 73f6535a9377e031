"""Projects as earlier versions of the program left them, with some hundred articles."""

import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.store import migrations

DUMPS = sorted((Path(__file__).parents[1] / "data" / "projects").glob("v*.sql"))


def build_old(dump: Path, path: Path, articles: int) -> None:
    """The project of a dump, with copies of its second article where they can be made; all of it in one file.

    :param articles: how many there are in the end, unless each is sealed: a copy would count as meddled with.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as old:
        old.executescript(dump.read_text("utf-8"))
        old.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        old.execute(f"PRAGMA user_version = {int(dump.stem[1:])}")
        # numbers far behind those that the history knows
        sealed = any(name == "seal" for _, name, *_ in old.execute("PRAGMA table_info(article)"))
        for table, key in () if sealed else (("article", "id"), ("article_text", "article_id")):
            _copy(old, table, key, range(1001, 1001 + articles - 2))
        old.commit()


def articles_in(path: Path) -> int:
    """How many articles a closed project of whatever version has."""
    with closing(sqlite3.connect(path)) as old:
        return int(old.execute("SELECT count(*) FROM article").fetchone()[0])


def _copy(old: sqlite3.Connection, table: str, key: str, ids: range) -> None:
    names = [name for _, name, *_ in old.execute(f"PRAGMA table_info({table})")]
    values = ["n" if name == key else "'copy-' || n" if name == "uid" else f'"{name}"' for name in names]
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT {ids.start} UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
    old.execute(
        f"{numbers} INSERT INTO {table} SELECT {','.join(values)} FROM {table}, numbers WHERE {key} = 2",
        [ids.stop - 1],
    )
