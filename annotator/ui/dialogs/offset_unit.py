"""How a file counts where its spans begin and end, chosen by the words that they would mark."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QButtonGroup, QWidget

from annotator.model.offsets import Unit
from annotator.ui.dialogs.frame import Frame, heading
from annotator.ui.dialogs.order import choice
from annotator.ui.plain import plain_label

_MOST, _LONGEST = 6, 40  # words that are shown, and letters of each
_LEAVE_OUT = ("Leave such files out", "The others come in, and the report names those that did not.")

TITLES = {
    Unit.CODEPOINTS: "Characters, as Python counts them",
    Unit.UTF16: "UTF-16 units, as JavaScript and Java count",
    Unit.UTF8: "Bytes of UTF-8",
    Unit.GRAPHEMES: "Characters as one sees them: an emoji is one",
    Unit.CODEPOINTS_INCLUSIVE: "Characters; the end is the last one marked",
    Unit.UTF16_INCLUSIVE: "UTF-16 units; the end is the last one marked",
    Unit.UTF8_INCLUSIVE: "Bytes of UTF-8; the end is the last one marked",
    Unit.CODEPOINTS_CRLF: "Characters; a line break of two counts as one",
    Unit.UTF16_CRLF: "UTF-16 units; a line break of two counts as one",
}


class UnitWish(NamedTuple):
    """What becomes of files that do not say how they count.

    :param unit: how they do; None leaves them out.
    """

    unit: Unit | None


class UnitDialog(Frame):
    """Each way to count with the words that it would mark; the likeliest is chosen, the last leaves such files out."""

    def __init__(self, parent: QWidget | None, file: str, examples: Mapping[Unit, Sequence[str]]) -> None:
        super().__init__(parent, "Where spans begin and end", "Import")
        self._units = (*examples, None)
        what = f"{file} does not say how it counts characters, as of an emoji. Nothing was imported yet."
        self.column.addWidget(plain_label(what, wrap=True))
        self.column.addWidget(heading("Which of these are the words that were marked?"))
        self.choices = QButtonGroup(self)
        for number, (unit, words) in enumerate(examples.items()):
            self.column.addLayout(choice(self.choices, number, TITLES[unit], _shown(words)))
        self.column.addLayout(choice(self.choices, len(examples), *_LEAVE_OUT))
        self.choices.button(0).setChecked(True)
        self.choices.button(0).setFocus()
        self.column.addWidget(plain_label("It holds for all files of this import that do not say it.", dim=True))
        self.make_room(76)

    def wish(self) -> UnitWish:
        """What is chosen now."""
        return UnitWish(self._units[self.choices.checkedId()])


def _shown(words: Sequence[str]) -> str:
    return "  ".join(f"“{_short(word)}”" for word in words[:_MOST])


def _short(word: str) -> str:
    """In one line; blanks at its edges stay, for they tell."""
    word = "".join(" " if letter.isspace() else letter for letter in word)
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"


def ask_unit(parent: QWidget | None, file: str, examples: Mapping[Unit, Sequence[str]]) -> UnitWish | None:
    """How such files count, None where it was cancelled.

    :param examples: for each unit that is possible, words that it would mark, the likeliest first; at least one.
    """
    dialog = UnitDialog(parent, file, examples)
    return dialog.wish() if dialog.asked() else None
