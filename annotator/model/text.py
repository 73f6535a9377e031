"""What is done to a text before it is stored: as little as possible."""

import re
import uuid

# SQLite's text functions stop at NUL, and lone surrogates have no UTF-8; all else is stored as it is.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
# Control characters, and what no XML can hold (https://www.w3.org/TR/xml/#charsets).
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NAMESPACE = uuid.UUID("5f0b6f0e-3c8e-5d0a-9a53-0d4f1f6d2c11")


def storable(text: str) -> tuple[str, int]:
    """The text with NUL and lone surrogates replaced one for one by U+FFFD, and how many there were."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _NOT_STORABLE.subn("\ufffd", text)
    return (text, 0) if "\x00" not in text else _NOT_STORABLE.subn("\ufffd", text)


def has_controls(text: str) -> bool:
    """Is there anything in it that no name holds: a control character, half a surrogate pair, no character?"""
    return _CONTROLS.search(text) is not None


def without_controls(text: str) -> str:
    """The text with all that `has_controls` finds replaced one for one by U+FFFD."""
    return _CONTROLS.sub("\ufffd", text)


def text_uid(text: str) -> str:
    """A name for a text that came without one: the same on every workstation (UUID version 5, RFC 9562)."""
    return str(uuid.uuid5(_NAMESPACE, text))


def one_line(json: bytes) -> bytes:
    """JSON in UTF-8 that every reader takes for one line: many split at these signs too, where JSON does not."""
    if json.isascii():
        return json
    for first, sign, escape in _SEPARATORS:
        if first in json:  # one byte is found far sooner than several
            json = json.replace(sign, escape)
    return json


# They stand only within strings.
_SEPARATORS = tuple((sign.encode()[:1], sign.encode(), f"\\u{ord(sign):04x}".encode()) for sign in "\u0085\u2028\u2029")
