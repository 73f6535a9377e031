"""The article for screen readers: a document of paragraphs, each with its spans, made on demand.

PySide gives a Python widget no text interface (overriding interface_cast crashes, 6.11 and 6.12), so
a paragraph carries its text as its name, a span is a child with a spoken name, and moving to a span
or token is announced.
"""

from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span
from annotator.ui import words
from annotator.ui.article_page import spans_on
from annotator.ui.article_view import ArticleView
from annotator.ui.paragraphs import Paragraph, paragraphs


def install() -> None:
    """Give every ArticleView its tree; once, before the first one is shown."""
    QAccessible.installFactory(_made)


def announce(view: ArticleView) -> None:
    """Say the focused span or the selected words; nothing where no screen reader listens."""
    said = spoken(view, view.current) if view.current else view.selected_text()
    if said and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, said))


def spoken(view: ArticleView, span: Span) -> str:
    """A span in words: "Alibaba, ORG, suggested, not sure"."""
    state = "may be an entity" if span.is_ghost else f"{span.state}"
    doubt = ", not sure" if view.scene.is_unsure(span) and not span.is_ghost else ""
    return f"{view.annotated.surface(span)}, {span.label}, {state}{doubt}"


def _made(_key: str, thing: QObject) -> Any:
    return ArticleNode(thing) if isinstance(thing, ArticleView) else None


class _Node(QAccessibleInterface):
    """A part of the article that is no QObject; kept alive by the node above it."""

    def __init__(self, above: QAccessibleInterface, view: ArticleView, at: int) -> None:
        super().__init__()
        self.above, self.view, self.at = above, view, at
        self._of = view.annotated
        QAccessible.registerAccessibleInterface(self)

    def isValid(self) -> bool:
        return isValid(self.view) and self.view.annotated is self._of

    def object(self) -> Any:
        return None

    def parent(self) -> QAccessibleInterface:
        return self.above

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        """The article is never altered."""

    def childCount(self) -> int:
        return 0

    def child(self, _index: int) -> Any:
        return None

    def childAt(self, _x: int, _y: int) -> Any:
        return None

    def indexOfChild(self, node: QAccessibleInterface) -> int:
        return getattr(node, "at", -1)

    def name(self) -> str:
        """What is read aloud."""
        return ""

    def place(self) -> tuple[int, int]:
        """Its code points."""
        return 0, 0

    def text(self, kind: QAccessible.Text) -> str:
        return self.name() if kind is QAccessible.Text.Name else ""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = state.focusable = True
        return state

    def rect(self) -> QRect:
        box = QRect()
        for rect in self.view.rects_of(*self.place()):
            box = box.united(rect)
        return QRect(self.view.viewport().mapToGlobal(box.topLeft()), box.size())


class SpanNode(_Node):
    """A span."""

    def __init__(self, above: QAccessibleInterface, view: ArticleView, at: int, span: Span) -> None:
        super().__init__(above, view, at)
        self.span = span

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Link

    def name(self) -> str:
        return spoken(self.view, self.span)

    def text(self, kind: QAccessible.Text) -> str:
        return words.proposed(self.span) if kind is QAccessible.Text.Description else super().text(kind)

    def place(self) -> tuple[int, int]:
        return self.span.range

    def state(self) -> QAccessible.State:
        state = super().state()
        state.selectable = True
        state.selected = state.focused = self.view.current == self.span
        return state


class ParagraphNode(_Node):
    """A paragraph; its children are the spans that begin in it."""

    def __init__(self, above: QAccessibleInterface, view: ArticleView, at: int, line: Paragraph) -> None:
        super().__init__(above, view, at)
        self._line = line
        spans = [span for span in spans_on(view, view.annotated) if line.start <= span.start < line.end]
        self._nodes = [SpanNode(self, view, index, span) for index, span in enumerate(spans)]

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Paragraph

    def name(self) -> str:
        return self.view.annotated.text[slice(*self.place())]

    def place(self) -> tuple[int, int]:
        return self._line.start, self._line.end

    def text(self, kind: QAccessible.Text) -> str:
        is_aside = kind is QAccessible.Text.Description and self._of.is_aside(*self.place())
        return words.ASIDE_NOTE if is_aside else super().text(kind)

    def childCount(self) -> int:
        return len(self._nodes)

    def child(self, index: int) -> Any:
        return self._nodes[index] if 0 <= index < len(self._nodes) else None


class ArticleNode(QAccessibleWidget):
    """The view itself: a document."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view, QAccessible.Role.Document, "Article")
        self._view = view
        self._shown: AnnotatedArticle | None = None
        self._lines: list[Paragraph] = []
        self._nodes: dict[int, ParagraphNode] = {}
        # A screen reader may hold a node of an article that is no longer shown.
        self._retired: list[ParagraphNode] = []

    def _filled(self) -> list[Paragraph]:
        if self._shown is not self._view.annotated:
            self._shown = self._view.annotated
            self._retired += self._nodes.values()
            self._nodes = {}
            self._lines = [line for line in paragraphs(self._shown.article) if line.end > line.start]
        return self._lines

    def childCount(self) -> int:
        return len(self._filled())

    def indexOfChild(self, node: QAccessibleInterface) -> int:
        return getattr(node, "at", -1)

    def child(self, index: int) -> Any:
        lines = self._filled()
        if not 0 <= index < len(lines):
            return None
        if index not in self._nodes:
            self._nodes[index] = ParagraphNode(self, self._view, index, lines[index])
        return self._nodes[index]

    def childAt(self, x: int, y: int) -> Any:
        point = self._view.viewport().mapFromGlobal(QPoint(x, y))
        position = self._view.position_at(point)
        return next((self.child(k) for k, line in enumerate(self._filled()) if position < line.end), None)
