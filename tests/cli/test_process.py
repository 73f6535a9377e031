"""The command as a process of its own: what it imports, signals, pipes, encodings, and bugs."""

import json
import logging
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from annotator import paths, suggest
from annotator.cli import COMMANDS
from annotator.commands import projects
from annotator.session import Session

ANNOTATOR = (sys.executable, "-m", "annotator")
HEAVY = (
    *("PySide6", "shiboken6", "spacy", "thinc", "numpy", "sqlite3", "sqlite_utils", "trafilatura", "lxml"),
    *("charset_normalizer", "tqdm", "multiprocessing"),
)
NO_PROJECT = (
    "annotator: There is no project nowhere.annot. Look for it elsewhere, or make a new one. (annotator new PROJECT)"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pseudo-terminals of POSIX")


def started(*words: object, **options: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*ANNOTATOR, *map(str, words)], **options)


def ended(*words: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*ANNOTATOR, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, **variables},
    )


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from annotator.cli import COMMANDS, main\n"
        "for words in ([], *([command.name] for command in COMMANDS)):\n"
        "    assert main([*words, '--help']) == 0\n"
        f"print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert asked.stderr == "\n"
    assert asked.stdout.count("usage: annotator") == len(COMMANDS) + 1


def test_help_and_version_of_the_process() -> None:
    assert ended("--version").stdout.startswith("annotator ")
    asked = ended("--help")
    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_the_window_without_a_display_ends_plainly(project: Path) -> None:
    asked = ended(project, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("annotator: There is no display")
    assert asked.stderr.count("\n") == 1


@posix
def test_a_reader_that_goes_away_is_no_error() -> None:
    for words, code in (("labels", {141}), ("--help", {0, 141})):  # argparse may have met the broken pipe before us
        reader, writer = os.pipe()
        process = started(words, stdout=writer, stderr=subprocess.PIPE)
        os.close(reader)
        os.close(writer)
        _, said = process.communicate(timeout=60)
        assert process.returncode in code
        assert said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_an_output_that_is_full_is_a_known_error() -> None:
    with Path("/dev/full").open("wb") as full:
        process = started("labels", stdout=full, stderr=subprocess.PIPE)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.decode().startswith("annotator: The output cannot be written")
    assert said.count(b"\n") == 1


@posix
@pytest.mark.parametrize(
    ("words", "closed", "code"),
    [
        (("labels",), ">&-", 0),
        (("labels",), "<&- >&- 2>&-", 0),
        (("stats", "nowhere.annot"), ">&-", 2),
        (("stats", "nowhere.annot"), ">&- 2>&-", 2),
    ],
)
def test_closed_streams_lead_nowhere(words: tuple[str, ...], closed: str, code: int) -> None:
    """Neither an error nor a place for a project to be opened under the number of a stream."""
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", *ANNOTATOR, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr == ("" if "2>" in closed or not code else f"{NO_PROJECT}\n")


@posix
def test_work_is_done_though_all_streams_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "news.annot"
    Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana").close()
    (tmp_path / "a.jsonl").write_text('{"text": "Alibaba"}\n', "utf-8")
    command = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *ANNOTATOR, "import", str(path), str(tmp_path / "a.jsonl")]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0
    with Session.open(path) as session:
        assert session.progress().total == 1
        assert session.check() == []


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_that_lacks_characters_gets_escapes(encoding: str) -> None:
    asked = subprocess.run(
        [*ANNOTATOR, "labels"],
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert (asked.returncode, asked.stderr) == (0, b"")
    assert ("Pelé" in asked.stdout.decode(encoding)) == (encoding != "ascii")


@posix
def test_ctrl_c_in_the_midst_of_suggesting_keeps_what_is_done(tmp_path: Path) -> None:
    """On a terminal of its own, which also shows the bar."""
    import fcntl
    import pty
    import termios

    path = tmp_path / "a.annot"
    with Session.open(path, create=True, labels="conll", model=suggest.DEFAULT_MODEL) as session:
        session.add_articles({"text": f"{number} people met Angela Merkel in Berlin. " * 30} for number in range(3000))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))  # a terminal of no size shows no bar
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background, shells have it ignored
    process = started("suggest", path, stdout=subprocess.PIPE, stderr=theirs)
    signal.signal(signal.SIGINT, before)
    os.close(theirs)
    said = _until(ours, b"Reading: ")
    process.send_signal(signal.SIGINT)
    said += _until(ours, None)  # before waiting for its end: it would wait for somebody to read its bar
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert said.endswith(b"annotator: Interrupted.\r\n")
    assert b"Traceback" not in said
    with Session.open(path) as session:
        unread = len(session.unread(3000))
        assert 0 < unread < 3000
        assert session.check() == []


def _until(terminal: int, wanted: bytes | None) -> bytes:
    """What a terminal shows until it shows these bytes, or until its end."""
    shown, deadline = b"", time.monotonic() + 60
    while wanted is None or wanted not in shown:
        assert time.monotonic() < deadline, shown
        try:
            read = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other side is closed
            return shown
        if not read:
            return shown
        shown += read
    return shown


def test_the_worker_process_ends_with_its_input() -> None:
    process = started("--suggest-worker", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 0


def test_the_print_process_needs_no_display(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = started("--print-worker", **pipes, env=own | {"QT_QPA_PLATFORM": "offscreen"})
    out, _ = process.communicate(json.dumps({"out": str(tmp_path / "a.pdf"), "name": "x", "hues": {}}).encode(), 60)
    assert (process.returncode, out) == (0, b"")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.expects_log
def test_a_bug_is_told_whole_on_stderr_and_without_words_in_the_log(
    run: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["words", "of", "an", "unpublished", "article"]

    def buggy(*_: object, **__: object) -> None:
        raise ValueError(" ".join(words))  # in one piece the line of code would hold them

    monkeypatch.setattr(projects, "opened", buggy)
    answer = run("stats", project)
    assert (answer.code, answer.out) == (1, "")
    assert "ValueError: words of an unpublished article" in answer.err
    logged = (paths.log_dir() / "annotator.log").read_text("utf-8")
    assert "ValueError" in logged
    assert "buggy" in logged
    assert "unpublished article" not in logged


def test_debug_tells_more_and_changes_no_result(run: Any, project: Path) -> None:
    plain = run("stats", project)
    assert run("stats", project, "--debug").out == run("--debug", "stats", project).out == plain.out
    assert logging.getLogger("annotator").level == logging.DEBUG
