"""What is printed to a file takes no project's place."""

from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.ui import files
from tests.ui.conftest import Open


@pytest.mark.parametrize("name", ["news.annot", "news.annot-wal", "missing/../news.annot"])
def test_no_print_over_a_project(open_window: Open, project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    class Dialog:
        def __init__(self, printer: files.QPrinter, _parent: object) -> None:
            self._printer = printer

        def exec(self) -> int:
            self._printer.setOutputFileName(str(project.parent / name))
            return 1

    told: list[KnownError] = []
    monkeypatch.setattr(files, "QPrintDialog", Dialog)
    monkeypatch.setattr(files, "tell", lambda _parent, error: told.append(error))
    window = open_window(project)
    before = project.read_bytes()
    window.files.print_article()
    assert len(told) == 1
    assert project.read_bytes() == before


def test_a_print_to_another_file(open_window: Open, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dialog:
        def __init__(self, printer: files.QPrinter, _parent: object) -> None:
            printer.setOutputFileName(str(project.parent / "news.pdf"))

        def exec(self) -> int:
            return 1

    monkeypatch.setattr(files, "QPrintDialog", Dialog)
    open_window(project).files.print_article()
    assert (project.parent / "news.pdf").read_bytes().startswith(b"%PDF")
