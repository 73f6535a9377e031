"""Where a dataset is written to: a file, or a folder of files."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from annotator.exporters.base import Exporter
from annotator.ui.dialogs.frame import typed_path
from annotator.ui.fields import Note
from annotator.ui.plain import tell_plainly

REPLACED = "What it holds is lost when it is replaced."
_ABOUT_FOLDERS = "This format is a folder of files. A name that ends in .zip makes one zip file of it."


class Destination:
    """The field for it, which keeps the format's ending.

    :param dialog: what asks and tells.
    :param path: where to at first, with the ending of the first exporter.
    """

    def __init__(self, dialog: QWidget, exporters: Sequence[Exporter], path: Path) -> None:
        self._dialog, self._exporters, self._exporter = dialog, exporters, exporters[0]
        self.field = QLineEdit(str(path))
        self.field.setAccessibleName("File or folder")
        self._browse_button = QPushButton("Choose…")
        self._browse_button.clicked.connect(self._browse)
        self._note = Note(_ABOUT_FOLDERS)

    def add_to(self, form: QFormLayout) -> None:
        """The field as a row of a form."""
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self._browse_button)
        form.addRow("Write to", row)
        form.addRow("", self._note)
        self._form = form
        self.follow(self._exporter)

    def follow(self, exporter: Exporter) -> None:
        """The format is another one; an ending that no format has stays."""
        self._exporter = exporter
        self._form.setRowVisible(self._note, exporter.is_folder)
        path = Path(self.field.text().strip())
        bare = _without_ending(path.name, self._exporters)
        if bare and ("." not in path.name or bare != path.name):
            self.field.setText(str(path.with_name(bare + exporter.suffix)))

    def _browse(self) -> None:
        asked_later = QFileDialog.Option.DontConfirmOverwrite
        title = "Export dataset: the name of a new folder" if self._exporter.is_folder else "Export dataset"
        name, _ = QFileDialog.getSaveFileName(self._dialog, title, self.field.text(), options=asked_later)
        if name:
            self.field.setText(name)

    @property
    def path(self) -> Path:
        """What stands there now; its name is "" where nothing does."""
        return typed_path(self.field.text())

    def is_named(self) -> bool:
        """Does a name stand there? Says so where there is none."""
        if not self.path.name:
            tell_plainly(self._dialog, "No file is named.", "Say where the dataset is to be written.")
        return bool(self.path.name)


def _without_ending(name: str, exporters: Sequence[Exporter]) -> str:
    """The name without the ending that a format gave it, the longest first."""
    endings = {each.suffix for each in exporters} | {f"{each.suffix}.zip" for each in exporters if each.is_folder}
    for ending in sorted(filter(None, endings), key=len, reverse=True):
        if name.lower().endswith(ending.lower()):
            return name[: -len(ending)]
    return name
