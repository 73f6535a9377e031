"""The formats of other tools that are JSON records: found by the first of them, read twice.

The first reading finds how the file counts its offsets; see `units`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import TooDeepError
from annotator.importers.files import shown_name
from annotator.importers.foreign import Foreign, claims_of, made
from annotator.importers.json_file import first_values, records
from annotator.importers.json_values import BadJsonError, parse
from annotator.importers.units import ASSUMED_NOTE, PLAUSIBLE, Claim, Decided, decide
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

Stated = Iterator[tuple[str, Foreign] | Problem]


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What the records of one reading are read with; equal to no other."""

    path: Path
    options: ReadOptions


@dataclass(frozen=True, slots=True)
class Shape:
    """Another tool's format, of JSON records.

    :param name: for `--format`.
    :param title: for the window.
    :param suffix: the ending that this program gives such files, as ".prodigy.jsonl".
    :param is_one: is a JSON value surely such a record?
    :param read: the articles of one record; raises BadJsonError where it is none.
    :param keeps: as `Importer`.
    :param remark: as `Importer`.
    :param unit: how the format's specification counts offsets; None where it does not say.
    :param plausible: how its files count where nothing in them tells.
    :param join: makes one of records that belong together and follow each other.
    """

    name: str
    title: str
    suffix: str
    is_one: Callable[[Any], bool]
    read: Callable[[Any, Around], Iterable[Foreign]]
    keeps: frozenset[Part]
    remark: str
    unit: Unit | None = None
    plausible: tuple[Unit, ...] = PLAUSIBLE
    join: Callable[[Stated], Stated] | None = None

    def importer(self) -> Importer:
        """This format as an entry of the table of importers."""
        return Importer(self.name, self.title, (self.suffix,), self._matches, self._read, self.keeps, self.remark)

    def _matches(self, path: Path, head: bytes) -> bool:
        if not head.strip():
            return path.name.lower().endswith(self.suffix)
        return any(map(self.is_one, first_values(path, head)))

    def _read(self, path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
        return read_all(partial(self._stated, path, options), shown_name(path), options, self.unit, self.plausible)

    def _stated(self, path: Path, options: ReadOptions) -> Stated:
        stated = _each_stated(self, Around(path, options))
        return self.join(stated) if self.join else stated


def read_all(
    stated: Callable[[], Stated], file: str, options: ReadOptions, unit: Unit | None, plausible: tuple[Unit, ...]
) -> Iterator[Record | Problem]:
    """The articles of a file, which is read twice: how it counts is only known at its end.

    :param stated: the file's records in plain terms, from the start at every call.
    :raises UnitUndecidedError: before the first record.
    """
    decided = Decided(options.unit) if options.unit else decide(file, _claimed(stated()), unit, plausible)
    for item in stated():
        if isinstance(item, Problem):
            yield item
            continue
        where, foreign = item
        try:
            record = made(foreign, where, file, decided)
        except (BadJsonError, TooDeepError) as error:
            yield Problem(where, str(error))
            continue
        decided = decided._replace(is_assumed=decided.is_assumed and ASSUMED_NOTE not in record.notes)
        yield record


def _each_stated(shape: Shape, around: Around) -> Stated:
    """Several articles in one record are told apart by a number behind its place."""
    for item in records(around.path):
        if isinstance(item, Problem):
            yield item
            continue
        where, raw = item
        try:
            found = list(shape.read(parse(raw), around))
        except BadJsonError as error:
            yield Problem(where, str(error))
            continue
        if not found:
            yield Problem(where, "there is no article in it")
        for number, foreign in enumerate(found, 1):
            yield (where if len(found) == 1 else f"{where}.{number}"), foreign


def _claimed(stated: Stated) -> Iterator[tuple[str, list[Claim]]]:
    for item in stated:
        if not isinstance(item, Problem) and isinstance(item[1].text, str) and item[1].unit is None:
            yield item[1].text, claims_of(item[1])
