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
_RECORDS = re.compile(rb'\s*+(?:\[\s*+)?\{\s*+"')
_SPANS = re.compile(rb'"(?:spans|entities|labels?)"')
_OURS = re.compile(rb'"schema"\s*:\s*"annotator/')
# The first bytes in UTF-8, and the escapes, of what takes two units of UTF-16.
_TWO_UNITS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4", b"\\ud", b"\\uD")


class _Unit:
    """How another tool's records of a file count, found when the first of them asks: ours alone cost no look."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path, self._text_key = path, options.text_column
        self._decided = Decided(options.unit) if options.unit else None

    def __call__(self) -> Decided:
        if self._decided is None:
            claimed = _claimed(self._path, self._text_key)
            self._decided = decide(shown_name(self._path), claimed, Unit.CODEPOINTS)
        return self._decided

    def was_told(self) -> None:
        """That it is assumed was said once, which is enough for a file."""
        self._decided = Decided(self().unit)


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """Every record of the file, or why it is none; a bad one does not hide the next."""
    file_name, unit = shown_name(path), _Unit(path, options)
    for item in records(path):
        if isinstance(item, Problem):
            yield item
            continue
        where, raw = item
        record = read_record(raw, where, file_name, unit, options.text_column)
        if isinstance(record, Record) and ASSUMED_NOTE in record.notes:
            unit.was_told()
        yield record


def _claimed(path: Path, text_key: str) -> Iterator[tuple[str, list[Claim]]]:
    """What other tools' records say that can tell units apart; ours say themselves how they count."""
    for item in records(path):
        if isinstance(item, Problem) or not _may_tell(item[1], text_key):
            continue
        try:
            fields = parse(item[1])
        except BadJsonError:
            continue
        foreign = foreign_of(fields, text_key) if isinstance(fields, dict) else None
        if foreign and isinstance(foreign.text, str):
            yield foreign.text, claims_of(foreign)


def _may_tell(raw: bytes, text_key: str) -> bool:
    """Can `Tally.add` learn from such a record? Looked at before it is parsed, which costs far more.

    Where no span states its words, only units count that are plausible without, and these differ by what
    takes two units of UTF-16.
    """
    its_own = 1 if text_key in ("", "text") else 0
    has_words = raw.count(b'"text"') > its_own or b"\\u00" in raw  # a key may be escaped, too
    if not has_words and not any(sign in raw for sign in _TWO_UNITS):
        return False
    return bool(_SPANS.search(raw)) and not _OURS.match(raw, max(raw.rfind(b'"schema"'), 0))


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
