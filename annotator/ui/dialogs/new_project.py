"""A new project: its file, its labels, its pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from annotator.model.label import Scheme
from annotator.suggest import DEFAULT_MODEL
from annotator.ui.dialogs.frame import Frame, typed_path
from annotator.ui.dialogs.pipeline import NOTE, PipelineField
from annotator.ui.fields import ChoiceBox, Note
from annotator.ui.label_chips import LabelChips
from annotator.ui.plain import tell_plainly

_SUFFIX = ".annot"


@dataclass(frozen=True, slots=True)
class NewProject:
    """What was chosen; as `Session.open` takes it."""

    path: Path
    labels: str
    model: str


class NewProjectDialog(Frame):
    """One form."""

    def __init__(self, parent: QWidget, schemes: Sequence[Scheme], models: Sequence[str], folder: Path) -> None:
        super().__init__(parent, "New project", "Make project")
        self.path = QLineEdit(str(_free(folder)))
        self.path.setAccessibleName("File")
        browse = QPushButton("Choose…")
        browse.clicked.connect(self._browse)
        self.labels = ChoiceBox()
        self.labels.setAccessibleName("Labels")
        for scheme in schemes:
            self.labels.addItem(scheme.title, scheme)
        own = QPushButton("File…")
        own.clicked.connect(self._browse_scheme)
        self.pipeline = PipelineField(models, DEFAULT_MODEL)
        self._chips = LabelChips()
        form = QFormLayout()
        form.addRow("File", _row(self.path, browse))
        form.addRow("Labels", _row(self.labels, own))
        form.addRow("", self._chips)
        form.addRow("Suggestions", self.pipeline)
        form.addRow("", Note(NOTE))
        self.column.addLayout(form)
        self.labels.currentIndexChanged.connect(lambda _at: self._show_names())
        self.labels.setCurrentIndex(next((n for n, s in enumerate(schemes) if s.name == "news"), 0))
        self._show_names()
        self.make_room(82)

    def _show_names(self) -> None:
        scheme = self.labels.currentData()
        self._chips.show_labels(scheme.labels if isinstance(scheme, Scheme) else ())

    def _browse(self) -> None:
        path = new_file(self, "New project", self.path.text())
        if path is not None:
            self.path.setText(str(path))

    def _browse_scheme(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Label scheme", "", "Label schemes (*.json)")
        if name:
            self.labels.addItem(name, name)
            self.labels.setCurrentIndex(self.labels.count() - 1)

    def accept(self) -> None:
        path = self.wish().path
        if not path.name:
            tell_plainly(self, "No file is named.", "Say where the project is to be made.")
        elif path.exists():
            tell_plainly(self, "This file is there already.", "Choose another name, or open it instead.")
        else:
            super().accept()

    def wish(self) -> NewProject:
        """What is chosen now."""
        path = typed_path(self.path.text())
        if path.name and path.suffix != _SUFFIX:
            path = path.with_name(path.name + _SUFFIX)
        chosen = self.labels.currentData()
        labels = chosen.name if isinstance(chosen, Scheme) else str(chosen)
        return NewProject(path, labels, self.pipeline.model())


def _row(field: QWidget, button: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(field, 1)
    row.addWidget(button)
    return row


def _free(folder: Path) -> Path:
    names = ["articles.annot", *(f"articles-{n}.annot" for n in range(2, 1000))]
    return next((folder / name for name in names if not (folder / name).exists()), folder / "articles.annot")


def ask_new_project(
    parent: QWidget, schemes: Sequence[Scheme], models: Sequence[str], folder: Path
) -> NewProject | None:
    """The project that is wanted, None where it was cancelled."""
    dialog = NewProjectDialog(parent, schemes, models, folder)
    return dialog.wish() if dialog.asked() else None


def new_file(parent: QWidget | None, title: str, suggested: str) -> Path | None:
    """Ask for a project's file that is not there yet; None for Cancel.

    The system's dialog would ask whether to replace one that is; a project is never replaced, which is said later.
    """
    late = QFileDialog.Option.DontConfirmOverwrite
    name, _ = QFileDialog.getSaveFileName(parent, title, suggested, "Annotator projects (*.annot)", "", late)
    return Path(name) if name else None
