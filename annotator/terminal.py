"""Words on a terminal: results on stdout, messages and bars on stderr, nothing that a terminal obeys.

Titles, file names and labels come from outside; a control sequence in one of them could rewrite
the screen or the window's title, so whatever is not a visible character is shown as its escape.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from annotator.errors import KnownError

# Control, format (bidi overrides among them), surrogate, private, line and paragraph separators.
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BAR_AFTER = 1.0  # seconds

Cell = str | int


def plain(text: str) -> str:
    r"""The text on one line, with `\x1b`, `\u202e` and the like where it would move more than the cursor."""
    if text.isprintable():
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _NOT_SHOWN else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def tell(*lines: str) -> None:
    """Results, each line plain, on stdout.

    :raises KnownError: stdout cannot take them; BrokenPipeError where its reader has gone.
    """
    _write("".join(f"{plain(line)}\n" for line in lines))


def tell_json(value: Any) -> None:
    """A result for programs: JSON in ASCII, indented, on stdout; raises as `tell`."""
    _write(json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n")


def say(message: str) -> None:
    """A message in one line on stderr."""
    sys.stderr.write(f"annotator: {plain(message)}\n")
    sys.stderr.flush()


def flush() -> None:
    """What was told is with its reader; raises as `tell`."""
    _write("")


def give_up_stdout() -> None:
    """Nothing more is written there, so that Python's own flush at the end does not fail either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def open_closed_streams() -> None:
    """A stream that is closed (as by `>&-`) leads nowhere.

    Else a project that is opened next would get its number, and whatever writes to that number would write into it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            os.set_inheritable(nowhere, True)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8"))


def take_any_character() -> None:
    """What the terminal's encoding lacks is written as an escape instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        give_up_stdout()
        raise KnownError(f"The output cannot be written: {error.strerror}.") from error


def table(rows: Sequence[Sequence[Cell]], indent: str = "  ") -> list[str]:
    """Lines with their columns aligned: numbers to the right, words to the left."""
    shown = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    return [indent + _aligned(row, texts, widths) for row, texts in zip(rows, shown, strict=True)]


def _aligned(row: Sequence[Cell], texts: list[str], widths: list[int]) -> str:
    parts = []
    for cell, text, width in zip(row, texts, widths, strict=True):
        padding = " " * (width - _width(text))
        parts.append(padding + text if isinstance(cell, int) else text + padding)
    return "  ".join(parts).rstrip()


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else plain(cell)


def _width(text: str) -> int:
    """Columns that a terminal gives to a text: two for East Asian wide characters, none for combining marks."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


class Bar:
    """A progress bar on stderr, for use in a `with` and as the `progress` of a session's verb.

    It appears after a second, and only where stderr is a terminal; it leaves nothing behind.

    :param title: what is going on, as "Exporting".
    :param unit: what is counted, as "articles".
    :param quiet: never show it.
    :param after: seconds until it appears.
    """

    def __init__(self, title: str, unit: str, *, quiet: bool = False, after: float = _BAR_AFTER) -> None:
        self._title, self._unit, self._after = title, unit, after
        self._wanted = not quiet and sys.stderr.isatty()
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """So much is done of so much."""
        if not self._wanted:
            return
        if self._bar is None:
            self._bar = self._made(total)
        self._bar.update(done - self._bar.n)

    def clear(self) -> None:
        """Make room for a message; the bar comes back with the next that is done."""
        if self._bar is not None:
            self._bar.clear()

    def _made(self, total: int) -> Any:
        from tqdm import tqdm

        unit = f" {self._unit}"
        return tqdm(
            total=total,
            desc=self._title,
            unit=unit,
            delay=self._after,
            leave=False,
            dynamic_ncols=True,
            file=sys.stderr,
        )

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
