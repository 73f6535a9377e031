"""What files hold, told from their beginnings: quick, before anything is read."""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from annotator.errors import KnownError
from annotator.importers import IMPORTERS, Importer, importer_of

_MOST = 200  # files
_SECONDS = 0.5  # a slow disk is not waited for any longer


class Found(NamedTuple):
    """What was found.

    :param files: how many files there are.
    :param formats: how many of those that were looked at have each format, the most frequent first.
    """

    files: int
    formats: Counter[Importer]

    @property
    def looked_at(self) -> int:
        """How many of the files were looked at."""
        return self.formats.total()

    @property
    def may_hold_spans(self) -> bool:
        """Can any of those that were looked at hold annotations?"""
        return any(importer.keeps is not None for importer in self.formats)


def look(files: Sequence[Path]) -> Found:
    """The formats of at most 200 files, and of no more than half a second's; those named like datasets first.

    A file that cannot be read has none: whoever imports it says why.
    """
    endings = tuple(ending for each in IMPORTERS if each.keeps is not None for ending in each.suffixes)
    until = time.monotonic() + _SECONDS
    formats: Counter[Importer] = Counter()
    for file in sorted(files, key=lambda file: not file.name.lower().endswith(endings))[:_MOST]:
        with suppress(KnownError):
            formats[importer_of(file)] += 1
        if time.monotonic() > until:
            break
    return Found(len(files), Counter(dict(formats.most_common())))
