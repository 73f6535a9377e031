"""How a passage that is not to be labelled looks: a quieter ink on a faintly hatched ground, and a small note."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QTextCharFormat, QTextLayout

from annotator.model.aside import Range, covers
from annotator.ui import words
from annotator.ui.blocks import Block

if TYPE_CHECKING:
    from annotator.ui.painting import Scene


class Passage:
    """Those parts of one paragraph that are not to be labelled."""

    def __init__(self, scene: "Scene", block: Block) -> None:
        self._scene, self._block = scene, block
        self._parts = [each for each in scene.asides if each[0] < block.end and block.start < each[1]]

    @classmethod
    def of(cls, scene: "Scene", block: Block) -> Optional["Passage"]:
        """None where all of the paragraph is to be labelled, as nearly always."""
        return cls(scene, block) if scene.asides and covers(scene.asides, block.start, block.end) else None

    def _is_whole(self, part: Range) -> bool:
        """But for white space at its edges."""
        text, start = self._block.text, self._block.start
        return not (text[: max(part[0] - start, 0)].strip() or text[part[1] - start :].strip())

    def paint_ground(self, painter: QPainter) -> None:
        """Under the words; in the paragraph's coordinates."""
        for part in self._parts:
            boxes = [self._whole_box()] if self._is_whole(part) else self._boxes(part)
            for box in boxes:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._scene.theme.aside)
                painter.drawRoundedRect(box, self._scene.metrics.size * 0.2, self._scene.metrics.size * 0.2)
                painter.setBrush(QBrush(self._scene.theme.hatch, Qt.BrushStyle.BDiagPattern))
                painter.drawRoundedRect(box, self._scene.metrics.size * 0.2, self._scene.metrics.size * 0.2)
            if part[0] >= self._block.start:
                self._paint_note(painter, boxes[0])

    def _whole_box(self) -> QRectF:
        air, block = self._scene.metrics.size * 0.45, self._block
        return QRectF(-air, 0, block.width + 2 * air, len(block.lines) * block.style.step)

    def _boxes(self, part: Range) -> list[QRectF]:
        style = self._block.style
        pieces = self._block.words(max(part[0], self._block.start), min(part[1], self._block.end))
        return [QRectF(left, line * style.step, right - left, style.step) for line, left, right in pieces]

    def _paint_note(self, painter: QPainter, box: QRectF) -> None:
        """At the upper right corner, where the lines leave room for it."""
        metrics, theme = self._scene.metrics, self._scene.theme
        width = metrics.badge_metrics.horizontalAdvance(words.ASIDE_NOTE)
        at = QPointF(box.right() - width - metrics.size * 0.3, box.top() + metrics.badge_metrics.capHeight() / 2)
        painter.setFont(metrics.badge_font)
        painter.setPen(theme.dim)
        painter.drawText(at, words.ASIDE_NOTE)

    def inks(self) -> list[QTextLayout.FormatRange]:
        """The quieter ink, for QTextLayout.draw."""
        quiet = QTextCharFormat()
        quiet.setForeground(self._scene.theme.dim)
        made = []
        for part in self._parts:
            for start, end in self._unlit(part):
                first, last = self._block.units(start, end)
                ink = QTextLayout.FormatRange()
                ink.start, ink.length, ink.format = first, last - first, quiet
                made.append(ink)
        return made

    def _unlit(self, part: Range) -> Iterator[Range]:
        """A part without what is selected or found: on a stronger ground words need the full ink."""
        at, end = part
        lit = [*([self._scene.selection] if self._scene.selection else []), *self._scene.found]
        for start, after in sorted(each for each in lit if each[0] < end and at < each[1]):
            if at < start:
                yield at, start
            at = max(at, after)
        if at < end:
            yield at, end
