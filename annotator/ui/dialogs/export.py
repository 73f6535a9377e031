"""What to export, and where to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from annotator.exporters.base import Exporter
from annotator.model.keeping import described
from annotator.session.exporting import files_of
from annotator.session.splits import PARTS
from annotator.ui.dialogs.formats import FormatList
from annotator.ui.dialogs.frame import Frame, typed_path
from annotator.ui.fields import ChoiceBox, Note
from annotator.ui.plain import ask, tell_plainly

REPLACED = "What it holds is lost when it is replaced."
_STATES = (("Articles that are done", "done"), ("All articles", "all"))
_TOGETHER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Articles nearly the same", ()),
    ("… and articles of one outlet", ("source",)),
    ("… and articles of one day", ("day",)),
    ("… and articles of one outlet, and of one day", ("source", "day")),
)
_SPLITS = (("One file", None), ("Three files: 80 / 10 / 10", "80/10/10"), ("Three files: 70 / 15 / 15", "70/15/15"))


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What was chosen; as `Session.export` takes it."""

    path: Path
    format: str
    state: str
    with_rejected: bool
    split: str | None
    picked: str = "all"
    group: tuple[str, ...] = ()
    strict: bool = False


class ExportDialog(Frame):
    """The formats with what each keeps and loses."""

    def __init__(self, parent: QWidget, exporters: Sequence[Exporter], folder: Path, name: str) -> None:
        super().__init__(parent, "Export dataset", "Export")
        self._exporters = exporters
        self.format = FormatList(exporters)
        self.states = _choices(_STATES, "Articles")
        self.split = _choices(_SPLITS, "Files")
        self.together = _choices(_TOGETHER, "Kept in one part")
        self.negatives = QCheckBox("Rejected spans too, as negatives")
        self.strict = QCheckBox("Write nothing where a span would change or be left out")
        self.random = QCheckBox("Only articles picked at random, to evaluate on")
        self.path = QLineEdit(str(folder / f"{name}{self.format.chosen.suffix}"))
        self.path.setAccessibleName("File")
        browse = QPushButton("Choose…")
        browse.clicked.connect(self._browse)
        self._account = Note()
        file = QHBoxLayout()
        file.addWidget(self.path, 1)
        file.addWidget(browse)
        form = QFormLayout()
        form.addRow("Articles", self.states)
        form.addRow("", self.random)
        form.addRow("Files", self.split)
        form.addRow("In one part", self.together)
        form.addRow("", self.negatives)
        form.addRow("", self.strict)
        form.addRow("Write to", file)
        self.column.addWidget(self.format, 1)
        self.column.addWidget(self._account)
        self.column.addLayout(form)
        self.split.currentIndexChanged.connect(lambda _at: self._on_split())
        self._on_split()
        self.format.changed.connect(self._on_format)
        self._on_format()
        self.make_room(96)

    def _on_format(self) -> None:
        exporter = self.format.chosen
        self._account.setText(f"Keeps: {described(exporter.keeps)}\nLoses: {described(exporter.loses)}")
        path = Path(self.path.text().strip())
        known = sorted((each.suffix for each in self._exporters), key=len, reverse=True)
        ending = next((each for each in known if path.name.endswith(each) and path.name != each), "")
        if path.name and (ending or not path.suffix):
            self.path.setText(str(path.with_name(path.name.removesuffix(ending) + exporter.suffix)))

    def _on_split(self) -> None:
        self.together.setEnabled(self.split.currentData() is not None)

    def _browse(self) -> None:
        asked_later = QFileDialog.Option.DontConfirmOverwrite
        name, _ = QFileDialog.getSaveFileName(self, "Export dataset", self.path.text(), options=asked_later)
        if name:
            self.path.setText(name)

    def accept(self) -> None:
        wish = self.wish()
        if not wish.path.name:
            tell_plainly(self, "No file is named.", "Say where the dataset is to be written.")
        elif not (there := self._already_there(wish)) or self._may_replace(there):
            super().accept()

    def _already_there(self, wish: ExportWish) -> list[str]:
        """The names of the files that would be written over."""
        parts = PARTS if wish.split else ("",)
        files = files_of(self.format.chosen, wish.path, parts).values()
        return list(dict.fromkeys(file.path.name for file in files if file.path.is_file()))

    def _may_replace(self, names: list[str]) -> bool:
        is_or_are = "is" if len(names) == 1 else "are"
        return ask(self, f"{', '.join(names)} {is_or_are} there already.", REPLACED, "Replace")

    def wish(self) -> ExportWish:
        """What is chosen now."""
        exporter = self.format.chosen
        states, split = self.states.currentData(), self.split.currentData()
        picked = "random" if self.random.isChecked() else "all"
        group = self.together.currentData() if split else ()
        path, negatives = typed_path(self.path.text()), self.negatives.isChecked()
        return ExportWish(path, exporter.name, states, negatives, split, picked, tuple(group), self.strict.isChecked())


def _choices(pairs: Sequence[tuple[str, object]], name: str) -> ChoiceBox:
    box = ChoiceBox()
    box.setAccessibleName(name)
    for title, value in pairs:
        box.addItem(title, value)
    return box


def ask_export(parent: QWidget, exporters: Sequence[Exporter], folder: Path, name: str) -> ExportWish | None:
    """What the person wants exported, None where it was cancelled.

    :param folder: where the file goes at first; with `name`, without an ending.
    """
    dialog = ExportDialog(parent, exporters, folder, name)
    return dialog.wish() if dialog.asked() else None
