"""The window from the command line: which words open it, and a plain line where it cannot open."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import annotator.ui
from annotator import display, paths
from annotator.cli import COMMANDS
from annotator.errors import KnownError
from tests.cli.conftest import Run

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the window was asked to open, instead of opening it."""
    calls: list[Any] = []

    def remember(project: Path | None = None, *, last_words: object = None) -> int:
        calls.append((project, last_words))
        return 0

    app = SimpleNamespace(run=remember)
    monkeypatch.setitem(sys.modules, "annotator.ui.app", app)
    monkeypatch.setattr(annotator.ui, "app", app, raising=False)
    return calls


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)


def test_words_that_open_the_window(run: Any, opened: list[Any], project: Path) -> None:
    assert [run().code, run(project).code, run("--debug", project).code] == [0, 0, 0]
    assert opened == [(None, None), (project, None), (project, None)]


def test_a_project_named_like_a_command_opens_as_a_path(
    run: Any, opened: list[Any], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    project.rename("import")
    assert run("./import").code == run("--", "import").code == 0
    assert [path.resolve() for path, _ in opened] == [project.parent / "import"] * 2


@pytest.mark.parametrize("words", [("nowhere.annot",), ("exprot", "a.annot", "b.jsonl"), ("--nonsense",)])
def test_what_is_neither_command_nor_project(run: Any, opened: list[Any], words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert answer.failed_plainly()
    assert words[0] in answer.err
    assert not opened


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ":973"},
        {"DISPLAY": "no such display"},
        {"WAYLAND_DISPLAY": "wayland-973"},
        {"DISPLAY": ":973", "QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb"},
    ],
)
def test_without_a_display_there_is_a_line_and_no_abort(
    run: Any, opened: list[Any], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    answer = run()
    assert answer.failed_plainly()
    assert "display" in answer.err
    assert not opened


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:port=5901", "eglfs", "xcb;offscreen"])
def test_platforms_that_need_no_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    display.require()


def test_a_missing_system_library_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Loader:
        """Imports the window as on a machine without OpenGL."""

        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "annotator.ui.app":
                raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.delitem(sys.modules, "annotator.ui.app", raising=False)
    monkeypatch.delattr(annotator.ui, "app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Loader, *sys.meta_path])
    answer = run()
    assert answer.failed_plainly()
    assert "libGL.so.1" in answer.err
    assert "packaging/run.sh" in answer.err


def test_other_complaints_of_the_loader_are_not_explained_away() -> None:
    assert display.missing_library(ImportError("cannot import name 'x' from 'y'")) is None
    found = display.missing_library(OSError("libxcb-cursor.so.0: cannot open shared object file: No such file"))
    assert isinstance(found, KnownError)
    assert "libxcb-cursor.so.0" in found.title


def test_no_command_is_hidden_by_another() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)


def test_a_project_that_went_is_found_where_it_was_rescued(run: Run, tmp_path: Path) -> None:
    copy = paths.rescued_dir() / "gone.annot"
    copy.write_bytes(b"")
    answer = run(tmp_path / "gone.annot")
    assert answer.failed_plainly()
    assert f"When it went, all of it was saved in {copy}" in answer.err
