"""Where the current span came from."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from annotator.ui import words
from annotator.ui.desk import Desk
from annotator.ui.plain import plain_label
from annotator.ui.theme import Theme


class SpanCard(QWidget):
    """A quiet card under the entities."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk = desk
        card = QFrame()
        card.setObjectName("card")
        self.label = plain_label("", wrap=True)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(10, 8, 10, 8)
        inner.addWidget(self.label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.addWidget(card)
        layout.addStretch()
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * 6)
        desk.current_changed.connect(lambda _span: self.refresh())
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """All colours come from the style sheet."""

    def refresh(self) -> None:
        """The span that is current now, or the words that are selected."""
        article, span, chosen = self._desk.article, self._desk.current, self._desk.selection()
        if article is not None and span is not None:
            self.label.setText(words.describe(span, article.surface(span)))
        elif article is not None and chosen is not None:
            self.label.setText(words.selected(article.text[slice(*chosen)]))
        else:
            self.label.setText(words.NO_SPAN)
