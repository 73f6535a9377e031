"""Do seqeval (strict) and seqscore read a .conll or .bilou file? `python columns_reader.py FILE`; both installed."""

import subprocess
import sys
from itertools import groupby
from pathlib import Path

from seqeval.metrics import f1_score
from seqeval.scheme import BILOU, IOB2, Entities


def sentences(path: Path) -> list[list[str]]:
    """The tags of every sentence."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").split("\n")]
    blocks = [list(block) for full, block in groupby(rows, bool) if full]
    return [[row[-1] for row in block] for block in blocks if block[0][0] != "-DOCSTART-"]


def main() -> int:
    """0 where both accept the file and seqeval finds as many entities as there are first tags."""
    path = Path(sys.argv[1])
    bilou = path.suffix == ".bilou"
    tags = sentences(path)
    begun = sum(tag[0] in "BU" for sentence in tags for tag in sentence)
    scheme = BILOU if bilou else IOB2
    found = sum(len(entities) for entities in Entities(tags, scheme).entities)
    same = f1_score(tags, tags, mode="strict", scheme=scheme) if found else 1.0
    command = [sys.executable, "-m", "seqscore.scripts.seqscore", "validate"]
    labels = ["--labels", "BILOU" if bilou else "BIO"]
    done = subprocess.run([*command, *labels, str(path)], capture_output=True, text=True, check=False)
    print(f"{len(tags)} sentences; {begun} spans begin, seqeval finds {found}, F1 with itself {same}")
    print(f"seqscore: {done.stdout.strip()} {done.stderr.strip()[-300:]}")
    return int(found != begun or same != 1.0 or done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
