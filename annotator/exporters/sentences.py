"""Where sentences end, for formats that keep them apart."""

from collections.abc import Iterator

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span

_STOPS = frozenset(".!?…。！？")
_CLOSERS = frozenset("\"'”’»)]」』")


def sentences(annotated: AnnotatedArticle, spans: list[Span]) -> Iterator[range]:
    """The indices of the tokens of each sentence; none ends within one of the spans.

    A sentence ends with its line, and with its full stop. Where a blank or a line end stands between any two
    tokens, somebody cut the text before: there the lines are the sentences.

    :param spans: on token edges, in reading order, not overlapping.
    """
    text, tokens = annotated.text, [annotated.tokens[index] for index in range(len(annotated.tokens))]
    inside = _inside(tokens, spans)
    by_lines = _is_cut(text, tokens)
    first = 0
    for index in range(1, len(tokens)):
        ends = _line_ends(text, tokens, index) or (not by_lines and _stops(text, tokens, index))
        if ends and index not in inside:
            yield range(first, index)
            first = index
    if tokens:
        yield range(first, len(tokens))


def _inside(tokens: list[tuple[int, int]], spans: list[Span]) -> set[int]:
    """Indices of the tokens that go on with a span."""
    found, rest = set(), iter(spans)
    span = next(rest, None)
    for index, (start, _) in enumerate(tokens):
        while span and span.end <= start:
            span = next(rest, None)
        if span and span.start < start:
            found.add(index)
    return found


def _gap(text: str, tokens: list[tuple[int, int]], index: int) -> str:
    return text[tokens[index - 1][1] : tokens[index][0]]


def _is_cut(text: str, tokens: list[tuple[int, int]]) -> bool:
    return all(_gap(text, tokens, index) in (" ", "\n") for index in range(1, len(tokens)))


def _line_ends(text: str, tokens: list[tuple[int, int]], index: int) -> bool:
    gap = _gap(text, tokens, index)
    return "\n" in gap or "\r" in gap


def _stops(text: str, tokens: list[tuple[int, int]], index: int) -> bool:
    """Does a sentence end by its full stop before this token?"""
    start, end = tokens[index]
    last = index - 1
    while last and text[slice(*tokens[last])] in _CLOSERS:
        last -= 1
    stops = text[slice(*tokens[last])] in _STOPS
    parted = bool(_gap(text, tokens, index)) or text[tokens[last][0]] in "。！？"
    return stops and parted and not text[start:end][:1].islower()
