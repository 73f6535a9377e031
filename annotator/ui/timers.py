"""Timers with their time.

Not by QTimer's own keyword: PySide6 looks for a property's setter with C's `toupper`, which in a Turkish locale makes
no I of an i, so that `QTimer(interval=5)` raises AttributeError there.
"""

from PySide6.QtCore import QObject, QTimer


def once_after(owner: QObject, milliseconds: int) -> QTimer:
    """A timer that rings once, so long after it was started last."""
    timer = ticking(owner, milliseconds)
    timer.setSingleShot(True)
    return timer


def ticking(owner: QObject, milliseconds: int) -> QTimer:
    """A timer that rings again and again; with 0, whenever there is nothing else to do."""
    timer = QTimer(owner)
    timer.setInterval(milliseconds)
    return timer
