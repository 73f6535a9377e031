"""Damage files of every format at random and read them: no importer may break, hang, or lose count.

    python tests/faults/fuzz_importers.py --inputs 3000
    python tests/faults/fuzz_importers.py --inputs 30000 --guided

Seeds are sound files of every format, and the broken ones of tests/hostile. Each input is read on its own first; then
all that were read are imported in batches, where the accounts have to add up, the project has to be whole, and one undo
has to leave nothing. With --guided, atheris looks for inputs that reach new lines of the importers; see `fuzz_guided`.
"""

import argparse
import json
import logging
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults.fuzz_mutations import mutated  # noqa: E402
from tests.faults.fuzz_seeds import Seed, companions_of, seeds  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402

if TYPE_CHECKING:
    from annotator.importers import Problem, Reader, Record

SECONDS = 10  # of work for one input; what a guarded format may take is limited by its guard
BATCH = 100
_MARK = b"\xef\xbb\xbf"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="seeds whose names hold these words, or that are of this format")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that were lost")
    parser.add_argument("--guided", action="store_true", help="let atheris look for inputs that reach new code")
    given = parser.parse_args()
    if given.guided:
        from tests.faults.fuzz_guided import fuzz_guided

        result = fuzz_guided(given.inputs, given.seed, given.only, given.keep, say)
    else:
        result = fuzz(given.inputs, given.seed, given.only, given.keep)
    for line in (*result.lost, *result.table(), result.summary()):
        say(line)
    sys.exit(1 if result.lost else 0)


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many damaged files of all formats."""
    began, result = time.monotonic(), fuzz(count, seed)
    tried, seconds = result.tried.total(), time.monotonic() - began
    return [Fault("damaged files to import", tried, tried - result.broken.total(), result.lost, seconds)]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Result:
    """What became of the inputs; `lost` has one text for each that broke something.

    :param tried, broken: inputs by their format.
    :param slowest: seconds that one input took, by format.
    """

    tried: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def lose(self, format: str, text: str) -> None:
        """One more input, or batch of them, that broke something."""
        self.broken[format] += 1
        self.lost.append(f"{format}: {text}")

    def line(self, format: str) -> str:
        """What became of one format's inputs."""
        tried, broken = self.tried[format], self.broken[format]
        took = f"slowest {self.slowest.get(format, 0.0):5.1f} s"
        return f"{format:14} tried {tried:6} survived {tried - broken:6} lost {broken:3} {took}"

    def table(self) -> list[str]:
        """A line for each format."""
        return [self.line(format) for format in sorted(self.tried)]

    def summary(self) -> str:
        tried, lost = self.tried.total(), len(self.lost)
        return f"inputs tried {tried}, survived {tried - lost}, lost {lost}"


class HangError(Exception):
    """An input took too long."""


class Complaints(logging.Handler):
    """Log lines of the importers from a warning up: none is expected of any input."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Everything that is logged meanwhile."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    try:
        yield handler.lines
    finally:
        logging.getLogger().removeHandler(handler)


# Reading


def fuzz(inputs: int, seed: int, only: str = "", keep: Path | None = None) -> Result:
    """Read that many damaged files, the same number of every format, in a folder of their own."""
    from annotator import importers

    chance, result = random.Random(seed), Result()
    found = seeds(only)
    others = [each.raw for each in found]
    by_format: dict[str, list[Seed]] = {}
    for each in found:
        by_format.setdefault(each.format, []).append(each)
    with tempfile.TemporaryDirectory() as folder, importers.reader() as reader:
        made: list[tuple[Path, int]] = []
        for number in range(inputs):
            chosen = chance.choice(by_format[chance.choice(list(by_format))])
            path = written(Path(folder, str(number)), chosen.name, mutated(chosen.raw, others, chance))
            count = _read(reader, path, chosen, result, keep)
            if count is not None:
                made.append((path, count))
            if len(made) == BATCH or number == inputs - 1:
                _import(Path(folder), made, result)
                made.clear()
    return result


def written(folder: Path, name: str, raw: bytes) -> Path:
    """A folder for each, since some formats look at what lies beside a file."""
    folder.mkdir()
    path = folder / Path(name).name
    path.write_bytes(raw)
    for beside, content in companions_of(name, path):
        beside.write_bytes(content)
    return path


def _read(reader: "Reader", path: Path, seed: Seed, result: Result, keep: Path | None) -> int | None:
    """How many records and problems the file has; None where it cannot be imported unasked, or was lost."""
    result.tried[seed.format] += 1
    began = time.monotonic()
    try:
        with alarm(SECONDS), complaints() as said:
            items = checked(reader, path)
        assert not said, said
    except Exception:
        result.lose(seed.format, f"{seed.name}: {traceback.format_exc(limit=-6)}")
        if keep is not None:
            keep.mkdir(exist_ok=True)
            shutil.copy(path, keep / f"{len(result.lost)}-{path.name}")
        return None
    finally:
        took = time.monotonic() - began
        result.slowest[seed.format] = max(took, result.slowest.get(seed.format, 0.0))
    return items


def checked(reader: "Reader", path: Path) -> int | None:
    """The number of records and problems of a file; None where a person has to say how it is read.

    :raises AssertionError: a record is not what every importer promises, or one is not accounted for.
    """
    from annotator.errors import KnownError
    from annotator.importers import UnitUndecidedError

    items: list[Record | Problem] = []
    try:
        items.extend(reader.read(path))  # keeps what came before an error
    except UnitUndecidedError:
        return None
    except KnownError:
        return len(items) + 1
    check_items(items, path, _is_our_lines(path))
    return len(items)


def check_items(items: "list[Record | Problem]", path: Path, ours: bool) -> None:
    """Hold the items of a file to what every importer promises.

    :param ours: the file was read as this program's JSON lines, of which each is a record or a problem.
    :raises AssertionError: as `checked`.
    """
    from annotator.importers import Problem, Record

    assert items, "nothing is said of it"
    for item in items:
        if isinstance(item, Record):
            _check(item)
        else:
            assert isinstance(item, Problem)
            assert item.where, "a problem somewhere"
            assert item.reason, "a problem without a reason"
            assert "bug" not in item.reason, item.reason
    expected = _lines_of_json(path.read_bytes()) if ours else None
    assert expected in (None, len(items)), f"{len(items)} records of {expected} lines"


def _is_our_lines(path: Path) -> bool:
    from annotator import importers
    from annotator.importers.archive import kind_of
    from annotator.importers.files import head_of

    return not kind_of(path, head_of(path)) and importers.importer_of(path).name == "jsonl"


def _lines_of_json(raw: bytes) -> int | None:
    """How many records are on the lines; None where they do not hold one each."""
    raw = raw.removeprefix(_MARK)
    if not raw.strip() or raw.startswith((b"\xff\xfe", b"\xfe\xff")) or re.match(rb"\s*(\[|\{\s*\n)", raw):
        return None
    return sum(1 for line in raw.split(b"\n") if line.strip())


def _check(record: Any) -> None:
    """What every importer promises of a record."""
    length = len(record.article.text)
    assert length, "no text"
    record.article.text.encode()
    json.dumps(dict(record.article.meta), ensure_ascii=False).encode()
    assert all(0 <= span.start < span.end <= length and span.label.strip() for span in record.spans), "a span"
    assert all(0 <= start < end <= length for start, end in record.tokens), "a token"
    assert all(before[1] <= after[0] for before, after in zip(record.tokens, record.tokens[1:], strict=False)), "tokens"


def _import(folder: Path, made: list[tuple[Path, int]], result: Result) -> None:
    """All of them at once into a new project."""
    from annotator.session import Session

    project = folder / "fuzz.annot"
    try:
        with (
            Session.open(project, create=True, labels="conll", model="blank:en") as session,
            alarm(SECONDS * 20),
            complaints() as said,
        ):
            report = session.import_files([path for path, _ in made], new_labels=True)
            expected = sum(count for _, count in made)
            assert report.records == expected, f"{report.records} records in the report, {expected} in the files"
            taken = report.accepted + report.repaired
            assert taken + report.skipped + report.rejected == expected, "the account does not add up"
            assert len(session.article_ids()) == taken, "articles that the report does not tell of"
            assert not (wrong := list(session.check())), wrong
            if report.ids:
                session.undo()
            assert not session.article_ids(), "articles are left behind an undo"
            assert not said, said
    except Exception:
        result.lose("a batch", traceback.format_exc(limit=-6))
    for left in folder.glob("fuzz.annot*"):
        left.unlink()
    for path, _ in made:
        shutil.rmtree(path.parent)


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """HangError where this process works longer at what is done meanwhile, on systems that can tell.

    Waiting does not count: what a guard waits for has its own limit, and a busy machine makes nothing hang.
    """

    def ring(*_: object) -> None:
        raise HangError(f"worked longer than {seconds} s")

    if not hasattr(signal, "ITIMER_PROF"):
        yield
        return
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


if __name__ == "__main__":
    main()
