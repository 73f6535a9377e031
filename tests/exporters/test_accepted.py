"""Programs that are not ours read what is exported: those of them that the tests' environment has.

`bash packaging/acceptance.sh` asks all the others, too.
"""

import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parents[1] / "acceptance" / "run.py"
READERS = {
    "jsonl": "jsonschema",
    "spacy in parts": "spacy",
    "conll": "spacy",
    "pdf": "pypdf",
    "xmi": "dkpro-cassis",
    "brat": "pybrat",
    "webanno": "web-anno-tsv",
    "html": "html5lib",
    "webannotation": "PyLD",
}


@pytest.fixture(scope="module")
def said() -> str:
    """A line for each format and reader."""
    done = subprocess.run([sys.executable, RUN, "--here"], capture_output=True, text=True, timeout=600, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", READERS)
def test_the_reader_accepts(name: str, said: str) -> None:
    lines = [line for line in said.splitlines() if line.startswith(f"{name:20} {READERS[name]}")]
    assert [line.endswith(": accepted") for line in lines] == [True], said
