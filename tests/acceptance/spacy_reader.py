"""Does spaCy take a .spacy or .conll file? `python spacy_reader.py FILE`; spaCy installed.

A corpus goes through `spacy debug data` and one epoch of `spacy train`, columns through `spacy convert -c ner`.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import spacy
from spacy.tokens import DocBin


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and all output of a command of spaCy."""
    command = [sys.executable, "-m", "spacy", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def entities(path: Path) -> int:
    """How many a corpus has."""
    return sum(len(doc.ents) for doc in DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))


def trains(path: Path, folder: Path) -> int:
    """0 where the corpus passes the checks of its data and one epoch of training."""
    config = str(folder / "config.cfg")
    run("init", "config", config, "--lang", "en", "--pipeline", "ner", "--optimize", "efficiency")
    corpora = ["--paths.train", str(path), "--paths.dev", str(path)]
    # It wants more articles than a small corpus has; that is no fault of the format.
    _, checked = run("debug", "data", config, *corpora, "--ignore-warnings")
    failures = [line for line in checked.split("\n") if "✘" in line and not re.search(r"Low number|\d errors?", line)]
    code, trained = run("train", config, *corpora, "--training.max_epochs", "1", "--output", str(folder / "out"))
    print(f"{entities(path)} entities; debug data: {failures or 'nothing wrong'}; train: {code}")
    print(trained[-600:])
    return int(bool(failures) or code != 0 or "W030" in checked + trained)


def converts(path: Path, folder: Path) -> int:
    """0 where the columns become a corpus with an entity for every first tag."""
    source = folder / "in.conll"
    source.write_bytes(path.read_bytes())
    code, output = run("convert", str(source), str(folder), "-c", "ner")
    begun = len(re.findall(r" [BU]-\S+\n", path.read_text(encoding="utf-8")))
    found = entities(folder / "in.spacy")
    print(f"{begun} spans begin, {found} entities; {output.strip()[-200:]}")
    return int(code != 0 or begun != found)


def main() -> int:
    """0 where spaCy accepts the file."""
    path = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        return (trains if path.suffix == ".spacy" else converts)(path, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
