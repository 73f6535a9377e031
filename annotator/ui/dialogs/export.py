"""What to export, and where to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QWidget

from annotator.errors import KnownError
from annotator.exporters.base import Exporter
from annotator.model.keeping import described
from annotator.ui.dialogs.destination import Destination
from annotator.ui.dialogs.export_options import ExportOptions
from annotator.ui.dialogs.formats import FormatList
from annotator.ui.dialogs.frame import Frame
from annotator.ui.fields import Note
from annotator.ui.plain import tell


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What was chosen; as `Session.export` takes it."""

    path: Path
    format: str
    state: str = "done"
    picked: str = "all"
    with_rejected: bool = False
    split: str | None = None
    strict: bool = False
    group: tuple[str, ...] = ()


class ExportDialog(Frame):
    """The formats with what each keeps and loses."""

    def __init__(self, parent: QWidget, exporters: Sequence[Exporter], folder: Path, name: str) -> None:
        super().__init__(parent, "Export dataset", "Export")
        self.format = FormatList(exporters)
        self.options = ExportOptions()
        self.destination = Destination(self, exporters, folder / f"{name}{self.format.chosen.suffix}")
        self.path = self.destination.field
        self._account = Note()
        form = QFormLayout()
        self.options.add_to(form, self._on_height)
        self.destination.add_to(form)
        self.column.addWidget(self.format, 1)
        self.column.addWidget(self._account)
        self.column.addLayout(form)
        self.format.changed.connect(self._on_format)
        self._on_format()
        self.make_room(96)

    def _on_format(self) -> None:
        exporter = self.format.chosen
        self._account.setText(f"Keeps: {_kept(exporter)}\nLoses: {described(exporter.loses)}")
        self.destination.follow(exporter)
        self._on_height()

    def _on_height(self) -> None:
        if self.isVisible():
            self._make_snug()

    def accept(self) -> None:
        """Export, unless it cannot be."""
        try:
            self.wish()
        except KnownError as error:
            tell(self, error)
            return
        if self.destination.is_named():
            super().accept()

    def show_wish(self, wish: ExportWish) -> None:
        """Choose what was chosen before."""
        self.format.choose(wish.format)
        self.options.show_choices(wish)
        self.path.setText(str(wish.path))

    def wish(self) -> ExportWish:
        """What is chosen now.

        :raises KnownError: the shares are none.
        """
        return ExportWish(self.destination.path, self.format.chosen.name, **self.options.chosen()._asdict())


def _kept(exporter: Exporter) -> str:
    """What every format keeps, and what this one does."""
    return "spans with their labels" + (f", {described(exporter.keeps)}" if exporter.keeps else "")


def ask_export(
    parent: QWidget, exporters: Sequence[Exporter], folder: Path, name: str, before: ExportWish | None = None
) -> ExportWish | None:
    """What the person wants exported, None where it was cancelled.

    :param folder: where the file goes at first; with `name`, without an ending.
    :param before: what was wanted the last time.
    """
    dialog = ExportDialog(parent, exporters, folder, name)
    if before is not None:
        dialog.show_wish(before)
    return dialog.wish() if dialog.asked() else None
