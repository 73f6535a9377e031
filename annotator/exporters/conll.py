"""CoNLL-2003 with IOB2 tags: one token a line, as sequence taggers read it.

The columns are token, part of speech, chunk and entity; the two in the middle are placeholders.
The format: Tjong Kim Sang and De Meulder 2003, https://aclanthology.org/W03-0419.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.overlaps import Account, layers
from annotator.exporters.sentences import sentences
from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span

_DOCUMENT = "-DOCSTART- -X- -X- O\n\n"

Spell = Callable[[bool, bool], str]  # the letter of a token's tag; is it its span's first, is it its last?


def iob2(first: bool, _last: bool) -> str:
    """B for a span's first token, I for its others."""
    return "B" if first else "I"


def write(articles: Iterable[AnnotatedArticle], path: Path, _options: Options, spell: Spell = iob2) -> Ledger:
    """Sentences after each article's -DOCSTART- line; tokens are the ones that annotators see, without asides."""
    account = Account()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for annotated in articles:
            file.write(_DOCUMENT)
            file.writelines(_lines(annotated, account, spell))
            account.ledger.articles += 1
    return account.closed()


def _lines(annotated: AnnotatedArticle, account: Account, spell: Spell) -> Iterator[str]:
    spans = layers(annotated, annotated.tokens.snap, account, account.dropped).longest
    for label in dict.fromkeys(span.label for span in spans):
        if _one_word(label) != label:
            account.ledger.note(f"The label “{label}” is {_one_word(label)} there.")
    tokens = [annotated.tokens[index] for index in range(len(annotated.tokens))]
    tags = list(_tags(tokens, spans, spell))
    for sentence in sentences(annotated, spans):
        kept = [index for index in sentence if not annotated.is_aside(*tokens[index])]
        yield from (f"{_token(annotated.text[slice(*tokens[index])])} -X- _ {tags[index]}\n" for index in kept)
        if kept:
            yield "\n"


def _tags(tokens: list[tuple[int, int]], spans: list[Span], spell: Spell) -> Iterator[str]:
    rest = iter(spans)
    span = next(rest, None)
    for start, end in tokens:
        while span and span.end <= start:
            span = next(rest, None)
        if span is None or start < span.start:
            yield "O"
        else:
            yield f"{spell(start == span.start, end == span.end)}-{_one_word(span.label)}"


def _token(text: str) -> str:
    """A word that no reader takes for the beginning of an article."""
    return re.sub("^-(?=DOCSTART)", "_", _one_word(text))


def _one_word(text: str) -> str:
    """Readers split lines at any white space, a no-break space in a token included."""
    return re.sub(r"\s", "_", text)


EXPORTER = Exporter(
    name="conll",
    title="CoNLL-2003",
    suffix=".conll",
    write=write,
    keeps=frozenset(),
    remark="Tokens and IOB2 tags; sentences and articles apart.",
    use=Use.TRAIN,
)
