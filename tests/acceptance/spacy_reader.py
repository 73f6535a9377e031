"""Does spaCy take a .spacy, .conll or .bilou file? `python spacy_reader.py FILE`; spaCy installed.

A corpus goes through `spacy debug data` and one epoch of `spacy train`, columns through `spacy convert -c ner`.
Where FILE is not there, but FILE-train and FILE-dev are, these are taken.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import DocBin
from verdict import given, parts, tell

_COLOURS = re.compile(r"\x1b\[[\d;]*m")
# It wants more examples than a small corpus has; that is no fault of the format.
_SMALL = re.compile(r"Low number|\d errors?")


def main(path: Path) -> int:
    """0 where spaCy accepts the file."""
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".spacy":
            return tell(["spacy"], *corpus(parts(path)), trains(parts(path), Path(folder)))
        return converts(path, Path(folder))


def docs(path: Path) -> list[Any]:
    """What a corpus holds."""
    return list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))


def corpus(files: list[Path]) -> tuple[int, list[tuple[str, str]]]:
    """How many articles, and the spans: the overlapping ones stand in doc.spans beside the entities."""
    read = [doc for file in files for doc in docs(file)]
    return len(read), [(span.label_, span.text) for doc in read for span in doc.spans.get("sc", doc.ents)]


def trains(files: list[Path], folder: Path) -> list[str]:
    """What the checks of its data and one epoch of training have against a corpus."""
    config = str(folder / "config.cfg")
    run("init", "config", config, "--lang", "en", "--pipeline", "ner", "--optimize", "efficiency")
    corpora = ["--paths.train", str(files[0]), "--paths.dev", str(files[min(1, len(files) - 1)])]
    _, checked = run("debug", "data", config, *corpora, "--ignore-warnings")
    problems = [line for line in checked.split("\n") if "✘" in line and not _SMALL.search(line)]
    problems += [] if "Data file validation" in checked else [f"debug data: {checked[-300:]}"]
    code, trained = run("train", config, *corpora, "--training.max_epochs", "1", "--output", str(folder / "out"))
    problems += [f"train: {trained[-300:]}"] if code or not (folder / "out" / "model-last").is_dir() else []
    return problems + (["W030: entities that are not on tokens"] if "W030" in checked + trained else [])


def converts(path: Path, folder: Path) -> int:
    """Do the columns become a corpus with an entity for every first tag?"""
    (folder / "in.conll").write_bytes(path.read_bytes())
    code, output = run("convert", str(folder / "in.conll"), str(folder), "-c", "ner", "-n", "1")
    if code:
        return tell(["spacy"], 0, None, [output[-300:]])
    begun = len(re.findall(r" [BU]-\S+\n", path.read_text(encoding="utf-8")))
    spans = [(each.label_, each.text) for doc in docs(folder / "in.spacy") for each in doc.ents]
    articles = path.read_text("utf-8").count("-DOCSTART-")
    return tell(["spacy"], articles, spans, [f"{len(spans)} of {begun} entities"] if len(spans) != begun else [])


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and all output of a command of spaCy."""
    command = [sys.executable, "-m", "spacy", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, _COLOURS.sub("", done.stdout + done.stderr)


if __name__ == "__main__":
    sys.exit(main(given()))
