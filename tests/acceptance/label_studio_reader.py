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

from verdict import given, tell


def main(path: Path) -> int:
    """0 where every task and region is valid and the converter finds every labelled word."""
    from label_studio_sdk.label_interface import LabelInterface

    tasks = json.loads(path.read_text("utf-8"))
    regions = [(t["data"]["text"], r) for t in tasks for a in t["annotations"] for r in a["result"]]
    labels = sorted({region["value"]["labels"][0] for _, region in regions})
    listed = "".join(f"<Label value={quoteattr(label)}/>" for label in labels)
    config = f'<View><Labels name="label" toName="text">{listed}</Labels><Text name="text" value="$text"/></View>'
    interface = LabelInterface(config)
    bad = sum(not interface.validate_annotation(a) for t in tasks for a in t["annotations"])
    wrong = sum(text[r["value"]["start"] : r["value"]["end"]] != r["value"]["text"] for text, r in regions)
    with_words = {r["value"]["labels"][0] for _, r in regions if r["value"]["text"].strip()}
    problems = [f"{bad} annotations refused"] if bad else []
    problems += [f"{wrong} regions on other words"] if wrong else []
    missing = with_words - set(converted(path, config))
    problems += [f"the converter's CoNLL has no {sorted(missing)}"] if missing else []
    words = [(r["value"]["labels"][0], text[r["value"]["start"] : r["value"]["end"]]) for text, r in regions]
    return tell(["label-studio-sdk"], len(tasks), words, problems)


def converted(path: Path, config: str) -> Counter[Any]:
    """How many spans of each label stand in the CoNLL that the converter writes."""
    from label_studio_sdk.converter import Converter

    with tempfile.TemporaryDirectory() as folder:
        Converter(config, folder).convert_to_conll2003(str(path), folder, is_dir=False)
        written = "".join(each.read_text("utf-8") for each in Path(folder).glob("*.conll"))
    return Counter(line.rpartition(" B-")[2] for line in written.splitlines() if " B-" in line)


if __name__ == "__main__":
    sys.exit(main(given()))
