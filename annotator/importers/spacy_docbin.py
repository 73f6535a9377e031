"""spaCy's binary corpus, as `spacy convert`, `spacy train` and this program write it; https://spacy.io/api/docbin."""

import gc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.importers.base import Importer, Problem, ReadOptions, Record
from annotator.importers.cleaning import clean_value, replaced_note
from annotator.importers.files import opened, shown_name
from annotator.model.article import Article, ArticleState
from annotator.model.keeping import Part
from annotator.model.span import Decision, Span, SpanState, reading_order
from annotator.model.text import storable

if TYPE_CHECKING:
    from spacy.tokens import Doc

LARGEST = 600_000_000  # bytes, unpacked: all of it has to be in memory
LARGEST_A_BYTE, FREE_BYTES = 200, 50_000_000  # and no more than this for each byte of the file, and what is free
_CHUNK = 1 << 20
_SPANS_KEY, _REJECTED_KEY = "sc", "incorrect_spans"


def read(path: Path, _options: ReadOptions) -> Iterator[Record | Problem]:
    """Every Doc of the corpus; behind one that is damaged nothing can be read."""
    file = shown_name(path)
    with opened(path) as opened_file:
        packed = opened_file.read(LARGEST + 1)
    if reason := "the file is empty" if not packed else _refused(packed):
        yield Problem(file, reason)
        return
    number = 0
    try:
        for number, doc in enumerate(_docs(packed), 1):
            yield _record(doc, f"{file}:{number}", file)
    except Exception as error:  # spaCy checks nothing: whatever a damaged corpus makes it do ends here
        reason = f"not a corpus that spaCy reads: {type(error).__name__}: {str(error)[:200]}"
        yield Problem(f"{file}:{number + 1}", reason)


def _refused(packed: bytes) -> str:
    """Why the bytes are not given to spaCy, which would unpack them at once whatever their size; "" if they are."""
    size, unpacker, rest = 0, zlib.decompressobj(), packed
    most = min(LARGEST, FREE_BYTES + LARGEST_A_BYTE * len(packed))
    try:
        while rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, _CHUNK))
            rest = unpacker.unconsumed_tail
            if size > most:
                return f"larger than {most // 1_000_000} MB when unpacked"
    except zlib.error:
        return "not a corpus of spaCy"
    return "" if unpacker.eof else "the end of the corpus is missing"


def _docs(packed: bytes) -> Iterator["Doc"]:
    import spacy
    from spacy.tokens import DocBin

    with _collecting_garbage():
        docs = DocBin().from_bytes(packed).get_docs(spacy.blank("xx").vocab)
    while True:
        with _collecting_garbage():
            doc = next(docs, None)
        if doc is None:
            return
        yield doc


@contextmanager
def _collecting_garbage() -> Iterator[None]:
    """srsly switches the garbage collector off, and leaves it so where it raises."""
    was_on = gc.isenabled()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _record(doc: "Doc", where: str, file: str) -> Record | Problem:
    text, replaced = storable(doc.text)
    if not text:
        return Problem(where, "the text is empty")
    notes = [replaced_note(replaced)] if replaced else []
    if doc.has_unknown_spaces:
        notes.append("the corpus does not know where blanks stood; words are parted by one each")
    unread = [key for key in doc.spans if key not in (_SPANS_KEY, _REJECTED_KEY)]
    notes += [f"the spans under “{storable(key)[0]}” are not read" for key in unread]
    state, meta = _state(doc), doc.user_data.get("meta")
    uid = doc.user_data.get("id")
    article = Article(
        storable(uid)[0] if isinstance(uid, str) else "",
        text,
        clean_value(_lists(meta)) if isinstance(meta, dict) else {"file": file},
    )
    tokens = tuple((token.idx, token.idx + len(token)) for token in doc if not token.is_space)
    problems: list[str] = []
    spans = tuple(sorted(_spans(doc, state is not None, problems), key=reading_order))
    noted, left_out = tuple(notes), tuple(problems)
    return Record(
        where,
        article,
        spans,
        state or ArticleState.NEW,
        notes=noted,
        problems=left_out,
        tokens=tokens,
        lists_spans=state is None and doc.has_annotation("ENT_IOB"),  # a corpus of ours says itself what is done
    )


def _state(doc: "Doc") -> ArticleState | None:
    """The article's state, which only this program's corpora have."""
    state = doc.user_data.get("state")
    return ArticleState(state) if isinstance(state, str) and state in set(ArticleState) else None


def _lists(value: Any) -> Any:
    """The value as JSON has it: spaCy reads lists as tuples."""
    if isinstance(value, dict):
        return {str(key): _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _spans(doc: "Doc", decided: bool, problems: list[str]) -> set[Span]:
    """Entities and spans, each once; decided ones in a corpus of this program."""
    found = set()
    state, decision = (SpanState.CONFIRMED, Decision.ADD) if decided else (SpanState.SUGGESTED, None)
    for each in (*doc.ents, *doc.spans.get(_SPANS_KEY, ())):
        if each.label_:
            found.add(Span(each.start_char, each.end_char, storable(each.label_)[0], state, decision=decision))
        else:
            problems.append(f"span {each.start_char}-{each.end_char} left out: it has no label")
    for each in doc.spans.get(_REJECTED_KEY, ()):
        label = storable(each.label_)[0]
        found.add(Span(each.start_char, each.end_char, label, SpanState.REJECTED, decision=Decision.REJECT))
    return {span for span in found if span.start < span.end}


def _matches(path: Path, _head: bytes) -> bool:
    return path.suffix.lower() == ".spacy"


IMPORTER = Importer(
    name="spacy",
    title="spaCy corpus",
    suffixes=(".spacy",),
    matches=_matches,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.OVERLAPS, Part.REJECTED}),
    remark="Entities and the span categoriser's spans, with the tokens; id and metadata of this program's corpora.",
    guarded=True,
    patience=60.0,
)
