"""Key press to painted screen while a backup of a large project is written, and without one.

    python tests/benchmarks/backups.py [MEGABYTES] [PRESSES]

Runs the real window offscreen on a project of so many megabytes in a temporary folder and presses ten keys a second,
each a decision that is committed. Prints median, 99th percentile and maximum in milliseconds, of the keys and of
their commits alone, how many backups were written meanwhile and what one took; then what closing the window takes.
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.model.article import text_sha256
from annotator.session import Session
from annotator.settings import Settings
from annotator.store.backups import Backup
from annotator.store.project import Project
from annotator.ui.app import application
from annotator.ui.main_window import MainWindow
from annotator.ui.suggesting import Suggesting

PAUSE = 100  # milliseconds between two keys
KEYS = (Qt.Key.Key_2, Qt.Key.Key_3)
_commits: list[float] = []
WORDS = tuple(f"word{n}" for n in range(5_000))


def timed_commits() -> None:
    """Have every transaction's COMMIT timed."""
    inner = Project.commit

    def commit(self: Project) -> None:
        began = time.perf_counter()
        inner(self)
        _commits.append((time.perf_counter() - began) * 1000)

    Project.commit = commit  # type: ignore[method-assign]


def made(path: Path, megabytes: int) -> Session:
    """A project of about this size, written row by row: an import would compare all texts with each other."""
    chance = random.Random(1)
    session = Session.open(path, create=True, labels="conll", model="blank:en", annotator="bench")
    connection = session.project.connection
    text = "Alibaba invests in China. " + "Nothing else is named in this article of many words. " * 80
    (first,) = session.add_articles([{"id": "first", "text": text}])
    size = 8_000
    with session.project.transaction():
        for number in range(megabytes * 1_000_000 // size):
            text = " ".join(chance.choices(WORDS, k=size // 8))
            cursor = connection.execute(
                "INSERT INTO article (uid, title, sha256, length) VALUES (?, ?, ?, ?)",
                [f"made-{number}", text[:60], text_sha256(text), len(text)],
            )
            connection.execute("INSERT INTO article_text VALUES (?, ?)", [cursor.lastrowid, text])
    session.project.checkpoint()
    session.add(first, 0, 7, "ORG")
    session.remember_place(first)
    return session


def pressed(window: MainWindow, presses: int, backs_up: bool) -> list[float]:
    """Milliseconds of each key; with backups one after another."""
    times = []
    for number in range(presses):
        QTest.qWait(PAUSE)
        if backs_up and not window.desk.session.backups.is_busy:
            window.desk.session.backups.make_in_background()
        window.desk.go_to(next(span for span in window.desk.article.spans if span.start == 0))
        QApplication.processEvents()
        began = time.perf_counter()
        QTest.keyClick(window.view, KEYS[number % 2])
        QApplication.processEvents()
        times.append((time.perf_counter() - began) * 1000)
    return times


def row(name: str, times: list[float]) -> None:
    """Print two lines of the table, and begin anew with the commits."""
    for title, of in ((name, times), ("  commits alone", _commits)):
        cuts = quantiles(of, n=100)
        print(f"{title:20} {cuts[49]:8.2f} {cuts[98]:8.2f} {max(of):8.2f}")
    _commits.clear()


def measured(megabytes: int, presses: int, folder: Path) -> None:
    """Without and with backups."""
    path = folder / "large.annot"
    window = MainWindow(made(path, megabytes), Settings())
    window.show()
    window.activateWindow()
    window.view.setFocus()
    window.view.animated = False
    QApplication.processEvents()
    session, told = window.desk.session, list[Backup]()
    session.backups.listeners.append(lambda backup, trouble: told.append(backup) if backup else print(trouble))
    before = session.project.connection.execute("SELECT count(*) FROM step").fetchone()[0]
    print(f"{path.stat().st_size / 1e6:.0f} MB, {presses} presses each, milliseconds")
    print(f"{'':20} {'p50':>8} {'p99':>8} {'max':>8}")
    timed_commits()
    row("no backup", pressed(window, presses, False))
    began = time.perf_counter()
    times = pressed(window, presses, True)
    seconds = time.perf_counter() - began
    row("during backups", times)
    steps = session.project.connection.execute("SELECT count(*) FROM step").fetchone()[0] - before
    each = f", {seconds / len(told):.1f} s each" if told else ""
    print(f"{steps} decisions committed; {len(told)} backups written meanwhile{each}")
    began = time.perf_counter()
    window.close()
    print(f"closing the window, with a backup: {time.perf_counter() - began:.2f} s")


def main() -> None:
    """Run the benchmark in a folder of its own."""
    megabytes, presses = (int(given) for given in (*sys.argv[1:], *("120", "300")[len(sys.argv) - 1 :]))
    Suggesting.warm_up = lambda self, session: None  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        application()
        measured(megabytes, presses, Path(home))


if __name__ == "__main__":
    main()
