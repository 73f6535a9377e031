"""Guarded formats: what a file does to its parser costs its own record and nothing else."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import cli, processes
from annotator.errors import KnownError
from annotator.importers import Importer, Problem, ReadOptions, Record, UnitUndecidedError, reader, web_page
from annotator.importers.guard import Guard, Limits
from annotator.importers.wire import decoded, encoded, item_of, of_item, of_options, options_of
from annotator.model.article import Article, ArticleState
from annotator.model.offsets import Unit
from annotator.model.span import Decision, Span, SpanState, Was

# A process whose importers do what a line of the file says.
OBEDIENT = """
import os, sys, time
from annotator import importers
from annotator.errors import KnownError
from annotator.importers import guarded
from annotator.importers.base import Importer, Problem, Record, UnitUndecidedError, all_of
from annotator.model.article import Article
from annotator.model.offsets import Unit

def obeyed(line):
    word, _, rest = line.partition(" ")
    if word == "sleep": time.sleep(60)
    if word == "eat": len([bytearray(10_000_000) for _ in range(10_000)])
    if word == "die": os._exit(7)
    if word == "print": print("{}"); sys.stdout.write("noise\\n"); os.write(1, b"more noise\\n")
    if word == "raise": raise ValueError("no")
    if word == "write": open("written.txt", "w")
    if word == "open": open(rest).read()
    if word == "call": import socket; socket.create_connection(("localhost", 9))
    if word == "start": import subprocess; subprocess.run(["true"])
    if word == "known": raise KnownError("A title.", "Advice.")
    if word == "ask": raise UnitUndecidedError("a.txt", {Unit.CODEPOINTS: ("Oslo",)})
    if word == "none": return None
    if word == "problem": return Problem(line, "for a reason")
    if word == "modules": return Record(line, Article("", " ".join(sys.modules)))
    if word == "much": return Record(line, Article("", "x" * 3_000_000))
    return Record(line, Article("", line))

def pieces(path, options):
    for line in path.read_text().splitlines():
        yield line, lambda line=line: obeyed(line)

def straight(path, options):
    for line in path.read_text().splitlines():
        item = obeyed(line)
        if item: yield item

def none(path, head):
    return False

importers.IMPORTERS += (
    Importer("pieces", "", (), none, all_of(pieces), None, "", guarded=True, pieces=pieces),
    Importer("straight", "", (), none, straight, None, "", guarded=True),
)
guarded.main()
"""


def unread(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    raise AssertionError("read in the program itself")


def importer(name: str, patience: float = 30.0) -> Importer:
    return Importer(name, "", (), lambda *_: False, unread, None, "", guarded=True, patience=patience)


@pytest.fixture
def guard() -> Iterator[Guard]:
    limits = Limits(memory=500_000_000, answer=2_000_000)
    guard = Guard(limits, [sys.executable, "-P", "-c", OBEDIENT])
    yield guard
    guard.close()


def said(guard: Guard, tmp_path: Path, *lines: str, format: str = "pieces") -> list[str]:
    """The text of each record and the reason of each problem."""
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), "utf-8")
    patience = 0.7 if "sleep" in lines else 30.0
    items = list(guard.read(importer(format, patience), path, ReadOptions()))
    return [f"{i.where}: {i.reason}" if isinstance(i, Problem) else i.article.text for i in items]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("sleep", "took longer than 0.7 seconds"),
        ("eat", "needed more than 0.5 GB of memory"),
        ("die", "made the program that reads it break down"),
        ("much", "gave more than 2 MB of text"),
        ("raise", "could not be read (ValueError)"),
        ("write", "could not be read (PermissionError)"),
        ("call", "could not be read (PermissionError)"),
        ("start", "could not be read (PermissionError)"),
        ("open /etc/passwd", "could not be read (PermissionError)"),
        ("problem", "for a reason"),
    ],
)
def test_a_bad_record_hides_no_other(guard: Guard, tmp_path: Path, line: str, reason: str) -> None:
    begun = time.monotonic()
    assert said(guard, tmp_path, "one", line, "two", line, "three") == [
        *("one", f"{line}: {reason}", "two", f"{line}: {reason}", "three")
    ]
    assert time.monotonic() - begun < 30
    assert not (tmp_path / "written.txt").exists()


def test_memory_is_limited_where_the_system_limits_none(tmp_path: Path) -> None:
    unlimited = OBEDIENT.replace("guarded.main()", "guarded._limit = lambda memory: None; guarded.main()")
    guard = Guard(Limits(memory=400_000_000), [sys.executable, "-P", "-c", unlimited])
    reason = "eat: needed more than 0.4 GB of memory"
    assert said(guard, tmp_path, "one", "eat", "two") == ["one", reason, "two"]
    guard.close()


def test_a_folder_of_stuck_files_takes_no_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each halves the time for the next, and behind many in a row the rest of that format is refused."""
    monkeypatch.setattr("annotator.importers.guard._MOST_STUCK", 3)
    monkeypatch.setattr("annotator.importers.guard._LEAST_PATIENCE", 0.2)
    guard = Guard(Limits(), [sys.executable, "-P", "-c", OBEDIENT])
    path, told = tmp_path / "a.txt", []
    for line in ("sleep", "one", "sleep", "sleep", "sleep", "one"):
        path.write_text(line)
        items = guard.read(importer("straight", 0.8), path, ReadOptions())
        told += [i.reason if isinstance(i, Problem) else i.article.text for i in items]
    longer = [f"took longer than {seconds} seconds" for seconds in (0.8, 0.4, 0.2, 0.2)]
    refused = "not read: 20 of this kind before it took too long"
    assert told == [longer[0], "one", *longer[1:], refused]
    assert list(guard.read(importer("pieces"), path, ReadOptions()))  # another format is not meant
    guard.close()


def test_what_is_no_article_and_what_prints_leave_no_trace(guard: Guard, tmp_path: Path) -> None:
    assert said(guard, tmp_path, "print", "none", "one") == ["print", "one"]


def test_one_process_serves_many_files(guard: Guard, tmp_path: Path) -> None:
    said(guard, tmp_path, "one")
    first = guard._process
    said(guard, tmp_path, "two", "raise")
    assert guard._process is first
    said(guard, tmp_path, "sleep")
    assert guard._process is not first
    assert said(guard, tmp_path, "three") == ["three"]


def test_without_pieces_what_came_before_stays(guard: Guard, tmp_path: Path) -> None:
    reason = "a.txt: took longer than 0.7 seconds"
    assert said(guard, tmp_path, "one", "sleep", "two", format="straight") == ["one", reason]
    assert (
        said(guard, tmp_path, "one", "raise", "two", format="straight")[-1] == "a.txt: could not be read (ValueError)"
    )


def test_a_whole_file_has_its_limits_too(tmp_path: Path) -> None:
    words = [sys.executable, "-P", "-c", OBEDIENT]
    for limits, reason in (
        (Limits(seconds=1.0, seconds_a_mb=0), "sleep: took longer than 0.7 seconds"),
        (Limits(output=5_000_000, output_a_byte=0), "much: gave more than 5 MB of text"),
    ):
        guard = Guard(limits, words)
        lines = ["sleep"] * 9 if limits.seconds == 1.0 else ["much"] * 9
        answers = said(guard, tmp_path, *lines)
        assert reason in answers
        assert len(answers) < 9 or limits.output == 5_000_000
        guard.close()


def test_errors_come_through(guard: Guard, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"A title. Advice."):
        said(guard, tmp_path, "one", "known")
    with pytest.raises(UnitUndecidedError) as caught:
        said(guard, tmp_path, "ask", format="straight")
    assert caught.value.examples == {Unit.CODEPOINTS: ("Oslo",)}
    assert said(guard, tmp_path, "one") == ["one"]


def test_a_reading_that_is_left_ends_the_process(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\n" * 100, "utf-8")
    items = guard.read(importer("pieces"), path, ReadOptions())
    next(items)
    items.close()  # type: ignore[attr-defined]
    assert guard._process is None
    assert said(guard, tmp_path, "two") == ["two"]


def test_somebody_who_waits_is_told_that_time_goes_by_and_may_end_it(tmp_path: Path) -> None:
    beats: list[int] = []

    def beat() -> None:
        beats.append(1)
        if len(beats) == 3:
            raise KeyboardInterrupt

    guard = Guard(words=[sys.executable, "-P", "-c", OBEDIENT], beat=beat)
    with pytest.raises(KeyboardInterrupt):
        said(guard, tmp_path, "sleep")
    assert guard._process is None


def test_a_program_that_cannot_be_started_is_a_known_error(tmp_path: Path) -> None:
    for words in ([str(tmp_path / "missing")], [sys.executable, "-c", "pass"]):
        with pytest.raises(KnownError, match="process that reads files"):
            said(Guard(words=words), tmp_path, "one")


def test_the_process_loads_neither_the_window_nor_spacy(guard: Guard, tmp_path: Path) -> None:
    (modules,) = said(guard, tmp_path, "modules")
    assert not {"PySide6", "spacy", "sqlite3", "annotator.session"} & set(modules.split())


def test_the_process_ends_with_the_program(tmp_path: Path) -> None:
    words = processes.command("annotator.importers.guarded", "--import-worker")
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=processes.environment())
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(encoded({"memory": 2_000_000_000}))
    process.stdin.flush()
    assert decoded(process.stdout.readline()) == {"ready": True}
    process.stdin.close()
    assert process.wait(timeout=5) == 0
    process.stdout.close()


def test_a_packed_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert processes.command("any", "--import-worker")[1:] == ["--import-worker"]
    served: list[int] = []
    monkeypatch.setattr("annotator.importers.guarded.main", lambda: served.append(1))
    assert cli.main(["--import-worker"]) == 0
    assert served == [1]


def test_records_go_through_whole() -> None:
    span = Span(0, 4, "LOC", SpanState.CONFIRMED, "x", 0.5, Decision.RESIZE, "ana", "2020", Was(0, 3, "PER"), None, "u")
    record = Record(
        "a:1",
        Article("é", "Oslo 😀", {"n": [1, {"k": None}]}),
        (span, Span(0, 4, "ORG")),
        ArticleState.DONE,
        True,
        "so",
        ("note",),
        ("problem",),
        ((0, 4), (5, 6)),
    )
    for item in (record, Problem("a", "b")):
        assert item_of(json.loads(encoded(of_item(item)))) == item
    for options in (ReadOptions(), ReadOptions(Unit.CODEPOINTS, "body", True)):
        assert options_of(json.loads(encoded(of_options(options)))) == options


def test_web_pages_are_read_by_the_program_s_own_process(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><article><p>Alibaba opened a lab in Oslo.</p></article></body></html>", "utf-8")
    with reader() as reading:
        (record,) = reading.read(path)
        assert isinstance(record, Record)
        assert record.article.text == "Alibaba opened a lab in Oslo."
        assert [item.where for item in reading.read(path)] == ["a.html"]
    assert web_page.IMPORTER.guarded
