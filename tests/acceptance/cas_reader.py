"""Does dkpro-cassis, strictly, read a folder of .xmi files? `python cas_reader.py FOLDER`; dkpro-cassis installed."""

import sys
import warnings
from pathlib import Path
from typing import Any

from cassis import load_cas_from_xmi, load_typesystem
from verdict import given, tell

CORE = "de.tudarmstadt.ukp.dkpro.core.api."


def main(folder: Path) -> int:
    """0 where every CAS is read with all its types, and every offset is inside its text."""
    warnings.simplefilter("error")
    types = load_typesystem(folder / "TypeSystem.xml")
    spans, outside, files = [], 0, sorted(folder.glob("*.xmi"))
    for path in files:
        cas = load_cas_from_xmi(path, typesystem=types, lenient=False)
        spans += [(each.value, each.get_covered_text()) for each in cas.select(f"{CORE}ner.type.NamedEntity")]
        outside += sum(not is_inside(each, cas) for each in cas.select("uima.tcas.Annotation"))
    return tell(["dkpro-cassis"], len(files), spans, [f"{outside} annotations outside"] if outside else [])


def is_inside(annotation: Any, cas: Any) -> bool:
    """In its text, and no token that is blank at an end?"""
    inside = 0 <= annotation.begin <= annotation.end <= len(cas.sofa_string)
    words = annotation.get_covered_text()
    return inside and (not annotation.type.name.endswith(".Token") or words == words.strip() != "")


if __name__ == "__main__":
    sys.exit(main(given()))
