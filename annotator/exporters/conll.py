"""CoNLL-2003 with IOB2 tags: one token a line, as sequence taggers read it.

The columns are token, part of speech, chunk and entity; the two in the middle are placeholders.
The format: Tjong Kim Sang and De Meulder 2003, https://aclanthology.org/W03-0419.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.overlaps import Account, layers
from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span

_DOCUMENT = "-DOCSTART- -X- -X- O\n\n"
_STOPS = frozenset(".!?…。！？")
_CLOSERS = frozenset("\"'”’»)]」』")


def write(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    """Sentences after each article's -DOCSTART- line; tokens are the ones that annotators see."""
    account = Account()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for annotated in articles:
            file.write(_DOCUMENT)
            file.writelines(_lines(annotated, account))
            account.ledger.articles += 1
    return account.closed()


def _lines(annotated: AnnotatedArticle, account: Account) -> Iterator[str]:
    spans = layers(annotated, annotated.tokens.snap, account, account.dropped).longest
    text, tokens = annotated.text, [annotated.tokens[index] for index in range(len(annotated.tokens))]
    tags = _tags(tokens, spans)
    for index, ((start, end), tag) in enumerate(zip(tokens, tags, strict=True)):
        if index and not tag.startswith("I-") and _sentence_ends(text, tokens, index):
            yield "\n"
        yield f"{_one_word(text[start:end])} -X- _ {tag}\n"
    if tokens:
        yield "\n"


def _tags(tokens: list[tuple[int, int]], spans: list[Span]) -> Iterator[str]:
    """IOB2: B- for a span's first token, I- for its others, O outside."""
    rest = iter(spans)
    span = next(rest, None)
    for start, _ in tokens:
        while span and span.end <= start:
            span = next(rest, None)
        if span is None or start < span.start:
            yield "O"
        else:
            yield f"{'B' if start == span.start else 'I'}-{_one_word(span.label)}"


def _sentence_ends(text: str, tokens: list[tuple[int, int]], index: int) -> bool:
    """Does a line, or a sentence by its full stop, end before this token?"""
    start, end = tokens[index]
    gap = text[tokens[index - 1][1] : start]
    if "\n" in gap or "\r" in gap:
        return True
    last = index - 1
    while last and text[slice(*tokens[last])] in _CLOSERS:
        last -= 1
    stops = text[slice(*tokens[last])] in _STOPS
    return stops and (bool(gap) or text[tokens[last][0]] in "。！？") and not text[start:end][:1].islower()


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
