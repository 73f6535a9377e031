"""UIMA CAS as XMI with DKPro Core's types, as INCEpTION and WebAnno read it; written by dkpro-cassis.

XMI: https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi; offsets there are in UTF-16.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.overlaps import one_layer
from annotator.exporters.sentences import sentences
from annotator.model.article import AnnotatedArticle
from annotator.model.file_name import name_of
from annotator.model.keeping import Part

_CORE = "de.tudarmstadt.ukp.dkpro.core.api."
ENTITY, TOKEN = f"{_CORE}ner.type.NamedEntity", f"{_CORE}segmentation.type.Token"
SENTENCE = f"{_CORE}segmentation.type.Sentence"
DOCUMENT, FIELD = f"{_CORE}metadata.type.DocumentMetaData", f"{_CORE}metadata.type.MetaDataStringField"
OWN_KEY = "annotator.article"  # of the field that holds what no type of DKPro Core does
# https://www.w3.org/TR/xml/#charsets; NUL and surrogates are in no article.
_NO_XML = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TYPES: dict[str, tuple[str, ...]] = {
    SENTENCE: (),
    TOKEN: (),
    ENTITY: ("value", "identifier"),
    FIELD: ("key", "value"),
    DOCUMENT: ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"),
}


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """NAME.xmi for each article, and TypeSystem.xml; raises KnownError where dkpro-cassis is not installed."""
    types = _type_system()
    types.to_xml(path / "TypeSystem.xml")
    ledger, replaced = Ledger(), 0
    for annotated in articles:
        target = path / f"{name_of(annotated.article.uid)}.xmi"
        replaced += len(_NO_XML.findall(annotated.text))
        _cas(types, annotated, options.language).to_xmi(target)
        ledger.articles += 1
        ledger.written += len(annotated.confirmed)
    if replaced:
        ledger.note(f"{replaced} × a control character, which XML cannot hold, is U+FFFD there, and kept beside it.")
    return ledger


def _type_system() -> Any:
    try:
        from cassis import TypeSystem
    except ImportError:
        raise KnownError("UIMA CAS needs dkpro-cassis.", "Install annotator[cas].") from None
    types = TypeSystem()
    for name, features in _TYPES.items():
        base = "uima.tcas.DocumentAnnotation" if name == DOCUMENT else "uima.tcas.Annotation"
        made = types.create_type(name, supertypeName=base)
        for feature in features:
            types.create_feature(made, feature, "uima.cas.String")
    return types


def _cas(types: Any, annotated: AnnotatedArticle, language: str) -> Any:
    from cassis import Cas

    cas = Cas(types)
    cas.sofa_string, cas.sofa_mime = _NO_XML.sub("\ufffd", annotated.text), "text/plain"
    cas.add(_document(types, annotated, language))
    cas.add(types.get_type(FIELD)(begin=0, end=0, key=OWN_KEY, value=_own(annotated)))
    tokens = [annotated.tokens[index] for index in range(len(annotated.tokens))]
    for sentence in sentences(annotated, one_layer(annotated.confirmed)):
        begin, end = tokens[sentence[0]][0], tokens[sentence[-1]][1]
        cas.add(types.get_type(SENTENCE)(begin=begin, end=end))
    for begin, end in tokens:
        cas.add(types.get_type(TOKEN)(begin=begin, end=end))
    for span in annotated.confirmed:
        label = _NO_XML.sub("\ufffd", span.label)
        cas.add(types.get_type(ENTITY)(begin=span.start, end=span.end, value=label))
    return cas


def _document(types: Any, annotated: AnnotatedArticle, language: str) -> Any:
    meta = annotated.article.meta
    values = {
        "documentTitle": annotated.article.title,
        "documentId": annotated.article.uid,
        "documentUri": str(meta.get("url") or ""),
    }
    clean = {key: _NO_XML.sub("\ufffd", value) for key, value in values.items() if value}
    return types.get_type(DOCUMENT)(begin=0, end=len(annotated.text), language=language, **clean)


def _own(annotated: AnnotatedArticle) -> str:
    """The id, the metadata and the characters that XML cannot hold, as (code point, character), in ASCII."""
    replaced = [(match.start(), match[0]) for match in _NO_XML.finditer(annotated.text)]
    meta = {key: value for key, value in annotated.article.meta.items() if value not in (None, "", [], {})}
    return json.dumps({"id": annotated.article.uid, "meta": meta, "replaced": replaced})


EXPORTER = Exporter(
    name="xmi",
    title="UIMA CAS XMI",
    suffix=".xmi",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="A folder with an .xmi for each article and TypeSystem.xml, for INCEpTION; needs annotator[cas].",
    is_folder=True,
)
