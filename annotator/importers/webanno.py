"""WebAnno TSV 3, as INCEpTION writes it: one file an article, spans of one layer.

The text is put together as INCEpTION's own reader does it: each sentence's #Text= lines, a line end between
sentences, none where the next one begins at once, blanks where more is missing.
The format: “WebAnno TSV” in the user guide, https://inception-project.github.io/documentation
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import replaced_note
from annotator.importers.decoding import NotTextError
from annotator.importers.files import shown_name
from annotator.importers.headings import published_in, title_in
from annotator.importers.text_lines import whole_text
from annotator.importers.units import Ruler, repaired_note
from annotator.model.article import Article
from annotator.model.file_name import uid_of
from annotator.model.keeping import Part
from annotator.model.offsets import Unit
from annotator.model.span import Span, reading_order
from annotator.model.text import storable

_FORMAT = "#FORMAT=WebAnno TSV 3"
_NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_NO_ENTITIES = re.compile(r"de\.tudarmstadt\.ukp\.dkpro\.core\.api\.(?!ner\.)")  # lemmas, parts of speech, …
_LABEL_FEATURES = ("value", "label", "type", "category", "class")
_LINE = re.compile(r"(\d+-\d+(?:\.\d+)?)\t(\d{1,15})-(\d{1,15})\t([^\t]*)\t?(.*)", re.DOTALL)
_STACKED = re.compile(r"(?:[^\\|]|\\.)+", re.DOTALL)
_NUMBERED = re.compile(r"((?:[^\\\[]|\\.)*)\[(\d+)\]", re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(->|.))", re.DOTALL)
_MOST_BLANKS = 1_000_000  # between all sentences of a file; more are a wrong offset, not a text
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b"}


class _Unit(NamedTuple):
    """A line of a token or a part of one: its place in the file's unit, its words and its columns."""

    number: int
    is_token: bool
    start: int
    end: int
    surface: str
    cells: list[str]


@dataclass(slots=True)
class _Sentence:
    text: str
    units: list[_Unit] = field(default_factory=list)

    @property
    def start(self) -> int:
        """In the file's unit."""
        return self.units[0].start


class _Column(NamedTuple):
    layer: str
    feature: str
    at: int


class _Placed(NamedTuple):
    """A line at its place in the text, in code points."""

    start: int
    end: int
    unit: _Unit


@dataclass(slots=True)
class _Laid:
    """The text as the sentences make it, with their lines.

    :ivar lost: those that do not stand in it.
    :ivar jumps: those before which more text is missing than there can be.
    """

    text: str = ""
    lines: list[_Placed] = field(default_factory=list)
    lost: list[_Unit] = field(default_factory=list)
    jumps: list[_Unit] = field(default_factory=list)


def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of the file."""
    where = shown_name(path)
    try:
        content, note = whole_text(path)
    except NotTextError as error:
        yield Problem(where, str(error))
        return
    lines = [line.removesuffix("\r") for line in content.removeprefix("\ufeff").split("\n")]
    if not content.strip():
        yield Problem(where, "the file is empty")
    elif not lines[0].startswith(_FORMAT):
        yield Problem(where, f"its first line is not {_FORMAT}")
    else:
        yield _record(where, path.stem, lines, note, options.unit)


def _record(where: str, stem: str, lines: list[str], note: str, unit: Unit | None) -> Record | Problem:
    column, others = _chosen(list(_columns(lines)))
    problems: list[str] = []
    laid, unit = _best(list(_sentences(lines, problems)), unit)
    if column is None or not laid.text:
        reason = "it has no layer of spans" if column is None else "it has no text"
        return Problem(where, "; ".join([reason, *problems[:1]]))
    text, replaced = storable(laid.text)
    problems += [f"line {each.number} left out: “{each.surface[:40]}” is not in its sentence" for each in laid.lost]
    spans = _spans(laid.lines, column, problems)
    notes = [note, replaced_note(replaced) if replaced else "", repaired_note(unit) if unit is not Unit.UTF16 else ""]
    notes += [f"the layer {layer} is not read" for layer in others]
    notes += [f"line {each.number}: no text of so many letters stands before it" for each in laid.jumps[:1]]
    meta = {"title": title_in(text), "published": published_in(text), "file": where}
    article = Article(uid_of(stem), text, {key: value for key, value in meta.items() if value})
    tokens = tuple((p.start, p.end) for p in laid.lines if p.unit.is_token and text[p.start : p.end].strip())
    notes = list(filter(None, notes))
    return Record(
        where, article, spans, notes=tuple(notes), problems=tuple(problems), tokens=_in_order(tokens), lists_spans=True
    )


def _in_order(tokens: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The tokens, or none where some overlap."""
    ends = [0, *(end for _, end in tokens)]
    return tokens if all(end <= start for end, (start, _) in zip(ends, tokens, strict=False)) else ()


def _columns(lines: list[str]) -> Iterator[_Column]:
    """Every column of spans; those of relations and chains are only counted."""
    index = 0
    for line in lines[1:]:
        if not line.startswith("#T_"):
            return
        kind, _, declared = line.partition("=")
        layer, *features = declared.split("|")
        for feature in [each for each in features if each] or [""]:
            if kind == "#T_SP":
                yield _Column(layer, feature, index)
            index += 1


def _chosen(columns: list[_Column]) -> tuple[_Column | None, list[str]]:
    """The column of labels, and the other layers: named entities come before layers of somebody's own."""
    candidates = [c for c in columns if c.feature and not _NO_ENTITIES.match(c.layer)]
    layer = next((c.layer for c in candidates if c.layer == _NAMED_ENTITY), candidates[0].layer if candidates else "")
    own = [column for column in candidates if column.layer == layer]
    named = {column.feature: column for column in reversed(own)}
    chosen = next((named[name] for name in _LABEL_FEATURES if name in named), own[0] if own else None)
    return chosen, [name for name in dict.fromkeys(c.layer for c in columns) if name != layer]


def _sentences(lines: list[str], problems: list[str]) -> Iterator[_Sentence]:
    texts: list[str] = []
    sentence: _Sentence | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith("#") and sentence and sentence.units:
            yield sentence
            texts, sentence = [], None
        if line.startswith("#Text="):
            texts.append(_unescaped(line.removeprefix("#Text=")))
        elif match := _LINE.fullmatch(line):
            sentence = sentence or _Sentence("\n".join(texts))
            sentence.units.append(_unit(number, match))
        elif line and not line.startswith("#"):
            problems.append(f"line {number} left out: no token")
    if sentence:
        yield sentence


def _unit(number: int, match: re.Match[str]) -> _Unit:
    place = int(match[2]), int(match[3])
    return _Unit(number, "." not in match[1], *place, _unescaped(match[4]), match[5].split("\t"))


def _unescaped(value: str) -> str:
    def meant(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else _LETTERS.get(match[2], match[2])

    return _ESCAPED.sub(meant, value)


def _best(sentences: list[_Sentence], unit: Unit | None) -> tuple[_Laid, Unit]:
    """The text by the unit in which the tokens stand where they should; UTF-16 unless another fits better."""
    laid = {each: _laid(sentences, each) for each in ([unit] if unit else [Unit.UTF16, Unit.CODEPOINTS])}
    best = min(laid, key=lambda each: len(laid[each].lost))
    return laid[best], best


def _laid(sentences: list[_Sentence], unit: Unit) -> _Laid:
    laid, pieces, length, expected, room = _Laid(), [""], 0, 0, _MOST_BLANKS
    for number, sentence in enumerate(sentences):
        missing = max(sentence.start - expected, 0)
        if missing > room:
            laid.jumps.append(sentence.units[0])
            missing = 1
        room -= missing
        gap = " " * missing if not number else "\n" + " " * (missing - 1) if missing else ""
        pieces += [gap, sentence.text]
        ruler = Ruler(sentence.text, unit)
        for each in sentence.units:
            _place(each, sentence, ruler, length + len(gap), laid)
        length += len(gap) + len(sentence.text)
        expected = sentence.start + _size(sentence.text, unit)
    laid.text = "".join(pieces)
    return laid


def _place(unit: _Unit, sentence: _Sentence, ruler: Ruler, shift: int, laid: _Laid) -> None:
    try:
        start, end = ruler.range(unit.start - sentence.start, unit.end - sentence.start)
    except ValueError:
        start = end = 0
    if start < end and sentence.text[start:end] == unit.surface:
        laid.lines.append(_Placed(start + shift, end + shift, unit))
    elif unit.surface:  # one without words marks a place between two letters
        laid.lost.append(unit)


def _size(text: str, unit: Unit) -> int:
    """The text's length in the unit, of which the file's sentences tell where the next one begins."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 if unit is Unit.UTF16 else len(text)


def _spans(lines: list[_Placed], column: _Column, problems: list[str]) -> tuple[Span, ...]:
    found: dict[str, Span] = {}
    for place in lines:
        cell = place.unit.cells[column.at] if column.at < len(place.unit.cells) else "_"
        if cell in ("_", ""):
            continue
        for stacked, value in enumerate(_STACKED.findall(cell)):
            match = _NUMBERED.fullmatch(value)
            name = match[2] if match else f"{place.unit.number}/{stacked}"
            label = match[1] if match else value
            if label == "*":
                problems.append(f"line {place.unit.number} left out: its span has no label")
                continue
            before = found.get(name)
            start = before.start if before else place.start
            found[name] = Span(start, place.end, storable(_unescaped(label))[0])
    return tuple(sorted(dict.fromkeys(found.values()), key=reading_order))


def _matches(path: Path, head: bytes) -> bool:
    return path.name.lower().endswith(".webanno.tsv") or head.removeprefix(b"\xef\xbb\xbf").startswith(_FORMAT.encode())


IMPORTER = Importer(
    name="webanno",
    title="WebAnno TSV",
    suffixes=(".webanno.tsv",),
    matches=_matches,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.OVERLAPS}),
    remark="WebAnno TSV 3 of INCEpTION and WebAnno: named entities, else the first layer of your own, and the tokens.",
)
