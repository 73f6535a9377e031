"""Kill the real window while keys are pressed in it, and the worker process under it.

    python tests/faults/window_kills.py --count 50

The window runs offscreen with its worker process; what it shows as saved is told after each key. After each kill the
project is whole, holds all of that, and no worker is left behind.
"""

import argparse
import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults import outcome  # noqa: E402
from tests.faults.at_work import MODEL  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.forks import CAN_FORK, Message, Tell, Victim  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402
from tests.faults.told import State, state_of  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from annotator.ui.main_window import MainWindow

ARTICLES = 30
_PAUSE = 3  # milliseconds between keys
_KEYS = ("Space", "Space", "1", "2", "Shift+3", "X", "Tab", "N", "P", "E", "D", "Return", "F", "I", "Ctrl+Z", "Ctrl+Z")
_NEXT_WORKER = 30.0  # seconds, after which another one has been started and has loaded its pipeline
_GONE_AFTER = 5.0  # seconds, in which a worker notices that its window is gone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(outcome.told(faults(given.count, given.seed)))


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many kills of the window, and as many of its worker."""
    if not CAN_FORK:
        return [Fault("kill the window", 0, 0, [], skipped="needs fork")]
    with own_folder() as folder:
        path = folder / "work" / "news.annot"
        path.parent.mkdir()
        make(path, random.Random(seed))
        return [_windows(path, count, random.Random(seed)), _workers(path, count, random.Random(seed))]


def make(path: Path, chance: random.Random) -> None:
    """A project with articles that nobody decided on."""
    from annotator.session import Session
    from tests.faults.random_work import Worker, records

    with Session.open(path, create=True, labels="conll", model=MODEL, annotator="ana") as session:
        session.add_articles(records(ARTICLES, chance))
        Worker(session, chance).read_all()


# Kills


def _windows(path: Path, count: int, chance: random.Random) -> Fault:
    from tests.faults.whole import problem_of

    began, lost = time.perf_counter(), list[str]()
    state: State | None = None
    for number in range(count):
        victim = Victim(lambda tell, number=number: live(path, number, tell))
        victim.next()  # the window is there
        until = time.monotonic() + chance.uniform(0.01, 1.0)
        while time.monotonic() < until and victim.next(until) is not None:
            pass
        victim.kill()
        said = [State(*message["state"]) for message in victim.told if message["at"] == "did"]
        state = said[-1] if said else state
        problem = _complaint(victim.told) or problem_of(path, state, "place") or _left_behind(victim.told)
        if problem:
            lost.append(f"kill {number}: {problem}")
    return Fault("kill the window", count, count - len(lost), lost, time.perf_counter() - began)


def _workers(path: Path, count: int, chance: random.Random) -> Fault:
    """Kill the process that suggests and learns: the window goes on, and has another one soon."""
    began, lost, dead = time.perf_counter(), list[str](), set[int]()
    victim = Victim(lambda tell: live(path, 1, tell))
    until = time.monotonic() + _NEXT_WORKER
    while len(dead) < count and not lost:
        message = victim.next(until)
        if message is None:
            lost.append(f"after {len(dead)} kills of the worker: {_complaint(victim.told) or 'no other one came'}")
        elif message.get("worker") not in (None, *dead) and message["is_loaded"] and chance.random() < 0.1:
            dead.add(message["worker"])
            until = time.monotonic() + _NEXT_WORKER
            with suppress(ProcessLookupError):
                os.kill(message["worker"], signal.SIGKILL)
    victim.kill()
    return Fault("kill the worker", count, count - len(lost), lost, time.perf_counter() - began)


def _complaint(told: list[Message]) -> str:
    return next((str(message["why"]) for message in told if message["at"] == "failed"), "")


def _left_behind(told: list[Message]) -> str:
    """Worker processes that outlive their window."""
    workers = {message["worker"] for message in told if message.get("worker")}
    until = time.monotonic() + _GONE_AFTER
    while any(map(_runs, workers)) and time.monotonic() < until:
        time.sleep(0.01)
    return "its worker is left behind" if any(map(_runs, workers)) else ""


def _runs(process: int) -> bool:
    with suppress(OSError):
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        return state != "Z"
    return False


# In the victim


def live(path: Path, seed: int, tell: Tell) -> None:
    """The window, and keys until killed."""
    from PySide6.QtCore import QTimer

    from annotator.ui.app import build

    app = quiet_application()
    app.setQuitOnLastWindowClosed(False)
    window = build(path)
    window.view.animated = False
    window.show()
    chance = random.Random(seed)
    keys = QTimer()
    keys.setInterval(_PAUSE)
    keys.timeout.connect(lambda: _press(window, chance, tell))
    keys.start()
    tell({"at": "ready"})
    app.exec()


def quiet_application() -> "QApplication":
    """Without a display, and without what Qt says of that."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qInstallMessageHandler

    from annotator.ui.app import application

    qInstallMessageHandler(lambda _kind, _context, _message: None)
    return application()


def _press(window: "MainWindow", chance: random.Random, tell: Tell) -> None:
    key, session = press(window, chance), window.desk.session
    state = state_of(session.project.connection, session.project.path.parent)
    tell({"at": "did", "key": key, "state": state, **_worker_of(window)})


def press(window: "MainWindow", chance: random.Random) -> str:
    """Press a key that decides or goes somewhere, in an article where there is something to decide; which it was."""
    from PySide6.QtGui import QKeySequence
    from PySide6.QtTest import QTest

    desk, key = window.desk, chance.choice(_KEYS)
    if desk.article is None or not desk.article.suggested:
        desk.open_article(chance.choice(desk.session.article_ids()))
    if key == "Ctrl+Z" and desk.session.next_step("undo") == "import":
        key = "Ctrl+Shift+Z"  # of the articles that are worked on
    pressed = QKeySequence(key)[0]
    QTest.keyClick(window.view, pressed.key(), pressed.keyboardModifiers())
    return key


def _worker_of(window: Any) -> Message:
    """Its number, and whether it has loaded its pipeline: one that ends before that is not started for ever."""
    worker = window.suggesting._worker
    child = None if worker is None else worker._child
    return {"worker": None if child is None else child.pid, "is_loaded": child is not None and child.ready}


if __name__ == "__main__":
    main()
