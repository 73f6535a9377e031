"""Lists of words into the memory, and patterns out of it."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from annotator.session import NEVER, Session
from annotator.ui.dialogs.destination import REPLACED
from annotator.ui.dialogs.frame import Frame, typed_path
from annotator.ui.dialogs.import_report import show_import_report
from annotator.ui.dialogs.progress import Progress
from annotator.ui.fields import ChoiceBox, Note, NumberField
from annotator.ui.plain import ask, tell_plainly

_LISTS = "Lists of words (*.txt *.csv *.tsv *.jsonl *.json);;All files (*)"
_ABOUT_LISTS = (
    "One name a line, with its label behind a tab or in a second column, or spaCy’s patterns. "
    "The label chosen here is for names that have none in the list."
)


class ListDialog(Frame):
    """Which label the words of a list have."""

    def __init__(self, parent: QWidget, path: Path, labels: list[str]) -> None:
        super().__init__(parent, f"Import {path.name}", "Import")
        self.label = ChoiceBox()
        self.label.setAccessibleName("Label")
        for name in labels:
            self.label.addItem(name, name)
        self.label.addItem("Never an entity", NEVER)
        self.label.addItem("None: leave such names out", None)
        self.any_case = QCheckBox("In any casing: Apple, APPLE and apple")
        form = QFormLayout()
        form.addRow("Label", self.label)
        form.addRow("", self.any_case)
        form.addRow("", Note(_ABOUT_LISTS))
        self.column.addLayout(form)
        self.make_room(64)


def import_list(parent: QWidget, session: Session) -> str:
    """Ask for a list and put it into the memory; returns what became of it, "" where it was cancelled.

    :raises KnownError: the list cannot be read, or the person cancelled on the way.
    """
    name, _ = QFileDialog.getOpenFileName(parent, "Import list", str(Path.home()), _LISTS)
    if not name:
        return ""
    dialog = ListDialog(parent, Path(name), [label.name for label in session.labels])
    if not dialog.asked():
        return ""
    with Progress(parent, "Importing the list") as progress:
        report = session.memory.import_list(
            name, dialog.label.currentData(), any_case=dialog.any_case.isChecked(), progress=progress.step
        )
    if report.lines:
        show_import_report(parent, report)
    return report.summary()


class PatternsDialog(Frame):
    """Which entries leave, and where to."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent, "Export patterns", "Export")
        self._session = session
        self.sure, self.count = NumberField(50, 0, 100), NumberField(1, 1, 1_000_000)
        self.sure.setAccessibleName("At least so many per cent sure")
        self.count.setAccessibleName("Confirmed at least so often")
        project = session.project.path
        self.path = QLineEdit(str(project.with_name(f"{project.stem}-patterns.jsonl")))
        self.path.setAccessibleName("File")
        browse = QPushButton("Choose…")
        browse.clicked.connect(self._browse)
        file = QHBoxLayout()
        file.addWidget(self.path, 1)
        file.addWidget(browse)
        self.note = Note()
        form = QFormLayout()
        form.addRow("At least % sure", self.sure)
        form.addRow("Confirmed at least", self.count)
        form.addRow("Write to", file)
        form.addRow("", self.note)
        self.column.addLayout(form)
        for field in (self.sure, self.count):
            field.textChanged.connect(lambda _text: self._tell())
        self._tell()
        self.make_room(76)

    def _tell(self) -> None:
        _, report = self._session.memory.exportable(self.sure.value() / 100, self.count.value())
        self.note.setText(f"What was said by hand always leaves. {report.summary()}")

    def _browse(self) -> None:
        kinds = "spaCy patterns (*.jsonl);;All files (*)"
        options = QFileDialog.Option.DontConfirmOverwrite
        name, _ = QFileDialog.getSaveFileName(self, "Export patterns", self.path.text(), kinds, options=options)
        if name:
            self.path.setText(name)

    def accept(self) -> None:
        path = typed_path(self.path.text())
        if not path.name:
            tell_plainly(self, "No file is named.", "Say where the patterns are to be written.")
        elif not path.is_file() or ask(self, f"{path.name} is there already.", REPLACED, "Replace"):
            super().accept()


def export_patterns(parent: QWidget, session: Session) -> None:
    """Ask what leaves and where to, and write it.

    :raises KnownError: the file cannot be written.
    """
    dialog = PatternsDialog(parent, session)
    if dialog.asked():
        path, sure = typed_path(dialog.path.text()), dialog.sure.value() / 100
        report = session.memory.export_patterns(path, least_confidence=sure, least_count=dialog.count.value())
        tell_plainly(parent, "Exported", report.summary())
