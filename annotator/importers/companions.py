"""Files that belong to another file, and are read with it or not at all."""

from collections.abc import Iterable
from pathlib import Path

# What brat reads beside its articles: https://brat.nlplab.org/configuration.html
_BRAT = frozenset({"annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf"})


def without_companions(files: Iterable[Path]) -> list[Path]:
    """The files in their order, without those that others among them bring along.

    These are the .ann beside its .txt (brat), brat's settings, and the type system beside .xmi files (UIMA).
    """
    there = dict.fromkeys(files)
    folders = {(path.parent, path.suffix.lower()) for path in there}
    return [path for path in there if not _comes_along(path, there, folders)]


def _comes_along(path: Path, there: dict[Path, None], folders: set[tuple[Path, str]]) -> bool:
    name = path.name.lower()
    if name.endswith(".ann"):
        return path.with_suffix(".txt") in there
    if name in _BRAT:
        return (path.parent, ".ann") in folders
    return name == "typesystem.xml" and (path.parent, ".xmi") in folders
