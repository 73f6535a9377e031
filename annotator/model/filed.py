"""An article as it is filed: everything that leaves with it, and nothing that only a screen needs."""

from typing import Any, NamedTuple

from annotator.model.span import Was
from annotator.model.tokens import Tokens


class FiledSpan(NamedTuple):
    """A decided span; what is not known of it is None. See `Span`."""

    start: int
    end: int
    label: str
    uid: str | None
    source: str
    confidence: float | None
    decision: str | None
    annotator: str | None
    at: str | None
    was: Was | None


class Filed(NamedTuple):
    """An article with its decided spans in reading order.

    :param sha256: of its text.
    :param tokens: None where nobody cut it into tokens.
    """

    uid: str
    text: str
    sha256: str
    meta: dict[str, Any]
    state: str
    flagged: bool
    comment: str
    confirmed: list[FiledSpan]
    rejected: list[FiledSpan]
    tokens: Tokens | None
