"""Dates as feeds, letters and agencies write them, as ISO 8601 days."""

import re
from datetime import date
from email.utils import parsedate_to_datetime

# With hyphens, or eight digits that a time or nothing follows: ten are the seconds of a clock.
_DAY = re.compile(r"\s*(?:(\d{4})-(\d\d)-(\d\d)(?!\d)|(\d{4})(\d\d)(\d\d)(?=T|\d{6}(?!\d)|\s*$))")


def day_of(written: object) -> str:
    """The day of an ISO 8601 or RFC 5322 date, as "2017-10-11", in the time zone that it is written in; else ""."""
    words = str(written or "")[:100]
    try:
        if found := _DAY.match(words):
            return date(*map(int, filter(None, found.groups()))).isoformat()
        return parsedate_to_datetime(words).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
