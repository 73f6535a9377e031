"""Are the annotations of a .jsonld file Linked Data? `python web_annotation_reader.py FILE`; pyld installed.

The context is https://www.w3.org/TR/annotation-vocab/#json-ld-context as far as the model's chapters on bodies,
targets, selectors and collections need it: whatever it does not know would be lost, and is refused.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from pyld import jsonld
from verdict import given, tell

_OA, _DC, _DCTERMS = "http://www.w3.org/ns/oa#", "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_AS, _RDF, _XSD = (
    "https://www.w3.org/ns/activitystreams#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2001/XMLSchema#",
)
_CLASSES = ("Annotation", "TextualBody", "TextQuoteSelector", "TextPositionSelector")
_LINKS = {"body": "hasBody", "target": "hasTarget", "source": "hasSource", "selector": "hasSelector"}
_NUMBER = f"{_XSD}nonNegativeInteger"
CONTEXT = {
    "id": "@id",
    "type": "@type",
    "dc": _DC,
    **{name: _OA + name for name in _CLASSES},
    "AnnotationCollection": f"{_AS}OrderedCollection",
    "AnnotationPage": f"{_AS}OrderedCollectionPage",
    "Person": "http://xmlns.com/foaf/0.1/Person",
    "Software": f"{_AS}Application",
    "Text": "http://purl.org/dc/dcmitype/Text",
    "tagging": f"{_OA}tagging",
    "assessing": f"{_OA}assessing",
    **{key: {"@id": _OA + term, "@type": "@id"} for key, term in _LINKS.items()},
    "motivation": {"@id": f"{_OA}motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": f"{_OA}hasPurpose", "@type": "@vocab"},
    "creator": {"@id": f"{_DCTERMS}creator", "@type": "@id"},
    "generator": {"@id": f"{_AS}generator", "@type": "@id"},
    "created": {"@id": f"{_DCTERMS}created", "@type": f"{_XSD}dateTime"},
    "name": "http://xmlns.com/foaf/0.1/name",
    "value": f"{_RDF}value",
    "format": f"{_DC}format",
    "exact": f"{_OA}exact",
    "prefix": f"{_OA}prefix",
    "suffix": f"{_OA}suffix",
    "start": {"@id": f"{_OA}start", "@type": _NUMBER},
    "end": {"@id": f"{_OA}end", "@type": _NUMBER},
    "first": {"@id": f"{_AS}first", "@type": "@id"},
    "items": {"@id": f"{_AS}items", "@type": "@id", "@container": "@list"},
    "startIndex": {"@id": f"{_AS}startIndex", "@type": _NUMBER},
    "total": {"@id": f"{_AS}totalItems", "@type": _NUMBER},
}


def main(path: Path) -> int:
    """0 where every key means something, every name is an IRI, and quotes are as long as their positions."""
    data = json.loads(path.read_text("utf-8"))
    (expanded,) = jsonld.expand(data, {"documentLoader": context})
    items = expanded[f"{_AS}first"][0][f"{_AS}items"][0]["@list"]
    problems = [f"{data['total']} in all, {len(items)} read"] if data["total"] != len(items) else []
    lost = keys(data) - keys(jsonld.compact(expanded, data["@context"], {"documentLoader": context}))
    problems += [f"keys without a meaning: {sorted(lost)}"] if lost else []
    raw = data["first"]["items"]
    problems += [f"{each['id']} is not in order" for each in raw if not is_in_order(each)]
    problems += ["ids that are not unique"] if len({each["@id"] for each in items}) != len(items) else []
    triples = jsonld.to_rdf(data, {"documentLoader": context})
    problems += [] if len(triples["@default"]) > 10 * len(items) else ["annotations without their triples"]
    spans = [(label_of(each), selectors(each)["TextQuoteSelector"]["exact"]) for each in raw]
    return tell(["PyLD"], len({each["target"]["source"]["id"] for each in raw}), spans, problems)


def context(url: str, _options: object) -> dict[str, Any]:
    """The one document that may be asked for."""
    if url != "http://www.w3.org/ns/anno.jsonld":
        raise jsonld.JsonLdError(f"{url} is asked for", "loading document failed")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": CONTEXT},
    }


def keys(value: Any) -> set[str]:
    """All keys in it, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys(each)}
    return {key for each in value for key in keys(each)} if isinstance(value, list) else set()


def selectors(annotation: dict[str, Any]) -> dict[str, Any]:
    """By their types."""
    return {each["type"]: each for each in annotation["target"]["selector"]}


def label_of(annotation: dict[str, Any]) -> str:
    """The value of the body that tags."""
    bodies = annotation["body"] if isinstance(annotation["body"], list) else [annotation["body"]]
    return str(next(body["value"] for body in bodies if body["purpose"] == "tagging"))


def is_in_order(annotation: dict[str, Any]) -> bool:
    """Is the quote as long as its place, and the time one with a zone?"""
    chosen = selectors(annotation)
    place = chosen["TextPositionSelector"]
    long = place["end"] - place["start"] == len(chosen["TextQuoteSelector"]["exact"])
    return long and ("created" not in annotation or datetime.fromisoformat(annotation["created"]).tzinfo is not None)


if __name__ == "__main__":
    sys.exit(main(given()))
