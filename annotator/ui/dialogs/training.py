"""A pipeline from the articles that are done: what to begin from, how it goes, and what came of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from annotator.errors import KnownError
from annotator.session.training import left_out, passes_from, summary
from annotator.session.training_process import Wish, begun
from annotator.ui.dialogs.frame import Frame, typed_path
from annotator.ui.dialogs.pipeline import PipelineField
from annotator.ui.fields import Note, NumberField
from annotator.ui.plain import plain_label, tell_plainly
from annotator.ui.plot import RIGHT, Plot, Series
from annotator.ui.theme import Theme

_FINE = 1000  # steps of the progress bar
_BEGUN = "A training to this folder was begun. It goes on from its last round, with the articles it began with."
_NOTE = "A new folder. An installed pipeline keeps what it knows and learns your labels; blank:LANGUAGE begins at zero."


class TrainingDialog(Frame):
    """Stays beside the window; hiding it ends nothing.

    `begun` (Wish) when a training is wanted, `stopped` when it is to end, `discarded` (Path) when one that was
    begun is not wanted any more, `used` (Path) when its pipeline is wanted in the project.
    """

    begun = Signal(object)
    stopped = Signal()
    discarded = Signal(object)
    used = Signal(object)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, "Train a pipeline", "Train")
        self._project, self._out = "", Path()
        self._is_running = self._may_train = False
        self._rounds: list[dict[str, float]] = []
        self._before: dict[str, Any] | None = None
        self.articles = plain_label("", wrap=True)
        self.base = PipelineField((), "")
        self.passes = NumberField(passes_from(""), 1, 1000)
        self.passes.setAccessibleName("Passes")
        self.path = QLineEdit()
        self.path.setAccessibleName("Write to")
        self.note = Note(_NOTE)
        self.plot = Plot(theme, "Held-out score", "passes over the articles", "The score and the loss appear here.")
        self.bar = QProgressBar(maximum=_FINE, textVisible=False)
        self.bar.setAccessibleName("Progress of the training")
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setAccessibleName("What happened")
        self.log.setTabChangesFocus(True)
        self._build()
        self.make_room(92, 40)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 60, self.fontMetrics().lineSpacing() * 32)

    def _build(self) -> None:
        browse = QPushButton("Choose…")
        browse.clicked.connect(self._browse)
        self._over = QPushButton("Start over")
        self._over.clicked.connect(lambda: self.discarded.emit(self._typed()))
        self._form = QWidget()
        rows = QFormLayout(self._form)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addRow("Begin from", self.base)
        rows.addRow("Passes", self.passes)
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(browse)
        place.addWidget(self._over)
        rows.addRow("Write to", place)
        rows.addRow("", self.note)
        self.log.setMaximumHeight(self.fontMetrics().lineSpacing() * 8)
        for widget in (self.articles, self._form, self.plot, self.bar, self.log):
            self.column.addWidget(widget, 1 if widget is self.plot else 0)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("Close")
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.stop_button = self.buttons.addButton("Stop", role)
        self.stop_button.clicked.connect(self.stopped.emit)
        self.use_button = self.buttons.addButton("Use it now", role)
        self.use_button.clicked.connect(lambda: self.used.emit(self._out))
        self.base.box.currentTextChanged.connect(lambda base: self.passes.set_value(passes_from(base)))
        self.path.textChanged.connect(lambda _text: self._show_state())

    # Before it begins

    def prepare(self, project: Path, articles: str, may_train: bool, bases: Sequence[str], out: Path) -> None:
        """Show what a training would be made from.

        :param articles: how many there are, or why there are too few.
        :param bases: what it can begin from; the first is chosen.
        :param out: where it is proposed to write to.
        """
        if self._project != str(project):
            self._out = Path()
        self._project, self._may_train = str(project), may_train
        self.articles.setText(articles)
        self.base.offer(bases, bases[0])
        self.path.setText(str(out))
        self._show_state()

    def _typed(self) -> Path:
        return typed_path(self.path.text())

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Folder to make", self.path.text())
        if name:
            self.path.setText(name)

    def accept(self) -> None:
        """Begin, or go on; the dialog stays."""
        out = self._typed()
        if not out.name or not out.is_absolute():
            tell_plainly(self, "No folder is named.", "Say where the pipeline is to be written.")
            return
        wish = Wish(self._project, str(out), self.base.model(), self.passes.value(), resume=begun(out) is not None)
        self._out, self._is_running = out, True
        self._rounds, self._before = [], None
        self.log.clear()
        self._say("The articles are read…")
        self._draw()
        self._show_state()
        self.begun.emit(wish)

    def _show_state(self) -> None:
        recipe = None if self._is_running else begun(self._typed())
        if recipe is not None:
            self.base.box.setCurrentText(recipe.base)
            self.passes.set_value(recipe.passes)
        self._form.setEnabled(not self._is_running)
        self._over.setVisible(recipe is not None)
        self.base.setEnabled(recipe is None)
        self.note.setText(_BEGUN if recipe else _NOTE)
        self.accept_button.setText("Go on" if recipe else "Train")
        self.accept_button.setEnabled(not self._is_running and (recipe is not None or self._may_train))
        self.stop_button.setEnabled(self._is_running)
        self.use_button.setEnabled(not self._is_running and (self._out / "training.json").is_file())
        self.bar.setEnabled(self._is_running)

    # While it runs

    def hear(self, message: dict[str, Any]) -> None:
        """Show a message of the training; see `suggest.training`."""
        if "parts" in message:
            self._say(" ".join((summary(message["parts"]), *left_out(message["parts"]))))
        elif "before" in message:
            self._before = message["before"]
            self._say(f"Before: {_figures(message['before'])}")
        elif "round" in message:
            self._rounds.append(message["round"])
            self._say(f"Pass {self._rounds[-1]['pass']:.1f}: {_figures(self._rounds[-1])}")
        elif "done" in message:
            self.bar.setValue(round(message["done"] * _FINE))
        elif "finished" in message:
            self._tell(message["finished"])
        if not message.keys().isdisjoint(("before", "round")):
            self._draw()

    @property
    def project(self) -> str:
        """The file of the project that the training is for."""
        return self._project

    def end(self, error: KnownError | None) -> None:
        """It is through, or has ended before; nothing is wrong where the person stopped it."""
        self._is_running = False
        if error is not None:
            self._say(f"{error.title} {error.advice}".strip())
        self.bar.setValue(0 if error is not None else _FINE)
        self._show_state()

    def _tell(self, report: dict[str, Any]) -> None:
        score, before = report["score"], report["before"]
        self._say(f"{self._out.name} is made. On the articles held out: {_figures(score)}")
        if before is not None and before["f"] >= score["f"]:
            self._say("It is no better there than the pipeline that it began from.")
        for label, each in score["labels"].items():
            self._say(f"    {label}: {_figures(each)}, spans {each['spans']}")

    def _say(self, line: str) -> None:
        self.log.appendPlainText(line)

    def _draw(self) -> None:
        xs = [each["pass"] for each in self._rounds]
        series = [Series("F1", xs, [each["f"] * 100 for each in self._rounds], "blue")]
        if self._before is not None and xs:
            series.append(Series("F1 before", [xs[0], xs[-1]], [self._before["f"] * 100] * 2, "slate"))
        series.append(Series("loss (right)", xs, [each["loss"] for each in self._rounds], "orange", RIGHT))
        self.plot.set_series(series)


def _figures(score: dict[str, Any]) -> str:
    named = f"F1 {score['f'] * 100:.1f}, precision {score['p'] * 100:.1f}, recall {score['r'] * 100:.1f}"
    return f"{named}, loss {score['loss']:.1f}" if "loss" in score else named
