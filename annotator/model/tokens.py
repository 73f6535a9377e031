"""Token edges that selections snap to, and the places where a surface occurs."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

_WORD_OR_SIGN = re.compile(r"\w+(?:[^\W_]|[\u0300-\u036f\u200d])*|[^\w\s]")
_JOINERS = "\u200c\u200d\ufe0e\ufe0f\u20e3"
_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›「」『』"
# Scripts written without spaces: a name may begin or end anywhere between two signs.
_NO_SPACES_SET = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NO_SPACES = re.compile(f"[{_NO_SPACES_SET}]")
_PIECE = re.compile(rf"[^\W{_NO_SPACES_SET}]+|.", re.DOTALL)


class Tokens:
    """The tokens of one text that hold more than white space, in order.

    :param ranges: (start, end) of each token in code points, sorted, not overlapping.
    """

    __slots__ = ("ends", "starts")

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        pairs = list(ranges)
        self.starts = [start for start, _ in pairs]
        self.ends = [end for _, end in pairs]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> tuple[int, int]:
        return self.starts[index], self.ends[index]

    def index_at(self, position: int) -> int | None:
        """The token that holds a position, else the next one, else the last; None in an empty text."""
        if not self.starts:
            return None
        return min(bisect_right(self.ends, position), len(self.starts) - 1)

    def snap(self, start: int, end: int) -> tuple[int, int] | None:
        """The smallest run of tokens that covers what [start, end) touches; None where it touches none.

        An empty range takes the token at that position.
        """
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, max(end, start + 1)) - 1
        if first > last:
            return None
        return self.starts[first], self.ends[last]

    def covering(self, start: int, end: int) -> tuple[int, int] | None:
        """Indices of the first and last token of a range whose edges are token edges, else None."""
        first, last = bisect_left(self.starts, start), bisect_left(self.ends, end)
        there = first <= last and last < len(self.ends)
        return (first, last) if there and (self.starts[first], self.ends[last]) == (start, end) else None

    def moved_start(self, start: int, by: int) -> int:
        """The start `by` tokens further; negative goes left; stops at the text's ends."""
        at = bisect_left(self.starts, start) if by < 0 else bisect_right(self.starts, start) - 1
        return self.starts[min(max(at + by, 0), len(self.starts) - 1)] if self.starts else start

    def moved_end(self, end: int, by: int) -> int:
        """The end `by` tokens further; negative goes left; stops at the text's ends."""
        at = bisect_left(self.ends, end) if by < 0 else bisect_right(self.ends, end) - 1
        return self.ends[min(max(at + by, 0), len(self.ends) - 1)] if self.ends else end


def rough_tokens(text: str) -> Tokens:
    """Words and single signs, for as long as no pipeline's tokenizer has answered."""
    return Tokens(match.span() for match in _WORD_OR_SIGN.finditer(text))


def whole_graphemes(text: str, tokens: Tokens) -> Tokens:
    """The tokens with those joined that share one sign on the screen, as the parts of a family emoji.

    Tokenizers cut these at code points; nobody could click on a part. Every edge that is left is
    still one of the tokenizer's.
    """
    if not _MAY_JOIN.search(text):
        return tokens
    joined: list[tuple[int, int]] = []
    for start, end in (tokens[n] for n in range(len(tokens))):
        if joined and joined[-1][1] == start and _is_inside_grapheme(text, start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return Tokens(joined)


# All that signs are joined by lies outside of these blocks: Latin letters, punctuation, arrows, signs of all kinds.
_MAY_JOIN = re.compile("[^\x00-\u02ff\u2010-\u20cf\u2100-\u2cee]")


def _is_inside_grapheme(text: str, position: int) -> bool:
    """Extenders, joiners, skin tones and the halves of flags (Unicode Annex 29, rules 9, 11 and 12)."""
    before, after = text[position - 1], text[position]
    if after in _JOINERS or before == "\u200d" or _is_mark(after) or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if not (_is_flag_half(before) and _is_flag_half(after)):
        return False
    first = position
    while first and _is_flag_half(text[first - 1]):
        first -= 1
    return (position - first) % 2 == 1


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A range without outer white space and quotes; unchanged where nothing else is in it."""
    a, b = start, end
    while a < b and (text[a].isspace() or text[a] in _QUOTES):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in _QUOTES):
        b -= 1
    return (a, b) if a < b else (start, end)


def occurrences(text: str, surface: str) -> Iterator[tuple[int, int]]:
    """Every place where `surface` stands as whole words, same casing, left to right, not overlapping.

    Whole words: no letter, digit or combining mark goes on at either edge, except in scripts
    that are written without spaces.
    """
    at = text.find(surface) if surface else -1
    while at >= 0:
        end = at + len(surface)
        if is_edge(text, at) and is_edge(text, end):
            yield at, end
            at = text.find(surface, end)
        else:
            at = text.find(surface, at + 1)


def is_edge(text: str, position: int) -> bool:
    """May a word begin or end here? See `occurrences`."""
    if position in (0, len(text)):
        return True
    before, after = text[position - 1], text[position]
    if _is_mark(after) or after == "\u200d" or before == "\u200d":
        return False
    if _NO_SPACES.match(before) or _NO_SPACES.match(after):
        return True
    return not (_goes_on(before) and _goes_on(after))


def _goes_on(character: str) -> bool:
    return character.isalnum() or character == "_" or _is_mark(character)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Runs of letters and digits, and single signs: every edge of a word is the edge of a piece."""
    return (match.span() for match in _PIECE.finditer(text))


def packed(tokens: Sequence[tuple[int, int]]) -> list[int]:
    """Token edges as distances, each from the edge before: small numbers for a small row."""
    edges = [edge for token in tokens for edge in token]
    return [edge - before for before, edge in zip([0, *edges], edges, strict=False)]


def unpacked(distances: Sequence[int]) -> Tokens:
    """The tokens that `packed` made small."""
    edges = list(accumulate(distances))
    tokens = Tokens(())
    tokens.starts, tokens.ends = edges[::2], edges[1::2]
    return tokens
