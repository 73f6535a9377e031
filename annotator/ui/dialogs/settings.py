"""The settings dialog, made from the table of settings."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from annotator.errors import KnownError
from annotator.settings import SETTINGS, Setting, Settings, Value
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.fields import ChoiceBox, NumberField
from annotator.ui.plain import add_row, plain_tooltip, tell

Field = tuple[QWidget, Callable[[], Value]]
Beside = dict[str, Callable[[QWidget], QWidget]]  # by a setting's key, makes what stands under its field


def _field(setting: Setting, value: Value) -> Field:
    """The widget for a setting, and how to read it."""
    if setting.kind is bool:
        check = QCheckBox(setting.title)
        check.setChecked(bool(value))
        return check, check.isChecked
    if setting.kind is int:
        least, greatest = setting.choices or (0, 999)
        number = NumberField(int(value), int(least), int(greatest))
        return number, number.value
    if setting.choices:
        box = ChoiceBox()
        for choice in setting.choices:
            box.addItem(str(choice).capitalize(), choice)
        box.setCurrentIndex(setting.choices.index(value))
        return box, box.currentData
    line = QLineEdit(str(value))
    return line, line.text


class SettingsDialog(Frame):
    """A group of rows for each group of settings."""

    def __init__(self, parent: QWidget, settings: Settings, beside: Beside | None = None) -> None:
        super().__init__(parent, "Settings", "Keep")
        self._settings = settings
        self.fields: dict[str, Field] = {}
        form = QFormLayout()
        group = ""
        for setting in SETTINGS:
            if setting.group != group:
                group = setting.group
                form.addRow(heading(group))
            self._add(form, setting)
            if beside and setting.key in beside:
                form.addRow("", beside[setting.key](self.fields[setting.key][0]))
        self.column.addLayout(form)
        self.column.addStretch()
        self.make_room(70)

    def _add(self, form: QFormLayout, setting: Setting) -> None:
        widget, _ = self.fields[setting.key] = _field(setting, self._settings.get(setting.key))
        widget.setAccessibleName(setting.title)
        widget.setToolTip(plain_tooltip(setting.note))
        add_row(form, "" if setting.kind is bool else setting.title, widget)

    def accept(self) -> None:
        try:
            for key, (_, read) in self.fields.items():
                self._settings.set(key, read())
        except KnownError as error:
            tell(self, error)
        else:
            super().accept()


def edit_settings(parent: QWidget, settings: Settings, beside: Beside | None = None) -> bool:
    """Were settings kept?"""
    return SettingsDialog(parent, settings, beside).asked()
