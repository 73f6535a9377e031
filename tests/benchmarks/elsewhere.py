"""A correction taken over by a project of many articles: looking, keys while it looks, one step, undo.

    python tests/benchmarks/elsewhere.py [ARTICLES]

Fills a project in a temporary folder with articles of about 3 KB mixed from the samples (30,000 if
not said; that takes a minute), every tenth with a name of its own. Prints seconds and milliseconds.
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

from annotator import resources
from annotator.model.elsewhere import Correction
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui import elsewhere
from annotator.ui.app import application
from annotator.ui.main_window import MainWindow
from annotator.ui.suggesting import Suggesting

NAME = "Qrtz Holding"
SIZE = 3000  # code points


def filled(path: Path, articles: int) -> Session:
    """The project, with nothing decided."""
    pieces = [line for file in resources.sample_articles() for line in file.read_text("utf-8").splitlines() if line]
    chance = random.Random(1)
    session = Session.open(path, create=True, labels="conll", model="blank:en", annotator="bench")

    def text(number: int) -> str:
        words = f"{number}. {NAME} reports. " if number % 10 == 0 else f"{number}. "
        while len(words) < SIZE:
            words += chance.choice(pieces) + "\n\n"
        return words

    session.add_articles({"id": str(number), "text": text(number)} for number in range(articles))
    return session


def looked_through(session: Session) -> None:
    """Without the window, in stretches."""
    for words in (NAME, "nowhere at all"):
        began, worst, places = time.perf_counter(), 0.0, 0
        stretches = session.elsewhere.look((words, "ORG"))
        while True:
            at = time.perf_counter()
            found = next(stretches, None)
            worst = max(worst, time.perf_counter() - at)
            if found is None:
                break
            places += len(found)
        print(
            f"{places} places of “{words}”: {time.perf_counter() - began:.2f} s, longest stretch {worst * 1000:.1f} ms"
        )


def keys_while_looking(window: MainWindow) -> None:
    """A key from its press to the end of painting, with and without a search going on."""
    for name, correction in (("at rest", None), ("while looking", Correction("nowhere at all", "ORG"))):
        times = []
        for _ in range(150):
            if correction is not None and not window.elsewhere._turns.isActive():
                window.elsewhere._correction = correction
                window.elsewhere._begin()
            QApplication.processEvents()
            began = time.perf_counter()
            QTest.keyClick(window.view, Qt.Key.Key_Right)
            QApplication.processEvents()
            times.append((time.perf_counter() - began) * 1000)
        cuts = quantiles(times, n=100)
        print(f"key {name}: p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f} ms")
    window.elsewhere.withdraw()


def one_step(session: Session) -> None:
    """As many places as the window takes at a time."""
    places = session.elsewhere.of((NAME, "ORG"))[: elsewhere.MOST]
    began = time.perf_counter()
    session.elsewhere.apply(places, (NAME, "ORG"))
    middle = time.perf_counter()
    session.undo()
    print(f"{len(places)} places changed in {middle - began:.2f} s, undone in {time.perf_counter() - middle:.2f} s")


def main() -> None:
    """Run the benchmark in a folder of its own."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        application()
        Suggesting.warm_up = lambda self, model: None  # type: ignore[method-assign]
        session = filled(Path(home) / "many.annot", articles)
        looked_through(session)
        one_step(session)
        window = MainWindow(session, Settings())
        window.show()
        QTest.qWait(300)
        keys_while_looking(window)
        window.close()


if __name__ == "__main__":
    main()
