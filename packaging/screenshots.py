"""Renders the pictures in `resources/screenshots/` from the real window.

    python packaging/screenshots.py [FOLDER]

Four pictures: light and dark, 1280x800 and 1920x1080, at double density. The window works on a
project of its own with the sample articles, read by the default pipeline, some of them decided.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_SCALE_FACTOR"] = "2"

from PySide6.QtTest import QTest

from annotator import resources
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui.app import application
from annotator.ui.main_window import MainWindow

_REST = 2500  # milliseconds, until nothing is read or learned any more
SIZES = ((1280, 800), (1920, 1080))


def decided_project(path: Path) -> Session:
    """The sample articles as they stand after some minutes of work."""
    session = Session.open(path, create=True, annotator="ana")
    report = session.import_files(resources.sample_articles())
    for article_id in report.ids:
        session.suggest(article_id)
    for article_id in report.ids[1:3]:
        session.finish(article_id)
    first = report.ids[0]
    for span in session.article(first).suggested[:7]:
        session.confirm(first, span)
    article = session.article(first)
    wrong = next((s for s in article.suggested if article.surface(s) == "Linnet"), None)
    if wrong is not None:
        session.relabel(first, wrong, "ORG", everywhere=True)
    session.reject(first, session.article(first).suggested[-1])
    session.flag(report.ids[4])
    session.remember_place(first)
    return session


def main(folder: Path) -> None:
    """Render all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        application()
        window = MainWindow(decided_project(Path(home) / "news.annot"), Settings())
        window.show()
        for dark in (False, True):
            window.looks.show_theme("dark" if dark else "light")
            for width, height in SIZES:
                window.resize(width, height)
                window.desk.go(1, to_check=True)
                QTest.qWait(_REST)
                name = f"{'dark' if dark else 'light'}-{width}x{height}.png"
                window.grab().save(str(folder / name))
        window.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "resources" / "screenshots"
    main(target)
