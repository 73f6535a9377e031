"""doccano's sequence labelling, with and without relations, and as its first versions wrote it.

Shapes: `backend/data_export` and the import examples of https://github.com/doccano/doccano. A file does not say
how it counts: its screen counts UTF-16, or signs where the project says so, its server code points.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.importers.foreign import Foreign, look_like_spans, meta_beside
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError
from annotator.importers.own_words import OWN_KEYS, is_ours, own_words
from annotator.importers.shape import Around, Shape
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

_SPANS = ("label", "labels", "entities", "annotations")
_KEYS = {"id", "text", "data", "meta", "relations", "Comments", "comments", "offsets", *OWN_KEYS}


def read(value: Any, _around: Around) -> Iterator[Foreign]:
    """The article of one line."""
    if not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    account = Account()
    keys = {key for key in _SPANS if _lists_spans(value.get(key))}
    if relations := value.get("relations"):
        account.notes.append(f"{len(relations) if isinstance(relations, list) else 'its'} relations left out")
    text_key, id_key = "text" if "text" in value else "data", "article_id" if is_ours(value) else "id"
    foreign = Foreign(
        value.get(text_key),
        value.get(id_key),
        [item for key in _SPANS if key in keys for item in value[key]],
        meta=meta_beside(value, _KEYS | keys | {id_key}, value.get("meta"), account),
        comment=_comment(value),
        account=account,
    )
    if is_ours(value):
        own_words(foreign, value)
    yield foreign


def _lists_spans(value: Any) -> bool:
    """A "label" that lists names is the article's own, as a section."""
    return isinstance(value, list) and all(isinstance(item, list | dict) for item in value)


def _comment(value: Mapping[str, Any]) -> str:
    """The comments as one; in newer files each is an object."""
    listed = value.get("Comments") or value.get("comments")
    items = listed if isinstance(listed, list) else []
    found = (item.get("comment") if isinstance(item, dict) else item for item in items)
    return "\n".join(comment for comment in found if isinstance(comment, str))


def is_one(value: Any) -> bool:
    """Has it triples under a key of doccano's, or spans by `start_offset`?"""
    if not isinstance(value, dict) or not isinstance(value.get("text", value.get("data")), str):
        return False
    if str(value.get("schema")).startswith("annotator-doccano/"):
        return True
    triples = any(_are_triples(value.get(key)) for key in ("label", "labels"))
    by_offset = any(_have(value.get(key), "start_offset") for key in ("label", "labels", "entities", "annotations"))
    return triples or by_offset


def _are_triples(value: Any) -> bool:
    return look_like_spans(value) and all(isinstance(item, list) for item in value)


def _have(value: Any, key: str) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and key in item for item in value)


SHAPE = Shape(
    name="doccano",
    title="doccano",
    suffix=".doccano.jsonl",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="Sequence labels with and without relations, comments, and what else a line has as metadata.",
    plausible=(Unit.CODEPOINTS, Unit.UTF16, Unit.GRAPHEMES),
)
