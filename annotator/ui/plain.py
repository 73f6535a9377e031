"""Text from outside is plain text in every widget: the only place that makes those which guess.

A QLabel, a message box, a tool tip that guesses would take an article's title for HTML, and open files and addresses
that are named in it (https://doc.qt.io/qt-6/qlabel.html: "make sure to sanitize"). Menus take an & for a mnemonic, and
titles of windows a [*] for the place of a mark. The style sheet makes the labels plain that Qt makes itself.
"""

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QMessageBox, QProgressDialog, QToolTip, QWidget

from annotator.errors import KnownError

_ABOUT_REPORT = (
    "Go on working. The report below says where in the program it happened, and nothing of your articles. "
    "It is sent to nobody: copy it for whoever can mend it."
)

_FEWEST = 12  # letters of a label that is cut
_MOST = 70  # letters of a line in a label of several, and of a word in a box
_ANY_HEIGHT = 100_000  # pixels
_WORD = re.compile(r"\S+")


class PlainLabel(QLabel):
    """A label that shows its text letter by letter."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


class CutLabel(PlainLabel):
    """A label on one line that ends in … where there is no room for all of it; its tool tip says the rest."""

    def shown(self, width: int) -> str:
        """What is seen at this width, in pixels; it never ends in a sign between two parts."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        return shown if shown == self.text() else f"{shown.removesuffix('…').rstrip(' ·')}…"

    def setText(self, text: str) -> None:
        """Show this from now on."""
        super().setText(text)
        self.setToolTip(plain_tooltip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * _FEWEST, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room, painter = self.contentsRect(), QPainter(self)
        place, role, shown = self.alignment(), self.foregroundRole(), self.shown(room.width())
        self.style().drawItemText(painter, room, place, self.palette(), self.isEnabled(), shown, role)
        painter.end()


class WrappedLabel(PlainLabel):
    """A label of several lines that are never wider than the room: a longer word, as a file's name, is cut inside."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        """Show this from now on."""
        super().setText(text)
        self.setToolTip("")

    def shown(self, width: int) -> str:
        """What is seen at this width, in pixels."""
        return cut_words(self.text(), self.fontMetrics(), width)

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * _FEWEST, metrics.lineSpacing())

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(QSize(self.fontMetrics().averageCharWidth() * _MOST, _ANY_HEIGHT))

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width, self.minimumSizeHint().width()), _ANY_HEIGHT)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.shown(room.width())).height()

    def paintEvent(self, event: QPaintEvent) -> None:
        room, painter = self.contentsRect(), QPainter(self)
        shown, flags = self.shown(room.width()), self.alignment() | Qt.TextFlag.TextWordWrap
        self.setToolTip(plain_tooltip(self.text()) if shown != self.text() else "")
        self.style().drawItemText(painter, room, flags, self.palette(), self.isEnabled(), shown, self.foregroundRole())
        painter.end()


def cut_words(text: str, metrics: QFontMetrics, width: int) -> str:
    """A text whose words are at most so many pixels wide: of a longer one the middle is left out."""
    return _WORD.sub(lambda word: metrics.elidedText(word[0], Qt.TextElideMode.ElideMiddle, width), text)


def plain_label(text: str, *, wrap: bool = False, dim: bool = False, centred: bool = False) -> PlainLabel:
    """A label that shows its text letter by letter."""
    label = PlainLabel()
    label.setWordWrap(wrap or centred)
    if centred:
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("dim", dim)
    label.setText(text)
    return label


def plain_tooltip(text: str) -> str:
    """A tool tip's text: rich text in which everything is escaped, so that nothing in it means anything."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def show_tooltip(at: QPoint, text: str, widget: QWidget) -> None:
    """Show a tool tip at a global position, or none where there is no text."""
    if text:
        QToolTip.showText(at, plain_tooltip(text), widget)
    else:
        QToolTip.hideText()


def menu_text(text: str) -> str:
    """What a menu or a button shows letter by letter, on one line; what follows a tab would stand for keys."""
    return " ".join(text.split()).replace("&", "&&")


def short_menu_text(text: str, metrics: QFontMetrics, letters: int = 90) -> str:
    """As `menu_text`; of what is longer than so many letters the middle is left out."""
    width = metrics.averageCharWidth() * letters
    return menu_text(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width))


def window_title(text: str) -> str:
    """What the title of a window shows letter by letter, on one line."""
    return " ".join(text.split()).replace("[*]", "[*][*]")


def add_row(form: QFormLayout, title: str, widget: QWidget) -> None:
    """A row of a form whose title is not written in the program; without a title no room is made for one."""
    if title:
        form.addRow(plain_label(title), widget)
    else:
        form.addRow("", widget)


def progress_dialog(parent: QWidget | None, title: str, cancel: str = "Cancel") -> QProgressDialog:
    """A dialog that shows how far something is, whatever its words hold."""
    dialog = QProgressDialog(parent)
    metrics = dialog.fontMetrics()
    label = plain_label(cut_words(title, metrics, metrics.averageCharWidth() * _MOST))
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    dialog.setLabel(label)
    dialog.setCancelButtonText(cancel)
    dialog.setRange(0, 0)
    return dialog


def _box(parent: QWidget | None, title: str, text: str, icon: QMessageBox.Icon) -> QMessageBox:
    box = QMessageBox(icon, "Annotator", "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    # one text for both: the informative text has no format of its own, and Qt guesses it
    whole, metrics = f"{title}\n\n{text}" if text else title, box.fontMetrics()
    box.setText(cut_words(whole, metrics, metrics.averageCharWidth() * _MOST))
    box.setToolTip(plain_tooltip(whole) if box.text() != whole else "")
    return box


def tell(parent: QWidget | None, error: KnownError) -> None:
    """Say what is wrong and what to do about it."""
    _box(parent, error.title, error.advice, QMessageBox.Icon.Warning).exec()


def tell_plainly(parent: QWidget | None, title: str, text: str) -> None:
    """Say something that is not wrong."""
    _box(parent, title, text, QMessageBox.Icon.Information).exec()


def tell_report(parent: QWidget | None, title: str, report: str) -> None:
    """Show a crash report that can be copied."""
    box = _box(parent, title, _ABOUT_REPORT, QMessageBox.Icon.Warning)
    box.setDetailedText(report)
    for button in box.buttons():
        button.click()  # so far the one that shows it
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
