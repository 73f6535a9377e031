"""An article's text cut into the paragraphs that the view lays out, each with its kind."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from annotator.model.article import Article

LONGEST = 4000
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]*\s*")
_FULL_STOPS = ".。…:;,"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\b|\b{_MONTH}\s+(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d\b|\d{4}年",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"by\s+\w", re.IGNORECASE)


class Kind(Enum):
    """How a paragraph is set."""

    HEADLINE = "headline"
    DATELINE = "dateline"
    BODY = "body"


class Paragraph(NamedTuple):
    """A stretch of the text without line breaks; code points, end exclusive.

    :param gap: does the space between paragraphs follow it, not only the next line?
    """

    start: int
    end: int
    kind: Kind = Kind.BODY
    gap: bool = True


def paragraphs(article: Article) -> list[Paragraph]:
    """All lines of the article, empty ones too; line breaks belong to none."""
    cut = list(_cut(article.text))
    kinds = _kinds(article, cut)
    loose = any(start == end for start, end in cut[:-1])
    made = []
    for index, (start, end) in enumerate(cut):
        kind = kinds.get(index, Kind.BODY)
        next_start, next_end = cut[index + 1] if index + 1 < len(cut) else (end, end)
        parted = next_start != end and (next_start == next_end or not loose)
        made.append(Paragraph(start, end, kind, parted or kind is not Kind.BODY))
    return made


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield from _cut_long(text, start, match.start())
        start = match.end()
    yield from _cut_long(text, start, len(text))


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph, a very long one at sentence ends: laying out a line costs what its paragraph costs."""
    while end - start > LONGEST:
        low, high = start + LONGEST // 2, start + LONGEST
        at = max((match.end() for match in _SENTENCE_END.finditer(text, low, high)), default=0)
        at = at or text.rfind(" ", low, high) + 1 or high
        yield start, at
        start = at
    yield start, end


def _kinds(article: Article, cut: list[tuple[int, int]]) -> dict[int, Kind]:
    """The headline and the dateline among the first lines that hold words."""
    text = article.text
    filled = [index for index, (start, end) in enumerate(cut) if text[start:end].strip()][:4]
    kinds: dict[int, Kind] = {}
    for place, index in enumerate(filled):
        line = text[slice(*cut[index])].strip()
        if is_dateline(line) and len(filled) > 1:
            kinds[index] = Kind.DATELINE
        elif place == 0 and len(filled) > 1 and is_headline(line, str(article.meta.get("title") or "")):
            kinds[index] = Kind.HEADLINE
        else:
            break
    return kinds


def is_headline(line: str, title: str) -> bool:
    """Is a first line the article's title, or short and without a full stop?"""
    if title and line == title.strip():
        return True
    return 0 < len(line) <= 160 and line.rstrip("\"'”’»)")[-1:] not in _FULL_STOPS


def is_dateline(line: str) -> bool:
    """Is a line short and mostly a date, or a byline?"""
    if len(line) > 60 or line.endswith("."):
        return False
    return bool(_BYLINE.match(line)) or (bool(_DATE.search(line)) and len(line.split()) <= 9)
