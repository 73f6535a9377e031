"""Files that belong to another file, and are read with it or not at all."""

from collections.abc import Iterable
from pathlib import Path

# What brat reads beside its articles: https://brat.nlplab.org/configuration.html
_BRAT = frozenset({"annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf"})


def without_companions(files: Iterable[Path]) -> list[Path]:
    """The files in their order, without those that others among them bring along.

    These are the .ann beside its .txt (brat), brat's settings, the type system beside .xmi files (UIMA), the card of a
    dataset in Parquet beside its files or their folder "data" (Hugging Face), and the manifest beside a dataset.
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
    if name == "readme.md":
        return not folders.isdisjoint({(path.parent, ".parquet"), (path.parent / "data", ".parquet")})
    if is_manifest(name):
        return any(not is_manifest(other.name) for other in there)
    return name == "typesystem.xml" and (path.parent, ".xmi") in folders


def is_manifest(name: str) -> bool:
    """Does the manifest of a dataset that this program wrote have such a name? It is no article."""
    return name.endswith(".manifest.json")
