"""What a reader made of a file: one line for people, and a JSON file for `run.py`.

Standard library alone: it is imported in the readers' own environments.
"""

import json
import os
import re
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

_BLANKS = re.compile(r"[\s⏎]+")


def tell(
    packages: Iterable[str],
    articles: int,
    spans: Iterable[tuple[str, str]] | None,
    problems: Iterable[str] = (),
    unread: int = 0,
) -> int:
    """Say it; the exit code: 0 where there is no problem.

    :param packages: who read it, by their names as they are installed.
    :param spans: (label, words) of each span; None where the reader sees no spans.
    :param problems: a sentence for everything that is not as it should be.
    :param unread: spans that the reader is known to pass over.
    """
    reader = ", ".join(f"{name} {version(name)}" for name in packages)
    found = None if spans is None else [(label, squeezed(words)) for label, words in spans]
    wrong = list(problems)
    counted = "" if found is None else f", {len(found)} spans"
    print(f"{reader}: {articles} articles{counted}, {unread} passed over; {'; '.join(wrong) or 'accepted'}")
    if "ANNOTATOR_VERDICT" in os.environ:
        said = {"reader": reader, "articles": articles, "spans": found, "problems": wrong, "unread": unread}
        Path(os.environ["ANNOTATOR_VERDICT"]).write_text(json.dumps(said), "utf-8")
    return int(bool(wrong))


def squeezed(words: str) -> str:
    """Without blanks, of which formats of tokens keep none."""
    return _BLANKS.sub("", words)


def parts(path: Path) -> list[Path]:
    """The file, or those of its parts that a split left: NAME-train.ENDING and the others."""
    stem, dot, ending = path.name.partition(".")
    split = [path.with_name(f"{stem}-{part}{dot}{ending}") for part in ("train", "dev", "test")]
    return [path] if path.exists() else [each for each in split if each.exists()]


def given() -> Path:
    """The file or folder that the command line names."""
    return Path(sys.argv[1])
