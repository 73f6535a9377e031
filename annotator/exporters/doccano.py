"""doccano's JSON Lines for sequence labelling: https://github.com/doccano/doccano.

Its screen counts UTF-16 and writes back what it counts, so that is what is written: anything else would be shown in
the wrong place behind an emoji, and mixed with what is labelled there. Its importer takes any numbers. `offsets` says
how the line counts; doccano keeps it, as all keys that it does not know, in the example's metadata. The file is ASCII:
doccano guesses the encoding unless told, and takes UTF-8 with few accents for Turkish.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.json_lines import meta_of, write_lines
from annotator.exporters.overlaps import Account
from annotator.exporters.own_words import schema
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part
from annotator.model.offsets import Unit


def write(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    """One line an article."""
    return write_lines(articles, path, _records, in_ascii=True).closed()


def _records(annotated: AnnotatedArticle, account: Account) -> Iterator[dict[str, Any]]:
    text = annotated.text
    marks = _utf16_marks(text)
    for _ in annotated.confirmed:
        account.written()
    yield {
        "text": text,
        "label": [[marks[span.start], marks[span.end], span.label] for span in annotated.confirmed],
        "article_id": annotated.article.uid,
        "meta": meta_of(annotated),  # in every line: doccano takes what is missing in one for NaN, and refuses the file
        "offsets": Unit.UTF16.value,
        "schema": schema("doccano"),
    }


def _utf16_marks(text: str) -> "range | list[int]":
    """The UTF-16 offset of each code point, and of the text's end."""
    if text.isascii() or max(text) <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))


EXPORTER = Exporter(
    name="doccano",
    title="doccano",
    suffix=".doccano.jsonl",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="Sequence labels under “label”, counted in UTF-16 as doccano's screen does; metadata beside them.",
)
