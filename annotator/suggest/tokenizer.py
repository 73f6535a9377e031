"""The tokens of a pipeline, without its weights: what selections snap to and what formats count in."""

import logging
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import KnownError
from annotator.model.tokens import Tokens
from annotator.suggest import loading, pipelines

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# Whether the libraries that these languages' tokenizers want are there, only spaCy can tell.
_WANT_LIBRARIES = frozenset(("ja", "ko", "th", "vi", "zh"))

_log = logging.getLogger(__name__)


@lru_cache(maxsize=8)
def tokenizer(model: str) -> Callable[[str], Tokens]:
    """From a text to its tokens without white space, as the pipeline itself would cut it.

    :param model: as for `load_source`, or a language ("de"). What is not there gets the tokenizer
        of the language that its name begins with; a language that spaCy lacks, the one for any ("xx").
    """
    nlp = _only_tokenizer(model)
    return lambda text: Tokens(token_ranges(nlp.tokenizer(text)))


def language_of(model: str) -> str:
    """spaCy's code of the language a model is for; "xx" for a language that spaCy lacks."""
    if info := pipelines.find(model):
        return info.language
    asked = pipelines.blank_language(model)
    language = pipelines.guessed_language(model) if asked is None else asked
    return language if _is_shipped(language) else str(blank(language).lang)


def _is_shipped(language: str) -> bool:
    """Has spaCy a tokenizer for this code that always works? Told by its folder: loading spaCy takes a second."""
    found = find_spec("spacy")
    if found is None or language in _WANT_LIBRARIES or not language.isalpha():
        return False
    return any(
        Path(place, "lang", language, "__init__.py").is_file() for place in found.submodule_search_locations or ()
    )


def blank(language: str) -> "Language":
    """A pipeline of nothing but a tokenizer; for any language where spaCy lacks this one or what it needs."""
    import spacy

    try:
        return spacy.blank(language)
    except (ImportError, AttributeError):
        _log.debug("no tokenizer for the language")
        return spacy.blank("xx")


def token_ranges(doc: "Doc") -> Iterator[tuple[int, int]]:
    """(start, end) in code points of each token that holds more than white space."""
    return ((token.idx, token.idx + len(token)) for token in doc if not token.is_space)


def _only_tokenizer(model: str) -> "Language":
    """The pipeline's own tokenizer: it may have been changed, and Chinese has several."""
    info = pipelines.find(model)
    if info is None:
        return blank(language_of(model))
    try:
        return loading.load(info, lambda components: [*components, "vocab"])
    except KnownError as error:
        _log.debug("the pipeline's tokenizer cannot be loaded: %s", type(error).__name__)
        return blank(info.language)
