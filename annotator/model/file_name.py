"""Names of files that are made from articles' ids, and the way back; and names as they can be written in a file."""

import hashlib
import os
import re

LONGEST = 150  # characters, of which all are ASCII: no system allows fewer than 255 bytes

_UNSAFE = re.compile(r"[^A-Za-z0-9_~-]")
_SHORTENED = re.compile(r"[A-Za-z0-9_~=-]+~~[0-9a-f]{16}")
_ESCAPED = re.compile(r"(?:=[0-9A-F]{2})+")


def name_of(uid: str) -> str:
    """A file name without ending for the id: safe on every system, never that of another id, always the same.

    What is not a letter, digit, "_", "~" or "-" becomes "=" and its UTF-8 bytes in hexadecimal. The hash
    behind it keeps ids apart that differ in casing alone, makes "CON" no device on Windows, and tells `uid_of`
    that the name was made here.
    """
    if _SHORTENED.fullmatch(uid) and len(uid) <= LONGEST:
        return uid
    safe = _UNSAFE.sub(lambda match: "".join(f"={byte:02X}" for byte in match[0].encode()), uid)
    name = f"{safe}~{_hash(uid)[:6]}"
    return name if len(name) <= LONGEST else f"{safe[: LONGEST - 18]}~~{_hash(uid)[:16]}"


def uid_of(name: str) -> str:
    """The id that `name_of` made the name from, the name itself for one that it cut; "" for any other name."""
    if _SHORTENED.fullmatch(name):
        return name
    safe, _, mark = name.rpartition("~")
    try:
        uid = _ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("=", "")).decode(), safe)
    except UnicodeDecodeError:
        return ""
    return uid if mark and mark == _hash(uid)[:6] else ""


def writable(name: str) -> str:
    """A file's name as UTF-8 can hold it, the same in every locale; bytes of it that are no UTF-8 are U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def _hash(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()
