"""The places in other articles where a correction can be made too: a list in context, to tick."""

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QWidget

from annotator.model.elsewhere import Correction
from annotator.session.elsewhere import Place
from annotator.session.outcome import counted
from annotator.ui import words
from annotator.ui.dialogs.frame import Frame
from annotator.ui.place_rows import PlaceDelegate, PlaceModel
from annotator.ui.plain import ask, plain_label, plain_tooltip
from annotator.ui.theme import Theme

ALARM = 50  # places; about more it asks once again


class ElsewhereDialog(Frame):
    """The places by article; Space ticks, Enter makes the change at those that are ticked.

    :param hues: the colour of each label.
    """

    def __init__(
        self,
        parent: QWidget | None,
        correction: Correction,
        places: Sequence[Place],
        theme: Theme,
        hues: Mapping[str, str],
    ) -> None:
        super().__init__(parent, "Same change in other articles", "Change")
        self.model = PlaceModel(places)
        self.list = QListView()
        self.list.setAccessibleName("Places in other articles")
        self.list.setModel(self.model)
        self._delegate = PlaceDelegate(theme, hues, correction.label)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._lay_out(correction, any(place.doubtful for place in places))
        self.model.dataChanged.connect(lambda *_: self._count())
        self._count()
        self.list.setCurrentIndex(self.model.index(min(1, self.model.rowCount() - 1)))
        self.list.setFocus()
        self.make_room(130, 30)

    def _lay_out(self, correction: Correction, has_doubtful: bool) -> None:
        doubt = "; where something speaks against it, there is no tick" if has_doubtful else ""
        self.column.addWidget(plain_label(words.correction(correction), wrap=True))
        self.column.addWidget(plain_label(f"Space ticks, Enter makes the change{doubt}.", wrap=True, dim=True))
        self.column.addWidget(self.list, 1)
        row = QHBoxLayout()
        self._account = plain_label("", dim=True)
        row.addWidget(self._account, 1)
        for title, keys, on in (("Tick all", "Ctrl+A", True), ("Tick none", "Ctrl+Shift+A", False)):
            button = QPushButton(title)
            button.setToolTip(plain_tooltip(keys))
            button.clicked.connect(lambda _checked=False, on=on: self.model.tick_all(on))
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
            row.addWidget(button)
        self.column.addLayout(row)

    @property
    def chosen(self) -> list[Place]:
        """The places that are ticked."""
        return self.model.chosen

    def _count(self) -> None:
        chosen = self.chosen
        self.accept_button.setText(f"Change {counted(len(chosen), 'place')}")
        self._widen(self.accept_button)
        self.accept_button.setEnabled(bool(chosen))
        articles = len({place.article_id for place in chosen})
        self._account.setText(f"{words.reach(len(chosen), articles)} ticked")

    def accept(self) -> None:
        """Make the change; where it is a large one, only when asked twice."""
        chosen = self.chosen
        if len(chosen) > ALARM and not self._is_sure(len(chosen), len({place.article_id for place in chosen})):
            return
        super().accept()

    def _is_sure(self, places: int, articles: int) -> bool:
        question = f"Change {words.reach(places, articles)}?"
        comfort = "It is one step: one undo takes all of it back. None of the articles is done by it."
        return ask(self, question, comfort, f"Change {counted(places, 'place')}")


def ask_places(
    parent: QWidget, correction: Correction, places: Sequence[Place], theme: Theme, hues: Mapping[str, str]
) -> list[Place]:
    """The places where the change is to be made; none where the person cancelled."""
    dialog = ElsewhereDialog(parent, correction, places, theme, hues)
    return dialog.chosen if dialog.asked() else []
