"""What a pipeline is trained on: articles as spaCy's documents, and how well their spans are found."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.model.aside import Range
from annotator.suggest.quiet import quiet
from annotator.suggest.spacy_source import pieces

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan
    from spacy.training import Example

Score = dict[str, Any]


class Gold(NamedTuple):
    """An article that a person decided on.

    :param spans: (start, end, label) in code points, no two overlapping.
    :param overlapping: how many spans were left out because they overlap a longer one.
    :param retired: how many were left out because their label is no longer offered.
    :param asides: passages without spans of which nothing is learned, as `model.aside.counting` gives them.
    """

    text: str
    spans: list[tuple[int, int, str]]
    overlapping: int = 0
    retired: int = 0
    asides: Sequence[Range] = ()


@dataclass(slots=True)
class Part:
    """One of the two parts of what is trained on.

    :param words: tokens.
    :param spans: by label, only those on token edges.
    :param off_tokens: spans that meet no token edge: a recogniser of tokens can neither learn nor find
        them. Their tokens are left open, as neither inside nor outside an entity.
    :param overlapping, retired: spans that were left out; see `Gold`.
    """

    articles: int = 0
    words: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    off_tokens: int = 0
    overlapping: int = 0
    retired: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return asdict(self) | {"spans": dict(self.spans)}


def write_corpus(nlp: "Language", articles: Iterable[Gold], path: Path) -> Part:
    """Write articles as spaCy reads them, cut into tokens as the pipeline cuts them."""
    from spacy.tokens import DocBin

    part, corpus = Part(), DocBin()
    with quiet():
        for gold in articles:
            part.articles += 1
            part.overlapping += gold.overlapping
            part.retired += gold.retired
            part.off_tokens += len(gold.spans)  # until they are met
            for doc in _documents(nlp, gold):
                corpus.add(doc)
                part.words += len(doc)
                part.off_tokens -= len(doc.ents)
                part.spans.update(entity.label_ for entity in doc.ents)
    corpus.to_disk(path)
    return part


def _documents(nlp: "Language", gold: Gold) -> Iterator["Doc"]:
    """The article as one document, or as several where it is longer than the pipeline takes."""
    for offset, piece in pieces(gold.text, nlp.max_length):
        doc = nlp.make_doc(piece)
        inside = [each for each in gold.spans if offset < each[1] and each[0] < offset + len(piece)]
        moved = [(max(start - offset, 0), end - offset, label) for start, end, label in inside]
        found = [doc.char_span(start, end, label=label) for start, end, label in moved]
        entities = [entity for entity in found if entity is not None]
        asides = [(max(start - offset, 0), end - offset) for start, end in gold.asides if offset < end]
        touched = [(start, end) for start, end, _ in moved] + [each for each in asides if each[0] < len(piece)]
        doc.set_ents(entities, missing=list(_open_tokens(doc, entities, touched)), default="outside")
        yield doc


def _open_tokens(doc: "Doc", entities: list["DocSpan"], ranges: list[Range]) -> Iterator["DocSpan"]:
    """The tokens that some ranges touch and that belong to no entity: of spans off the edges, and of asides."""
    taken = {token.i for entity in entities for token in entity}
    for start, end in ranges:
        touched = doc.char_span(start, min(end, len(doc.text)), alignment_mode="expand")
        for token in touched or ():
            if token.i not in taken:
                taken.add(token.i)
                yield doc[token.i : token.i + 1]


def read_corpus(nlp: "Language", path: Path) -> list["Example"]:
    """Written documents beside empty ones for the pipeline to fill."""
    from spacy.training import Corpus

    return list(Corpus(path)(nlp))


def score(nlp: "Language", examples: list["Example"], label_of: Callable[[str], str | None] = str) -> Score:
    """How well the pipeline finds the entities of examples, exact span and label.

    :param label_of: from the pipeline's label to the examples', None for one that does not count.
    :returns: precision "p", recall "r" and "f" from 0 to 1, and "labels": the same for each label
        with the number of its "spans" in the examples.
    """
    from spacy.scorer import get_ner_prf

    for example, doc in zip(examples, nlp.pipe(example.reference.text for example in examples), strict=True):
        example.predicted.set_ents(
            [each for entity in doc.ents for each in _renamed(example.predicted, entity, label_of)]
        )
    return as_score(get_ner_prf(examples), Counter(e.label_ for each in examples for e in each.reference.ents))


def _renamed(doc: "Doc", entity: "DocSpan", label_of: Callable[[str], str | None]) -> Iterator["DocSpan"]:
    if label := label_of(entity.label_):
        found = doc.char_span(entity.start_char, entity.end_char, label=label)
        if found is not None:
            yield found


def as_score(found: Mapping[str, Any], spans: Mapping[str, int]) -> Score:
    """A Score from what spaCy's scorer answers."""
    by_label = found.get("ents_per_type") or {}
    nothing = {"p": 0.0, "r": 0.0, "f": 0.0}
    return {
        **{each: round(found.get(f"ents_{each}") or 0.0, 4) for each in nothing},
        "labels": {
            label: {each: round(value, 4) for each, value in by_label.get(label, nothing).items()}
            | {"spans": spans.get(label, 0)}
            for label in sorted(spans.keys() | by_label.keys())
        },
    }
