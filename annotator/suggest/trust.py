"""Which pipelines are loaded: those that are installed, and folders that somebody on this machine has chosen.

A project says which pipeline reads its articles, and a project can come from anybody. So a folder that it names is
loaded only where a person has chosen that folder here: for a new project, in the window, or by a command. Of what is
chosen, too, only data are read (https://spacy.io/api/data-formats): a folder with programs in it is refused.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator import settings
from annotator.errors import KnownError
from annotator.suggest import pipelines

MOST_FILES = 5_000
LARGEST_CONFIG = 2_000_000  # bytes

_PROGRAMS = (
    *(".py", ".pyc", ".pyo", ".pyw", ".pyx", ".pth", ".so", ".pyd", ".dll", ".dylib", ".exe", ".sh", ".bat", ".jar"),
    *(".pkl", ".pickle", ".joblib", ".dill", ".pt", ".ckpt"),  # data whose readers run what is in them
)
_PICKLES = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))  # docs.python.org/3/library/pickletools.html
# What a pipeline may be made of; the rest of spaCy's registry reads files, logs, or is for training.
_PARTS = {"architectures", "initializers", "layers", "misc", "scorers", "tokenizers", "vectors"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def choose(model: str) -> None:
    """A person wants this pipeline: its folder may be loaded from now on.

    :param model: as for `load_source`; nothing has to be kept of a pipeline that is installed, or of none.
    :raises KnownError: that cannot be kept.
    """
    info = pipelines.find(model)
    if info is not None and not pipelines.is_installed(info.name):
        settings.remember_pipeline(_folder(info))


def is_chosen(model: str) -> bool:
    """Is this pipeline installed, or its folder chosen by somebody here, or is there none of that name?"""
    info = pipelines.find(model)
    return info is None or pipelines.is_installed(info.name) or _folder(info) in settings.chosen_pipelines()


def check(info: pipelines.ModelInfo) -> None:
    """Return where a pipeline may be loaded.

    :raises KnownError: nobody chose its folder, or there is more in it than data.
    """
    if pipelines.is_installed(info.name):
        return
    if _folder(info) not in settings.chosen_pipelines():
        raise KnownError(
            f"The pipeline in {info.name} is not loaded: nobody has chosen it on this computer.",
            "The project names it. If you trust where it comes from, choose it: File > Suggestions from…",
        )
    check_folder(info.path)


def check_folder(folder: Path) -> None:
    """Return where a pipeline's folder holds data alone.

    :raises KnownError: programs, pickles, devices, or too many files.
    """
    found = sorted(_programs_in(folder))
    if found:
        shown = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
        raise KnownError(
            f"The pipeline {folder.name} is not loaded: it brings programs of its own ({shown}).",
            "They are not run. A pipeline that needs them has to be installed as a package.",
        )


def check_config(config: Mapping[str, Any], name: str) -> None:
    """Return where a pipeline's configuration asks only for parts that pipelines are made of.

    :param config: as spaCy reads `config.cfg`.
    :raises KnownError: it asks for another pipeline, for parts that are not here, or for what is no part of one.
    """
    language = config.get("nlp", {}).get("lang")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise _refused(name, f"for the language {language!r}")
    components = config.get("components", {})
    for each in components.values():
        if "source" in each:
            raise _refused(name, f"for parts of another pipeline, {each['source']!r}")
    for kind, part in _asked_for(config.get("nlp", {}), components):
        if kind not in _PARTS:
            raise _refused(name, f"for {part!r} of the {kind}, which no pipeline needs to read")
        if not _is_here(kind, part):
            raise _refused(name, f"for a program that is not here, {part!r}")


def _refused(name: str, what: str) -> KnownError:
    return KnownError(f"The pipeline {name} is not loaded: its config.cfg asks {what}.", "Choose another pipeline.")


def _is_here(kind: str, part: Any) -> bool:
    from spacy.util import registry

    return isinstance(part, str) and bool(registry.has(kind, part))


def _asked_for(*sections: Any) -> Iterator[tuple[str, Any]]:
    """(registry, name) of all functions that the sections name, however deep."""
    waiting = list(sections)
    while waiting:
        section = waiting.pop()
        if isinstance(section, Mapping):
            yield from ((key[1:], value) for key, value in section.items() if str(key).startswith("@"))
            waiting.extend(section.values())
        elif isinstance(section, list | tuple):
            waiting.extend(section)


def _programs_in(folder: Path) -> Iterator[str]:
    """Names, below the folder, of what is more than data."""
    count = 0
    for parent, folders, names in os.walk(folder):
        yield from (name for name in folders if Path(parent, name).is_symlink())  # nobody looks there
        for path in (Path(parent, name) for name in names):
            count += 1
            if count > MOST_FILES:
                yield f"more than {MOST_FILES:,} files"
                return
            if path.suffix.lower() in _PROGRAMS or _is_odd(path):
                yield path.relative_to(folder).as_posix()


def _is_odd(path: Path) -> bool:
    """Is it no file, a configuration of many megabytes, or a pickle by its first bytes?"""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return True
        if path.name in ("config.cfg", "meta.json") and found.st_size > LARGEST_CONFIG:
            return True
        with path.open("rb") as file:
            return file.read(2) in _PICKLES
    except OSError:
        return True


def _folder(info: pipelines.ModelInfo) -> str:
    return os.path.realpath(info.path)
