"""Which sources of suggestions there are.

To add one: write a module with `load(model) -> Source | None` (see `base.Source`) that returns None for
a model that is not its own, and put it into SOURCES before `spacy_source`, which takes what no other
wants. Import heavy libraries inside functions. tests/suggest holds every entry.
"""

from collections.abc import Callable
from functools import lru_cache

from annotator.errors import KnownError
from annotator.suggest import spacy_source
from annotator.suggest.base import Source

SOURCES: tuple[Callable[[str], Source | None], ...] = (spacy_source.load,)


@lru_cache(maxsize=2)
def load_source(model: str) -> Source:
    """The source of a model; loading takes about a second, asking again nothing.

    :param model: a pipeline's package name or official name, the path of its folder, or "blank:LANGUAGE".
    :raises KnownError: no source knows it, or it cannot be loaded.
    """
    for load in SOURCES:
        if source := load(model):
            return source
    raise KnownError(f"No source of suggestions is called {model}.", "Choose one that `annotator models` lists.")
