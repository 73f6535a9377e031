"""Do seqeval (strict) and seqscore read a .conll or .bilou file? `python columns_reader.py FILE`; both installed."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from seqeval.metrics import f1_score
from seqeval.scheme import BILOU, IOB2, Entities
from verdict import given, tell


def main(path: Path) -> int:
    """0 where both accept the file and seqeval finds as many entities as there are first tags."""
    bilou = path.suffix == ".bilou"
    blocks = list(sentences(path))
    kept = [block for block in blocks if block[0][0] != "-DOCSTART-"]
    tags, scheme = [[row[-1] for row in block] for block in kept], BILOU if bilou else IOB2
    found = [entity for sentence in Entities(tags, scheme).entities for entity in sentence]
    spans = [(each.tag, "".join(row[0] for row in kept[each.sent_id][each.start : each.end])) for each in found]
    begun = sum(tag[0] in "BU" for sentence in tags for tag in sentence)
    same = f1_score(tags, tags, mode="strict", scheme=scheme)
    problems = [f"{begun} spans begin, seqeval finds {len(found)}"] if begun != len(found) else []
    problems += [f"F1 with itself is {same}"] if same != 1 else []
    return tell(["seqeval", "seqscore"], len(blocks) - len(kept), spans, problems + refused(path, bilou))


def sentences(path: Path) -> Iterator[list[list[str]]]:
    """The rows of every sentence, cut at blank lines."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").split("\n")]
    yield from (list(block) for full, block in groupby(rows, bool) if full)


def refused(path: Path, bilou: bool) -> list[str]:
    """What seqscore has against the file."""
    command = [sys.executable, "-m", "seqscore.scripts.seqscore", "validate"]
    labels = ["--labels", "BILOU" if bilou else "BIO"]
    done = subprocess.run([*command, *labels, str(path)], capture_output=True, text=True, check=False)
    return [f"seqscore: {done.stdout} {done.stderr[-300:]}"] if done.returncode else []


if __name__ == "__main__":
    sys.exit(main(given()))
