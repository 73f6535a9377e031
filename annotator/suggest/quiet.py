"""What spaCy warns of, as a pipeline made for an older version, goes to the log and not to the terminal."""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_NUMBER = re.compile(r"\[(W\d+)\]")

_log = logging.getLogger(__name__)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps only the kind of each warning and spaCy's number for it, as W095: its words may quote a text."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    for each in said:
        number = _NUMBER.match(str(each.message))
        _log.debug("%s %s", each.category.__name__, number[1] if number else "")
