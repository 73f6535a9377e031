"""One window a project: a second start rings at the first one, which comes to the front.

The bell is a small file in a folder of the program's own. The first window watches the folder, and takes the file
away as its answer; where nobody does, nobody is there. This needs no network library, and works on every system.
"""

import os
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from annotator import paths
from annotator.errors import KnownError

_PATIENCE = 3.0  # seconds; a window in the midst of an import still looks up now and then


class Doorbell(QObject):
    """What a window hears: `rung` when the same project was to be opened once more."""

    rung = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _folder: self.look())

    def attach(self, project: Path) -> None:
        """Listen for this project from now on."""
        self._file = None
        with suppress(KnownError, OSError):
            self._file = _bell_of(project)
            self._watcher.addPath(str(self._file.parent))

    def look(self) -> None:
        """Has somebody rung? For systems that do not tell of changes to folders, too."""
        if self._file is None or not self._file.exists():
            return
        with suppress(OSError):
            self._file.unlink()
        self.rung.emit()


def ring(project: Path) -> bool:
    """Have the window that has this project open come to the front; False where none answers within three seconds."""
    try:
        bell = _bell_of(project)
        bell.unlink(missing_ok=True)  # whatever it is, nobody writes to it
        bell.touch(exist_ok=False)
    except (KnownError, OSError):
        return False
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if not bell.exists():
            return True
        time.sleep(0.02)
    with suppress(OSError):
        bell.unlink()
    return False


def _bell_of(project: Path) -> Path:
    folder = paths.data_dir() / "bells"
    folder.mkdir(exist_ok=True)
    return folder / sha256(os.fsencode(project.resolve())).hexdigest()[:32]
