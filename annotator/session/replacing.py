"""What a dataset may be written over: the last one to the same name, as it was left, and nothing else unasked."""

from pathlib import Path

from annotator.errors import KnownError
from annotator.exporters import Kind, Target
from annotator.places import refuse_own
from annotator.session import manifest

_DATABASE = b"SQLite format 3\0"  # how every project begins


class TakenError(KnownError):
    """A file stands where the dataset is to be; it may be replaced if one says so."""


def refuse_others(target: Target, beside: Path, *, replace: bool) -> None:
    """A dataset takes the place of an earlier one that is as it was left, and of another file if one says so.

    A folder that holds anything else is never replaced.

    :param beside: the manifest, which tells.
    :raises KnownError: something else is there; TakenError where it can be replaced.
    """
    path, is_folder = target.path, target.kind is Kind.FOLDER
    if is_folder and path.is_file():
        raise KnownError(f"{path.name} is a file, and the format is a folder.", "Choose another name.")
    if _is_empty(path, is_folder) or _is_known(path, beside) or (replace and not is_folder):
        return
    if is_folder:
        raise KnownError(f"{path.name} holds other things than the last export.", "Name a folder that is not there.")
    raise TakenError(
        f"{path.name} is there already, and is not what the last export wrote there.",
        "Choose another name, or have it replaced.",
        "--replace",
    )


def _is_empty(path: Path, is_folder: bool) -> bool:
    """Is nothing lost when it is replaced? Of what cannot be written at all the exporter will say what is wrong."""
    try:
        if path.is_dir():
            return not is_folder or not any(path.iterdir())
        return not path.exists() or not path.stat().st_size
    except OSError:
        return True


def _is_known(path: Path, beside: Path) -> bool:
    return manifest.is_manifest(path) if path == beside else manifest.is_ours(path, beside)


def refuse_projects(project: Path, out: Path) -> None:
    """A dataset never takes the place of somebody's work, in this project or another, nor of a device.

    :param out: as `places.settled` gives it; where it is a link, what counts is where that leads.
    """
    out = out.resolve()
    refuse_own(out)
    try:
        is_special = out.exists() and not out.is_file() and not out.is_dir()
        is_this_one = out.is_file() and out.samefile(project)
        begins = _beginning(out) if out.is_file() else b""
    except OSError:  # the exporter will say what is wrong with the place
        return
    if is_special:
        raise KnownError(f"{out} is no ordinary file.", "Choose another name.")
    if is_this_one:
        raise KnownError("That file is the project itself.", "Choose another name.")
    if begins == _DATABASE:
        raise KnownError(f"{out.name} is a project or another database.", "Choose another name.")


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_DATABASE))
