"""Articles made of words and brackets, and learners that know a little; nothing here loads a pipeline."""

from collections.abc import Callable, Sequence

import pytest

from annotator.model.tokens import rough_tokens
from annotator.suggest.learner.learner import Learner
from annotator.suggest.learner.passage import Passage, Place, passage
from tests.decided import record

LABELS = ("PER", "LOC")
Article = tuple[Passage, list[Place]]


def _read(text: str, hints: Sequence[str] = (), leanings: Sequence[str] = ()) -> Passage:
    tokens = rough_tokens(text)
    return passage(text, [tokens[number] for number in range(len(tokens))], hints, leanings)


def article(number: int, sentences: int = 4) -> Article:
    """People who visit places; see tests/decided.py."""
    made = record(number, sentences)
    there = _read(made["text"])
    return there, there.places((span["start"], span["end"], span["label"]) for span in made["spans"])


@pytest.fixture(scope="session")
def read() -> Callable[..., Passage]:
    """A text as the learner reads it; after it hints and leanings, one a word."""
    return _read


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    return [article(number) for number in range(14)]


@pytest.fixture(scope="session")
def teach() -> Callable[..., None]:
    """Has a learner learn an article under a key, instead of an older one where that is named."""

    def one(learner: Learner, key: str, taught: Article, instead_of: str | None = None) -> None:
        words, places = taught
        learner.learn(key, learner.look(words), places, instead_of)

    return one
