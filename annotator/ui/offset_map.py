"""From code points to the UTF-16 units that Qt counts in, and back."""

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# PySide loses these when it makes a QString, which would shift every later offset: a leading
# U+FEFF or U+FFFE is taken for a byte-order mark, lone surrogates are dropped. Controls and line
# breaks would be drawn as nothing or break the line where the view does not expect it.
_UNSAFE = re.compile("[\ufeff\ufffe\uffff\ud800-\udfff\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class OffsetMap:
    """The two ways to count in one text.

    Only characters above U+FFFF take two UTF-16 units, so it is enough to keep where those are:
    usually nowhere, and then both directions are the identity.
    """

    __slots__ = ("_astral", "_astral16")

    def __init__(self, text: str) -> None:
        self._astral: list[int] = []
        if not text.isascii():
            self._astral = [match.start() for match in _ASTRAL.finditer(text)]
        self._astral16 = [position + before for before, position in enumerate(self._astral)]

    def to16(self, position: int) -> int:
        """UTF-16 units before a code point."""
        return position + bisect_left(self._astral, position)

    def to_code_point(self, units: int) -> int:
        """Code points before a UTF-16 position; inside a pair: its start."""
        return units - bisect_left(self._astral16, units)


def display_text(text: str) -> str:
    """A text that Qt takes over unit for unit; for display only, never read back.

    Every replacement is as long as what it replaces.
    """
    return _UNSAFE.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    if match[0] == "\ufeff":
        return "\u00b7"
    return " " if match[0].isspace() else "\ufffd"
