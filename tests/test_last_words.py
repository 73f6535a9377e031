"""What a process leaves behind when it ends as it should not, and what nobody is told of."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import discretion, last_words, log, paths, processes
from annotator.discretion import discreet, kind_and_place

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

RUNNING = """
import sys, time
from annotator import last_words, log
last_words.begin()
log.set_up()
words = last_words.LastWords(sys.argv[1])
def work():
    print(len(words.from_before), *words.from_before, flush=True)
    {work}
work()
words.close()
"""
WAITING = "time.sleep(60)"


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "annotator")


def started(role: str, work: str = "pass") -> "subprocess.Popen[str]":
    """A process that keeps its last words; its first line says how many windows left theirs."""
    words = [sys.executable, "-c", RUNNING.format(work=work), role]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(role: str, work: str = "pass", by: int | None = None) -> str:
    """What such a process says; ended by a signal where one is given."""
    with started(role, work) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if by is not None:
            process.send_signal(by)
        return first + process.stdout.read()


def kept() -> list[Path]:
    return sorted(paths.crash_dir().iterdir()) if paths.crash_dir().exists() else []


def logged() -> str:
    return (paths.log_dir() / "annotator.log").read_text("utf-8")


def test_an_orderly_end_leaves_nothing() -> None:
    assert ended("window") == "0\n"
    assert kept() == []


@posix
@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL])
def test_what_ends_the_window_at_once_is_told_by_the_next_and_only_once(by: int) -> None:
    ended("window", WAITING, by)
    told = ended("window")
    assert told.startswith("1 Annotator")
    assert "Fatal Python error" in told
    assert "in work" in told
    assert ended("window") == "0\n"
    assert kept() == []


def test_the_time_of_the_end_is_told_beside_that_of_the_start() -> None:
    words = last_words.LastWords(last_words.WINDOW)
    words.write("a bug")
    words.close()
    os.utime(words.path, (at := 1_700_000_000, at))
    later = last_words.LastWords(last_words.WINDOW)
    later.close()
    first, place = later.from_before[0].splitlines()
    assert ", started 20" in first
    assert first.endswith(f", broke down {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(at))}")
    assert place == "a bug"


@posix
def test_what_was_killed_is_no_report_but_a_line_in_the_log() -> None:
    ended("window", WAITING, signal.SIGKILL)
    assert len(kept()) == 1
    assert ended("window") == "0\n"
    assert "did not end orderly" in logged()
    assert kept() == []


@posix
def test_a_command_leaves_the_report_of_a_window_to_the_next_window() -> None:
    ended("window", WAITING, signal.SIGSEGV)
    ended("command", WAITING, signal.SIGSEGV)
    assert ended("command") == "0\n"
    assert "the command that was process" in logged()
    assert "in work" in logged()
    assert ended("window").startswith("1 ")


@posix
def test_two_windows_at_once_keep_their_own_and_take_nothing_from_each_other() -> None:
    with started("window", WAITING) as one, started("window", WAITING) as other:
        for process in (one, other):
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n"
        assert len(kept()) == 2
        one.send_signal(signal.SIGSEGV)
        one.wait(60)
        assert ended("window").startswith("1 ")
        assert len(kept()) == 1
        other.send_signal(signal.SIGABRT)
        other.wait(60)
    assert ended("window").startswith("1 ")


def test_what_is_not_ours_in_the_folder_is_left_alone() -> None:
    paths.crash_dir().mkdir()
    foreign = paths.crash_dir() / "window-x-notes.txt"
    foreign.write_text("x\ny")
    assert ended("window") == "0\n"
    assert kept() == [foreign]


def test_a_folder_that_cannot_be_made_costs_only_the_report(caplog: pytest.LogCaptureFixture) -> None:
    paths.crash_dir().write_text("in the way")
    assert last_words.keep(last_words.WINDOW) is None
    assert "no crash report is kept" in caplog.text


# Processes that were started


def child(tmp_path: Path, name: str, body: str) -> processes.Process:
    """A child whose module does something that ends it."""
    (tmp_path / f"{name}.py").write_text(f"import os, signal, sys, threading\ndef main():\n    {body}\n")
    words = processes.command(name, "--none")
    variables = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])}
    return processes.start(words, variables)


@posix
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", ("broke down: SIGSEGV", "Segmentation fault", "in main")),
        ("os.kill(os.getpid(), signal.SIGKILL)", ("broke down: SIGKILL",)),
        ("raise ValueError(os.environ['SECRET'])", ("broke down: an error", "in main", "ValueError")),
        ("t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()", ("an error", "ZeroDivisionError")),
    ],
    ids=["fault", "killed", "error", "error in a thread"],
)
def test_a_process_that_breaks_down_leaves_its_place_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, body: str, said: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SECRET", "unpublished words")
    process = child(tmp_path, "breaking_down", body)
    process.wait(60)
    process.bury("worker")
    for words in ("the worker", *said):
        assert words in caplog.text
    assert "unpublished" not in caplog.text


def test_a_library_that_breaks_down_while_it_is_imported_leaves_its_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "library.py").write_text("import os\nos.abort()\n")
    process = child(tmp_path, "loading", "pass")
    process.kill()
    process.bury("worker")
    (tmp_path / "loading_it.py").write_text("import library\ndef main(): pass\n")
    variables = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])}
    process = processes.start(processes.command("loading_it", "--none"), variables)
    process.wait(60)
    process.bury("worker")
    assert "library.py" in caplog.text


def test_a_process_that_ends_by_itself_or_because_it_is_to_is_no_news(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = child(tmp_path, "ending", "pass")
    process.wait(60)
    process.bury("worker")
    process = child(tmp_path, "staying", "signal.pause()" if hasattr(signal, "pause") else "input()")
    process.kill()
    process.bury("worker")
    process.bury("worker")
    assert caplog.text == ""


def test_what_a_child_says_is_let_through_only_while_debugging(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for level, said in ((logging.INFO, ""), (logging.DEBUG, "unpublished words\n")):
        caplog.set_level(level, "annotator")
        process = child(tmp_path, "talking", "sys.stderr.write('unpublished words\\n')")
        process.wait(60)
        process.bury("worker")
        assert capfd.readouterr().err == said


# Whose it is


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Somebody's home folder."""
    home = Path("/home/anna.k") if sys.platform != "win32" else Path("C:/Users/anna.k")
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(discretion, "getuser", lambda: "anna.k")
    discretion._replaced.cache_clear()
    yield home
    discretion._replaced.cache_clear()


def test_paths_do_not_say_whose_they_are(at_home: Path) -> None:
    assert discreet(f"{at_home / 'news.annot'} is full") == f"{Path('~') / 'news.annot'} is full"
    assert discreet(f'"{at_home}"') == '"~"'
    assert discreet(f"{at_home}ine/x") == f"{at_home}ine/x"
    assert discreet("/media/anna.k/stick/a.annot") == "/media/~/stick/a.annot"
    assert (
        discreet(f'File "{Path(discretion.__file__)}", line 3') == f'File "{Path("annotator/discretion.py")}", line 3'
    )


def test_an_exception_keeps_its_kind_and_place_only() -> None:
    secret = "Alibaba".upper()
    try:
        raise ValueError(secret)
    except ValueError as error:
        told = kind_and_place(ValueError, error.__traceback__)
    assert told.endswith("ValueError")
    assert "test_an_exception_keeps_its_kind_and_place_only" in told
    assert secret not in told


@pytest.mark.expects_log
def test_the_window_says_no_more_on_stderr_than_in_the_log(
    at_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log.set_up(is_discreet=True)
    try:
        try:
            raise ValueError("unpublished words".upper())
        except ValueError:
            logging.getLogger("annotator.x").exception("%s failed", at_home / "news.annot")
        for told in (capsys.readouterr().err, logged()):
            assert f"{Path('~') / 'news.annot'} failed" in told
            assert "ValueError" in told
            assert "UNPUBLISHED" not in told
    finally:
        for handler in logging.getLogger("annotator").handlers[:]:
            logging.getLogger("annotator").removeHandler(handler)
            handler.close()
