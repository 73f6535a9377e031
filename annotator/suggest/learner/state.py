"""What the learner knows, kept in a file beside the project.

Never the only copy of anything: where it is missing, damaged or made by another version, the learner
begins anew and the session teaches it the project's decided articles again.
"""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

import numpy as np

from annotator import regular
from annotator.parts import fresh_part
from annotator.suggest.learner.crf import Chain
from annotator.suggest.learner.features import fingerprint
from annotator.suggest.learner.learner import Learner, Taught
from annotator.suggest.learner.passage import Passage

_log = logging.getLogger(__name__)
_VERSION = 1
_LARGEST = 1_000_000_000  # bytes, unpacked


class State:
    """The learner's file.

    :param path: None to keep nothing.
    :param model: the pipeline's name; another one's view would mean something else.
    :param labels: another scheme has other weights.
    """

    def __init__(self, path: Path | None, model: str, labels: Sequence[str]) -> None:
        self._path, self._labels = path, tuple(labels)
        made = {"version": _VERSION, "features": fingerprint()}
        self._about = {**made, "model": model, "labels": list(labels)}
        self._saved: tuple[bool, list[str]] | None = None

    def fresh(self) -> Learner:
        """One that knows nothing."""
        return Learner(self._labels)

    def load(self) -> Learner:
        """The one that was saved, else a fresh one."""
        if self._path is None or not self._path.is_file():
            return self.fresh()
        try:
            with regular.opened(self._path) as file:
                _check_size(file)
                with np.load(file, allow_pickle=False) as arrays:
                    learner = self._read(dict(arrays))
        except Exception as error:  # whatever a damaged file makes of it: nothing in it is needed
            _log.info("what was learned cannot be read and is learned again: %s", type(error).__name__)
            return self.fresh()
        self._saved = learner.hinted, learner.keys
        return learner

    def _read(self, arrays: dict[str, Any]) -> Learner:
        about = json.loads(arrays["about"].tobytes())
        if {key: about.get(key) for key in self._about} != self._about:
            return self.fresh()
        learner = self.fresh()
        learner.restore(about["hinted"], about["calibration"], [_taught(each) for each in about["taught"]])
        for number, weights in enumerate(learner.passes):
            used = arrays[f"used{number}"]
            weights.table[used], weights.moved[used] = arrays[f"table{number}"], arrays[f"moved{number}"]
            for chain, packed in zip((weights.chain, weights.chain_moved), arrays[f"chain{number}"], strict=True):
                chain.between[:], chain.first[:] = packed[:-1], packed[-1]
        return learner

    def save(self, learner: Learner) -> None:
        """Write it, unless nothing was learned since; whole or not at all. A full disk is no error here."""
        known = learner.hinted, learner.keys
        if self._path is None or self._saved == known or not learner.knows_something:
            return
        try:
            with fresh_part(self._path) as part:
                with part.open("wb") as file:
                    np.savez(file, **self._arrays(learner))
                os.replace(part, self._path)  # noqa: PTH105 (the same, and says what it does)
            self._saved = known
        except OSError as error:
            _log.warning("what was learned cannot be kept: %s", error.strerror)

    def _arrays(self, learner: Learner) -> dict[str, Any]:
        about = self._about | {
            "hinted": learner.hinted,
            "calibration": learner.calibration.state(),
            "taught": [_packed(each) for each in learner.taught],
        }
        arrays: dict[str, Any] = {"about": np.frombuffer(json.dumps(about).encode(), np.uint8)}
        for number, weights in enumerate(learner.passes):
            used = weights.used()
            arrays[f"used{number}"] = used
            arrays[f"table{number}"], arrays[f"moved{number}"] = weights.table[used], weights.moved[used]
            arrays[f"chain{number}"] = np.stack([_packed_chain(weights.chain), _packed_chain(weights.chain_moved)])
        return arrays


def _check_size(file: BinaryIO) -> None:
    """Raises ValueError where the file unpacks to more than anything learned here has."""
    with ZipFile(file) as package:
        if sum(each.file_size for each in package.infolist()) > _LARGEST:
            raise ValueError("larger than what is learned")
    file.seek(0)


def _packed_chain(chain: Chain) -> Any:
    return np.vstack([chain.between, chain.first])


def _packed(taught: Taught) -> dict[str, Any]:
    passage = taught.passage
    return {
        "key": taught.key,
        "number": taught.number,
        "words": passage.words,
        "starts": passage.starts.tolist(),
        "lengths": passage.lengths.tolist(),
        "hints": passage.hints,
        "leanings": passage.leanings,
        "places": taught.places,
        "codes": [codes.tolist() for codes in taught.hints],
    }


def _taught(packed: dict[str, Any]) -> Taught:
    if not isinstance(packed["key"], str) or type(packed["number"]) is not int:
        raise ValueError("not what was learned of an article")
    words, starts = tuple(map(str, packed["words"])), np.array(packed["starts"], np.int64)
    ends = starts + np.array([len(word) for word in words], np.int64)
    lengths = np.array(packed["lengths"], np.int64)
    passage = Passage(words, starts, ends, lengths, tuple(packed["hints"]), tuple(packed["leanings"]))
    places = [(first, last, label) for first, last, label in packed["places"]]
    hints = tuple(np.array(codes, np.uint64) for codes in packed["codes"])
    return Taught(packed["key"], packed["number"], passage, places, hints)
