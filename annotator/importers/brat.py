"""brat's standoff: a text file and beside it an .ann file; https://brat.nlplab.org/standoff.html."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from annotator.errors import KnownError
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import replaced_note
from annotator.importers.decoding import NotTextError
from annotator.importers.files import HEAD_BYTES, head_of, shown_name
from annotator.importers.headings import published_in, title_in
from annotator.importers.text_lines import whole_text
from annotator.importers.units import ASSUMED_NOTE, Claim, Decided, Ruler, decide, repaired_note, same_words
from annotator.model.article import Article
from annotator.model.file_name import uid_of
from annotator.model.keeping import Part
from annotator.model.offsets import Unit
from annotator.model.span import Span, reading_order
from annotator.model.text import storable

_TEXT_BOUND = re.compile(r"(T\S*)\t(\S+) (\d{1,15} \d{1,15}(?:;\d{1,15} \d{1,15})*)(?:\t(.*))?", re.DOTALL)
_ANNOTATION = re.compile(rb"(?:[TREAMNW]\d+|\*|#\d*)\t")
_KINDS = {"R": "relation", "E": "event", "A": "attribute", "M": "attribute", "N": "reference", "#": "note"}
_KINDS |= {"*": "equivalence"}


class _Stated(NamedTuple):
    """A text-bound annotation as its line has it.

    :param pieces: (start, end) of each, in the file's unit.
    """

    name: str
    label: str
    pieces: tuple[tuple[int, int], ...]
    surface: str | None

    @property
    def claim(self) -> Claim:
        """What it says of the unit; the words of several pieces say nothing."""
        return Claim(self.pieces[0][0], self.pieces[-1][1], self.surface if len(self.pieces) == 1 else None)


class _Read(NamedTuple):
    stated: list[_Stated]
    notes: list[str]
    problems: list[str]


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of a pair, named by either of its files."""
    where = shown_name(path)
    text_path, marks_path = path.with_suffix(".txt"), path.with_suffix(".ann")
    if path.suffix.lower() == ".ann" and not text_path.is_file():
        is_empty = not head_of(path).strip()
        yield Problem(
            where, "the file is empty" if is_empty else f"its text, {shown_name(text_path)}, is not beside it"
        )
        return
    try:
        text, note = whole_text(text_path if path.suffix.lower() == ".ann" else path)
        marks, _ = whole_text(marks_path)
    except NotTextError as error:
        yield Problem(where, str(error))
        return
    yield _record(where, path.stem, text, marks, note, options.unit)


def _record(where: str, stem: str, raw_text: str, marks: str, note: str, unit: Unit | None) -> Record | Problem:
    text, replaced = storable(raw_text)
    if not text:
        return Problem(where, "the text is empty")
    found = _lines(marks)
    notes = [note] if note else []
    if replaced:
        notes.append(replaced_note(replaced))
    claims = [stated.claim for stated in found.stated]
    decided = Decided(unit) if unit else decide(where, [(raw_text, claims)], default=Unit.CODEPOINTS)
    ruler = Ruler(raw_text, decided.unit)
    spans = [span for stated in found.stated if (span := _span(stated, text, ruler, found.problems))]
    if decided.unit is not Unit.CODEPOINTS and spans:
        notes.append(repaired_note(decided.unit))
    elif decided.is_assumed:
        notes.append(ASSUMED_NOTE)
    meta = {"title": title_in(text), "published": published_in(text), "file": where}
    article = Article(uid_of(stem), text, {key: value for key, value in meta.items() if value})
    once = sorted(dict.fromkeys(spans), key=reading_order)
    return Record(
        where, article, tuple(once), notes=(*notes, *found.notes), problems=tuple(found.problems), lists_spans=True
    )


def _lines(marks: str) -> _Read:
    stated: list[_Stated] = []
    problems: list[str] = []
    others: Counter[str] = Counter()
    for number, line in enumerate(marks.split("\n"), 1):
        line = line.removesuffix("\r")
        if match := _TEXT_BOUND.fullmatch(line):
            stated.append(_stated(match))
        elif line[:1] in _KINDS and "\t" in line:
            others[_KINDS[line[0]]] += 1
        elif line.strip("\ufeff \t"):
            problems.append(f".ann line {number} left out: not as brat writes it")
    notes = [f"{count} × a brat {kind}, which is not read" for kind, count in others.items()]
    return _Read(stated, notes, problems)


def _stated(match: re.Match[str]) -> _Stated:
    pieces = [tuple(map(int, piece.split(" "))) for piece in match[3].split(";")]
    return _Stated(match[1], storable(match[2])[0], tuple((start, end) for start, end in pieces), match[4])


def _span(stated: _Stated, text: str, ruler: Ruler, problems: list[str]) -> Span | None:
    """The span; None, with the reason among the problems, where there is none."""
    try:
        pieces = [ruler.range(*piece) for piece in stated.pieces]
    except ValueError as error:
        problems.append(f"{stated.name} left out: {error}")
        return None
    start, end = pieces[0][0], pieces[-1][1]
    gaps = [text[before[1] : after[0]] for before, after in pairwise(pieces)]
    if any(gap.strip() or a >= b for gap, (a, b) in zip(gaps, pieces, strict=False)):
        problems.append(f"{stated.name} left out: it is in several pieces")
    elif start >= end:
        problems.append(f"{stated.name} left out: it ends before it begins")
    elif not _agrees(stated, text, pieces):
        problems.append(f"{stated.name} left out: the text there is “{text[start:end][:40]}”")
    else:
        return Span(start, end, stated.label)
    return None


def _agrees(stated: _Stated, text: str, pieces: list[tuple[int, int]]) -> bool:
    """brat writes blanks for line ends, and between the pieces of what goes over a line end."""
    words = " ".join(text[slice(*piece)] for piece in pieces)
    return stated.surface is None or same_words(storable(stated.surface)[0], words)


def _matches(path: Path, _head: bytes) -> bool:
    suffix = path.suffix.lower()
    if suffix == ".ann":
        return True
    marks = path.with_suffix(".ann")
    return suffix == ".txt" and marks.is_file() and _is_brat(marks)


def _is_brat(marks: Path) -> bool:
    try:
        head = head_of(marks)[:HEAD_BYTES].lstrip()
    except KnownError:
        return False
    return not head or _ANNOTATION.match(head) is not None


IMPORTER = Importer(
    name="brat",
    title="brat standoff",
    suffixes=(".ann",),
    matches=_matches,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.EDGES, Part.OVERLAPS}),
    remark="A .txt and its .ann: text-bound annotations; relations, events and the like are counted.",
)
