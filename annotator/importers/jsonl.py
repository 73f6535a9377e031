"""JSON Lines, and JSON files that hold one array of records or a single one."""

import re
from collections.abc import Iterator
from pathlib import Path

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.files import shown_name
from annotator.importers.foreign import claims_of
from annotator.importers.json_file import SUFFIXES, records
from annotator.importers.json_record import foreign_of, read_record
from annotator.importers.json_values import BadJsonError, parse
from annotator.importers.units import ASSUMED_NOTE, Claim, Decided, decide
from annotator.model.keeping import EVERYTHING
from annotator.model.offsets import Unit

_UTF8_MARK = b"\xef\xbb\xbf"
_RECORDS = re.compile(rb'\s*\[?\s*\{\s*"')
_SPANS = re.compile(rb'"(?:spans|entities|labels?)"')
_OURS = re.compile(rb'"schema"\s*:\s*"annotator/')


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """Every record of the file, or why it is none; a bad one does not hide the next."""
    file_name = shown_name(path)
    claimed = _claimed(path, options.text_column)
    decided = Decided(options.unit) if options.unit else decide(file_name, claimed, Unit.CODEPOINTS)
    for item in records(path):
        if isinstance(item, Problem):
            yield item
            continue
        where, raw = item
        record = read_record(raw, where, file_name, decided, options.text_column)
        if isinstance(record, Record) and ASSUMED_NOTE in record.notes:
            decided = Decided(decided.unit)
        yield record


def _claimed(path: Path, text_key: str) -> Iterator[tuple[str, list[Claim]]]:
    """What other tools' records say; ours say themselves how they count."""
    for item in records(path):
        if isinstance(item, Problem) or _OURS.search(item[1]) or not _SPANS.search(item[1]):
            continue
        try:
            fields = parse(item[1])
        except BadJsonError:
            continue
        foreign = foreign_of(fields, text_key) if isinstance(fields, dict) else None
        if foreign and isinstance(foreign.text, str):
            yield foreign.text, claims_of(foreign)


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in SUFFIXES or bool(_RECORDS.match(head.removeprefix(_UTF8_MARK)))


IMPORTER = Importer(
    name="jsonl",
    title="JSON Lines",
    suffixes=SUFFIXES,
    matches=_matches,
    read=read,
    keeps=EVERYTHING,
    remark="Id, text and metadata; spans of this program with their decisions, and of other tools.",
)
