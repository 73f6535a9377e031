"""All keys on one sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from annotator.model.label import Label
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.plain import PlainLabel, plain_label

Group = tuple[str, list[tuple[str, str]]]
_COLUMNS = 3
_SIGNS = {"Return": "Enter", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


class ShortcutSheet(Frame):
    """Groups of actions with their keys, and a field that filters them.

    :param groups: a heading and its (title, keys) lines, each; several keys as "Space, A".
    """

    def __init__(self, parent: QWidget, groups: Sequence[Group], labels: Sequence[Label]) -> None:
        super().__init__(parent, "Keys")
        keyed = [(f"Give the label {label.name}", label.key.upper()) for label in labels if label.key]
        own: Group = ("Labels (with Shift: only this one)", keyed)
        self._groups = [*groups, own]
        self.field = QLineEdit(placeholderText="Filter keys", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter keys")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName("Keys")
        self.column.addWidget(self.field)
        self.column.addWidget(self.area, 1)
        self.field.textChanged.connect(lambda _text: self._fill())
        self._fill()
        self.make_room(165, 38)

    def fitting(self) -> list[Group]:
        """The groups and lines that the field lets through."""
        wanted = self.field.text().lower().split()
        fitting = [
            (name, [(t, keys) for t, keys in lines if all(w in f"{name} {t} {keys}".lower() for w in wanted)])
            for name, lines in self._groups
        ]
        return [(name, lines) for name, lines in fitting if lines]

    def _fill(self) -> None:
        sheet: QWidget = QWidget()
        grid = QHBoxLayout(sheet)
        grid.setSpacing(34)
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        heights = [0] * _COLUMNS
        for name, lines in self.fitting():
            at = heights.index(min(heights))
            columns[at].addWidget(_block(name, lines))
            heights[at] += len(lines) + 2
        for column in columns:
            column.setSpacing(14)
            column.addStretch()
            grid.addLayout(column, 1)
        if not any(heights):
            sheet = plain_label("Nothing found", centred=True, dim=True)
        self.area.setWidget(sheet)


def _block(name: str, lines: list[tuple[str, str]]) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(3)
    grid.addWidget(heading(name), 0, 0, 1, 2)
    for row, (title, keys) in enumerate(lines, 1):
        grid.addWidget(plain_label(title), row, 0)
        grid.addLayout(_caps(keys), row, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return block


def _caps(keys: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    for cap in caps(keys):
        row.addWidget(_cap(cap))
    return row


def _cap(text: str) -> PlainLabel:
    label = plain_label(text, dim=True)
    label.setObjectName("key")
    return label


def caps(keys: str) -> list[str]:
    """ "Return, Enter, Shift+Left" as what stands on the keys: "Enter", "Shift + ←"; each once."""
    readable = (_readable(key) for key in keys.split(", ") if key)
    return list(dict.fromkeys(readable))


def _readable(key: str) -> str:
    modifiers, plus, last = key.rpartition("+") if not key.endswith("+") else (key[:-2], key[-2:-1], "+")
    return f"{modifiers}{plus}{_SIGNS.get(last, last)}"
