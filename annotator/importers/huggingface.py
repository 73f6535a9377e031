"""Token classification as Hugging Face's datasets hold it, in JSON or Parquet; also rows of text and spans.

https://huggingface.co/docs/transformers/tasks/token_classification. Tags are words, or numbers with names: these are in
a Parquet file's schema, and for JSON in the `dataset_info.json` or the `README.md` beside it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from annotator import regular
from annotator.errors import KnownError
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.files import shown_name
from annotator.importers.foreign import Foreign, meta_beside
from annotator.importers.json_file import first_values
from annotator.importers.json_record import foreign_of
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError, shown
from annotator.importers.own_words import OWN_KEYS, is_ours, own_words
from annotator.importers.parquet import holds_annotations
from annotator.importers.shape import Around, Shape, Stated, read_all
from annotator.importers.token_texts import as_spans, as_tokens, checked_tokens, located, spaced, tagged
from annotator.model.keeping import Part
from annotator.model.offsets import Unit

_TAGS = ("ner_tags", "tags", "ner", "labels", "entities", "label")
_TOKENS = ("tokens", "words")
_PARQUET = b"PAR1"
_OUTSIDE = -100  # of the parts of a word behind its first one, in training data
_INFOS = ("dataset_info.json", "dataset_infos.json")
_NAME_IN_CARD = re.compile(r"""^\s+['"]?(\d+)['"]?:\s*['"]?([^'"\s]+)['"]?\s*$""")
_ROWS = 64  # of a Parquet file in memory at a time

Names = Mapping[str, list[str]]  # of a column's numbers


def read(value: Any, around: Around) -> Iterator[Foreign]:
    """The article of one row of JSON."""
    yield _row(value, _names_beside(around), around.options)


def _row(value: Any, names: Names, options: ReadOptions) -> Foreign:
    if not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    tokens_key, tags_key = _columns(value)
    if not tokens_key:
        return _text_row(value, names, options)
    account = Account()
    tokens = checked_tokens(value[tokens_key])
    tags = _tag_words(value[tags_key], names.get(tags_key), len(tokens), account)
    text, places = _text(value, tokens, options, account)
    has_spans = isinstance(value.get("spans"), list)
    foreign = Foreign(
        text,
        value.get("id"),
        _named(value["spans"], names.get("spans")) if has_spans else as_spans(text, places, tagged(tags)),
        tokens=as_tokens(places),
        meta=meta_beside(value, _known(value, tokens_key, tags_key, options), _inner(value.get("meta")), account),
        account=account,
    )
    if is_ours(value):
        own_words(foreign, value)
    return foreign


def _columns(value: Mapping[str, Any]) -> tuple[str, str]:
    """The keys of the tokens and of as many tags; "" where the row has none."""
    for tokens_key in _TOKENS:
        tokens = value.get(tokens_key)
        for key in _TAGS:
            tags = value.get(key)
            if isinstance(tokens, list) and isinstance(tags, list) and _are_tags(tags) and _are_words(tokens):
                return tokens_key, key
    return "", ""


def _are_words(value: list[Any]) -> bool:
    return all(isinstance(each, str) for each in value)


def _are_tags(value: list[Any]) -> bool:
    return all(isinstance(each, str) or type(each) is int for each in value)


def _tag_words(tags: list[Any], names: list[str] | None, count: int, account: Account) -> list[str]:
    """The tags as words; none, with the reason, where they do not fit the tokens or have no names."""
    if len(tags) != count:
        account.problems.append(f"its tags left out: {len(tags)} tags for {count} tokens")
        return []
    numbers = [tag for tag in tags if type(tag) is int and tag != _OUTSIDE]
    if numbers and (names is None or not 0 <= min(numbers) <= max(numbers) < len(names)):
        if any(numbers):
            where = "the schema or a dataset_info.json or README.md beside the file"
            account.problems.append(f"its tags left out: no names for these numbers are in {where}")
        return []
    return ["O" if tag == _OUTSIDE else names[tag] if names and type(tag) is int else str(tag) for tag in tags]


def _text(value: Mapping[str, Any], tokens: list[str], options: ReadOptions, account: Account) -> tuple[str, Any]:
    """The row's own text where the tokens stand in it, else they with a space between them."""
    stated = value.get(options.text_column or "text")
    places = located(stated, tokens) if isinstance(stated, str) else None
    if places is not None:
        return str(stated), places
    if stated is not None:
        account.notes.append("its text left out: the tokens do not stand in it")
    return spaced(tokens)


def _known(value: Mapping[str, Any], tokens_key: str, tags_key: str, options: ReadOptions) -> set[str]:
    spans = {"spans"} if isinstance(value.get("spans"), list) else set()
    return {"id", "text", "meta", tokens_key, tags_key, options.text_column, *spans, *OWN_KEYS}


def _inner(meta: Any) -> Any:
    """Metadata as they are, or as JSON in one string: columns hold no keys that differ by row."""
    if isinstance(meta, str) and meta.startswith("{"):
        with suppress(ValueError):
            return json.loads(meta)
    return meta


def _text_row(value: Mapping[str, Any], names: Names, options: ReadOptions) -> Foreign:
    """A row of text and spans, or of text alone."""
    keys = [key for key in ("spans", "entities") if isinstance(value.get(key), list)]
    named = {key: _named(value[key], names.get(key)) for key in keys}
    foreign = foreign_of({**value, **named, "meta": _inner(value.get("meta"))}, options.text_column)
    if is_ours(value):
        own_words(foreign, value)
    return foreign


def _named(spans: list[Any], names: list[str] | None) -> list[Any]:
    """Spans whose labels are words, under any of the keys that models and datasets have for them."""
    return [_named_span(span, names) if isinstance(span, dict) else span for span in spans]


def _named_span(span: dict[str, Any], names: list[str] | None) -> dict[str, Any]:
    label = next((span[key] for key in ("label", "entity_group", "entity", "type", "tag") if key in span), None)
    if type(label) is int and names is not None and 0 <= label < len(names):
        label = names[label]
    return {"text": span.get("word")} | span | {"label": label}


def names_in(features: Any) -> dict[str, list[str]]:
    """The names of each column's numbers, from the features of a dataset as it describes itself."""
    if not isinstance(features, dict):
        return {}
    return {key: found for key, feature in features.items() if (found := _class_names(feature))}


def _class_names(feature: Any) -> list[str]:
    if isinstance(feature, list):
        return next((found for each in feature if (found := _class_names(each))), [])
    if not isinstance(feature, dict):
        return []
    names = feature.get("names")
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return names
    return next((found for each in feature.values() if (found := _class_names(each))), [])


@lru_cache(maxsize=1)
def _names_beside(around: Around) -> Names:
    """What a JSON file's folder says of its numbers; nothing where it says nothing. Looked up once a reading."""
    folder = around.path.parent
    for name in _INFOS:
        with suppress(OSError, ValueError, AttributeError):
            described = json.loads(_content(folder / name))
            infos = [info for info in (described, *described.values()) if isinstance(info, dict)]
            if found := next(filter(None, (names_in(info.get("features")) for info in infos)), None):
                return found
    with suppress(OSError, ValueError):
        return _names_in_card(_content(folder / "README.md"))
    return {}


def _content(path: Path) -> str:
    with regular.opened(path) as file:
        return file.read().decode("utf-8")


def _names_in_card(card: str) -> dict[str, list[str]]:
    """The names in the head of a dataset card: below the `name` of a column, numbered lines."""
    found: dict[str, list[str]] = {}
    column = ""
    for line in islice(card.splitlines(), 1, 2000):
        if line.strip() == "---":
            break
        if named := re.match(r"\s*- name:\s*(\S+)", line):
            column = named[1]
        elif numbered := _NAME_IN_CARD.match(line):
            found.setdefault(column, []).append(numbered[2])
    return found


# Parquet


def _read_any(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
    if not _is_parquet(path):
        yield from _JSON.read(path, options)
        return
    name = shown_name(path)
    yield from read_all(lambda: _stated_rows(path, options), name, options, SHAPE.unit, SHAPE.plausible)


def _is_parquet(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET
    return False


def _stated_rows(path: Path, options: ReadOptions) -> Stated:
    name = shown_name(path)
    for number, row in enumerate(_rows(path), 1):
        if isinstance(row, Problem):
            yield row
            return
        values, names = row
        try:
            yield f"{name}:{number}", _row(values, names, options)
        except BadJsonError as error:
            yield Problem(f"{name}:{number}", str(error))


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], Names] | Problem]:
    parquet = _pyarrow_parquet()
    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow.metadata or {}
            names = names_in(_features(schema.get(b"huggingface", b"{}")))
            for batch in file.iter_batches(batch_size=_ROWS):
                yield from ((_plain(row), names) for row in batch.to_pylist())
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these kinds
        yield Problem(shown_name(path), f"not a usable Parquet file: {shown(str(error))}")


def _features(described: bytes) -> Any:
    with suppress(ValueError, LookupError, TypeError):
        return json.loads(described)["info"]["features"]
    return {}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in JSON's types: a date becomes words."""
    plain: dict[str, Any] = json.loads(json.dumps(row, default=str))
    return plain


def _pyarrow_parquet() -> Any:
    """Imported late: it is large, and only Parquet files need it."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        advice = "Install Annotator with the extra “datasets”, or turn the file into JSON Lines."
        raise KnownError("Parquet files cannot be read: pyarrow is not installed.", advice) from error
    return pyarrow.parquet


def is_one(value: Any) -> bool:
    """Has it as many tags as tokens?"""
    if not isinstance(value, dict):
        return False
    tokens_key, tags_key = _columns(value)
    return bool(tokens_key) and len(value[tokens_key]) == len(value[tags_key])


def _matches(path: Path, head: bytes) -> bool:
    if not head.strip():
        return path.name.lower().endswith(IMPORTER.suffixes)
    if head.startswith(_PARQUET):
        return holds_annotations(path)
    return any(map(is_one, first_values(path, head)))


SHAPE = Shape(
    name="huggingface",
    title="Hugging Face dataset",
    suffix=".parquet",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.STATE, Part.EDGES, Part.OVERLAPS}),
    remark="Tokens and tags, or text and spans, as Parquet (with pyarrow) or JSON; the names of numbered tags too.",
    unit=Unit.CODEPOINTS,
)
_JSON = SHAPE.importer()
IMPORTER = Importer(
    *(SHAPE.name, SHAPE.title, (".hf.jsonl",), _matches, _read_any, SHAPE.keeps, SHAPE.remark),
    guarded=True,
    companions=(*_INFOS, "README.md"),
)
