"""A project that cannot be opened: what can be read of it goes into a new one, if the person wants that."""

from contextlib import suppress
from pathlib import Path

from PySide6.QtWidgets import QWidget

from annotator.errors import DamagedError, ForeignPartsError, KnownError
from annotator.session import Salvaged, salvage
from annotator.session.backups import restore_in_place
from annotator.store.backups import Backup, backups_of
from annotator.store.origins import is_other
from annotator.ui import saving_words, words
from annotator.ui.dialogs.new_project import new_file
from annotator.ui.dialogs.progress import Progress
from annotator.ui.plain import choose, tell, tell_plainly

_IMPORT = "Import what can be read…"
_FOREIGN = (
    "Nothing of it was run, and the file was not changed.\n\n"
    "Its articles and decisions can be imported into a new project."
)
_DAMAGED = "The file was not changed.\n\nWhat can be read of it can be imported into a new project."


def offer(parent: QWidget | None, path: Path, error: DamagedError) -> Path | None:
    """Tell why a project was not opened, and ask what to do: go back to a backup, or import what can be read.

    :returns: the project to open in its place; None where there is none.
    """
    backup = newest_backup(path)
    back = [saving_words.back_to(backup, path)] if backup is not None else []
    is_foreign = isinstance(error, ForeignPartsError)
    answers = [_IMPORT, *back] if is_foreign else [*back, _IMPORT]
    answer = choose(parent, error.title, _FOREIGN if is_foreign else _DAMAGED, answers)
    if answer == _IMPORT:
        return _imported(parent, path)
    if answer is not None and backup is not None:
        return go_back(parent, path, backup)
    return None


def newest_backup(path: Path) -> Backup | None:
    """The last backup that can be read; one of another file of the same project only where there is none of this."""
    with suppress(KnownError):
        readable = [each for each in backups_of(path) if each.facts is not None]
        return next((each for each in readable if not is_other(each.origin, path)), next(iter(readable), None))
    return None


def go_back(parent: QWidget | None, path: Path, backup: Backup) -> Path | None:
    """Put a backup in the place of a project that is not open; None where that was not possible, which is told."""
    try:
        kept = restore_in_place(backup, path)
    except KnownError as failure:
        tell(parent, failure)
        return None
    there = words.kept_as(kept) if kept.exists() else ""
    tell_plainly(parent, f"The project is as of {words.backup_at(backup.at)}.", there)
    return path


def _imported(parent: QWidget | None, path: Path) -> Path | None:
    suggested = path.with_name(f"{path.stem} saved.annot")
    target = new_file(parent, "New project", str(suggested))
    if target is None:
        return None
    try:
        saved = _saved(parent, path, target)
    except KnownError as failure:
        tell(parent, failure)
        return None
    tell_plainly(parent, "What could be read is saved", "\n".join(saved.lines()))
    return saved.path


def _saved(parent: QWidget | None, path: Path, target: Path) -> Salvaged:
    with Progress(parent, "Saving what can be read") as progress:
        return salvage(path, target, progress.step)
