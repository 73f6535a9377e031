"""What another tool's label may mean."""

import pytest

from annotator import resources
from annotator.model.label import Label
from annotator.model.label_guess import guessed_label

CONLL = resources.scheme("conll").labels
NEWS = resources.scheme("news").labels


@pytest.mark.parametrize(
    ("theirs", "conll", "news"),
    [
        ("person", "PER", "PERSON"),
        ("B-PER", "PER", "PERSON"),
        ("Pers", "PER", "PERSON"),
        ("ORGANIZATION", "ORG", "ORG"),
        ("organization-company", "ORG", "ORG"),
        ("GPE", "LOC", "PLACE"),
        ("city", "LOC", "PLACE"),
        ("Location", "LOC", "PLACE"),
        ("fac", "LOC", "FACILITY"),
        ("building_airport", "LOC", "FACILITY"),
        ("work of art", "MISC", "WORK"),
        ("Miscellaneous", "MISC", ""),
        ("PERCENT", "", "NUMBER"),
        ("year", "", "DATE"),
        ("Disease", "", ""),
        ("...", "", ""),
        ("", "", ""),
    ],
)
def test_a_guess(theirs: str, conll: str, news: str) -> None:
    assert (guessed_label(theirs, CONLL), guessed_label(theirs, NEWS)) == (conll, news)


def test_a_place_of_ones_own_kind_goes_before_a_wider_one() -> None:
    labels = (Label("Loc"), Label("Gpe"))
    assert guessed_label("country", labels) == "Gpe"
    assert guessed_label("region", labels) == "Loc"


def test_a_retired_label_is_never_guessed() -> None:
    assert guessed_label("person", (Label("PER", retired=True), Label("ORG"))) == ""


def test_the_same_words_go_before_the_kind() -> None:
    assert guessed_label("Company", (Label("ORG"), Label("COMPANY"))) == "COMPANY"
