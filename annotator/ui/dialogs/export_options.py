"""Which articles leave, in how many parts, and what else may be said about an export."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit

from annotator.session.splits import parsed_split
from annotator.ui.fields import ChoiceBox, Note

if TYPE_CHECKING:
    from annotator.ui.dialogs.export import ExportWish

_STATES = (("Articles that are done", "done"), ("All articles", "all"))
_PICKED = (
    ("All of these", "all"),
    ("Only those picked at random, to evaluate on", "random"),
    ("All but those picked at random, to train on", "rest"),
)
_PARTS = (("In one piece", False), ("Three parts: train, dev and test", True))
_SHARES = "80/10/10"
_ABOUT_SIDES = "Articles that are nearly the same always fall into the same part."


class Choices(NamedTuple):
    """What was chosen; as `Session.export` takes it."""

    state: str
    picked: str
    with_rejected: bool
    split: str | None
    strict: bool
    group: tuple[str, ...]


class ExportOptions:
    """The fields, as rows of a form."""

    def __init__(self) -> None:
        self.states = choice_box(_STATES, "Articles")
        self.picked = choice_box(_PICKED, "Picked at random or not")
        self.parts = choice_box(_PARTS, "Parts")
        self.shares = QLineEdit(_SHARES)
        self.shares.setAccessibleName("Shares of train, dev and test in per cent")
        self.same_source = QCheckBox("Articles of one outlet, too")
        self.same_day = QCheckBox("Articles of one day, too")
        self.negatives = QCheckBox("Rejected spans too, as negatives")
        self.strict = QCheckBox("Write nothing where the format cannot hold something as it is")

    def add_to(self, form: QFormLayout, on_height: Callable[[], object]) -> None:
        """The rows.

        :param on_height: called when rows come or go.
        """
        note = Note(_ABOUT_SIDES)
        form.addRow("Articles", self.states)
        form.addRow("", self.picked)
        form.addRow("Parts", self.parts)
        form.addRow("Shares in %", self.shares)
        form.addRow("", note)
        sides = QHBoxLayout()
        sides.addWidget(self.same_source)
        sides.addWidget(self.same_day)
        sides.addStretch()
        form.addRow("", sides)
        form.addRow("", self.negatives)
        form.addRow("", self.strict)
        of_parts = (self.shares, note, sides)

        def follow() -> None:
            for row in of_parts:
                form.setRowVisible(row, self.parts.currentData())
            on_height()

        self.parts.currentIndexChanged.connect(lambda _at: follow())
        follow()

    def show_choices(self, choices: "Choices | ExportWish") -> None:
        """Choose what was chosen before."""
        for box, value in ((self.states, choices.state), (self.picked, choices.picked)):
            box.setCurrentIndex(box.findData(value))
        self.parts.setCurrentIndex(self.parts.findData(choices.split is not None))
        self.shares.setText(choices.split or _SHARES)
        self.same_source.setChecked("source" in choices.group)
        self.same_day.setChecked("day" in choices.group)
        self.negatives.setChecked(choices.with_rejected)
        self.strict.setChecked(choices.strict)

    def chosen(self) -> Choices:
        """What is chosen now.

        :raises KnownError: the shares are none.
        """
        split = "".join(self.shares.text().split()) if self.parts.currentData() else None
        if split is not None:
            parsed_split(split)
        sides = (("source", self.same_source), ("day", self.same_day))
        return Choices(
            self.states.currentData(),
            self.picked.currentData(),
            self.negatives.isChecked(),
            split,
            self.strict.isChecked(),
            tuple(name for name, box in sides if split is not None and box.isChecked()),
        )


def choice_box(pairs: Sequence[tuple[str, object]], name: str) -> ChoiceBox:
    """One of several values, each with its title."""
    box = ChoiceBox()
    box.setAccessibleName(name)
    for title, value in pairs:
        box.addItem(title, value)
    return box
