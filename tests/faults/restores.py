"""Back up while somebody works, restore later, and look whether all is what it was at that moment.

    python tests/faults/restores.py --restores 100

Random decisions are made on one project; at random moments a backup is made, by the writer's own connection as on a
network disk, or from a state of its own, at once or in the background while the decisions go on. Each is restored
later: to a new file, in the place of the project, or some of its articles, which undo then takes back.
"""

import argparse
import hashlib
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from annotator.store.backups import Backup

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

sys.path.insert(0, str(HERE.parent))

from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402

_ARTICLES, _SPANS, _ASIDES = (
    "SELECT uid, state, flagged, comment FROM article ORDER BY uid",
    'SELECT a.uid, s.uid, start, "end", l.uid, s.state, decision, s.source, confidence, n.name, at, was_start, was_end,'
    " (SELECT uid FROM label WHERE id = was_label_id) FROM span s JOIN article a ON a.id = article_id"
    " JOIN label l ON l.id = label_id JOIN annotator n ON n.id = annotator_id ORDER BY s.uid",
    'SELECT a.uid, s.uid, start, "end", s.state, at, (SELECT name FROM annotator WHERE id = annotator_id)'
    " FROM aside s JOIN article a ON a.id = article_id ORDER BY s.uid",
)


@dataclass
class Result:
    """What became of the restores; `lost` has a sentence for each that was not as its moment was."""

    tried: int = 0
    lost: list[str] = field(default_factory=list)
    ways: dict[str, int] = field(default_factory=dict)

    def summary(self) -> str:
        """One line, and one for each loss."""
        ways = ", ".join(f"{n} {way}" for way, n in sorted(self.ways.items()))
        line = f"restores tried {self.tried}, survived {self.tried - len(self.lost)}, lost {len(self.lost)}; {ways}"
        return "\n".join([line, *self.lost])


def rows_of(path: Path) -> str:
    """A checksum of all rows that decisions change, and of the counts."""
    from annotator.store.history import TRACKED

    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reader:
        rows = [reader.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TRACKED]
        tallies = ("article_tally", "label_tally")
        rows += [reader.execute(f"SELECT * FROM {table} WHERE n > 0 ORDER BY 1, 2").fetchall() for table in tallies]
        rows.append(reader.execute("SELECT * FROM step ORDER BY seq").fetchall())
    return hashlib.sha256(json.dumps(rows, default=repr).encode()).hexdigest()


def decided(path: Path) -> dict[str, list[Any]]:
    """By article, all that was decided in it, with who and when."""
    found: dict[str, list[Any]] = {}
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reader:
        for query in (_ARTICLES, _SPANS, _ASIDES):
            for uid, *rest in reader.execute(query):
                found.setdefault(uid, []).append(rest)
    return found


class Restores:
    """Works, backs up, restores."""

    def __init__(self, folder: Path, seed: int) -> None:
        from random_work import Worker, records

        from annotator.session import Session

        self.chance, self.result = random.Random(seed), Result()
        self.path, self.folder = folder / "news.annot", folder
        self.open: Any = lambda: Session.open(self.path, create=True, labels="conll", annotator="ana")
        self.session: Session = self.open()
        self.session.add_articles(records(8, self.chance))
        self.worker = Worker(self.session, self.chance)
        self.worker.read_all()
        self.made: list[tuple[Backup, str, dict[str, list[Any]]]] = []

    def run(self, restores: int) -> Result:
        """Restore so many times, each way in turn."""
        ways = (self.to_new_file, self.articles, self.in_place)
        for number in range(restores):
            for _ in range(self.chance.randint(1, 3)):
                self.work(self.chance.randint(1, 6))
                self.back_up()
            self.work(self.chance.randint(0, 6))
            way = ways[number % 3]
            self.result.tried += 1
            self.result.ways[way.__name__.replace("_", " ")] = number // 3 + 1
            problem = way(*self.chance.choice(self.made[-12:]))
            if problem:
                self.result.lost.append(f"restore {number} ({way.__name__}): {problem}")
        self.session.close()
        return self.result

    def work(self, steps: int) -> None:
        for _ in range(steps):
            self.worker.work()

    def back_up(self) -> None:
        """And remember what is there at this moment."""
        rows, articles = rows_of(self.path), decided(self.path)
        backups = self.session.backups
        match self.chance.randrange(3):
            case 0:
                told: list[Backup] = []
                backups.listeners = [lambda backup, _error: told.append(backup)]
                begun = backups.make_in_background("schedule")
                self.work(self.chance.randint(0, 3) if begun else 0)
                while backups.is_busy:
                    time.sleep(0.005)
                backup = told[-1] if begun else backups.list()[0]
            case 1:
                self.session.project.connection.execute("PRAGMA journal_mode = DELETE")
                backup = backups.make()
                self.session.project.connection.execute("PRAGMA journal_mode = WAL")
                self.session.project.ground.note()  # it was this program that wrote to it
            case _:
                backup = backups.make()
        self.made.append((backup, rows, articles))

    def to_new_file(self, backup: "Backup", rows: str, _articles: object) -> str:
        to = self.folder / f"restored-{self.result.tried}.annot"
        self.session.backups.restore(backup, to)
        return self.problem(to, rows)

    def in_place(self, backup: "Backup", rows: str, _articles: object) -> str:
        from annotator.session.backups import restore_in_place

        present = rows_of(self.path)
        self.session.close()
        kept = restore_in_place(backup, self.path)
        lost = "" if rows_of(kept) == present else "what was there before is not kept"
        problem = self.problem(self.path, rows)
        self.session = self.worker.session = self.open()
        return problem or lost

    def articles(self, backup: "Backup", _rows: object, articles: dict[str, list[Any]]) -> str:
        with self.session.backups.look(backup) as then:
            ids = [each.id for each in then.articles()]
        chosen = self.chance.sample(ids, self.chance.randint(1, len(ids)))
        uids = {self.session.article(each).article.uid for each in chosen}
        before = decided(self.path)
        outcome = self.session.backups.restore_articles(backup, chosen)
        after = decided(self.path)
        wrong = [uid for uid in before if after[uid] != (articles if uid in uids else before)[uid]]
        problems = self.session.check()
        with self.session.backups.look(backup) as then:
            wrong += [f"{each.id} still differs" for each in then.articles() if each.id in chosen and each.changed]
        if outcome.articles and self.chance.random() < 0.5:
            self.session.undo()
            wrong += [f"{uid} after undo" for uid, rows in decided(self.path).items() if rows != before[uid]]
        return "; ".join([*wrong, *problems])

    @staticmethod
    def problem(path: Path, rows: str) -> str:
        from annotator.session import Session

        if rows_of(path) != rows:
            return "the rows are not those of the moment"
        with Session.open(path, read_only=True) as session:
            return "; ".join(session.check())


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many restores at random moments."""
    began = time.monotonic()
    with own_folder() as folder:
        result = Restores(folder, seed).run(count)
    seconds = time.monotonic() - began
    return [Fault("restores", result.tried, result.tried - len(result.lost), result.lost, seconds)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--restores", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANNOTATOR_HOME"] = str(Path(folder) / "home")
        result = Restores(Path(folder), given.seed).run(given.restores)
    sys.stdout.write(result.summary() + "\n")
    sys.exit(1 if result.lost else 0)


if __name__ == "__main__":
    main()
