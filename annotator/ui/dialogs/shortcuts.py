"""All keys on one sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from annotator.model.label import Label
from annotator.ui.dialogs.frame import Frame
from annotator.ui.plain import plain_label

Group = tuple[str, list[tuple[str, str]]]
_COLUMNS = 3


class ShortcutSheet(Frame):
    """Groups of actions with their keys, and a field that filters them.

    :param groups: a heading and its (title, keys) lines, each.
    """

    def __init__(self, parent: QWidget, groups: Sequence[Group], labels: Sequence[Label]) -> None:
        super().__init__(parent, "Keys")
        keyed = [(f"Give the label {label.name}", label.key.upper()) for label in labels if label.key]
        own: Group = ("Labels (with Shift: only this one)", keyed)
        self._groups = [*groups, own]
        self.field = QLineEdit(placeholderText="Filter keys", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter keys")
        self.area = QScrollArea()
        self.area.setAccessibleName("Keys")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.column.addWidget(self.field)
        self.column.addWidget(self.area, 1)
        self.field.textChanged.connect(lambda _text: self._fill())
        self._fill()
        self.resize(1080, 680)

    def _fitting(self) -> list[Group]:
        wanted = self.field.text().lower()
        fitting = [
            (name, [(title, keys) for title, keys in lines if wanted in f"{title} {keys}".lower()])
            for name, lines in self._groups
        ]
        return [(name, lines) for name, lines in fitting if lines]

    def _fill(self) -> None:
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setHorizontalSpacing(28)
        heights = [0] * _COLUMNS
        columns: list[QVBoxLayout] = []
        for at in range(_COLUMNS):
            column = QVBoxLayout()
            column.setSpacing(14)
            grid.addLayout(column, 0, at)
            columns.append(column)
        for name, lines in self._fitting():
            at = heights.index(min(heights))
            columns[at].addWidget(_block(name, lines))
            heights[at] += len(lines) + 2
        for column in columns:
            column.addStretch()
        self.area.setWidget(sheet)


def _block(name: str, lines: list[tuple[str, str]]) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(4)
    head = plain_label(name)
    head.setObjectName("heading")
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (title, keys) in enumerate(lines, 1):
        grid.addWidget(plain_label(title), row, 0)
        if keys:
            grid.addWidget(_keys(keys), row, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return block


def _keys(keys: str) -> QLabel:
    label = plain_label(keys, dim=True)
    label.setObjectName("key")
    return label
