"""How files that can hold annotations are to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFormLayout, QLineEdit, QWidget

from annotator.importers import Importer
from annotator.importers.looking import Found
from annotator.model.offsets import Unit
from annotator.session.outcome import counted
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.dialogs.order import choice
from annotator.ui.fields import ChoiceBox, Note
from annotator.ui.plain import plain_label

_SPANS = (
    ("Suggestions to check", "Each waits for you, and its article is worked like any other."),
    ("Decisions", "They are confirmed as they stand, and their articles are done."),
)
_OWN = "Each file by what is in it"
_ABOUT_OWN = "What Annotator itself exported comes back as it left, with its own decisions."


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What was chosen; as `Session.import_files` takes it.

    :param text_column: which column, or key, holds the text; "" finds it.
    :param labels: what becomes of labels that the project has not; None where nobody was asked yet.
    :param otherwise: how files count offsets that do not say it; None where nobody was asked, or they are left out.
    :param leaves_undecided: files that do not say it are left out.
    """

    format: str | None = None
    decided: bool = False
    strict: bool = False
    headline: bool = False
    text_column: str = ""
    labels: Mapping[str, str] | None = None
    new_labels: bool = False
    otherwise: Unit | None = None
    leaves_undecided: bool = False


class ImportDialog(Frame):
    """What was found, and what may be said about it; Enter imports as is usual."""

    def __init__(self, parent: QWidget | None, found: Found, importers: Sequence[Importer], headline: bool) -> None:
        super().__init__(parent, "Import articles", "Import")
        self.column.addWidget(plain_label(described(found), wrap=True))
        self.column.addWidget(heading("Spans in these files are"))
        self.spans = QButtonGroup(self)
        for number, (title, about) in enumerate(_SPANS):
            self.column.addLayout(choice(self.spans, number, title, about))
        self.spans.button(0).setChecked(True)
        self.spans.button(0).setFocus()
        self.format = ChoiceBox()
        self.format.setAccessibleName("Format")
        for title, name in ((_OWN, None), *((each.title, each.name) for each in importers)):
            self.format.addItem(title, name)
        self._remarks = ("", *(each.remark for each in importers))
        self._remark = Note()
        self.text_column = QLineEdit(placeholderText="found by its name, as text or body")
        self.text_column.setAccessibleName("Column of the text, in tables and records")
        self.text_column.setToolTip("Of tables and records: the column that holds the text.")
        self.headline = QCheckBox("Headlines of pages, feeds and mail are part of the text")
        self.headline.setChecked(headline)
        self.strict = QCheckBox("All or nothing: where one record is not accepted, none is")
        self.column.addLayout(self._form())
        self.format.currentIndexChanged.connect(self._show_remark)
        self._show_remark(0)
        self.make_room(72)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.addRow("Format", self.format)
        form.addRow("", self._remark)
        form.addRow("Text column", self.text_column)
        form.addRow("", self.headline)
        form.addRow("", self.strict)
        return form

    def _show_remark(self, at: int) -> None:
        self._remark.setText(self._remarks[at] or _ABOUT_OWN)

    def wish(self) -> ImportWish:
        """What is chosen now."""
        return ImportWish(
            format=self.format.currentData(),
            decided=self.spans.checkedId() == 1,
            strict=self.strict.isChecked(),
            headline=self.headline.isChecked(),
            text_column=self.text_column.text().strip(),
        )


def described(found: Found) -> str:
    """What was found, in one sentence: "3 files: doccano (2), Plain text (1)."."""
    if not found.looked_at:
        return f"{counted(found.files, 'file')}, none of which can be read." if found.files else "There are no files."
    kinds = ", ".join(f"{importer.title} ({number:,})" for importer, number in found.formats.items())
    files = counted(found.files, "file")
    if found.looked_at == found.files:
        return f"{files}: {kinds}." if found.files != 1 else f"1 file: {kinds.removesuffix(' (1)')}."
    return f"{files}. The {found.looked_at} that were looked at: {kinds}."


def ask_import(
    parent: QWidget | None, found: Found, importers: Sequence[Importer], headline: bool
) -> ImportWish | None:
    """What the person wants, None where it was cancelled.

    :param headline: are headlines part of the text, unless it is said otherwise?
    """
    dialog = ImportDialog(parent, found, importers, headline)
    return dialog.wish() if dialog.asked() else None
