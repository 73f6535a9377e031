"""Opening a project for the window: where it cannot be written to, it can still be looked at."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from annotator.errors import DamagedError, DiskError, InUseError, KnownError
from annotator.session import Session
from annotator.ui import saving_words
from annotator.ui.dialogs.progress import CancelledError, Progress
from annotator.ui.doorbell import ring
from annotator.ui.plain import ask, choose, tell
from annotator.ui.salvaging import offer


class Opening(NamedTuple):
    """A project for the window.

    :param why: why it is open to look at only, in plain words; "" where it can be written to.
    :param gone: the one that was wanted, and is not there any more.
    """

    session: Session
    why: str = ""
    gone: Path | None = None


def open_project(path: Path, annotator: str, parent: QWidget | None = None) -> Opening | None:
    """Open a project; None where another window has come to the front instead, or the person wants none.

    Of a damaged one, what can be read may be saved in a new project, which is then opened.

    :raises KnownError: it cannot even be looked at; or there is nobody who could be asked.
    """
    opened = partial(_opened, path, parent, annotator=annotator)
    try:
        return Opening(opened())
    except CancelledError:
        return None
    except InUseError as error:
        if not error.host and ring(error.name or path):
            return None
        if _nobody_there(parent) or error.name is not None:
            raise
        return _asked(error, opened, parent)
    except DiskError as error:
        return Opening(opened(read_only=True), saving_words.FULL if error.full else saving_words.no_writing(path))
    except DamagedError as error:
        if _nobody_there(parent):
            raise
        mended = offer(parent, path, error)
        return None if mended is None else open_project(mended, annotator, parent)


def _opened(path: Path, parent: QWidget | None, **options: Any) -> Session:
    """A project; one from elsewhere is looked through first, which takes its time where it is large."""
    with Progress(parent, f"Looking through {path.name}") as progress:
        return Session.open(path, progress=progress.step, **options)


def tell_if_seen(error: KnownError) -> None:
    """Why the program ends before it has a window."""
    if not _nobody_there(None):
        tell(None, error)


def _nobody_there(parent: QWidget | None) -> bool:
    """Is the program just starting, without a screen?"""
    return parent is None and QGuiApplication.platformName() in ("offscreen", "minimal")


_LOOK, _ANYWAY = "Look at it", "Open it all the same…"


def _asked(error: InUseError, opened: "Callable[..., Session]", parent: QWidget | None) -> Opening | None:
    answers = (_LOOK, _ANYWAY) if error.host else (_LOOK,)
    text = f"{error.advice}\n\nHere it can be looked at meanwhile, without changing anything."
    answer = choose(parent, error.title, text, answers)
    if answer == _LOOK:
        return Opening(opened(read_only=True), error.plain)
    if answer == _ANYWAY and _is_sure(error, parent):
        return Opening(opened(anyway=True))
    return None


def _is_sure(error: InUseError, parent: QWidget | None) -> bool:
    title = f"Is it surely not open on {error.host} any more?"
    text = "Where two computers write to one project, work is lost. Say yes only where that one crashed or is off."
    return ask(parent, title, text, "Open it", enter_means_no=True)
