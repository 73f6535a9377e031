"""Places that may hide an entity: accepted, dismissed, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.model.span import Decision, SpanState
from annotator.session import Session
from tests.offered import GHOSTS, SUGGESTED, add_articles, offer, place


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Two articles with suggestions and ghosts."""
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as made:
        add_articles(made, 2)
        yield made


def test_ghosts_stand_beside_the_spans(session: Session) -> None:
    article = session.article(1)
    assert [article.surface(ghost) for ghost in article.ghosts] == ["May", "City Council", "City Council"]
    assert all(ghost.is_ghost for ghost in article.ghosts)
    assert not any(span.is_ghost for span in article.spans)
    assert list(article.with_ghosts) == sorted([*article.spans, *article.ghosts], key=lambda span: span.start)


def test_an_accepted_ghost_is_an_addition_that_names_the_learner(session: Session) -> None:
    may = session.ghosts.of(1)[0]
    outcome = session.ghosts.accept(1, may)
    assert (outcome.verb, outcome.count, outcome.place) == ("add", 1, place("May"))
    (span,) = session.article(1).confirmed
    assert (span.range, span.label, span.decision, span.was) == (place("May"), "PER", Decision.ADD, None)
    assert (span.source, span.confidence) == ("learner, unmarked", 0.12)
    assert not span.is_ghost


def test_everywhere_accepts_the_same_words_and_takes_another_label(session: Session) -> None:
    council = session.ghosts.of(1)[1]
    assert session.ghosts.accept(1, council, "LOC", everywhere=True).count == 2
    confirmed = session.article(1).confirmed
    assert [(span.label, span.confidence) for span in confirmed] == [("LOC", 0.31), ("LOC", 0.22)]
    assert [span.decision for span in confirmed] == [Decision.ADD] * 2
    session.undo()
    assert not session.article(1).confirmed
    assert len(session.ghosts.of(1)) == 3


def test_only_here_leaves_the_others(session: Session) -> None:
    session.ghosts.accept(1, session.ghosts.of(1)[1])
    assert [ghost.range for ghost in session.ghosts.of(1)] == [place("May"), place("City Council", 1)]


def test_a_dismissed_ghost_never_comes_back(session: Session) -> None:
    may = session.ghosts.of(1)[0]
    assert session.ghosts.dismiss(1, may).count == 1
    (span,) = session.article(1).rejected
    assert (span.range, span.source, span.confidence) == (place("May"), "learner, unmarked", 0.12)
    offer(session, 1)
    assert place("May") not in [ghost.range for ghost in session.ghosts.of(1)]
    session.undo()
    assert place("May") in [ghost.range for ghost in session.ghosts.of(1)]


def test_dismissing_everywhere_takes_ghosts_along_but_no_suggestion(session: Session) -> None:
    offer(session, 1, [*SUGGESTED, ("Alibaba", 0, "ORG", 0.96, "learner")], [("Alibaba", 1, "ORG", 0.2, "learner")])
    offer(session, 2, SUGGESTED, GHOSTS)
    assert session.ghosts.dismiss(2, session.ghosts.of(2)[1], everywhere=True).count == 2
    offer(session, 1, [("City Council", 1, "ORG", 0.96, "learner")], GHOSTS[:2])
    council = session.ghosts.of(1)[1]
    assert session.ghosts.dismiss(1, council, everywhere=True).count == 1
    assert [span.range for span in session.article(1).suggested] == [place("City Council", 1)]


def test_a_dismissed_ghost_says_nothing_of_suggestions_of_the_same_words(session: Session) -> None:
    session.ghosts.dismiss(1, session.ghosts.of(1)[1])
    assert [known.words for known in session.learning.ask(1).known] == []
    session.reject(2, session.article(2).suggested[0], everywhere=True)
    assert [known.words for known in session.learning.ask(2).known] == ["Alibaba Group"]


def test_an_accepted_ghost_can_be_corrected_like_any_span(session: Session) -> None:
    session.ghosts.accept(1, session.ghosts.of(1)[0])
    session.relabel(1, place("May"), "MISC")
    (span,) = session.article(1).confirmed
    assert (span.label, span.decision, span.source) == ("MISC", Decision.ADD, "learner, unmarked")
    session.reject(1, place("May"))
    assert [(span.state, span.decision) for span in session.article(1).rejected] == [
        (SpanState.REJECTED, Decision.REJECT)
    ]


def test_what_is_not_offered_cannot_be_decided(session: Session) -> None:
    ghost = session.ghosts.of(1)[0]
    with pytest.raises(KnownError, match="no label"):
        session.ghosts.accept(1, ghost, "GPE")
    session.finish(1)
    for verb in (session.ghosts.accept, session.ghosts.dismiss):
        with pytest.raises(KnownError, match="any more"):
            verb(1, ghost)
    assert session.next_step("undo") == "finish"


def test_dismissed_ghosts_are_no_wrong_suggestions(session: Session) -> None:
    session.ghosts.dismiss(1, session.ghosts.of(1)[0])
    session.ghosts.accept(1, session.ghosts.of(1)[0], everywhere=True)
    session.finish(1)
    assert session.curves.read()
    agreement = session.curves.blocks[0].agreement
    assert (agreement.right, agreement.suggested, agreement.decided) == (6, 6, 8)
