"""Which pipeline suggests."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from annotator.ui.dialogs.frame import Frame
from annotator.ui.fields import ChoiceBox, Note

NOTE = (
    "An installed spaCy pipeline, the folder of an unpacked one, or blank:LANGUAGE (as blank:de) for no "
    "suggestions, only the words of that language."
)


class PipelineField(QWidget):
    """A pipeline to choose, to type or to look for on the disk."""

    def __init__(self, models: Sequence[str], chosen: str) -> None:
        super().__init__()
        self.box = ChoiceBox(editable=True)
        self.box.setAccessibleName("Pipeline")
        self.offer(models, chosen)
        self.box.setCompleter(None)  # type: ignore[arg-type] # it would write on what is typed
        folder = QPushButton("Folder…")
        folder.clicked.connect(self._browse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 1)
        layout.addWidget(folder)

    def offer(self, models: Sequence[str], chosen: str) -> None:
        """Let one choose from these; any other can still be typed."""
        self.box.clear()
        self.box.addItems(list(dict.fromkeys([chosen, *models, "blank:en"])))
        self.box.setCurrentText(chosen)

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of a pipeline")
        if name:
            self.box.setCurrentText(name)

    def model(self) -> str:
        """What is chosen now."""
        return self.box.currentText().strip()


def ask_pipeline(parent: QWidget, models: Sequence[str], chosen: str, anew: bool = False) -> str | None:
    """The pipeline that is wanted from now on, None where it was cancelled or stays.

    :param anew: the one that the project names is no choice of anybody's here so far: it can be chosen, too.
    """
    frame = Frame(parent, "Suggestions from", "Use")
    field = PipelineField(models, chosen)
    frame.column.addWidget(field)
    frame.column.addWidget(Note(NOTE))
    frame.make_room(70)
    wanted = field.model() if frame.asked() else ""
    return wanted if wanted and (anew or wanted != chosen) else None
