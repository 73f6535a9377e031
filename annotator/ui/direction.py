"""Text from elsewhere in a sentence of the program: its direction ends with it (Unicode annex 9, section 2.7)."""

import re

_TURNS = re.compile(r"[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]")
_ISOLATES = re.compile(r"[\u2066-\u2069]")
_FIRST_STRONG_ISOLATE, _POP = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """The text so that what follows it in a line is not turned round; as it is where nothing in it could do that.

    Its own isolates go: one that ends what it did not begin would end this one.
    """
    if not _TURNS.search(text):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{_ISOLATES.sub('', text)}{_POP}"
