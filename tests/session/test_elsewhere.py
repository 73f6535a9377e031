"""The same correction in other articles: what is found, what is left out, one step for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.model.article import ArticleState
from annotator.model.elsewhere import Correction
from annotator.model.span import SpanState, Suggestion
from annotator.session import Changed, Session
from annotator.session.elsewhere import Place
from annotator.suggest import Reading

TEXTS = (
    "Alibaba invests. Alibaba said so.",
    "First Alibaba, then Alibaba Group, then Alibabas.",
    "A talk with Alibaba on China.",
    "Only alibaba here, and ALIBABA.",
    "Alibaba in a finished article.",
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Five articles; nothing is suggested yet."""
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as made:
        made.add_articles({"id": f"a{n}", "text": text} for n, text in enumerate(TEXTS, 1))
        made.finish(5)
        yield made


def suggest(session: Session, article_id: int, words: str, label: str, sure: float = 0.5, at: int = 0) -> None:
    """A made-up source proposes words, as it stands from a place on, beside what it proposed before."""
    article = session.article(article_id)
    start = article.text.index(words, at)
    before = [Suggestion(s.start, s.end, s.label, s.confidence, s.source) for s in article.suggested]
    proposed = Suggestion(start, start + len(words), label, sure, "made-up 1.0")
    session.keep_reading(article_id, "blank:en", Reading([], sorted([*before, proposed])))


def first(session: Session, article_id: int = 1) -> tuple[int, int, str]:
    """The first span of an article, to be decided on."""
    span = session.article(article_id).spans[0]
    return span.start, span.end, span.label


def told(places: list[Place]) -> list[tuple[int, int, str]]:
    """Article, start and words of each place."""
    return [(place.article_id, place.start, place.words) for place in places]


def decided(session: Session, article_id: int) -> list[tuple[int, str, str]]:
    """Start, label and state of the decided spans."""
    return [(s.start, s.label, str(s.state)) for s in session.article(article_id).spans if s.id is not None]


def test_a_new_span_is_offered_where_the_words_stand_alone(session: Session) -> None:
    places = session.elsewhere.of(session.add(1, 0, 7, "ORG", everywhere=True))
    assert told(places) == [(2, 6, "Alibaba"), (2, 20, "Alibaba"), (3, 12, "Alibaba")]
    assert all(place.shown is None and not place.doubtful for place in places)
    assert (places[2].before, places[2].after, places[2].title) == ("A talk with ", " on China.", TEXTS[2])


def test_longer_spans_keep_their_place_and_shorter_suggestions_give_way(session: Session) -> None:
    suggest(session, 2, "Alibaba Group", "ORG")
    assert told(session.elsewhere.of(("Alibaba", "PER"))) == [
        (1, 0, "Alibaba"),
        (1, 17, "Alibaba"),
        (2, 6, "Alibaba"),
        (3, 12, "Alibaba"),
    ]
    suggest(session, 3, "Alibaba", "PER")
    [place] = session.elsewhere.of(("Alibaba on China", "ORG"))
    assert place.shown is not None
    assert place.shown.label == "PER"


def test_what_a_person_decided_is_left_alone(session: Session) -> None:
    for article_id in (2, 3):
        suggest(session, article_id, "Alibaba", "LOC")
    session.reject(2, first(session, 2))
    session.relabel(3, first(session, 3), "PER")
    places = session.elsewhere.of(session.add(1, 0, 7, "ORG", everywhere=True))
    assert told(places) == [(2, 20, "Alibaba")]


def test_the_same_mistake_that_was_confirmed_is_doubtful(session: Session) -> None:
    for article_id in (1, 2, 3):
        suggest(session, article_id, "Alibaba", "LOC", sure=0.99)
    session.confirm(3, first(session, 3))
    places = session.elsewhere.of(session.relabel(1, first(session), "ORG", everywhere=True))
    assert [(p.article_id, p.start, p.doubtful) for p in places] == [(2, 6, False), (2, 20, False), (3, 12, True)]


def test_another_label_that_is_rather_sure_is_doubtful(session: Session) -> None:
    suggest(session, 2, "Alibaba", "PER", sure=0.95)
    suggest(session, 3, "Alibaba", "PER", sure=0.6)
    places = session.elsewhere.of(session.add(1, 0, 7, "ORG"))
    assert [(p.article_id, p.start, p.doubtful) for p in places] == [(2, 6, True), (2, 20, False), (3, 12, False)]


def test_nothing_is_offered_where_the_right_label_stands(session: Session) -> None:
    suggest(session, 3, "Alibaba", "ORG")
    assert all(place.article_id != 3 for place in session.elsewhere.of(("Alibaba", "ORG")))


def test_a_rejection_is_offered_for_the_same_label_only(session: Session) -> None:
    for article_id, label in ((1, "LOC"), (2, "LOC"), (3, "PER")):
        suggest(session, article_id, "Alibaba", label)
    outcome = session.reject(1, first(session))
    places = session.elsewhere.of(outcome)
    assert told(places) == [(2, 6, "Alibaba")]
    session.elsewhere.apply(places, Correction("Alibaba", None, "LOC"))
    assert decided(session, 2) == [(6, "LOC", "rejected")]


def test_an_edge_that_moved_out_moves_elsewhere(session: Session) -> None:
    session.add_articles([{"id": f"b{n}", "text": "The Bank of China said."} for n in range(3)])
    for article_id in (6, 7):
        suggest(session, article_id, "Bank", "ORG")
    outcome = session.resize(6, first(session, 6), 4, 11)
    outcome = session.resize(6, first(session, 6), 4, 17)
    places = session.elsewhere.of(outcome)
    assert told(places) == [(7, 4, "Bank of China"), (8, 4, "Bank of China")]
    correction = session.elsewhere.correction(outcome)
    assert correction is not None
    session.elsewhere.apply(places, correction)
    moved, added = session.article(7).confirmed[0], session.article(8).confirmed[0]
    assert (moved.range, str(moved.decision), moved.was) == ((4, 17), "resize", (4, 8, "ORG"))
    assert (added.range, str(added.decision)) == ((4, 17), "add")


def test_an_edge_that_moved_in_moves_only_spans_that_are_too_long(session: Session) -> None:
    session.add_articles([{"id": f"b{n}", "text": "Meet President Obama now."} for n in range(3)])
    for article_id in (6, 7):
        suggest(session, article_id, "President Obama", "PER")
    outcome = session.resize(6, first(session, 6), 15, 20)
    places = session.elsewhere.of(outcome)
    assert told(places) == [(7, 15, "Obama")]
    session.elsewhere.apply(places, outcome)
    assert session.article(7).confirmed[0].range == (15, 20)


def test_it_is_one_step_and_undo_brings_all_back(session: Session) -> None:
    suggest(session, 2, "Alibaba", "LOC")
    before = [session.article(n) for n in range(1, 6)]
    outcome = session.add(1, 0, 7, "ORG", everywhere=True)
    correction = session.elsewhere.correction(outcome)
    assert correction == Correction("Alibaba", "ORG")
    told_of: list[Changed] = []
    session.subscribe(told_of.append)
    made = session.elsewhere.apply(session.elsewhere.of(correction), correction)
    assert (made.verb, made.count, made.article_id) == ("elsewhere", 3, None)
    assert told_of == [Changed(frozenset([2, 3]))]
    assert decided(session, 2) == [(6, "ORG", "confirmed"), (20, "ORG", "confirmed")]
    assert [str(session.article(n).state) for n in (2, 3, 4, 5)] == ["open", "open", "new", "done"]
    session.undo()
    assert told_of[1] == Changed(frozenset([2, 3]))
    assert [session.article(n) for n in (2, 3)] == before[1:3]
    session.redo()
    assert decided(session, 3) == [(12, "ORG", "confirmed")]
    session.undo()
    session.undo()
    assert [session.article(n) for n in range(1, 6)] == before
    assert session.check() == []


def test_only_the_chosen_places_change(session: Session) -> None:
    places = session.elsewhere.of(("Alibaba", "ORG"))
    session.elsewhere.apply([places[1], places[3]], ("Alibaba", "ORG"))
    assert [decided(session, n) for n in (1, 2, 3)] == [[(17, "ORG", "confirmed")], [(20, "ORG", "confirmed")], []]


def test_what_was_decided_meanwhile_is_left_alone(session: Session) -> None:
    places = session.elsewhere.of(("Alibaba", "ORG"))
    session.add(2, 6, 13, "PER")
    session.finish(3)
    made = session.elsewhere.apply(places, ("Alibaba", "ORG"))
    assert decided(session, 2) == [(6, "PER", "confirmed"), (20, "ORG", "confirmed")]
    assert (made.count, session.article(3).confirmed, session.article(3).state) == (3, (), ArticleState.DONE)


def test_nothing_chosen_is_no_step(session: Session) -> None:
    before = session.next_step("undo")
    assert session.elsewhere.apply([], ("Alibaba", "ORG")).count == 0
    assert session.next_step("undo") == before


@pytest.mark.parametrize("verb", ["confirm", "finish", "flag"])
def test_what_corrects_nothing_is_offered_nowhere(session: Session, verb: str) -> None:
    suggest(session, 1, "Alibaba", "LOC")
    outcome = session.confirm(1, first(session)) if verb == "confirm" else getattr(session, verb)(1)
    assert session.elsewhere.correction(outcome) is None
    assert session.elsewhere.of(outcome) == []
    with pytest.raises(KnownError, match="no correction"):
        session.elsewhere.apply([], outcome)


def test_a_label_that_is_not_there_changes_nothing(session: Session) -> None:
    places = session.elsewhere.of(("Alibaba", "FIRM"))
    with pytest.raises(KnownError, match="no label FIRM"):
        session.elsewhere.apply(places, ("Alibaba", "FIRM"))
    assert session.article(1).confirmed == ()


def test_a_span_of_ones_own_that_goes_is_offered(session: Session) -> None:
    session.add(1, 0, 7, "ORG")
    suggest(session, 3, "Alibaba", "ORG")
    outcome = session.reject(1, first(session))
    assert session.elsewhere.correction(outcome) == Correction("Alibaba", None, "ORG")
    assert told(session.elsewhere.of(outcome)) == [(3, 12, "Alibaba")]


def test_an_outcome_that_is_not_the_newest_is_none(session: Session) -> None:
    outcome = session.add(1, 0, 7, "ORG")
    session.add(2, 6, 13, "PER")
    assert session.elsewhere.correction(outcome) is None


def test_a_reader_may_look_but_not_change(session: Session) -> None:
    session.add(1, 0, 7, "ORG")
    with Session.open(session.project.path, read_only=True) as reader:
        places = reader.elsewhere.of(("Alibaba", "ORG"))
        assert len(places) == 4
        with pytest.raises(KnownError, match="reading only"):
            reader.elsewhere.apply(places, ("Alibaba", "ORG"))


def test_context_is_on_one_line(session: Session) -> None:
    session.add_articles([{"id": "lines", "text": "One\r\nHong\nKong\u2028Two"}])
    [place] = session.elsewhere.of(("Hong\nKong", "LOC"))
    assert (place.before, place.words, place.after) == ("One  ", "Hong Kong", " Two")


def test_many_articles_are_looked_through_in_stretches(session: Session) -> None:
    session.add_articles({"id": f"m{n}", "text": f"{n} Alibaba" if n % 50 == 0 else str(n)} for n in range(500))
    stretches = list(session.elsewhere.look(("Alibaba", "ORG"), seen=[1]))
    assert sum(map(len, stretches)) == 13
    assert len(stretches) > 500 // 64
    assert session.article(1).of_state(SpanState.CONFIRMED) == ()
