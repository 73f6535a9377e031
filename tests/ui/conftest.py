"""The real window on a real project file, without the worker process where a test needs none."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.model.span import Suggestion
from annotator.session import Session
from annotator.settings import Settings
from annotator.suggest import Reading

Open = Callable[..., Any]

TEXT = (
    "Alibaba invests in research hubs\n\nAlibaba Group Holding Ltd is investing in China and Israel, "
    "according to BNN.\n\nSince 2016, Alibaba has bought MoneyGram, Alibaba said. The DAMO academy of "
    "Alibaba is near AI."
)
GUESSED = (
    ("Alibaba Group Holding Ltd", "ORG", 0.9),
    ("China", "LOC", 0.97),
    ("Israel", "LOC", 0.95),
    ("BNN", "ORG", 0.8),
    ("MoneyGram", "MISC", 0.4),
    ("AI", "LOC", 0.3),
)


def reading_of(text: str, guessed: tuple[tuple[str, str, float], ...] = GUESSED) -> Reading:
    """What a made-up source makes of a text: the first occurrence of each."""
    from annotator.model.tokens import rough_tokens

    tokens = rough_tokens(text)
    found = [(text.find(surface), surface, label, sure) for surface, label, sure in guessed if surface in text]
    suggestions = [Suggestion(at, at + len(s), label, sure, "made-up 1.0") for at, s, label, sure in sorted(found)]
    return Reading([tokens[n] for n in range(len(tokens))], suggestions)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A CoNLL project with two articles, the first one read by a made-up pipeline."""
    path = tmp_path / "news.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        ids = session.add_articles(
            [{"id": "a1", "text": TEXT}, {"id": "a2", "text": "Second article\n\nAlibaba and China meet."}]
        )
        for article_id in ids:
            session.keep_reading(article_id, "blank:en", reading_of(session.article(article_id).text))
    return path


@pytest.fixture
def open_window(qt_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the window on a project; closes what was opened."""
    from PySide6.QtTest import QTest

    from annotator.ui.main_window import MainWindow
    from annotator.ui.suggesting import Suggesting

    monkeypatch.setattr(Suggesting, "warm_up", lambda self, model: None)
    windows = []

    def opened(path: Path) -> MainWindow:
        window = MainWindow(Session.open(path, annotator="ana"), Settings())
        window.view.animated = False
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        windows.append(window)
        return window

    yield opened
    for window in windows:
        window.close()
        window.deleteLater()
    qt_app.processEvents()
