"""Articles with their names marked in the text, as `Der [SV Eichwald|VEREIN] verlor in [Rodenau|ORT].`

A line `---` ends an article, a line that begins with `#` is a comment. What stands between is the
article's text without the blank lines at its two ends; marks neither overlap nor lie in one another.
"""

import re
from pathlib import Path

from action_model import Marks
from effort_stream import Gold

_COMMENT = re.compile(r"^#.*\n?", re.MULTILINE)
_BETWEEN = re.compile(r"^---\n", re.MULTILINE)
_MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]|\s]+)\]")


def read_marked(path: Path) -> list[Gold]:
    """The articles of a file in its order; their ids are the file's name and a number from 1.

    :raises ValueError: a bracket or a bar does not belong to a mark.
    """
    texts = _BETWEEN.split(_COMMENT.sub("", path.read_text("utf-8")))
    articles = []
    for number, marked in enumerate((text.strip("\n") for text in texts), 1):
        text, marks = unmarked(marked)
        articles.append(Gold(f"{path.stem} {number}", text, {}, marks))
    return articles


def unmarked(marked: str) -> tuple[str, Marks]:
    """The text without its markup, and {(start, end): label} in code points of that text.

    :raises ValueError: a bracket or a bar does not belong to a mark.
    """
    text, marks, behind = "", {}, 0
    for mark in _MARK.finditer(marked):
        surface, label = mark.groups()
        text += marked[behind : mark.start()]
        marks[len(text), len(text) + len(surface)] = label
        text += surface
        behind = mark.end()
    text += marked[behind:]
    if stray := re.search(r".{0,20}[\[\]|].{0,20}", text):
        raise ValueError(f"not a mark: {stray[0]}")
    return text, marks
