"""From which file each backup was made, in a small file beside it: copies of a project share its backups.

2026-01-31T093000Z.000042.before-labels.annot.json
"""

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from annotator import regular

_ENDING = ".json"
_LARGEST = 100_000  # bytes


def beside(backup: Path) -> Path:
    """Where it is written."""
    return backup.with_name(backup.name + _ENDING)


def is_left_over(file: Path) -> bool:
    """Does it tell of a backup that is not there?"""
    return file.name.endswith(f".annot{_ENDING}") and not file.with_suffix("").exists()


def remember(backup: Path, project: Path) -> None:
    """Write down from which file a backup was made; where that is not possible, nobody will know."""
    with suppress(OSError):
        beside(backup).write_text(json.dumps({"made_from": str(project.resolve())}), "utf-8")


def origin_of(backup: Path) -> Path | None:
    """From which file a backup was made; None where that is not known."""
    try:
        with regular.opened(beside(backup)) as file:
            held = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    said = held.get("made_from") if isinstance(held, dict) else None
    return Path(said) if isinstance(said, str) and said and "\0" not in said else None


def titles(origins: Iterable[Path | None], project: Path) -> dict[Path | None, str]:
    """What to call the files that backups were made from; empty where each was made from the project's own.

    :param project: where it is now.
    """
    files = {origin for origin in origins if origin is not None} | {project.resolve()}
    alike = Counter(file.name for file in files)
    named: dict[Path | None, str] = {None: "not known"}
    for file in files:
        named[file] = file.name if alike[file.name] == 1 else f"{file.name} in {file.parent}"
    return named if len(files) > 1 else {}


def is_other(origin: Path | None, project: Path) -> bool:
    """Was a backup made from another file than that of this project, as far as is known?"""
    return origin is not None and origin != project.resolve()
