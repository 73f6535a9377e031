"""A project that cannot be opened: what can be read of it goes into a new one, if the person wants that."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.errors import DamagedError, ForeignPartsError, KnownError
from annotator.session import Salvaged, salvage
from annotator.ui.dialogs.progress import Progress
from annotator.ui.plain import ask, tell, tell_plainly

_FOREIGN = (
    "Nothing of it was run, and the file was not changed.\n\nImport its articles and decisions into a new project?"
)
_DAMAGED = "The file was not changed.\n\nImport what can be read of it into a new project?"


def offer(parent: QWidget | None, path: Path, error: DamagedError) -> Path | None:
    """Tell why a project was not opened, and ask whether to import what can be read.

    :returns: the new project; None where there is none.
    """
    text = _FOREIGN if isinstance(error, ForeignPartsError) else _DAMAGED
    if not ask(parent, error.title, text, "Import…"):
        return None
    suggested = path.with_name(f"{path.stem} saved.annot")
    name, _ = QFileDialog.getSaveFileName(parent, "New project", str(suggested), "Annotator projects (*.annot)")
    if not name:
        return None
    try:
        saved = _saved(parent, path, Path(name))
    except KnownError as failure:
        tell(parent, failure)
        return None
    tell_plainly(parent, "What could be read is saved", "\n".join(saved.lines()))
    return saved.path


def _saved(parent: QWidget | None, path: Path, target: Path) -> Salvaged:
    with Progress(parent, "Saving what can be read") as progress:
        return salvage(path, target, progress.step)
