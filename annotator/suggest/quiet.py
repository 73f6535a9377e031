"""What spaCy warns of, as a pipeline made for an older version, goes to the log and not to the terminal."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_log = logging.getLogger(__name__)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps only the first sentence of each warning: the rest may quote a text."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    for each in said:
        _log.debug("%s", str(each.message).split(". ")[0])
