"""From opening an article that nobody has read yet to its first highlight, with a warm worker process.

    python tests/benchmarks/highlight.py [ROUNDS]

Runs the real window offscreen on the sample articles; each is made unread again and opened. The
baseline in the same run: the time until an article that was read before is painted. Prints
milliseconds and the ratio of medians; then the time from an empty start to the first highlight.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest

from annotator import resources
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui.app import application
from annotator.ui.main_window import MainWindow

_LONGEST = 30.0  # seconds


def until_highlighted(window: MainWindow, began: float) -> float:
    """Milliseconds until the article on the desk shows a span."""
    while not (window.desk.article and window.desk.article.spans):
        QTest.qWait(1)
        if time.perf_counter() - began > _LONGEST:
            raise SystemExit("no highlight came")
    return (time.perf_counter() - began) * 1000


def opened(window: MainWindow, article_id: int) -> float:
    """Open an article and wait for its first highlight."""
    began = time.perf_counter()
    window.desk.open_article(article_id)
    return until_highlighted(window, began)


def unread(session: Session, article_id: int) -> None:
    """Make an article one that nobody has read."""
    with session.project.transaction():
        session.project.connection.execute("DELETE FROM suggestion WHERE article_id = ?", [article_id])
    session._opened.forget(article_id)


def main() -> None:
    """Run the benchmark in a folder of its own."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        application()
        session = Session.open(Path(home) / "highlight.annot", create=True, annotator="bench")
        ids = session.import_files(resources.sample_articles()).ids
        began = time.perf_counter()
        window = MainWindow(session, Settings())
        window.show()
        first = until_highlighted(window, began)
        while session.unread(1):
            QTest.qWait(20)
        print(f"{'article':42} {'words':>6} {'new':>8} {'read':>8} {'ratio':>7}   (median ms of {rounds})")
        for article_id in ids:
            known = median(opened(window, article_id) for _ in range(rounds))
            times = []
            for _ in range(rounds):
                window.desk.open_article(ids[0] if article_id != ids[0] else ids[1])
                unread(session, article_id)
                times.append(opened(window, article_id))
                QTest.qWait(600)
            article = session.article(article_id)
            words = len(article.text.split())
            new = median(times)
            print(f"{article.article.title[:42]:42} {words:6} {new:8.1f} {known:8.1f} {new / known:7.1f}")
        print(f"from an empty start, worker process included: {first:.0f} ms")
        window.close()


if __name__ == "__main__":
    main()
