"""spaCy's JSON: Docs, training tuples, the training files of version 2, and ner-annotator's file of tuples.

https://spacy.io/api/doc#to_json, https://v2.spacy.io/api/annotation#json-input,
https://github.com/tecoholic/ner-annotator. spaCy counts code points, ner-annotator UTF-16.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.importers.foreign import Foreign, meta_beside
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError, listed, shown
from annotator.importers.shape import Around, Shape
from annotator.importers.token_texts import as_spans, as_tokens, located, spaced, tagged
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

# What spaCy's pipeline says of a text beside its entities.
_DOC_KEYS = {"text", "ents", "spans", "tokens", "entities", "sents", "cats", "deps", "heads", "underscore_doc", "_"}


def read(value: Any, _around: Around) -> Iterator[Foreign]:
    """The articles of one record: one, or all of an old training file's or of ner-annotator's."""
    if isinstance(value, list):
        yield _tuple(value)
    elif not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    elif "paragraphs" in value:
        yield from _paragraphs(value)
    elif "classes" in value and isinstance(value.get("annotations"), list):
        yield from _ner_annotator(value["annotations"])
    else:
        yield _doc(value)


def _tuple(value: list[Any]) -> Foreign:
    if len(value) != 2 or not isinstance(value[0], str) or not isinstance(value[1], dict):
        raise BadJsonError("a list, but not of a text and its annotations")
    return _doc(value[1] | {"text": value[0]})


def _doc(value: Mapping[str, Any]) -> Foreign:
    account = Account()
    groups = value.get("spans")
    lists = [value.get("ents"), value.get("entities"), *(groups.values() if isinstance(groups, dict) else [groups])]
    for each in lists:
        if each is not None and not isinstance(each, list):
            account.problems.append(f"spans left out: they are {shown(each)}, not a list")
    known = _DOC_KEYS | {"id", "meta"}
    return Foreign(
        value.get("text"),
        value.get("id"),
        _each_once(item for each in lists for item in listed(each)),
        tokens=[token for token in listed(value.get("tokens")) if isinstance(token, dict) and "start" in token],
        meta=meta_beside(value, known, value.get("meta"), account),
        account=account,
    )


def _each_once(items: Iterable[Any]) -> list[Any]:
    """What stands in the entities as in a group of spans is one."""
    found: dict[str, Any] = {}
    for item in items:
        place = [item.get(key) for key in ("start", "end", "label")] if isinstance(item, dict) else item
        found.setdefault(repr(place), item)
    return list(found.values())


def _ner_annotator(pairs: list[Any]) -> Iterator[Foreign]:
    """Texts that were skipped are null there."""
    for pair in pairs:
        if pair is not None:
            foreign = _tuple(pair) if isinstance(pair, list) else _tuple([])
            foreign.unit = Unit.UTF16
            yield foreign


def _paragraphs(value: Mapping[str, Any]) -> Iterator[Foreign]:
    paragraphs = value["paragraphs"]
    if not isinstance(paragraphs, list) or not all(isinstance(each, dict) for each in paragraphs):
        raise BadJsonError(f"its paragraphs are {shown(paragraphs)}, not a list of objects")
    for number, paragraph in enumerate(paragraphs):
        tokens = list(_tokens(paragraph))
        words = [str(token.get("orth", "")) for token in tokens]
        raw = paragraph.get("raw")
        text, places = (raw, located(raw, words)) if isinstance(raw, str) else spaced(words)
        if places is None:
            raise BadJsonError(f"the tokens of paragraph {number + 1} do not stand in its text")
        name = value.get("id")
        uid = name if name is None or len(paragraphs) == 1 else f"{name}-{number}"
        spans = as_spans(text, places, tagged(str(token.get("ner") or "O") for token in tokens))
        yield Foreign(text, uid, spans, tokens=as_tokens(places))


def _tokens(paragraph: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for sentence in listed(paragraph.get("sentences")):
        if isinstance(sentence, dict):
            yield from (token for token in listed(sentence.get("tokens")) if isinstance(token, dict))


def is_one(value: Any) -> bool:
    """Is it a Doc, a pair of text and annotations, or a file of paragraphs or of such pairs?"""
    if isinstance(value, list):
        return len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], dict)
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("paragraphs"), list) or ("classes" in value and "annotations" in value):
        return True
    is_doc = isinstance(value.get("ents"), list) or isinstance(value.get("spans"), dict)
    return isinstance(value.get("text"), str) and is_doc


SHAPE = Shape(
    name="spacy-json",
    title="spaCy's JSON",
    suffix=".spacy.json",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.EDGES, Part.OVERLAPS}),
    remark="Docs, training tuples, training files of version 2, and the file of ner-annotator.",
    unit=Unit.CODEPOINTS,
)
