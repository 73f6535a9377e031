"""Features: one row a word, and nothing of what was read before."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from annotator.suggest.learner.features import BITS, features, fingerprint, more_features, second_pass
from annotator.suggest.learner.memory import Recalled
from annotator.suggest.learner.passage import Passage
from annotator.suggest.learner.words import FORMS, Words, shape

TEXTS = [
    "",
    "Bonn",
    "BONN WINS\n\nAnna of Bonn, in bonn. ANNA",
    "👩\u200d🚀 阿里巴巴",
    "a b c d e f g h i j",
    "\u0130 ß ﬁ ǅ",
]


def hinted(read: Callable[..., Passage], text: str) -> Passage:
    size = len(read(text))
    return read(text, ["B-ORG", "I-ORG", "O"][:size] + ["O"] * (size - 3), ["ORG3"] * size)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("with_hints", [False, True])
def test_every_word_has_as_many(read: Callable[..., Passage], text: str, with_hints: bool) -> None:
    there = hinted(read, text) if with_hints else read(text)
    rows = features(there, Words(), [[], []])
    expected = features(hinted(read, "One two") if with_hints else read("One two"), Words(), [[], []])
    assert len(rows) == len(there)
    assert rows.shape[1] == expected.shape[1] or not len(there)
    assert ((rows >= 0) & (rows < 1 << BITS)).all()
    passed = second_pass(there, [(0, len(there), "ORG")] if len(there) else [])
    assert more_features(passed).shape == (len(there), len(passed))


@pytest.mark.parametrize("text", TEXTS)
def test_they_do_not_depend_on_what_was_read_before(read: Callable[..., Passage], text: str) -> None:
    words, there = Words(), hinted(read, text)
    for other in TEXTS:
        features(hinted(read, other), words, [[], []])
    recalled = [[Recalled(0, 1, "ORG", 0.9, 3)] if len(there) else [], []]
    assert (features(there, words, recalled) == features(there, Words(), recalled)).all()


def changed(one: Passage, other: Passage, recalled: Sequence[list[Recalled]] = ([], [])) -> list[bool]:
    """Which words see a difference."""
    first, second = features(one, Words(), [[], []]), features(other, Words(), recalled)
    return [bool(each) for each in (first != second).any(axis=1)]


def test_a_word_sees_its_own_sentence(read: Callable[..., Passage]) -> None:
    assert changed(read("a b c d e f g\nx y"), read("a b c d e f q\nx y")) == [False] * 4 + [True] * 3 + [False] * 2


def test_a_word_sees_the_memory_and_the_hints(read: Callable[..., Passage]) -> None:
    text = "Anna went far away from old Bonn ."
    one = read(text)
    known = [[Recalled(6, 7, "LOC", 0.9, 3)], list[Recalled]()]
    assert changed(one, one, known)[6]
    assert not changed(one, one, known)[0]
    plain, told = read(text, ["O"] * 8), read(text, ["O"] * 6 + ["B-GPE", "O"])
    assert changed(plain, told)[6]
    assert not changed(plain, told)[0]


def test_the_second_pass_tells_of_the_other_places(read: Callable[..., Passage]) -> None:
    there = read("Bonn and Bonn and bonn of Bank of Bonn")
    nothing, *_ = second_pass(there, [])
    elsewhere, inside, *_ = second_pass(there, [(0, 1, "LOC")])
    assert elsewhere[2] != nothing[2], "another Bonn is a place"
    assert elsewhere[6] == nothing[6]
    assert len(set(inside.tolist())) == 1
    _, inside, *_ = second_pass(there, [(6, 9, "ORG")])
    assert inside[0] == inside[8] != inside[1], "Bonn ends a longer entity"


def test_the_second_pass_tells_of_other_rows_of_a_table(read: Callable[..., Passage]) -> None:
    there = read("AC Milan 3 Inter 1\nBari 2 Roma 0\nWe saw it all.")
    *_, nothing = second_pass(there, [])
    *_, rows = second_pass(there, [(0, 2, "ORG"), (3, 4, "ORG")])
    words = list(there.words)
    changed = [word for word, one, other in zip(words, nothing, rows, strict=True) if one != other]
    assert changed == ["Bari", "Roma"]


def test_weights_are_for_these_features_only(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    assert fingerprint() == before
    monkeypatch.setattr("annotator.suggest.learner.features._SECOND", 1001)
    assert fingerprint() != before


def test_forms_of_words() -> None:
    assert shape("Bonn-99") == "Xxxx-dd"
    forms = Words().forms(["Bonn", "bonn", "Bonn"])
    assert set(forms) == set(FORMS)
    assert forms["lower"][0] == forms["lower"][1]
    assert forms["exact"][0] == forms["exact"][2] != forms["exact"][1]
    assert all(len(codes) == 0 for codes in Words().forms([]).values())
    assert forms["lower"].dtype == np.uint64
