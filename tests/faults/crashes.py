"""Have the window break down at random moments: the next start tells of it, and what was decided is there.

    python tests/faults/crashes.py --crashes 50

The real window works on one project, deciding all the time; it says after each decision how many steps there are. It
gets a fatal signal, as a fault in a library's C code would give it, or is killed; then it is started again. A fault is
told in a dialog, with its place and without a word of an article; of a kill there is only a line in the log.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults.outcome import Fault  # noqa: E402

ARTICLES, EVERY = 30, 10  # milliseconds between decisions
SECRET = "Kanarienvogel"
FAULTS = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL")
TOLD, READY, STEPS = "told ", "ready", "steps "


class Result(NamedTuple):
    """What came of all crashes."""

    tried: int
    told: int
    complaints: list[str]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"crashes tried {self.tried}, told as they should be {self.told}, complaints {len(self.complaints)}"
        yield from (f"  {line}" for line in self.complaints)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crashes", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work is not None:
        work(given.work)
    with tempfile.TemporaryDirectory() as folder:
        result = crash_again_and_again(Path(folder), given.crashes, given.seed)
    sys.stdout.write("\n".join(result.lines()) + "\n")
    sys.exit(1 if result.complaints else 0)


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many ends of the window by a signal that nobody can answer."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = crash_again_and_again(Path(folder), count, seed)
    return [Fault("crashes of the window", result.tried, result.told, result.complaints, time.monotonic() - began)]


def crash_again_and_again(folder: Path, crashes: int, seed: int) -> Result:
    """Start, break down, look; the last start is ended orderly."""
    path, chance, complaints, told = folder / f"{SECRET}.annot", random.Random(seed), [], 0
    _make_project(path)
    by, steps = "", 0
    for number in range(crashes + 1):
        following = (chance.choice(FAULTS) if number % 3 else "SIGKILL") if number < crashes else ""
        run = _broken_down(path, following, chance.uniform(0, 0.8))
        problems = [*_problems(path, run, by), *([f"{steps} steps, then {run.first}"] if run.first <= steps else [])]
        complaints += [f"start {number}, after {by or 'nothing'}: {problem}" for problem in problems]
        told += bool(number) and not problems
        by, steps = following, run.last
    left = [file.name for file in _crash_files(folder)]
    return Result(crashes, told, complaints + [f"left behind: {name}" for name in left])


class _Run(NamedTuple):
    """What one start said: reports of runs before, and steps at its begin and before its end."""

    told: list[str]
    first: int
    last: int
    complaint: str


def _broken_down(path: Path, by: str, seconds: float) -> _Run:
    """One start, ended by a signal so long after its first decision; orderly where none is named."""
    variables = {"ANNOTATOR_HOME": str(path.parent / "home"), "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    command = [sys.executable, str(HERE), "--work", str(path)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        lines = _until(child.stdout, READY)
        timer = threading.Timer(seconds, child.send_signal, [getattr(signal, by)] if by else [signal.SIGCONT])
        timer.start()
        if not by:
            child.stdin.close()
        lines += child.stdout.read().splitlines()
        timer.join()
        complaint = child.stderr.read() if child.stderr is not None else ""
    steps = [int(line.removeprefix(STEPS)) for line in lines if line.startswith(STEPS)]
    told = [line.removeprefix(TOLD) for line in lines if line.startswith(TOLD)]
    return _Run(told, steps[0] if steps else -1, steps[-1] if steps else -1, "" if steps else complaint[-600:])


def _until(said: Iterator[str], end: str) -> list[str]:
    lines = []
    for line in said:
        lines.append(line.rstrip("\n"))
        if lines[-1] == end:
            break
    return lines


def _problems(path: Path, run: _Run, by: str) -> Iterator[str]:
    """What is wrong with a start after a break-down by that signal."""
    if run.complaint:
        yield run.complaint
    if bool(run.told) is not (by in FAULTS):
        yield f"told {len(run.told)} reports"
    for report in run.told:
        if "Fatal Python error" not in report or "annotator/" not in report:
            yield f"a report without a place: {report[:300]}"
        if SECRET in report or str(path.parent) in report:
            yield f"a report that says too much: {report[:300]}"
    log = (path.parent / "home" / "log" / "annotator.log").read_text("utf-8")
    if by == "SIGKILL" and "did not end orderly" not in log:
        yield "the log has no line"
    if SECRET in log:
        yield "the log quotes a name"


def _crash_files(folder: Path) -> list[Path]:
    place = folder / "home" / "data" / "crashes"
    return sorted(place.iterdir()) if place.exists() else []


def _make_project(path: Path) -> None:
    from random_work import reading, records

    from annotator.session import Session

    chance = random.Random(5)
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        ids = session.add_articles([{**each, "meta": {"title": SECRET}} for each in records(ARTICLES, chance)])
        for article_id in ids:
            session.keep_reading(article_id, "blank:en", reading(session.article(article_id).text, chance))


# The window


def work(path: Path) -> None:
    """The window as the command opens it, and somebody who decides without a pause until the input ends."""
    from annotator import cli
    from annotator.ui import app, crash
    from annotator.ui.timers import ticking

    def build(project: Path | None) -> "app.MainWindow":
        window = built(project)
        timer = ticking(window, EVERY)
        timer.timeout.connect(lambda: _decide(window))
        timer.start()
        threading.Thread(target=_end_with_input, args=[window], daemon=True).start()
        return window

    built, app.build = app.build, build
    crash.tell_report = lambda _window, _title, report: _say(TOLD + report.replace("\n", " "))
    sys.argv = ["annotator", str(path)]
    sys.exit(cli.main())


def _end_with_input(window: "app.MainWindow") -> None:  # noqa: F821
    from PySide6.QtCore import QMetaObject, Qt

    sys.stdin.read()
    QMetaObject.invokeMethod(window, "close", Qt.ConnectionType.QueuedConnection)


def _decide(window: "app.MainWindow") -> None:  # noqa: F821
    """The next suggestion, else a flag: there is always something to do."""
    desk = window.desk
    before = _steps(window)
    desk.go(1, to_check=True)
    if desk.current is not None:
        desk.confirm()
    if _steps(window) == before:
        desk.flag()
    _say(f"{STEPS}{_steps(window)}")
    if not window.property("is_ready"):
        window.setProperty("is_ready", True)
        _say(READY)


def _steps(window: "app.MainWindow") -> int:  # noqa: F821
    return int(window.desk.session.project.connection.execute("SELECT count(*) FROM step").fetchone()[0])


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
