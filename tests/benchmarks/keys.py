"""Key press to painted screen on the 5,000-word sample, the commit included and shown by itself.

    python tests/benchmarks/keys.py [PRESSES]

Runs the real window offscreen on a project in a temporary folder, read by the default pipeline,
and presses real keys. The baseline in the same run: a plain QPlainTextEdit of the same size that
shows the same text and scrolls by a line at a key. Prints median, 95th and 99th percentile in
milliseconds, and the ratio of medians to the baseline.
"""

import gc
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from annotator import resources
from annotator.session import Session
from annotator.settings import Settings
from annotator.store.project import Project
from annotator.ui.app import application
from annotator.ui.main_window import MainWindow

KEYS = {
    "next": Qt.Key.Key_N,
    "confirm and go on": Qt.Key.Key_Space,
    "relabel": Qt.Key.Key_2,
    "extend": Qt.Key.Key_E,
    "reject": Qt.Key.Key_X,
    "undo": Qt.Key.Key_Z,
}
_commits: list[float] = []


def timed_commits() -> None:
    """Have every transaction's COMMIT timed."""
    inner = Project.commit

    def commit(self: Project) -> None:
        began = time.perf_counter()
        inner(self)
        _commits.append((time.perf_counter() - began) * 1000)

    Project.commit = commit  # type: ignore[method-assign]


def press(widget: QWidget, key: Qt.Key) -> float:
    """Milliseconds from the key to the end of painting."""
    modifier = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_Z else Qt.KeyboardModifier.NoModifier
    began = time.perf_counter()
    QTest.keyClick(widget, key, modifier)
    QApplication.processEvents()
    return (time.perf_counter() - began) * 1000


def row(name: str, times: list[float], baseline: float) -> None:
    """Print one line of the table."""
    cuts = quantiles(times, n=100)
    ratio = cuts[49] / baseline
    print(f"{name:20} {cuts[49]:7.2f} {cuts[94]:7.2f} {cuts[98]:7.2f} {max(times):7.2f} {ratio:9.1f}")


def baseline_times(text: str, presses: int) -> list[float]:
    """A plain text field that scrolls."""
    edit = QPlainTextEdit(text)
    edit.resize(1280, 800)
    edit.show()
    QApplication.processEvents()
    return [press(edit, Qt.Key.Key_Down) for _ in range(presses)]


def pressed(window: MainWindow, name: str, key: Qt.Key) -> float:
    """Press a key where it has something to do; finding that place is not timed."""
    if name == "reject":
        window.desk.go_to(next(span for span in window.desk.article.spans if span.state != "rejected"))
        QApplication.processEvents()
    return press(window.view, key)


def measured(presses: int, folder: Path) -> None:
    """Open the long sample and press each key."""
    session = Session.open(folder / "keys.annot", create=True, annotator="bench")
    ids = session.import_files(resources.sample_articles()).ids
    longest = max(ids, key=lambda article_id: len(session.article(article_id).text))
    session.suggest(longest)
    session.remember_place(longest)
    window = MainWindow(session, Settings())
    window.suggesting.stop()
    # in the product spaCy's many objects live in the worker process, out of this one's collector's way
    gc.freeze()
    window.show()
    QApplication.processEvents()
    article = window.desk.article
    assert article is not None
    print(f"{len(article.text.split())} words, {len(article.spans)} spans, {presses} presses a key, milliseconds")
    print(f"{'':20} {'p50':>7} {'p95':>7} {'p99':>7} {'max':>7} {'/ baseline':>10}")
    baseline = baseline_times(article.text, presses)
    middle = quantiles(baseline, n=100)[49]
    row("baseline", baseline, middle)
    window.activateWindow()
    window.view.setFocus()
    window.view.animated = False
    window.desk.failed.disconnect()
    window.desk.failed.connect(print)
    for name, key in KEYS.items():
        spans = window.desk.article.spans
        window.desk.go_to(spans[len(spans) // 3])
        row(name, [pressed(window, name, key) for _ in range(presses)], middle)
    row("commit alone", _commits, middle)
    window.close()


def main() -> None:
    """Run the benchmark in a folder of its own."""
    presses = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        application()
        timed_commits()
        measured(presses, Path(home))


if __name__ == "__main__":
    main()
