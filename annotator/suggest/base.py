"""What a source of suggestions is."""

from typing import NamedTuple, Protocol

from annotator.model.aside import Range
from annotator.model.span import Suggestion

Triple = tuple[int, int, str]  # start, end, label


class Proposal(NamedTuple):
    """All sources' suggestions made one list, with the project's labels.

    :param suggestions: inside the text, sorted by start, not overlapping; each names the sources
        that agree on it, and its confidence is how often such a suggestion is right.
    :param ghosts: places left unmarked that may hide an entity, touching no suggestion.
    :param revision: what had been learned; other words as soon as something else has been.
    """

    suggestions: list[Suggestion]
    ghosts: list[Suggestion]
    revision: str


class Reading(NamedTuple):
    """What a source makes of one text.

    :param tokens: (start, end) of every token that holds more than white space.
    :param suggestions: inside the text, sorted by start, not overlapping, with the source's own
        labels; the session maps these to the project's.
    :param hints: of each token, "O" or "B-ORG" or "I-ORG" as the source marks it; empty where it marks none.
    :param leanings: of each token, how much the source leans to some label, as a short text; may be empty.
    :param proposal: what the learner and the memory make of it; None where they were not asked.
    """

    tokens: list[tuple[int, int]]
    suggestions: list[Suggestion]
    hints: tuple[str, ...] = ()
    leanings: tuple[str, ...] = ()
    proposal: Proposal | None = None


class Known(NamedTuple):
    """Words of which a person said what they are.

    :param label: None where they are no entity.
    :param confidence: how sure that makes a suggestion, 0 to 1.
    :param source: what suggestions made of it name as their source.
    """

    words: str
    label: str | None
    confidence: float
    source: str


class Ask(NamedTuple):
    """An article to suggest in.

    :param checked: its entities before `upto`, as a person left them.
    :param upto: code points; what begins before it is not suggested any more.
    :param known: holds wherever the words stand behind `upto`; of the same words the last one.
    :param asides: passages not to be labelled, as `model.aside.counting` gives them. What the pipeline makes of them
        is answered for whoever clears one; the rest is suggested as if they were not there.
    """

    text: str
    checked: tuple[Triple, ...] = ()
    upto: int = 0
    known: tuple[Known, ...] = ()
    asides: tuple[Range, ...] = ()


class Decided(NamedTuple):
    """An article to learn from.

    :param key: names the article, and what was decided there: "12:5f0c...".
    :param spans: its entities, none of them in an aside.
    :param asides: passages of which nothing is learned, neither entities nor that there are none.
    """

    key: str
    text: str
    spans: tuple[Triple, ...]
    asides: tuple[Range, ...] = ()


class Source(Protocol):
    """Anything that proposes spans for a text."""

    name: str  # as it stands in the record: "en_core_web_sm 3.8.0"
    language: str  # spaCy's code, "en"
    labels: tuple[str, ...]  # all that it can suggest

    def read(self, text: str) -> Reading:
        """Tokens and suggestions of one text; an empty text gives none."""
        ...
