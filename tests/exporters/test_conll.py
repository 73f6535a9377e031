"""Columns, tags and sentences of CoNLL-2003."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.exporters import Ledger, Options, by_name, export
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.aside import Aside, AsideState
from annotator.model.span import Span, SpanState
from annotator.model.tokens import Tokens, rough_tokens

Make = Callable[..., AnnotatedArticle]


def written(path: Path, *articles: AnnotatedArticle) -> tuple[Ledger, str]:
    ledger = export(by_name("conll"), articles, path / "out", Options())
    return ledger, (path / "out").read_text(encoding="utf-8")


def sentences(content: str) -> list[list[tuple[str, str]]]:
    """(token, tag) of every sentence, the document lines left out, as a reader with split() sees them."""
    blocks = [block.split("\n") for block in content.split("\n\n") if block.strip("\n")]
    rows = [[tuple(row.split()) for row in block if row] for block in blocks]
    return [[(row[0], row[3]) for row in block] for block in rows if block[0][0] != "-DOCSTART-"]


def test_columns(make: Make, tmp_path: Path) -> None:
    _, content = written(tmp_path, make("Jack Ma left.", ("Jack Ma", "PER")))
    assert content == ("-DOCSTART- -X- -X- O\n\nJack -X- _ B-PER\nMa -X- _ I-PER\nleft -X- _ O\n. -X- _ O\n\n")


def test_asides_are_left_out_with_their_spans(make: Make, tmp_path: Path) -> None:
    made = make("Jack left.\nShare Ana\nBo came.", ("Jack", "PER"), ("Ana", "PER"), ("Bo", "PER"))
    ledger, content = written(tmp_path, replace(made, asides=(Aside(11, 20),)))
    assert sentences(content) == [
        [("Jack", "B-PER"), ("left", "O"), (".", "O")],
        [("Bo", "B-PER"), ("came", "O"), (".", "O")],
    ]
    assert (ledger.written, ledger.dropped) == (2, 1)
    assert ledger.notes == ["1 × a span stands in a passage that is not to be labelled."]
    _, content = written(tmp_path, replace(made, asides=(Aside(11, 20, AsideState.CLEARED),)))
    assert ("Ana", "B-PER") in sentences(content)[1]


def test_neighbours_are_told_apart(make: Make, tmp_path: Path) -> None:
    _, content = written(tmp_path, make("Ana Bo", ("Ana", "PER"), ("Bo", "PER")))
    assert sentences(content) == [[("Ana", "B-PER"), ("Bo", "B-PER")]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two", ["One .", "Two"]),
        ("One? “Two!” Three", ["One ?", "“ Two ! ”", "Three"]),
        ("One\nTwo\r\n\r\nThree\rFour", ["One", "Two", "Three", "Four"]),
        ("It cost 3.5 now", ["It cost 3 . 5 now"]),
        ("Yahoo! said", ["Yahoo ! said"]),
        ("北京。上海", ["北京 。", "上海"]),
    ],
)
def test_sentences(make: Make, tmp_path: Path, text: str, expected: list[str]) -> None:
    _, content = written(tmp_path, make(text))
    assert [" ".join(token for token, _ in sentence) for sentence in sentences(content)] == expected


def test_a_sentence_never_ends_within_a_span(make: Make, tmp_path: Path) -> None:
    _, content = written(tmp_path, make("See Wham! Live\nTour now", ("Wham! Live\nTour", "WORK")))
    assert [tag for _, tag in sentences(content)[0]] == ["O", "B-WORK", "I-WORK", "I-WORK", "I-WORK", "O"]


def test_white_space_in_tokens_and_labels_becomes_an_underscore(make: Make, tmp_path: Path) -> None:
    article = make("Jack\u00a0Ma", ("Jack\u00a0Ma", "real person"))
    _, content = written(tmp_path, replace(article, tokens=Tokens([(0, 7)])))
    assert sentences(content) == [[("Jack_Ma", "B-real_person")]]


def test_a_word_is_never_taken_for_the_beginning_of_an_article(make: Make, tmp_path: Path) -> None:
    article = replace(make("-DOCSTART- here"), tokens=Tokens([(0, 10), (11, 15)]))
    _, content = written(tmp_path, article)
    assert sentences(content) == [[("_DOCSTART-", "O"), ("here", "O")]]


def test_the_longest_of_overlapping_spans_stays(make: Make, tmp_path: Path) -> None:
    ledger, content = written(tmp_path, make("New York Times", ("New York", "LOC"), ("New York Times", "ORG")))
    assert [tag for _, tag in sentences(content)[0]] == ["B-ORG", "I-ORG", "I-ORG"]
    assert (ledger.written, ledger.adjusted, ledger.dropped) == (1, 0, 1)
    assert ledger.notes == ["1 × a span overlaps a longer one."]


@pytest.mark.parametrize(
    ("surfaces", "kept"),
    [
        ([("New Yor", "AAA"), ("New York", "LOC")], "New York"),
        ([("ew York", "LOC"), ("New York", "LOC")], "New York"),
        ([("ew Yor", "AAA"), ("ew York", "LOC")], "ew York"),
    ],
    ids=["another label", "the same label", "both were widened"],
)
def test_of_spans_on_the_same_tokens_the_right_one_stays(
    make: Make, tmp_path: Path, surfaces: list[tuple[str, str]], kept: str
) -> None:
    for order in (surfaces, surfaces[::-1]):
        ledger, content = written(tmp_path, make("New York won", *order))
        assert [tag for _, tag in sentences(content)[0]] == ["B-LOC", "I-LOC", "O"]
        assert [line.words for line in ledger.lines if line.outcome == "dropped"] != [kept]
        assert (ledger.dropped, ledger.written + ledger.adjusted) == (1, 1)


@st.composite
def articles_with_spans(draw: st.DrawFn) -> AnnotatedArticle:
    text = draw(st.text(st.sampled_from("ab.! \n\u00a0\u2028😀“”"), min_size=1, max_size=40))
    place = st.integers(0, len(text) - 1)
    ranges = draw(st.lists(st.tuples(place, place).map(sorted), max_size=6))
    labels = draw(st.lists(st.sampled_from("XY"), min_size=6, max_size=6))
    confirmed = SpanState.CONFIRMED
    placed = enumerate(zip(ranges, labels, strict=False))
    spans = [Span(a, b + 1, label, confirmed, uid=str(n)) for n, ((a, b), label) in placed]
    return AnnotatedArticle(1, Article("a", text), tuple(spans), rough_tokens(text))


@given(annotated=articles_with_spans())
def test_tokens_all_leave_tags_are_iob2_and_the_ledger_adds_up(
    annotated: AnnotatedArticle, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ledger, content = written(tmp_path_factory.mktemp("conll"), annotated)
    assert ledger.written + ledger.adjusted + ledger.dropped == len(annotated.confirmed)
    rows = sentences(content)
    tokens = [annotated.tokens[index] for index in range(len(annotated.tokens))]
    assert [token for sentence in rows for token, _ in sentence] == [annotated.text[a:b] for a, b in tokens]
    for sentence in rows:
        tags = ["O", *(tag for _, tag in sentence)]
        assert all(before[2:] == tag[2:] for before, tag in pairwise(tags) if tag.startswith("I-"))
    begun = sum(tag.startswith("B-") for sentence in rows for _, tag in sentence)
    assert begun == ledger.written + ledger.adjusted
