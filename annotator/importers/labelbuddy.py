"""labelbuddy's documents, as JSON Lines or one array: https://jeromedockes.github.io/labelbuddy/labelbuddy/current/doc/.

It states code points and bytes of UTF-8.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.importers.foreign import Foreign, meta_beside
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError, shown
from annotator.importers.own_words import OWN_KEYS, is_ours, own_words
from annotator.importers.shape import Around, Shape
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

_KEYS = {"id", "text", "metadata", "annotations", "utf8_text_md5_checksum", "display_title", "list_title", *OWN_KEYS}


def read(value: Any, _around: Around) -> Iterator[Foreign]:
    """The article of one document."""
    if not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    account = Account()
    found = value.get("annotations")
    if found is not None and not isinstance(found, list):
        account.problems.append(f"“annotations” left out: it is {shown(found)}, not a list")
    annotations = found if isinstance(found, list) else []
    in_bytes = any(isinstance(each, dict) and "start_char" not in each and "start_byte" in each for each in annotations)
    if _is_another_text(value):
        account.notes.append("the text is not the one that was labelled")
    foreign = Foreign(
        value.get("text"),
        value.get("id"),
        [_span(each, "byte" if in_bytes else "char") for each in annotations],
        meta=meta_beside(value, _KEYS, value.get("metadata"), account),
        unit=Unit.UTF8 if in_bytes else None,
        account=account,
    )
    if is_ours(value):
        own_words(foreign, value)
    yield foreign


def _span(annotation: Any, unit: str) -> Any:
    if not isinstance(annotation, dict):
        return annotation
    start, end = annotation.get(f"start_{unit}"), annotation.get(f"end_{unit}")
    return {"start": start, "end": end, "label": annotation.get("label_name")}


def _is_another_text(value: Mapping[str, Any]) -> bool:
    checksum, text = value.get("utf8_text_md5_checksum"), value.get("text")
    if not isinstance(checksum, str) or not isinstance(text, str):
        return False
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest() != checksum


def is_one(value: Any) -> bool:
    """Has it labelbuddy's own keys?"""
    if not isinstance(value, dict):
        return False
    annotations = value.get("annotations")
    listed = annotations if isinstance(annotations, list) else []
    return "utf8_text_md5_checksum" in value or any(isinstance(a, dict) and "label_name" in a for a in listed)


SHAPE = Shape(
    name="labelbuddy",
    title="labelbuddy",
    suffix=".labelbuddy.jsonl",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="Documents with their annotations and metadata, as lines or one array.",
    unit=Unit.CODEPOINTS,
)
