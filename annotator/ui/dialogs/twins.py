"""What becomes of articles that are nearly the same as others."""

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QTreeWidget, QTreeWidgetItem, QWidget

from annotator.session.outcome import counted
from annotator.session.twins import Group
from annotator.ui import words
from annotator.ui.dialogs.frame import Frame
from annotator.ui.dialogs.order import choice
from annotator.ui.plain import plain_label

_MOST = 500  # groups that are listed
_WISHES = ("leave", "skip", "take_over")


class TwinsDialog(Frame):
    """The groups, and what can be done with those that wait.

    :param to_skip: how many articles another one stands for.
    :param to_take_over: how many there are whose twin is done.
    """

    def __init__(self, parent: QWidget | None, groups: Sequence[Group], to_skip: int, to_take_over: int) -> None:
        super().__init__(parent, "Articles nearly the same", "Go on")
        members = sum(map(len, groups))
        what = f"{members} articles are nearly the same as others: {counted(len(groups), 'group')}."
        self.column.addWidget(plain_label(what, wrap=True))
        self.tree = _listed(groups)
        self.column.addWidget(self.tree, 1)
        self.choices = QButtonGroup(self)
        for number, (title, about) in enumerate(_offers(to_skip, to_take_over)):
            self.column.addLayout(choice(self.choices, number, title, about))
        self.choices.button(0).setChecked(True)
        self.choices.button(0).setFocus()
        for number, count in ((1, to_skip), (2, to_take_over)):
            self.choices.button(number).setEnabled(count > 0)
        self.make_room(92, 30)

    def wish(self) -> str:
        """ "leave", "skip" or "take_over"."""
        return _WISHES[self.choices.checkedId()]


def _offers(to_skip: int, to_take_over: int) -> list[tuple[str, str]]:
    skip, take_over = counted(to_skip, "article"), counted(to_take_over, "article")
    return [
        ("Leave them", "Each is worked on its own. File > Articles nearly the same… offers this again."),
        (f"Skip {skip}", "Of each group one stays: one that is done, else the first. Undo takes all of it back."),
        (
            f"Take over the decisions, in {take_over}",
            "From the one of the group that is done, where the same words stand at the same place. Those whose words "
            "are all the same are done then, the others wait for a look. Undo takes all of it back.",
        ),
    ]


def _listed(groups: Sequence[Group]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName("Articles nearly the same, by group")
    tree.setHeaderHidden(True)
    tree.setColumnCount(2)
    for group in groups[:_MOST]:
        first, *others = [QTreeWidgetItem([twin.title, words.article_state_title(twin.state)]) for twin in group]
        first.addChildren(others)
        tree.addTopLevelItem(first)
    tree.expandAll()
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, tree.header().ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, tree.header().ResizeMode.ResizeToContents)
    return tree


def ask_twins(parent: QWidget, groups: Sequence[Group], to_skip: int, to_take_over: int) -> str:
    """What is wanted: "leave", "skip" or "take_over"; "leave" where it was cancelled."""
    dialog = TwinsDialog(parent, groups, to_skip, to_take_over)
    return dialog.wish() if dialog.asked() else "leave"
