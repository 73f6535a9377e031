"""Backups as the window has them: every so often, on closing, before much changes; and back to one of them."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.errors import KnownError, MassChangeError, MovedError
from annotator.session import Session
from annotator.session.backups import BEFORE_RESTORE
from annotator.store.backups import Backup
from annotator.store.restoring import exchanged, prepared
from annotator.ui import words
from annotator.ui.dialogs.backups import BackupsDialog
from annotator.ui.dialogs.progress import CancelledError, Progress
from annotator.ui.outside import open_own
from annotator.ui.plain import ask, tell, tell_plainly

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_TURN = 0.02  # seconds between two looks at what is written in the background
_MINUTE = 60_000  # milliseconds


class BackingUp(QObject):
    """Has the session make backups while somebody decides; what stands in the way is said once and stops nobody.

    `ended` a backup was made, or not (Backup or None, KnownError or None); it comes from another thread.
    """

    ended = Signal(object, object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._has_complained = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self._session.backups.make_in_background())
        self.ended.connect(self._on_ended)
        window.looks.changed.connect(self._apply)
        window.desk.permits = self._permits

    @property
    def _session(self) -> Session:
        return self._window.desk.session

    def attach(self, session: Session) -> None:
        """Look after this project from now on."""
        session.backups.automatic = session.backups.in_background = not session.project.read_only
        session.backups.listeners = [self.ended.emit]
        session.alarm.limit = self._window.looks.settings.get("alarm") or None
        self._apply()

    def _apply(self) -> None:
        chosen = self._window.looks.settings
        every = chosen.get("backup_every") * _MINUTE
        if not every:
            self._timer.stop()
        elif self._timer.interval() != every or not self._timer.isActive():
            self._timer.start(every)
        self._session.alarm.limit = chosen.get("alarm") or None

    def _on_ended(self, _backup: Backup | None, trouble: KnownError | None) -> None:
        if trouble is None:
            self._has_complained = False
        elif isinstance(trouble, MovedError):
            self._window.safety.on_failed_behind(trouble)
        elif not self._has_complained:
            self._has_complained = True
            self._window.desk.said.emit(trouble.plain)

    def _permits(self, error: MassChangeError) -> bool:
        text, yes = (words.TAKE_THEM_AWAY, "Take them away") if error.gone else (words.CHANGE_THEM, "Change them")
        return ask(self._window, error.title, text, yes, enter_means_no=True)

    def finish(self, session: Session) -> None:
        """Make the last one before the project is closed; on a large project, says so and can be skipped."""
        if not session.backups.automatic:
            return
        try:
            with Progress(self._window, "Backing up before closing", cancel="Skip") as progress:
                session.backups.hurry()
                while session.backups.is_busy:
                    progress.step_bytes(*session.backups.done)
                    time.sleep(_TURN)
                session.backups.make_last(progress.step_bytes)
        except KnownError as error:
            if not isinstance(error, CancelledError):
                self._on_ended(None, error)

    # The dialog

    def open(self) -> None:
        """Show what is there, and go back to it."""
        window = self._window
        dialog = BackupsDialog(window, self._session, window.looks.theme)
        dialog.articles_wanted.connect(self.restore_articles)
        dialog.all_wanted.connect(self.restore_all)
        dialog.folder_wanted.connect(self.open_folder)
        self.ended.connect(dialog.on_ended)
        window.desk.said.connect(dialog.tell)  # the window's own line is behind the dialog
        try:
            dialog.asked()
        finally:
            window.desk.said.disconnect(dialog.tell)
            self.ended.disconnect(dialog.on_ended)
            dialog.let_go()

    def restore_articles(self, backup: Backup, ids: list[int]) -> None:
        """Make these articles what they were; it can be undone."""
        backups = self._session.backups
        self._window.desk.attempt(lambda: backups.restore_articles(backup, ids), alone=True)

    def restore_all(self, backup: Backup) -> None:
        """Ask, and put a backup in the place of the project."""
        path = self._session.project.path
        title = f"Go back to {words.backup_at(backup.at)}?"
        if not ask(self._window, title, words.go_back(backup, path), "Go back", enter_means_no=True):
            return
        try:
            kept = self._exchange(backup, path)
        except MovedError as error:
            self._window.safety.on_failed(error)
        except KnownError as error:
            tell(self._window, error)
        else:
            tell_plainly(self._window, f"The project is as of {words.backup_at(backup.at)}.", words.kept_as(kept))

    def _exchange(self, backup: Backup, path: Path) -> Path:
        window, session = self._window, self._session
        with Progress(window, "Going back", cancel="Cancel") as progress:
            session.backups.stop()
            session.backups.make(BEFORE_RESTORE, progress.step_bytes)
            part = prepared(backup, path)
        window.suggesting.stop()
        session.backups.automatic = False  # it is backed up, and closed already when the other one is shown
        session.close()
        try:
            return exchanged(part, path)
        finally:
            window.show_session(Session.open(path, annotator=window.looks.settings.get("annotator")))

    def open_folder(self) -> None:
        """Show the backups in the system's file manager."""
        folder = self._session.backups.folder
        if not open_own(folder):
            tell_plainly(self._window, "Backups", f"They are in {folder}.")
