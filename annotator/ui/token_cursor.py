"""Where the token cursor goes: pure steps over code points, no widget."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QTextBoundaryFinder

from annotator.model.tokens import Tokens
from annotator.ui.offset_map import OffsetMap, display_text

_AROUND = 256


def stepped(tokens: Tokens, start: int, end: int, by: int) -> tuple[int, int] | None:
    """The token `by` steps after (or, negative, before) a range; stops at the text's ends."""
    if not len(tokens):
        return None
    at = bisect_left(tokens.starts, end) + by - 1 if by > 0 else bisect_right(tokens.ends, start) + by
    return tokens[min(max(at, 0), len(tokens) - 1)]


def token_near(tokens: Tokens, position: int) -> tuple[int, int] | None:
    """The token that holds a position, else the next, else the last."""
    at = tokens.index_at(position)
    return None if at is None else tokens[at]


def tokens_within(tokens: Tokens, start: int, end: int) -> list[tuple[int, int]]:
    """The tokens that begin in a range."""
    return [tokens[k] for k in range(bisect_left(tokens.starts, start), bisect_left(tokens.starts, end))]


def graphemes_on(text: str, position: int, by: int) -> int:
    """The edge `by` graphemes further: never inside an accent, a flag or a joined emoji."""
    low = max(0, position - _AROUND)
    part = text[low : position + _AROUND]
    offsets = OffsetMap(part)
    find = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, display_text(part))
    find.setPosition(offsets.to16(position - low))
    for _ in range(abs(by)):
        reached = find.toNextBoundary() if by > 0 else find.toPreviousBoundary()
        if reached < 0:
            return len(text) if by > 0 else 0
    return low + offsets.to_code_point(find.position())


class TokenCursor:
    """A selection that grows and shrinks at its far edge, token by token or sign by sign.

    :param home: the range that a token-wise change never leaves out.
    """

    def __init__(self, home: tuple[int, int]) -> None:
        self.home = self.range = home
        self.forward = True

    def extended(self, tokens: Tokens, by: int) -> tuple[int, int]:
        """Move the far edge by tokens; past the home it becomes the other edge."""
        for _ in range(abs(by)):
            self.range = self._one_token(tokens, 1 if by > 0 else -1)
        return self.range

    def _one_token(self, tokens: Tokens, by: int) -> tuple[int, int]:
        start, end = self.range
        if start == self.home[0] and end == self.home[1]:
            self.forward = by > 0
        if self.forward:
            return start, max(tokens.moved_end(end, by), self.home[1])
        return min(tokens.moved_start(start, by), self.home[0]), end

    def nudged(self, text: str, by: int) -> tuple[int, int]:
        """Move the far edge by graphemes; at least one stays."""
        start, end = self.range
        if self.forward:
            least = graphemes_on(text, start, 1)
            self.range = start, max(graphemes_on(text, end, by), least)
        else:
            most = graphemes_on(text, end, -1)
            self.range = min(graphemes_on(text, start, by), most), end
        self.home = self.range
        return self.range
