"""In which order articles are worked."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from annotator.model.order import Order
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.fields import Note, NumberField
from annotator.ui.plain import plain_label

_ABOUT_RANDOM = (
    "Only these may stand for all articles in an evaluation. They have a die in the list, and an export can hold "
    "them alone. In every order but the given one they are evenly spread over the work."
)
_ABOUT_MOVING = "Only articles that are not done or skipped are moved. Nothing is lost: choose As given to go back."


class OrderWish(NamedTuple):
    """What was chosen; as `Ordering.choose` takes it.

    :param title: of the order, for the annotator.
    """

    name: str
    share: int
    title: str


class OrderDialog(Frame):
    """Each order with a sentence on what it is for, and the share that is picked at random."""

    def __init__(self, parent: QWidget | None, orders: Sequence[Order], chosen: str, share: int) -> None:
        super().__init__(parent, "Order of work", "Put in order")
        self._orders = orders
        self.choices = QButtonGroup(self)
        for number, order in enumerate(orders):
            self.column.addLayout(choice(self.choices, number, order.title, order.about))
            if order.name == chosen:
                self.choices.button(number).setChecked(True)
                self.choices.button(number).setFocus()
        self.share = NumberField(share, 0, 100)
        self.share.setAccessibleName("Picked at random, in per cent")
        self.share.setFixedWidth(self.fontMetrics().averageCharWidth() * 9)
        row = QHBoxLayout()
        row.addWidget(self.share)
        row.addWidget(plain_label("% of the articles"))
        row.addStretch()
        self.column.addWidget(heading("Picked at random"))
        self.column.addLayout(row)
        self.column.addWidget(Note(_ABOUT_RANDOM))
        self.column.addWidget(Note(_ABOUT_MOVING))
        self.make_room(84)

    def wish(self) -> OrderWish:
        """What is chosen now."""
        order = self._orders[self.choices.checkedId()]
        return OrderWish(order.name, self.share.value(), order.title)


def choice(group: QButtonGroup, number: int, title: str, about: str) -> QVBoxLayout:
    """One of several, with a sentence below it."""
    button, note = QRadioButton(title), Note(about)
    button.setAccessibleDescription(about)
    group.addButton(button, number)
    note.setContentsMargins(24, 0, 0, 0)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(button)
    column.addWidget(note)
    return column


def ask_order(parent: QWidget, orders: Sequence[Order], chosen: str, share: int) -> OrderWish | None:
    """The order that is wanted, None where it was cancelled."""
    dialog = OrderDialog(parent, orders, chosen, share)
    return dialog.wish() if dialog.asked() else None
