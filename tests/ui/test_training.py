"""The training dialog on the real process: it never blocks the window, may be hidden, and outlives neither."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QPushButton

from annotator.session import Session
from annotator.session.training_process import begun
from annotator.ui.dialogs.training import TrainingDialog
from annotator.ui.plot import RIGHT, Plot, Series, ticks
from annotator.ui.theme import Theme
from tests.decided import decided_project
from tests.ui.conftest import Open
from tests.ui.hands import activate, nameless, press


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    return decided_project(tmp_path / "made-up.annot")


def wait(holds: Callable[[], object], seconds: float = 60) -> None:
    """A training takes seconds."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        QTest.qWait(20)
    assert holds()


def opened(window: Any) -> TrainingDialog:
    window.findChild(QAction, "train").trigger()
    return window.findChild(TrainingDialog)  # type: ignore[no-any-return]


def click(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_trained_while_hidden_used_and_gone_back_from(open_window: Open, decided: Path) -> None:
    window = open_window(decided)
    dialog = opened(window)
    words = r"made-up.annot: 1\d articles to learn from, \d held out for the score\."
    assert re.fullmatch(words, dialog.articles.text())
    assert dialog.path.text() == str(decided.with_name("made-up-pipeline-1"))
    assert (dialog.base.model(), dialog.passes.value()) == ("blank:en", 40)
    assert not dialog.use_button.isEnabled()
    assert nameless(dialog) == []
    dialog.passes.set_value(4)
    activate(dialog)
    press(dialog, Qt.Key.Key_Return)
    assert window.training.is_running
    assert not dialog.accept_button.isEnabled()
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    wait(lambda: not window.training.is_running)
    assert "Train a pipeline" in window.status.hint.text()

    opened(window)
    out = decided.with_name("made-up-pipeline-1")
    assert dialog.path.text() == str(decided.with_name("made-up-pipeline-2"))
    assert "F1" in dialog.plot.accessibleDescription()
    assert "made-up-pipeline-1 is made" in dialog.log.toPlainText()
    assert dialog.bar.value() == dialog.bar.maximum()
    assert window.desk.session.training.trained() == [str(out)]
    click(dialog.use_button)
    assert window.desk.session.model == str(out)
    window.findChild(QAction, "pipeline_before").trigger()
    assert window.desk.session.model == "blank:en"


def test_stopped_and_gone_on_with(open_window: Open, decided: Path) -> None:
    window = open_window(decided)
    dialog = opened(window)
    dialog.passes.set_value(300)
    click(dialog.accept_button)
    wait(lambda: "Pass 1" in dialog.log.toPlainText())
    click(dialog.stop_button)
    wait(lambda: not window.training.is_running)
    assert dialog.accept_button.text() == "Go on"
    assert not dialog.base.isEnabled()
    dialog.passes.set_value(3)
    click(dialog.accept_button)
    wait(lambda: not window.training.is_running)
    assert (decided.with_name("made-up-pipeline-1") / "training.json").is_file()


def test_closing_the_window_ends_it_and_the_next_one_can_start_over(open_window: Open, decided: Path) -> None:
    window = open_window(decided)
    dialog = opened(window)
    dialog.passes.set_value(500)
    click(dialog.accept_button)
    wait(lambda: "Pass" in dialog.log.toPlainText())
    pid = window.training._process.pid
    window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    out = decided.with_name("made-up-pipeline-1")
    assert begun(out)

    dialog = opened(open_window(decided))
    assert dialog.accept_button.text() == "Go on"
    assert dialog.passes.value() == 500
    over = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Start over")
    click(over)
    assert not begun(out)
    assert dialog.accept_button.text() == "Train"
    assert not over.isVisible()


def test_too_few_articles_cannot_be_trained_on(open_window: Open, project: Path) -> None:
    dialog = opened(open_window(project))
    assert "0 articles are done" in dialog.articles.text()
    assert not dialog.accept_button.isEnabled()
    click(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    assert not dialog.isVisible()


def test_what_goes_wrong_is_said_in_the_dialog(open_window: Open, decided: Path) -> None:
    window = open_window(decided)
    dialog = opened(window)
    dialog.base.box.setCurrentText("de_core_news_none")
    click(dialog.accept_button)
    wait(lambda: not window.training.is_running)
    assert "de_core_news_none is not installed" in dialog.log.toPlainText()


def test_a_pipeline_goes_only_into_the_project_that_it_was_trained_for(
    open_window: Open, decided: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    window = open_window(decided)
    dialog = opened(window)
    dialog.passes.set_value(1)
    click(dialog.accept_button)
    wait(lambda: not window.training.is_running)
    window.show_session(Session.open(project, annotator="ana"))
    click(dialog.use_button)
    assert "made-up.annot" in told[0]
    assert window.desk.session.model == "blank:en"
    opened(window)
    assert not dialog.use_button.isEnabled()


# The plot


@pytest.mark.parametrize(
    ("least", "greatest", "marks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (38.8, 61.7, [35, 40, 45, 50, 55, 60, 65]),
        (0.01, 0.06, [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]),
        (5, 5, [5, 6]),
        (0, 0, [0.0, 0.2]),
        (-3, 12_000, [-5000, 0, 5000, 10_000, 15_000]),
    ],
)
def test_ticks_are_round_and_hold_everything(least: float, greatest: float, marks: list[float]) -> None:
    assert ticks(least, greatest) == marks


@pytest.mark.parametrize("dark", [False, True])
def test_each_line_is_painted_in_its_colour(qt_app: Any, dark: bool) -> None:
    theme = Theme(dark)
    plot = Plot(theme, "Score", "passes", "Nothing yet.")
    plot.resize(400, 240)
    assert colours(plot).isdisjoint({theme.hue("blue").ink.name(), theme.hue("orange").ink.name()})
    plot.set_series(
        [Series("F1", [0, 1], [50.0, 61.5]), Series("loss", [1], [7.25], "orange", RIGHT), Series("x", [], [])]
    )
    assert {theme.hue("blue").ink.name(), theme.hue("orange").ink.name()} <= colours(plot)
    assert plot.accessibleDescription() == "F1 61.5, loss 7.25"
    plot.resize(plot.minimumSizeHint())
    assert theme.hue("blue").ink.name() in colours(plot)


def colours(plot: Plot) -> set[str]:
    picture = plot.grab().toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
