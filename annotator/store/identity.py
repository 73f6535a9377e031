"""Names that two workstations recognise, and the time as it is recorded."""

import os
import time
import uuid
from datetime import UTC, datetime

from annotator.model.heading import MONTHS


def new_uid() -> str:
    """A UUID of version 7: 48 bits of milliseconds, then random bits (RFC 9562, section 5.7).

    It sorts roughly by time in an index; nothing may rely on that for order, clocks go wrong.
    """
    milliseconds = time.time_ns() // 1_000_000 & (1 << 48) - 1
    bits = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | 7 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=bits))


def now() -> str:
    """The present moment in UTC, ISO 8601 to the second, as "2026-01-31T09:30:00Z"."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_said(moment: str) -> str:
    """A moment as people write it, by the clock on the wall: "31 Jan 2026, 10:30"; what is no moment, as it is."""
    try:
        at = datetime.fromisoformat(moment).astimezone()
        return f"{at:%d} {MONTHS[at.month - 1][:3]} {at:%Y, %H:%M}"
    except (ValueError, OverflowError):  # or before the calendar begins
        return moment
