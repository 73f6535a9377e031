"""What stands in the way of saving, seen by the person: the bar over the window, and what can be done about it.

Full disk, moved file, network drive, project open to look at only: each has its notice and its way out.
"""

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from annotator import paths, settings
from annotator.errors import DiskError, KnownError, MovedError
from annotator.session import Session
from annotator.store.disk import ROOM_TO_WARN, free_bytes
from annotator.ui import saving_words
from annotator.ui.changes import Changes
from annotator.ui.dialogs.new_project import new_file
from annotator.ui.dialogs.progress import Progress
from annotator.ui.doorbell import Doorbell
from annotator.ui.notice_bar import CAUTION, ERROR, NEWS, Notice, NoticeBar
from annotator.ui.plain import choose, tell
from annotator.ui.salvaging import go_back, newest_backup
from annotator.ui.timers import once_after, ticking

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_log = logging.getLogger(__name__)
_IDLE = 30_000  # milliseconds without a decision; then the log goes into the file, so that a copy is whole
_LATEST = 120_000  # milliseconds; where nobody rests, it goes there all the same
_LOOK = 2_000  # milliseconds between two looks at the file
_SAVE, _LEAVE = "Save it…", "Close without saving"


class Safety(QObject):
    """Watches over the project of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.bar = NoticeBar()
        self.changes = Changes(window, self.bar)
        self.bar.left.connect(lambda: window.view.setFocus())
        self._rescued: Path | None = None  # where all was saved when the file had gone
        self._no_rescue = ""  # why it was not
        self._why = ""  # it is open to look at only
        self._bell = Doorbell(self)
        self._bell.rung.connect(self._come_to_front)
        self._idle = once_after(self, _IDLE)
        self._idle.timeout.connect(self._checkpoint)
        self._latest = once_after(self, _LATEST)
        self._latest.timeout.connect(self._checkpoint)
        self._look = ticking(self, _LOOK)
        self._look.timeout.connect(self.look)
        _application().applicationStateChanged.connect(self._on_application)

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    # One project

    def attach(self, session: Session, why: str = "") -> None:
        """Watch over this project from now on.

        :param why: it is open to look at only; "" where it is not, or the reason need not be told.
        """
        self.bar.clear()
        self._rescued = None
        self._look.start()
        self.changes.attach(session)
        project = session.project
        self._why = why
        self._window.looking.switch(project.read_only)
        if project.read_only:
            answers = (("Open to write", self._write), ("Save a copy…", self.save_as))
            self.bar.put("looking", Notice(NEWS, saving_words.LOOK_ONLY, why, answers, can_go=False))
            return
        project.guard()
        self._bell.attach(project.path)
        if project.caution:
            self.bar.put("disk", Notice(CAUTION, project.caution))
        for notice in project.notices:
            self.bar.put(notice, Notice(CAUTION, notice))
        if settings.rescued_from(project.path) is not None:
            self._tell_rescued()

    def _tell_rescued(self) -> None:
        """What is worked on is not the file that the person chose."""
        of = settings.rescued_from(self._session.project.path)
        if of is not None:
            is_there = of.exists()
            answers = ((saving_words.OPEN_IT, self._open_original),) if is_there else ()
            where = saving_words.original(of, is_there=is_there)
            self.bar.put("rescued", Notice(NEWS, saving_words.is_rescued(of), where, answers))

    def _open_original(self) -> None:
        of = settings.rescued_from(self._session.project.path)
        if of is not None:
            self._window.files.open_path(of)

    def go_to_notice(self) -> None:
        """Put the keyboard on the bar's first answer; Escape brings it back to the text."""
        if not self.bar.take_keyboard():
            self._window.status.say(saving_words.NO_NOTICE)

    def _write(self) -> None:
        desk, before = self._window.desk, self._session
        article, at = desk.article, desk.at
        self._window.files.open_path(before.project.path, again=True)
        if self._session is before:
            return
        with suppress(KnownError):  # it was taken back meanwhile
            if article is not None:
                desk.open_article(article.id)
                desk.come_back(at)
        if self._session.project.read_only:
            self._window.status.say(saving_words.still_looking(self._why))

    def on_failed(self, error: KnownError) -> None:
        """A decision was refused: say so where it cannot be overlooked and does not stop the hands."""
        if self._session.project.read_only:
            self._window.status.say(saving_words.look_only(self._why))
        elif isinstance(error, MovedError):
            self._tell_not_saved()
            self._on_moved(error)
        elif isinstance(error, DiskError):
            self._tell_not_saved()
            self._on_refused(error)
        else:
            tell(self._window, error)

    def _tell_not_saved(self) -> None:
        self._window.status.show_saved(saving_words.NOT_SAVED, bad=True)
        self._window.status.say(saving_words.REFUSED)

    def _on_refused(self, error: DiskError) -> None:
        """One decision can be tried again; of several, the person has to: they are named."""
        desk = self._window.desk
        again = (("Try again", desk.try_again),) if desk.refused == 1 else ()
        title, advice = error.title, error.advice
        if desk.refused > 1:
            title = saving_words.refused(title, desk.refused)
            advice = saving_words.which(advice, desk.refused_steps)
        self.bar.put("refused", Notice(ERROR, title, advice, again))

    def _on_moved(self, error: MovedError) -> None:
        """What was decided may be in memory only: it is saved at once, before anything else can happen."""
        if self._rescued is None or not self._rescued.exists():
            self._rescued = self._rescue()
            self._session.project.checkpoint()  # so that the file is whole where it is now
        here = saving_words.rescued(self._rescued) if self._rescued is not None else self._no_rescue or error.advice
        go_on = (("Go on there", self._go_on_there),) if self._rescued is not None else ()
        self.bar.put("moved", Notice(ERROR, error.title, here, (*go_on, (_SAVE, self.save_as)), can_go=False))

    def _rescue(self) -> Path | None:
        gone, where = self._session.project.path, "the folder of projects"
        try:
            where = str(folder := paths.rescued_dir())
            path = _free_name(folder / (settings.rescued_from(gone) or gone).name, but=gone)
            self._session.rescue(path)
            with suppress(KnownError):  # the next start opens it
                settings.remember_rescued(path, gone)
        except KnownError as error:
            _log.warning("the project could not be rescued: %s", type(error).__name__)
            self._no_rescue = saving_words.not_rescued(where, error.title)
            return None
        return path

    def _go_on_there(self) -> None:
        self.look()
        if self._rescued is not None and self.bar.has("moved"):
            self._window.files.open_path(self._rescued)

    def on_failed_behind(self, error: KnownError) -> None:
        """Suggestions could not be made or kept; the person decided nothing."""
        if isinstance(error, MovedError):
            self._on_moved(error)
        elif isinstance(error, DiskError):
            self._window.status.say(saving_words.SUGGESTIONS_LOST)
        else:
            self._window.status.say(error.plain)

    def on_committed(self) -> None:
        """A decision is on the disk: what stood in its way is gone."""
        self.bar.take("refused")
        self._window.commenting.refresh()
        self._window.status.show_saved(saving_words.saved_now())

    def on_rows(self) -> None:
        """Something was written, which says nothing of a decision that was refused."""
        if not (self.bar.has("refused") or self.bar.has("moved")):
            self._window.status.show_saved("" if self._session.project.read_only else saving_words.saved_now())
        self._idle.start()
        if not self._latest.isActive():
            self._latest.start()

    def tell_gone(self, path: Path) -> None:
        """The project opened last is not there any more, and this one was opened in its place."""
        backup = newest_backup(path)
        back = saving_words.back_to(backup, path) if backup is not None else ""
        answers = ((back, lambda: self._bring_back(path)),) if back else ()
        self.bar.put("gone", Notice(CAUTION, saving_words.gone(path), saving_words.WHERE_IT_MAY_BE, answers))

    def _bring_back(self, path: Path) -> None:
        backup = newest_backup(path)
        if backup is not None and go_back(self._window, path, backup) is not None:
            self.bar.take("gone")
            self._window.files.open_path(path)

    def look(self) -> None:
        """Is all as it was? Before the next decision finds out."""
        self._bell.look()
        try:
            if self._session.project.read_only:
                self._session.look_again()
            else:
                self._session.project.check_identity()
                self._come_back()
        except KnownError as error:
            self.on_failed(error)
        if self.bar.has("rescued"):
            self._tell_rescued()
        self._look_at_room()

    def _come_back(self) -> None:
        """The file is where it was: what is decided from now on is not in what was rescued."""
        if self.bar.has("moved"):
            self.bar.take("moved")
            self._rescued, project = None, self._session.project.path
            self.on_rows()
            self._window.status.say(saving_words.is_back(project))
            with suppress(KnownError):  # the next start opens it, and not what was rescued
                settings.remember(project)

    def _look_at_room(self) -> None:
        free = free_bytes(self._session.project.path)
        if free is not None and free < ROOM_TO_WARN and not self._session.project.read_only:
            self.bar.put("room", Notice(CAUTION, saving_words.little_room(free), saving_words.MAKE_ROOM))
        else:
            self.bar.take("room")

    def _checkpoint(self) -> None:
        self._idle.stop()
        self._latest.stop()
        if not self._session.project.read_only:
            self._session.project.checkpoint()

    def _on_application(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationInactive and self._look.isActive():
            self._checkpoint()

    def _come_to_front(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        QApplication.alert(window)  # where the desktop lets nobody push to the front

    # Ways out

    def save_copy(self) -> Path | None:
        """A whole copy for somebody else, or to keep; the project stays open. None where none was made."""
        before = self._session.project.path
        suggested = str(_free_name(before.with_name(f"{before.stem}-copy{before.suffix}")))
        path = new_file(self._window, "Save a copy", suggested)
        if path is None:
            return None
        try:
            with Progress(self._window, "Saving a copy") as progress:
                self._session.rescue(path, progress.step)
        except KnownError as error:
            self._window.desk.said.emit("No copy was saved.")
            tell(self._window, error)
            return None
        self._window.desk.said.emit(f"The copy is saved: {path}")
        return path

    def save_as(self) -> bool:
        """Save all that was decided in a new file and go on there; False where that was not done."""
        path = self.save_copy()
        if path is None:
            return False
        self._rescued = path
        self._window.files.open_path(path)
        return self._session.project.path == path

    def may_close(self) -> bool:
        """May the window go? Not unasked where what was decided is in no file any more."""
        self.look()
        if self.bar.has("moved") and self._rescued is None:
            answer = choose(self._window, saving_words.NO_FILE, saving_words.SAVE_BEFORE, (_SAVE, _LEAVE))
            return answer == _LEAVE or (answer == _SAVE and self.save_as())
        return True


def _application() -> QGuiApplication:
    """The one there is."""
    made = QGuiApplication.instance()
    assert isinstance(made, QGuiApplication)
    return made


def _free_name(path: Path, but: Path | None = None) -> Path:
    """Beside the old one, in a folder that is there.

    :param but: also free by now, and not to be taken.
    """
    folder = path.parent if path.parent.is_dir() else Path.home()
    names = (folder / f"{path.stem}{number}{path.suffix}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    return next((name for name in names if name != but and not name.exists()), path)
