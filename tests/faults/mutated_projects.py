"""Damage project files at random and use them: they work, or are refused in plain words; nothing breaks or hangs.

    python tests/faults/mutated_projects.py --files 3000 --seed 1

Each damaged file is used in a process of its own kind, as a person would: looked at read-only, opened, read from end to
end, decided in, exported, asked by the command line; what is refused is salvaged. Whatever is neither done nor refused
with a known error is lost, and so is a refused file of which a byte changed.
"""

import argparse
import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import NamedTuple

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults.crafted_projects import other_steps  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402

VISITOR = HERE.with_name("project_visitor.py")
SECONDS = 10  # for one file
PAGE = 4096


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="one kind of mutation")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for the files that were lost")
    given = parser.parse_args()
    result = try_files(given.files, given.seed, given.only, given.workers, given.keep)
    for line in result.lost:
        say(line)
    say(result.summary())
    sys.exit(1 if result.lost else 0)


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many damaged projects, two at a time."""
    began, result = time.monotonic(), try_files(count, seed)
    seconds = time.monotonic() - began
    return [Fault("damaged project files", result.tried, result.tried - len(result.lost), result.lost, seconds)]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Result:
    """What became of the files.

    :param became: how many were opened, and how many refused, by kind of mutation.
    :param lost: one text for each that broke something.
    """

    tried: int = 0
    became: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def summary(self) -> str:
        rows = [f"{what}: {number}" for what, number in sorted(self.became.items())]
        line = f"files tried {self.tried}, survived {self.tried - len(self.lost)}, lost {len(self.lost)}"
        return "\n".join([*rows, line])


# Projects to damage


class Seed(NamedTuple):
    """A realistic project: its bytes, and those of the log beside it, which may be none."""

    name: str
    file: bytes
    wal: bytes = b""


def seeds(folder: Path) -> list[Seed]:
    """A closed project, one that a killed program left with its log, and a small one of an older version."""
    closed = folder / "closed.annot"
    _make(closed, 12, 1)
    killed = folder / "killed.annot"
    log = _make(killed, 5, 2, kill=True)
    return [Seed("closed", closed.read_bytes()), Seed("killed", killed.read_bytes(), log), *_older(folder)]


def _make(path: Path, articles: int, seed: int, *, kill: bool = False) -> bytes:
    """Work at random; returns the log as it is before the project is closed where it is to look killed."""
    from annotator.model.span import Suggestion
    from annotator.session import Session
    from annotator.store import suggestions
    from tests.faults.random_work import Worker, records

    chance = random.Random(seed)
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.add_articles(records(articles, chance))
        worker = Worker(session, chance)
        worker.read_all()
        session.add_articles([{"id": f"more-{n}", "text": f"Reuters in New York, {n}."} for n in range(3)])
        for _ in range(articles * 4):
            worker.work()
        first = session.article_ids()[0]
        with session.project.transaction():
            learned = [Suggestion(0, 3, "ORG", 0.5, "learner")]
            for kind in ("learner", "ghost"):
                suggestions.save_reading(session.project, first, kind, "blank:en", learned, revision="3|1")
        session.order.choose("topics" if articles > 5 else "date", 10)
        session.guidelines.set("2.1")
        session.add_articles([{"id": "late", "text": "Alibaba said no."}])
        session.undo()  # the import lies in the tables of what is gone
        if not kill:
            return b""
        session.project.checkpoint()
        session.comment(first, "before the end")
        file, wal = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    path.write_bytes(file)
    return wal


def _older(folder: Path) -> list[Seed]:
    """From the dumps of earlier versions."""
    from annotator.store.migrations import APPLICATION_ID

    made = []
    for dump in sorted((HERE.parents[1] / "data" / "projects").glob("v*.sql"))[:2]:
        path = folder / f"{dump.stem}.annot"
        with closing(sqlite3.connect(path)) as old:
            old.executescript(dump.read_text("utf-8"))
            old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            old.execute(f"PRAGMA user_version = {int(dump.stem[1:])}")
        made.append(Seed(dump.stem, path.read_bytes()))
    return made


# Mutations of a file's bytes

Mutation = Callable[[bytearray, random.Random], None]


def truncated(raw: bytearray, chance: random.Random) -> None:
    del raw[chance.randrange(len(raw)) :]


def zeroed_page(raw: bytearray, chance: random.Random) -> None:
    at = _page(raw, chance)
    raw[at : at + PAGE] = bytes(PAGE)


def random_page(raw: bytearray, chance: random.Random) -> None:
    at = _page(raw, chance)
    raw[at : at + PAGE] = chance.randbytes(PAGE)


def half_page(raw: bytearray, chance: random.Random) -> None:
    at, other = _page(raw, chance), _page(raw, chance)
    raw[at : at + PAGE // 2] = raw[other : other + PAGE // 2]


def swapped_pages(raw: bytearray, chance: random.Random) -> None:
    one, other = _page(raw, chance), _page(raw, chance)
    raw[one : one + PAGE], raw[other : other + PAGE] = raw[other : other + PAGE], raw[one : one + PAGE]


def random_bytes(raw: bytearray, chance: random.Random) -> None:
    for _ in range(16):
        raw[chance.randrange(len(raw))] = chance.randrange(256)


def one_bit(raw: bytearray, chance: random.Random) -> None:
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def garbage_behind(raw: bytearray, chance: random.Random) -> None:
    raw += chance.randbytes(chance.choice((1, 100, PAGE, 5 * PAGE)))


def header_fields(raw: bytearray, chance: random.Random) -> None:
    at = chance.choice((16, 18, 19, 20, 21, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 72, 92, 96))
    raw[at] = chance.choice((0, 1, 2, 3, 4, 16, 127, 128, 255))


def tree_headers(raw: bytearray, chance: random.Random) -> None:
    """A page's type, free block, number of cells, cell pointers, and the varints at a cell's beginning."""
    at = _page(raw, chance) or 100
    where = chance.choice((at, at + 1, at + 3, at + 5, at + 7, at + 8, at + 12, at + chance.randrange(8, 40)))
    if chance.random() < 0.5:
        cell = at - at % PAGE + int.from_bytes(raw[at + 8 : at + 10], "big")
        where = min(cell + chance.randrange(12), len(raw) - 1)
    raw[where] = chance.choice((0, 1, 5, 10, 13, 127, 128, 129, 255, chance.randrange(256)))


def _page(raw: bytearray, chance: random.Random) -> int:
    return chance.randrange(max(len(raw) // PAGE, 1)) * PAGE


BYTES: dict[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (
        *(truncated, zeroed_page, random_page, half_page, swapped_pages),
        *(random_bytes, one_bit, garbage_behind, header_fields, tree_headers),
    )
}


# Mutations of values, and of what lies beside the file

ODD = (
    *(0, 1, -1, 2, 99, 2**31, 2**53, 2**62, -(2**63), 2**63 - 1, 0.5, -1.0, 1e308, float("inf")),
    *("", " ", "x", "[]", "{}", "null", "[null]", '[["span",null,null]]', '{"a":NaN}', "[" * 3000, '"\\ud800"'),
    *("0001-01-01T00:00:00", "9999-12-31T23:59:59+00:00", "9" * 5000, "g" * 64, "\x00", "\x1b[2J", "../../x", "done"),
    *(b"", b"\xff", b"\x78\x9c", b"x" * 3000, None),
)
_BROKEN_TEXT = "CAST(x'61ff62' AS TEXT)"


def other_values(path: Path, chance: random.Random) -> None:
    """One or three values that the tables' own rules may forbid; the schema stays as it was."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for _ in range(chance.choice((1, 1, 3))):
            _change_one(connection, chance)
        for _, sql in triggers:
            connection.execute(sql)


def _change_one(connection: sqlite3.Connection, chance: random.Random) -> None:
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    table = chance.choice(tables)
    column = chance.choice([row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')])
    value = chance.choice(ODD)
    with contextlib.suppress(sqlite3.Error):
        which = f'(SELECT "{column}" FROM "{table}" ORDER BY random() LIMIT 1)'
        if chance.random() < 0.1:
            connection.execute(f'DELETE FROM "{table}" WHERE "{column}" IS {which}')
        elif chance.random() < 0.1:
            connection.execute(f'UPDATE "{table}" SET "{column}" = {_BROKEN_TEXT} WHERE "{column}" IS {which}')
        else:
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" IS {which}', [value])


def beside(path: Path, seed: Seed, others: list[Seed], chance: random.Random) -> None:
    """A log that is damaged, of another project, or noise."""
    log = bytearray(seed.wal or next(other.wal for other in others if other.wal))
    for _ in range(chance.choice((0, 1, 3))):
        chance.choice((truncated, random_bytes, random_bytes, random_page, one_bit))(log or bytearray(b"x"), chance)
    if chance.random() < 0.4:
        path.with_name(path.name + "-journal").write_bytes(_journal(bytearray(seed.file), chance))
    else:
        path.with_name(path.name + "-wal").write_bytes(log)


def _journal(raw: bytearray, chance: random.Random) -> bytes:
    """A rollback journal as https://sqlite.org/fileformat.html, section 3, has it, with pages from elsewhere."""
    nonce, pages = chance.randrange(2**32), len(raw) // PAGE
    head = bytes.fromhex("d9d505f920a163d7") + b"".join(n.to_bytes(4, "big") for n in (1, nonce, pages, 512, PAGE))
    page, other = _page(raw, chance), _page(raw, chance)
    content = bytes(raw[other : other + PAGE]) if chance.random() < 0.7 else chance.randbytes(PAGE)
    total = (nonce + sum(content[at] for at in range(PAGE - 200, 0, -200))) % 2**32
    record = (page // PAGE + 1).to_bytes(4, "big") + content + total.to_bytes(4, "big")
    return head.ljust(512, b"\0") + record


# Trying


def try_files(files: int, seed: int, only: str = "", workers: int = 2, keep: Path | None = None) -> Result:
    """Damage that many files and have visitors use them."""
    chance, result = random.Random(seed), Result()
    kinds = [kind for kind in (*BYTES, "other_values", "other_steps", "beside") if only in ("", kind)]
    with tempfile.TemporaryDirectory() as name, closing(Visitors(Path(name), workers)) as visitors:
        found = seeds(Path(name))
        jobs = [(number, kinds[number % len(kinds)], chance.randrange(2**32)) for number in range(files)]

        def one(job: tuple[int, str, int]) -> tuple[str, str, Path]:
            number, kind, own = job
            folder = Path(name) / f"file-{number}"
            path = damaged(folder, kind, found, random.Random(own))
            return kind, visitors.visit(path), folder

        with ThreadPoolExecutor(workers) as pool:
            for kind, answer, folder in pool.map(one, jobs):
                _count(result, kind, answer, folder, keep)
    return result


def damaged(folder: Path, kind: str, found: list[Seed], chance: random.Random) -> Path:
    """One damaged project in a folder of its own."""
    folder.mkdir()
    seed, path = chance.choice(found), folder / "news.annot"
    raw = bytearray(seed.file)
    if kind in BYTES:
        BYTES[kind](raw, chance)
    path.write_bytes(raw)
    if kind == "other_values":
        other_values(path, chance)
    elif kind == "other_steps":
        other_steps(path, chance)
    elif kind == "beside":
        beside(path, seed, found, chance)
    elif seed.wal and chance.random() < 0.8:
        path.with_name(path.name + "-wal").write_bytes(seed.wal)
    return path


def _count(result: Result, kind: str, answer: str, folder: Path, keep: Path | None) -> None:
    result.tried += 1
    if answer in ("opened", "refused"):
        result.became[f"{kind} {answer}"] += 1
    else:
        result.lost.append(f"{folder.name} ({kind}): {answer}")
        if keep is not None:
            shutil.copytree(folder, keep / folder.name, dirs_exist_ok=True)
    shutil.rmtree(folder)


class Visitors:
    """Processes that use projects, started again where one ends or hangs."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._free: Queue[subprocess.Popen[str]] = Queue()
        for _ in range(number):
            self._free.put(self._started())

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-X", "faulthandler", str(VISITOR), str(self._folder / "home")]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True)

    def visit(self, path: Path) -> str:
        """ "opened", "refused", or what went wrong."""
        visitor = self._free.get()
        assert visitor.stdin is not None
        assert visitor.stdout is not None
        timer = threading.Timer(SECONDS, visitor.kill)
        timer.start()
        try:
            visitor.stdin.write(f"{path}\n")
            visitor.stdin.flush()
            answer = visitor.stdout.readline()
        except BrokenPipeError:
            answer = ""
        timer.cancel()
        if not answer.endswith("\n") or answer.startswith("Fatal"):
            answer += visitor.stdout.read()
            visitor.kill()
            visitor.wait()
            answer = f"the process ended ({visitor.returncode}) {answer}"
            visitor = self._started()
        self._free.put(visitor)
        return answer.strip().replace("\\n", "\n")

    def close(self) -> None:
        while not self._free.empty():
            visitor = self._free.get()
            visitor.kill()
            visitor.communicate()


if __name__ == "__main__":
    main()
