"""Every token of texts that break other tools, selected in the real window and labelled, is stored exactly."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import suggest
from annotator.session import Session
from annotator.suggest import Reading

TEXTS = {
    "line ends": "First line\r\nsecond line\rthird line\n\r\nfourth",
    "leading BOM": "\ufeffBOM first, then words",
    "emoji": "A 👩‍👩‍👧 family 🇺🇸 flag 👍🏽 thumb and 𝔘nicode end",
    "combining": "Cafe\u0301 and n\u0303an\u0303a, Zu\u0308rich",
    "spaces": "no\u00a0break\u2028line\u2029paragraph\ttab  double   triple",
    "right to left": "زار محمد علي مدينة القاهرة أمس\n\nבנימין נתניהו ביקר בירושלים",
    "mixed": "In القاهرة the CEO of שטראוס said 42 words",
    "Chinese": "阿里巴巴在杭州投资。马云 said so。\n\n東京 オリンピック",
}


@pytest.fixture(params=TEXTS.values(), ids=TEXTS)
def window(request: Any, open_window: Any, tmp_path: Path) -> Any:
    """The window on one of the texts, with the tokens of spaCy's tokenizer."""
    path = tmp_path / "tokens.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        (article_id,) = session.add_articles([{"id": "t", "text": request.param}])
        tokens = suggest.tokenizer("blank:en")(request.param)
        session.keep_reading(article_id, "blank:en", Reading([tokens[n] for n in range(len(tokens))], []))
    opened = open_window(path)
    opened.desk.everywhere = False
    return opened


def stored(window: Any) -> set[tuple[int, int]]:
    with Session.open(window.desk.session.project.path, read_only=True) as reader:
        return {span.range for span in reader.article(1).confirmed}


def test_by_mouse(window: Any) -> None:
    view, tokens = window.view, window.desk.article.tokens
    expected = set()
    for n in range(len(tokens)):
        window.unselect()
        view.reveal(*tokens[n])
        middle = view.rects_of(*tokens[n])[0].center()
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        QTest.keyClick(window.palettes.chooser.field, Qt.Key.Key_2)
        expected.add(tokens[n])
        assert stored(window) == expected


def test_by_keyboard(window: Any) -> None:
    tokens = window.desk.article.tokens
    window.unselect()
    expected = set()
    for n in range(len(tokens)):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
        assert window.view.selection == tokens[n]
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
        expected.add(tokens[n])
        assert stored(window) == expected


def test_the_text_leaves_as_it_came(window: Any, tmp_path: Path) -> None:
    import json

    text = window.desk.article.text
    window.desk.session.export(tmp_path / "out.jsonl", state="all")
    record = json.loads((tmp_path / "out.jsonl").read_bytes())
    assert record["text"] == text
    assert text in TEXTS.values()
