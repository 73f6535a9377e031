"""GLiNER's training data: tokens, and spans of token indices of which the last one is named.

https://github.com/urchade/GLiNER/blob/main/docs/training.md. Labels are words there, as a person would ask for them;
`label_names` says which of the project's labels each stands for. Keys that GLiNER does not know it leaves alone.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.json_lines import meta_of, write_array
from annotator.exporters.overlaps import Account, on_tokens
from annotator.exporters.own_words import schema, standing
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part

_WORDS = {  # for abbreviations that say little
    "PER": "person",
    "ORG": "organization",
    "LOC": "location",
    "MISC": "miscellaneous",
    "GPE": "country, city or state",
    "NORP": "nationality, religious or political group",
    "FAC": "building or facility",
}


class _Words:
    """The words for each label, no two labels with the same."""

    def __init__(self, names: Iterable[str]) -> None:
        self._of: dict[str, str] = {}
        for name in names:
            self.of(name)

    def of(self, name: str) -> str:
        """The words for a label; its own name where the words are taken, and a number behind it where that is, too."""
        if name not in self._of:
            numbered = (f"{name} {number}" for number in count(2))
            wishes = chain((_WORDS.get(name, name.lower().replace("_", " ")), name), numbered)
            taken = set(self._of.values())
            self._of[name] = next(words for words in wishes if words not in taken)
        return self._of[name]


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """One array of examples."""
    words = _Words(label.name for label in options.labels)

    def examples(annotated: AnnotatedArticle, account: Account) -> Iterator[dict[str, Any]]:
        yield _example(annotated, account, words)

    return write_array(articles, path, examples).closed()


def _example(annotated: AnnotatedArticle, account: Account, words: _Words) -> dict[str, Any]:
    tokens = annotated.tokens
    spans = on_tokens(annotated, tokens.snap, account)
    placed = [(tokens.covering(*span.range) or (0, 0), span.label) for span in spans]
    meta = meta_of(annotated)
    return {
        "tokenized_text": [annotated.text[slice(*tokens[index])] for index in range(len(tokens))],
        "ner": [[first, last, words.of(label)] for (first, last), label in placed],
        "label_names": {words.of(label): label for label in sorted({span.label for span in spans})},
        "id": annotated.article.uid,
        "text": annotated.text,
        **({"meta": meta} if meta else {}),
        "state": annotated.state.value,
        **standing(annotated),
        "schema": schema("gliner"),
    }


EXPORTER = Exporter(
    name="gliner",
    title="GLiNER",
    suffix=".gliner.json",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.STATE, Part.OVERLAPS}),
    remark="Tokens and spans of tokens, the last one named; labels in words, as “organization” for ORG.",
    use=Use.TRAIN,
)
