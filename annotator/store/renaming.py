"""A project that has another name than the one under which it was open last.

SQLite keeps the log beside the name by which the file was opened. Where the program was killed and the file renamed
before it was opened again, the last decisions lie at the old name; and a file with two names, as a hard link has,
would get two logs that know nothing of each other (https://sqlite.org/howtocorrupt.html, sections 2.4 and 2.5).
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import DiskError, InUseError, KnownError
from annotator.store import known, side_files
from annotator.store.lock import is_held


def bring_logs(project: Path, *, read_only: bool) -> None:
    """Put logs that stayed at another name beside the project, before it is opened.

    :param project: its file, resolved.
    :param read_only: only look whether there are any.
    :raises InUseError: it is open under the other name.
    :raises KnownError: it is open to look at only, and its last decisions lie elsewhere; DiskError.
    """
    for name in _names_before(project):
        logs = side_files.logs(name)
        if (logs or os.path.lexists(name)) and is_held(name):
            raise InUseError(
                f"{project.name} is open under another name: {name}.", "Go on there, or close it.", name=name
            )
        if read_only and logs:
            raise KnownError(
                f"The last decisions of {project.name} are not in it: they lie in {logs[0]}.",
                "Open it in the window once, which brings them in. It was renamed after the program was killed.",
            )
        if not read_only:
            for log in logs:
                _bring(log, name, project)
            known.forget(name)


def left_logs(project: Path) -> list[Path]:
    """The logs of a project that lie at another name that it had."""
    return [log for name in _names_before(project) for log in side_files.logs(name)]


def _names_before(project: Path) -> Iterator[Path]:
    """Under which it was open for writing and never closed; not one that another file has by now."""
    for name in known.left_open_as(project):
        if not os.path.lexists(name) or (name.exists() and name.samefile(project)):
            yield name


def _bring(log: Path, name: Path, project: Path) -> None:
    new = project.with_name(project.name + log.name.removeprefix(name.name))
    try:
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        log.rename(new)
    except OSError as error:
        raise DiskError(
            f"The last decisions of {project.name} lie in {log}, and cannot be brought from there: {error.strerror}.",
            f"Move that file to {new}; nothing was changed.",
        ) from error
