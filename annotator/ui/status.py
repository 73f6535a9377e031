"""The line at the window's foot: what was done, where the project stands, what is saved."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStatusBar

from annotator.session import Progress
from annotator.ui import words
from annotator.ui.plain import CutLabel, PlainLabel, plain_label
from annotator.ui.timers import once_after

_SHOWN = 8000  # milliseconds


class Status(QStatusBar):
    """Left what was said last, right the project's progress and what the program is at."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self.hint = CutLabel()
        self.hint.setObjectName("hint")
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a narrow window cuts it
        self.worker = self._label("worker")
        self.worker.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.saved = self._label("saved")
        self.count = self._label("count")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setObjectName("progress")
        self.bar.setFixedWidth(self.fontMetrics().averageCharWidth() * 18)
        self.bar.setAccessibleName("Progress through the project")
        self.addWidget(self.hint, 1)
        for widget in (self.worker, self.saved, self.count, self.bar):
            self.addPermanentWidget(widget)
        self._fade = once_after(self, _SHOWN)
        self._fade.timeout.connect(self._show_hint)
        self._hint = ""

    @staticmethod
    def _label(name: str) -> PlainLabel:
        label = plain_label("")
        label.setObjectName(name)
        return label

    def set_hint(self, hint: str) -> None:
        """What stands there when nothing was said lately."""
        self._hint = hint
        self._show_hint()

    def _show_hint(self) -> None:
        self.hint.setText(self._hint)

    def say(self, line: str) -> None:
        """Show one line for a while."""
        self.hint.setText(line)
        self._fade.start()

    def show_progress(self, progress: Progress) -> None:
        """How many of the project's articles are decided."""
        self.bar.setRange(0, max(progress.total, 1))
        self.bar.setValue(progress.decided)
        self.count.setText(words.progress(progress))

    def show_saved(self, line: str, *, bad: bool = False) -> None:
        """What is on the disk; bad where something is not."""
        self.saved.setText(line)
        if self.saved.property("bad") != bad:
            self.saved.setProperty("bad", bad)
            self.saved.style().unpolish(self.saved)
            self.saved.style().polish(self.saved)

    def show_worker(self, line: str) -> None:
        """What goes on in the background."""
        self.worker.setText(line)
        # room for the longest it said, so that the rest of the line stands still
        self.worker.setMinimumWidth(max(self.worker.minimumWidth(), self.worker.sizeHint().width()))
