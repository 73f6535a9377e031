"""What the memory counts, and that any article's part can be taken away."""

from collections.abc import Callable, Sequence
from random import Random

import pytest

from annotator.suggest.learner.memory import Memory, Recalled
from annotator.suggest.learner.passage import Passage, Place, passage

WORDS = ("Bank", "of", "Bonn", "bonn", "Rhein", ".")
Article = tuple[Passage, list[Place]]


def read(text: str) -> Passage:
    tokens, at = [], 0
    for word in text.split(" "):
        tokens.append((at, at + len(word)))
        at += len(word) + 1
    return passage(text, tokens)


def told(memory: Memory, text: str, leave_out: int | None = None) -> list[tuple[str, str, int]]:
    there = read(text)
    found = memory.recall(there, leave_out)
    return [(" ".join(there.words[each.first : each.last]), each.label, each.seen) for each in found]


def memory_of(articles: Sequence[Article], without: int | None = None) -> Memory:
    memory = Memory()
    for number, (words, places) in enumerate(articles):
        if number != without:
            memory.add(number, words, places)
    return memory


def random_articles(seed: int) -> list[Article]:
    random, articles = Random(seed), []
    for _ in range(6):
        there, places, at = read(" ".join(random.choices(WORDS, k=14))), [], 0
        while at < len(there):
            last = at + random.randint(1, 3)
            if random.random() < 0.4 and last <= len(there):
                places.append((at, last, random.choice(["ORG", "LOC"])))
            at = last
        articles.append((there, places))
    return articles


def test_it_counts_for_and_against() -> None:
    memory = Memory()
    assert told(memory, "Bonn") == []
    memory.add(1, read("Bonn is old and Bonn is new and Bonn"), [(0, 1, "LOC"), (4, 5, "LOC")])
    (recalled,) = memory.recall(read("Bonn"))
    assert recalled == Recalled(0, 1, "LOC", pytest.approx((2 + 0.25) / (3 + 0.5)), 3)
    memory.add(2, read("Bonn lost"), [(0, 1, "ORG")])
    (again,) = memory.recall(read("Bonn"))
    assert (again.label, again.seen) == ("LOC", 4)
    assert again.share < recalled.share
    assert told(memory, "bonn BONN Bonner") == []


def test_articles_before_the_first_decision_count_against() -> None:
    memory = Memory()
    memory.add(1, read("Bonn and Bonn and Bonn"), [])
    memory.add(2, read("in Bonn"), [(1, 2, "LOC")])
    assert told(memory, "Bonn") == [("Bonn", "LOC", 4)]
    assert memory.recall(read("Bonn"))[0].share < 0.5


def test_inside_a_longer_entity_is_neither_for_nor_against() -> None:
    memory = Memory()
    memory.add(1, read("Bonn"), [(0, 1, "LOC")])
    memory.add(2, read("the Bank of Bonn and Bonn"), [(1, 4, "ORG")])
    assert told(memory, "Bonn") == [("Bonn", "LOC", 2)]
    assert told(memory, "Bank of Bonn") == [("Bank of Bonn", "ORG", 1)]


def test_the_longest_first_and_no_two_touch() -> None:
    memory = Memory()
    memory.add(1, read("Bank of Bonn . Bonn . of"), [(0, 3, "ORG"), (4, 5, "LOC"), (6, 7, "LOC")])
    assert [words for words, *_ in told(memory, "Bank of Bonn of Bonn")] == ["Bank of Bonn", "of", "Bonn"]
    assert [words for words, *_ in told(memory, "Bank of")] == ["of"]
    assert told(memory, "") == []


def test_words_of_two_sentences_are_no_match() -> None:
    memory = Memory()
    memory.add(1, read("Bonn Rhein"), [(0, 2, "LOC")])
    assert told(memory, "Bonn\nRhein") == []


def test_casing() -> None:
    memory = Memory(str.lower)
    memory.add(1, read("Bonn"), [(0, 1, "LOC")])
    assert told(memory, "BONN in bonn") == [("BONN", "LOC", 1), ("bonn", "LOC", 1)]


@pytest.mark.parametrize("seed", range(8))
def test_leaving_one_out_is_as_without_it(seed: int) -> None:
    articles = random_articles(seed)
    whole, differs = memory_of(articles), False
    for number, (words, _) in enumerate(articles):
        expected = memory_of(articles, without=number).recall(words)
        assert whole.recall(words, leave_out=number) == expected
        differs |= whole.recall(words) != expected
    assert differs


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("number", [0, 3, 5])
def test_what_is_taken_away_was_never_there_and_may_come_again(seed: int, number: int) -> None:
    articles = random_articles(seed)
    memory, texts = memory_of(articles), [words for words, _ in articles]
    before = [memory.recall(words) for words in texts]
    memory.remove(number)
    without = memory_of(articles, without=number)
    assert [memory.recall(words) for words in texts] == [without.recall(words) for words in texts]
    memory.add(number, *articles[number])
    assert [memory.recall(words) for words in texts] == before
    for each in range(6):
        memory.remove(each)
    assert not any(memory.recall(words) for words in texts)


def test_a_name_of_many_words_is_not_kept(recalled: Callable[[int], list[Recalled]]) -> None:
    assert len(recalled(3)) == 1
    assert recalled(40) == []


@pytest.fixture
def recalled() -> Callable[[int], list[Recalled]]:
    def of_a_name(words: int) -> list[Recalled]:
        memory, there = Memory(), read(" ".join(f"W{n}" for n in range(words)))
        memory.add(1, there, [(0, words, "ORG")])
        return memory.recall(there)

    return of_a_name
