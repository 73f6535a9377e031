"""What every test stands on: folders of its own, no display, and nothing unexpected said by anybody.

A test fails when Qt warns, when an exception ends in a slot (PySide6 only prints it), or when
something is logged from WARNING on; the last can be expected with `@pytest.mark.expects_log`.
"""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long an example takes says more of the machine than of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What Qt says on the offscreen platform, where there is neither a window manager nor an input method.
HARMLESS = (
    "This plugin does not support",
    "QFontDatabase: Cannot find font directory",
)

_said: list[str] = []


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All of the program's own folders, below one that only this test has."""
    folder = tmp_path / "home"
    monkeypatch.setenv("ANNOTATOR_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_unexpected(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fails the test that made Qt, a slot or the log complain."""
    _said.clear()
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _place: _said.append(f"{kind.__name__}: {error}"))
    yield
    said = list(_said)
    if not request.node.get_closest_marker("expects_log"):
        records = caplog.get_records("setup") + caplog.get_records("call")
        said += [f"log: {r.name}: {r.getMessage()}" for r in records if r.levelno >= logging.WARNING]
    assert not said, "\n".join(said)


@pytest.fixture(scope="session")
def qt_app() -> Iterator[Any]:
    """The one QApplication; Qt is imported only when a test asks for it."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication

    from annotator.ui.theme import SIGN_FAMILIES

    loud = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)

    def listen(kind: QtMsgType, _context: object, message: str) -> None:
        if kind in loud and not message.startswith(HARMLESS):
            _said.append(f"Qt: {message}")

    qInstallMessageHandler(listen)
    app = QApplication.instance() or QApplication(["annotator"])
    # in each locale the same: the system's own for Chinese is half as wide again, and dialogs are measured here
    app.setFont(QFont(list(SIGN_FAMILIES), app.font().pointSize()))
    yield app
    qInstallMessageHandler(None)
