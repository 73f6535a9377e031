"""One list of suggestions from all sources: who beats whom."""

from typing import Any

import pytest

from annotator.model.span import Suggestion
from annotator.suggest.base import Known
from annotator.suggest.merging import agreed, mapped, put_over, with_known

TEXT = "Bank of Bonn met Bonn and bonn"
LEARNED = [Suggestion(0, 12, "ORG", 0.9, "learner"), Suggestion(17, 21, "PER", 0.4, "learner")]


def known(words: str, label: str | None) -> Known:
    return Known(words, label, 0.97, "memory")


def told(*of: Known, upto: int = 0, suggested: list[Suggestion] = LEARNED) -> list[tuple[Any, ...]]:
    return [(TEXT[s.start : s.end], *s[2:]) for s in with_known(TEXT, suggested, of, upto)]


def test_a_source_speaks_in_the_labels_of_the_project() -> None:
    made = [Suggestion(0, 4, "GPE", 0.5, "x"), Suggestion(5, 6, "DATE", 0.5, "x"), Suggestion(8, 9, "ORG", 0.5, "x")]
    assert [s[:3] for s in mapped(made, {"GPE": "LOC", "ORG": "ORG"})] == [(0, 4, "LOC"), (8, 9, "ORG")]


def test_what_is_known_of_words_beats_what_was_learned() -> None:
    assert told(known("Bonn", "LOC")) == [
        ("Bank of Bonn", "ORG", 0.9, "learner"),
        ("Bonn", "LOC", 0.97, "memory"),
    ], "a longer suggestion around the words stays"


def test_of_the_same_words_the_last_one_counts() -> None:
    assert told(known("Bonn", "LOC"), known("Bonn", "ORG"))[1][1] == "ORG"
    assert told(known("Bonn", "LOC"), known("Bonn", None)) == [("Bank of Bonn", "ORG", 0.9, "learner")]
    assert told(known("Bonn", None), known("Bonn", "LOC"))[1][1] == "LOC"


def test_longer_words_take_the_place_of_shorter_suggestions() -> None:
    assert told(known("met Bonn and", "ORG"))[1:] == [("met Bonn and", "ORG", 0.97, "memory")]
    assert told(known("Bank of Bonn met", "PER"))[0][:2] == ("Bank of Bonn met", "PER")
    assert told(known("Bank of Bonn", None))[0][0] == "Bonn"


def test_nothing_before_what_was_checked() -> None:
    assert told(known("Bonn", "LOC"), upto=18, suggested=[]) == []
    assert [each[0] for each in told(known("Bonn", "LOC"), upto=17, suggested=[])] == ["Bonn"]


def test_nothing_known_changes_nothing() -> None:
    assert with_known(TEXT, LEARNED, [], 0) == LEARNED
    assert with_known("", [], [known("Bonn", "LOC")], 0) == []


@pytest.mark.parametrize("words", ["on", "Bon", "of Bo", "BONN"])
def test_only_whole_words_count(words: str) -> None:
    assert told(known(words, "LOC")) == told()


def test_the_source_names_all_that_agree() -> None:
    suggestion = Suggestion(0, 4, "LOC", 0.9, "learner")
    assert agreed(suggestion, {}).source == "learner"
    both = agreed(suggestion, {(0, 4, "LOC"): ["made up", "memory", "memory"], (0, 4, "ORG"): ["other"]})
    assert both.source == "learner + made up + memory"
    assert agreed(both, {(0, 4, "LOC"): ["memory"]}) == both


def test_one_place_that_is_known_better() -> None:
    better = Suggestion(17, 21, "LOC", 0.9, "memory")
    assert sorted(put_over(TEXT, LEARNED, 17, 21, better)) == [LEARNED[0], better]
    assert put_over(TEXT, LEARNED, 17, 21, None) == LEARNED[:1]
    assert put_over(TEXT, LEARNED, 8, 12, Suggestion(8, 12, "LOC", 0.9, "memory")) == LEARNED
    assert put_over(TEXT, [], 17, 21, better) == [better]


def test_an_article_before_a_name_makes_it_no_other_name() -> None:
    text = "the Potomac and Potomac River"
    suggested = [Suggestion(0, 11, "LOC", 0.5, "learner"), Suggestion(16, 29, "LOC", 0.5, "learner")]
    kept = with_known(text, suggested, [known("Potomac", None)], 0)
    assert [text[s.start : s.end] for s in kept] == ["Potomac River"]
