"""A scroll area that moves calmly and only where it is told: no arrow keys, short ways animated."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEasingCurve, Qt, QVariantAnimation
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QStyle, QWidget

_DURATION_MS = 120
_FURTHEST_SCREENS = 1.5


class CalmScroll(QAbstractScrollArea):
    """Scrolls upright; its bar always keeps its place, so that opening a text lays it out once.

    `animated` lets short distances scroll instead of jump; never where the desktop asks for none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.animated = True
        self._settling = False
        self._way = self._way_left = 0
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(_DURATION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._scroll_on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def stop_scrolling(self) -> None:
        """Stay where the animation is."""
        self._animation.stop()

    def scroll_to(self, value: int) -> None:
        """Bring a height of the content to the screen's top, as far as there is content."""
        bar = self.verticalScrollBar()
        value = min(max(value, 0), bar.maximum())
        way = value - bar.value()
        short = abs(way) < _FURTHEST_SCREENS * self.viewport().height()
        if self.animated and short and self.isVisible() and self._desktop_animates():
            self._way = self._way_left = way
            self._animation.start()
        else:
            bar.setValue(value)

    def _desktop_animates(self) -> bool:
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0

    def _scroll_on(self, share: float) -> None:
        """By steps, not to values: settling may correct the scroll value meanwhile."""
        left = round(self._way * (1 - share))
        step, self._way_left = self._way_left - left, left
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)

    def _fit_bar(self, content: float) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, int(content) - height))
        bar.setPageStep(max(1, height))
        bar.setEnabled(bar.maximum() > 0)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """The scroll bar changes, what is on the screen does not."""
        before, self._settling = self._settling, True
        try:
            yield
        finally:
            self._settling = before

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.stop_scrolling()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pages and ends; every other key belongs to the window's actions."""
        bar = self.verticalScrollBar()
        page = self.viewport().height() - 2 * bar.singleStep()
        ways = {
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -bar.value(),
            Qt.Key.Key_End: bar.maximum(),
        }
        way = ways.get(event.key())  # type: ignore[call-overload]
        if way is None:
            event.ignore()
            return
        self.stop_scrolling()
        bar.setValue(bar.value() + way)
        if event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())  # estimates have become true heights
