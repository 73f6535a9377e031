"""The panel that shows the program learn: opened by key, followed while articles are finished."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from annotator.ui import learning
from annotator.ui.theme import Theme
from tests.ui.conftest import Open
from tests.ui.hands import eventually, nameless, press, rich_labels

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(window: Any) -> learning.LearningPanel:
    """The panel, by its key, as soon as it has read the project."""
    window.activateWindow()
    press(window, Key.Key_3, CTRL)
    panel: learning.LearningPanel = window.learning.panel
    eventually(lambda: panel.sentence.text() and not panel._turns.isActive())
    return panel


def plotted(plot: Any) -> dict[str, list[float]]:
    """The values of each series by name."""
    return {each.name: [round(y, 3) for y in each.ys] for each in plot._series}


def test_an_empty_one_says_what_will_be_there(open_window: Open, project: Path) -> None:
    panel = opened(open_window(project))
    assert panel.sentence.text() == "Nothing is finished yet; the plots begin with the first article that is."
    assert [plot.accessibleDescription() for plot in panel.plots if plot._series] == []
    assert panel.corrections.accessibleDescription().startswith("How many corrections")


def test_it_follows_when_articles_are_finished_and_taken_back(open_window: Open, project: Path) -> None:
    window = open_window(project)
    panel = opened(window)
    window.desk.apply_label("LOC", everywhere=False)  # the first span, ORG until now
    window.desk.finish()
    eventually(lambda: plotted(panel.corrections) == {"each": [0.167], "mean of 10": [0.167]})
    assert panel.sentence.text().startswith("1 finished article; 0.167 corrections an entity.")
    window.desk.finish()
    eventually(lambda: plotted(panel.one_key) == {"mean of 25": [0.0, 0.5]})
    assert panel.labels._names == ["ORG", "LOC", "MISC"]
    assert set(plotted(panel.labels)) == {"right", "found", "both: F1"}
    window.desk.session.undo()
    eventually(lambda: plotted(panel.one_key) == {"mean of 25": [0.0]})


def test_a_closed_panel_reads_nothing_and_catches_up(open_window: Open, project: Path) -> None:
    window = open_window(project)
    panel = opened(window)
    panel.close()
    window.desk.finish()
    QTest.qWait(120)
    assert panel.one_key._series == []
    assert window.learning.panel is panel
    window.learning.open()
    eventually(lambda: plotted(panel.one_key) == {"mean of 25": [1.0]})


def test_another_project_has_its_own_curves(open_window: Open, project: Path, tmp_path: Path) -> None:
    from annotator.session import Session

    other = tmp_path / "other.annot"
    with Session.open(other, create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": "Berlin."}])
    window = open_window(project)
    panel = opened(window)
    window.desk.finish()
    eventually(lambda: panel.one_key._series)
    window.files.open_path(other)
    eventually(lambda: not panel.one_key._series)


def test_colours_follow_the_theme(open_window: Open, project: Path) -> None:
    window = open_window(project)
    panel = opened(window)
    window.looks.show_theme("dark")
    assert all(plot._theme.dark for plot in panel.plots)
    assert isinstance(panel.corrections._theme, Theme)


@pytest.mark.parametrize(("width", "columns"), [(1000, 2), (430, 1)])
def test_plots_stand_side_by_side_where_there_is_room(
    open_window: Open, project: Path, width: int, columns: int
) -> None:
    panel = opened(open_window(project))
    panel.resize(width, 500)
    QTest.qWait(60)
    lefts = {plot.mapTo(panel, plot.rect().topLeft()).x() for plot in panel.plots}
    assert len(lefts) == columns
    assert all(plot.width() >= 220 for plot in panel.plots)


def test_very_many_articles_are_plotted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_POINTS", 4)
    values = [(n, n % 2, 1) for n in range(1, 11)]
    points, mean = learning._course(values, 2, "blue")
    assert (points.name, list(points.xs), list(points.ys)) == ("3 together", [3, 6, 9], [2 / 3, 1 / 3, 2 / 3])
    assert (mean.name, list(mean.xs), list(mean.ys)) == ("mean of 2", [3, 6, 9], [0.5, 0.5, 0.5])


def test_duration_is_readable() -> None:
    assert [learning._duration(seconds) for seconds in (0, 40.4, 119, 150)] == ["0 s", "40 s", "119 s", "2:30"]


def test_it_is_plain_and_named(open_window: Open, project: Path) -> None:
    panel: QWidget = opened(open_window(project))
    assert rich_labels(panel) == []
    assert nameless(panel) == []
