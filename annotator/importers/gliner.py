"""GLiNER's training data: tokens, and spans of token indices of which the last one is named.

https://github.com/urchade/GLiNER/blob/main/docs/training.md
"""

from collections.abc import Iterator
from typing import Any

from annotator.importers.foreign import Foreign, meta_beside
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError, shown
from annotator.importers.own_words import OWN_KEYS, is_ours, own_words
from annotator.importers.shape import Around, Shape
from annotator.importers.token_texts import as_spans, as_tokens, checked_tokens, located, spaced
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

_KEYS = {"id", "text", "meta", "tokenized_text", "ner", "ner_labels", "ner_negatives", "label_names", *OWN_KEYS}


def read(value: Any, _around: Around) -> Iterator[Foreign]:
    """The article of one example; without a text of its own, its tokens with a space between them."""
    if not isinstance(value, dict) or "tokenized_text" not in value:
        raise BadJsonError("the key “tokenized_text” is missing")
    account = Account()
    tokens = checked_tokens(value["tokenized_text"])
    text, places = spaced(tokens)
    stated = value.get("text")
    there = located(stated, tokens) if isinstance(stated, str) else None
    if there is not None:
        text, places = str(stated), there
    elif stated is not None:
        account.notes.append("its text left out: the tokens do not stand in it")
    foreign = Foreign(
        text,
        value.get("id"),
        as_spans(text, places, _found(value, account)),
        tokens=as_tokens(places),
        meta=meta_beside(value, _KEYS, value.get("meta"), account),
        account=account,
    )
    if is_ours(value):
        own_words(foreign, value)
    yield foreign


def _found(value: dict[str, Any], account: Account) -> Iterator[tuple[Any, Any, Any]]:
    """First token, last token and label, by the project's name where the record says it."""
    names = value.get("label_names")
    listed = value.get("ner")
    if not isinstance(listed, list):
        account.problems.append(f"“ner” left out: it is {shown(listed)}, not a list")
        return
    for item in listed:
        first, last, label = item if isinstance(item, list) and len(item) == 3 else (None, None, None)
        is_named = isinstance(names, dict) and isinstance(label, str)
        yield first, last, names.get(label, label) if is_named else label  # type: ignore[union-attr]


def is_one(value: Any) -> bool:
    """Has it GLiNER's own key?"""
    return isinstance(value, dict) and isinstance(value.get("tokenized_text"), list)


SHAPE = Shape(
    name="gliner",
    title="GLiNER",
    suffix=".gliner.json",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.STATE, Part.OVERLAPS}),
    remark="Tokens and spans of tokens; without a text of its own, the tokens with spaces between them.",
    unit=Unit.CODEPOINTS,
)
