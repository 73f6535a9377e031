"""Kill the program while it works, again and again: what it said was decided must be there afterwards.

    python tests/faults/kills.py --kills 100

A child process makes random decisions on one project, imports a file, takes the import back, and exports; it says
after each what the rows are, and what its dataset is. It is killed (SIGKILL) at a random moment and started again on
the same file. An import is there whole or not at all, and the dataset is the old or the new one.
"""

import argparse
import contextlib
import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from annotator.session import Session

HERE = Path(__file__).resolve()
ARTICLES, BATCH = 12, 100  # at first, and in the file that is imported
MOST_STEPS = 2  # of one verb: a correction, and the same in other articles
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work is not None:
        work(given.work, given.seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        result = kill_again_and_again(Path(folder) / "news.annot", given.kills, given.seed)
    say(result.summary())
    sys.exit(0 if result.holds else 1)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# The child


def work(path: Path, seed: int) -> None:
    """Decide at random until killed; one line a decision, after it was made."""
    from random_work import Worker, records

    from annotator.session import Session

    chance = random.Random(seed)
    with Session.open(path, create=True, labels="conll") as session:
        if not session.article_ids():
            session.add_articles(records(ARTICLES, chance))
        worker = Worker(session, chance)
        worker.read_all()
        source = path.with_name("batch.jsonl")
        batch = [{**each, "id": f"moved-{n}"} for n, each in enumerate(records(BATCH, chance))]
        source.write_text("".join(json.dumps(each) + "\n" for each in batch), "utf-8")
        say("ready")
        while True:
            for _ in moved(session, path, source):
                told(session, path)
            for _ in range(chance.randint(1, 8)):
                worker.work()
                told(session, path)


def moved(session: "Session", path: Path, source: Path) -> Iterator[None]:
    """Import, export, and take the import back, also one that a kill left; then it cannot be done again."""
    session.import_files(source)
    yield
    session.export(dataset(path), state="all", replace=True)
    yield
    if session.next_step("undo") == "import" and session.progress().total > ARTICLES:
        session.undo()
        yield
    session.comment(session.article_ids()[0], f"{session.progress().total} articles are here.")
    yield


def dataset(path: Path) -> Path:
    """What the child exports."""
    return path.with_name("out.jsonl")


def digest_of(file: Path) -> str:
    """Of its bytes; "-" where there is none."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "-"


def told(session: "Session", path: Path) -> None:
    """Acknowledge what was done."""
    steps, rows = state_of(session.project.connection)
    say(f"{steps} {rows} {digest_of(dataset(path))}")


def state_of(connection: sqlite3.Connection) -> tuple[int, str]:
    """How many steps there are, and a hash of the rows that they change."""
    steps = int(connection.execute("SELECT coalesce(max(seq), 0) FROM step").fetchone()[0])
    standing = "SELECT id, state, flagged, comment, confirmed, rejected FROM article ORDER BY id"
    queries = ("SELECT * FROM span ORDER BY id", "SELECT * FROM label ORDER BY id", standing)
    rows = [connection.execute(query).fetchall() for query in queries]
    return steps, hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# The one who kills


class Said(NamedTuple):
    """What the child acknowledged.

    :param steps: how many steps there were.
    :param rows: a checksum of the rows that they change.
    :param file: the dataset's, "-" where there was none.
    """

    steps: int
    rows: str
    file: str


@dataclass
class Result:
    """What became of the kills.

    :param survived: kills after which the project was whole and held all that was acknowledged.
    :param lost: one sentence for each that was not.
    """

    tried: int
    survived: int
    decisions: int
    lost: list[str]

    @property
    def holds(self) -> bool:
        """Nothing was lost, and something was done."""
        return not self.lost and self.survived == self.tried and self.decisions > self.tried

    def summary(self) -> str:
        """One line, and one for each loss."""
        line = f"kills tried {self.tried}, survived {self.survived}, lost {len(self.lost)}"
        return "\n".join([f"{line}; {self.decisions} decisions acknowledged", *self.lost])


def kill_again_and_again(path: Path, kills: int, seed: int) -> Result:
    """Start, kill, look; on one file, which is opened again each time."""
    chance, result = random.Random(seed), Result(kills, 0, 0, [])
    for number in range(kills):
        acknowledged, complaint = killed_at_random(path, seed * 1000 + number, chance.uniform(0, 0.5))
        result.decisions += len(acknowledged)
        problem = complaint or problem_of(path, acknowledged)
        if problem:
            result.lost.append(f"kill {number}: {problem}")
        else:
            result.survived += 1
    return result


def killed_at_random(path: Path, seed: int, seconds: float) -> tuple[list[Said], str]:
    """What the child acknowledged until it was killed, and what it had to complain about, which is nothing.

    :param seconds: from the first decision on.
    """
    command = [sys.executable, str(HERE), "--work", str(path), "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        if child.stdout.readline() != "ready\n":
            child.kill()
            return [], f"the project was not opened again: {child.stderr.read()}"
        timer = threading.Timer(seconds, child.kill)
        timer.start()
        said, complaint = child.stdout.read(), child.stderr.read()
        timer.join()
    # what stands before the last line break was said completely
    lines = said[: said.rfind("\n") + 1].splitlines()
    return [Said(int(steps), rows, file) for steps, rows, file in (line.split() for line in lines)], complaint


def problem_of(path: Path, acknowledged: list[Said]) -> str:
    """What is wrong with the project after a kill; "" where it is whole and holds what was acknowledged.

    One verb's steps more than were acknowledged may be there: the kill came before it was said.
    """
    from annotator.session import Session

    with opened(path) as connection:
        (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
        steps, rows = state_of(connection)
    if answer != "ok":
        return f"integrity_check: {answer}"
    if acknowledged:
        last = acknowledged[-1]
        if steps < last.steps:
            return f"{last.steps - steps} acknowledged steps are gone"
        if steps > last.steps + MOST_STEPS:
            return f"{steps - last.steps} steps more than were acknowledged"
        if steps == last.steps and rows != last.rows:
            return "the rows are not those that were acknowledged"
    with Session.open(path) as session:
        if session.progress().total not in (ARTICLES, ARTICLES + BATCH):
            return f"a part of an import is there: {session.progress().total} articles"
        old = acknowledged[-1].file if acknowledged else None
        return "; ".join([*session.check(), *problems_of_dataset(session, path, old)])


def problems_of_dataset(session: "Session", path: Path, old: str | None) -> Iterator[str]:
    """What is wrong with the dataset, which is the old one or what the project now makes of itself.

    :param old: its checksum as it was acknowledged; None where nothing was.
    """
    found = digest_of(dataset(path))
    if old is None or found == old:
        return
    session.export(again := path.with_name("again.jsonl"), state="all", replace=True)
    if found != digest_of(again):
        yield "the dataset is neither the old nor the new one"


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


if __name__ == "__main__":
    main()
