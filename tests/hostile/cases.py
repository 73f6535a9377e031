"""Broken and misleading files: how each is made, and what an import has to say of it.

To add one: append a Case to one of the tuples. Every record of the file has to be accounted for, what is
sound in it has to come in, and nothing may take long or much memory.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GOOD = {"id": "good", "text": "Alibaba opened a lab in Paris.", "spans": [{"start": 0, "end": 7, "label": "ORG"}]}
LAST = {"id": "last", "text": "Jack Ma spoke in Tokyo.", "spans": [{"start": 0, "end": 7, "label": "PER"}]}


@dataclass(frozen=True)
class Case:
    """One broken input.

    :param file: the name of the file that is imported.
    :param make: writes it, or the bytes that it holds.
    :param imported: how many articles come in.
    :param line: what one line of the report says, as a regular expression; "" where nothing has to be said.
    :param spans: how many spans come in; None where it does not matter.
    :param wants: what `Session.import_files` is told beside the path.
    """

    name: str
    file: str
    make: bytes | Callable[[Path], None]
    imported: int
    line: str
    spans: int | None = None
    wants: dict[str, Any] = field(default_factory=dict)


def jsonl(*records: Any) -> bytes:
    """Records as lines, between two sound ones; bytes and strings stay as they are."""
    return b"\n".join(map(_line, (GOOD, *records, LAST))) + b"\n"


def _line(record: Any) -> bytes:
    if isinstance(record, bytes):
        return record
    return (record if isinstance(record, str) else json.dumps(record)).encode()


def spans(text: str, *triples: tuple[Any, Any, Any], **more: Any) -> dict[str, Any]:
    """A record with spans of any shape."""
    return {"text": text, "spans": [{"start": s, "end": e, "label": label} for s, e, label in triples], **more}


TEXT = "Berlin is a city on the Spree."


def _one_span(*place: Any, line: str, name: str, taken: int = 0) -> Case:
    record = spans(TEXT, place, (24, 29, "LOC"))
    return Case(name, "a.jsonl", jsonl(record), 3, line, spans=3 + taken)


def _replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert old in raw
    return raw.replace(old, new)


SPANS = (
    _one_span(1.0, 6, "LOC", name="float start", line=r"a\.jsonl:2: repaired: span 1 left out: .*whole numbers"),
    _one_span(0, 6.5, "LOC", name="half a character", line="span 1 left out: .*whole numbers"),
    _one_span("0", "6", "LOC", name="offsets as words", line="span 1 left out: .*whole numbers"),
    _one_span(True, 6, "LOC", name="true as a number", line="span 1 left out: .*whole numbers"),
    _one_span(None, 6, "LOC", name="no start", line="span 1 left out"),
    _one_span(-3, 6, "LOC", name="negative start", line="span 1 left out: .*outside|span 1 left out: .*negative"),
    _one_span(0, 600, "LOC", name="end behind the text", line="span 1 left out: .*outside the text"),
    _one_span(0, 10**30, "LOC", name="end of thirty digits", line="span 1 left out"),
    _one_span(6, 0, "LOC", name="reversed", line="span 1 left out: .*reversed"),
    _one_span(3, 3, "LOC", name="empty span", line="span 1 left out: .*empty"),
    _one_span(0, 6, "", name="empty label", line="span 1 left out: .*label"),
    _one_span(0, 6, 7, name="label is a number", line="span 1 left out: .*label"),
    _one_span(24, 29, "LOC", name="the same span twice", line="left out: it stands there twice"),
    _one_span(20, 29, "LOC", name="overlapping spans", line="", taken=1),
    Case("unknown label", "a.jsonl", jsonl(spans(TEXT, (0, 6, "SPREE"))), 3, "SPREE", spans=2),
    Case("spans is an object", "a.jsonl", jsonl({"text": TEXT, "spans": {"start": 0}}), 3, "spans.* left out", spans=2),
    Case("a span is a word", "a.jsonl", jsonl({"text": TEXT, "spans": ["Berlin"]}), 3, "span 1 left out", spans=2),
    Case(
        "spans under a key of no tool",
        "a.jsonl",
        jsonl({"text": TEXT, "lables": [[0, 6, "LOC"]]}),
        3,
        "lables",
        spans=2,
    ),
    Case(
        "confidence NaN",
        "a.jsonl",
        jsonl('{"text": "Berlin", "spans": [{"start": 0, "end": 6, "label": "LOC", "score": NaN}]}'),
        2,
        "a.jsonl:2: rejected: .*NaN",
    ),
    Case(
        "offset Infinity",
        "a.jsonl",
        jsonl('{"text": "Berlin", "spans": [[0, Infinity, "LOC"]]}'),
        2,
        "a.jsonl:2: rejected: .*Infinity",
    ),
    Case(
        "surface nowhere",
        "a.jsonl",
        jsonl({"text": TEXT, "spans": [{"start": 0, "end": 6, "label": "LOC", "text": "Rome!!"}]}),
        3,
        "span 1 left out: it reads",
        spans=2,
    ),
)


def _units(name: str, text: str, place: tuple[int, int], surface: str, said: str) -> Case:
    record = {"text": text, "spans": [{"start": place[0], "end": place[1], "label": "LOC", "text": surface}]}
    return Case(name, "u.jsonl", json.dumps(record).encode() + b"\n", 1, said, spans=1)


EMOJI = "😀😀 Berlin is a city. 😀 Rome"

UNITS = (
    _units("UTF-16 offsets", EMOJI, (5, 11), "Berlin", "(?i)utf-16"),
    _units("UTF-8 offsets", EMOJI, (9, 15), "Berlin", "(?i)utf-8"),
    _units("ends are inclusive", TEXT, (0, 5), "Berlin", "last code point named"),
    _units("CRLF counts as one", "a\r\nb\r\n\r\nBerlin is", (5, 11), "Berlin", "line end as one|signs on the screen"),
    Case(
        "units that nobody can tell",
        "u.jsonl",
        json.dumps({"text": EMOJI, "label": [[5, 11, "LOC"]]}).encode(),
        0,
        "does not say how it counts",
    ),
)

JSON_LINES = (
    Case("wrong key", "a.jsonl", jsonl({"txt": TEXT}), 2, "a.jsonl:2: rejected: .*text"),
    Case("text is a number", "a.jsonl", jsonl({"text": 5}), 2, "a.jsonl:2: rejected: .*5"),
    Case("text is null", "a.jsonl", jsonl({"text": None}), 2, "a.jsonl:2: rejected"),
    Case("text is empty", "a.jsonl", jsonl({"text": ""}), 2, "a.jsonl:2: rejected: .*empty"),
    Case("an id with two texts", "a.jsonl", jsonl({"id": "good", "text": TEXT}), 2, "a.jsonl:2: rejected: .*good"),
    Case("the same record twice", "a.jsonl", jsonl(GOOD), 2, "a.jsonl:2: skipped"),
    Case(
        "a key twice", "a.jsonl", jsonl('{"text": "one two", "text": "three four"}'), 2, "a.jsonl:2: rejected: .*twice"
    ),
    Case("mixed line ends", "a.jsonl", _replaced(jsonl({"text": TEXT}), b"}\n{", b"}\r\n{"), 3, ""),
    Case("carriage returns alone", "a.jsonl", _replaced(jsonl({"text": TEXT}), b"}\n{", b"}\r{"), 0, "rejected"),
    Case("byte order mark", "a.jsonl", b"\xef\xbb\xbf" + jsonl({"text": TEXT}), 3, ""),
    Case(
        "byte order mark in the middle",
        "a.jsonl",
        jsonl(b"\xef\xbb\xbf" + _line({"text": TEXT})),
        2,
        "a.jsonl:2: rejected: .*(BOM|mark|JSON)",
    ),
    Case("blank lines", "a.jsonl", jsonl("", "  ", {"text": TEXT}), 3, ""),
    Case("cut at the end", "a.jsonl", jsonl() + b'{"text": "Berl', 2, "a.jsonl:3: rejected"),
    Case("not UTF-8", "a.jsonl", jsonl(b'{"text": "Z\xfcrich"}'), 2, "a.jsonl:2: rejected: .*UTF-8"),
    Case("UTF-16 lines", "a.jsonl", jsonl().decode().encode("utf-16"), 0, "UTF-16"),
    Case("NUL in the text", "a.jsonl", jsonl({"text": "a\0b"}), 3, "a.jsonl:2: repaired: .*FFFD"),
    Case("half a surrogate pair", "a.jsonl", jsonl('{"text": "a \\ud83d b"}'), 3, "a.jsonl:2: repaired: .*FFFD"),
    Case("a number alone", "a.jsonl", jsonl("7"), 2, "a.jsonl:2: rejected"),
    Case("a list alone", "a.jsonl", jsonl("[1]"), 2, "a.jsonl:2: rejected"),
    Case("two objects on one line", "a.jsonl", jsonl('{"text": "a b"}{"text": "c d"}'), 2, "a.jsonl:2: rejected"),
    Case("a comma too many", "a.jsonl", jsonl('{"text": "a b",}'), 2, "a.jsonl:2: rejected"),
    Case("Python for JSON", "a.jsonl", jsonl("{'text': 'a b'}"), 2, "a.jsonl:2: rejected"),
    Case(
        "a number of 5,000 digits",
        "a.jsonl",
        jsonl('{"text": "a b", "n": ' + "9" * 5000 + "}"),
        2,
        "a.jsonl:2: rejected: .*number",
    ),
    Case(
        "nested metadata",
        "a.jsonl",
        jsonl('{"text": "a b", "m": ' + "[" * 100 + "]" * 100 + "}"),
        2,
        "a.jsonl:2: rejected: .*deep",
    ),
    Case("an array that is not closed", "a.json", b"[" + b",\n".join(map(_line, (GOOD, LAST))), 2, ""),
    Case(
        "a broken element",
        "a.json",
        b"[" + b",".join([_line(GOOD), b'{"text": }', _line(LAST)]) + b"]",
        2,
        "a.json:2: rejected",
    ),
    Case("an empty array", "a.json", b"[]", 0, ""),
    Case("an empty file", "a.jsonl", b"", 0, "empty"),
    Case("a later version of ours", "a.jsonl", jsonl({"text": TEXT, "schema": "annotator/9"}), 2, "annotator/9"),
)
