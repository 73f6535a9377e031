"""Some sixty words in whatever comes from outside, then all commands: none of the words may stand in a log.

    python tests/faults/log_words.py
    python tests/faults/log_words.py --short

The words are in texts, titles, sources, labels, comments, keys of metadata, names of files, folders, projects, models,
of the annotator, and of the home folder. Files are good, broken, and of formats that are read in a process of its own;
the commands also fail, and are debugged. The window is `sinks.py`'s.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
WORDS = [f"Kanari{chr(97 + n // 10)}{chr(97 + n % 10)}vogel" for n in range(70)]
_SHORT = 5  # up to the page, which is read in a process of its own
_COMMAND = ("-m", "annotator")
# Errors that quote what they choked on, where they cost one file, a whole command, and a process at once.
_PLANT = """
import os, signal, sys
from annotator import cli, importers
from annotator.commands import projects
word, project, good = sys.argv[1:]
def fail(*_, **__):
    {0}
{1} = fail
sys.argv = ["annotator", {2}]
sys.exit(cli.main())
"""
_BUGS = [
    _PLANT.format("raise ValueError(word)", "importers.Reader.read", '"import", project, good'),
    _PLANT.format("raise ValueError(word)", "projects.opened", '"stats", project'),
    _PLANT.format("os.kill(os.getpid(), signal.SIGSEGV)", "projects.opened", '"stats", project'),
]
_PAGE = "<html><head><title>{0}</title></head><body><article>{1}</article></body></html>"


class Result(NamedTuple):
    """How many words there were, commands that ran, characters in logs; and the lines that quote a word."""

    words: int
    commands: int
    size: int
    found: list[str]
    complaints: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="only some of the commands")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = tried(Path(folder), given.short)
    sys.stdout.write(
        f"words tried {result.words}, commands {result.commands}, {result.size} characters of logs, "
        f"words found {len(result.found)}, complaints {len(result.complaints)}\n"
    )
    sys.stdout.write("".join(f"  {line[:300]}\n" for line in [*result.found, *result.complaints]))
    sys.exit(1 if result.found or result.complaints else 0)


def tried(folder: Path, is_short: bool) -> Result:
    """Run all commands, and read what they left."""
    words = iter(WORDS)
    home = folder / next(words)
    (home / ".annotator" / "config").mkdir(parents=True)
    settings = {"annotator": next(words)}
    (home / ".annotator" / "config" / "settings.json").write_text(json.dumps(settings), "utf-8")
    commands = list(_commands(home, words))[: _SHORT if is_short else None]
    ended = [_ended(home, (*_COMMAND, *command)) for command in commands]
    complaints = [
        f"a bug: {command[0]}: {e.stderr[-900:]}" for command, e in zip(commands, ended, strict=True) if _is_bug(e)
    ]
    complaints += [] if ended[0].returncode == 0 else [f"no project: {ended[0].stderr}"]
    planted = [_ended(home, ("-c", bug, next(words), commands[0][1], commands[1][2])) for bug in _BUGS]
    complaints += [f"no bug: {e.stderr[-900:]}" for e in planted[1:] if not _is_bug(e)]
    _ended(home, (*_COMMAND, "stats", commands[0][1]))  # finds what the last one left
    used = len(WORDS) - len(list(words))
    files = [file for place in ("log", "data/crashes") for file in _files(home / ".annotator" / place)]
    lines = [f"{file.name}: {line}" for file in files for line in file.read_text("utf-8").splitlines()]
    found = [line for line in lines if any(word.lower() in line.lower() for word in WORDS)]
    said = "".join(lines)
    expected = ("an importer broke down", "ValueError", "broke down:", "Segmentation fault")
    complaints += [f"no line of the log says: {words}" for words in expected if words not in said]
    return Result(used, len(commands) + len(planted), len(said), found, complaints)


def _is_bug(ended: "subprocess.CompletedProcess[str]") -> bool:
    return ended.returncode == 1 or ended.returncode < 0


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()] if folder.exists() else []


def _commands(home: Path, words: Iterator[str]) -> Iterator[tuple[object, ...]]:
    """Each with some of the words."""
    project, labels = home / f"{next(words)}.annot", home / f"{next(words)}.json"
    own = {"name": next(words), "colour": "red", "key": "1", "description": next(words)}
    scheme = {"title": next(words), "labels": [own, {"name": "ORG", "colour": "blue", "key": "2"}]}
    labels.write_text(json.dumps(scheme), "utf-8")
    yield "new", project, "--labels", labels, "--model", "blank:en"
    good, broken = home / f"{next(words)}.jsonl", home / f"{next(words)}.jsonl"
    record = _record(words)
    good.write_text(
        json.dumps(record) + "\n" + json.dumps({**record, "id": next(words), "text": next(words)}) + "\n", "utf-8"
    )
    broken.write_text(f'{next(words)}\n{{"text": 5, "{next(words)}": "{next(words)}"}}\n', "utf-8")
    yield "import", project, good, "--new-labels", "--debug"
    yield "import", project, broken
    page, unknown = home / f"{next(words)}.html", home / f"a.{next(words)}"
    page.write_text(_PAGE.format(next(words), f"{next(words)} says so. " * 40), "utf-8")
    unknown.write_bytes(next(words).encode() + b"\x00\x01\xff")
    (home / f"{next(words)}.pdf").write_bytes(b"%PDF-1.4 " + next(words).encode())
    (home / f"{next(words)}.spacy").write_bytes(next(words).encode())
    (home / f"{next(words)}.conll").write_text(f"{next(words)} B-{next(words)}\nO\n", "utf-8")
    for file in sorted(home.glob("*.*")):
        if file not in (project, labels, good, broken):
            yield "import", project, file, "--debug"
    yield "suggest", project, "--workers", "2", "--debug"
    yield "guidelines", project, next(words)
    listed = home / f"{next(words)}.txt"
    listed.write_text(f"{next(words)}\tORG\n{next(words)}\t{next(words)}\n", "utf-8")
    yield "memory", project, "--import", listed
    yield "memory", project, "--search", next(words), "--debug"
    for ending in ("jsonl", "html", "pdf", "spacy"):
        yield "export", project, home / f"{next(words)}.{ending}", "--state", "all", "--debug"
    yield "train", project, home / next(words), "--from", home / next(words), "--debug"
    yield "new", home / f"{next(words)}.annot", "--model", next(words), "--debug"
    damaged = home / f"{next(words)}.annot"
    damaged.write_bytes(next(words).encode() * 500)
    yield "check", damaged, "--debug"
    yield "stats", home / next(words) / f"{next(words)}.annot"
    yield "undo", project, "--debug"
    yield next(words), next(words)
    yield from (("check", project, "--debug"), ("stats", project, "--debug"))


def _record(words: Iterator[str]) -> dict[str, object]:
    text = f"{next(words)} met {next(words)} in Berlin."
    meta = {
        "title": next(words),
        "source": next(words),
        "url": f"https://{next(words)}.invalid/",
        next(words): next(words),
    }
    spans = [{"start": 0, "end": 6, "label": next(words)}, {"start": 900, "end": 901, "label": "ORG"}]
    return {"id": next(words), "text": text, "meta": meta, "spans": spans, "comment": next(words)}


def _ended(home: Path, words: tuple[object, ...]) -> "subprocess.CompletedProcess[str]":
    variables = {
        "HOME": str(home),
        "ANNOTATOR_HOME": str(home / ".annotator"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        [sys.executable, *map(str, words)],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
        env={**os.environ, **variables},
    )


if __name__ == "__main__":
    main()
