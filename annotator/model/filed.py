"""An article as it is filed: everything that leaves with it, and nothing that only a screen needs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from annotator.model.aside import Aside
from annotator.model.span import Was
from annotator.model.tokens import Tokens

# Start, end, label, uid, source, confidence, decision, annotator, at, and what it was; see `Span`. A bare tuple,
# since hundreds of thousands are made in a second.
FiledSpan = tuple[int, int, str, str | None, str, float | None, str | None, str | None, str | None, Was | None]


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
    asides: Sequence[Aside] = ()
