"""Export, import, export: the same bytes, and what a format says that it keeps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotator import importers
from annotator.exporters import Options, by_name, export
from annotator.importers import Record
from annotator.model.article import AnnotatedArticle, Article, ArticleState
from annotator.model.keeping import Part
from annotator.model.label import Label
from annotator.model.span import Decision, Span, SpanState, reading_order
from annotator.model.text import text_uid
from annotator.model.tokens import Tokens, rough_tokens, whole_graphemes

NAMES = ["conll", "bilou", "brat", "webanno", "xmi", "spacy"]
LABELS = (Label("PER", "Person", "#aa0000"), Label("ORG", "Organisation", "#00aa00"))
READERS: list[importers.Reader] = []
each = pytest.mark.parametrize("name", NAMES)


def files(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of a folder's files, by name."""
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*"))}


@pytest.fixture(scope="module", autouse=True)
def _one_process() -> Iterator[None]:
    """Guarded formats are read in a process of their own; one serves all examples."""
    with importers.reader() as reader:
        READERS.append(reader)
        yield
        READERS.clear()


def read_back(path: Path) -> list[Record]:
    """Every article of a file or folder; fails where one is none."""
    items = [item for file in importers.files_of([path]) for item in READERS[0].read(file)]
    for item in items:
        assert isinstance(item, Record), item
    return [item for item in items if isinstance(item, Record)]


def as_done(number: int, record: Record) -> AnnotatedArticle:
    """The article as a project has it that took the spans for decisions."""
    article = Article(record.article.uid or text_uid(record.article.text), record.article.text, record.article.meta)
    states = [SpanState.REJECTED if s.state is SpanState.REJECTED else SpanState.CONFIRMED for s in record.spans]
    decided = (
        Span(*span.range, span.label, state, decision=Decision.ADD, uid=f"{number}-{at}")
        for at, (span, state) in enumerate(zip(record.spans, states, strict=True))
    )
    tokens = Tokens(record.tokens) if record.tokens else rough_tokens(article.text)
    spans = tuple(sorted(decided, key=reading_order))
    state = ArticleState.DONE if record.state is ArticleState.NEW else record.state
    return AnnotatedArticle(number, article, spans, whole_graphemes(article.text, tokens), state)


def there_and_back(name: str, articles: list[AnnotatedArticle], folder: Path) -> list[Record]:
    """What came back, when a second export is the same as the first."""
    options = Options(LABELS, with_rejected=True)
    exporter = by_name(name)
    first, second = folder / f"one{exporter.suffix}", folder / f"two{exporter.suffix}"
    export(exporter, articles, first, options)
    back = read_back(first)
    # A folder's files are sorted by their names.
    order = {annotated.article.uid: place for place, annotated in enumerate(articles)}
    if Part.ID in exporter.keeps:
        back.sort(key=lambda record: order[record.article.uid])
    export(exporter, [as_done(number, record) for number, record in enumerate(back, 1)], second, options)
    assert files(second) == files(first)
    return back


ALPHABET = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    st.sampled_from("ab. !,’“\r\n\t\u2028\u2029\u0085\u00a0\ufeff\u0301\u200dא\u0627😀\x01\x0b\x0c\x1c\\_[]|*;#\uffff"),
    st.sampled_from(
        ["Ann Lee", " ", ". ", "\r\n", "\n\n", "👨‍👩‍👧", "🇩🇪", "O", "B-PER", "-DOCSTART-", "#Text=", "# doc 1"]
    ),
)


@st.composite
def finished(draw: st.DrawFn) -> AnnotatedArticle:
    text = "".join(draw(st.lists(ALPHABET, min_size=1, max_size=30)))
    tokens = whole_graphemes(text, rough_tokens(text))
    place = st.integers(0, len(text) - 1)
    ranges = draw(st.lists(st.tuples(place, place).map(sorted), max_size=5))
    spans = {
        (a, b + 1, label): Span(a, b + 1, label, SpanState.CONFIRMED, decision=Decision.ADD, uid=f"{a}-{b}-{label}")
        for a, b in ranges
        for label in [draw(st.sampled_from(["PER", "ORG"]))]
    }
    uid = draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12))
    meta = draw(st.sampled_from([{}, {"title": "T\x01 ü", "url": "https://a.b/ü", "n": [1, {"x": "\u2028"}]}]))
    in_order = tuple(sorted(spans.values(), key=reading_order))
    return AnnotatedArticle(1, Article(uid, text, meta), in_order, tokens, ArticleState.DONE)


def has_words(annotated: AnnotatedArticle) -> bool:
    return len(annotated.tokens) > 0


def _triples(spans: tuple[Span, ...]) -> set[tuple[int, int, str]]:
    return {(*span.range, span.label) for span in spans}


@each
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(articles=st.lists(finished(), min_size=1, max_size=3, unique_by=lambda a: a.article.uid))
def test_what_leaves_comes_back(
    name: str, articles: list[AnnotatedArticle], tmp_path_factory: pytest.TempPathFactory
) -> None:
    keeps = by_name(name).keeps
    if Part.TEXT not in keeps:
        articles = [annotated for annotated in articles if has_words(annotated)]
        assume(articles)
    back = there_and_back(name, articles, tmp_path_factory.mktemp("round"))
    assert len(back) == len(articles)
    for record, annotated in zip(back, articles, strict=True):
        if Part.TEXT in keeps:
            assert record.article.text == annotated.text
        if Part.ID in keeps:
            assert record.article.uid == annotated.article.uid
        if Part.META in keeps:
            assert record.article.meta == annotated.article.meta
        if {Part.EDGES, Part.OVERLAPS} <= keeps:
            assert _triples(record.spans) == _triples(annotated.confirmed)
        assert not record.problems


Make = Callable[..., AnnotatedArticle]


@each
def test_the_small_dataset_comes_back(name: str, articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    with_words = [annotated for annotated in articles if has_words(annotated)]
    back = there_and_back(name, with_words, tmp_path)
    words = [[record.article.text[slice(*span.range)] for span in record.spans] for record in back]
    assert "Alibaba" in words[0]
    assert [len(record.tokens) > 0 for record in back] == [name != "brat"] * len(back)


@each
def test_a_huge_article_comes_back(name: str, make: Make, tmp_path: Path) -> None:
    line = "😀 Ann Lee met Bo in Köln. She left.\r\n"
    text = line * 1500
    at = [n * len(line) + 2 for n in range(1500)]
    spans = tuple(Span(a, a + 7, "PER", SpanState.CONFIRMED, decision=Decision.ADD, uid=str(a)) for a in at)
    article = AnnotatedArticle(1, Article("huge", text), spans, rough_tokens(text), ArticleState.DONE)
    (back,) = there_and_back(name, [article], tmp_path)
    assert len(back.spans) == 1500
