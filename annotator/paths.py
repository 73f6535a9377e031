"""Where files live on this machine. The only importer of appdirs.

The environment variable ANNOTATOR_HOME moves all folders below one of the user's choice, as a
portable installation or a test wants it.
"""

import os
from collections.abc import Callable
from pathlib import Path

import appdirs

from annotator.errors import KnownError


def data_dir() -> Path:
    """The folder of projects, made if missing; raises KnownError where that fails."""
    return _folder("data", appdirs.user_data_dir)


def config_dir() -> Path:
    """The folder of settings and key bindings, made if missing; raises KnownError where that fails."""
    return _folder("config", appdirs.user_config_dir)


def log_dir() -> Path:
    """The folder of logs, made if missing; raises KnownError where that fails."""
    return _folder("log", appdirs.user_log_dir)


def rescued_dir() -> Path:
    """The folder of projects whose own file went while they were open, made if missing; KnownError where that fails."""
    folder = data_dir() / "rescued"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise KnownError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    return folder


def default_project() -> Path:
    """The project that opens when none is named."""
    return data_dir() / "news.annot"


def backups_dir() -> Path:
    """The folder of backups, one folder in it for each project; made if missing, raises KnownError where that fails."""
    return _made(data_dir() / "backups")


def crash_dir() -> Path:
    """The folder of files that keep crashes for the next start to report, one for each process; made when needed."""
    return data_dir() / "crashes"


def _folder(name: str, of_the_system: Callable[..., str]) -> Path:
    home = os.environ.get("ANNOTATOR_HOME")
    return _made(Path(home).expanduser() / name if home else Path(of_the_system("annotator", appauthor=False)))


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Set ANNOTATOR_HOME to a folder that you may write to.",
        ) from error
    return folder
