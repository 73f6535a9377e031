"""A project that somebody or something changed outside the program: said once, calmly, with what can be done."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator import settings
from annotator.errors import KnownError
from annotator.session import Session
from annotator.store.complaints import known_errors
from annotator.store.signs import Sign
from annotator.ui import saving_words
from annotator.ui.dialogs.progress import CancelledError, Progress
from annotator.ui.notice_bar import CAUTION, Notice, NoticeBar
from annotator.ui.plain import tell_plainly
from annotator.ui.timers import once_after, ticking

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_HAND_RESTS = 300  # milliseconds after an article came; it is on the screen long before
_PAUSE = 40  # milliseconds between two parts of the history, each a millisecond's work
_MOST_SHOWN = 12  # problems of a check
_NAME = "changed"


class Changes(QObject):
    """Looks in passing: at opening, at each article that is shown, and through the history bit by bit."""

    def __init__(self, window: "MainWindow", bar: NoticeBar) -> None:
        super().__init__(window)
        self._window, self._bar = window, bar
        self._seen = set[int]()  # articles
        self._history: Iterator[Sign | None] = iter(())
        self._article_came = once_after(self, _HAND_RESTS)
        self._article_came.timeout.connect(self.look_at_article)
        self._walk = ticking(self, _PAUSE)
        self._walk.timeout.connect(self.look_further)
        window.desk.opened.connect(lambda _article: self._article_came.start())

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    def attach(self, session: Session) -> None:
        """Look at this project from now on."""
        self._seen.clear()
        for sign in session.checkup.at_opening():
            self._tell(sign)
        self._history = session.checkup.in_history()
        self._walk.start()

    def look_at_article(self) -> None:
        """At the one on the desk, once in a session."""
        article = self._window.desk.article
        if article is None or article.id in self._seen:
            return
        self._seen.add(article.id)
        with suppress(KnownError, OSError), known_errors(self._session.project.path):
            if sign := self._session.checkup.of_article(article.id):
                self._tell(sign)

    def look_further(self) -> None:
        """At the next part of the history; at its end or its first broken step that is all."""
        sign = None
        with suppress(KnownError, StopIteration), known_errors(self._session.project.path):
            sign = next(self._history)
            if sign is None:
                return
        self._walk.stop()
        if sign is not None:
            self._tell(sign)

    def _tell(self, sign: Sign) -> None:
        """Once: what was read need not be read at each start."""
        uid = self._session.project.meta("project_uid")
        if settings.was_told(uid, sign.where):
            return
        with suppress(KnownError):
            settings.remember_told(uid, sign.where)
        answers = (("Look…", self.check), ("Backups…", self._window.backing_up.open))
        title = saving_words.changed_outside(sign.what)
        self._bar.put(_NAME, Notice(CAUTION, title, saving_words.AFTER_CHANGE, answers))

    def check(self) -> None:
        """The whole check, and what it found."""
        path = self._session.project.path
        try:
            with Progress(self._window, "Checking the project") as progress, known_errors(path):
                verdict = self._session.checkup.run_beside(progress.step)
        except CancelledError:
            return
        except KnownError as error:
            self._window.desk.fail(error)
            return
        more = len(verdict.problems) - _MOST_SHOWN
        lines = [*verdict.problems[:_MOST_SHOWN], *([f"… and {more:,} more."] if more > 0 else [])]
        advice = [] if verdict.holds else ["", saving_words.AFTER_DAMAGE]
        tell_plainly(self._window, verdict.summary(), "\n".join([*lines, *advice]))
