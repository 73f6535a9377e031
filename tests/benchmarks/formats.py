"""What an import and an export of JSON Lines cost, against the least that they could.

The least for an import is to read the file with orjson and to insert its articles, texts and spans into plain
tables with the same keys (`executemany`, one transaction, synchronous FULL); for an export, to read these tables
and to write the same keys with orjson. Texts have 3 KB and 30 spans. Every figure comes from a process of its own.

Run it as `python tests/benchmarks/formats.py [ARTICLES ...]`; without numbers 1,000, 10,000 and 30,000.
"""

import hashlib
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

LABELS = ("PER", "ORG", "LOC", "MISC")
SPANS, WORDS = 30, 430
PLAIN = """
CREATE TABLE article (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, meta TEXT, sha256 TEXT, state TEXT);
CREATE TABLE article_text (article_id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE span (
    id INTEGER PRIMARY KEY, uid TEXT UNIQUE, article_id INTEGER, start INTEGER, end INTEGER, label TEXT,
    source TEXT, decision TEXT, annotator TEXT, at TEXT, UNIQUE (article_id, start, end, label)
);
"""
Run = Callable[[Path], object]


class Figures(NamedTuple):
    """Seconds by the clock, seconds of the processor, and the most memory in MB."""

    seconds: float
    busy: float
    peak: float


def made(count: int, own: bool) -> Iterator[bytes]:
    """Records with spans as other tools write them, or as this program does."""
    chance = random.Random(75)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(20_000)] + ["“naïve”"] * 100
    for number in range(count):
        record = _record(number, " ".join(chance.choices(words, k=WORDS)), chance)
        yield orjson.dumps(_as_own(record, number) if own else record) + b"\n"


def _record(number: int, text: str, chance: random.Random) -> dict[str, Any]:
    starts = sorted(chance.sample([0, *(at + 1 for at, sign in enumerate(text) if sign == " ")], SPANS))
    spans = [{"start": at, "end": (text + " ").index(" ", at), "label": chance.choice(LABELS)} for at in starts]
    meta = {"title": f"Article {number}", "source": "Wire", "published": "2017-10-11"}
    return {"id": f"article-{number}", "text": text, "meta": meta, "spans": spans}


def _as_own(record: dict[str, Any], number: int) -> dict[str, Any]:
    text = record["text"]
    said = {"source": "person", "decision": "add", "annotator": "ana", "at": "2026-01-31T09:30:00Z"}
    spans = [
        {**span, "text": text[span["start"] : span["end"]], "id": f"019c{number:08x}-{place:04x}-7000", **said}
        for place, span in enumerate(record["spans"])
    ]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    standing = {"rejected": [], "answer": "accept", "state": "done", "text_sha256": sha256}
    return {**record, "spans": spans, **standing, "offsets": "codepoint", "schema": "annotator/1"}


# What is measured


def plain_import(folder: Path) -> None:
    """The least for an import."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(PLAIN)
    connection.execute("BEGIN IMMEDIATE")
    with (folder / "in.jsonl").open("rb") as file:
        number = 0
        while batch := [orjson.loads(line) for line in file.readlines(1 << 22)]:
            _insert(connection, batch, number)
            number += len(batch)
    connection.execute("COMMIT")
    connection.close()


def _insert(connection: sqlite3.Connection, batch: list[dict[str, Any]], number: int) -> None:
    numbered = list(enumerate(batch, number))
    connection.executemany(
        "INSERT INTO article VALUES (?, ?, ?, ?, ?)",
        [(n, r["id"], orjson.dumps(r["meta"]).decode(), r.get("text_sha256"), r.get("state")) for n, r in numbered],
    )
    connection.executemany("INSERT INTO article_text VALUES (?, ?)", [(n, r["text"]) for n, r in numbered])
    keys = ("id", "start", "end", "label", "source", "decision", "annotator", "at")
    rows = [(n, *map(span.get, keys)) for n, record in numbered for span in record["spans"]]
    connection.executemany(
        "INSERT INTO span (article_id, uid, start, end, label, source, decision, annotator, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def plain_export(folder: Path) -> None:
    """The least for an export."""
    connection = sqlite3.connect(folder / "plain.db")
    articles = connection.execute(
        "SELECT id, uid, text, meta, sha256, state FROM article JOIN article_text ON article_id = id ORDER BY id"
    )
    spans = connection.execute(
        "SELECT article_id, start, end, label, uid, source, decision, annotator, at FROM span"
        " ORDER BY article_id, start"
    )
    row = next(spans, None)
    with (folder / "plain.jsonl").open("wb") as out:
        for number, uid, text, meta, sha256, state in articles:
            inside = []
            while row is not None and row[0] == number:
                _, start, end, label, span_uid, source, decision, annotator, at = row
                inside.append(
                    {
                        **{"start": start, "end": end, "label": label, "text": text[start:end], "id": span_uid},
                        **{"source": source, "decision": decision, "annotator": annotator, "at": at},
                    }
                )
                row = next(spans, None)
            record = {"id": uid, "text": text, "meta": orjson.loads(meta), "spans": inside}
            out.write(orjson.dumps(record | {"state": state, "text_sha256": sha256}) + b"\n")


def our_import(folder: Path) -> None:
    """`annotator import`, near-duplicates, places and the undo step with it."""
    from annotator.session import Session

    with Session.open(folder / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as session:
        report = session.import_files(folder / "in.jsonl")
        assert report.accepted == report.records, report.lines[:3]


def our_export(folder: Path) -> None:
    """`annotator export --state all`."""
    from annotator.session import Session

    with Session.open(folder / "news.annot", read_only=True) as session:
        session.export(folder / "out.jsonl", state="all")


def our_undo(folder: Path) -> None:
    """The import taken back."""
    from annotator.session import Session

    with Session.open(folder / "news.annot", annotator="ana") as session:
        session.undo()


def our_redo(folder: Path) -> None:
    """The import made again."""
    from annotator.session import Session

    with Session.open(folder / "news.annot", annotator="ana") as session:
        session.redo()


RUNS: tuple[Run, ...] = (plain_import, our_import, plain_export, our_export, our_undo, our_redo)


def one(name: str, folder: Path) -> None:
    """One of RUNS in this process, without its start; prints seconds, those of the processor, and the peak in MB."""
    run = next(run for run in RUNS if run.__name__ == name)
    import annotator.session  # noqa: F401

    began, busy = time.perf_counter(), time.process_time()
    run(folder)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    print(json.dumps([seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def measured(run: Run, folder: Path) -> Figures:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--one", run.__name__, str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Figures(*json.loads(answer.stdout))


def told(count: int, own: bool) -> None:
    """One size and shape."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "in.jsonl").open("wb") as file:
            file.writelines(made(count, own))
        size = (folder / "in.jsonl").stat().st_size / 1e6
        figures = {run.__name__: measured(run, folder) for run in RUNS}
    shape = "own records, decided spans" if own else "spans of other tools, suggested"
    print(f"{count:,} articles, {count * SPANS:,} spans, {size:.0f} MB, {shape}")
    for what in ("import", "export") if own else ("import",):  # suggestions do not leave
        ours, plain = figures[f"our_{what}"], figures[f"plain_{what}"]
        clock, busy = ours.seconds / plain.seconds, ours.busy / plain.busy
        print(f"  {what:7} {ours.seconds:6.2f} s, least {plain.seconds:6.2f} s: {clock:4.1f}x", end="; ")
        print(f"processor {ours.busy:6.2f} s, {plain.busy:6.2f} s: {busy:4.1f}x; peak {ours.peak:.0f} MB")
    for what in ("undo", "redo"):
        each = figures[f"our_{what}"]
        print(f"  {what:7} {each.seconds:6.2f} s; processor {each.busy:6.2f} s; peak {each.peak:.0f} MB", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
        return
    for count in [int(each) for each in sys.argv[1:]] or [1_000, 10_000, 30_000]:
        for own in (False, True):
            told(count, own)


if __name__ == "__main__":
    main()
