"""Damage files of every format at random and read them: no importer may break, hang, or lose count.

    python tests/faults/fuzz_importers.py --inputs 3000

Seeds are the golden files and the broken ones of tests/hostile. Each input is read on its own first; then all that
were read are imported in batches, where the accounts have to add up, the project has to be whole, and one undo has to
leave nothing.
"""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

GOLDEN = HERE.parents[1] / "data" / "golden"
SECONDS = 10  # for one input; what a guarded format may take is limited by its guard
LARGEST_SEED = 200_000  # bytes
BATCH = 100
SPECIAL = (
    *(b"NaN", b"1e400", b"-1", b"0.5", b"1" * 5000, b"9223372036854775808", b"null", b"true", b"[]", b"{}", b'""'),
    *(b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\r", b"\r\n", b"\n\n"),
    *(b"[" * 300, b"<b>" * 300, b"\t" * 50, b" " * 5000, b'"', b"'", b"\\", b"&", b"&#0;", b"&#xD800;"),
    *(b"]]>", b"<!--", b"\x1b[2J"),
    *(sign.encode() for sign in ("😀", "e\u0301", "\u2028", "\u202e", "\ufeff")),
)

_VALUES = (None, True, -1, 0, 1.5, 10**18, 10**30, "", "x", "\ud800", [], {}, [[]], {"a": [1]}, [None])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="seeds whose names hold these words")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that were lost")
    given = parser.parse_args()
    result = fuzz(given.inputs, given.seed, given.only, given.keep)
    for line in result.lost:
        say(line)
    say(result.summary())
    sys.exit(1 if result.lost else 0)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Result:
    """What became of the inputs; `lost` has one text for each that broke something."""

    tried: int = 0
    lost: list[str] = field(default_factory=list)

    def summary(self) -> str:
        return f"inputs tried {self.tried}, survived {self.tried - len(self.lost)}, lost {len(self.lost)}"


class HangError(Exception):
    """An input took too long."""


# Seeds


def seeds(only: str = "") -> dict[str, bytes]:
    """Files by their names: golden ones, and those of tests/hostile that are not made to be large."""
    from tests.hostile import cases, containers

    found = {str(path.relative_to(GOLDEN)): path.read_bytes() for path in sorted(GOLDEN.rglob("*")) if path.is_file()}
    tuples = (value for module in (cases, containers) for value in vars(module).values() if isinstance(value, tuple))
    for case in (case for each in tuples for case in each if isinstance(case, cases.Case)):
        if isinstance(case.make, bytes) and 0 < len(case.make) <= LARGEST_SEED:
            found[f"{case.name}/{case.file}"] = case.make
    return {name: raw for name, raw in found.items() if only in name}


# Mutations


def mutated(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The bytes with one to four things done to them."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        raw = chance.choice(_MUTATIONS)(raw, others, chance)
    return raw[: 4 * LARGEST_SEED]


def _flipped(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    out = bytearray(raw)
    for _ in range(min(len(out), chance.choice((1, 3, 20)))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def _cut(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    start, end = _range(raw, chance)
    return chance.choice((raw[:start], raw[end:], raw[:start] + raw[end:]))


def _spliced(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    other = chance.choice(others)
    start, end = _range(other, chance)
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + other[start:end] + raw[at:]


def _repeated(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    start, end = _range(raw, chance)
    return raw[:end] + raw[start:end] * chance.choice((1, 5, 100)) + raw[end:]


def _renumbered(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """One number becomes another of the file, or a special one."""
    places = [at for at, byte in enumerate(raw) if 48 <= byte <= 57]
    if not places:
        return raw
    at = chance.choice(places)
    end = next((n for n in range(at, len(raw)) if not 48 <= raw[n] <= 57), len(raw))
    new = chance.choice((*SPECIAL[:8], str(chance.randrange(200)).encode(), str(chance.randrange(10**12)).encode()))
    return raw[:at] + new + raw[end:]


def _inserted(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(SPECIAL) + raw[at:]


def _reshaped(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """One value of a JSON file becomes another kind of value; bytes that are no JSON stay."""
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except ValueError:
        return raw
    lines[at] = json.dumps(_other_value(value, chance)).encode()
    return b"\n".join(lines)


def _other_value(value: object, chance: random.Random) -> object:
    inner = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not inner or chance.random() < 0.15:
        return chance.choice(_VALUES)
    key = chance.choice(inner)
    if isinstance(value, dict) and chance.random() < 0.2:
        return {other: each for other, each in value.items() if other != key}
    value[key] = _other_value(value[key], chance)  # type: ignore[index]
    return value


def _range(raw: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(raw) + 1)
    return start, min(len(raw), start + chance.choice((1, 8, 100, 1000)))


_Mutation = Callable[[bytes, list[bytes], random.Random], bytes]
_MUTATIONS: tuple[_Mutation, ...] = (
    *(_flipped, _cut, _spliced, _repeated, _renumbered, _inserted),
    *(_reshaped, _reshaped),
)


# Reading


def fuzz(inputs: int, seed: int, only: str = "", keep: Path | None = None) -> Result:
    """Read that many damaged files in a folder of their own."""
    from annotator import importers

    chance, result, files = random.Random(seed), Result(), seeds(only)
    names, others = list(files), list(files.values())
    with tempfile.TemporaryDirectory() as folder, importers.reader() as reader:
        made: list[tuple[Path, int]] = []
        for number in range(inputs):
            name = chance.choice(names)
            path = _made(Path(folder), number, name, mutated(files[name], others, chance))
            result.tried += 1
            count = _read(reader, path, name, result, keep)
            if count is not None:
                made.append((path, count))
            if len(made) == BATCH or number == inputs - 1:
                _import(Path(folder), made, result)
                made.clear()
    return result


def _made(folder: Path, number: int, name: str, raw: bytes) -> Path:
    """A folder for each, since some formats look at what lies beside a file."""
    path = folder / str(number) / Path(name).name
    path.parent.mkdir()
    path.write_bytes(raw)
    beside = GOLDEN / name
    if path.suffix in (".txt", ".ann") and beside.is_file():
        other = beside.with_suffix(".ann" if path.suffix == ".txt" else ".txt")
        shutil.copy(other, path.parent)
    if path.suffix == ".xmi" and beside.is_file():
        shutil.copy(beside.with_name("TypeSystem.xml"), path.parent)
    return path


def _read(reader: object, path: Path, name: str, result: Result, keep: Path | None) -> int | None:
    """How many records and problems the file has; None where it cannot be imported unasked, or was lost."""
    from annotator.errors import KnownError
    from annotator.importers import Record, UnitUndecidedError

    try:
        with _alarm(SECONDS):
            items = list(reader.read(path))  # type: ignore[attr-defined]
        for item in items:
            if isinstance(item, Record):
                _check(item)
        if not items and path.stat().st_size:
            raise AssertionError("nothing is said of it")
    except UnitUndecidedError:
        return None
    except KnownError:
        return 1
    except Exception:
        result.lost.append(f"{name}: {traceback.format_exc(limit=-6)}")
        if keep is not None:
            keep.mkdir(exist_ok=True)
            shutil.copy(path, keep / f"{len(result.lost)}-{path.name}")
        return None
    return len(items)


def _check(record: object) -> None:
    """What every importer promises of a record."""
    from annotator.importers import Record

    assert isinstance(record, Record)
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
        with Session.open(project, create=True, labels="conll", model="blank:en") as session:
            with _alarm(SECONDS * 6):
                report = session.import_files([path for path, _ in made], new_labels=True)
            expected = sum(count for _, count in made)
            assert report.records == expected, f"{report.records} records in the report, {expected} in the files"
            assert not (wrong := list(session.check())), wrong
            if report.ids:
                session.undo()
            assert not session.article_ids(), "articles are left behind an undo"
    except Exception:
        result.lost.append(f"a batch: {traceback.format_exc(limit=-6)}")
    for left in folder.glob("fuzz.annot*"):
        left.unlink()


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise HangError(f"took longer than {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main()
