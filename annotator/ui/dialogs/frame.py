"""What every dialog looks like: a column of rows over its buttons."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget


def typed_path(text: str) -> Path:
    """The file that was typed, ~ standing for the home folder; its `name` is "" where none was typed."""
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError:  # ~somebody whom this machine does not know
        return path


class Frame(QDialog):
    """A dialog with an accepting and a cancelling button.

    :param accept: the words on the accepting button; "" for a dialog that is only closed.
    """

    def __init__(self, parent: QWidget | None, title: str, accept: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(14)
        layout.addLayout(self.column, 1)
        kind = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kind.Cancel | kind.Ok if accept else kind.Close)
        if accept:
            self.accept_button = self.buttons.button(kind.Ok)
            self.accept_button.setText(accept)
            self.accept_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout.addWidget(self.buttons)

    def asked(self) -> bool:
        """Show it; was it accepted?"""
        try:
            return self.exec() == QDialog.DialogCode.Accepted
        finally:
            self.deleteLater()
