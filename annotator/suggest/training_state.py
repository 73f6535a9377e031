"""The folder in which a training works, and what it has reached: whole at every moment, however it ends.

Beside the folder OUT that is wanted stands OUT.part with the recipe, the two corpora, the last and the best
checkpoint, and `state.json`, which names these. A checkpoint counts once the state names it.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annotator import regular
from annotator.errors import KnownError
from annotator.parts import fresh_part, remove_left_over
from annotator.places import settled_new
from annotator.suggest.training_corpus import Score

_RECIPE, _STATE = "recipe.json", "state.json"
_LARGEST = 50_000_000  # bytes of either
_CHECKPOINT = re.compile(r"(?:(?:last|best)-\d{1,9})?")  # a name, and no way to another folder


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to train.

    :param base: the pipeline to begin from, or "blank:LANGUAGE".
    :param labels: for each label of the project those of other schemes that mean it.
    :param passes: how often at most all articles are gone through.
    """

    base: str
    labels: dict[str, list[str]]
    passes: int


@dataclass(slots=True)
class State:
    """What a training has reached.

    :param parts: what there is to "train" on and to score by, "held_out"; None until it is written.
    :param before: the score of the pipeline it begins from; None for a blank one.
    :param rounds: one for each evaluation: "pass", "loss" per 1,000 words, and "p", "r", "f".
    :param last: the checkpoint of the last round, a folder's name.
    :param best: that of the best one.
    :param best_f: its F1.
    """

    parts: dict[str, Any] | None = None
    before: Score | None = None
    rounds: list[dict[str, float]] = field(default_factory=list)
    last: str = ""
    best: str = ""
    best_f: float = -1.0


class Workshop:
    """The folder of one training.

    :param out: what will be there in the end.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out.with_name(f"{out.name}.part")
        self.train, self.held_out = self.folder / "train.spacy", self.folder / "held_out.spacy"
        self.spacy = self.folder / "spacy"

    @property
    def is_begun(self) -> bool:
        """Is there a training to go on with?"""
        return self.recipe() is not None

    def recipe(self) -> Recipe | None:
        """What is trained here; None where nothing is."""
        read = _read(self.folder / _RECIPE) or {}
        base, labels, passes = (read.get(key) for key in ("base", "labels", "passes"))
        if not isinstance(base, str) or type(passes) is not int or not _are_meanings(labels):
            return None
        return Recipe(base, labels, passes)  # type: ignore[arg-type]

    def begin(self, recipe: Recipe) -> None:
        """Make the folder; raises KnownError where it, or what is wanted, is there already."""
        self.check_free()
        with known_errors(self.folder):
            self.folder.mkdir(exist_ok=True)
            remove_left_over(self.folder)  # half a recipe, of a training that was killed as it began
            if not self.is_begun and any(self.folder.iterdir()):
                raise KnownError(f"{self.folder.name} is in the way.", "Choose another name.")
            _write(self.folder / _RECIPE, asdict(recipe))

    def check_free(self) -> None:
        """:raises KnownError: something is there under the name that the pipeline will have."""
        if os.path.lexists(self.out):
            raise KnownError(f"{self.out.name} is there already.", "Choose another name.")
        settled_new(self.out)

    def state(self) -> State:
        """What was reached so far."""
        state = State(**_fitting(_read(self.folder / _STATE) or {}))
        return state if _CHECKPOINT.fullmatch(state.last) and _CHECKPOINT.fullmatch(state.best) else State()

    def keep(self, state: State) -> None:
        """Write what is reached now; checkpoints that it does not name go."""
        _write(self.folder / _STATE, asdict(state))
        for folder in self.folder.glob("*-[0-9]*"):
            if folder.name not in (state.last, state.best):
                shutil.rmtree(folder)

    def checkpoint(self, kind: str, number: int) -> str:
        """Take away from spaCy what it just wrote, before it writes there anew; the checkpoint's name.

        :param kind: "last" or "best".
        """
        name = f"{kind}-{number}"
        shutil.rmtree(self.folder / name, ignore_errors=True)
        written = self.spacy / f"model-{kind}"
        _flush(written)
        written.rename(self.folder / name)
        return name

    def deliver(self, pipeline: Path) -> None:
        """A folder in the workshop becomes what was wanted; the rest of the workshop goes."""
        self.check_free()
        _flush(pipeline)
        pipeline.rename(self.out)
        self.discard()

    def discard(self) -> None:
        """Give the training up; a folder that is no training's stays.

        The state goes first and the recipe last: killed in between, it is a training that begins anew.
        """
        if self.is_begun:
            (self.folder / _STATE).unlink(missing_ok=True)
            for path in self.folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != _RECIPE:
                    path.unlink(missing_ok=True)
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def known_errors(folder: Path) -> Iterator[None]:
    """A full disk and the like are the environment's."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KnownError(f"{folder} cannot be written: {reason}.", "Make room, or choose another folder.") from error
    except MemoryError as error:
        raise KnownError("There is too little memory for this training.", "Close other programs.") from error


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """What was trained on and what it scores, beside a pipeline."""
    _write(folder / "training.json", report)


def _are_meanings(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, list) and all(isinstance(label, str) for label in each) for each in value.values()
    )


def _fitting(read: dict[str, Any]) -> dict[str, Any]:
    """The values that a state has, where each is of its type: the file may have been damaged."""
    types = {"parts": dict, "before": dict, "rounds": list, "last": str, "best": str, "best_f": float}
    fitting = {key: value for key, value in read.items() if key in types and isinstance(value, types[key])}
    return fitting if fitting.keys() >= {key for key, value in read.items() if value is not None} else {}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with regular.opened(path) as file:
            value = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _write(path: Path, value: dict[str, Any]) -> None:
    """The old file or the new one, whenever the power fails."""
    with fresh_part(path) as part:
        with part.open("w", encoding="utf-8") as file:
            json.dump(value, file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def _flush(folder: Path) -> None:
    """All files of a folder onto the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
