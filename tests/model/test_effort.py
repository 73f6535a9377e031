"""The action model, and the agreement of suggestions with decisions."""

import pytest

from annotator.model.effort import Agreement, Decided, agreements, corrections
from annotator.model.span import Decision

ORG, LOC = 1, 2


def decided(
    decision: str, words: str = "Alibaba", label: int = ORG, was: int | None = None, moved: str = "", times: int = 1
) -> Decided:
    """Spans that were decided alike."""
    return Decided(Decision(decision), words, label, was, moved, False, times)


@pytest.mark.parametrize(
    ("one", "cost"),
    [
        (decided("confirm"), 0),
        (decided("relabel", was=LOC), 1),
        (decided("reject"), 1),
        (decided("add"), 2),
        (decided("resize", was=ORG, moved="Group "), 1),
        (decided("resize", was=ORG, moved="Group Holding"), 2),
        (decided("resize", was=ORG, moved="Group Holding Limited"), 2),
        (decided("resize", was=LOC, moved="Group"), 2),
        (decided("resize", was=ORG, moved=" "), 1),
    ],
)
def test_what_a_decision_costs(one: Decided, cost: int) -> None:
    assert corrections([one]) == cost
    assert corrections([one._replace(times=8)]) == cost
    assert corrections([one._replace(is_free=True)]) == 0


def test_what_was_decided_alike_for_the_same_words_counts_once() -> None:
    relabelled, copy = decided("relabel", was=LOC), decided("add")
    assert corrections([relabelled, copy]) == 1
    assert corrections([copy, relabelled, decided("confirm")]) == 1
    assert corrections([copy, decided("add", words="China")]) == 4
    assert corrections([copy, decided("add", label=LOC)]) == 4
    assert corrections([copy, decided("reject")]) == 3


def test_agreement_by_label() -> None:
    found = agreements(
        [
            decided("confirm", times=3),
            decided("relabel", was=LOC, times=2),
            decided("resize", was=ORG),
            decided("add", label=LOC),
            decided("reject", label=LOC, times=4),
        ]
    )
    assert found == {ORG: Agreement(right=3, suggested=4, decided=6), LOC: Agreement(right=0, suggested=6, decided=1)}
    assert (found[ORG].precision, found[ORG].recall, found[ORG].f1) == (0.75, 0.5, 0.6)
    assert found[LOC].f1 == 0.0


def test_nothing_has_no_shares() -> None:
    nothing = Agreement()
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)
    assert Agreement(suggested=1).recall is None
    assert nothing.plus(Agreement(1, 2, 3)) == Agreement(1, 2, 3)
