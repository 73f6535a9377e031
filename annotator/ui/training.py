"""Between the window and the process that trains: started here, listened to by a thread, ended with the window."""

import logging
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from annotator import suggest
from annotator.errors import KnownError
from annotator.session.outcome import counted
from annotator.session.training_process import TrainingProcess, Wish, discard
from annotator.suggest import trust
from annotator.suggest.pipelines import blank_language, find, guessed_language
from annotator.ui.dialogs.training import TrainingDialog
from annotator.ui.plain import tell

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_log = logging.getLogger(__name__)
_BACKGROUND = "The training goes on; File > Train a pipeline… shows it."


class Training(QObject):
    """At most one training at a time, and its dialog."""

    _heard = Signal(object, object)  # process, message
    _ended = Signal(object, object)  # process, KnownError or None

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._dialog: TrainingDialog | None = None
        self._process: TrainingProcess | None = None
        self._listener: Thread | None = None
        # the process is listened to in a thread of its own
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Is a pipeline being trained?"""
        return self._process is not None

    def open(self) -> None:
        """Show the dialog: of the training that runs, else for a new one."""
        if self._dialog is None:
            self._dialog = self._made()
        if not self.is_running:
            self._prepare(self._dialog)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _made(self) -> TrainingDialog:
        dialog = TrainingDialog(self._window, self._window.looks.theme)
        self._window.looks.on_theme(dialog.plot.set_theme)
        dialog.begun.connect(self._start)
        dialog.stopped.connect(self._stop_process)
        dialog.discarded.connect(self._discard)
        dialog.used.connect(self._use)
        dialog.finished.connect(lambda _code: self._window.status.say(_BACKGROUND) if self.is_running else None)
        return dialog

    def _prepare(self, dialog: TrainingDialog) -> None:
        session = self._window.desk.session
        project = session.project.path.absolute()
        try:
            split, enough = session.training.split(), True
            learned = counted(len(split.train), "article")
            words = f"{project.name}: {learned} to learn from, {len(split.held_out)} held out for the score."
        except KnownError as error:
            words, enough = f"{project.name}: {error.title} {error.advice}", False
        installed = [model.name for model in suggest.installed_models()]
        bases = [session.model, *installed, *session.training.trained(), f"blank:{_language(session.model)}"]
        dialog.prepare(project, words, enough, bases, _proposed(project))

    # One training

    def _start(self, wish: Wish) -> None:
        assert self._dialog is not None
        try:
            if wish.base != self._window.desk.session.model:  # else nobody has chosen it by that
                trust.choose(wish.base)
            self._process = TrainingProcess(wish)
        except KnownError as error:
            self._dialog.end(error)
            return
        self._listener = Thread(target=self._listen, args=[self._process], name="training-listener", daemon=True)
        self._listener.start()

    def _listen(self, process: TrainingProcess) -> None:
        error: KnownError | None = None
        try:
            for message in process.messages():
                self._heard.emit(process, message)
        except KnownError as known:
            error = known
        except Exception:
            _log.exception("listening to the training failed")
            error = KnownError("The training has stopped.", "It can go on from its last round.")
        with suppress(RuntimeError):  # the window is gone
            self._ended.emit(process, error)

    def _on_heard(self, process: TrainingProcess, message: dict[str, object]) -> None:
        if process is self._process and self._dialog is not None:
            self._dialog.hear(message)

    def _on_ended(self, process: TrainingProcess, error: KnownError | None) -> None:
        if process is not self._process or self._dialog is None:
            return
        self._process = None
        self._dialog.end(error)
        if error is None:
            self._dialog.path.setText(str(_proposed(Path(process.wish.project))))
        if not self._dialog.isVisible():
            said = f"{error.title} {error.advice}" if error else "The pipeline is trained; File > Train a pipeline…"
            self._window.status.say(said)

    def _stop_process(self) -> None:
        if self._process is not None:  # its end takes longer than a frame
            Thread(target=self._process.kill, name="training-end", daemon=True).start()

    def _discard(self, out: Path) -> None:
        try:
            discard(out)
        except KnownError as error:
            tell(self._dialog, error)
        if self._dialog is not None:
            self._prepare(self._dialog)

    def stop(self) -> None:
        """End the process at once; the training can go on from its last round."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
        if self._listener is not None:
            self._listener.join(timeout=5)

    # The project's pipeline

    def _use(self, out: Path) -> None:
        assert self._dialog is not None
        if self._dialog.project == str(self._window.desk.session.project.path.absolute()):
            self._use_model(str(out), chosen=True)
        else:
            name = Path(self._dialog.project).name
            tell(self._dialog, KnownError(f"This pipeline was trained for {name}.", "Open that project first."))

    def go_back(self) -> None:
        """Use the pipeline before the present one again."""
        before = self._window.desk.session.training.model_before()
        if before:
            self._use_model(before, chosen=False)
        else:
            tell(self._window, KnownError("The project has used no other pipeline."))

    def _use_model(self, model: str, chosen: bool) -> None:
        try:
            self._window.desk.session.set_model(model, chosen=chosen)
        except KnownError as error:
            tell(self._window, error)
        else:
            self._window.suggesting.start_again()
            self._window.status.say(f"Suggestions come from {Path(model).name} now.")


def _language(model: str) -> str:
    info = find(model)
    return info.language if info else blank_language(model) or guessed_language(model)


def _proposed(project: Path) -> Path:
    """Beside the project: the training that was begun last, else the first name that is free."""
    number = 1
    while (out := project.with_name(f"{project.stem}-pipeline-{number}")).exists():
        number += 1
    return out
