"""The matcher of hand-made entries, against a slow one that tries each entry in turn."""

import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.pattern import Pattern, folded
from annotator.model.span import Suggestion
from annotator.model.tokens import is_edge, occurrences
from annotator.suggest.patterns import CONFIDENCE, SOURCE, Match, Patterns

# Few signs, so that entries begin alike, touch each other, and stand at the edges of words and scripts.
SIGNS = "aAbB.- 1é\u0301ßİiΣσςक\u093e中文\u200d’\n"
WORDS = st.text(SIGNS, min_size=1, max_size=4)
ENTRIES = st.lists(
    st.builds(Pattern, WORDS, st.sampled_from(["ORG", "LOC", None]), st.booleans()),
    max_size=8,
    unique_by=lambda p: p.key,
)


def slowly(patterns: list[Pattern], text: str) -> list[Match]:
    """What the entries say, by the book."""
    found = {}
    for each in sorted(patterns, key=lambda p: not p.any_case):
        found |= {place: (*place, each.label) for place in places(text, each)}
    kept: list[Match] = []
    for start, end, label in sorted(found.values(), key=lambda m: (m[0] - m[1], m[0])):
        if all(end <= a or b <= start for a, b, _ in kept):
            kept.append((start, end, label))
    return sorted(kept, key=lambda m: m[0])


def places(text: str, pattern: Pattern) -> list[tuple[int, int]]:
    """Every place of the words, those that touch each other too, which `occurrences` leaves out."""
    read: Callable[[str], str] = folded if pattern.any_case else str
    starts = [at for at in range(len(text)) if read(text).startswith(read(pattern.surface), at)]
    ranges = [(at, at + len(pattern.surface)) for at in starts]
    return [(a, b) for a, b in ranges if is_edge(text, a) and is_edge(text, b)]


@settings(max_examples=400, deadline=None)
@given(ENTRIES, st.text(SIGNS, max_size=24))
def test_it_finds_what_trying_each_entry_finds(patterns: list[Pattern], text: str) -> None:
    assert Patterns(patterns).find(text) == slowly(patterns, text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.data())
def test_words_taken_from_a_text_are_found_where_occurrences_are(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    surface = text[start : data.draw(st.integers(start, len(text)))]
    if not surface:
        return
    found = [(a, b) for a, b, _ in Patterns([Pattern(surface, "ORG")]).find(text)]
    assert found == list(occurrences(text, surface))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        (
            [Pattern("Apple", "ORG"), Pattern("Apple Bank", "LOC")],
            "Apple Bank and Apple.",
            [("Apple Bank", "LOC"), ("Apple", "ORG")],
        ),
        (
            [Pattern("Apple", None), Pattern("Apple Inc", "ORG")],
            "Apple or Apple Inc",
            [("Apple", None), ("Apple Inc", "ORG")],
        ),
        (
            [Pattern("may", None, True), Pattern("May", "PER")],
            "May may MAY",
            [("May", "PER"), ("may", None), ("MAY", None)],
        ),
        ([Pattern("a b", "X"), Pattern("b c d", "Y")], "a b c d", [("b c d", "Y")]),
        ([Pattern("Bank", "ORG")], "Banks, bank, Bank’s", [("Bank", "ORG")]),
        ([Pattern("北京", "LOC")], "我在北京大学", [("北京", "LOC")]),
        ([Pattern(".NET", "X"), Pattern("AT&T", "ORG")], "AT&T on .NET", [("AT&T", "ORG"), (".NET", "X")]),
        ([Pattern("ΟΔΟΣ", "LOC", True)], "η οδος Οδοσ", [("οδος", "LOC"), ("Οδοσ", "LOC")]),
        ([], "Apple", []),
        ([Pattern("Apple", "ORG")], "", []),
    ],
)
def test_examples(patterns: list[Pattern], text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(text[a:b], label) for a, b, label in Patterns(patterns).find(text)] == expected


def test_what_it_suggests() -> None:
    finder = Patterns([Pattern("Oslo", "LOC"), Pattern("May", None)])
    assert finder.read("In May, Oslo") == ([Suggestion(8, 12, "LOC", CONFIDENCE, SOURCE)], [(3, 6)])


def test_ten_thousand_entries_on_a_thousand_words() -> None:
    random = Random(1)
    names = [
        "".join(random.choice("abcdefghij") for _ in range(random.randint(3, 8))).capitalize() for _ in range(4000)
    ]
    patterns = [
        Pattern(" ".join(random.choices(names, k=random.randint(1, 3))), "ORG", random.random() < 0.3)
        for _ in range(10_000)
    ]
    text = " ".join(random.choice(patterns).surface for _ in range(500))
    finder = Patterns(patterns)

    def took() -> float:
        began = time.process_time()
        assert len(finder.find(text)) > 200
        return time.process_time() - began

    assert min(took() for _ in range(5)) < 0.03  # seconds; 0.005 where nothing else runs
