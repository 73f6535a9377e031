"""The project's labels: add, rename, recolour, rekey, reorder, describe, retire; and the guidelines' version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.model.colours import HUES
from annotator.model.label import Label
from annotator.ui.dialogs.frame import Frame
from annotator.ui.fields import ChoiceBox
from annotator.ui.plain import add_row, plain_label
from annotator.ui.swatch import swatch_icon
from annotator.ui.theme import Theme

_LABEL = Qt.ItemDataRole.UserRole
_OWN_COLOUR = "Other…"


class LabelsWish(NamedTuple):
    """What was chosen; ids stay with their labels.

    :param guidelines: the name of the version in force, "" for none.
    """

    labels: tuple[Label, ...]
    guidelines: str


def complaint(labels: Sequence[Label], reserved: frozenset[str]) -> str:
    """The first thing that is wrong with these labels, "" where nothing is."""
    names: set[str] = set()
    keys: dict[str, str] = {}
    for label in labels:
        if not label.name:
            return "A label has no name."
        if label.name in names:
            return f"Two labels are called {label.name}."
        names.add(label.name)
        key = label.key.lower()
        if label.retired or not key:
            continue
        if len(key) != 1 or len(key.upper()) != 1:  # as ß, whose capital is two letters
            return f"{label.key} cannot be the key of {label.name}."
        if key in reserved:
            return f"The key {key.upper()} of {label.name} already does something else."
        if keys.setdefault(key, label.name) != label.name:
            return f"{label.name} and {keys[key]} have the same key."
    return ""


class LabelEditor(Frame):
    """The list at the left, the chosen label's form at the right; below them what concerns all labels."""

    def __init__(
        self, parent: QWidget, labels: Sequence[Label], theme: Theme, reserved: frozenset[str], guidelines: str = ""
    ) -> None:
        super().__init__(parent, "Labels", "Keep labels")
        self._theme, self._reserved = theme, reserved
        self._loading = False
        self.list = QListWidget()
        self.list.setAccessibleName("Labels, in the order they are shown")
        self.list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.list.setIconSize(QSize(14, 14))
        self.name, self.key = QLineEdit(), QLineEdit(maxLength=1)
        self.colour = ChoiceBox()
        self.colour.setIconSize(QSize(14, 14))
        self.description = QPlainTextEdit(tabChangesFocus=True)
        self.from_model = QLineEdit(placeholderText="PERSON, PER")
        self.retired = QCheckBox("Retired: no longer offered; its spans stay")
        self.guidelines = QLineEdit(guidelines, placeholderText="2.1, or 2026-03")
        self.guidelines.setToolTip("Stands beside every dataset that is exported.")
        self.warning = plain_label("", wrap=True)
        self.warning.setObjectName("warning")
        self._fill_colours()
        self._lay_out()
        self._connect()
        for label in labels:
            self._append(label)
        self.list.setCurrentRow(0)
        before = self.wish()
        self.is_changed = lambda: self.wish() != before
        self.make_room(105, 30)

    def _fill_colours(self) -> None:
        for hue in HUES:
            self.colour.addItem(self._swatch(hue), hue.capitalize(), hue)
        self.colour.addItem(_OWN_COLOUR, _OWN_COLOUR)

    def _swatch(self, colour: str) -> QIcon:
        return swatch_icon(self._theme.hue(colour).ink, 14)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for title, widget in (
            ("Name", self.name),
            ("Key", self.key),
            ("Colour", self.colour),
            ("Description", self.description),
            ("Pipeline's names", self.from_model),
            ("", self.retired),
        ):
            add_row(form, title, widget)
            widget.setAccessibleName(title or widget.objectName())
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addLayout(self._buttons())
        both = QHBoxLayout()
        both.addLayout(left, 2)
        both.addLayout(form, 3)
        self.column.addLayout(both, 1)
        self.column.addLayout(self._about_all())
        self.column.addWidget(self.warning)

    def _about_all(self) -> QFormLayout:
        form = QFormLayout()
        self.guidelines.setAccessibleName("Version of the guidelines")
        form.addRow("Guidelines, version", self.guidelines)
        return form

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.remove_button = QPushButton("Remove")
        self.remove_button.setToolTip("Only a label that is not kept yet; others are retired.")
        up, down = QPushButton("↑"), QPushButton("↓")
        up.setAccessibleName("Move up")
        down.setAccessibleName("Move down")
        add = QPushButton("Add")
        for button, what in (
            (add, self.add),
            (self.remove_button, self.remove),
            (up, lambda: self.move_by(-1)),
            (down, lambda: self.move_by(1)),
        ):
            button.clicked.connect(lambda _=False, what=what: what())
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(lambda item, _before: self._load(item))
        self.list.model().rowsMoved.connect(lambda *_: self._check())
        for field in (self.name, self.key, self.from_model):
            field.textEdited.connect(lambda _text: self._store())
        self.description.textChanged.connect(self._store)
        self.retired.toggled.connect(lambda _on: self._store())
        self.colour.activated.connect(lambda _at: self._on_colour())

    def _append(self, label: Label) -> None:
        item = QListWidgetItem()
        self.list.addItem(item)
        self._show(item, label)

    def _show(self, item: QListWidgetItem, label: Label) -> None:
        item.setData(_LABEL, label)
        notes = f"  {label.key.upper()}" if label.key else ""
        item.setText(f"{label.name or 'no name yet'}{'  (retired)' if label.retired else notes}")
        item.setIcon(self._swatch(label.colour))

    def _load(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        label: Label = item.data(_LABEL)
        self._loading = True
        self.name.setText(label.name)
        self.key.setText(label.key.upper())
        self._show_colour(label.colour)
        self.description.setPlainText(label.description)
        self.from_model.setText(", ".join(label.from_model))
        self.retired.setChecked(label.retired)
        self.retired.setEnabled(label.id is not None)
        self.remove_button.setEnabled(label.id is None)
        self._loading = False
        self._check()

    def _on_colour(self) -> None:
        item = self.list.currentItem()
        if item is not None and self.colour.currentData() == _OWN_COLOUR:
            chosen = QColorDialog.getColor(QColor("#3366cc"), self, "Colour of the label")
            self._show_colour(chosen.name() if chosen.isValid() else item.data(_LABEL).colour)
        self._store()

    def _show_colour(self, colour: str) -> None:
        if self.colour.findData(colour) < 0:
            self.colour.insertItem(len(HUES), self._swatch(colour), colour, colour)
        self.colour.setCurrentIndex(self.colour.findData(colour))

    def _store(self) -> None:
        item = self.list.currentItem()
        if self._loading or item is None:
            return
        theirs = tuple(name.strip() for name in self.from_model.text().split(",") if name.strip())
        label = replace(
            item.data(_LABEL),
            name=self.name.text().strip(),
            key=self.key.text().strip().lower(),
            colour=str(self.colour.currentData()),
            description=self.description.toPlainText().strip(),
            from_model=theirs,
            retired=self.retired.isChecked(),
        )
        self._show(item, label)
        self._check()

    def _check(self) -> None:
        wrong = complaint(self.labels(), self._reserved)
        self.warning.setText(wrong)
        self.accept_button.setEnabled(not wrong)

    def labels(self) -> tuple[Label, ...]:
        """The labels as they are in the dialog now."""
        return tuple(self.list.item(row).data(_LABEL) for row in range(self.list.count()))

    def wish(self) -> LabelsWish:
        """All that is chosen now."""
        return LabelsWish(self.labels(), self.guidelines.text().strip())

    def add(self) -> None:
        """A new label at the end, ready to be named."""
        used = {label.colour for label in self.labels()}
        self._append(Label("", next((hue for hue in HUES if hue not in used), "slate")))
        self.list.setCurrentRow(self.list.count() - 1)
        self.name.setFocus()

    def remove(self) -> None:
        """Take away the chosen label, where it was only just added; the file's own labels are retired."""
        item = self.list.currentItem()
        if item is not None and item.data(_LABEL).id is None:
            self.list.takeItem(self.list.row(item))
            self._check()

    def move_by(self, by: int) -> None:
        """Move the chosen label up or down."""
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)


def edit_labels(
    parent: QWidget, labels: Sequence[Label], theme: Theme, reserved: frozenset[str], guidelines: str
) -> LabelsWish | None:
    """The labels and the guidelines' version as the person left them, None where it was cancelled."""
    editor = LabelEditor(parent, labels, theme, reserved, guidelines)
    return editor.wish() if editor.asked() else None
