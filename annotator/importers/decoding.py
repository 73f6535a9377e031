"""From bytes to text: byte order mark, strict UTF-8, the declared encoding, a guess; never silently."""

import codecs
import re
from typing import NamedTuple

_BYTE_ORDER_MARKS = (  # UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF-": "PDF",
    b"PK\x03\x04": "ZIP or office document",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"\xd0\xcf\x11\xe0": "old office document",
    b"SQLite format 3\0": "SQLite",
    b"\x7fELF": "program",
    b"<?xml": "XML",
}
# What news is written in; left to itself the detector takes short texts for old Urdu or DOS code pages.
_GUESSES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("iso8859_2", "koi8_r", "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr"),
]
# What the Windows programs write that newsrooms use, where an ISO encoding is guessed.
_WIDER = {"iso-8859-1": "cp1252", "iso-8859-15": "cp1252", "iso-8859-9": "cp1254", "ascii": "cp1252"}
# Browsers read what pages declare as the wider code page (https://encoding.spec.whatwg.org/#names-and-labels).
_AS_BROWSERS = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **{"iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "shift_jis": "cp932", "euc_kr": "cp949"},
    "big5": "big5hkscs",
}
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HEAD = 8 * 1024
_MOST_ZEROS = 0.001  # share of a text's bytes: a slip of some program, which the report tells of
_MOST_CONTROLS = 0.02  # share of a text's bytes
_MOST_REPLACED = 0.01  # share of a text's code points


class NotTextError(ValueError):
    """The bytes are no text; the message says why."""


class Decoded(NamedTuple):
    """A text, and a sentence on how it was read; "" where nothing was in doubt."""

    text: str
    note: str = ""


def decode(raw: bytes, declared: str = "") -> Decoded:
    """The text of a file, code point for code point.

    One leading byte order mark is taken off UTF-16 and UTF-32; UTF-8 keeps its U+FEFF.

    :param declared: the encoding that the file itself names, believed where it is not UTF-8.
    :raises NotTextError: the bytes are an image, an archive or another program's file.
    """
    if codec := next((name for mark, name in _BYTE_ORDER_MARKS if raw.startswith(mark)), ""):
        return _decode_marked(raw, codec)
    _refuse_binary(raw[:_HEAD])
    try:
        return Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _cut_off(raw, error) or _declared(raw, declared) or _guessed(raw)


def _decode_marked(raw: bytes, codec: str) -> Decoded:
    try:
        return Decoded(raw.decode(codec))
    except UnicodeDecodeError:
        text = raw.decode(codec, "replace")
    if text.count("\ufffd") > max(len(text) * _MOST_REPLACED, 1):
        raise NotTextError("not a text file")
    return Decoded(text, f"invalid {codec.upper()} became U+FFFD")


def _refuse_binary(head: bytes) -> None:
    if kind := next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), ""):
        raise NotTextError(f"not a text file ({kind})")
    if head.count(0) > len(head) * _MOST_ZEROS or len(_CONTROLS.findall(head)) > len(head) * _MOST_CONTROLS:
        raise NotTextError("not a text file")


def _cut_off(raw: bytes, error: UnicodeDecodeError) -> Decoded | None:
    """UTF-8 that ends within a character, told from a Latin-1 accent at the end by what stands before."""
    if error.reason != "unexpected end of data" or raw[: error.start].isascii():
        return None
    return Decoded(raw.decode("utf-8", "replace"), "the last character is cut off and became U+FFFD")


def _declared(raw: bytes, declared: str) -> Decoded | None:
    try:
        codec = codecs.lookup(declared or "utf-8").name
    except (LookupError, ValueError):
        return None
    if codec in {"utf-8", "utf-16", "utf-32"}:
        return None
    codec = _AS_BROWSERS.get(codec, codec)
    try:
        return Decoded(raw.decode(codec, "replace"))
    except (LookupError, ValueError):  # a codec that is not for text, as "hex"
        return None


def _guessed(raw: bytes) -> Decoded:
    """The likeliest encoding; one that decodes to the same is called by windows-1252's name."""
    for name in (*_by_statistics(raw), *_by_coherence(raw)):
        try:
            text = raw.decode(name)
        except (LookupError, ValueError):
            continue
        same = text == raw.decode("cp1252", "replace")
        shown = "cp1252" if same else codecs.lookup(name).name
        return Decoded(text, f"encoding guessed: {shown.replace('cp125', 'windows-125').replace('_', '-')}")
    raise NotTextError("not a text file, or in an unknown encoding")


def _by_statistics(raw: bytes) -> list[str]:
    """uchardet's guess, right on the Western languages; the Windows code page that extends it before it."""
    import cchardet

    name = str(cchardet.detect(raw)["encoding"] or "").lower()
    return [wider for wider in (_WIDER.get(name), name) if wider]


def _by_coherence(raw: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    best = from_bytes(raw, cp_isolation=_GUESSES).best()
    return [best.encoding] if best is not None else []
