"""Text from outside is plain text in every widget.

A QLabel or a QMessageBox that guesses would take an article's title for HTML, and open files and
addresses named in it.
"""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget

from annotator.errors import KnownError


def plain_label(text: str, *, wrap: bool = False, dim: bool = False, centred: bool = False) -> QLabel:
    """A label that shows its text letter by letter."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap or centred)
    if centred:
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("dim", dim)
    label.setText(text)
    return label


def plain_tooltip(text: str) -> str:
    """A tool tip's text: rich text in which everything is escaped, so that nothing in it means anything."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def _box(parent: QWidget | None, title: str, text: str, icon: QMessageBox.Icon) -> QMessageBox:
    box = QMessageBox(icon, "Annotator", "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    # one text for both: the informative text has no format of its own, and Qt guesses it
    box.setText(f"{title}\n\n{text}" if text else title)
    return box


def tell(parent: QWidget | None, error: KnownError) -> None:
    """Say what is wrong and what to do about it."""
    _box(parent, error.title, error.advice, QMessageBox.Icon.Warning).exec()


def tell_plainly(parent: QWidget | None, title: str, text: str) -> None:
    """Say something that is not wrong."""
    _box(parent, title, text, QMessageBox.Icon.Information).exec()


def tell_report(parent: QWidget | None, title: str, report: str) -> None:
    """Show a crash report that can be copied."""
    box = _box(
        parent, title, "The report below helps to find the cause. It holds no article text.", QMessageBox.Icon.Warning
    )
    box.setDetailedText(report)
    copy = box.addButton("Copy report", QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Close)
    box.exec()
    if box.clickedButton() is copy:
        QApplication.clipboard().setText(report)


def choose(parent: QWidget | None, title: str, text: str, answers: Sequence[str]) -> str | None:
    """A question with several answers; the first is offered. None for Cancel and Escape."""
    box = _box(parent, title, text, QMessageBox.Icon.Question)
    buttons = {answer: box.addButton(answer, QMessageBox.ButtonRole.AcceptRole) for answer in answers}
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(buttons[answers[0]])
    box.exec()
    return next((answer for answer, button in buttons.items() if button is box.clickedButton()), None)


def ask(
    parent: QWidget | None, title: str, text: str, yes: str, no: str = "Cancel", *, enter_means_no: bool = False
) -> bool:
    """A question with two answers; Escape means no.

    :param enter_means_no: yes cannot be taken back.
    """
    box = _box(parent, title, text, QMessageBox.Icon.Question)
    wanted = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    other = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(other if enter_means_no else wanted)
    box.exec()
    return box.clickedButton() is wanted
