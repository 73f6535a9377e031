"""Lists of names: plain words, two columns, or the patterns of spaCy's EntityRuler.

https://spacy.io/usage/rule-based-matching#entityruler-files
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.importers.base import Problem
from annotator.importers.decoding import NotTextError, decode
from annotator.importers.files import opened, shown_name
from annotator.importers.json_stream import elements, lines
from annotator.importers.json_values import BadJsonError, parse, shown
from annotator.model.text import storable

LARGEST = 50_000_000  # bytes
_UTF8_MARK = b"\xef\xbb\xbf"
_OBJECTS = re.compile(rb'\s*(\[\s*[{\]]|\{\s*")')
_EXACT, _ANY_CASE = ("ORTH", "TEXT"), "LOWER"
# Where tokens had no white space between them: around hyphens, before closing signs and endings, behind opening signs.
_TIGHT = (
    re.compile(r" ([-–/]) "),
    re.compile(r" ([,.;:!?%)\]}»”]|n?['’](?:s|S|t|ll|re|ve|d|m)?)(?= |$)"),
    re.compile(r"(?:(?<=[ (])|^)([(\[{«“$£€#@]) "),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list.

    :param where: file and line or number, as "firms.txt:3".
    :param label: as it stands in the list; "" for none.
    :param any_case: the list says that every casing is meant.
    """

    where: str
    surface: str
    label: str = ""
    any_case: bool = False


def read_list(path: Path) -> list[Listed | Problem]:
    """Every entry of the list, in order; blank lines are none.

    :raises KnownError: the file cannot be read.
    """
    name = shown_name(path)
    with opened(path) as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise KnownError(f"{name} is larger than {LARGEST // 1_000_000} MB.", "Cut it into parts.")
    raw = raw.removeprefix(_UTF8_MARK)
    is_json = path.suffix.lower() in (".json", ".jsonl", ".ndjson") or _OBJECTS.match(raw[:4096])
    found = _from_json(raw, name) if is_json else _from_text(path, raw, name)
    return list(found) or [Problem(name, "the file is empty")]


# Plain words and columns


def _from_text(path: Path, raw: bytes, name: str) -> Iterator[Listed | Problem]:
    try:
        text = decode(raw).text.removeprefix("\ufeff")
    except NotTextError as error:
        raise KnownError(f"{name} cannot be read: {error}.") from error
    rows = _columns(text, path.suffix.lower() == ".csv")
    for number, row in rows:
        cells = [storable(cell)[0].strip() for cell in row]
        if any(cells):
            yield _listed(cells, f"{name}:{number}")


def _columns(text: str, is_csv: bool) -> Iterator[tuple[int, list[str]]]:
    if not is_csv:
        yield from ((number, line.rstrip("\r").split("\t")) for number, line in enumerate(text.split("\n"), 1))
        return
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        yield from ((reader.line_num, row) for row in reader)
    except csv.Error as error:
        yield reader.line_num, ["", f"{error}", ""]


def _listed(cells: list[str], where: str) -> Listed | Problem:
    if len(cells) > 2 and any(cells[2:]):
        return Problem(where, "more than two columns")
    if not cells[0]:
        return Problem(where, "there are no words")
    return Listed(where, cells[0], cells[1] if len(cells) > 1 else "")


# spaCy's patterns


def _from_json(raw: bytes, name: str) -> Iterator[Listed | Problem]:
    file = io.BytesIO(raw)
    for number, piece in elements(file) if raw.lstrip().startswith(b"[") else lines(file):
        where = f"{name}:{number}"
        if piece is None:
            yield Problem(where, "too long")
        elif piece.strip():
            yield _from_record(piece, where)


def _from_record(piece: bytes, where: str) -> Listed | Problem:
    try:
        record = parse(piece)
        if isinstance(record, str):
            record = {"pattern": record}
        if not isinstance(record, dict) or "pattern" not in record:
            raise BadJsonError("no object with a pattern")
        label = record.get("label") or ""
        if not isinstance(label, str):
            raise BadJsonError(f"the label is {shown(label)}")
        surface, any_case = _words_of(record["pattern"])
    except BadJsonError as error:
        return Problem(where, str(error))
    surface = storable(surface)[0].strip()
    return Listed(where, surface, storable(label)[0], any_case) if surface else Problem(where, "there are no words")


def _words_of(pattern: Any) -> tuple[str, bool]:
    """The words of a pattern, and whether they are meant in any casing.

    :raises BadJsonError: it asks for more than its words.
    """
    if isinstance(pattern, str):
        return pattern, False
    if not isinstance(pattern, list):
        raise BadJsonError("the pattern is neither words nor a list of tokens")
    tokens = [_token(number, token) for number, token in enumerate(pattern, 1)]
    cased = {key == _ANY_CASE for key, word in tokens if word.lower() != word.upper()}
    if len(cased) > 1:
        raise BadJsonError("some tokens are meant in any casing and some are not")
    return joined([word for _, word in tokens]), cased == {True}


def _token(number: int, token: Any) -> tuple[str, str]:
    if not isinstance(token, dict) or len(token) != 1:
        raise BadJsonError(f"token {number} asks for more than its words")
    ((key, word),) = token.items()
    if str(key).upper() not in (*_EXACT, _ANY_CASE) or not isinstance(word, str):
        raise BadJsonError(f"token {number} asks for more than its words ({shown(key)})")
    return str(key).upper(), word


def joined(tokens: list[str]) -> str:
    """The words that tokens were cut from, by the rules of written English."""
    text = " ".join(tokens)
    for place in _TIGHT:
        text = place.sub(r"\1", text)
    return text
