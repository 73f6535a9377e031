"""The units in which files count where a span begins and ends."""

from enum import StrEnum


class Unit(StrEnum):
    """How a file counts; `end` is exclusive unless the unit says otherwise.

    CODEPOINTS is ours. A unit with CRLF as one counts a carriage return with the line feed behind it as one.
    """

    CODEPOINTS = "codepoints"
    UTF16 = "utf16"
    UTF8 = "utf8"
    GRAPHEMES = "graphemes"
    CODEPOINTS_INCLUSIVE = "codepoints-inclusive"
    UTF16_INCLUSIVE = "utf16-inclusive"
    UTF8_INCLUSIVE = "utf8-inclusive"
    CODEPOINTS_CRLF = "codepoints-crlf"
    UTF16_CRLF = "utf16-crlf"
