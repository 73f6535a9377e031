"""Find in the article: the bar above the text and the matches in it."""

from PySide6.QtCore import QObject

from annotator.ui.article_view import ArticleView
from annotator.ui.desk import Desk
from annotator.ui.find_bar import FindBar


class Finder(QObject):
    """Connects the find bar to the article view and the desk."""

    def __init__(self, bar: FindBar, view: ArticleView, desk: Desk) -> None:
        super().__init__(bar)
        self._bar, self._view, self._desk = bar, view, desk
        self._match: tuple[int, int] | None = None
        bar.hide()
        bar.found.connect(self._on_found)
        bar.closed.connect(self._on_closed)

    def open(self) -> None:
        """Show the bar, with what is selected as the text to find."""
        self._bar.show()
        self._bar.start(self._view.selected_text(), self._desk.at)

    def set_text(self, text: str) -> None:
        """Another article is shown."""
        self._bar.set_text(text)

    def step(self, by: int) -> None:
        """The next or previous match; opens the bar where nothing was looked for yet."""
        if not self._bar.isVisible():
            self.open()
        self._bar.step(by)

    def _on_found(self, ranges: list[tuple[int, int]], at: int | None) -> None:
        self._match = ranges[at] if at is not None else None
        self._view.set_found(ranges, at)

    def _on_closed(self) -> None:
        self._bar.hide()
        self._view.set_found([], None)
        self._view.setFocus()
        if self._match is not None:
            self._desk.come_to(*self._match)  # a label's key can follow at once
            self._match = None
