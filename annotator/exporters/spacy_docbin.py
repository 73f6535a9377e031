"""spaCy's binary corpus, as `spacy train` reads it; https://spacy.io/api/docbin."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.overlaps import IN_ASIDE, Account, layers
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part
from annotator.model.span import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

SPANS_KEY = "sc"  # where spaCy's span categoriser looks
REJECTED_KEY = "incorrect_spans"  # what the entity recogniser's incorrect_spans_key can name


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """One Doc an article; the corpus is gathered in memory, as spaCy does."""
    from spacy.tokens import DocBin

    account = Account()
    nlp = _tokenizer(options.language, account.ledger)
    corpus = DocBin(store_user_data=True)
    for annotated in articles:
        corpus.add(_doc(nlp, annotated, account, with_rejected=options.with_rejected))
        account.ledger.articles += 1
    corpus.to_disk(path)
    return account.closed()


def _tokenizer(language: str, ledger: Ledger) -> "Language":
    import spacy

    try:
        return spacy.blank(language)
    except ImportError:  # an unknown language, or one whose tokenizer is a package of its own
        ledger.note(f"spaCy has no tokenizer for “{language}” here; its multi-language one was used.")
        return spacy.blank("xx")


def _doc(nlp: "Language", annotated: AnnotatedArticle, account: Account, *, with_rejected: bool) -> "Doc":
    nlp.max_length = max(nlp.max_length, len(annotated.text) + 1)
    doc = nlp.make_doc(annotated.text)
    every, longest = layers(annotated, partial(_edges, doc), account, account.adjusted, exact_first=False)
    entities = [_on(doc, span) for span in longest]
    doc.set_ents(entities, missing=_asides(doc, annotated, entities), default="outside")
    doc.spans[SPANS_KEY] = [_on(doc, span) for span in every]
    if with_rejected:
        doc.spans[REJECTED_KEY] = [_on(doc, span) for span in _exact(doc, annotated, account)]
    doc.user_data.update(id=annotated.article.uid, state=annotated.state.value, meta=_plain(annotated))
    return doc


def _asides(doc: "Doc", annotated: AnnotatedArticle, entities: "list[DocSpan]") -> "list[DocSpan]":
    """What is not to be labelled: a trainer learns nothing there, not even that there is no entity."""
    taken = {token.i for entity in entities for token in entity}
    found = (doc.char_span(*each, alignment_mode="expand") for each in annotated.left_out)
    tokens = {token.i for span in found if span is not None for token in span}
    return [doc[at : at + 1] for at in sorted(tokens - taken)]


def _exact(doc: "Doc", annotated: AnnotatedArticle, account: Account) -> Iterator[Span]:
    """The rejected spans on token edges: widened, a wrong edge would say that the right one is no entity either."""
    for span in annotated.rejected:
        if annotated.is_aside(*span.range):
            account.dropped(IN_ASIDE, annotated, span)
        elif _edges(doc, *span.range) == span.range:
            account.written()
            yield span
        else:
            account.dropped("a rejected span does not meet the token edges", annotated, span)


def _edges(doc: "Doc", start: int, end: int) -> tuple[int, int] | None:
    found = doc.char_span(start, end, alignment_mode="expand")
    return (found.start_char, found.end_char) if found is not None else None


def _on(doc: "Doc", span: Span) -> "DocSpan":
    found = doc.char_span(*span.range, label=span.label, alignment_mode="expand")
    assert found is not None  # every range here touches a token
    return found


def _plain(annotated: AnnotatedArticle) -> dict[str, Any]:
    """The metadata in msgpack's types: whole numbers of more than 64 bits become words."""

    def whole(digits: str) -> int | str:
        return int(digits) if -(2**63) <= int(digits) < 2**63 else digits

    plain: dict[str, Any] = json.loads(json.dumps(dict(annotated.article.meta)), parse_int=whole)
    return plain


EXPORTER = Exporter(
    name="spacy",
    title="spaCy corpus",
    suffix=".spacy",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.OVERLAPS, Part.REJECTED}),
    remark="For spacy train: spans on spaCy's tokens (overlapping ones in doc.spans), metadata in doc.user_data.",
    use=Use.TRAIN,
)
