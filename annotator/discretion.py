"""What may stand in a log or in a crash report: where something happened and of what kind it was, never whose it is.

Articles are often unpublished or under embargo, and the message of an exception may quote what it choked on; a path
holds the name of whoever is logged in.
"""

import re
import sys
import traceback
from functools import cache
from getpass import getuser
from pathlib import Path
from types import TracebackType

_HOME = "~"
_BEGIN = r"(?<![^\s\"'(=])"  # of a path


def kind_and_place(kind: type[BaseException] | None, place: TracebackType | None) -> str:
    """An exception without its words: where it came from, the outermost call first, and its class.

    The lines of code that are quoted are those of programs, never of data.
    """
    return discreet(f"{''.join(traceback.format_tb(place))}{kind.__name__ if kind is not None else ''}")


def discreet(text: str) -> str:
    """The text with paths that do not say whose they are.

    This program's own files begin with the package's name, the home folder is ~, and so is every folder with the name
    of whoever is logged in.
    """
    for pattern, instead in _replaced():
        text = pattern.sub(instead, text)
    return text


@cache
def _replaced() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Longest first: a checkout or a virtual environment is often in the home folder."""
    folders = {str(Path(__file__).parent.parent): "", sys.prefix: "", sys.base_prefix: ""}
    longest_first = sorted(folders, key=len, reverse=True)
    found = [(re.compile(_BEGIN + re.escape(each) + r"[/\\]"), "") for each in longest_first if len(each) > 1]
    found += [(re.compile(re.escape(str(home)) + r"(?![^/\\\s\"'.,:;)\]])"), _HOME) for home in _homes()]
    user = _user()
    return (*found, *([(re.compile(rf"(?<=[/\\]){re.escape(user)}(?=[/\\])"), _HOME)] if user else ()))


def _homes() -> list[Path]:
    try:
        home = Path.home()
    except RuntimeError:  # a process without a user
        return []
    return [each for each in dict.fromkeys((home, home.resolve())) if each != each.parent]


def _user() -> str:
    try:
        return getuser()
    except (OSError, KeyError, ImportError):  # the last two before Python 3.13, where nobody is logged in
        return ""
