"""What a format can hold of an annotated article: one row of the table of formats."""

from collections.abc import Collection
from enum import StrEnum


class Part(StrEnum):
    """Something that a format keeps whole, or loses; texts and labels of spans are in every format.

    A format without EDGES moves spans to token edges, one without OVERLAPS keeps the longest of those that overlap.
    """

    TEXT = "the exact text"
    ID = "article ids"
    META = "metadata"
    STATE = "state, flag and comment"
    EDGES = "spans off token edges"
    OVERLAPS = "overlapping spans"
    REJECTED = "rejected spans"
    WHO = "source, confidence, who and when"
    ASIDES = "passages not to be labelled"

    @property
    def short(self) -> str:
        """One word for the head of a column."""
        return self.name.lower()


EVERYTHING = frozenset(Part)


def described(parts: Collection[Part]) -> str:
    """The parts as they stand in a table, always in the same order: "the exact text, metadata"."""
    return ", ".join(part.value for part in Part if part in parts) or "nothing"
