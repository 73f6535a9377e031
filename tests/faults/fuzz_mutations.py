"""What is done to sound files: to their bytes, and to the JSON, XML and packed files that these are."""

import gzip
import io
import json
import lzma
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

MOST = 800_000  # bytes of a damaged file
SPECIAL = (
    *(b"NaN", b"1e400", b"-1", b"0.5", b"1" * 5000, b"9223372036854775808", b"null", b"true", b"[]", b"{}", b'""'),
    *(b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\r", b"\r\n", b"\n\n"),
    *(b"[" * 300, b"<b>" * 300, b"\t" * 50, b" " * 5000, b'"', b"'", b"\\", b"&", b"&#0;", b"&#xD800;"),
    *(b"]]>", b"<!--", b"\x1b[2J", b"PK\x03\x04", b"PK\x01\x02", b"\x1f\x8b\x08", b"%PDF-1.4"),
    *(sign.encode() for sign in ("😀", "e\u0301", "\u2028", "\u202e", "\ufeff")),
)
_VALUES = (None, True, -1, 0, 1.5, 10**18, 10**30, "", "x", "\ud800", "\0", [], {}, [[]], {"a": [1]}, [None], [{}])
_ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>',
    b'<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/hostname">]>',
    b'<!DOCTYPE a SYSTEM "file:///etc/hostname">',
    b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
)
_BROKEN = (
    *(OSError, EOFError, ValueError, zlib.error, lzma.LZMAError),
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, IndexError, struct.error),
)
_TAG = re.compile(rb"<[^<>!?]{1,500}>")
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp1252", "cp037", "shift_jis")

Mutation = Callable[[bytes, list[bytes], random.Random], bytes]


def mutated(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The bytes with one to four things done to them; what is packed is mostly unpacked before and packed again."""
    change = _inside if chance.random() < 0.6 else _several
    try:
        return change(raw, others, chance)[:MOST]
    except _BROKEN:  # it cannot be unpacked any more
        return _several(raw, others, chance)[:MOST]


def _several(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 4))):
        raw = chance.choice(_MUTATIONS)(raw, others, chance)[: 2 * MOST]
    return raw


def _inside(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Of packed files what they hold is changed, else the file."""
    if raw.startswith(b"PK\x03\x04"):
        return _inside_zip(raw, others, chance)
    if raw.startswith(b"\x1f\x8b"):
        return gzip.compress(_several(gzip.decompress(raw), others, chance), 1)
    if raw[:1] == b"\x78":
        return zlib.compress(_several(zlib.decompress(raw), others, chance), 1)
    return _several(raw, others, chance)


def _inside_zip(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist() if info.file_size < MOST}
    name = chance.choice(list(members))
    members[name] = _several(members[name], others, chance)
    if chance.random() < 0.2:
        members[chance.choice(("../up.txt", "/abs.txt", "C:\\a.txt", "a\0b", "x" * 300, "CON", "a//b.txt"))] = b"Rome"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for each, inner in members.items():
            archive.writestr(each, inner)
    return content.getvalue()


# Bytes


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


def _recoded(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """The text in another encoding; what cannot be written in it becomes a question mark."""
    return raw.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


# JSON


def _reshaped(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """One value of a JSON file becomes another kind of value, or one key stands twice; what is no JSON stays."""
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
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


def _nested(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """One value lies in a thousand lists or objects, or one pair of an object stands there again."""
    places = [found.end() for found in re.finditer(rb"[\[:,]\s*", raw)]
    if not places:
        return raw
    at, depth = chance.choice(places), chance.choice((50, 500, 3000))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return raw[:at] + opening * depth + b"1" + closing * depth + b"," + raw[at:]


def _doubled_key(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    pairs = list(re.finditer(rb'"\w+"\s*:\s*(?:"[^"]*"|[\w.-]+)', raw))
    if not pairs:
        return raw
    pair = chance.choice(pairs)
    return raw[: pair.start()] + pair[0] + b", " + raw[pair.start() :]


# XML, HTML


def _tagged(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """One tag goes, comes twice, gets thousands of attributes, or holds hundreds of its like."""
    tags = list(_TAG.finditer(raw))
    if not tags:
        return raw
    tag = chance.choice(tags)
    attributes = b" ".join(b'a%d="&c;"' % number for number in range(chance.choice((3, 3000))))
    new = chance.choice((b"", tag[0] * 2, tag[0] * 500, tag[0][:-1] + b" " + attributes + b">", b"<![CDATA[" + tag[0]))
    return raw[: tag.start()] + new + raw[tag.end() :]


def _declared(raw: bytes, _others: list[bytes], chance: random.Random) -> bytes:
    """Entities are declared and used, or another encoding is."""
    if b"<" not in raw:
        return raw
    head = raw.find(b"?>") + 2 if raw.startswith(b"<?xml") else 0
    if chance.random() < 0.3:
        name = chance.choice((b"utf-16", b"latin-1", b"x-none", b"idna", b"utf-7")).join((b'encoding="', b'"'))
        return b'<?xml version="1.0" ' + name + b"?>" + raw[head:]
    used = raw[head:].replace(b">", b">&c;", chance.choice((0, 1, 20)))
    return raw[:head] + chance.choice(_ENTITIES) + used


def _range(raw: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(raw) + 1)
    return start, min(len(raw), start + chance.choice((1, 8, 100, 1000)))


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flipped, _cut, _spliced, _repeated, _renumbered, _inserted, _recoded),
    *(_reshaped, _reshaped, _nested, _doubled_key, _tagged, _declared),
)
