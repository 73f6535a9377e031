"""Does dkpro-cassis, strictly, read a folder of .xmi files? `python cas_reader.py FOLDER`; dkpro-cassis installed."""

import sys
import warnings
from pathlib import Path

from cassis import load_cas_from_xmi, load_typesystem

CORE = "de.tudarmstadt.ukp.dkpro.core.api."


def main() -> int:
    """0 where every CAS is read with all its types, and every offset is inside its text."""
    folder = Path(sys.argv[1])
    warnings.simplefilter("error")
    types = load_typesystem(folder / "TypeSystem.xml")
    counts = {"ner.type.NamedEntity": 0, "segmentation.type.Token": 0, "segmentation.type.Sentence": 0}
    outside = files = 0
    for path in sorted(folder.glob("*.xmi")):
        cas = load_cas_from_xmi(path, typesystem=types, lenient=False)
        files += 1
        for name in counts:
            for each in cas.select(CORE + name):
                counts[name] += 1
                outside += not 0 <= each.begin < each.end <= len(cas.sofa_string)
                outside += name.endswith("Token") and each.get_covered_text() != each.get_covered_text().strip()
    print(f"{files} files, {outside} outside; {counts}")
    return int(outside > 0 or not files or not counts["ner.type.NamedEntity"])


if __name__ == "__main__":
    sys.exit(main())
