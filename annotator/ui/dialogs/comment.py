"""A comment on the article."""

from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui.dialogs.frame import Frame


def ask_comment(parent: QWidget, text: str) -> str | None:
    """The comment as the person left it, None where it was cancelled."""
    frame = Frame(parent, "Comment on this article", "Keep comment")
    field = QPlainTextEdit()
    field.setAccessibleName("Comment")
    field.setPlaceholderText("For whoever looks at this article next. Leave empty for no comment.")
    field.setPlainText(text)
    field.setTabChangesFocus(True)
    frame.column.addWidget(field)
    frame.is_changed = lambda: field.toPlainText().strip() != text.strip()
    frame.make_room(66, 13)
    QShortcut(QKeySequence("Ctrl+Return"), frame, frame.accept)
    field.setFocus()
    field.moveCursor(QTextCursor.MoveOperation.End)
    return field.toPlainText().strip() if frame.asked() else None
