"""What a source of suggestions is."""

from typing import NamedTuple, Protocol

from annotator.model.span import Suggestion


class Reading(NamedTuple):
    """What a source makes of one text.

    :param tokens: (start, end) of every token that holds more than white space.
    :param suggestions: inside the text, sorted by start, not overlapping, with the source's own
        labels; the session maps these to the project's.
    """

    tokens: list[tuple[int, int]]
    suggestions: list[Suggestion]


class Source(Protocol):
    """Anything that proposes spans for a text."""

    name: str  # as it stands in the record: "en_core_web_sm 3.8.0"
    language: str  # spaCy's code, "en"
    labels: tuple[str, ...]  # all that it can suggest

    def read(self, text: str) -> Reading:
        """Tokens and suggestions of one text; an empty text gives none."""
        ...
