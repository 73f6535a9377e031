"""What a person may make of the labels, and that no span is touched by it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from annotator.errors import KnownError
from annotator.model.label import Label
from annotator.session import Changed, Session


def names(session: Session) -> list[str]:
    return [label.name for label in session.labels]


def shown(session: Session) -> list[tuple[int, int, str, str]]:
    spans = (span for article_id in session.article_ids() for span in session.article(article_id).spans)
    return [(span.start, span.end, span.label, span.state.value) for span in spans]


def test_a_renamed_label_keeps_its_spans_and_its_suggestions(session: Session) -> None:
    session.confirm(1, next(span for span in session.article(1).spans if span.label == "ORG"))
    before = shown(session)
    assert {state for _, _, label, state in before if label == "ORG"} == {"confirmed", "suggested"}
    labels = [replace(label, name="Company") if label.name == "ORG" else label for label in session.labels]
    session.set_labels(labels)
    assert shown(session) == [(a, b, "Company" if name == "ORG" else name, state) for a, b, name, state in before]
    session.undo()
    assert shown(session) == before


def test_two_labels_trade_names(session: Session) -> None:
    chosen = next(span for span in session.article(1).spans if span.label == "ORG")
    session.confirm(1, chosen)
    per, org, *others = session.labels
    session.set_labels([replace(per, name="ORG"), replace(org, name="PER"), *others])
    assert [span.label for span in session.article(1).confirmed] == ["PER"]
    assert names(session)[:2] == ["ORG", "PER"]


def test_a_label_that_is_left_out_is_retired_and_comes_back(session: Session) -> None:
    chosen = next(span for span in session.article(1).spans if span.label == "ORG")
    session.confirm(1, chosen)
    labels = session.labels
    session.set_labels([label for label in labels if label.name != "ORG"])
    assert "ORG" not in names(session)
    assert [span.label for span in session.article(1).confirmed] == ["ORG"]
    assert not [span for span in session.article(1).suggested if span.label == "ORG"]
    with pytest.raises(KnownError, match="no label ORG"):
        session.add(1, 0, 1, "ORG")
    session.set_labels([*session.labels, Label("ORG", "blue")])
    assert [label.id for label in session.labels if label.name == "ORG"] == [2]
    assert len(session.all_labels) == 4


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda labels: [*labels, Label("PER")], "Two labels have the name PER"),
        (lambda labels: [*labels, Label("NEW", key="1")], "Two labels have the key 1"),
        (lambda labels: [*labels, Label(" ")], "has no name"),
    ],
)
def test_what_labels_cannot_be(session: Session, change: Callable[[list[Label]], list[Label]], says: str) -> None:
    before, told = session.all_labels, list[Changed]()
    session.subscribe(told.append)
    with pytest.raises(KnownError, match=says):
        session.set_labels(change(list(session.labels)))
    assert (session.all_labels, told) == (before, [])


def test_a_retired_labels_name_is_not_given_to_another(session: Session) -> None:
    per, _, *others = session.labels
    session.set_labels([per, *others])
    with pytest.raises(KnownError, match="retired has the name ORG"):
        session.set_labels([replace(per, name="ORG"), *others])


def test_nor_is_that_of_one_retired_in_the_same_step(session: Session) -> None:
    per, _, *others = session.labels
    with pytest.raises(KnownError, match="retired has the name ORG"):
        session.set_labels([replace(per, name="ORG"), *others])


def test_labels_given_by_their_names_are_those_that_are_there(session: Session) -> None:
    before = {label.name: label.id for label in session.labels}
    session.set_labels([Label(name) for name in sorted(before)])
    assert {label.name: label.id for label in session.labels} == before


def test_labels_that_stay_as_they_are_are_no_step(session: Session) -> None:
    told = list[Changed]()
    session.subscribe(told.append)
    session.set_labels(session.labels)
    assert (told, session.next_step("undo")) == ([], "import")
