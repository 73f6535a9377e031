"""What need not be on the screen in the same frame as the article."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from annotator.ui.timers import once_after

_WAIT = 50  # milliseconds without another call; a person's keys are 100 and more apart


def soon(owner: QObject, work: Callable[[], object]) -> Callable[[], None]:
    """A function that has `work` done once the hand rests, once for all calls until then.

    A key must be answered within a frame; lists and counts beside the article may follow.
    """
    timer = once_after(owner, _WAIT)
    timer.timeout.connect(work)
    return timer.start
