"""Dates as feeds, letters, agencies and tables write them, as ISO 8601 days."""

import re
from datetime import date
from email.utils import parsedate_to_datetime

from annotator.importers.headings import published_in

# With hyphens, or eight digits that a time or nothing follows: ten are the seconds of a clock.
_DAY = re.compile(r"\s*(?:(\d{4})-(\d\d)-(\d\d)(?!\d)|(\d{4})(\d\d)(\d\d)(?=T|\d{6}(?!\d)|\s*$))")


def day_of(written: object) -> str:
    """The day of an ISO 8601, RFC 5322 or English date, as "2017-10-11", in the time zone of its own; else ""."""
    words = str(written or "")[:100]
    try:
        if found := _DAY.match(words):
            return date(*map(int, filter(None, found.groups()))).isoformat()
        return parsedate_to_datetime(words).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return published_in(words)
