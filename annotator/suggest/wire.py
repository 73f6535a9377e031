"""What goes between the program and its worker process: one JSON object a line, in ASCII.

To the worker: first {"model": NAME}, then {"text": ...} for each text. From it: first {"ready": NAME},
with "title" and "advice" where the pipeline could not be loaded; then, in the order of the texts,
a reading or {"error": ...}.
"""

import json
from typing import Any

from annotator.model.span import Suggestion
from annotator.model.tokens import packed, unpacked
from annotator.suggest.base import Reading

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
    return {"tokens": packed(reading.tokens), "spans": [suggestion[:4] for suggestion in reading.suggestions]}


def reading_of(message: Message, source: str) -> Reading:
    """The reading that `of_reading` made a message."""
    tokens = unpacked(message["tokens"])
    return Reading(
        list(zip(tokens.starts, tokens.ends, strict=True)),
        [Suggestion(start, end, label, confidence, source) for start, end, label, confidence in message["spans"]],
    )
