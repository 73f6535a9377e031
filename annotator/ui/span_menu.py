"""The menu that a right click on a span opens: all that the keyboard can do to it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from annotator.model.label import Label
from annotator.model.span import SpanState
from annotator.ui.desk import Desk
from annotator.ui.plain import menu_text
from annotator.ui.theme import Theme


def open_span_menu(parent: QWidget, desk: Desk, theme: Theme, at: QPoint) -> None:
    """Open the menu for the desk's current span or selection at a global position."""
    menu = QMenu(parent)
    span = desk.current
    if span is not None and span.state is not SpanState.CONFIRMED:
        menu.addAction("Confirm", lambda: desk.confirm())
        menu.addAction("Confirm all the same", lambda: desk.confirm(everywhere=True))
    if span is not None and span.state is not SpanState.REJECTED:
        menu.addAction("Reject", lambda: desk.reject(desk.everywhere))
        menu.addAction("Reject only this one", lambda: desk.reject(everywhere=False))
    menu.addSeparator()
    add_labels(menu, desk.session.labels, theme, lambda name: desk.apply_label(name, desk.everywhere))
    alone = menu.addMenu("Only this one")
    add_labels(alone, desk.session.labels, theme, lambda name: desk.apply_label(name, everywhere=False))
    menu.exec(at)
    menu.deleteLater()


def add_labels(menu: QMenu, labels: tuple[Label, ...], theme: Theme, choose: Callable[[str], object]) -> None:
    """An entry for each label, with its colour."""
    for label in labels:
        swatch = QPixmap(14, 14)
        swatch.fill(theme.hue(label.colour).ink)
        entry = menu.addAction(QIcon(swatch), menu_text(label.name))
        entry.triggered.connect(lambda _=False, name=label.name: choose(name))
