"""Logging: a file for finding bugs, and warnings on stderr.

Articles are often unpublished or under embargo, so no line holds their words: log ids, counts and
times, never texts, titles, surfaces or names of imported files. As the message of an exception may
quote what it choked on, the file keeps an exception's kind and place only, and paths without the name
of whoever is logged in. A command shows all of it on stderr; the window does not, whose stderr often
ends in a log of the system.
"""

import logging
import sys
from copy import copy
from logging.handlers import RotatingFileHandler
from types import TracebackType

from annotator import paths
from annotator.discretion import discreet, kind_and_place
from annotator.errors import KnownError
from annotator.regular import refuse_other
from annotator.terminal import plain

_MAX_BYTES = 1_000_000
_OLDER_FILES = 3
_LINE = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Discreet(logging.Formatter):
    """Leaves out what an exception says, and whose a path is."""

    def format(self, record: logging.LogRecord) -> str:
        own = copy(record)
        own.exc_text = None  # the handler before this one leaves its full text here
        return discreet(super().format(own))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 (logging's name)
        kind, _, place = ei
        return kind_and_place(kind, place)


class _Plain(logging.Formatter):
    """Says nothing that a terminal obeys, whatever an exception quotes."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(plain, super().format(record).split("\n")))


def set_up(debug: bool = False, *, is_discreet: bool = False) -> None:
    """Send this package's records to `log_dir()/annotator.log` and, from WARNING on, to stderr.

    May be called again. A folder that cannot be written to costs the file, not the program.

    :param debug: both get everything from DEBUG on, instead of INFO and WARNING.
    :param is_discreet: stderr is told no more of an exception than the file.
    """
    logging.raiseExceptions = False  # a log that cannot be written, as on a full disk, is nobody's business
    logger = logging.getLogger("annotator")
    logger.setLevel(logging.DEBUG if debug else logging.INFO)
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()
    logger.addHandler(_to_stderr(debug, is_discreet))
    try:
        logger.addHandler(_to_file())
    except (KnownError, OSError) as error:
        logger.warning("No log file is kept: %s", error)


def _to_stderr(debug: bool, is_discreet: bool) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)
    handler.setFormatter((_Discreet if is_discreet else _Plain)("%(levelname)s %(name)s: %(message)s"))
    return handler


def _to_file() -> logging.Handler:
    path = paths.log_dir() / "annotator.log"
    if path.exists():
        refuse_other(path.stat().st_mode)
    handler = RotatingFileHandler(path, maxBytes=_MAX_BYTES, backupCount=_OLDER_FILES, encoding="utf-8")
    handler.setFormatter(_Discreet(_LINE))
    return handler
