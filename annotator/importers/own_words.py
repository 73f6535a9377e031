"""What this program writes into other tools' records beside their own keys, so that nothing is lost on the way back."""

from collections.abc import Mapping
from typing import Any

from annotator.importers.foreign import Foreign
from annotator.model.article import ArticleState
from annotator.model.offsets import Unit

OWN_KEYS = frozenset({"schema", "state", "flagged", "comment"})


def is_ours(value: Mapping[str, Any]) -> bool:
    """Did this program write the record?"""
    return str(value.get("schema")).startswith("annotator-")


def own_words(foreign: Foreign, value: Mapping[str, Any]) -> None:
    """Take over what our keys say: how the article stands, and that a person decided on its spans."""
    foreign.is_ours = True
    state = value.get("state")
    if isinstance(state, str) and state in set(ArticleState):
        foreign.state = ArticleState(state)
        foreign.is_decided = True
        foreign.lists_spans = False  # the state says whether somebody decided that there are none
    foreign.flagged = value.get("flagged") is True
    comment = value.get("comment")
    foreign.comment = comment if isinstance(comment, str) else ""
    unit = value.get("offsets")
    if isinstance(unit, str) and unit in set(Unit):
        foreign.unit = Unit(unit)
