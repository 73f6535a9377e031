"""UIMA CAS as XMI with DKPro Core's types, as INCEpTION and WebAnno write it; read by dkpro-cassis.

The format fixes that offsets are in UTF-16. XML from strangers may neither declare entities nor hide them in
an encoding that only libxml2 knows.
"""

import json
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import clean_value, replaced_note
from annotator.importers.files import opened, shown_name
from annotator.importers.headings import published_in, title_in
from annotator.importers.text_lines import LARGEST
from annotator.model.article import Article
from annotator.model.keeping import Part
from annotator.model.span import Span, reading_order
from annotator.model.text import storable

_CORE = "de.tudarmstadt.ukp.dkpro.core.api."
_ENTITY, _TOKEN = f"{_CORE}ner.type.NamedEntity", f"{_CORE}segmentation.type.Token"
_FIELD, _OWN_KEY = f"{_CORE}metadata.type.MetaDataStringField", "annotator.article"
_OWN_LAYERS = "webanno.custom."
_LABEL_FEATURES = ("value", "label")
_NO_VALUE: tuple[Any, ...] = (None, "", [], {})
_TYPE_SYSTEMS = ("TypeSystem.xml", "typesystem.xml", "full-typesystem.xml")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"})


class _UnsafeError(ValueError):
    """XML that is not given to the parser; the message says why."""


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """The one article of the file; raises KnownError where dkpro-cassis is not installed."""
    where = shown_name(path)
    try:
        content = _checked(path)
    except _UnsafeError as error:
        yield Problem(where, str(error))
        return
    if not content.strip():
        yield Problem(where, "the file is empty")
        return
    try:
        cas, notes = _loaded(content, _beside(path))
        item = _record(where, cas, notes)
    except KnownError:
        raise
    except Exception as error:  # the parser checks nothing: whatever a damaged file makes it do ends here
        item = Problem(where, f"not a CAS that can be read: {type(error).__name__}: {str(error)[:200]}")
    yield item


def _checked(path: Path) -> bytes:
    """The file's bytes; raises _UnsafeError for what could make a parser read other files or fill the memory."""
    with opened(path) as file:
        content = file.read(LARGEST + 1)
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    if len(content) > LARGEST:
        raise _UnsafeError(f"larger than {LARGEST // 1_000_000} MB, too large for one article")
    if b"\0" in content or (declared and declared[1].lower() not in _ENCODINGS):
        raise _UnsafeError("XML in another encoding than UTF-8")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _UnsafeError("XML that declares a document type or entities is not read")
    return content


def _beside(path: Path) -> Path | None:
    """The type system that belongs to the file."""
    return next((file for name in _TYPE_SYSTEMS if (file := path.with_name(name)).is_file()), None)


def _loaded(content: bytes, type_system: Path | None) -> tuple[Any, list[str]]:
    try:
        import cassis
    except ImportError:
        raise KnownError("UIMA CAS needs dkpro-cassis.", "Install annotator[cas].") from None
    notes = [] if type_system else ["TypeSystem.xml is not beside it; only the types of DKPro Core were read"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        types = _types(_checked(type_system)) if type_system else cassis.load_dkpro_core_typesystem()
        cas = cassis.load_cas_from_xmi(BytesIO(content), typesystem=types, lenient=True)
    unmapped = sum("offset" in str(warning.message) for warning in caught)
    if unmapped:
        notes.append(f"{unmapped} × an offset inside a character or outside the text")
    return cas, notes


@lru_cache(maxsize=1)  # the files of one folder share it
def _types(content: bytes) -> Any:
    import cassis

    return cassis.load_typesystem(BytesIO(content))


def _record(where: str, cas: Any, notes: list[str]) -> Record | Problem:
    if not cas.sofa_string:
        return Problem(where, "the CAS has no text")
    own = _own(cas)
    text, replaced = storable(_restored(cas.sofa_string, own.get("replaced", [])))
    if replaced:
        notes.append(replaced_note(replaced))
    if len(cas.views) > 1:
        notes.append(f"{len(cas.views) - 1} × another view, which is not read")
    problems: list[str] = []
    spans = {span for each in _entities(cas, notes) if (span := _span(each, text, problems))}
    meta = own["meta"] if own else {"title": title_in(text), "published": published_in(text), "file": where}
    article = Article(own.get("id", ""), text, {key: value for key, value in meta.items() if value not in _NO_VALUE})
    tokens = _tokens(cas, text)
    in_order = tuple(sorted(spans, key=reading_order))
    return Record(
        where, article, in_order, notes=tuple(notes), problems=tuple(problems), tokens=tokens, lists_spans=True
    )


def _own(cas: Any) -> dict[str, Any]:
    """What this program's exporter adds; {} for files of other programs."""
    if not cas.typesystem.contains_type(_FIELD):
        return {}
    for each in cas.select(_FIELD):
        if each.key == _OWN_KEY:
            own = clean_value(json.loads(each.value))
            return {"id": str(own["id"]), "meta": dict(own["meta"]), "replaced": own["replaced"]}
    return {}


def _restored(text: str, replaced: list[Any]) -> str:
    signs = list(text) if replaced else []
    for at, sign in replaced:
        if signs[at] == "\ufffd" and len(sign) == 1:
            signs[at] = sign
    return "".join(signs) or text


def _entities(cas: Any, notes: list[str]) -> list[Any]:
    """The named entities; where there are none, what somebody's own layers hold that has a label."""
    types = cas.typesystem
    found = list(cas.select(_ENTITY)) if types.contains_type(_ENTITY) else []
    if found:
        return found
    for own in types.get_types():
        if own.name.startswith(_OWN_LAYERS) and any(own.get_feature(name) for name in _LABEL_FEATURES):
            layer = list(cas.select(own.name))
            notes += [f"spans of the layer {own.name}"] if layer else []
            found += layer
    return found


def _span(entity: Any, text: str, problems: list[str]) -> Span | None:
    start, end = entity.begin, entity.end
    label = next((str(value) for name in _LABEL_FEATURES if (value := getattr(entity, name, None))), "")
    kind = entity.type.name.rpartition(".")[2]
    label = label or (kind if kind != "NamedEntity" else "")
    if not label:
        problems.append(f"entity {start}-{end} left out: it has no label")
    elif start is None or end is None or not 0 <= start < end <= len(text):
        problems.append(f"entity {start}-{end} left out: it is outside the text")
    else:
        return Span(start, end, storable(label)[0])
    return None


def _tokens(cas: Any, text: str) -> tuple[tuple[int, int], ...]:
    """The tokens that hold more than white space; none where some overlap or are outside the text."""
    if not cas.typesystem.contains_type(_TOKEN):
        return ()
    found = sorted((token.begin, token.end) for token in cas.select(_TOKEN))
    ends = [0, *(end for _, end in found)]
    sound = all(end <= start for end, (start, _) in zip(ends, found, strict=False)) and ends[-1] <= len(text)
    return tuple((start, end) for start, end in found if text[start:end].strip()) if sound else ()


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == ".xmi" or (b"<xmi:XMI" in head[:2048] and b"uima" in head)


IMPORTER = Importer(
    name="xmi",
    title="UIMA CAS XMI",
    suffixes=(".xmi",),
    matches=_matches,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="Named entities and tokens of DKPro Core's types, with TypeSystem.xml beside it; needs annotator[cas].",
    guarded=True,
    companions=_TYPE_SYSTEMS,
)
