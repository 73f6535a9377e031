"""What a person types is words: no query, no pattern, and nothing that keeps the program busy."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.pattern import Pattern
from annotator.session import Session
from annotator.suggest.patterns import Patterns
from annotator.ui.article_list import parsed_filter
from annotator.ui.find_bar import matches

SIGNS = [
    *"%_*?\"'`\\()[]{}^$.|+-:;,~#@!/<>&= \t\0",
    *("AND", "OR", "NOT", "NEAR", "NEAR/3", "--", "/*", "*/", "';", "DROP TABLE article", "MATCH", "LIKE", "GLOB"),
    *("(a+)+$", "(?R)", "\\x00", "\ud800", "\u202e", "ß", "İ", "ſ", "😀", "a" * 200, "article:", "rank", "^a"),
]
SLOW = "a" * 50_000 + "!"
EVIL = ["(a+)+$", "(a|a)*b", "(.*)*x", "(a*)*", "^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5_000, " " * 5_000, "%" * 5_000]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session.open(tmp_path / "p.annot", create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": "100% of Ann_Lee's (a+)+$ [x] left."}, {"text": "Nothing."}])
        session.memory.set("100%", "ORG")
        session.memory.set("Ann_Lee", "PER")
        session.memory.set("AnnXLee", "PER")
        yield session


def _query(chance: random.Random) -> str:
    return "".join(chance.choices(SIGNS, k=chance.randrange(1, 6)))


def test_words_are_never_a_query(session: Session) -> None:
    """Twenty thousand of them: no error, and what is found holds the words."""
    text = session.article(session.article_ids()[0]).text
    chance = random.Random(40)
    for _ in range(20_000):
        wanted = _query(chance)
        for start, end in matches(text, wanted, case=True):
            assert text[start:end] == wanted
    for _ in range(1_000):
        session.memory.entries(search=_query(chance))
        session.rows(parsed_filter(_query(chance)), limit=5)
    session.rows(parsed_filter("a " * 20_000), limit=5)
    session.rows(parsed_filter("\ud800 " * 200), limit=5)


def test_signs_of_queries_stand_for_themselves(session: Session) -> None:
    assert [each.surface for each in session.memory.entries(search="Ann_")] == ["Ann_Lee"]
    assert [each.surface for each in session.memory.entries(search="%")] == ["100%"]
    assert session.memory.entries(search="A*") == []


@pytest.mark.parametrize("wanted", EVIL, ids=range(len(EVIL)))
def test_no_pattern_keeps_the_window_busy(wanted: str) -> None:
    for text in (SLOW, " " * 50_000, "ab" * 25_000):
        for case, whole in ((True, True), (False, False), (False, True)):
            began = time.process_time()
            matches(text, wanted, case, whole)
            assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "surface", ["a" * 200, " ".join("a" * 100), "(a+)+$", "%_", "😀" * 100, "a-" * 100], ids=range(6)
)
def test_no_entry_of_the_memory_keeps_suggestions_waiting(surface: str) -> None:
    began = time.process_time()
    entries = [Pattern(surface[: 1 + n], "PER", bool(n % 2)) for n in range(len(surface))]
    Patterns(entry for entry in entries if entry.surface.strip() == entry.surface).find((surface + " ") * 20)
    assert time.process_time() - began < 5
