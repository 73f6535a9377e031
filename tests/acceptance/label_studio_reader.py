"""Does Label Studio take the file? Its interface checks every region, its converter writes CoNLL from them.

    pip install label-studio-sdk
    python tests/acceptance/label_studio_reader.py FILE.label-studio.json

The interface does not compare offsets with the text, so that is done here.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr


def main(path: str) -> int:
    """0 where every task and region is valid and the converter finds every labelled word."""
    from label_studio_sdk.label_interface import LabelInterface

    tasks = json.loads(Path(path).read_text("utf-8"))
    regions = [(t["data"]["text"], r) for t in tasks for a in t["annotations"] for r in a["result"]]
    labels = sorted({region["value"]["labels"][0] for _, region in regions})
    listed = "".join(f"<Label value={quoteattr(label)}/>" for label in labels)
    config = f'<View><Labels name="label" toName="text">{listed}</Labels><Text name="text" value="$text"/></View>'
    interface = LabelInterface(config)
    bad = [a["id"] for t in tasks for a in t["annotations"] if not interface.validate_annotation(a)]
    wrong = [r for text, r in regions if text[r["value"]["start"] : r["value"]["end"]] != r["value"]["text"]]
    found = converted(path, config)
    print(f"{len(tasks)} tasks, {len(regions)} regions: {len(bad)} refused, {len(wrong)} on other words")
    print(f"  the converter's CoNLL: {found}")
    with_words = {r["value"]["labels"][0] for _, r in regions if r["value"]["text"].strip()}
    return 1 if bad or wrong or set(found) != with_words else 0


def converted(path: str, config: str) -> Counter[Any]:
    """How many spans of each label stand in the CoNLL that the converter writes."""
    from label_studio_sdk.converter import Converter

    with tempfile.TemporaryDirectory() as folder:
        Converter(config, folder).convert_to_conll2003(path, folder, is_dir=False)
        written = "".join(each.read_text("utf-8") for each in Path(folder).glob("*.conll"))
    return Counter(line.rpartition(" B-")[2] for line in written.splitlines() if " B-" in line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
