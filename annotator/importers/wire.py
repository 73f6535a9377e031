"""What goes between the program and the process that reads guarded formats: one JSON object a line, in ASCII.

To it: first {"memory": BYTES}; then for each file {"path", "format", "options", "skip": PIECES THAT ARE READ ALREADY}.

From it: {"ready": true} once, then for each file any number of

    {"piece": NUMBER, "where": NAME}   this one is being read now
    {"alive": true}                    still on the way to the next
    {"record": ...}, {"problem": ...}  what it became

and at last {"end": true}, or why there is no more: {"known": [TITLE, ADVICE]}, {"undecided": ...}, {"memory": true}.
"""

import json
from dataclasses import asdict
from typing import Any

from annotator.importers.base import Problem, ReadOptions, Record, UnitUndecidedError
from annotator.model.article import Article, ArticleState
from annotator.model.aside import Aside, AsideState
from annotator.model.offsets import Unit
from annotator.model.span import Decision, Span, SpanState, Was

Message = dict[str, Any]


def encoded(message: Message) -> bytes:
    """One line with its end; values that JSON lacks, as dates in metadata, become words."""
    return json.dumps(message, separators=(",", ":"), default=str).encode("ascii") + b"\n"


def decoded(line: bytes) -> Message:
    """The message of a line; raises ValueError where it is none, as when its writer died in it."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message


def of_options(options: ReadOptions) -> Message:
    """Options as a part of a message."""
    return asdict(options)


def options_of(part: Message) -> ReadOptions:
    """The options that `of_options` made a part of a message."""
    return ReadOptions(**part)


def of_item(item: Record | Problem) -> Message:
    """A record or a problem as a message."""
    return {"record" if isinstance(item, Record) else "problem": asdict(item)}


def item_of(message: Message) -> Record | Problem:
    """The record or problem that `of_item` made a message."""
    if "problem" in message:
        return Problem(**message["problem"])
    fields = message["record"]
    read = {
        "article": Article(**fields["article"]),
        "spans": tuple(map(_span_of, fields["spans"])),
        "state": ArticleState(fields["state"]),
        "tokens": tuple((start, end) for start, end in fields["tokens"]),
        "asides": tuple(Aside(**each | {"state": AsideState(each["state"])}) for each in fields["asides"]),
        "notes": tuple(fields["notes"]),
        "problems": tuple(fields["problems"]),
    }
    return Record(**fields | read)


def of_undecided(error: UnitUndecidedError) -> Message:
    """The question how offsets are counted, as a message."""
    return {"undecided": [error.file, error.examples]}


def undecided_of(message: Message) -> UnitUndecidedError:
    """The question that `of_undecided` made a message."""
    file, examples = message["undecided"]
    return UnitUndecidedError(file, {Unit(unit): tuple(words) for unit, words in examples.items()})


def _span_of(fields: Message) -> Span:
    read = {
        "state": SpanState(fields["state"]),
        "decision": Decision(fields["decision"]) if fields["decision"] else None,
        "was": Was(*fields["was"]) if fields["was"] else None,
    }
    return Span(**fields | read)
