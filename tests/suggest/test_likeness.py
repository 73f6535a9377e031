"""Which texts are nearly the same, and which only look alike."""

from random import Random

import pytest

from annotator.suggest.likeness import Sketches, are_twins, runs_of

WORDS = [f"w{number}" for number in range(4000)]


def story(random: Random, words: int) -> list[str]:
    """Made-up words, common ones more often."""
    return [WORDS[min(int(random.paretovariate(0.7)), len(WORDS) - 1)] for _ in range(words)]


def published(random: Random, body: list[str]) -> str:
    """A paper's headline and byline, and the story with a paragraph of 25 words cut."""
    at = random.randrange(len(body) - 25)
    return " ".join(story(random, 12) + body[:at] + body[at + 25 :])


@pytest.mark.parametrize("seed", range(20))
def test_a_wire_of_a_hundred_words_is_known_again(seed: int) -> None:
    random = Random(seed)
    body = story(random, 88)
    one, other = runs_of(" ".join(story(random, 12) + body)), runs_of(published(random, body))
    assert are_twins(one, other)
    assert are_twins(other, one)


@pytest.mark.parametrize("seed", range(20))
def test_another_story_in_the_same_words_is_none(seed: int) -> None:
    random = Random(seed)
    words = story(random, 100)
    assert not are_twins(runs_of(" ".join(words)), runs_of(" ".join(random.sample(words, 100))))


def test_a_round_up_that_quotes_a_wire_is_none() -> None:
    random = Random(1)
    wire = story(random, 60)
    assert not are_twins(runs_of(" ".join(wire)), runs_of(" ".join(story(random, 200) + wire)))


def test_a_short_text_is_a_template_unless_all_is_the_same() -> None:
    template = "Shares in {} rose 3 percent in early trade on Monday after the firm said its profit grew in May"
    assert not are_twins(runs_of(template.format("Shell")), runs_of(template.format("Nokia")))
    assert are_twins(runs_of(template.format("Shell")), runs_of(template.format("SHELL").replace(" ", "\n")))


@pytest.mark.parametrize("text", ["", "  \n", "?!"])
def test_a_text_without_words_has_no_runs(text: str) -> None:
    assert len(runs_of(text)) == 0
    assert Sketches().bands([text]) == [None]


def test_candidates_are_earlier_and_the_closest_first() -> None:
    random = Random(3)
    bodies = [story(random, 88) for _ in range(300)]
    texts = [" ".join(body) for body in bodies] + [published(random, body) for body in bodies]
    sketches = Sketches()
    bands = [each for each in sketches.bands(texts) if each is not None]
    sketches.add(range(1, 301), bands[:300])
    sketches.add(range(301, 601), bands[300:])
    met = dict(sketches.candidates(range(1, 601), bands))
    assert all(earlier and max(earlier) < number for number, earlier in met.items())
    found = [number for number in range(301, 601) if met.get(number, [])[:1] == [number - 300]]
    assert len(found) > 285, "MinHash meets 98 of a hundred such pairs"
    assert sum(map(len, met.values())) < 400, "and hardly any other"


def test_many_copies_of_one_text_cost_no_more() -> None:
    sketches = Sketches()
    (bands,) = sketches.bands(["the same words again and again " * 9])
    assert bands is not None
    sketches.add(range(1, 2001), [bands] * 2000)
    assert list(sketches.candidates([1, 2000], [bands, bands])) == [(2000, [1])]


def test_many_texts_at_once_have_the_bands_of_each() -> None:
    texts = ["", "one", "a few words only", *(" ".join(story(Random(seed), 60)) for seed in range(5)), "?!", "last one"]
    sketches = Sketches()
    for text, bands in zip(texts, sketches.bands(texts), strict=True):
        (alone,) = sketches.bands([text])
        assert (bands is None and alone is None) or list(bands) == list(alone)  # type: ignore[arg-type]
