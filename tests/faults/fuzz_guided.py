"""Fuzzing by coverage: atheris keeps inputs that reach lines of the importers which none before has reached.

Where atheris is not installed, the same number of inputs is made at random, and that is said. Each format has a process
of its own, since libFuzzer ends with it. Guarded formats are read there as their own process reads them, but without
its confinement.
"""

import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.fuzz_importers import HERE, SECONDS, HangError, Result, alarm, check_items, complaints, fuzz, written
from tests.faults.fuzz_mutations import mutated
from tests.faults.fuzz_seeds import seeds

_LARGEST = 30_000  # bytes of an input
_MOST_SECONDS = 900.0  # of one format


def fuzz_guided(inputs: int, seed: int, only: str, keep: Path | None, say: Callable[[str], object]) -> Result:
    """That many inputs, the same number of every format."""
    if importlib.util.find_spec("atheris") is None:
        say("atheris is not installed: inputs are made at random, not guided by coverage")
        return fuzz(inputs, seed, only, keep)
    result = Result()
    formats = sorted({each.format for each in seeds(only)})
    for format in formats:
        _one_format(format, max(inputs // len(formats), 1), seed, keep, result)
        say(result.line(format))
    return result


def _one_format(format: str, runs: int, seed: int, keep: Path | None, result: Result) -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = [
            sys.executable,
            "-m",
            "tests.faults.fuzz_guided",
            format,
            str(runs),
            str(seed),
            folder,
            str(keep or ""),
        ]
        ended = ""
        try:
            done = subprocess.run(words, cwd=HERE.parents[2], capture_output=True, timeout=_MOST_SECONDS, check=False)
            ended = done.stderr.decode("utf-8", "replace")[-6000:]
        except subprocess.TimeoutExpired:
            ended = "took too long"
        tried = Path(folder, "tried")
        number, slowest = tried.read_text("utf-8").split() if tried.is_file() else ("0", "0")
        result.tried[format] += int(number)
        result.slowest[format] = float(slowest)
        for line in Path(folder, "lost").read_text("utf-8").splitlines() if Path(folder, "lost").is_file() else ():
            result.lose(format, json.loads(line))
        if result.tried[format] < runs:
            result.lose(format, f"ended early: {ended}")


# In the process of one format


class _Target:
    """What libFuzzer calls."""

    def __init__(self, format: str, folder: Path, keep: Path | None) -> None:
        from annotator import importers

        self._format, self._folder, self._keep = format, folder, keep
        self._seeds = [each for each in seeds(format) if each.format == format and len(each.raw) <= _LARGEST]
        self._others = [each.raw for each in seeds()]
        self._reader = importers.reader()
        self._reader._guard = _Unguarded()  # type: ignore[assignment]
        self._number, self._slowest = 0, 0.0

    def corpus(self) -> Path:
        """A folder with the seeds."""
        place = self._folder / "corpus"
        place.mkdir()
        for number, each in enumerate(self._seeds):
            (place / str(number)).write_bytes(each.raw)
        return place

    def damaged(self, data: bytes, most: int, seed: int) -> bytes:
        """libFuzzer's own mutations, or ours."""
        import atheris

        chance = random.Random(seed)
        if chance.random() < 0.3 or not data:
            return bytes(atheris.Mutate(data, most))
        return mutated(data, self._others, chance)[:most]

    def read(self, data: bytes) -> None:
        """One input; what it breaks is written down, and the next follows."""
        self._number += 1
        name = self._seeds[self._number % len(self._seeds)].name
        path = written(self._folder / str(self._number), name, bytes(data))
        began = time.monotonic()
        try:
            with alarm(SECONDS), complaints() as said:
                self._check(path)
            assert not said, said
        except HangError:
            self._lose(path, "took too long")
        except Exception:
            self._lose(path, traceback.format_exc(limit=-6))
        for each in path.parent.iterdir():
            each.unlink()
        path.parent.rmdir()
        self._slowest = max(self._slowest, time.monotonic() - began)
        (self._folder / "tried").write_text(f"{self._number} {self._slowest:.2f}")

    def _check(self, path: Path) -> None:
        from annotator.errors import KnownError

        try:
            items = list(self._reader.read(path, self._named()))
        except KnownError:
            return
        check_items(items, path, ours=self._format == "jsonl")

    def _named(self) -> str | None:
        return None if self._format in ("zip", "tar", "gzip") else self._format

    def _lose(self, path: Path, what: str) -> None:
        with (self._folder / "lost").open("a", encoding="utf-8") as file:
            file.write(json.dumps(f"{path.name}: {what}") + "\n")
        if self._keep is not None:
            self._keep.mkdir(exist_ok=True)
            (self._keep / f"{self._format}-{self._number}-{path.name}").write_bytes(path.read_bytes())


class _Unguarded:
    """Reads guarded formats in this process, by the wire."""

    def read(self, importer: Any, path: Path, options: Any) -> Any:
        from annotator.errors import KnownError
        from annotator.importers.guarded import answered
        from annotator.importers.wire import decoded, encoded, item_of, of_options, undecided_of

        ask = {"path": str(path), "format": importer.name, "options": of_options(options), "skip": 0}
        for message in map(decoded, map(encoded, answered(ask))):
            if "undecided" in message:
                raise undecided_of(message)
            if "known" in message:
                raise KnownError(*message["known"])
            if "record" in message or "problem" in message:
                yield item_of(message)

    def close(self) -> None:
        """Nothing to end."""


def main(format: str, runs: str, seed: str, folder: str, keep: str) -> None:
    import atheris

    with atheris.instrument_imports(include=["annotator.importers"]):
        import annotator.importers.guarded  # noqa: F401
    target = _Target(format, Path(folder), Path(keep) if keep else None)
    words = [f"-runs={runs}", f"-seed={seed}", f"-max_len={_LARGEST}", "-timeout=0", "-rss_limit_mb=0"]
    atheris.Setup([sys.argv[0], *words, str(target.corpus())], target.read, custom_mutator=target.damaged)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
