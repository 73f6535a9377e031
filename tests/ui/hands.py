"""What tests of the window have in common: keys, waiting, what the file holds, what widgets show."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from annotator.session import Session

NONE = Qt.KeyboardModifier.NoModifier
MARKUP = "<b>x</b><img src='/etc/hostname'>"


def eventually(holds: Callable[[], object]) -> None:
    """Panels follow when the hand rests."""
    for _ in range(200):
        if holds():
            return
        QTest.qWait(5)
    assert holds()


def press(window: Any, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key on whatever has the keyboard."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


def activate(window: QWidget) -> None:
    """Give a window the keyboard: without a window manager none has it once a popup or a dialog is gone."""

    def has_it() -> bool:
        window.activateWindow()  # once more where a window that is going took it back
        window.raise_()
        return QApplication.activeWindow() is window

    eventually(has_it)


def kept(window: Any, article_id: int = 1) -> list[tuple[str, str, str]]:
    """(surface, label, state) of the decided spans in reading order, read anew from the file."""
    with Session.open(window.desk.session.project.path, read_only=True) as reader:
        article = reader.article(article_id)
        return [(article.surface(s), s.label, str(s.state)) for s in article.spans if s.id is not None]


def rich_labels(widget: QWidget) -> list[str]:
    """Labels that would take their text for HTML."""
    rich = [label for label in widget.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    return [label.text() for label in rich if label.text()]


def nameless(window: QWidget) -> list[str]:
    """Widgets that take the keyboard and have no name to be read aloud."""
    found = []
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget.parent(), QComboBox) or widget.window().inherits("QComboBoxPrivateContainer")
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        if takes_focus and not inner and not _spoken(widget):
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def _spoken(widget: QWidget) -> str:
    if widget.accessibleName():
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    words = interface.text(QAccessible.Text.Name) if interface is not None else ""
    return words if any(letter.isalpha() for letter in words) else ""
