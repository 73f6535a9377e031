"""What learning costs: suggesting against the bare pipeline, an article learned, keys meanwhile, and the rest anew.

    python tests/benchmarks/learning.py FILE.jsonl [ARTICLES]

FILE has one article a line with its gold spans. First, in this process: words a second of the whole
(pipeline, two passes, memory) after half of the articles were learned, and of spaCy's tok2vec and ner
alone, by turns. Then the real window offscreen with its worker process: articles are corrected with real
keys and finished; keys are timed while the worker learns, and the time from a correction's key to the
painted new suggestions behind it. The baseline of both is in the same run. Milliseconds unless said.
"""

import gc
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.importers import read
from annotator.importers.base import Record
from annotator.session import Session
from annotator.settings import Settings
from annotator.suggest import DEFAULT_MODEL, Engine, Setup, load_source
from annotator.suggest.base import Ask, Decided
from annotator.ui.app import application
from annotator.ui.main_window import MainWindow

_LONGEST = 20.0  # seconds


def records(path: Path, limit: int) -> list[Record]:
    """The first articles of a file."""
    return [item for item in read(path) if isinstance(item, Record)][:limit]


def labels_of(articles: list[Record]) -> list[str]:
    """The labels that the gold spans have."""
    return sorted({span.label for record in articles for span in record.spans})


def spans_of(record: Record) -> list[tuple[int, int, str]]:
    """Gold spans as the session takes them."""
    return [(span.start, span.end, span.label) for span in record.spans]


def speed(articles: list[Record]) -> None:
    """Words a second with and without all that is learned."""
    source: Any = load_source(DEFAULT_MODEL)
    engine = Engine(source, Setup(tuple(labels_of(articles)), {}))
    half = len(articles) // 2
    learned = []
    for number, record in enumerate(articles[:half]):
        began = time.process_time()
        engine.learn(Decided(f"{number}:x", record.article.text, tuple(spans_of(record))))
        learned.append(time.process_time() - began)
    texts = [record.article.text for record in articles[half:]]
    bare, whole = [], []
    for turn in range(3):
        for text in texts:
            began = time.process_time()
            source._nlp(text)
            bare.append(time.process_time() - began)
            began = time.process_time()
            engine.suggest(Ask(text + " " * turn))  # another text each time: nothing is remembered
            whole.append(time.process_time() - began)
    words = 3 * sum(len(text.split()) for text in texts)
    print(f"suggesting: {words / sum(bare):.0f} words/s bare, {words / sum(whole):.0f} the whole", end="")
    print(f" ({sum(bare) / sum(whole):.2f} of the bare speed); CPU seconds")
    print(f"learning an article: {median(learned):.3f} s median, {max(learned):.3f} s at most; CPU, {half} articles\n")


def until(window: MainWindow, holds: Any) -> None:
    """Let the window work until something holds."""
    end = time.perf_counter() + _LONGEST
    while not holds():
        QTest.qWait(1)
        if time.perf_counter() > end:
            raise SystemExit("the worker does not answer")


def pressed(window: MainWindow, key: Qt.Key) -> float:
    """Milliseconds from a key to the end of painting."""
    began = time.perf_counter()
    QTest.keyClick(window.view, key)
    QApplication.processEvents()
    return (time.perf_counter() - began) * 1000


def is_up_to_date(window: MainWindow) -> bool:
    """Do the suggestions on the desk know everything that was decided?"""
    article, suggesting = window.desk.article, window.suggesting
    assert article is not None
    return window.desk.session.learning.wants(article.id, suggesting._teaching.knows) is None


def corrected(window: MainWindow, times: int) -> list[float]:
    """From a correction's key to the painted rest; each on the next suggestion of the article."""
    until(window, lambda: is_up_to_date(window))
    took: list[float] = []
    for _ in range(times):
        spans = window.desk.article.suggested if window.desk.article else ()
        if not spans:
            break
        window.desk.go_to(spans[min(1, len(spans) - 1)])
        QApplication.processEvents()
        began = time.perf_counter()
        QTest.keyClick(window.view, Qt.Key.Key_X if len(took) % 3 == 2 else Qt.Key.Key_1)
        while not is_up_to_date(window):
            QApplication.processEvents()
            time.sleep(0.0005)
        QApplication.processEvents()
        took.append((time.perf_counter() - began) * 1000)
    return took


def in_the_window(articles: list[Record], folder: Path) -> None:
    """Correct and finish article by article with real keys."""
    scheme = folder / "labels.json"
    keys = [*map(str, range(1, 10)), *[""] * len(labels_of(articles))]
    names = ",".join(
        f'{{"name": "{label}", "key": "{key}"}}' for label, key in zip(labels_of(articles), keys, strict=False)
    )
    scheme.write_text(f'{{"name": "bench", "title": "Bench", "labels": [{names}]}}', "utf-8")
    session = Session.open(folder / "l.annot", create=True, annotator="bench", labels=str(scheme))
    session.add_articles({"id": record.article.uid, "text": record.article.text} for record in articles)
    window = MainWindow(session, Settings())
    window.view.animated = False
    window.resize(1280, 800)
    window.show()
    gc.freeze()
    teaching = window.suggesting._teaching
    until(window, lambda: teaching.knows and not teaching.is_busy)
    idle = [pressed(window, Qt.Key.Key_N if n % 2 else Qt.Key.Key_P) for n in range(200)]
    rest, meanwhile, lessons = [], [], []
    for _ in range(len(articles) - 1):
        rest += corrected(window, 6)
        before, began = teaching.knows, time.perf_counter()
        QTest.keyClick(window.view, Qt.Key.Key_Return)
        while teaching.knows == before and time.perf_counter() - began < _LONGEST:
            meanwhile.append(pressed(window, Qt.Key.Key_N if len(meanwhile) % 2 else Qt.Key.Key_P))
            QTest.qWait(15)
        lessons.append(time.perf_counter() - began)
    print(f"{'':32} {'n':>5} {'p50':>7} {'p95':>7} {'p99':>7} {'max':>7} {'/ idle':>7}")
    for name, times in (("keys, idle", idle), ("keys while learning", meanwhile), ("correction to painted rest", rest)):
        if len(times) < 2:  # as where nothing is suggested that could be corrected
            continue
        cuts = quantiles(times, n=100)
        ratio = cuts[49] / quantiles(idle, n=100)[49]
        print(
            f"{name:32} {len(times):5} {cuts[49]:7.1f} {cuts[94]:7.1f} {cuts[98]:7.1f} {max(times):7.1f} {ratio:7.1f}"
        )
    print(f"finished to learned: {median(lessons):.2f} s median, {max(lessons):.2f} s at most")
    window.close()


def main() -> None:
    """Run the benchmark in a folder of its own."""
    articles = records(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40)
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        application()
        in_the_window(articles, Path(home))
        speed(articles)


if __name__ == "__main__":
    main()
