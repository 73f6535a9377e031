"""What the first lines of a plain article say of it: its title and its date."""

import re
from datetime import date

_LONGEST_TITLE = 160
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_DATES = tuple(
    # At the start of a line or after a place or "Published:", and before a dash, a time or the line's end.
    re.compile(rf"[^\d\n]{{0,60}}?\b{written}\s*(?:[-–—|,(T:]|at\b|\d\d?:\d\d|$)", re.IGNORECASE)
    for written in (
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
        rf"{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d\d?)(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})",
    )
)
_FIRST_LINES = re.compile(r"[^\S\n]*\S[^\n]{0,200}")


def title_in(text: str) -> str:
    """The first line, where it is at most 160 code points, no date, and more text follows; else ""."""
    first, rest = _first_paragraph(text)
    title = first.strip().removeprefix("\ufeff").strip()
    fits = 0 < len(title) <= _LONGEST_TITLE and not re.search(r"[\r\n]", title)
    return title if fits and rest.strip() and not _date_in(title) else ""


def published_in(text: str) -> str:
    """The date at the start of one of the first five lines, as ISO 8601; "" where there is none."""
    lines = [match[0].strip() for _, match in zip(range(5), _FIRST_LINES.finditer(text), strict=False)]
    return next((found for line in lines if (found := _date_in(line))), "")


def _first_paragraph(text: str) -> tuple[str, str]:
    """Paragraphs end at a blank line; in a text without any, at the line's end."""
    start = text.lstrip("\ufeff \t\r\n")
    parts = re.split(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)", start, maxsplit=1)
    if len(parts) == 1:
        parts = re.split(r"[\r\n]", start, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _date_in(line: str) -> str:
    for pattern in _DATES:
        if match := pattern.match(line):
            return _iso(match["year"], match["month"], match["day"])
    return ""


def _iso(year: str, month: str, day: str) -> str:
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""
