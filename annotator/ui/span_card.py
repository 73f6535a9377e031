"""Where the current span came from, or what is selected."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui import words
from annotator.ui.desk import Desk
from annotator.ui.plain import brief, plain_label, plain_tooltip
from annotator.ui.swatch import swatch
from annotator.ui.theme import Theme


class SpanCard(QWidget):
    """A quiet card under the entities."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("span_card")
        self.setAccessibleName("The current span")
        self._desk, self._theme = desk, theme
        self.colour = plain_label("")
        self.title = plain_label("", wrap=True)
        bold = self.title.font()
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        self.label = plain_label("", wrap=True, dim=True)
        card = QFrame()
        card.setObjectName("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(10, 8, 10, 8)
        inner.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(7)
        head.addWidget(self.colour)
        head.addWidget(self.title, 1)
        inner.addLayout(head)
        inner.addWidget(self.label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.addWidget(card)
        layout.addStretch()
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * 5)
        desk.current_changed.connect(lambda _span: self.refresh())
        desk.current_updated.connect(lambda _span: self.refresh())
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Colours changed."""
        self._theme = theme
        self.refresh()

    def refresh(self) -> None:
        """The span that is current now, or the words that are selected."""
        article, span, chosen = self._desk.article, self._desk.current, self._desk.selection()
        if article is not None and span is not None:
            self._say(words.describe(span, article.surface(span)))
            self.colour.setPixmap(swatch(self._theme.hue(self._desk.hues.get(span.label, "")).ink))
            self.colour.show()
        elif article is not None and chosen is not None:
            self._say(words.selected(article.text[slice(*chosen)]))
        else:
            self._say(f"\n{words.NO_SPAN}")

    def _say(self, lines: str) -> None:
        title, _, rest = lines.partition("\n")
        self.colour.hide()
        self.title.setVisible(bool(title))
        self.title.setText(brief(title))
        self.label.setText(brief(rest))
        self.setToolTip(plain_tooltip(lines.strip()))  # a narrow column has no room for all of it
