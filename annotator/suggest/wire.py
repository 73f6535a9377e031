"""What goes between the program and its worker process: one JSON object a line, in ASCII.

To the worker: first {"model": NAME}, with "setup" where it is to learn; then, in any order,

    {"text": ...}        read it                 a reading
    {"ask": ...}         suggest in an article   a reading with a proposal
    {"come_to": KEYS}    what is there to learn? {"missing": KEYS, "hints": are any wanted?, "knows": REVISION}
    {"hint": TEXT}       one to begin with       {}
    {"begin": true}      learn one of the hints  {"left": true}, or {"knows": REVISION} after the last
    {"learn": ...}       an article              {"learned": KEY, "knows": REVISION}
    {"save": true}       keep what was learned   {}

From it: first {"ready": NAME}, with "title" and "advice" where the pipeline could not be loaded; then,
in the order of the messages, the answers at the right, or {"error": ...}.
"""

import json
from pathlib import Path
from typing import Any

from annotator.model.aside import Range
from annotator.model.span import Suggestion
from annotator.model.tokens import packed, unpacked
from annotator.suggest.base import Ask, Decided, Known, Proposal, Reading
from annotator.suggest.engine import Setup

Message = dict[str, Any]


def encoded(message: Message) -> bytes:
    """One line with its end."""
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"


def decoded(line: bytes) -> Message:
    """The message of a line; raises ValueError where it is none, as when its writer died in it."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message


def of_reading(reading: Reading) -> Message:
    """A reading as a message; its source's name is not repeated in each suggestion."""
    message = {"tokens": packed(reading.tokens), "spans": [suggestion[:4] for suggestion in reading.suggestions]}
    return message if reading.proposal is None else message | {"proposal": reading.proposal}


def reading_of(message: Message, source: str) -> Reading:
    """The reading that `of_reading` made a message."""
    tokens = unpacked(message["tokens"])
    return Reading(
        list(zip(tokens.starts, tokens.ends, strict=True)),
        [Suggestion(start, end, label, confidence, source) for start, end, label, confidence in message["spans"]],
        proposal=_proposal(*message["proposal"]) if "proposal" in message else None,
    )


def _proposal(suggestions: list[Any], ghosts: list[Any], revision: str) -> Proposal:
    return Proposal([Suggestion(*each) for each in suggestions], [Suggestion(*each) for each in ghosts], revision)


def of_ask(ask: Ask) -> Message:
    """What to suggest in, as a message."""
    return {"ask": ask}


def ask_of(message: Message) -> Ask:
    """The ask that `of_ask` made a message."""
    text, checked, upto, known, asides = message["ask"]
    places = tuple((a, b, label) for a, b, label in checked)
    return Ask(text, places, upto, tuple(Known(*each) for each in known), _ranges(asides))


def of_decided(decided: Decided) -> Message:
    """A lesson as a message."""
    return {"learn": decided}


def decided_of(message: Message) -> Decided:
    """The lesson that `of_decided` made a message."""
    key, text, spans, asides = message["learn"]
    return Decided(key, text, tuple((start, end, label) for start, end, label in spans), _ranges(asides))


def _ranges(pairs: list[list[int]]) -> tuple[Range, ...]:
    return tuple((start, end) for start, end in pairs)


def of_setup(setup: Setup) -> Message:
    """What a process learns for, as a part of the first message."""
    state = None if setup.state is None else str(setup.state)
    return {"labels": setup.labels, "label_of": dict(setup.label_of), "state": state}


def setup_of(part: Message) -> Setup:
    """The setup that `of_setup` made a part of a message."""
    state = part["state"]
    return Setup(tuple(part["labels"]), part["label_of"], None if state is None else Path(state))
