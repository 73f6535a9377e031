"""What may be handed to another program: a folder, and a settings file of ours."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from annotator.ui.outside import open_own


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """What the system was asked to open."""
    urls: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(url) is None)
    return urls


def test_a_folder_and_a_settings_file_are_opened(opened: list[QUrl], tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    assert open_own(tmp_path)
    assert open_own(keys)
    assert opened == [QUrl.fromLocalFile(str(tmp_path)), QUrl.fromLocalFile(str(keys))]


@pytest.mark.parametrize("name", ["page.html", "run.exe", "run.desktop", "link.url", "Calculator.app", "nothing"])
def test_nothing_that_another_program_would_run_is_opened(opened: list[QUrl], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if path.suffix == ".app":
        path.mkdir()
    elif path.suffix:
        path.write_text("x")
    assert not open_own(path)
    assert opened == []


@pytest.mark.parametrize(
    "address", ["http://canary.invalid/x", "file:///etc/hostname", "smb://canary.invalid/x", "ms-word:ofe|u|http://x"]
)
def test_an_address_is_no_path(opened: list[QUrl], address: str) -> None:
    assert not open_own(Path(address))
    assert opened == []
